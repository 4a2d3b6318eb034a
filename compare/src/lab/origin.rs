//! The origin: an HTTP/1.1 server on this machine, whose pages are downloaded.
//!
//! It is a process of its own, this program called with a word of which the user knows nothing, so that it costs the
//! measured process no time of the processor. Its standard input is a pipe from its parent, and ends with it, however
//! that ends; then the origin ends too.

use std::convert::Infallible;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use shared::pools::as_completed::{DELAY, content};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::{task, time};

/// The word that makes this program the origin.
pub const COMMAND: &str = "serve-origin";

/// The origin as its parent sees it. Dropped, it ends.
#[derive(Debug)]
pub struct Origin {
    child: Ending,
    address: SocketAddr,
}

/// A child that ends when it is dropped.
#[derive(Debug)]
struct Ending(Child);

impl Origin {
    /// Starts an origin: this program, which is `compare` or calls [`serve`] for the same word.
    ///
    /// # Errors
    /// If it can't be started, or doesn't say where it listens.
    pub fn start(program: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C in a terminal goes to a whole group, and its parent still has runs to end.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = Ending(command.spawn()?);
        let mut line = String::new();
        if let Some(stdout) = child.0.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let address = line.trim_end().parse();
        let address = address.map_err(|_| io::Error::other("it does not say where it listens"))?;
        Ok(Self { child, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.0.try_wait(), Ok(None))
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Is the origin: says where it listens, and serves pages until its standard input ends.
///
/// # Errors
/// If it can't listen.
pub fn serve() -> io::Result<Infallible> {
    thread::Builder::new().spawn(|| {
        // Whether it ends or fails, the parent is gone.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0)
    })?;
    Builder::new_current_thread().enable_io().enable_time().build()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        writeln!(io::stdout(), "{}", listener.local_addr()?)?;
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Say, no room for one more file: that may pass.
                time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            // A client that breaks its connection ends only that.
            let _ = stream.set_nodelay(true);
            task::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(page)));
        }
    })
}

async fn page(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let delay = header(DELAY).map_or(Some(0), |nanos| nanos.parse().ok());
    let (Some(host), Some(delay)) = (header(HOST.as_str()), delay) else {
        let mut refusal = Response::new("it takes a host, and may name a delay\n".to_owned());
        *refusal.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(refusal);
    };
    // A timer of zero would still let a millisecond pass.
    if delay > 0 {
        time::sleep(Duration::from_nanos(delay)).await;
    }
    Ok(Response::new(content(host, request.uri().path())))
}

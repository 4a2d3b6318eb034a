//! The origin: an HTTP/1.1 server on this machine, whose pages are downloaded.
//!
//! It is a process of its own, this program called with a word of which the user knows nothing, so that it costs the
//! measured process no time of the processor.

use std::convert::Infallible;
use std::fmt;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use shared::pools::as_completed::{DELAY, content};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::task::{self, JoinHandle};
use tokio::time;

use super::child::{Child, ENDED};

/// The word that makes this program the origin.
pub const SERVE_ORIGIN: &str = "serve-origin";

/// What asks how many requests it had at once.
const PEAK: &str = "peak";

/// How many connections it has at once, at most: more than a pattern may have workers. Others wait.
const CONNECTIONS: usize = 250;

/// How long a client may take, at most, to say what it wants.
const HEADERS: Duration = Duration::from_secs(5);

/// How long it may take, at most, to get to it, and to an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The origin as its parent sees it. Dropped, it ends.
#[derive(Debug)]
pub struct Origin {
    child: Child,
    address: SocketAddr,
}

impl Origin {
    /// Starts an origin: this program, which is `compare` or calls [`serve`] for the same word.
    ///
    /// # Errors
    /// If it can't be started, or doesn't say where it listens.
    pub fn start(program: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        // Where it has no room for its threads, std says so in its own words: whoever asked for it says it in ours.
        command.arg(SERVE_ORIGIN).stderr(Stdio::piped());
        let child = Child::start(&mut command)?;
        let address: SocketAddr = read(&child)?;
        // It can listen where nobody gets to: on a machine whose loopback is down, no download could succeed.
        TcpStream::connect_timeout(&address, PATIENCE)
            .map_err(|error| io::Error::other(format!("nobody gets to {address}: {}", error.kind())))?;
        Ok(Self { child, address })
    }

    /// Another address at which it listens, until it is asked for the next: there the first requests, so many, wait for
    /// each other before they are answered, for at most so long.
    ///
    /// # Errors
    /// If it can't listen, or doesn't say where.
    pub fn meeting(&mut self, count: usize, patience: Duration) -> io::Result<SocketAddr> {
        self.ask(format_args!("{count} {}", patience.as_millis()))
    }

    /// How many requests it had at once, at most, since it was asked last.
    ///
    /// # Errors
    /// If it doesn't say.
    pub fn peak_requests(&mut self) -> io::Result<usize> {
        self.ask(format_args!("{PEAK}"))
    }

    fn ask<T: FromStr>(&mut self, line: fmt::Arguments<'_>) -> io::Result<T> {
        self.child.tell(line)?;
        read(&self.child)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.is_alive()
    }
}

fn read<T: FromStr>(child: &Child) -> io::Result<T> {
    let line = child.hear(PATIENCE).map_err(|error| {
        io::Error::other(match error {
            RecvTimeoutError::Timeout => "it says nothing",
            RecvTimeoutError::Disconnected => ENDED,
        })
    })?;
    line.parse().map_err(|_| io::Error::other("it does not say what it was asked for"))
}

/// Is the origin: says where it listens, and serves pages until its standard input ends.
///
/// # Errors
/// If it can't listen.
pub fn serve() -> io::Result<Infallible> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let tasks = runtime.handle().clone();
    let in_flight = Arc::new(InFlight::default());
    let counted = Arc::clone(&in_flight);
    thread::Builder::new().spawn(move || {
        let mut last: Option<JoinHandle<()>> = None;
        for line in io::stdin().lines().map_while(Result::ok) {
            if line == PEAK {
                // Whoever asked hears nothing, and says so.
                let _ = writeln!(io::stdout(), "{}", counted.take_peak());
                continue;
            }
            let Some(meeting) = Meeting::read(&line) else { continue };
            let in_flight = Arc::clone(&counted);
            // The run of the one before is over.
            if let Some(last) = last {
                last.abort();
            }
            last = Some(tasks.spawn(async move {
                // Whoever waits to be told where it listens hears that it doesn't.
                let _ = listen(Arc::new(meeting), in_flight).await;
                process::exit(1)
            }));
        }
        // Whether it ends or fails, the parent is gone.
        process::exit(0)
    })?;
    runtime.block_on(listen(Arc::new(Meeting::of(0, Duration::ZERO)), in_flight))
}

/// The requests that it has, at all its addresses.
#[derive(Default)]
struct InFlight {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl InFlight {
    fn take_peak(&self) -> usize {
        self.peak.swap(0, Ordering::Relaxed)
    }
}

/// One of them, until it is dropped: when it is answered, or its client is gone.
struct Flight(Arc<InFlight>);

impl Flight {
    fn begin(all: &Arc<InFlight>) -> Self {
        let now = all.now.fetch_add(1, Ordering::Relaxed) + 1;
        all.peak.fetch_max(now, Ordering::Relaxed);
        Self(Arc::clone(all))
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The first requests at one address, which wait for each other.
struct Meeting {
    /// How many have come.
    come: AtomicUsize,
    count: usize,
    /// How long they wait, at most.
    patience: Duration,
    all: Semaphore,
}

impl Meeting {
    fn of(count: usize, patience: Duration) -> Self {
        Self { come: AtomicUsize::new(0), count, patience, all: Semaphore::new(0) }
    }

    /// What is written so on a line: how many, and for how many milliseconds.
    fn read(line: &str) -> Option<Self> {
        let (count, millis) = line.split_once(' ')?;
        Some(Self::of(count.parse().ok()?, Duration::from_millis(millis.parse().ok()?)))
    }

    async fn pass(&self) {
        let came = self.come.fetch_add(1, Ordering::Relaxed) + 1;
        if came == self.count {
            self.all.close();
        } else if came < self.count {
            // Closed, it lets everybody go; and whoever waited in vain is answered all the same.
            let _ = time::timeout(self.patience, self.all.acquire()).await;
        }
    }
}

/// Says where it listens, and serves pages there for ever.
async fn listen(meeting: Arc<Meeting>, in_flight: Arc<InFlight>) -> io::Result<Infallible> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    loop {
        let permit = Arc::clone(&connections).acquire_owned().await.expect("nobody closes it");
        let Ok((stream, _)) = listener.accept().await else {
            // Say, no room for one more file: that may pass.
            time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // A client that breaks its connection ends only that.
        let _ = stream.set_nodelay(true);
        let (meeting, in_flight) = (Arc::clone(&meeting), Arc::clone(&in_flight));
        let answer = service_fn(move |request| {
            let (meeting, flight) = (Arc::clone(&meeting), Flight::begin(&in_flight));
            async move {
                let _flight = flight;
                meeting.pass().await;
                page(request).await
            }
        });
        let connection = server.serve_connection(TokioIo::new(stream), answer);
        task::spawn(async move {
            let _permit = permit;
            connection.await
        });
    }
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

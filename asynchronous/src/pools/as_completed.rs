//! Pages as soon as tasks have downloaded them.

pub mod idiom;

use std::net::SocketAddr;
use std::time::Duration;

use futures::{StreamExt as _, future};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use shared::pools::as_completed::{DELAY, DownloadError, HOST, MOST, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::net::TcpStream;
use tokio::time;

use crate::primitives::handle::as_completed;
use crate::primitives::pool::Pool;

/// Downloads all pages in a pool, and shows each as soon as it is there.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let client = Client::new(&stage, &plan);
    let pool = Pool::of_actors((0..plan.workers).map(|number| stage.actor("worker", number)));
    let submit = |page| {
        let client = client.clone();
        pool.submit(async move |worker| download(&worker, &client, page).await).expect("the pool is open")
    };
    let handles: Vec<_> = (0..plan.pages).map(submit).collect();

    let (mut contents, mut completed) = (vec![Err(DownloadError::Broken); plan.pages], Vec::new());
    let mut handles = as_completed(handles);
    while let Some(handle) = handles.next().await {
        let page = handle.number();
        contents[page] = handle.result().await.expect("a download fails, but does not panic");
        stage.main().says(Step::Shown { page });
        completed.push(page);
    }
    pool.shutdown(true).await;
    Outcome { contents, completed }
}

async fn download(worker: &Actor, client: &Client, page: usize) -> Result<String, DownloadError> {
    worker.says(Step::Requesting { page });
    let content = client.get(&format!("/page{page}")).await;
    worker.says(match &content {
        Ok(content) => Step::Received { page, bytes: content.len() },
        Err(_) => Step::Failed { page },
    });
    content
}

/// A client whose task waits for the reply, and no thread.
#[derive(Clone)]
struct Client {
    origin: SocketAddr,
    delay: Duration,
    timeout: Duration,
}

impl Client {
    fn new(stage: &Stage, plan: &Plan) -> Self {
        let delay = stage.pace().of(plan.network).unwrap_or_default();
        let origin = stage.fixtures().origin.expect("it is this workload's fixture");
        Self { origin, delay, timeout: delay + plan.patience }
    }

    /// # Cancel safety
    /// Dropping the future gives up the reply, and closes the connection.
    async fn get(&self, path: &str) -> Result<String, DownloadError> {
        let request = Request::get(path).header("host", HOST).header("connection", "close");
        let request = request.header(DELAY, self.delay.as_nanos().to_string()).body(Empty::<Bytes>::new());
        let request = request.expect("a path and three headers are a request");
        let content = async {
            let stream = TcpStream::connect(self.origin).await;
            let stream = stream.map_err(|error| DownloadError::of_connecting(&error))?;
            let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
            let content = async move {
                let reply = client.send_request(request).await.map_err(broken)?;
                if reply.status() != 200 {
                    return Err(DownloadError::Status(reply.status().as_u16()));
                }
                let body = Limited::new(reply.into_body(), MOST).collect().await;
                let body = body.map_err(|error| {
                    if error.is::<LengthLimitError>() {
                        DownloadError::Oversized
                    } else {
                        DownloadError::Broken
                    }
                })?;
                String::from_utf8(body.to_bytes().into()).map_err(broken)
            };
            // Bytes come and go while the connection is polled: here, and not in a task of its own, which nobody joins.
            let (content, _) = future::join(content, connection).await;
            content
        };
        time::timeout(self.timeout, content).await.unwrap_or(Err(DownloadError::Slow))
    }
}

fn broken<E>(_: E) -> DownloadError {
    DownloadError::Broken
}

#[cfg(test)]
mod tests;

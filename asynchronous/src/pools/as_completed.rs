//! Pages as soon as tasks have downloaded them.

use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt as _;
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client as Agent;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use shared::pools::as_completed::{DELAY, DownloadError, HOST, MOST, Outcome, Plan, Step};
use shared::{Actor, Stage};
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
    agent: Agent<HttpConnector, Empty<Bytes>>,
    origin: SocketAddr,
    delay: Duration,
    timeout: Duration,
}

impl Client {
    fn new(stage: &Stage, plan: &Plan) -> Self {
        let delay = stage.pace().of(plan.network).unwrap_or_default();
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let agent =
            Agent::builder(TokioExecutor::new()).pool_max_idle_per_host(plan.workers).build(connector);
        let origin = stage.fixtures().origin.expect("it is this workload's fixture");
        Self { agent, origin, delay, timeout: delay + plan.patience }
    }

    async fn get(&self, path: &str) -> Result<String, DownloadError> {
        let request = Request::get(format!("http://{}{path}", self.origin));
        let request = request.header("host", HOST).header(DELAY, self.delay.as_nanos().to_string());
        let request = request.body(Empty::new()).expect("an address, a path and two headers are a request");
        let content = async {
            let reply = self.agent.request(request).await.map_err(|error| {
                if error.is_connect() { DownloadError::Refused } else { DownloadError::Broken }
            })?;
            if reply.status() != 200 {
                return Err(DownloadError::Status(reply.status().as_u16()));
            }
            let body = Limited::new(reply.into_body(), MOST).collect().await;
            let body = body.map_err(|error| {
                if error.is::<LengthLimitError>() { DownloadError::Oversized } else { DownloadError::Broken }
            })?;
            String::from_utf8(body.to_bytes().into()).map_err(|_| DownloadError::Broken)
        };
        time::timeout(self.timeout, content).await.unwrap_or(Err(DownloadError::Slow))
    }
}

#[cfg(test)]
mod tests;

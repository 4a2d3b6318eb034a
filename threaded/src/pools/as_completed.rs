//! Pages as soon as threads have downloaded them.

pub mod idiom;

use std::net::SocketAddr;
use std::time::Duration;

use shared::pools::as_completed::{DELAY, DownloadError, HOST, MOST, Outcome, Plan, Step};
use shared::{Actor, Stage};
use ureq::{Agent, Error};

use crate::primitives::handle::as_completed;
use crate::primitives::pool::Pool;

/// Downloads all pages in a pool, and shows each as soon as it is there.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let client = Client::new(&stage, &plan);
    let pool = Pool::of_actors((0..plan.workers).map(|number| stage.actor("worker", number)));
    let submit = |page| {
        let client = client.clone();
        pool.submit(move |worker| download(&worker, &client, page)).expect("the pool is open")
    };
    let handles: Vec<_> = (0..plan.pages).map(submit).collect();

    let (mut contents, mut completed) = (vec![Err(DownloadError::Broken); plan.pages], Vec::new());
    for handle in as_completed(handles) {
        let page = handle.number();
        contents[page] = handle.result().expect("a download fails, but does not panic");
        stage.main().says(Step::Shown { page });
        completed.push(page);
    }
    pool.shutdown(true);
    Outcome { contents, completed }
}

fn download(worker: &Actor, client: &Client, page: usize) -> Result<String, DownloadError> {
    worker.says(Step::Requesting { page });
    let content = client.get(&format!("/page{page}"));
    worker.says(match &content {
        Ok(content) => Step::Received { page, bytes: content.len() },
        Err(_) => Step::Failed { page },
    });
    content
}

/// A client that blocks until it has the reply.
#[derive(Clone)]
struct Client {
    agent: Agent,
    origin: SocketAddr,
    delay: Duration,
}

impl Client {
    fn new(stage: &Stage, plan: &Plan) -> Self {
        let delay = stage.pace().of(plan.network).unwrap_or_default();
        let origin = stage.fixtures().origin.expect("it is this workload's fixture");
        let config = Agent::config_builder()
            // Whatever the environment says: the origin is on this machine.
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(delay + plan.patience))
            .build();
        Self { agent: config.into(), origin, delay }
    }

    fn get(&self, path: &str) -> Result<String, DownloadError> {
        let request = self.agent.get(format!("http://{}{path}", self.origin));
        let request = request.header("host", HOST).header("connection", "close");
        let request = request.header(DELAY, self.delay.as_nanos().to_string());
        let mut reply = request.call().map_err(|error| match error {
            Error::Io(error) => DownloadError::of_connecting(&error),
            error => broken(error),
        })?;
        if reply.status() != 200 {
            return Err(DownloadError::Status(reply.status().as_u16()));
        }
        let body = reply.body_mut().with_config().limit(MOST as u64).read_to_string();
        body.map_err(|error| match error {
            Error::BodyExceedsLimit(_) => DownloadError::Oversized,
            error => broken(error),
        })
    }
}

fn broken(error: Error) -> DownloadError {
    match error {
        Error::Timeout(_) => DownloadError::Slow,
        _ => DownloadError::Broken,
    }
}

#[cfg(test)]
mod tests;

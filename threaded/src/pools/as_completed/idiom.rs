//! Pages as soon as they are there: workers take what is to be done from one channel and send what they have into another,
//! whose order is that of completion. The first has many receivers, which std's channel can't have; the second has one.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use crossbeam_channel::unbounded;
use shared::pools::as_completed::{DELAY, DownloadError, HOST, MOST, Outcome, Plan};
use ureq::{Agent, Error};

/// Downloads all pages from this origin, by so many threads.
pub fn idiom(plan: &Plan, origin: SocketAddr) -> Outcome {
    let config = Agent::config_builder().proxy(None).timeout_global(Some(plan.network + plan.patience));
    let agent = Agent::new_with_config(config.build());
    let get = |page| -> Result<String, Error> {
        let request = agent.get(format!("http://{origin}/page{page}")).header("host", HOST);
        let mut reply = request.header(DELAY, plan.network.as_nanos().to_string()).call()?;
        reply.body_mut().with_config().limit(MOST as u64).read_to_string()
    };
    let ((ask, pages), (done, results)) = (unbounded(), mpsc::channel());
    for page in 0..plan.pages {
        ask.send(page).expect("both ends are here");
    }
    drop(ask);
    let (mut contents, mut completed) = (vec![Err(DownloadError::Broken); plan.pages], Vec::new());
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            let (done, pages, get) = (done.clone(), &pages, &get);
            scope.spawn(move || {
                for page in pages {
                    done.send((page, get(page))).expect("it is received until all have ended");
                }
            });
        }
        // So that the results end when the workers do.
        drop(done);
        for (page, content) in results {
            contents[page] = content.map_err(|error| match error {
                Error::Timeout(_) => DownloadError::Slow,
                Error::StatusCode(status) => DownloadError::Status(status),
                Error::BodyExceedsLimit(_) => DownloadError::Oversized,
                _ => DownloadError::Broken,
            });
            completed.push(page);
        }
    });
    Outcome { contents, completed }
}

//! Pages as soon as they are there: who is done sends what it has, and the receiver gets it in that order.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use shared::pools::as_completed::{DELAY, DownloadError, HOST, Outcome, Plan};
use ureq::{Agent, Error};

/// Downloads all pages from this origin, by so many threads.
pub fn idiom(plan: &Plan, origin: SocketAddr) -> Outcome {
    let agent = Agent::new_with_config(Agent::config_builder().proxy(None).build());
    let get = |page| -> Result<String, Error> {
        let request = agent.get(format!("http://{origin}/page{page}")).header("host", HOST);
        let mut reply = request.header(DELAY, plan.network.as_nanos().to_string()).call()?;
        reply.body_mut().read_to_string()
    };
    let (next, (done, results)) = (AtomicUsize::new(0), mpsc::channel());
    let pages = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|page| *page < plan.pages);
    let (mut contents, mut completed) = (vec![Err(DownloadError::Broken); plan.pages], Vec::new());
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            let (done, get, pages) = (done.clone(), &get, &pages);
            scope.spawn(move || {
                while let Some(page) = pages() {
                    done.send((page, get(page))).expect("it is received until all have ended");
                }
            });
        }
        // So that the results end when the workers do.
        drop(done);
        for (page, content) in results {
            contents[page] = content.map_err(|_| DownloadError::Broken);
            completed.push(page);
        }
    });
    Outcome { contents, completed }
}

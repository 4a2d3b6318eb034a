//! What may fail returns a `Result`, and that is what comes back; a panic is a bug, and shows where the scope ends.

use std::sync::mpsc;
use std::thread;

use crossbeam_channel::unbounded;
use shared::pools::exceptions::{Outcome, Plan};

/// Tries all items, so many at once, and takes what comes as it comes.
pub fn idiom(plan: &Plan) -> Outcome {
    let attempt = |item| {
        let result = plan.due(item)?;
        thread::sleep(plan.working);
        Ok(result)
    };
    let ((ask, items), (done, tried)) = (unbounded(), mpsc::channel());
    for item in 0..plan.items {
        ask.send(item).expect("both ends are here");
    }
    drop(ask);
    let mut tried: Vec<(usize, Result<usize, String>)> = thread::scope(|scope| {
        for _worker in 0..plan.workers {
            let (done, items, attempt) = (done.clone(), &items, &attempt);
            scope.spawn(move || {
                for item in items {
                    done.send((item, attempt(item))).expect("it is received until all have ended");
                }
            });
        }
        // So that the results end when the workers do.
        drop(done);
        tried.iter().collect()
    });
    let completed = tried.iter().map(|(item, _)| *item).collect();
    tried.sort_by_key(|(item, _)| *item);
    Outcome { results: tried.into_iter().map(|(_, result)| result).collect(), completed }
}

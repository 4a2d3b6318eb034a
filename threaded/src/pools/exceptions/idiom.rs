//! What may fail returns a `Result`, and that is what comes back; a panic is a bug, and shows at the join.

use std::sync::mpsc;
use std::thread;

use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use shared::pools::exceptions::{Outcome, Plan};

/// Tries all items, so many at once, and takes what comes as it comes.
pub fn idiom(plan: &Plan) -> Outcome {
    let attempt = |item| {
        let result = plan.due(item)?;
        thread::sleep(plan.working);
        Ok(result)
    };
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers).build().expect("there is room for threads");
    let (done, tried) = mpsc::channel();
    pool.install(|| {
        let send =
            |done: &mut mpsc::Sender<_>, item| done.send((item, attempt(item))).expect("it is received");
        (0..plan.items).into_par_iter().for_each_with(done, send);
    });
    let (completed, mut results): (Vec<usize>, Vec<_>) =
        tried.iter().map(|(item, result)| (item, (item, result))).unzip();
    results.sort_by_key(|(item, _)| *item);
    Outcome { results: results.into_iter().map(|(_, result)| result).collect(), completed }
}

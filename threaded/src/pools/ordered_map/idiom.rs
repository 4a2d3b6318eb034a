//! Results in the order of the items: rayon's iterators keep it, whoever is done first. They are for what computes, on as
//! many threads as there are cores; what waits takes a pool of its own, of as many as may wait, and one item at a time.

use std::thread;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rayon::{ThreadBuilder, ThreadPoolBuilder};
use shared::pools::ordered_map::{Outcome, Plan};

/// Squares the items, so many at once.
pub fn idiom(plan: &Plan) -> Outcome {
    let square = |item| {
        thread::sleep(plan.processing);
        item * item
    };
    // A range of `u64` may be longer than a `usize`, so rayon doesn't index it, and can't cut it by length.
    let items: Vec<u64> = (0..plan.items).collect();
    let map = || items.into_par_iter().with_max_len(1).map(square).collect();
    // A pool that is only dropped lets its threads go on for a moment; this one waits for them, as a scope does.
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers);
    let results = pool.build_scoped(ThreadBuilder::run, |pool| pool.install(map));
    Outcome { results: results.expect("the system grants so many threads") }
}

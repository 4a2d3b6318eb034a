//! Results in the order of the items: rayon's iterators keep it, whoever is done first. They are for what computes, on as many
//! threads as there are cores; what waits takes a pool of its own, of as many as may wait, and one item at a time.

use std::thread;

use rayon::ThreadPoolBuilder;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use shared::pools::ordered_map::{Outcome, Plan};

/// Squares the items, so many at once.
pub fn idiom(plan: &Plan) -> Outcome {
    let square = |item| {
        thread::sleep(plan.processing);
        item * item
    };
    let items: Vec<u64> = (0..plan.items).collect();
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers).build();
    let pool = pool.expect("the system grants so many threads");
    Outcome { results: pool.install(|| items.into_par_iter().with_max_len(1).map(square).collect()) }
}

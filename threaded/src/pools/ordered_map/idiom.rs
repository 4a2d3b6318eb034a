//! Results in the order of the items: rayon's iterators keep it, whoever is done first.

use std::thread;

use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use shared::pools::ordered_map::{Outcome, Plan};

/// Squares the items, so many at once.
pub fn idiom(plan: &Plan) -> Outcome {
    let square = |item| {
        thread::sleep(plan.processing);
        item * item
    };
    // One per core would do, and is there without being made; but these wait.
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers).build().expect("there is room for threads");
    Outcome { results: pool.install(|| (0..plan.items).into_par_iter().map(square).collect()) }
}

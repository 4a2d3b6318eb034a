//! The same for each item, by so many threads: rayon's iterators. Collected into a `Vec`, results and errors are in the
//! order of the items; collected into a `Result`, one error would be all that is left.
//!
//! Without a word about threads, rayon takes as many as there are cores, and keeps them: then the whole is one line.
//!
//! ```
//! use rayon::iter::{IntoParallelIterator, ParallelIterator};
//!
//! let squares: Vec<u64> = (0..5_u64).into_par_iter().map(|item| item * item).collect();
//! assert_eq!(squares, [0, 1, 4, 9, 16]);
//! ```

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::{ThreadBuilder, ThreadPoolBuilder};
use shared::exercises::parallel_map::{Failed, Outcome, Plan, error_of, fails};
use shared::misuse::JobError;

/// Squares the items, with a function that never fails, with one that does at times, and where there are none.
pub fn idiom(plan: &Plan) -> Outcome {
    let map = || {
        let squares = |items: u64| (0..items).into_par_iter().map(|item| item * item).collect();
        let results: Vec<_> = (0..plan.items).into_par_iter().map(square).collect();
        let failed =
            (0..).zip(results).filter_map(|(index, result)| Some((index, result.err()?.to_string())));
        let failed: Vec<_> = failed.collect();
        Outcome {
            squares: squares(plan.items),
            error: (!failed.is_empty()).then(|| Failed(failed).to_string()),
            nothing: squares(0),
        }
    };
    // A pool that is only dropped lets its threads go on for a moment; this one waits for them, as a scope does.
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers);
    let outcome = pool.build_scoped(ThreadBuilder::run, |pool| pool.install(map));
    outcome.expect("the system grants so many threads")
}

/// # Errors
/// For some items.
fn square(item: u64) -> Result<u64, JobError> {
    if fails(item) { Err(JobError::Panicked(error_of(item))) } else { Ok(item * item) }
}

//! The same for each item, on all cores: rayon's iterators. Collected into a `Vec`, results and errors are in the order of the
//! items; collected into a `Result`, one error would be all that is left.

use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use shared::exercises::parallel_map::{Failed, Outcome, Plan, error_of, fails};
use shared::misuse::JobError;

/// Squares the items, with a function that never fails, with one that does at times, and where there are none.
pub fn idiom(plan: &Plan) -> Outcome {
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers).build();
    pool.expect("the system grants so many threads").install(|| {
        let squares = |items: u64| (0..items).into_par_iter().map(|item| item * item).collect();
        let results: Vec<_> = (0..plan.items).into_par_iter().map(square).collect();
        let failed = (0..).zip(results).filter_map(|(index, result)| Some((index, result.err()?)));
        let failed: Vec<_> = failed.collect();
        Outcome {
            squares: squares(plan.items),
            error: (!failed.is_empty()).then(|| Failed(failed).to_string()),
            nothing: squares(0),
        }
    })
}

/// # Errors
/// For some items.
fn square(item: u64) -> Result<u64, String> {
    if fails(item) { Err(JobError::Panicked(error_of(item)).to_string()) } else { Ok(item * item) }
}

//! The same for each item, on all cores: rayon's iterators, which collect results and errors in the order of the items.

use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use shared::exercises::parallel_map::{Failed, Outcome, Plan, error_of, fails};
use shared::misuse::JobError;

/// Squares the items, with a function that never fails, with one that does at times, and where there are none.
pub fn idiom(plan: &Plan) -> Outcome {
    let pool = ThreadPoolBuilder::new().num_threads(plan.workers).build().expect("there is room for threads");
    pool.install(|| {
        let items = || (0..plan.items).into_par_iter();
        let failed: Vec<_> = items().filter(|item| fails(*item)).map(|item| error(plan, item)).collect();
        Outcome {
            squares: items().map(|item| item * item).collect(),
            error: (!failed.is_empty()).then(|| Failed(failed).to_string()),
            nothing: (0..0).into_par_iter().map(|item: u64| item * item).collect(),
        }
    })
}

fn error(_plan: &Plan, item: u64) -> (usize, String) {
    let index = usize::try_from(item).expect("there are a thousand at most");
    (index, JobError::Panicked(error_of(item)).to_string())
}

//! Cells 19 to 22: a few workers, and jobs for them.

pub mod as_completed;
pub mod callbacks;
pub mod exceptions;
pub mod ordered_map;

use crate::{Kind, Law, Overlap};

/// A worker takes the jobs in the order in which they were submitted; `number` says which one it begins.
pub(crate) fn first_come<K: Kind>(begun: K, number: impl Fn(&K::Step) -> u64 + Send + Sync + 'static) -> Law {
    let meaning = "a worker takes the jobs in the order in which they were submitted";
    Law::each_after(begun, begun, meaning, move |one, next| number(one) < number(next))
}

/// The main line has what one of two jobs or more came to while another is still at work.
///
/// Where there is only one worker, that is at its second job.
fn as_soon_as_done<K: Kind>(shown: K, begun: K, workers: usize) -> Overlap {
    let job = if workers > 1 { 1 } else { 2 };
    Overlap::having_said([("main", 1)], shown).and(Overlap::having_said_often([("worker", 1)], begun, job))
}

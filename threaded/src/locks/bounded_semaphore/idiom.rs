//! A permit can't be released twice: it is a value that is moved back, and then there is none to move.
//!
//! ```compile_fail,E0382
//! let (give, take) = crossbeam_channel::bounded(1);
//! give.send(String::from("permit")).unwrap();
//! let permit = take.recv().unwrap();
//! give.send(permit).unwrap();
//! give.send(permit).unwrap(); // use of moved value: `permit`
//! ```

use crossbeam_channel::bounded;
use shared::locks::bounded_semaphore::{Outcome, Plan};

/// A permit.
struct Permit;

/// Takes a permit and gives it back, which can't be done twice.
pub fn idiom(plan: &Plan) -> Outcome {
    let (give, take) = bounded(plan.permits);
    for _permit in 0..plan.permits {
        give.send(Permit).expect("both ends are here");
    }
    let permit = take.recv().expect("both ends are here");
    give.send(permit).expect("both ends are here");
    Outcome { error: None, value: take.len() }
}

#[cfg(test)]
mod tests {
    use super::{Plan, idiom};

    #[test]
    fn there_are_as_many_permits_as_before() {
        let outcome = idiom(&Plan { permits: 3 });
        assert_eq!((outcome.error, outcome.value), (None, 3));
    }
}

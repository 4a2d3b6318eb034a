//! A permit can't be released twice: it is a guard, which gives it back when it is dropped, and then there is none to drop.
//!
//! ```compile_fail,E0382
//! struct Permit;
//! let permit = Permit;
//! drop(permit);
//! drop(permit); // use of moved value: `permit`
//! ```

use crossbeam_channel::{Sender, bounded};
use shared::locks::bounded_semaphore::{Outcome, Plan};

/// A permit, which goes back when it is dropped.
struct Permit<'a>(&'a Sender<()>);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // There is room for it, and where nobody takes permits any more, nobody needs it.
        let _ = self.0.send(());
    }
}

/// Takes a permit and gives it back, which can't be done twice.
pub fn idiom(plan: &Plan) -> Outcome {
    let (give, take) = bounded(plan.permits);
    for _permit in 0..plan.permits {
        give.send(()).expect("both ends are here");
    }
    take.recv().expect("both ends are here");
    let permit = Permit(&give);
    drop(permit);
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

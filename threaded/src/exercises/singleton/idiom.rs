//! One instance for all: a cell that is set once, by whoever comes first, while the others wait. In a program it is a
//! `static`, and a `LazyLock` where its value needs nothing from outside:
//!
//! ```
//! use std::sync::LazyLock;
//!
//! static CONFIG: LazyLock<String> = LazyLock::new(|| std::env::var("CONFIG").unwrap_or_default());
//!
//! assert!(std::ptr::eq(&*CONFIG, &*CONFIG));
//! ```

use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use shared::exercises::singleton::{Outcome, Plan};

/// Lets all callers ask for the instance.
pub fn idiom(plan: &Plan) -> Outcome {
    let (instance, constructed) = (OnceLock::new(), AtomicUsize::new(0));
    let construct = || {
        constructed.fetch_add(1, Ordering::Relaxed);
        plan.value.clone()
    };
    let got: Vec<&String> = thread::scope(|scope| {
        let callers: Vec<_> =
            (0..plan.callers).map(|_| scope.spawn(|| instance.get_or_init(construct))).collect();
        callers.into_iter().map(|caller| caller.join().expect("it doesn't panic")).collect()
    });
    Outcome {
        same: got.iter().all(|one| ptr::eq(*one, got[0])),
        constructed: constructed.load(Ordering::Relaxed),
        values: got.into_iter().cloned().collect(),
    }
}

//! One instance for all: std's cell, because making it waits for nothing. Where it does, tokio's `OnceCell` awaits it.
//!
//! An `Rc`, which counts without an atomic, can't be shared among tasks that go from thread to thread.
//!
//! ```compile_fail
//! let instance = std::rc::Rc::new(5);
//! tokio::task::spawn(async move { println!("{instance}") }); // future cannot be sent between threads safely
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use futures::future;
use shared::exercises::singleton::{Outcome, Plan};
use tokio::task;

/// Lets all callers ask for the instance.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (instance, constructed) = (Arc::new(OnceLock::new()), Arc::new(AtomicUsize::new(0)));
    let callers = (0..plan.callers).map(|_caller| {
        let (instance, constructed) = (Arc::clone(&instance), Arc::clone(&constructed));
        let value = plan.value.clone();
        task::spawn(async move {
            let construct = || {
                constructed.fetch_add(1, Ordering::Relaxed);
                Arc::new(value)
            };
            Arc::clone(instance.get_or_init(construct))
        })
    });
    let got = future::try_join_all(callers).await.expect("they don't panic");
    Outcome {
        same: got.iter().all(|one| Arc::ptr_eq(one, &got[0])),
        constructed: constructed.load(Ordering::Relaxed),
        values: got.iter().map(|instance| String::clone(instance)).collect(),
    }
}

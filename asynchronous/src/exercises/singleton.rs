//! One instance, whichever task comes first.

pub mod idiom;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shared::Stage;
use shared::exercises::singleton::{Outcome, Plan, Step};
use tokio::sync::OnceCell;
use tokio::task;

use crate::{Perform as _, join};

/// Lets all callers ask at once, and compares what they got.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let instance = Arc::new(OnceCell::new());
    let constructed = Arc::new(AtomicUsize::new(0));
    let spawn = |number| {
        let (instance, constructed) = (Arc::clone(&instance), Arc::clone(&constructed));
        let value = plan.value.clone();
        task::spawn(stage.actor("caller", number).perform(async move |caller| {
            caller.says(Step::Asking);
            let construct = async || {
                caller.says(Step::Constructing);
                constructed.fetch_add(1, Ordering::Relaxed);
                Arc::new(Singleton { value })
            };
            let singleton = Arc::clone(instance.get_or_init(construct).await);
            caller.says(Step::Got);
            singleton
        }))
    };
    let callers: Vec<_> = (0..plan.callers).map(spawn).collect();
    let mut instances = Vec::new();
    for caller in callers {
        instances.push(join(caller).await);
    }

    let same = instances.windows(2).all(|pair| Arc::ptr_eq(&pair[0], &pair[1]));
    stage.main().says(Step::Compared { same });
    let values = instances.iter().map(|singleton| singleton.value.clone()).collect();
    Outcome { same, constructed: constructed.load(Ordering::Relaxed), values }
}

/// What there is one of.
struct Singleton {
    value: String,
}

//! One release too many, in a task.

pub mod idiom;

use shared::Stage;
use shared::locks::bounded_semaphore::{Outcome, Plan, Step};

use crate::primitives::bounded_semaphore::BoundedSemaphore;

/// Takes a permit, gives it back, and tries to give it back again.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let semaphore = BoundedSemaphore::new(plan.permits);

    semaphore.acquire().await;
    main.says(Step::Acquired { value: semaphore.value() });
    semaphore.release().expect("it is the first release");
    main.says(Step::Released { value: semaphore.value() });

    let error = semaphore.release().err().map(|error| error.to_string());
    let value = semaphore.value();
    main.says(Step::Refused { value });
    Outcome { error, value }
}

//! A permit can't be released twice: dropping it releases it, and then there is none to drop.
//!
//! ```compile_fail,E0382
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let semaphore = tokio::sync::Semaphore::new(1);
//! let permit = semaphore.acquire().await.unwrap();
//! drop(permit);
//! drop(permit); // use of moved value: `permit`
//! # });
//! ```

use shared::locks::bounded_semaphore::{Outcome, Plan};
use tokio::sync::Semaphore;

/// Takes a permit and gives it back, which can't be done twice.
pub async fn idiom(plan: &Plan) -> Outcome {
    let semaphore = Semaphore::new(plan.permits);
    let permit = semaphore.acquire().await.expect("nobody closes it");
    drop(permit);
    Outcome { error: None, value: semaphore.available_permits() }
}

#[cfg(test)]
mod tests {
    use super::{Plan, idiom};

    #[tokio::test]
    async fn there_are_as_many_permits_as_before() {
        let outcome = idiom(&Plan { permits: 3 }).await;
        assert_eq!((outcome.error, outcome.value), (None, 3));
    }
}

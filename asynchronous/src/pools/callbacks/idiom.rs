//! What is to be done with a result stands in the next line: `.await` is what callbacks were for. This future begins when it
//! is awaited; one that is to go on meanwhile is given to `task::spawn`, whose handle is awaited as well.
//!
//! A future that nobody awaits does nothing, and the compiler warns of it.
//!
//! ```compile_fail
//! #![deny(unused_must_use)]
//! async fn compute() -> u64 {
//!     25
//! }
//! compute(); // unused implementer of `Future` that must be used
//! ```

use shared::pools::callbacks::{Outcome, PATIENCE, Plan};
use tokio::time;

/// Computes.
pub async fn idiom(plan: &Plan) -> Outcome {
    let square = async {
        time::sleep(plan.computing).await;
        plan.number * plan.number
    };
    Outcome { result: time::timeout(plan.computing + PATIENCE, square).await.ok() }
}

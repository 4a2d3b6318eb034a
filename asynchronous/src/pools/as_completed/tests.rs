//! Downloads by tasks, held to what they must survive.

use shared::conformance::downloads::Downloads;
use shared::pools::as_completed::{Outcome, Plan};
use shared::{Side, Stage};
use tokio::runtime::Runtime;

use super::run;

struct Subject;

impl Downloads for Subject {
    const SIDE: Side = Side::Asynchronous;

    fn run(stage: Stage, plan: Plan) -> Outcome {
        Runtime::new().expect("room for a runtime").block_on(run(stage, plan))
    }
}

shared::downloads_conformance!(Subject);

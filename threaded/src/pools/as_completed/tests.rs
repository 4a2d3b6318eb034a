//! Downloads by threads, held to what they must survive.

use shared::conformance::downloads::Downloads;
use shared::pools::as_completed::{Outcome, Plan};
use shared::{Side, Stage};

use super::run;

struct Subject;

impl Downloads for Subject {
    const SIDE: Side = Side::Threaded;

    fn run(stage: Stage, plan: Plan) -> Outcome {
        run(stage, plan)
    }
}

shared::downloads_conformance!(Subject);

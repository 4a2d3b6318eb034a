//! Work that waits, in threads.

pub mod idiom;

use std::thread;
use std::time::Duration;

use shared::gil::io_bound::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join, pause};

/// Waits twice one after the other, then twice at once.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    main.says(Step::SequenceStarted);
    let in_sequence = [io_bound(main, plan.wait), io_bound(main, plan.wait)];
    main.says(Step::SequenceFinished);

    main.says(Step::AtOnceStarted);
    let sleepers = [1, 2].map(|number| {
        thread::spawn(stage.actor("sleeper", number).perform(move |sleeper| io_bound(&sleeper, plan.wait)))
    });
    let [first, second] = sleepers;
    let at_once = [join(first), join(second)];
    main.says(Step::AtOnceFinished);

    Outcome { in_sequence, at_once }
}

fn io_bound(actor: &Actor, wait: Duration) -> String {
    pause(actor, wait);
    actor.says(Step::Slept);
    format!("Slept for {}s", wait.as_secs_f64())
}

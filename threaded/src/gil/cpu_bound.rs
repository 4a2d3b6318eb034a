//! Work that computes, in threads.

pub mod idiom;

use std::thread;

use shared::gil::cpu_bound::{Outcome, Plan, Step, cpu_bound};
use shared::{Actor, Stage};

use crate::{Perform as _, join};

/// Counts two sums one after the other, then two at once.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    main.says(Step::SequenceStarted);
    let in_sequence = [count(main, plan.iterations), count(main, plan.iterations)];
    main.says(Step::SequenceFinished);

    main.says(Step::AtOnceStarted);
    let counters = [1, 2].map(|number| {
        thread::spawn(stage.actor("counter", number).perform(move |counter| count(&counter, plan.iterations)))
    });
    let [first, second] = counters;
    let at_once = [join(first), join(second)];
    main.says(Step::AtOnceFinished);

    Outcome { in_sequence, at_once }
}

fn count(actor: &Actor, iterations: u64) -> u128 {
    actor.says(Step::Counting);
    let sum = cpu_bound(iterations);
    actor.says(Step::Counted);
    sum
}

//! Nobody goes on before all are there, between threads.

pub mod idiom;

use std::sync::Arc;
use std::thread;

use shared::Stage;
use shared::signals::barrier::{Outcome, Plan, Step};

use crate::primitives::barrier::Barrier;
use crate::{Perform as _, join, pause};

/// Lets the workers work for different times, and go on together.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let barrier = Arc::new(Barrier::new(plan.parties));
    let spawn = |number| {
        let barrier = Arc::clone(&barrier);
        thread::spawn(stage.actor("worker", number).perform(move |worker| {
            worker.says(Step::Working);
            pause(&worker, plan.longest.mul_f64(worker.draw(0)));
            worker.says(Step::Waiting);
            let place = barrier.wait().expect("nobody breaks the barrier");
            worker.says(Step::Passed { place, leader: place == 0 });
            place
        }))
    };
    let workers: Vec<_> = (0..plan.parties).map(spawn).collect();

    let mut places = Vec::new();
    for worker in workers {
        places.push(join(worker));
    }
    Outcome { places }
}

//! A flag to wait for, in threads.

pub mod idiom;

use std::sync::Arc;
use std::thread;

use shared::Stage;
use shared::signals::event::{Outcome, Plan, Step};

use crate::primitives::event::Event;
use crate::{Perform as _, join, pause};

/// Lets the waiters wait until the setter sets the event.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let event = Arc::new(Event::new());
    event.clear();
    main.says(Step::Cleared { set: event.is_set() });

    let spawn = |number| {
        let event = Arc::clone(&event);
        thread::spawn(stage.actor("waiter", number).perform(move |waiter| {
            waiter.says(Step::Waiting);
            event.wait();
            waiter.says(Step::Received);
        }))
    };
    let waiters: Vec<_> = (1..=plan.waiters).map(spawn).collect();
    let setter = {
        let event = Arc::clone(&event);
        thread::spawn(stage.actor("setter", 1).perform(move |setter| {
            pause(&setter, plan.delay);
            setter.says(Step::Setting);
            event.set();
        }))
    };
    for waiter in waiters {
        join(waiter);
    }
    join(setter);

    let set = event.is_set();
    main.says(Step::Finished { set });
    Outcome { set }
}

//! What a thread knows of itself.

use std::thread;

use shared::Stage;
use shared::creating::attributes::{NAME, Outcome, Plan, Step};

use crate::{Perform as _, join, pause};

/// Introduces the main line, then a demo, then lists whatever can be listed.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let main_id = thread::current().id();
    // Neither `std` nor the thread itself knows how many others are active.
    let active = None;
    main.says(Step::Introduced { main: thread::current().id() == main_id });

    let body = stage.actor(NAME, 1).perform(move |demo| {
        let current = thread::current();
        demo.says(Step::Introduced { main: current.id() == main_id });
        pause(&demo, plan.hold);
        (current.name().map(String::from), current.id())
    });
    let unstarted = thread::Builder::new().name(NAME.into());
    let (name, id) = join(unstarted.spawn(body).expect("the system has room for one more thread"));

    main.says(Step::Listed);
    Outcome {
        name,
        id: Some(format!("{id:?}")),
        main: Some(format!("{main_id:?}")),
        // No thread is a daemon, or every one is: all end with the process.
        daemon: None,
        active,
        // Whoever wants a list keeps the handles.
        all: None,
    }
}

//! What a task knows of itself.

use shared::Stage;
use shared::creating::attributes::{NAME, Outcome, Plan, Step};
use tokio::runtime::Handle;
use tokio::task;

use crate::{Perform as _, join, pause};

/// Introduces the main line, then a demo, then lists whatever can be listed.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let main_id = task::id();
    // The runtime knows how many of its tasks are alive.
    let active = Some(Handle::current().metrics().num_alive_tasks());
    main.says(Step::Introduced { main: task::id() == main_id });

    let body = stage.actor(NAME, 1).perform(async move |demo| {
        let current = task::id();
        demo.says(Step::Introduced { main: current == main_id });
        pause(&demo, plan.hold).await;
        // A task has no name.
        (None, current)
    });
    let (name, id) = join(task::spawn(body)).await;

    main.says(Step::Listed);
    Outcome {
        name,
        id: Some(format!("{id:?}")),
        main: Some(format!("{main_id:?}")),
        // No task is a daemon, or every one is: all end with the runtime.
        daemon: None,
        active,
        // Whoever wants a list keeps the handles.
        all: None,
    }
}

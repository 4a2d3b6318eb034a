//! A task with arguments; its span has the name.

pub mod idiom;

use shared::creating::arguments::{NAME, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::sync::oneshot;
use tokio::task::{self, JoinHandle};

use crate::{Perform as _, join, pause};

/// Starts the worker, and asks whether it is alive while and after it runs.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    // At a pace of 0 the worker could be over before it is asked for: it ends only when it has been.
    let (asked, until_asked) = oneshot::channel();
    let body = stage.actor(NAME, 1).perform(async move |actor| {
        let lines = worker(&actor, &plan).await;
        until_asked.await.expect("the main line asks before it joins");
        // A task has no name; its span has, which is the actor's role.
        (None, lines)
    });

    // The body is a future that nobody polls yet: a value, not a task that is not alive.
    let mut handle = Some(task::spawn(body));
    let while_running = is_alive(handle.as_ref());
    main.says(Step::WhileRunning { alive: while_running });
    asked.send(()).expect("the worker waits to be asked for");

    let (name, lines) = join(handle.take().expect("it was started")).await;
    let after_join = is_alive(handle.as_ref());
    main.says(Step::AfterJoin { alive: after_join });
    Outcome { name, lines, before_start: None, while_running, after_join }
}

/// The notebook's function: counts under the name that it is given.
async fn worker(actor: &Actor, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for index in 0..plan.count {
        lines.push(format!("{}: {index}", plan.label));
        actor.says(Step::Counted { index });
        pause(actor, plan.interval).await;
    }
    lines
}

/// A task is alive from its start until it is over; a join takes the handle, so after it there is none to ask.
fn is_alive<T>(handle: Option<&JoinHandle<T>>) -> bool {
    handle.is_some_and(|handle| !handle.is_finished())
}

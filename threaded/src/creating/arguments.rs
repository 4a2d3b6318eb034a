//! A named thread with arguments.
//!
//! `thread::scope` could lend the arguments instead of giving them away. It is used nowhere here: tasks have no twin
//! of it, because a future can be forgotten, and a borrow must not outlive what it borrows from.

pub mod idiom;

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use shared::creating::arguments::{NAME, Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join, pause};

/// Starts the worker, and asks whether it is alive before, while and after it runs.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    // At a pace of 0 the worker could be over before it is asked for: it ends only when it has been.
    let (asked, until_asked) = mpsc::channel();
    let body = stage.actor(NAME, 1).perform(move |actor| {
        let lines = worker(&actor, &plan);
        until_asked.recv().expect("the main line asks before it joins");
        (thread::current().name().map(String::from), lines)
    });

    let unstarted = thread::Builder::new().name(NAME.into());
    let mut handle = None;
    let before_start = is_alive(handle.as_ref());
    main.says(Step::BeforeStart { alive: before_start });

    handle = Some(unstarted.spawn(body).expect("the system has room for one more thread"));
    let while_running = is_alive(handle.as_ref());
    main.says(Step::WhileRunning { alive: while_running });
    asked.send(()).expect("the worker waits to be asked for");

    let (name, lines) = join(handle.take().expect("it was started"));
    let after_join = is_alive(handle.as_ref());
    main.says(Step::AfterJoin { alive: after_join });
    Outcome { name, lines, before_start: Some(before_start), while_running, after_join }
}

/// The notebook's function: counts under the name that it is given.
fn worker(actor: &Actor, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for index in 0..plan.count {
        lines.push(format!("{}: {index}", plan.label));
        actor.says(Step::Counted { index });
        pause(actor, plan.interval);
    }
    lines
}

/// A thread is alive from its start until it is over; a join takes the handle, so after it there is none to ask.
fn is_alive<T>(handle: Option<&JoinHandle<T>>) -> bool {
    handle.is_some_and(|handle| !handle.is_finished())
}

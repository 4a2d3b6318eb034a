//! Runs both sides of every pattern and compares how they behave and how long they take.
//!
//! What is run is an *arm*, a side with what it runs on: threads; tasks on several workers; tasks on one. A comparison
//! is of two, and the default is threads against tasks.
//!
//! # The floors
//!
//! Each folder stands on those before it, and imports from none after it; no files import each other in a circle. A
//! test, `cargo test -p compare --test tidy floors`, holds them to it, and each folder's first lines say what it may
//! not know.
//!
//! | floor | what it is for |
//! |---|---|
//! | [`capture`] | a `tracing` layer that keeps what actors say, and hands it out as a trace |
//! | [`pair`] | the two solutions of a pattern, behind a face without the pattern's types |
//! | [`lab`] | how one run of one [`Arm`](lab::Arm) is made, watched and ended |
//! | [`behaviour`] | whether two arms behave alike |
//! | [`timing`] | how long they take |
//! | [`cost`] | what a thread and a task cost on this machine |
//! | [`archive`] | traces in a folder, for another day |
//! | [`report`] | what is known in the end, as data |
//! | [`campaign`] | which runs a call makes, and what comes of them |
//! | [`render`] | reports as texts for people |
//! | [`commands`] | the command line |
//!
//! # How a step travels
//!
//! From the line of a pattern that says it to the line of the table that is printed; where no crate is named, a file is
//! below `compare/src`:
//!
//! 1. `threaded/src/locks/semaphore.rs`: a worker has its permit, `worker.says(Step::Acquired)`.
//! 2. `shared/src/run/actor.rs`: [`Actor::says`](shared::Actor::says) asks whether anybody listens. If so, it makes a
//!    [`Note`](shared::Note): the run, the actor, how many notes of that actor came before, the line of the source, and
//!    the step as a [`Said`](shared::Said), which is its shape and three integers.
//! 3. `shared/src/problem/declare.rs`: [`steps!`](shared::steps) has made a callsite for each kind of step on each side
//!    (`shared/src/run/emit.rs` says how). The step becomes a `tracing` event there, with the target
//!    `threaded::locks::semaphore` and its fields as fields.
//! 4. `capture/layer.rs`: the layer takes the note out of the event, whole, and writes it with the time and the number
//!    of the OS thread, and in a run that is judged with its place in the order of all, into the thread's ring
//!    (`capture/ring.rs`). From here on nothing knows the pattern's types, but the judgement of the outcome.
//! 5. `lab/laboratory.rs`: [`Lab::run`](lab::Lab::run) has waited for the end of the run, and takes its records;
//!    `capture/assembly.rs` makes a [`Trace`](shared::Trace) of them, or says what is missing.
//! 6. `behaviour/examination.rs`: [`examine`](behaviour::examine) holds the trace to the problem: the languages of its
//!    roles (`shared/src/rules/role.rs`), its laws (`shared/src/rules/law.rs`), its judgement of the outcome; and to
//!    what holds of any run (`shared/src/rules/conduct.rs`, `behaviour/whereabouts.rs`). Of the step remains where it
//!    was seen first and last, and its place among the key steps, whose order shows how a run went.
//! 7. `behaviour/conclusion.rs`: [`conclude`](behaviour::conclude) puts the examinations of all runs of both arms
//!    together: a verdict, six levels, and what differs. Only there it shows what was never at once, or happened every
//!    time (`behaviour/throughout.rs`).
//! 8. `campaign/findings.rs`: all of that becomes a [`PairReport`](report::PairReport), with what the notebook's
//!    stopwatches show and how long the runs with waits took. Until here the step was in a process of its pair's own:
//!    `campaign/served.rs` writes the report to a pipe, `campaign/children.rs` reads it there.
//! 9. `campaign/all.rs`: pairs whose arms agree, or differ as documented, are timed, by other processes, in each of which
//!    `campaign/timed.rs` makes a few runs without steps. `timing/ratio.rs` makes one ratio of them all.
//! 10. `render/table.rs`: the report becomes a row of the [`table`](render::table), which `commands/run.rs` prints.
//!
//! In [`campaign::diff`] a trace goes into an [`Archive`](archive::Archive) right after it was examined, if one is
//! wanted; [`campaign::read`] begins there. How to add a pattern is described on the front page of [`shared`].

pub mod archive;
pub mod behaviour;
pub mod campaign;
pub mod capture;
pub mod commands;
pub mod cost;
pub mod lab;
pub mod pair;
pub mod render;
pub mod report;
pub mod timing;

pub use report::Exit;

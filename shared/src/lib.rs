//! What both sides share.
//!
//! A *pattern* is one of the 33 things that the notebook shows ([`Pattern`] lists them). Its file here,
//! `<section>/<pattern>.rs`, states the problem once: what a run is given ([`Workload`]), which [`Role`]s act in it
//! and what each may say, what a run yields ([`Outcome`]), and which [`Law`]s every run keeps. The crates
//! `threaded` and `asynchronous` solve it in a file of the same path.
//!
//! A solution is a plain function of a [`Stage`] and a plan. The stage makes [`Actor`]s; an actor says [`Step`]s,
//! which are `tracing` events. Whoever listens builds a [`Trace`] of them and holds it to roles and laws.

mod problem;
mod rules;
mod run;
mod steps;
pub mod trace;

pub mod misuse;

#[cfg(feature = "conformance")]
pub mod conformance;

pub mod creating;
pub mod exercises;
pub mod gil;
pub mod introduction;
pub mod locals;
pub mod locks;
pub mod pools;
pub mod practices;
pub mod signals;
pub mod synchronization;

pub use problem::{
    Blocking, CELLS, Card, Difference, Level, Limit, Occurs, Outcome, Pattern, Section, Stopwatch,
    Suspending, Workload,
};
pub use rules::{
    Aligned, Amount, Breach, Inside, Language, Law, Matcher, Mismatch, Role, Work, align, any_of, at_least,
    between, check_laws, check_roles, optional, pause, pause_between, times,
};
#[doc(hidden)]
pub use run::emit as hidden;
pub use run::{
    Actor, Emission, Emit, End, EndKind, Fixture, Fixtures, InvalidPace, Member, Noise, Note, Pace, Part,
    Performance, Program, Setting, Side, Stage, What, hold_back_panics,
};
pub use steps::{Field, Form, Kind, Said, Scalar, Shape, Step, Values};
pub use trace::Trace;

//! What both sides share.
//!
//! A *pattern* is one of the 33 things that the notebook shows ([`Pattern`] lists them). Its file here,
//! `<section>/<pattern>.rs`, states the problem once: what a run is given ([`Workload`]), which [`Role`]s act in it
//! and what each may say, what a run yields ([`Outcome`]), and which [`Law`]s every run keeps. The crates
//! `threaded` and `asynchronous` solve it in a file of the same path.
//!
//! A solution is a plain function of a [`Stage`] and a plan. The stage makes [`Actor`]s; an actor says [`Step`]s,
//! which are `tracing` events. Whoever listens builds a [`Trace`] of them and holds it to roles and laws.

pub mod catalogue;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod misuse;
pub mod trace;

mod actor;
mod alignment;
mod difference;
mod language;
mod law;
mod limit;
mod matcher;
mod noise;
mod note;
mod pace;
mod panics;
mod performance;
mod role;
mod stage;
mod step;
mod workload;

#[cfg(test)]
mod naive;

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

pub use actor::Actor;
pub use alignment::Aligned;
pub use catalogue::{Card, Pattern, Section};
pub use difference::{Difference, Level, Occurs};
pub use language::{Language, any_of, at_least, between, optional, pause, pause_between, times};
pub use law::{Breach, Inside, Law};
pub use limit::Limit;
pub use matcher::{Matcher, Mismatch};
pub use noise::Noise;
pub use note::{End, EndKind, Note, Signal};
pub use pace::{InvalidPace, Pace};
pub use panics::hold_back_panics;
pub use performance::{Part, Performance};
pub use role::{Amount, Role, Work};
pub use stage::{Fixture, Fixtures, Member, Program, Setting, Side, Stage};
pub use step::{Field, Form, Kind, Scalar, Shape, Step, Values};
pub use trace::Trace;
pub use workload::{Blocking, Outcome, Stopwatch, Suspending, Workload};

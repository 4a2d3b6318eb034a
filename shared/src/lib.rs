//! What both sides share: the problems, and what carries them.
//!
//! # Eight words
//!
//! | word | meaning |
//! |---|---|
//! | pattern | one of the things that the notebook shows: [`Pattern`] lists them |
//! | plan | what a run of a pattern is given, its sizes and durations: the type that implements [`Workload`] |
//! | stage | what a run gets beside its plan: its pace, its seed, and the maker of its actors: [`Stage`] |
//! | actor | a participant of a run, a thread or a task, by a role and a number, such as `worker 2`: [`Actor`] |
//! | step | what an actor says at a point worth seeing; a `tracing` event: [`Step`] |
//! | role | who acts, how many of them, and in which sequences of steps each may speak: [`Role`] |
//! | law | what must hold of every run across its actors, such as: at most three inside: [`Law`] |
//! | pace | how long a second of the notebook lasts; at 0 nothing waits: [`Pace`] |
//!
//! # What is read
//!
//! A file `<section>/<pattern>.rs` states one problem, once for both sides: what the notebook's cell shows, what a run
//! does, what its actors say, and which laws it keeps. The crates `threaded` and `asynchronous` solve it in a file of
//! the same path: a plain function of a stage and a plan. [`misuse`] has the errors of their primitives, and
//! `conformance` what these must survive.
//!
//! # What carries it
//!
//! Four folders and a file, each of which imports only from those before it:
//!
//! | floor | what it is for |
//! |---|---|
//! | `steps` | steps as types where people write them, and as a shape and three integers everywhere else |
//! | `run` | stage and actors, and the notes that these send as `tracing` events |
//! | [`trace`] | what the actors of one run did, in order |
//! | `rules` | languages, roles and laws, and how a trace is held to them |
//! | `problem` | the catalogue, the declaration of steps, and the trait of a plan |
//!
//! How a step travels from here into a table is described on the front page of the crate `compare`.
//!
//! # How to add a pattern
//!
//! Write in this order. What reports a gap first is the `match` of step 4: with its line in place, the compiler asks
//! for step 3, then for step 2. The tests of `compare` run only after that.
//!
//! 1. `shared/src/problem/catalogue.rs`: a variant of [`Pattern`], and a [`Card`] at the same place in the list of
//!    cards (their number follows the last variant). What is beyond the notebook takes the next cell, which makes
//!    [`CELLS`] longer, stands at the end of its section, and names as `idiom` the Python that one would write.
//!    *Tests:* each card in its place, each slug once, the patterns of a section in one row, each cell covered once.
//! 2. `shared/src/<section>/<pattern>.rs`, and its line in the section's `mod.rs`, with the cells in its first line:
//!    the story of the pattern, its [`steps!`], a `Plan` whose `Default` is the notebook's, an `Outcome` with its
//!    [fixed](Outcome::fixed) part, and [`Workload`] for the plan. That is its card, the [`Limit`] of each number,
//!    roles, laws and the judgement; and, empty by default, so that nobody asks for them: `overlaps`, what must be
//!    possible at once ([`Overlap`]), `awaits`, where a task must await, and a thread compute ([`Await`]), `cut_short`,
//!    whose waits something ends early, `key_steps`, whose orders are counted, `stopwatches` for the times that the
//!    cell prints, and each [`Difference`] that is by nature. Laws are the constructors of [`Law`]; languages are
//!    written with [`script!`] and the functions beside it, such as [`times`] and [`pause`], where a step whose fields
//!    vary is written as its `Kind`. A short one to begin with is `locks/semaphore.rs`; with a main line that speaks in
//!    between, `signals/event.rs`. *Compiler:* at most three scalars in a step, steps of one pattern in a law.
//! 3. `threaded/src/<section>/<pattern>.rs` and `asynchronous/src/<section>/<pattern>.rs`, and their lines in `mod.rs`:
//!    `pub fn run(stage: Stage, plan: Plan) -> Outcome`, and the same as `pub async fn`. What waits or locks is usually
//!    there already, in `primitives` of both sides. A step is said *before* what it publishes and *after* what it
//!    observes. *Tests* (`compare/tests/tidy.rs`): the same files on both sides, the same items in the same order,
//!    plain imports.
//! 4. `compare/src/pair/pairs.rs`: its line in the list of pairs, a `match` without a wildcard. *Compiler:* both
//!    solutions exist, are of one plan and one outcome, and the future is `Send`. *Tests* (in the same file): the pair
//!    has this pattern's card, and its rules speak of its own steps.
//! 5. `README.md`: a row of what `compare list --format markdown` prints, the two rows of what the bare `compare`
//!    prints on a terminal of 80 columns, and its first line. *Tests* (`compare/tests/readme.rs`, which ignore figures,
//!    units and winners): both are what the program prints.
//!
//! From then on, without another line, `cargo test --workspace --no-fail-fast` runs the pair on both runtimes, at both
//! paces, with noise, with the least and the greatest that its plan may be set to, keeps its traces, reads them back,
//! and harms them; and it changes them in one thing at a time: what goes unnoticed is a gap in the pattern's rules, or
//! needs a reason in `compare/tests/mutation/lawful.rs`. `cargo run -p compare -- diff <pattern>` shows how its two
//! sides behave. `cargo fmt` and `cargo clippy --workspace --all-targets -- -D warnings` have the last word.

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
    Blocking, CELLS, Card, Difference, KEPT_THREADS, Level, Limit, Occurs, Outcome, Pattern, Section,
    Stopwatch, Suspending, Workload,
};
pub use rules::{
    Aligned, Amount, Await, Breach, Inside, Language, Law, Matcher, Mismatch, Role, Waiting, Work, align,
    any_of, at_least, between, check_await, check_conduct, check_cut_short, check_laws, check_overlap,
    check_roles, optional, pause, pause_between, times, unfinished, wait_at_most, waiting,
};
#[doc(hidden)]
pub use run::emit as hidden;
pub use run::{
    Actor, Emission, Emit, End, EndKind, Fixture, Fixtures, Hold, InvalidPace, Meeting, Member, Noise, Note,
    Overlap, Pace, Part, Party, Performance, Place, Program, Setting, Side, Stage, Stall, Turn, Watched,
    What, Woken, hold_back_panics,
};
pub use steps::{Field, Form, Kind, Said, Scalar, Shape, Step, Values};
pub use trace::Trace;

//! Every pattern with `std::thread` and `std::sync`.
//!
//! Each file `<section>/<pattern>.rs` holds one `run`; the crate `asynchronous` has its twin at the same path, and
//! `shared` states the problem there. Where a pattern has a real part, it uses what others keep well: `ureq` downloads,
//! `rusqlite` asks a database.
//!
//! ```
//! use shared::introduction::concurrent::Plan;
//! use shared::{Pace, Setting, Side, Stage};
//! use threaded::Perform as _;
//! use threaded::introduction::concurrent::run;
//!
//! let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("concurrent", Side::Threaded) });
//! let outcome = stage.perform(|stage| run(stage, Plan::default()))();
//! assert_eq!((outcome.numbers, outcome.letters), (5, 5));
//! ```

mod acting;

pub mod creating;
pub mod exercises;
pub mod gil;
pub mod introduction;
pub mod locals;
pub mod locks;
pub mod pools;
pub mod practices;
pub mod primitives;
pub mod signals;
pub mod synchronization;

pub use acting::{Perform, join, pause};

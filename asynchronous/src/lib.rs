//! Every pattern with tokio tasks, `tokio::sync`, `async-channel` and `futures`.
//!
//! Each file `<section>/<pattern>.rs` holds one `run`; the crate `threaded` has its twin at the same path, and `shared`
//! states the problem there. Where a pattern has a real part, it uses what others keep well: `hyper` downloads,
//! `rusqlite` asks a database, where it may block.
//!
//! ```
//! use asynchronous::Perform as _;
//! use asynchronous::introduction::concurrent::run;
//! use shared::introduction::concurrent::Plan;
//! use shared::{Pace, Setting, Side, Stage};
//!
//! let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("concurrent", Side::Asynchronous) });
//! let runtime = tokio::runtime::Runtime::new()?;
//! let outcome = runtime.block_on(stage.perform(|stage| run(stage, Plan::default())));
//! assert_eq!((outcome.numbers, outcome.letters), (5, 5));
//! # Ok::<(), std::io::Error>(())
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

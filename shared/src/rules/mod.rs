//! Rules: the languages of roles and the laws across actors, and how a trace is held to them.
//!
//! A rule speaks of shapes; whose they are, and what else a pattern asks for, it doesn't know.

mod alignment;
mod breach;
mod conduct;
mod language;
mod law;
mod matcher;
mod offences;
mod possible;
mod register;
mod role;
mod waiting;
mod work;

#[cfg(test)]
pub(crate) mod naive;

pub use alignment::Aligned;
pub use breach::Breach;
pub use conduct::check_conduct;
pub use language::{
    Language, any_of, at_least, between, optional, pause, pause_between, times, wait_at_most,
};
pub use law::{Inside, Law, check_laws};
pub use matcher::{Matcher, Mismatch};
pub use possible::{Await, check_await, check_cut_short, check_overlap};
pub use role::{Role, align, check_roles};
pub use waiting::{Waiting, unfinished, waiting};
pub use work::{Amount, Work};

//! Rules: the languages of roles and the laws across actors, and how a trace is held to them.
//!
//! A rule speaks of shapes; whose they are, and what else a pattern asks for, it doesn't know.

mod alignment;
mod breach;
mod language;
mod law;
mod matcher;
mod offences;
mod role;
mod work;

#[cfg(test)]
mod naive;

pub use alignment::Aligned;
pub use breach::Breach;
pub use language::{Language, any_of, at_least, between, optional, pause, pause_between, times};
pub use law::{Inside, Law, check_laws};
pub use matcher::{Matcher, Mismatch};
pub use role::{Role, align, check_roles};
pub use work::{Amount, Work};

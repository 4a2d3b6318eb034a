//! Rendering: reports as texts for people.
//!
//! It takes what is known as it is, and knows neither how it came about nor where the text goes.

mod aligned;
mod chrome;
mod cost;
mod diff;
mod events;
mod ink;
mod markdown;
mod medium;
mod scale;
mod source;
mod summary;
mod table;
mod text;
mod timeline;
mod tokens;

pub use chrome::chrome;
pub use cost::{cost, cost_markdown};
pub use diff::diff;
pub use events::events;
pub use markdown::markdown;
pub use medium::{Medium, NARROWEST, ascii};
pub use source::{File, both, file};
pub use table::table;
pub(crate) use text::{Styles, bold, differences, duration, plain_table, push_table, size, wrap};
pub use timeline::{View, timeline};

//! How a step becomes a `tracing` event of its own.

use tracing::Span;

// What the macro needs of it that declares steps.
pub use tracing::{Level, event};

use crate::{Note, Side, Step};

/// A step that can be sent as a `tracing` event; every one that [`steps!`](crate::steps) declares is.
///
/// Each kind has a callsite for each side, because a callsite's target, name and fields are fixed where it is written:
/// the target is the module of the pattern's solution, such as `threaded::locks::semaphore`, so that a filter selects a
/// side, a section or a pattern; the name is the kind's; the fields are the step's, after the [`Note`] as the message
/// and before the line of the source. Not taken: a macro in the patterns, which would give the target and the line by
/// itself, but stand between the reader and what an actor says.
pub trait Emit: Step {
    /// Sends the step.
    fn emit(self, emission: Emission<'_>);
}

/// What is sent with a step.
#[derive(Debug, Clone, Copy)]
pub struct Emission<'a> {
    /// On which side it is said.
    pub side: Side,
    /// The span of the actor that says it.
    pub parent: &'a Span,
    /// The note, whole.
    pub note: &'a Note,
    /// The line of the source that says it.
    pub line: u32,
}

/// How long the target is that [`target`] makes.
pub const fn target_length(side: &str, module: &str) -> usize {
    side.len() + module.len() - crate_length(module)
}

/// The path of a module, with the side in place of the crate: of `shared::locks::semaphore` and `threaded`, it is
/// `threaded::locks::semaphore`. As bytes, because that is all that can be made at compile time.
pub const fn target<const LENGTH: usize>(side: &str, module: &str) -> [u8; LENGTH] {
    let (side, module, skipped) = (side.as_bytes(), module.as_bytes(), crate_length(module));
    let mut target = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        target[at] = if at < side.len() { side[at] } else { module[at - side.len() + skipped] };
        at += 1;
    }
    target
}

/// How long the name of the crate is, with which the path of a module begins.
const fn crate_length(module: &str) -> usize {
    let module = module.as_bytes();
    let mut length = 0;
    while length < module.len() && module[length] != b':' {
        length += 1;
    }
    length
}

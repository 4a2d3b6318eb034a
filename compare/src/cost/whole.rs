//! All that is known of what carriers cost.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::memory::{Memory, Stop, memory, stop};
use super::served::{Asked, ask};
use super::{Carrier, Units};

/// What one carrier costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// What it takes for each thing.
    #[serde(flatten)]
    pub units: Units,
    /// What one takes that waits; none where the system doesn't say.
    pub memory: Option<Memory>,
    /// Where there can be no more; none where that isn't known, or wasn't asked.
    pub stop: Option<Stop>,
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What a report tells: in less than half a second, no pauses, and not where there can be no more.
    Report,
    /// All of it, in some five seconds.
    Whole,
}

/// What these carriers cost, measured by children of this program.
///
/// # Errors
/// If the times can't be measured, or the user wants no more. What memory they take is not known on every system, and left
/// out there.
pub fn costs(
    program: &Path,
    carriers: &[Carrier],
    depth: Depth,
    is_interrupted: &dyn Fn() -> bool,
) -> io::Result<Vec<Cost>> {
    let is_whole = depth == Depth::Whole;
    let (rounds, points) = if is_whole { (60, 4) } else { (30, 2) };
    let asked = Asked::Units { carriers: carriers.to_vec(), rounds, pauses: is_whole };
    let units: Vec<Units> = ask(program, &asked, is_interrupted)?;
    let cost = |units: Units| {
        let memory = memory(program, units.carrier, points, is_interrupted).ok();
        let measured = memory.as_ref().filter(|_| is_whole);
        let stop = measured.and_then(|memory| stop(program, units.carrier, memory).ok());
        Cost { units, memory, stop }
    };
    Ok(units.into_iter().map(cost).collect())
}

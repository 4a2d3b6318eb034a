//! The report of what threads and tasks cost.

use serde::{Deserialize, Serialize};

use crate::cost::{Memory, Stop, Units};
use crate::lab::Environment;

/// What threads and tasks cost on one machine.
#[derive(Debug, Serialize, Deserialize)]
pub struct Costs {
    /// The version of this document's form.
    pub schema: u32,
    /// Where it was measured.
    pub environment: Environment,
    /// Each carrier.
    pub carriers: Vec<CarrierCost>,
}

/// What one carrier costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarrierCost {
    /// What it takes for each thing.
    #[serde(flatten)]
    pub units: Units,
    /// What one takes that waits; none where the system doesn't say.
    pub memory: Option<Memory>,
    /// Where there can be no more; none where that isn't known.
    pub stop: Option<Stop>,
}

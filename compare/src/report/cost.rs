//! The report of what threads and tasks cost.

use serde::Serialize;

use crate::cost::Cost;
use crate::lab::Environment;

/// What threads and tasks cost on one machine.
#[derive(Debug, Serialize)]
pub struct Costs {
    /// The version of this document's form.
    pub schema: u32,
    /// Where it was measured.
    pub environment: Environment,
    /// Each carrier.
    pub carriers: Vec<Cost>,
}

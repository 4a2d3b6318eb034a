//! Carriers: what carries code, whose costs are measured.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::lab::{Arm, UnknownArm};

/// What carries code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Carrier {
    /// What the actors of an arm are.
    Arm(Arm),
    /// The threads of a runtime on which its tasks may block.
    Blocking,
}

const BLOCKING: &str = "blocking pool";

impl Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arm(arm) => arm.fmt(f),
            Self::Blocking => f.pad(BLOCKING),
        }
    }
}

impl From<Carrier> for String {
    fn from(carrier: Carrier) -> Self {
        carrier.to_string()
    }
}

impl TryFrom<String> for Carrier {
    type Error = UnknownArm;

    fn try_from(name: String) -> Result<Self, UnknownArm> {
        if name == BLOCKING { Ok(Self::Blocking) } else { Arm::try_from(name).map(Self::Arm) }
    }
}

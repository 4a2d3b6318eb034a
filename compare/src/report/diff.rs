//! The diff of one pair, as it is reported.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};
use shared::{Pattern, Section};

use super::Shown;
use crate::behaviour::Behaviour;
use crate::lab::{Round, Settings};

/// Where the traces of a diff's second arm are, and how they were made.
#[derive(Debug, Serialize)]
pub struct Against {
    /// In which folder they are.
    pub folder: PathBuf,
    /// Where they were made.
    pub environment: Value,
    /// How.
    pub settings: Settings,
}

/// A diff, as it is reported. Its serialisation is the JSON of `compare diff`.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// The version of this document's form.
    pub schema: u32,
    /// Where the runs were made.
    pub environment: Value,
    /// How they were made.
    pub settings: Settings,
    /// The pattern.
    pub pattern: Pattern,
    /// Its section.
    pub section: Section,
    /// The notebook's cells that show it.
    pub cells: &'static [u8],
    /// What both sides were given.
    pub plan: Map<String, Value>,
    /// How each round was made.
    pub rounds: Vec<Round>,
    /// Where the traces are, if they are kept.
    pub traces: Option<PathBuf>,
    /// Of the second arm, if its traces are not with the others.
    pub against: Option<Against>,
    /// Whether the user wanted no more before all rounds were made.
    pub interrupted: bool,
    /// How the sides behave.
    pub behaviour: Behaviour,
    /// One run of each side, if they were asked for.
    pub lanes: Vec<Shown>,
}

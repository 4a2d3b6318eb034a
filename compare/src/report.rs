//! The report: what is known after the runs, as one value. Its serialisation is the JSON of `compare run`.

use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::Value;
use shared::{Outcome, Pattern, Section, Side};

use crate::behaviour::{Behaviour, Verdict};
use crate::environment::Environment;
use crate::lab::Settings;
use crate::timing::{Ratio, Samples, median_time};
use crate::usage::Usage;

/// The version of the document's form.
pub const SCHEMA: u32 = 1;

/// All pairs of one call.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of this document's form.
    pub schema: u32,
    /// Where it was measured.
    pub environment: Environment,
    /// How it was measured.
    pub settings: Settings,
    /// Whether the user wanted no more before all pairs were compared.
    pub interrupted: bool,
    /// How many pairs were to be compared.
    pub selected: usize,
    /// Each pair, in the notebook's order; the last may be compared in part, if interrupted.
    pub pairs: Vec<PairReport>,
}

/// One pair.
#[derive(Debug, Serialize)]
pub struct PairReport {
    /// The pattern.
    pub pattern: Pattern,
    /// Its section.
    pub section: Section,
    /// The notebook's cells that show it.
    pub cells: &'static [u8],
    /// What the threads did.
    pub threaded: SideReport,
    /// What the tasks did.
    pub asynchronous: SideReport,
    /// How they compare.
    pub behaviour: Behaviour,
    /// Who is faster; none where the pair was not timed.
    pub timing: Option<Timing>,
    /// Why the pair was not timed.
    pub untimed: Option<String>,
    /// The times that the notebook's cell prints.
    pub stopwatches: Vec<StopwatchReport>,
}

/// One side of a pair.
#[derive(Debug, Default, Serialize)]
pub struct SideReport {
    /// What its first run yielded; none where it did not come to an outcome.
    pub outcome: Option<OutcomeReport>,
    /// How many actors its first run had.
    pub actors: Option<usize>,
    /// How many steps they said.
    pub steps: Option<usize>,
    /// Every time that was measured.
    pub samples_ns: SamplesReport,
    /// What all timed runs used together.
    #[serde(flatten)]
    pub usage: Usage,
}

/// An outcome, in its two parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeReport {
    /// What is equal on both sides in every run.
    pub fixed: Value,
    /// What may vary.
    pub observed: Value,
}

impl OutcomeReport {
    /// What this outcome tells.
    pub fn of(outcome: &impl Outcome) -> Self {
        Self { fixed: outcome.fixed(), observed: outcome.observed() }
    }
}

/// The raw times of one side.
#[derive(Debug, Default, Serialize)]
pub struct SamplesReport {
    /// With the notebook's waits; none at a pace of 0.
    #[serde(serialize_with = "nanoseconds")]
    pub paced: Option<Vec<Duration>>,
    /// Without waits.
    #[serde(serialize_with = "nanoseconds")]
    pub coordination: Option<Vec<Duration>>,
}

/// Who is faster, in both regimes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timing {
    /// With the notebook's waits; none at a pace of 0.
    pub paced: Option<Ratio>,
    /// Without waits.
    pub coordination: Option<Ratio>,
}

/// A time that the notebook's cell prints: the medians of both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopwatchReport {
    /// The words with which it is printed.
    pub label: &'static str,
    /// The threads' time.
    pub threaded_ns: u128,
    /// The tasks' time.
    pub asynchronous_ns: u128,
}

impl StopwatchReport {
    /// The medians of these times; none where a side has none.
    pub fn of(label: &'static str, samples: &Samples) -> Option<Self> {
        let [threaded, asynchronous] = Side::BOTH.map(|side| median_time(samples.of(side)));
        Some(Self { label, threaded_ns: threaded?.as_nanos(), asynchronous_ns: asynchronous?.as_nanos() })
    }
}

impl PairReport {
    /// One side.
    pub fn side(&self, side: Side) -> &SideReport {
        match side {
            Side::Threaded => &self.threaded,
            Side::Asynchronous => &self.asynchronous,
        }
    }
}

impl Report {
    /// How many pairs came to this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.pairs.iter().filter(|pair| pair.behaviour.verdict == verdict).count()
    }

    /// Whether all pairs agree.
    pub fn agrees(&self) -> bool {
        self.pairs.iter().all(|pair| pair.behaviour.verdict.agrees())
    }
}

// Serde hands over the field as it is, so by reference.
#[allow(clippy::ref_option)]
fn nanoseconds<S: Serializer>(times: &Option<Vec<Duration>>, serializer: S) -> Result<S::Ok, S::Error> {
    let times = times.as_ref().map(|times| times.iter().map(Duration::as_nanos).collect::<Vec<_>>());
    times.serialize(serializer)
}

//! The report of one pair: what is known after its runs, as data that can be written and read again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{Pattern, Section};

use crate::behaviour::Behaviour;
use crate::lab::Usage;
use crate::pair::Yielded;
use crate::timing::{Ratio, Samples, median_time};

/// One pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairReport {
    /// The pattern.
    pub pattern: Pattern,
    /// Its section.
    pub section: Section,
    /// The notebook's cells that show it.
    pub cells: Vec<u8>,
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

impl PairReport {
    /// Both sides.
    pub fn sides(&mut self) -> [&mut SideReport; 2] {
        [&mut self.threaded, &mut self.asynchronous]
    }

    /// From now on it is known to behave so, and that decides whether it is timed.
    pub fn behave(&mut self, behaviour: Behaviour) {
        self.untimed = behaviour.forbids_timing();
        self.behaviour = behaviour;
    }
}

/// One side of a pair.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeReport {
    /// What is equal on both sides in every run.
    pub fixed: Value,
    /// What may vary.
    pub observed: Value,
}

impl OutcomeReport {
    /// What this outcome says.
    pub fn of(Yielded { fixed, observed, .. }: &Yielded) -> Self {
        Self { fixed: fixed.clone(), observed: observed.clone() }
    }
}

/// The raw times of one side.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SamplesReport {
    /// With the notebook's waits; none at a pace of 0.
    #[serde(with = "nanoseconds")]
    pub paced: Option<Vec<Duration>>,
    /// Without waits.
    #[serde(with = "nanoseconds")]
    pub coordination: Option<Vec<Duration>>,
}

/// Who is faster, in both regimes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// With the notebook's waits; none at a pace of 0.
    pub paced: Option<Ratio>,
    /// Without waits.
    pub coordination: Option<Ratio>,
}

/// A time that the notebook's cell prints: the medians of both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopwatchReport {
    /// The words with which it is printed.
    pub label: String,
    /// The threads' time.
    pub threaded_ns: u128,
    /// The tasks' time.
    pub asynchronous_ns: u128,
}

impl StopwatchReport {
    /// The medians of these times; none where a side has none.
    pub fn of(label: &str, Samples(samples): &Samples) -> Option<Self> {
        let [threaded, asynchronous] = samples.each_ref().map(|times| median_time(times));
        Some(Self {
            label: label.into(),
            threaded_ns: threaded?.as_nanos(),
            asynchronous_ns: asynchronous?.as_nanos(),
        })
    }
}

/// Times as whole nanoseconds.
mod nanoseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    // Serde hands over the field as it is, so by reference.
    #[allow(clippy::ref_option)]
    pub(super) fn serialize<S: Serializer>(
        times: &Option<Vec<Duration>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let times = times.as_ref().map(|times| times.iter().map(Duration::as_nanos).collect::<Vec<_>>());
        times.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<Duration>>, D::Error> {
        let times = Option::<Vec<u64>>::deserialize(deserializer)?;
        Ok(times.map(|times| times.into_iter().map(Duration::from_nanos).collect()))
    }
}

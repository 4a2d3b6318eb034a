//! The report of one pair: what is known after its runs, as data that can be written and read again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{Pattern, Section};

use super::{Counts, Why};
use crate::behaviour::Behaviour;
use crate::pair::Yielded;
use crate::timing::{Process, Ratio, Terms, Waits, Winner, median_time, needed};

/// One pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairReport {
    /// The pattern.
    pub pattern: Pattern,
    /// Its section.
    pub section: Section,
    /// The notebook's cells that show it.
    pub cells: Vec<u8>,
    /// What each arm did. It stands in the order of the arms, which the behaviour names, as all that is of each arm.
    pub sides: [SideReport; 2],
    /// How they compare.
    pub behaviour: Behaviour,
    /// How long runs with the notebook's waits took; none at a pace of 0.
    pub waits: Option<Waits>,
    /// What is timed beside threads and tasks, in words.
    pub compares: Option<String>,
    /// Who is faster without them; none where the pair was not timed.
    pub timing: Option<Timing>,
    /// Why the pair was not timed.
    pub untimed: Option<String>,
    /// The times that the notebook's cell prints.
    pub stopwatches: Vec<StopwatchReport>,
}

impl PairReport {
    /// Whether one side takes far longer with waits, which neither its pauses nor its work explain: from outside, lost
    /// concurrency and waits that aren't made look like that.
    pub fn waits_unlike(&self) -> bool {
        let without =
            [0, 1].map(|place| self.timing.as_ref().map(|timing| timing.took(place)).unwrap_or_default());
        self.waits.as_ref().is_some_and(|waits| waits.are_unlike(without))
    }

    /// From now on it is known to behave so, and that decides whether it is timed.
    pub fn behave(&mut self, behaviour: Behaviour) {
        self.untimed = behaviour.forbids_timing();
        self.behaviour = behaviour;
    }
}

/// Those of these pairs that were timed.
pub fn timed(pairs: &[PairReport]) -> impl Iterator<Item = (&PairReport, &Timing)> {
    pairs.iter().filter_map(|pair| Some((pair, pair.timing.as_ref()?)))
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
    /// What its runs with neither waits nor noise did, each count the median of theirs; none without such runs.
    pub counts: Option<Counts>,
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

/// Who is faster without waits, and what that rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// The ratio of the arms' times, and who is faster.
    #[serde(flatten)]
    pub ratio: Ratio,
    /// How many processes would decide, if more came out like these; none where it is decided, or they would not.
    pub needed: Option<usize>,
    /// What it took to decide.
    #[serde(flatten)]
    pub terms: Terms,
    /// What each process measured.
    pub processes: Vec<Process>,
    /// What the difference is made of; none where that was not measured.
    pub why: Option<Why>,
}

impl Timing {
    /// What these processes come to; none without any.
    pub fn of(processes: Vec<Process>, terms: Terms) -> Option<Self> {
        let ratio = Ratio::of(&processes, terms)?;
        let needed = (ratio.winner == Winner::Open).then(|| needed(&processes, terms)).flatten();
        Some(Self { ratio, needed, terms, processes, why: None })
    }

    /// How often threads of the process waited in a timed run of the arm in this place, in the mean.
    pub fn switches(&self, place: usize) -> Option<f64> {
        let (mut switches, mut runs) = (0_u64, 0_u64);
        for process in &self.processes {
            switches = switches.saturating_add(process.usage[place]?.voluntary?);
            runs += process.runs_ns[place].len() as u64;
        }
        #[expect(clippy::cast_precision_loss, reason = "they are few")]
        (runs > 0).then(|| switches as f64 / runs as f64)
    }

    /// What the arm in this place takes, in the median process.
    pub fn took(&self, place: usize) -> Duration {
        let times: Vec<Duration> = self.processes.iter().filter_map(|process| process.took(place)).collect();
        median_time(&times).unwrap_or_default()
    }
}

/// A time that the notebook's cell prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopwatchReport {
    /// The words with which it is printed.
    pub label: String,
    /// The median time of each arm, in nanoseconds.
    pub times_ns: [u128; 2],
}

impl StopwatchReport {
    /// The medians of these times; none where a side has none.
    pub fn of(label: &str, times: &[Vec<Duration>; 2]) -> Option<Self> {
        let [first, second] = times.each_ref().map(|times| median_time(times));
        Some(Self { label: label.into(), times_ns: [first?, second?].map(|time| time.as_nanos()) })
    }
}

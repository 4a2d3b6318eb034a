//! Timing: how long the two sides take, in pairs of runs that follow each other.
//!
//! What else the machine does changes slowly against a run, so two neighbours meet about the same of it: their ratio
//! counts, not their times. Of all ratios the median is told, between the least and the greatest.

use std::time::Duration;

use serde::Serialize;
use shared::Side;

/// A difference below this is called none, however sure it is.
const MINIMUM_EFFECT: f64 = 1.05;

/// Nobody is called faster with less confidence than this: it takes five rounds.
const MINIMUM_CONFIDENCE: f64 = 0.9;

/// What runs are timed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Regime {
    /// With the notebook's waits, scaled.
    Paced,
    /// Without any wait: what remains is the cost of coordination.
    Coordination,
}

impl Regime {
    /// The regime as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paced => "paced",
            Self::Coordination => "coordination",
        }
    }
}

/// Which side runs first, by turns: threads, tasks, tasks, threads, so that neither profits from the other's warmth.
pub fn order(round: u32) -> [Side; 2] {
    let [first, second] = Side::BOTH;
    if round.is_multiple_of(2) { [first, second] } else { [second, first] }
}

/// The times of one regime: a place for each round, the same on both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Samples {
    /// How long the threads took.
    pub threaded: Vec<Duration>,
    /// How long the tasks took.
    pub asynchronous: Vec<Duration>,
}

impl Samples {
    /// The times of one side.
    pub fn of(&self, side: Side) -> &[Duration] {
        match side {
            Side::Threaded => &self.threaded,
            Side::Asynchronous => &self.asynchronous,
        }
    }

    /// Adds the time of one side's next run.
    pub fn push(&mut self, side: Side, time: Duration) {
        match side {
            Side::Threaded => self.threaded.push(time),
            Side::Asynchronous => self.asynchronous.push(time),
        }
    }
}

/// Who is faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Winner {
    /// The threads.
    #[serde(rename = "threads")]
    Threads,
    /// The tasks.
    #[serde(rename = "tasks")]
    Tasks,
    /// Nobody, as far as these runs tell.
    #[serde(rename = "no clear difference")]
    Nobody,
    /// Nobody: the tasks' timer, which counts whole milliseconds, explains the difference.
    #[serde(rename = "timer")]
    Timer,
}

impl Winner {
    /// The verdict as a word that fits into a table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Tasks => "tasks",
            Self::Nobody => "no clear",
            Self::Timer => "timer",
        }
    }
}

/// The times of threads over those of tasks: above 1, tasks are faster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    /// The median over all rounds.
    pub ratio: f64,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// How sure it is that the true median lies between the two: of `n` rounds, all are on its same side with
    /// probability `2 · ½ⁿ`. (The order statistics' interval; it assumes no distribution.)
    pub confidence: f64,
    /// Who is faster.
    pub verdict: Winner,
}

impl Ratio {
    /// The ratio of paired times; `excused` is how much more time the tasks may take because of their timer.
    ///
    /// None without samples.
    pub fn of(samples: &Samples, excused: Duration) -> Option<Self> {
        let ratios = samples.threaded.iter().zip(&samples.asynchronous);
        let mut ratios: Vec<f64> =
            ratios.map(|(threads, tasks)| seconds(*threads) / seconds(*tasks)).collect();
        ratios.sort_by(f64::total_cmp);
        let (&low, &high) = (ratios.first()?, ratios.last()?);
        let ratio = median(&ratios)?;
        let rounds = i32::try_from(ratios.len()).unwrap_or(i32::MAX);
        let confidence = (1.0 - 2.0 * 0.5_f64.powi(rounds)).max(0.0);
        let slower = median_time(&samples.asynchronous)?.saturating_sub(median_time(&samples.threaded)?);
        let verdict = if confidence < MINIMUM_CONFIDENCE {
            Winner::Nobody
        } else if low > 1.0 && ratio >= MINIMUM_EFFECT {
            Winner::Tasks
        } else if high < 1.0 && ratio <= 1.0 / MINIMUM_EFFECT {
            if slower <= excused { Winner::Timer } else { Winner::Threads }
        } else {
            Winner::Nobody
        };
        Some(Self { ratio, low, high, confidence, verdict })
    }
}

/// A time below a nanosecond would make a ratio without meaning.
fn seconds(time: Duration) -> f64 {
    time.max(Duration::from_nanos(1)).as_secs_f64()
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    Some(if sorted.len().is_multiple_of(2) { f64::midpoint(sorted[middle - 1], *upper) } else { *upper })
}

/// The median of these times; none of none.
pub fn median_time(times: &[Duration]) -> Option<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + upper) / 2 } else { upper })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::Side;

    use super::{Ratio, Samples, Winner, median_time, order};

    fn samples(threaded: &[u64], asynchronous: &[u64]) -> Samples {
        let times = |micros: &[u64]| micros.iter().copied().map(Duration::from_micros).collect();
        Samples { threaded: times(threaded), asynchronous: times(asynchronous) }
    }

    fn verdict(threaded: &[u64], asynchronous: &[u64], excused: u64) -> Option<Winner> {
        Ratio::of(&samples(threaded, asynchronous), Duration::from_micros(excused)).map(|ratio| ratio.verdict)
    }

    #[test]
    fn the_order_is_abba() {
        let [a, b] = Side::BOTH;
        assert_eq!((0..4).flat_map(order).collect::<Vec<_>>(), [a, b, b, a, a, b, b, a]);
    }

    #[test]
    fn whoever_is_faster_in_every_round_wins() {
        assert_eq!(verdict(&[200, 220, 210, 200, 200], &[100, 110, 100, 99, 98], 0), Some(Winner::Tasks));
        assert_eq!(verdict(&[100, 110, 100, 99, 98], &[200, 220, 210, 200, 200], 0), Some(Winner::Threads));
        assert_eq!(verdict(&[100, 110, 100, 99, 98], &[90, 120, 100, 90, 90], 0), Some(Winner::Nobody));
    }

    #[test]
    fn a_small_difference_is_none() {
        assert_eq!(verdict(&[102; 9], &[100; 9], 0), Some(Winner::Nobody));
    }

    #[test]
    fn few_rounds_are_no_evidence() {
        assert_eq!(verdict(&[200; 4], &[100; 4], 0), Some(Winner::Nobody));
        assert_eq!(verdict(&[200; 5], &[100; 5], 0), Some(Winner::Tasks));
    }

    #[test]
    fn the_timer_excuses_tasks_only() {
        assert_eq!(verdict(&[100; 5], &[200; 5], 100), Some(Winner::Timer));
        assert_eq!(verdict(&[100; 5], &[200; 5], 99), Some(Winner::Threads));
        assert_eq!(verdict(&[200; 5], &[100; 5], 100), Some(Winner::Tasks));
    }

    #[test]
    fn a_ratio_is_told_with_its_spread() {
        let ratio =
            Ratio::of(&samples(&[100, 300, 200, 400], &[100, 100, 100, 100]), Duration::ZERO).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(ratio.low, 1.0) && close(ratio.ratio, 2.5) && close(ratio.high, 4.0), "{ratio:?}");
        assert!(close(ratio.confidence, 0.875), "{ratio:?}");
        assert_eq!(Ratio::of(&Samples::default(), Duration::ZERO), None);
    }

    #[test]
    fn medians() {
        let micros = Duration::from_micros;
        assert_eq!(median_time(&[]), None);
        assert_eq!(median_time(&[micros(3), micros(1), micros(2)]), Some(micros(2)));
        assert_eq!(median_time(&[micros(4), micros(1)]), Some(Duration::from_nanos(2500)));
    }
}

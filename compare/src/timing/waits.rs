//! Waits: how long runs with the notebook's waits take, and how much longer than asked a pause lasts.
//!
//! Such a run is mostly its waits, and how late a timer is says nothing of the pattern. So nobody wins here; but sides that
//! differ by far more than their timers explain don't wait alike.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{Trace, What};

use super::chain::chain_of_pauses;
use super::median::median_time;
use super::nanos;

/// A side that takes so many times as long as the other does not wait as the other does: three halves.
const UNLIKE: [u64; 2] = [3, 2];

/// In how many rounds that must be so.
const ROUNDS: usize = 2;

/// What runs with waits took; what is of each arm stands in the order of the comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// The time of each run, in nanoseconds.
    pub took_ns: [Vec<u64>; 2],
    /// How much longer than asked a pause lasted, in nanoseconds, to what its actor did next: the median of the last run that
    /// has pauses; none without any.
    pub late_ns: [Option<u64>; 2],
    /// How many pauses follow each other at most.
    pub chain: u32,
}

impl Waits {
    /// Notes a run of the arm in this place.
    pub fn note(&mut self, place: usize, trace: &Trace) {
        self.took_ns[place].push(nanos(trace.elapsed().unwrap_or_default()));
        self.chain = self.chain.max(chain_of_pauses(trace));
        let late = trace.successions().filter_map(|(pause, next)| {
            let (pause, next) = (&trace.events[pause], &trace.events[next]);
            let What::Paused(asked) = pause.what else { return None };
            Some(next.at.saturating_sub(pause.at).saturating_sub(trace.pace.of(asked)?))
        });
        let late = median_time(&late.collect::<Vec<_>>()).map(nanos);
        self.late_ns[place] = late.or(self.late_ns[place]);
    }

    /// Whether there is no run of both arms, or none in which anybody pauses.
    pub fn is_empty(&self) -> bool {
        self.took_ns.iter().any(Vec::is_empty) || self.chain == 0
    }

    /// The times of the arm in this place.
    pub fn took(&self, place: usize) -> Vec<Duration> {
        self.took_ns[place].iter().copied().map(Duration::from_nanos).collect()
    }

    /// Whether one arm takes half as long again as the other in each of several rounds, beyond what its pauses explain, and
    /// what it takes without waits.
    pub fn are_unlike(&self, without: [Duration; 2]) -> bool {
        // What the pauses that follow each other are late together.
        let late = self.late_ns.map(|late| late.unwrap_or(0).saturating_mul(self.chain.into()));
        let explained = [0, 1].map(|place| late[place].saturating_add(nanos(without[place])));
        let is_slower = |slower: usize| {
            let [slow, fast] = [slower, 1 - slower].map(|place| &self.took_ns[place]);
            let rounds =
                slow.iter().zip(fast).map(|(slow, fast)| (slow.saturating_sub(explained[slower]), *fast));
            let [more, than] = UNLIKE;
            let is_so = |(slow, fast): (u64, u64)| slow.saturating_mul(than) > fast.saturating_mul(more);
            rounds.clone().count() >= ROUNDS && rounds.into_iter().all(is_so)
        };
        is_slower(0) || is_slower(1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::trace::Event;
    use shared::{End, Member, Pace, Trace, What, steps};

    use super::Waits;

    steps! {
        /// What the main line says.
        pub enum Step of Kind {
            /// It has paused.
            WentOn,
        }
    }

    /// A run in which the main line pauses for ten milliseconds, which takes so many, and goes on for so many more.
    fn run(pause: u64, more: u64) -> Trace {
        let event = |at, what| Event::new(0, Duration::from_millis(at), what);
        let asked = What::Paused(Duration::from_millis(10));
        let events = vec![
            event(0, What::Began),
            event(0, asked),
            event(pause, What::said(Step::WentOn)),
            event(pause + more, What::Ended(End::Returned)),
        ];
        Trace {
            pace: Pace::NOTEBOOK,
            cast: vec![Member { role: "main", number: 0 }],
            events,
            ..Trace::default()
        }
    }

    fn waits(runs: &[[(u64, u64); 2]]) -> Waits {
        let mut waits = Waits::default();
        for round in runs {
            for (place, (pause, more)) in round.iter().enumerate() {
                waits.note(place, &run(*pause, *more));
            }
        }
        waits
    }

    #[test]
    fn a_run_is_noted_with_its_pauses() {
        let waits = waits(&[[(10, 5), (11, 5)], [(10, 5), (13, 5)]]);
        assert_eq!(waits.took_ns, [vec![15_000_000; 2], vec![16_000_000, 18_000_000]]);
        assert_eq!(waits.late_ns, [Some(0), Some(3_000_000)]);
        assert_eq!(waits.chain, 1);
        assert!(!waits.is_empty() && Waits::default().is_empty());
        // Where nobody pauses, there are no waits.
        let mut none = Waits::default();
        for place in [0, 1] {
            none.note(place, &Trace { events: run(10, 5).events.split_off(2), ..run(10, 5) });
        }
        assert!(none.is_empty());
    }

    #[test]
    fn only_what_no_pause_explains_is_unlike_and_only_in_several_rounds() {
        let unlike = [(10, 1), (10, 40)];
        assert!(waits(&[unlike, unlike]).are_unlike([Duration::ZERO; 2]));
        assert!(waits(&[[unlike[1], unlike[0]]; 2]).are_unlike([Duration::ZERO; 2]));
        assert!(!waits(&[unlike]).are_unlike([Duration::ZERO; 2]), "once is chance");
        assert!(!waits(&[unlike, [(10, 1), (10, 2)]]).are_unlike([Duration::ZERO; 2]));
        assert!(!waits(&[[(10, 0), (30, 0)]; 2]).are_unlike([Duration::ZERO; 2]), "its pause is late");
        // Where its pauses explain more than all, nothing is left to be unlike.
        assert!(!waits(&[[(10, 0), (300, 0)]; 2]).are_unlike([Duration::from_millis(300); 2]));
        let slower = Duration::from_millis(40);
        assert!(!waits(&[unlike; 2]).are_unlike([Duration::ZERO, slower]), "it is slow without waits too");
    }
}

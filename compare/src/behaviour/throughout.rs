//! What is so in all runs of an arm, and must not be: what is never seen although it was brought about, and what happens
//! every time; and how often it was looked for.
//!
//! In one run either may be by chance, because the machine keeps an actor away, or makes a thread wait. So no single run
//! decides.

use std::collections::BTreeMap;
use std::ops::Range;

use shared::{Level, Side};

use super::examination::Examination;
use super::finding::Finding;
use super::possible::{AtOnce, Seen, Unseen};
use super::quote::Exemplar;
use super::stalls::{How, Place};
use super::statistics::upper_bound;
use crate::lab::{Arm, OFTEN, Round, TRIES};

/// What is wrong with all runs of this arm.
pub(super) fn findings(arm: Arm, runs: &[Examination]) -> Vec<Finding> {
    let runs = ordinary(arm, runs);
    let watches = watches(arm, &runs);
    // What two watches see is told once.
    let seen: BTreeMap<&Place, Finding> = watches.iter().rev().flat_map(Watch::findings).collect();
    never(&runs).into_iter().chain(seen.into_values()).collect()
}

/// What would be wrong with all of them, and was not looked for in enough of them.
pub(super) fn untried(arm: Arm, runs: &[Examination]) -> Vec<String> {
    let runs = ordinary(arm, runs);
    let unseen = places(&runs).filter_map(|place| unseen_in_all(place, &runs));
    let unseen = unseen.filter(|unseen| tries(&runs, unseen).count() < TRIES);
    let unseen = unseen.filter_map(|unseen| Some(format!("{} on {arm}", unseen.first()?.what)));
    let watches = watches(arm, &runs);
    let too_few = watches.iter().filter(|watch| watch.runs.len() < watch.least);
    unseen.chain(too_few.map(|watch| format!("{arm} that {}", watch.what))).collect()
}

fn ordinary(arm: Arm, runs: &[Examination]) -> Vec<&Examination> {
    runs.iter().filter(|run| run.arm() == arm && run.is_ordinary()).collect()
}

/// What actors must not do to their threads in every one of some runs.
struct Watch<'a> {
    what: &'static str,
    hows: &'static [How],
    runs: Vec<&'a Examination>,
    /// How many runs it takes to be no chance.
    least: usize,
}

/// What the actors of this arm must not do, in which of these runs.
///
/// Where nobody waits, what is done instead of waiting isn't done either: so those without waits and those with them are
/// apart. In those in which actors meet, they are held, and tasks may have several threads.
fn watches<'a>(arm: Arm, runs: &[&'a Examination]) -> Vec<Watch<'a>> {
    let watch = |what, hows, least, are: &dyn Fn(&Round) -> bool| {
        let is = |run: &&&Examination| run.round().is_some_and(|round| round.meeting.is_none() && are(round));
        Watch { what, hows, runs: runs.iter().filter(is).copied().collect(), least }
    };
    match arm.side() {
        Side::Threaded => {
            let (busy, sleeps) = (&[How::Asks, How::Spins], &[How::Sleeps]);
            let mut watches =
                vec![watch("ask again and again, or are busy, in long waits", busy, TRIES, &Round::is_slow)];
            if runs.iter().any(|run| run.computes) {
                watches.push(watch("wait where they should compute", sleeps, OFTEN, &Round::is_calm));
            }
            watches
        }
        Side::Asynchronous => {
            let hows = &[How::Blocks, How::Computes, How::Asks];
            let alone = |paced: bool| move |round: &Round| round.alone(arm) && round.pace.is_zero() != paced;
            vec![
                watch("ask again and again in long waits", &[How::Asks], TRIES, &Round::is_slow),
                watch("block the thread which they share", hows, OFTEN, &alone(false)),
                watch("block that thread instead of pausing", hows, OFTEN, &alone(true)),
            ]
        }
    }
}

impl<'a> Watch<'a> {
    /// Where it was done in each of the runs.
    fn findings(&self) -> Vec<(&'a Place, Finding)> {
        let Some((first, others)) = self.runs.split_first().filter(|_| self.runs.len() >= self.least) else {
            return Vec::new();
        };
        let always = first.stalls.iter().filter(|(place, _)| {
            self.hows.contains(&place.how) && others.iter().all(|run| run.stalls.contains_key(place))
        });
        let found = always.map(|(place, events)| {
            let exemplar = Some(Exemplar::of(first.circumstances.run, events.clone()));
            let (what, runs) = (place.to_string(), self.runs.len());
            (place, Finding { level: Level::Laws, what, runs, exemplar, script: Vec::new() })
        });
        found.collect()
    }
}

/// What no run showed, though it was tried as often as is enough.
fn never(runs: &[&Examination]) -> Vec<Finding> {
    places(runs).filter_map(|place| never_seen(place, runs)).collect()
}

/// The places of all that must be possible.
fn places(runs: &[&Examination]) -> Range<usize> {
    0..runs.iter().map(|run| run.unseen.len()).max().unwrap_or(0)
}

fn never_seen(place: usize, runs: &[&Examination]) -> Option<Finding> {
    let unseen = unseen_in_all(place, runs)?;
    let mut tries = tries(runs, &unseen);
    let (first, Unseen { what, events, .. }) = tries.next()?;
    let tries = 1 + tries.count();
    if tries < TRIES {
        return None;
    }
    let exemplar = Some(Exemplar::of(first.circumstances.run, events.clone()));
    Some(Finding { level: Level::Laws, what: what.clone(), runs: tries, exemplar, script: Vec::new() })
}

/// What each run did not show of what must be possible; none where one did.
fn unseen_in_all<'a>(place: usize, runs: &[&'a Examination]) -> Option<Vec<&'a Unseen>> {
    runs.iter().map(|run| run.unseen.get(place).and_then(Option::as_ref)).collect()
}

/// The runs in which it was tried.
fn tries<'a>(
    runs: &[&'a Examination],
    unseen: &[&'a Unseen],
) -> impl Iterator<Item = (&'a Examination, &'a Unseen)> {
    runs.iter().copied().zip(unseen.iter().copied()).filter(|(_, unseen)| unseen.tried)
}

/// Of all that must be possible at once, how often it was.
pub(super) fn at_once(arms: [Arm; 2], runs: &[Examination]) -> Vec<AtOnce> {
    let runs = arms.map(|arm| (arm, ordinary(arm, runs)));
    let Some(first) = runs[0].1.first() else { return Vec::new() };
    let at_once = |(place, what): (usize, &String)| {
        let seen = runs.each_ref().map(|(arm, runs)| seen(*arm, runs, place, what));
        AtOnce { what: what.clone(), seen }
    };
    first.overlaps.iter().enumerate().map(at_once).collect()
}

fn seen(arm: Arm, runs: &[&Examination], place: usize, what: &str) -> Seen {
    let (mut shown, mut of, mut brought_about, mut tries) = (0, 0, 0, 0);
    for run in runs {
        let was = usize::from(run.unseen.get(place).is_some_and(Option::is_none));
        match run.round().and_then(|round| round.meeting.as_deref()) {
            None => (shown, of) = (shown + was, of + 1),
            Some(meeting) if meeting == what => (brought_about, tries) = (brought_about + was, tries + 1),
            // What is brought about otherwise says nothing.
            Some(_) => {}
        }
    }
    let at_most = upper_bound(shown as u64, of as u64);
    Seen { arm, shown, of, at_most, brought_about, tries }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::Pace;

    use super::super::tests::in_round;
    use super::{Examination, How, OFTEN, Place, TRIES, findings, untried};
    use crate::lab::{Arm, Round};

    /// So many runs of each arm, all made so, in which a worker did this: in all of them, or in all but the last.
    fn rounds(form: &Round, count: usize, how: How, last: bool) -> Vec<Examination> {
        let place = Place { role: "worker", last: "Working".into(), how };
        let mut runs = Vec::new();
        for arm in Arm::DEFAULT {
            for number in 1..=count {
                let did = number < count || last;
                let stalls = did.then(|| (place.clone(), Vec::new())).into_iter().collect();
                runs.push(in_round(arm, form.clone(), stalls));
            }
        }
        runs
    }

    #[test]
    fn what_is_done_in_every_run_of_enough_is_found() {
        let pace = Pace::new(0.2).expect("a pace");
        let [slow, calm] = [Round::at(101, pace), Round::at(8, Pace::ZERO)];
        let alone = Round { alone: true, noise: Some(1), ..calm.clone() };
        let paced = Round { pace, ..alone.clone() };
        let first = Round::at(1, pace);
        let meeting = Round { meeting: Some("all at once".into()), ..slow.clone() };
        let [threads, tasks] = Arm::DEFAULT;
        let cases = [
            (&slow, TRIES, How::Asks, vec![threads, tasks]),
            (&slow, TRIES, How::Spins, vec![threads]),
            (&slow, OFTEN, How::Sleeps, vec![]),
            (&calm, OFTEN, How::Sleeps, vec![threads]),
            (&calm, OFTEN, How::Spins, vec![]),
            (&alone, OFTEN, How::Blocks, vec![tasks]),
            (&paced, OFTEN, How::Computes, vec![tasks]),
            (&paced, OFTEN, How::Asks, vec![tasks]),
            (&first, OFTEN, How::Asks, vec![]),
            (&meeting, OFTEN, How::Asks, vec![]),
        ];
        for (form, count, how, due) in cases {
            let found = |count, last| -> Vec<Arm> {
                let runs = rounds(form, count, how, last);
                Arm::DEFAULT.into_iter().filter(|arm| !findings(*arm, &runs).is_empty()).collect()
            };
            assert_eq!(found(count, true), due, "{form:?} {how:?}");
            assert_eq!(found(count - 1, true), [], "{form:?} {how:?}, in too few");
            assert_eq!(found(count, false), [], "{form:?} {how:?}, but for the last");
        }
    }

    #[test]
    fn what_two_kinds_of_runs_show_is_told_once() {
        let slow = Round::at(101, Pace::NOTEBOOK);
        let alone = Round { alone: true, noise: Some(1), ..Round::at(8, Pace::ZERO) };
        let runs = [rounds(&slow, TRIES, How::Asks, true), rounds(&alone, OFTEN, How::Asks, true)].concat();
        let [_, tasks] = Arm::DEFAULT;
        assert_eq!(findings(tasks, &runs).len(), 1);
    }

    #[test]
    fn what_too_few_runs_look_for_is_named() {
        let [threads, tasks] = Arm::DEFAULT;
        let untried = |arm, runs: &[_]| untried(arm, runs).into_iter().collect::<BTreeSet<_>>();
        let none = rounds(&Round::at(1, Pace::ZERO), 1, How::Asks, false);
        assert_eq!((untried(threads, &none).len(), untried(tasks, &none).len()), (2, 3));
        let slow = rounds(&Round::at(101, Pace::NOTEBOOK), TRIES, How::Asks, false);
        let left = ["threads that wait where they should compute".to_owned()];
        assert_eq!(untried(threads, &slow), left.into());
    }
}

//! What is so in all runs of an arm, and must not be: what is never seen although it was brought about, and what happens
//! every time; and how often it was looked for.
//!
//! In one run either may be by chance, because the machine keeps an actor away, or makes a thread wait. So no single run
//! decides.

use shared::{Level, Side};

use super::examination::Examination;
use super::finding::Finding;
use super::possible::{AtOnce, Seen, Unseen};
use super::quote::Exemplar;
use super::stalls::{How, Place};
use super::statistics::upper_bound;
use crate::lab::{Arm, OFTEN, TRIES};

/// What is wrong with all runs of this arm.
pub(super) fn findings(arm: Arm, runs: &[Examination]) -> Vec<Finding> {
    let runs = ordinary(arm, runs);
    let mut findings = never(&runs);
    findings.extend(alone(arm, &runs).into_iter().flat_map(|runs| always(&runs)));
    findings
}

/// What would be wrong with all of them, and was not looked for in enough of them.
pub(super) fn untried(arm: Arm, runs: &[Examination]) -> Vec<String> {
    let runs = ordinary(arm, runs);
    let overlaps = runs.first().map_or(&[][..], |run| &run.overlaps);
    let untried = (0..).zip(overlaps).filter(|(place, _)| {
        unseen_in_all(*place, &runs).is_some_and(|unseen| tries(&runs, &unseen).count() < TRIES)
    });
    let mut untried: Vec<String> = untried.map(|(_, overlap)| format!("{overlap} on {arm}")).collect();
    if arm.side() == Side::Asynchronous {
        let what = ["block the thread which they share", "block it instead of pausing"];
        let too_few = alone(arm, &runs).into_iter().zip(what).filter(|(runs, _)| runs.len() < OFTEN);
        untried.extend(too_few.map(|(_, what)| format!("{arm} that {what}")));
    }
    untried
}

fn ordinary(arm: Arm, runs: &[Examination]) -> Vec<&Examination> {
    runs.iter().filter(|run| run.arm() == arm && run.is_ordinary()).collect()
}

/// The runs whose tasks share one thread, without waits and with them: where nobody waits, what is done instead of
/// waiting isn't done either. In those in which actors meet, tasks may have several threads, which nobody watches.
fn alone<'a>(arm: Arm, runs: &[&'a Examination]) -> [Vec<&'a Examination>; 2] {
    [false, true].map(|waits| {
        let is = |run: &&&Examination| {
            run.round().is_some_and(|round| {
                round.alone(arm) && round.meeting.is_none() && round.pace.is_zero() != waits
            })
        };
        runs.iter().filter(is).copied().collect()
    })
}

/// What no run showed, though it was tried as often as is enough.
fn never(runs: &[&Examination]) -> Vec<Finding> {
    let possible = runs.iter().map(|run| run.unseen.len()).max().unwrap_or(0);
    (0..possible).filter_map(|place| never_seen(place, runs)).collect()
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

/// Where a task holds up the thread that all share, in each of these runs.
fn always(runs: &[&Examination]) -> Vec<Finding> {
    let Some((first, others)) = runs.split_first().filter(|_| runs.len() >= OFTEN) else { return Vec::new() };
    let always =
        first.stalls.iter().filter(|(place, _)| others.iter().all(|run| run.stalls.contains_key(place)));
    let found = always.map(|(Place { role, last, how }, events)| {
        let what = match how {
            How::Blocks => format!("{role} blocks its thread, and every task there, in a poll that comes to `{last}`"),
            How::Polls => format!("{role} doesn't wait after `{last}`, but asks again and again"),
            How::Computes => format!(
                "{role} computes for long, and keeps every task of its thread waiting, in a poll that comes to `{last}`"
            ),
        };
        let exemplar = Exemplar::of(first.circumstances.run, events.clone());
        Finding { level: Level::Laws, what, runs: runs.len(), exemplar: Some(exemplar), script: Vec::new() }
    });
    found.collect()
}

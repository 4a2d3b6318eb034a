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
use crate::lab::{Arm, OFTEN, Round, TRIES};

/// What is wrong with all runs of this arm.
pub(super) fn findings(arm: Arm, runs: &[Examination]) -> Vec<Finding> {
    let runs = ordinary(arm, runs);
    let mut findings = never(&runs);
    findings.extend(watches(arm, &runs).iter().flat_map(Watch::findings));
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
    let too_few = watches(arm, &runs).into_iter().filter(|watch| watch.runs.len() < watch.least);
    untried.extend(too_few.map(|watch| format!("{arm} that {}", watch.what)));
    untried
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
/// apart. In those in which actors meet, tasks may have several threads, which nobody watches.
fn watches<'a>(arm: Arm, runs: &[&'a Examination]) -> Vec<Watch<'a>> {
    let watch = |what, hows, least, are: &dyn Fn(&Round) -> bool| {
        let is = |run: &&&Examination| run.round().is_some_and(|round| round.meeting.is_none() && are(round));
        Watch { what, hows, runs: runs.iter().filter(is).copied().collect(), least }
    };
    let waits = |slow: bool| {
        move |round: &Round| round.noise.is_none() && !round.pace.is_zero() && round.is_slow() == slow
    };
    let asks = &[How::Asks];
    let mut watches = vec![
        // Of waking over and over, unlike of the rest, a machine does nothing by itself.
        watch("ask again and again", asks, 1, &waits(false)),
        watch("ask again and again where they wait for long", asks, TRIES, &waits(true)),
    ];
    match arm.side() {
        Side::Threaded => watches.extend([
            watch("are busy where they should wait", &[How::Spins], TRIES, &waits(true)),
            watch("wait where they should compute", &[How::Waits], OFTEN, &Round::is_calm),
        ]),
        Side::Asynchronous => {
            let hows = &[How::Blocks, How::Computes, How::Asks];
            let alone = |paced: bool| move |round: &Round| round.alone(arm) && round.pace.is_zero() != paced;
            watches.extend([
                watch("block the thread which they share", hows, OFTEN, &alone(false)),
                watch("block it instead of pausing", hows, OFTEN, &alone(true)),
            ]);
        }
    }
    watches
}

impl Watch<'_> {
    /// Where it was done in each of the runs.
    fn findings(&self) -> Vec<Finding> {
        let Some((first, others)) = self.runs.split_first().filter(|_| self.runs.len() >= self.least) else {
            return Vec::new();
        };
        let always = first.stalls.iter().filter(|(place, _)| {
            self.hows.contains(&place.how) && others.iter().all(|run| run.stalls.contains_key(place))
        });
        let found = always.map(|(Place { role, last, how }, events)| {
            let what = match how {
                How::Blocks => {
                    format!("{role} blocks its thread, and every task there, in a poll that comes to `{last}`")
                }
                How::Computes => format!(
                    "{role} computes for long, and keeps every task of its thread waiting, in a poll that comes to `{last}`"
                ),
                How::Spins => format!("{role} doesn't wait after `{last}`, but keeps its core busy"),
                How::Waits => format!("{role} doesn't only compute after `{last}`, but waits for others"),
                How::Asks => format!("{role} doesn't wait after `{last}`, but asks again and again"),
            };
            let exemplar = Some(Exemplar::of(first.circumstances.run, events.clone()));
            Finding { level: Level::Laws, what, runs: self.runs.len(), exemplar, script: Vec::new() }
        });
        found.collect()
    }
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

//! What is so in all runs of an arm, and must not be: what is never seen although it was brought about, and what happens
//! every time.
//!
//! In one run either may be by chance, because the machine keeps an actor away, or makes a thread wait. So no single run
//! decides.

use shared::Level;

use super::examination::Examination;
use super::finding::Finding;
use super::possible::Unseen;
use super::quote::Exemplar;
use super::stalls::{How, Place};
use crate::lab::{Arm, OFTEN, TRIES};

/// What is wrong with all runs of this arm.
pub(super) fn findings(arm: Arm, runs: &[Examination]) -> Vec<Finding> {
    let runs: Vec<&Examination> = runs.iter().filter(|run| run.arm() == arm && run.is_ordinary()).collect();
    let mut findings = never(&runs);
    for waits in [false, true] {
        // Where nobody waits, what is done instead of waiting isn't done either.
        let alone = |run: &&&Examination| {
            run.round().is_some_and(|round| round.alone(arm) && round.pace.is_zero() != waits)
        };
        findings.extend(always(&runs.iter().filter(alone).copied().collect::<Vec<_>>()));
    }
    findings
}

/// What no run showed, though it was tried as often as is enough.
fn never(runs: &[&Examination]) -> Vec<Finding> {
    let possible = runs.iter().map(|run| run.unseen.len()).max().unwrap_or(0);
    (0..possible).filter_map(|place| never_seen(place, runs)).collect()
}

fn never_seen(place: usize, runs: &[&Examination]) -> Option<Finding> {
    let unseen: Vec<&Unseen> =
        runs.iter().map(|run| run.unseen.get(place).and_then(Option::as_ref)).collect::<Option<_>>()?;
    let mut tries = runs.iter().zip(unseen).filter(|(_, unseen)| unseen.tried);
    let (first, Unseen { what, events, .. }) = tries.next()?;
    let tries = 1 + tries.count();
    if tries < TRIES {
        return None;
    }
    let exemplar = Some(Exemplar::of(first.circumstances.run, events.clone()));
    Some(Finding { level: Level::Laws, what: what.clone(), runs: tries, exemplar, script: Vec::new() })
}

/// Where a task holds up the thread that all share, in each of these runs.
fn always(runs: &[&Examination]) -> Vec<Finding> {
    let Some((first, others)) = runs.split_first().filter(|_| runs.len() >= OFTEN) else { return Vec::new() };
    let always =
        first.stalls.iter().filter(|(place, _)| others.iter().all(|run| run.stalls.contains_key(place)));
    let found = always.map(|(Place { role, last, how }, events)| {
        let what = match how {
            How::Blocks => format!("{role} blocks its thread, and every task there, in a poll that comes to `{last}`"),
            How::Computes => format!(
                "{role} computes for long, and keeps every task of its thread waiting, in a poll that comes to `{last}`"
            ),
        };
        let exemplar = Exemplar::of(first.circumstances.run, events.clone());
        Finding { level: Level::Laws, what, runs: runs.len(), exemplar: Some(exemplar), script: Vec::new() }
    });
    found.collect()
}

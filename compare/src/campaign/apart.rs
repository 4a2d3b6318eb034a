//! Each pair in a process of its own: whatever it does there, the others are compared.

use std::mem;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use super::all::{self, Runner};
use super::children::Apart;
use super::diff::{Diffed, Request};
use super::findings::Findings;
use super::judged::Judged;
use super::order::Task;
use super::show::Looked;
use super::timed::Timed;
use super::weighed::Weighed;
use crate::cost::{Carrier, Cost, Depth, costs};
use crate::lab::{Arm, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Effort, Exit, Report};
use crate::timing::Process;

impl Apart {
    /// Compares these pairs, the first of these arms with each of the others. A pair that fails doesn't keep the others
    /// from being compared; an interruption ends it all, and what was compared until then is in the report.
    pub fn compare(&mut self, pairs: &[Pair], arms: &[Arm], effort: &Effort) -> (Report, Exit) {
        all::compare_all(pairs, arms, self, effort)
    }

    /// Runs both arms of a pair as often as asked, and says how they behave. A failure is a behaviour.
    pub fn diff(&mut self, pair: &Pair, request: &Request<'_>) -> Diffed {
        let arms = request.arms;
        let task = Task::Diff { arms, rounds: request.rounds.into(), lanes: request.reading.lanes };
        self.progress.begin(pair.problem().card().slug);
        let asked = self.ask(pair, task, request.kept);
        self.progress.end();
        asked.unwrap_or_else(|mut lost| {
            let rounds = mem::take(&mut lost.rounds);
            let (behaviour, interrupted) = lost.end(arms);
            let (plan, lanes) = (pair.problem().plan(), Vec::new());
            Diffed { plan, behaviour, rounds, interrupted, unkept: None, lanes }
        })
    }

    /// Runs one arm of a pair once, at the pace of the settings.
    pub fn show(&mut self, pair: &Pair, arm: Arm) -> Looked {
        self.ask(pair, Task::Show { arm }, None)
            .unwrap_or_else(|lost| Looked { shown: None, failure: Some(lost.failure) })
    }

    /// What a run of one arm of a pair takes of memory, with waits.
    pub fn weigh(&self, pair: &Pair, arm: Arm) -> Weighed {
        self.progress.weigh(pair.problem().card().slug);
        let asked = self.ask(pair, Task::Weigh { arm }, None);
        asked.unwrap_or_else(|lost| Weighed { bytes: None, failure: Some(lost.failure) })
    }
}

impl Apart {
    /// How these arms of a pair behave.
    fn judge(&self, pair: &Pair, arms: [Arm; 2]) -> Judged {
        self.progress.begin(pair.problem().card().slug);
        self.ask(pair, Task::Judge { arms }, None).unwrap_or_else(|lost| {
            let (behaviour, interrupted) = lost.end(arms);
            let report = Findings::new(pair.problem(), arms, 0).report(behaviour);
            Judged { report: (!interrupted).then(|| Box::new(report)), rounds: 0, interrupted }
        })
    }

    /// How these arms of these pairs behave, in their order, and when each was judged.
    fn judge_two_at_once(&self, all: &[(&Pair, [Arm; 2])]) -> Vec<(Judged, Range<Instant>)> {
        let next = AtomicUsize::new(0);
        let some = || {
            let mut some = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(&(pair, arms)) = all.get(place) else { break some };
                let began = Instant::now();
                let judged = self.judge(pair, arms);
                let is_last = judged.interrupted;
                some.push((place, (judged, began..Instant::now())));
                if is_last {
                    break some;
                }
            }
        };
        let mut judged = thread::scope(|scope| {
            // Where the system has no room for another thread, one does it all.
            let other = thread::Builder::new().spawn_scoped(scope, some);
            let mut judged = some();
            judged.extend(other.into_iter().flat_map(|other| other.join().expect("it passes on no panic")));
            judged
        });
        judged.sort_by_key(|(place, _)| *place);
        judged.into_iter().map(|(_, judged)| judged).collect()
    }
}

impl Runner for Apart {
    const LAST: Exit = Exit::Interrupted;

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Two at once: what is judged waits for most of its time. Where two fail at the same time, the one may have taken from
    /// the other what the machine has: so both are judged again, each alone. One that fails beside one that doesn't is not:
    /// what it shows now and then would be lost.
    fn judge_all(&mut self, all: &[(&Pair, [Arm; 2])]) -> Vec<Judged> {
        let mut judged = self.judge_two_at_once(all);
        let failed = judged.iter().enumerate().filter(|(_, (judged, _))| judged.has_failed());
        let failed: Vec<(usize, Range<Instant>)> =
            failed.map(|(place, (_, during))| (place, during.clone())).collect();
        let meet =
            |one: &Range<Instant>, other: &Range<Instant>| one.start < other.end && other.start < one.end;
        for (place, during) in &failed {
            let another = failed.iter().any(|(other, time)| other != place && meet(during, time));
            let (pair, arms) = all[*place];
            let again = (another && !self.is_interrupted()).then(|| self.judge(pair, arms));
            if let Some(again) = again.filter(|again| !again.interrupted) {
                judged[*place].0 = again;
            }
        }
        judged.into_iter().map(|(judged, _)| judged).collect()
    }

    fn costs(&self, arms: &[Arm]) -> Option<Vec<Cost>> {
        // How often a thread waits for another is told in what threads cost, whichever arms are compared.
        // An idiom is a text, and costs what it runs on.
        let arms = arms.iter().copied().filter(|arm| !arm.is_idiom());
        let mut carriers: Vec<Arm> = arms.chain([Arm::THREADS]).collect();
        carriers.sort_unstable();
        carriers.dedup();
        let carriers: Vec<Carrier> = carriers.into_iter().map(Carrier::Arm).collect();
        costs(self.program(), &carriers, Depth::Report, &|| self.is_interrupted()).ok()
    }

    fn time(&mut self, pair: &Pair, arms: [Arm; 2], after: u32) -> Timed {
        self.ask(pair, Task::Time { arms, after }, None).unwrap_or_else(|lost| {
            let (behaviour, interrupted) = lost.end(arms);
            Timed { behaviour, process: Process::default(), interrupted }
        })
    }
}

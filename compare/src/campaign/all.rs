//! All pairs of one call: each is judged, and then all that agree are timed, each by several processes.

use std::time::{Duration, Instant};

use shared::Pattern;

use super::judged::{self, Judged};
use super::timed::{self, Timed};
use crate::archive::SCHEMA;
use crate::cost::Cost;
use crate::lab::{Arm, Environment, Lab, Load, Progress, Settings, comparisons, disturbance};
use crate::pair::Pair;
use crate::report::{Effort, Exit, PairReport, Report, Timing};
use crate::timing::{MOST, Process, Ratio, Terms, Winner, needed};

/// Who makes the runs of a comparison: this process, or one of its own for each question.
pub(super) trait Runner {
    /// Where a pair ends so, or worse, no more are compared.
    const LAST: Exit;

    fn settings(&self) -> &Settings;

    fn progress(&self) -> &Progress;

    /// How these arms of these pairs behave, in their order, until one ends it all. A failure is a behaviour.
    fn judge_all(&mut self, all: &[(&Pair, [Arm; 2])]) -> Vec<Judged>;

    /// What these arms cost, if that can be measured here.
    fn costs(&self, arms: &[Arm]) -> Option<Vec<Cost>>;

    /// How long they take in another process, where so many runs of each were made before.
    fn time(&mut self, pair: &Pair, arms: [Arm; 2], after: u32) -> Timed;
}

impl Runner for Lab {
    /// Threads that passed their deadline can't be stopped, and may still use the machine.
    const LAST: Exit = Exit::Deadline;

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn progress(&self) -> &Progress {
        Self::progress(self)
    }

    fn judge_all(&mut self, all: &[(&Pair, [Arm; 2])]) -> Vec<Judged> {
        let mut judged: Vec<Judged> = Vec::new();
        for &(pair, arms) in all {
            let is_last = |last: &Judged| last.exit() >= Self::LAST;
            if judged.last().is_some_and(is_last) {
                break;
            }
            self.progress().begin(pair.problem().card().slug);
            judged.push(judged::judge(pair, arms, self));
        }
        judged
    }

    /// It would be measured in a process of its own.
    fn costs(&self, _arms: &[Arm]) -> Option<Vec<Cost>> {
        None
    }

    fn time(&mut self, pair: &Pair, arms: [Arm; 2], after: u32) -> Timed {
        timed::time(pair, arms, self, after)
    }
}

/// Compares these pairs, the first of these arms with each of the others, all in this process, which then stands for all
/// those that time them. A pair that fails doesn't keep the others from being compared. An interruption ends it all, and so
/// does a run that passes its deadline. What was compared until then is in the report.
pub fn compare(pairs: &[Pair], arms: &[Arm], lab: &mut Lab, effort: &Effort) -> (Report, Exit) {
    compare_all(pairs, arms, lab, effort)
}

/// Two arms of a pair that were judged.
struct Contender<'a> {
    pair: &'a Pair,
    arms: [Arm; 2],
    report: Box<PairReport>,
    /// How many rounds it was judged by.
    rounds: u32,
    /// How long its processes took.
    spent: Duration,
    /// How much longer it takes to decide it, if more processes come out like these; none where they would not. Nothing is
    /// known of one that has none.
    rest: Option<Duration>,
    processes: Vec<Process>,
}

impl Contender<'_> {
    /// Whether more processes are to time it: until it is decided, or there are as many as are asked for.
    fn is_open(&self, effort: &Effort, terms: Terms) -> bool {
        let made = self.processes.len();
        let enough = effort.processes.unwrap_or(MOST) as usize;
        let decides = |ratio: Ratio| ratio.winner != Winner::Open;
        let is_decided = effort.processes.is_none() && Ratio::of(&self.processes, terms).is_some_and(decides);
        self.report.untimed.is_none() && made < enough && !is_decided
    }

    /// Adds what a process has measured in this time.
    fn add(&mut self, process: Process, spent: Duration, terms: Terms) {
        self.processes.push(process);
        self.spent += spent;
        let made = self.processes.len();
        self.rest = needed(&self.processes, terms)
            .map(|needed| (self.spent / count(made)).saturating_mul(count(needed - made)));
    }
}

fn count(processes: usize) -> u32 {
    u32::try_from(processes).expect("there are at most a thousand")
}

pub(super) fn compare_all<R: Runner>(
    pairs: &[Pair],
    arms: &[Arm],
    runner: &mut R,
    effort: &Effort,
) -> (Report, Exit) {
    let (start, load) = (Instant::now(), Load::begin());
    let all = comparisons(arms).into_iter().flat_map(|arms| pairs.iter().map(move |pair| (pair, arms)));
    let all: Vec<(&Pair, [Arm; 2])> = all.collect();
    let judged = runner.judge_all(&all);
    let mut worst = judged.iter().map(Judged::exit).max().unwrap_or(Exit::Agree);
    let contenders = all.iter().zip(judged).filter_map(|(&(pair, arms), Judged { report, rounds, .. })| {
        let (spent, processes) = (Duration::ZERO, Vec::new());
        Some(Contender { pair, arms, report: report?, rounds, spent, rest: Some(spent), processes })
    });
    let mut contenders: Vec<Contender<'_>> = contenders.collect();
    let terms = |others| Terms::new(effort.min_effect, all.len()).disturbed(disturbance(others));
    // What others do may change at any time.
    let terms_now = || terms(load.of_others());
    let mut costs = None;
    if worst < R::LAST {
        // Where nobody is timed, there is nothing to explain.
        if contenders.iter().any(|contender| contender.report.untimed.is_none()) {
            costs = runner.costs(arms);
        }
        worst = worst.max(time_all(&mut contenders, runner, effort, &terms_now, start));
    }
    runner.progress().end();
    let why = if worst == Exit::Interrupted {
        "interrupted"
    } else {
        "a run that passed its deadline still goes on"
    };
    let others_cores = load.of_others();
    let terms = terms(others_cores);
    let reported = contenders.into_iter().map(|Contender { mut report, processes, .. }| {
        if report.untimed.is_none() {
            report.timing = Timing::of(processes, terms);
        }
        if report.timing.is_none() {
            report.untimed.get_or_insert_with(|| why.into());
        }
        *report
    });
    let mut report = Report {
        schema: SCHEMA,
        environment: Environment::here(),
        settings: runner.settings().clone(),
        arms: arms.into(),
        effort: effort.clone(),
        costs,
        others_cores,
        interrupted: worst == Exit::Interrupted,
        selected: all.len(),
        pairs: reported.collect(),
    };
    report.explain();
    (report, worst)
}

/// Times those that agree, each once at least, and then until the budget is used, unless the number of processes is fixed.
fn time_all<R: Runner>(
    contenders: &mut [Contender<'_>],
    runner: &mut R,
    effort: &Effort,
    terms: &dyn Fn() -> Terms,
    start: Instant,
) -> Exit {
    let mut worst = Exit::Agree;
    while worst < R::LAST {
        let terms = terms();
        let left = if effort.processes.is_some() {
            Duration::MAX
        } else {
            effort.budget.saturating_sub(start.elapsed())
        };
        let open = contenders.iter_mut().filter(|contender| contender.is_open(effort, terms));
        let Some(next) = next(open.collect(), left) else { break };
        let number = count(next.processes.len());
        if number > 0 && left.is_zero() {
            break;
        }
        runner.progress().time(next.pair.problem().card().slug, number);
        let began = Instant::now();
        let Timed { behaviour, process, interrupted } = runner.time(next.pair, next.arms, next.rounds);
        if interrupted {
            return Exit::Interrupted;
        }
        if behaviour.forbids_timing().is_none() {
            next.add(process, began.elapsed(), terms);
        } else {
            worst = worst.max(Exit::of(&behaviour));
            next.report.behave(behaviour);
        }
    }
    worst
}

/// Which of these open ones is timed next, where so much time is left: of those that can still be decided together, or of
/// all where none can, the one that has taken the least time so far.
///
/// So a busy second doesn't fall on one of them alone; and one whose runs take long, or that is too close to be decided,
/// doesn't keep many others from it. Not taken: the one that is decided soonest, whose processes would follow each other.
fn next<'a, 'b>(mut open: Vec<&'a mut Contender<'b>>, left: Duration) -> Option<&'a mut Contender<'b>> {
    open.sort_by_key(|contender| contender.rest.unwrap_or(Duration::MAX));
    let mut sum = Duration::ZERO;
    let can_be_decided = open.iter().take_while(|contender| {
        sum = sum.saturating_add(contender.rest.unwrap_or(Duration::MAX));
        sum <= left
    });
    let decidable = can_be_decided.count();
    if decidable > 0 {
        open.truncate(decidable);
    }
    open.into_iter().min_by_key(|contender| contender.spent)
}

/// How long a report of so many pairs takes at most, if nobody says: less than half a minute for all in two arms, and less
/// for fewer.
pub fn budget(pairs: usize) -> Duration {
    const ALL: u64 = 29;
    const LEAST: u64 = 8;
    let (pairs, patterns) = (pairs as u64, Pattern::all().count() as u64);
    Duration::from_secs((ALL * pairs.max(patterns) / patterns).min(2 * pairs).max(LEAST))
}

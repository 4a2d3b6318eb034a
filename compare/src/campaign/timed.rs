//! How long both arms of a pair take.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{Pace, Side};

use super::findings::{Failed, Findings};
use super::judged::judge_round;
use crate::behaviour::{Behaviour, Circumstances};
use crate::lab::{Arm, Completed, Flavour, Lab, ROUNDS, Round, Settings, Usage};
use crate::pair::{Pair, Problem};
use crate::report::{PairReport, StopwatchReport, Timing};
use crate::timing::{Ratio, Regime, Samples, chain_of_pauses, order, regimes, timer_error};

/// How many runs of each arm warm it up before it is timed, without waits. They are judged, so that what is timed is held
/// to them.
const WARM_UP: u32 = 1;

/// How many runs the comparison of one pair makes, if nothing goes wrong.
pub fn runs(settings: &Settings) -> u64 {
    let timing = regimes(settings.pace).count() as u64 * u64::from(settings.runs);
    2 * (u64::from(ROUNDS.0 + WARM_UP) + timing)
}

/// How long both arms of a pair take.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Timed {
    /// How they behaved meanwhile.
    pub(super) behaviour: Behaviour,
    pub(super) measured: Measured,
    pub(super) interrupted: bool,
}

/// The times of one pair; what is of each arm stands in the order of the comparison.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Measured {
    paced: Samples,
    coordination: Samples,
    /// A place for each stopwatch.
    watched: Vec<Samples>,
    /// What all timed runs used of the machine together; none without any.
    used: [Option<Usage>; 2],
    /// How much later than a thread's a task's timer is.
    pub(super) timer_error: Option<Duration>,
    /// The longest chain of pauses in a run with waits.
    chain: u32,
}

/// Times both arms of a pair, where so many runs of each were made before. A failure is a behaviour.
pub(super) fn time(pair: &Pair, lab: &mut Lab, after: u32, known: Option<Duration>) -> Timed {
    let mut findings = Findings::new(pair.problem(), lab.arms(), after);
    let timer_error = known.or_else(|| Some(timer_error(lab)));
    let mut measured = Measured { timer_error, ..Measured::default() };
    let failed = time_regimes(pair, lab, &mut findings, &mut measured).err();
    let (behaviour, interrupted) = findings.end(failed);
    Timed { behaviour, measured, interrupted }
}

fn time_regimes(
    pair: &Pair,
    lab: &mut Lab,
    findings: &mut Findings<'_>,
    measured: &mut Measured,
) -> Result<(), Box<Failed>> {
    let alone = lab.settings.runtime == Flavour::Current;
    for _ in 0..WARM_UP {
        let number = findings.next(lab.arms()[0]).number;
        let round = Round { alone, ..Round::at(number, Pace::ZERO) };
        judge_round(pair, lab, &round, findings, &mut |_, _, _| {})?;
    }
    for (regime, pace) in regimes(lab.settings.pace) {
        for round in 0..lab.settings.runs {
            for arm in order(lab.arms(), round) {
                let name = findings.next(arm);
                lab.progress().begin_run(arm, name.number, None);
                let setting = lab.timed(pair, arm, pace);
                let failed = |broken| Box::new(Failed { run: name, round: None, broken });
                let run = lab.run(pair, arm, setting).map_err(failed)?;
                findings.note(pair.problem(), Circumstances::timed(name), &run.yielded, &run.trace);
                measured.note(regime, findings.place(arm), &run, pair.problem());
            }
        }
    }
    Ok(())
}

impl Timed {
    /// The times of a pair of which a run failed, or was to be made no more.
    pub(super) fn ended(behaviour: Behaviour, interrupted: bool) -> Self {
        Self { behaviour, measured: Measured::default(), interrupted }
    }

    /// Whether these can be the times of such a pair.
    pub(super) fn are_of(&self, problem: &dyn Problem, settings: &Settings) -> bool {
        let Measured { paced, coordination, watched, .. } = &self.measured;
        let times = [paced, coordination].into_iter().chain(watched).flat_map(|Samples(times)| times);
        let most = settings.runs as usize;
        watched.len() <= problem.stopwatches().len() && times.map(Vec::len).all(|times| times <= most)
    }

    /// Adds the times to what is known of a pair. If it behaved otherwise than it may while it was timed, that is said
    /// instead.
    pub(super) fn add_to(self, report: &mut PairReport, problem: &dyn Problem) {
        let Self { behaviour, measured, interrupted } = self;
        if interrupted && measured.used.contains(&None) {
            // Nothing is known of either.
        } else if behaviour.verdict.agrees() {
            measured.add_to(report, problem);
        } else {
            report.behave(behaviour);
        }
    }
}

impl Measured {
    /// Notes a run of the arm in this place.
    fn note(&mut self, regime: Regime, place: usize, run: &Completed, problem: &dyn Problem) {
        let used = &mut self.used[place];
        *used = Some(used.map_or(run.usage, |used| used.plus(run.usage)));
        // The notebook's own waits are a part of the times that it prints, so the paced runs, if any, are shown.
        if regime == Regime::Paced || self.paced.is_empty() {
            let stopwatches = problem.stopwatches();
            self.watched.resize_with(stopwatches.len(), Samples::default);
            for (watch, Samples(times)) in stopwatches.iter().zip(&mut self.watched) {
                times[place].push(run.trace.between(watch.from, watch.to).unwrap_or_default());
            }
        }
        let Samples(times) = match regime {
            Regime::Paced => {
                self.chain = self.chain.max(chain_of_pauses(&run.trace));
                &mut self.paced
            }
            Regime::Coordination => &mut self.coordination,
        };
        times[place].push(run.trace.elapsed().unwrap_or_default());
    }

    fn add_to(self, report: &mut PairReport, problem: &dyn Problem) {
        let Self { paced, coordination, watched, used, timer_error, chain } = self;
        // Tasks have the slower timer; where both arms are tasks, both have.
        let [one, other] = report.behaviour.arms.map(Arm::side);
        let late = timer_error.unwrap_or_default().saturating_mul(chain);
        let excused = [one, other]
            .map(|side| if one != other && side == Side::Asynchronous { late } else { Duration::ZERO });
        report.timing = Some(Timing {
            paced: Ratio::of(&paced, excused),
            coordination: Ratio::of(&coordination, [Duration::ZERO; 2]),
        });
        let stopwatches = problem.stopwatches().into_iter().zip(&watched);
        let stopwatches =
            stopwatches.filter_map(|(watch, samples)| StopwatchReport::of(watch.label, samples));
        report.stopwatches = stopwatches.collect();
        for (place, side) in report.sides().into_iter().enumerate() {
            let times = |samples: &Samples| (!samples.is_empty()).then(|| samples.0[place].clone());
            side.samples_ns.paced = times(&paced);
            side.samples_ns.coordination = times(&coordination);
            side.usage = used[place].unwrap_or_default();
        }
    }
}

//! A pair: the two solutions of one pattern, and how they are compared.

use std::fmt::{self, Debug};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};
use shared::{Blocking, Card, Difference, Pace, Setting, Side, Suspending, Trace, Workload};

use crate::archive::{Contents, Ended, ReadError};
use crate::behaviour::{Behaviour, Circumstances, RunName};
use crate::diff::{Diffed, Reading, Request};
use crate::findings::{Findings, Measured};
use crate::lab::{Broken, Completed, Failure, Lab, Settings};
use crate::plan::{self, PlanError};
use crate::report::PairReport;
use crate::rounds::{ROUNDS, Round};
use crate::shown::Shown;
use crate::timing::{Regime, order};

/// The two solutions of one pattern, whatever its workload.
pub struct Pair(Box<dyn Contest>);

impl Pair {
    /// The pair of these two, with the notebook's plan.
    pub fn of<W, T, A>(threaded: T, asynchronous: A) -> Self
    where
        W: Workload,
        T: Blocking<W>,
        A: Suspending<W>,
    {
        let (threaded, asynchronous) = (Arc::new(threaded), Arc::new(asynchronous));
        Self(Box::new(Solutions { plan: W::default(), threaded, asynchronous }))
    }

    /// The pattern's entry in the catalogue.
    pub fn card(&self) -> Card {
        self.0.card()
    }

    /// The fields of the plan, by name.
    pub fn plan(&self) -> Map<String, Value> {
        self.0.plan()
    }

    /// Sets a field of the plan.
    ///
    /// # Errors
    /// If there is no such field, or it can't hold this value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), PlanError> {
        self.0.set(key, value)
    }

    /// Where the two sides differ by nature.
    pub fn differences(&self) -> Vec<Difference> {
        self.0.differences()
    }

    /// How many runs a comparison makes, if nothing goes wrong.
    pub fn runs(settings: &Settings) -> u64 {
        let timing = regimes(settings).len() as u64 * u64::from(settings.runs + WARM_UP);
        2 * (u64::from(ROUNDS.0) + timing)
    }

    /// Compares how both sides behave and, if they agree, how long they take. A failure is a part of the report.
    pub fn compare(&self, lab: &mut Lab) -> Compared {
        self.0.compare(lab)
    }

    /// Compares how both sides behave, and how they differ. A failure is a behaviour.
    pub fn diff(&self, lab: &mut Lab, request: Request<'_>) -> Diffed {
        self.0.diff(lab, request)
    }

    /// The same of runs that were kept, without running.
    ///
    /// # Errors
    /// If they can't be read.
    pub fn read(&self, folder: &Path, contents: &Contents, reading: Reading) -> Result<Diffed, ReadError> {
        self.0.read(folder, contents, reading)
    }

    /// Runs one side once, at the pace of the settings.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn show(&self, side: Side, lab: &mut Lab) -> Result<Shown, Failure> {
        self.0.show(side, lab)
    }
}

impl Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pair").field(&self.card().slug).finish()
    }
}

/// What a comparison comes to.
#[derive(Debug)]
pub enum Compared {
    /// The whole comparison.
    Whole(Box<PairReport>),
    /// The user wanted no more: what was compared until then, if both sides had run.
    Interrupted(Option<Box<PairReport>>),
}

/// A pair without the type of its workload.
trait Contest: Send + Sync {
    fn card(&self) -> Card;
    fn plan(&self) -> Map<String, Value>;
    fn set(&mut self, key: &str, value: &str) -> Result<(), PlanError>;
    fn differences(&self) -> Vec<Difference>;
    fn compare(&self, lab: &mut Lab) -> Compared;
    fn diff(&self, lab: &mut Lab, request: Request<'_>) -> Diffed;
    fn read(&self, folder: &Path, contents: &Contents, reading: Reading) -> Result<Diffed, ReadError>;
    fn show(&self, side: Side, lab: &mut Lab) -> Result<Shown, Failure>;
}

/// A plan, and two ways to carry it out.
pub(crate) struct Solutions<W, T, A> {
    pub(crate) plan: W,
    threaded: Arc<T>,
    asynchronous: Arc<A>,
}

/// How many runs of each side warm it up before it is timed.
const WARM_UP: u32 = 1;

fn regimes(settings: &Settings) -> Vec<(Regime, Pace)> {
    let paced = (!settings.pace.is_zero()).then_some((Regime::Paced, settings.pace));
    paced.into_iter().chain([(Regime::Coordination, Pace::ZERO)]).collect()
}

/// The first run that failed.
pub(crate) struct Failed<W: Workload> {
    pub(crate) run: RunName,
    pub(crate) broken: Broken<W>,
}

impl<W: Workload, T: Blocking<W>, A: Suspending<W>> Contest for Solutions<W, T, A> {
    fn card(&self) -> Card {
        W::CARD
    }

    fn plan(&self) -> Map<String, Value> {
        plan::fields(&self.plan)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), PlanError> {
        self.plan = plan::set(&self.plan, key, value)?;
        Ok(())
    }

    fn differences(&self) -> Vec<Difference> {
        self.plan.differences()
    }

    fn compare(&self, lab: &mut Lab) -> Compared {
        lab.progress().begin(W::CARD.slug);
        let mut findings = Findings::new(self.plan.clone());
        let mut measured = Measured::default();
        let failed = self.compare_all(lab, &mut findings, &mut measured).err();
        let interrupted = failed.as_ref().is_some_and(|failed| failed.broken.failure == Failure::Interrupted);
        let (behaviour, untimed) = match failed {
            Some(Failed { run, broken }) if !interrupted => {
                (Behaviour::ended(&Ended::of(run, &broken.failure)), Some("a run failed".into()))
            }
            _ => {
                // The timed runs are held to the workload as well.
                let behaviour = findings.conclude();
                let stuck = lab.stuck().map(|run| format!("{run} passed its deadline and may still run"));
                let untimed = behaviour.forbids_timing().or(stuck);
                (behaviour, untimed.or((interrupted && measured.is_empty()).then(|| "interrupted".into())))
            }
        };
        let both_ran = findings.are_any();
        let measured = if untimed.is_some() { Measured::default() } else { measured };
        let report = Box::new(findings.report(behaviour, untimed, measured));
        if interrupted {
            return Compared::Interrupted(both_ran.then_some(report));
        }
        Compared::Whole(report)
    }

    fn diff(&self, lab: &mut Lab, request: Request<'_>) -> Diffed {
        request.diff(self, lab)
    }

    fn read(&self, folder: &Path, contents: &Contents, reading: Reading) -> Result<Diffed, ReadError> {
        reading.read::<W>(folder, contents)
    }

    fn show(&self, side: Side, lab: &mut Lab) -> Result<Shown, Failure> {
        let setting = Setting { sequenced: true, ..lab.timed::<W>(side, lab.settings.pace) };
        let run = self.run(lab, setting).map_err(|broken| broken.failure)?;
        Ok(Shown::of(&self.plan, RunName { side, number: 1 }, Some(&run.outcome), &run.trace))
    }
}

impl<W: Workload, T: Blocking<W>, A: Suspending<W>> Solutions<W, T, A> {
    /// Runs one side once.
    fn run(&self, lab: &mut Lab, setting: Setting) -> Result<Completed<W>, Broken<W>> {
        match setting.side {
            Side::Threaded => lab.run_threads(&self.threaded, setting, self.plan.clone()),
            Side::Asynchronous => lab.run_tasks(&self.asynchronous, setting, self.plan.clone()),
        }
    }

    fn compare_all(
        &self,
        lab: &mut Lab,
        findings: &mut Findings<W>,
        measured: &mut Measured,
    ) -> Result<(), Failed<W>> {
        let rounds = Round::first(ROUNDS.0, &lab.settings);
        let start = Instant::now();
        for (&round, made) in rounds.iter().zip(0..) {
            // However long they take, there are at least as many as will be timed, up to the most that are made at all.
            if made >= lab.settings.runs && start.elapsed() > ROUNDS.1 {
                lab.progress().skip(2 * u64::from(ROUNDS.0 - made));
                break;
            }
            self.judge(lab, round, findings, &mut |_, _, _| {})?;
        }
        let behaviour = findings.conclude();
        if behaviour.forbids_timing().is_none() && lab.stuck().is_none() {
            self.time(lab, findings, measured)?;
        }
        Ok(())
    }

    /// Runs both sides once, and examines what they show; `witness` gets each run then.
    pub(crate) fn judge(
        &self,
        lab: &mut Lab,
        round: Round,
        findings: &mut Findings<W>,
        witness: &mut dyn FnMut(RunName, W::Outcome, Trace<W::Step>),
    ) -> Result<(), Failed<W>> {
        for side in order(round.number - 1) {
            let run = findings.next(side);
            let setting = lab.judged::<W>(side, round);
            let Completed { outcome, trace, .. } =
                self.run(lab, setting).map_err(|broken| Failed { run, broken })?;
            findings.note(Circumstances { run, sequenced: true, calm: round.is_calm() }, &outcome, &trace);
            witness(run, outcome, trace);
        }
        Ok(())
    }

    fn time(
        &self,
        lab: &mut Lab,
        findings: &mut Findings<W>,
        measured: &mut Measured,
    ) -> Result<(), Failed<W>> {
        measured.timer_error = lab.timer_error();
        let stopwatches = self.plan.stopwatches();
        let rounds = WARM_UP + lab.settings.runs;
        for (regime, pace) in regimes(&lab.settings) {
            for round in 0..rounds {
                for side in order(round) {
                    let name = findings.next(side);
                    let setting = lab.timed::<W>(side, pace);
                    let run = self.run(lab, setting).map_err(|broken| Failed { run: name, broken })?;
                    let circumstances = Circumstances { run: name, sequenced: false, calm: pace.is_zero() };
                    findings.note(circumstances, &run.outcome, &run.trace);
                    if regime == Regime::Paced {
                        findings.note_pauses(&run.trace);
                    }
                    if round >= WARM_UP {
                        measured.note(regime, side, &run, &stopwatches);
                    }
                }
            }
        }
        Ok(())
    }
}

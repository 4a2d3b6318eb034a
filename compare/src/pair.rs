//! A pair: the two solutions of one pattern, and how they are compared.

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use shared::trace::What;
use shared::{Blocking, Card, Difference, Outcome as _, Pace, Pattern, Setting, Side, Suspending, Workload};

use crate::behaviour::{Behaviour, Examination, conclude, examine};
use crate::lab::{Completed, Failure, Lab, Settings};
use crate::report::{OutcomeReport, PairReport, SideReport, StopwatchReport, Timing};
use crate::timing::{Ratio, Regime, Samples, order};
use crate::usage::Usage;

/// The two solutions of one pattern, whatever its workload.
pub struct Pair(Box<dyn Contest>);

/// A run of one side, for looking at.
#[derive(Debug)]
pub struct Shown {
    /// The pattern.
    pub pattern: Pattern,
    /// Which side ran.
    pub side: Side,
    /// Each event of the run, in order.
    pub events: Vec<ShownEvent>,
    /// The times that the cell prints.
    pub stopwatches: Vec<(&'static str, Duration)>,
    /// What the run yielded.
    pub outcome: OutcomeReport,
}

/// One event of a run, whatever its pattern.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ShownEvent {
    /// Which side ran.
    pub side: Side,
    /// The place of the event in its run.
    pub event: usize,
    /// When, since the main line began.
    pub at_ns: u128,
    /// The actor's role.
    pub role: &'static str,
    /// The actor's number within the role.
    pub number: usize,
    /// The OS thread, numbered as they were first heard.
    pub thread: u32,
    /// What kind of event it is: `began`, `said`, `paused` or `ended`.
    pub kind: &'static str,
    /// The step, the length of the pause, or how it ended.
    pub what: String,
    /// The line in the pattern's file that told it; 0 for begin and end.
    pub line: u32,
}

impl Pair {
    /// The pair of these two.
    pub fn of<W, T, A>(threaded: T, asynchronous: A) -> Self
    where
        W: Workload,
        T: Blocking<W>,
        A: Suspending<W>,
    {
        Self(Box::new(Solutions {
            threaded: Arc::new(threaded),
            asynchronous: Arc::new(asynchronous),
            workload: PhantomData,
        }))
    }

    /// The pattern's entry in the catalogue.
    pub fn card(&self) -> Card {
        self.0.card()
    }

    /// Where the two sides differ by nature.
    pub fn differences(&self) -> Vec<Difference> {
        self.0.differences()
    }

    /// How many runs a comparison makes, if nothing goes wrong.
    pub fn runs(settings: &Settings) -> u64 {
        let behaviour = paces_of_behaviour(settings).len() as u64;
        let timing = regimes(settings).len() as u64 * u64::from(settings.runs + WARM_UP);
        2 * (behaviour + timing)
    }

    /// Compares how both sides behave and, if they agree, how long they take.
    ///
    /// # Errors
    /// Only [`Failure::Interrupted`]: every other failure is a part of the report.
    pub fn compare(&self, lab: &mut Lab) -> Result<PairReport, Failure> {
        self.0.compare(lab)
    }

    /// Compares how both sides behave in as many runs of each as there are paces.
    ///
    /// # Errors
    /// Only [`Failure::Interrupted`]: every other failure is a behaviour.
    pub fn behaviour(&self, lab: &mut Lab, paces: &[Pace]) -> Result<Behaviour, Failure> {
        self.0.behaviour(lab, paces)
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

/// A pair without the type of its workload.
trait Contest: Send + Sync {
    fn card(&self) -> Card;
    fn differences(&self) -> Vec<Difference>;
    fn compare(&self, lab: &mut Lab) -> Result<PairReport, Failure>;
    fn behaviour(&self, lab: &mut Lab, paces: &[Pace]) -> Result<Behaviour, Failure>;
    fn show(&self, side: Side, lab: &mut Lab) -> Result<Shown, Failure>;
}

struct Solutions<W, T, A> {
    threaded: Arc<T>,
    asynchronous: Arc<A>,
    workload: PhantomData<fn() -> W>,
}

/// How many runs of each side warm it up before it is timed.
const WARM_UP: u32 = 1;

/// At which pace the runs are made that behaviour is judged by: at a pace of 0 as many as the settings say, because
/// there the most orders are seen, and one with its waits.
fn paces_of_behaviour(settings: &Settings) -> Vec<Pace> {
    let mut paces = vec![Pace::ZERO; settings.runs as usize];
    if !settings.pace.is_zero() {
        paces.push(settings.pace);
    }
    paces
}

fn regimes(settings: &Settings) -> Vec<(Regime, Pace)> {
    let paced = (!settings.pace.is_zero()).then_some((Regime::Paced, settings.pace));
    paced.into_iter().chain([(Regime::Coordination, Pace::ZERO)]).collect()
}

/// What is known of a pair while it is compared.
struct Findings<W: Workload> {
    workload: W,
    examinations: Vec<Examination>,
    threaded: SideReport,
    asynchronous: SideReport,
    /// The most pauses that a run made.
    pauses: u32,
}

/// The first run that failed.
struct Failed {
    side: Side,
    failure: Failure,
}

impl<W: Workload, T: Blocking<W>, A: Suspending<W>> Contest for Solutions<W, T, A> {
    fn card(&self) -> Card {
        W::CARD
    }

    fn differences(&self) -> Vec<Difference> {
        W::default().differences()
    }

    fn compare(&self, lab: &mut Lab) -> Result<PairReport, Failure> {
        lab.progress().begin(W::CARD.slug);
        let mut findings = Findings::<W>::default();
        let mut measured = Measured::default();
        let paces = paces_of_behaviour(&lab.settings);
        let compared = self.compare_behaviour(lab, &paces, &mut findings).and_then(|behaviour| {
            let obstacle = behaviour.forbids_timing().or_else(|| lab.stuck().map(stuck));
            if obstacle.is_none() {
                measured = self.time(lab, &mut findings)?;
            }
            Ok(obstacle)
        });
        let (behaviour, untimed) = match compared {
            Err(Failed { failure: Failure::Interrupted, .. }) => return Err(Failure::Interrupted),
            Err(Failed { side, failure }) => (Behaviour::failed(side, &failure), Some("a run failed".into())),
            Ok(obstacle) => {
                // The timed runs are held to the workload as well.
                let behaviour = findings.conclude();
                let untimed = behaviour.forbids_timing().or(obstacle);
                (behaviour, untimed)
            }
        };
        let measured = if untimed.is_some() { Measured::default() } else { measured };
        Ok(findings.report(behaviour, untimed, measured))
    }

    fn behaviour(&self, lab: &mut Lab, paces: &[Pace]) -> Result<Behaviour, Failure> {
        match self.compare_behaviour(lab, paces, &mut Findings::default()) {
            Err(Failed { failure: Failure::Interrupted, .. }) => Err(Failure::Interrupted),
            Err(Failed { side, failure }) => Ok(Behaviour::failed(side, &failure)),
            Ok(behaviour) => Ok(behaviour),
        }
    }

    fn show(&self, side: Side, lab: &mut Lab) -> Result<Shown, Failure> {
        let pace = lab.settings.pace;
        let workload = W::default();
        let Completed { outcome, trace, .. } = self.run(side, lab, pace, true, workload.clone())?;
        let stopwatches = workload.stopwatches();
        let times =
            stopwatches.iter().filter_map(|watch| Some((watch.label, trace.between(watch.from, watch.to)?)));
        let events = trace.events.iter().enumerate().map(|(place, event)| {
            let member = trace.cast[event.actor];
            let kind = match event.what {
                What::Began => "began",
                What::Said(_) => "said",
                What::Paused(_) => "paused",
                What::Ended(_) => "ended",
            };
            ShownEvent {
                side,
                event: place,
                at_ns: event.at.as_nanos(),
                role: member.role,
                number: member.number,
                thread: event.thread,
                kind,
                what: event.what.to_string(),
                line: event.line,
            }
        });
        let (events, stopwatches) = (events.collect(), times.collect());
        Ok(Shown {
            pattern: W::CARD.pattern,
            side,
            events,
            stopwatches,
            outcome: outcome_report::<W>(&outcome),
        })
    }
}

fn stuck(run: &str) -> String {
    format!("{run} passed its deadline and may still run")
}

fn outcome_report<W: Workload>(outcome: &W::Outcome) -> OutcomeReport {
    OutcomeReport { fixed: outcome.fixed(), observed: outcome.observed() }
}

impl<W: Workload, T: Blocking<W>, A: Suspending<W>> Solutions<W, T, A> {
    fn run(
        &self,
        side: Side,
        lab: &mut Lab,
        pace: Pace,
        sequenced: bool,
        plan: W,
    ) -> Result<Completed<W>, Failure> {
        let setting: Setting = lab.setting::<W>(side, pace, sequenced);
        match side {
            Side::Threaded => lab.run_threads(&self.threaded, setting, plan),
            Side::Asynchronous => lab.run_tasks(&self.asynchronous, setting, plan),
        }
    }

    fn compare_behaviour(
        &self,
        lab: &mut Lab,
        paces: &[Pace],
        findings: &mut Findings<W>,
    ) -> Result<Behaviour, Failed> {
        for (&pace, round) in paces.iter().zip(0..) {
            for side in order(round) {
                let plan = findings.workload.clone();
                let run =
                    self.run(side, lab, pace, true, plan).map_err(|failure| Failed { side, failure })?;
                findings.note(side, true, &run);
            }
        }
        Ok(findings.conclude())
    }

    fn time(&self, lab: &mut Lab, findings: &mut Findings<W>) -> Result<Measured, Failed> {
        let mut measured = Measured { timer_error: lab.timer_error(), ..Measured::default() };
        for (regime, pace) in regimes(&lab.settings) {
            let mut samples = Samples::default();
            let mut watched = vec![Samples::default(); findings.workload.stopwatches().len()];
            let rounds = WARM_UP + lab.settings.runs;
            for round in 0..rounds {
                for side in order(round) {
                    let plan = findings.workload.clone();
                    let run =
                        self.run(side, lab, pace, false, plan).map_err(|failure| Failed { side, failure })?;
                    findings.note(side, false, &run);
                    if round < WARM_UP {
                        continue;
                    }
                    findings.use_of(side, run.usage);
                    samples.push(side, run.trace.elapsed().unwrap_or_default());
                    for (watch, times) in findings.workload.stopwatches().iter().zip(&mut watched) {
                        times.push(side, run.trace.between(watch.from, watch.to).unwrap_or_default());
                    }
                }
            }
            match regime {
                Regime::Paced => measured.paced = Some(samples),
                Regime::Coordination => measured.coordination = Some(samples),
            }
            // The notebook's own waits are a part of the times that it prints.
            if measured.watched.is_empty() {
                measured.watched = watched;
            }
        }
        Ok(measured)
    }
}

/// The times of one pair.
#[derive(Default)]
struct Measured {
    paced: Option<Samples>,
    coordination: Option<Samples>,
    /// A place for each stopwatch.
    watched: Vec<Samples>,
    timer_error: Duration,
}

impl<W: Workload> Default for Findings<W> {
    fn default() -> Self {
        let (threaded, asynchronous) = (SideReport::default(), SideReport::default());
        Self { workload: W::default(), examinations: Vec::new(), threaded, asynchronous, pauses: 0 }
    }
}

impl<W: Workload> Findings<W> {
    fn side(&mut self, side: Side) -> &mut SideReport {
        match side {
            Side::Threaded => &mut self.threaded,
            Side::Asynchronous => &mut self.asynchronous,
        }
    }

    fn note(&mut self, side: Side, sequenced: bool, run: &Completed<W>) {
        self.examinations.push(examine(&self.workload, side, sequenced, run));
        let pauses = run.trace.events.iter().filter(|event| matches!(event.what, What::Paused(_))).count();
        self.pauses = self.pauses.max(u32::try_from(pauses).unwrap_or(u32::MAX));
        let report = self.side(side);
        if report.outcome.is_none() {
            report.outcome = Some(outcome_report::<W>(&run.outcome));
            report.actors = Some(run.trace.cast.len());
            report.steps = Some(run.trace.said().count());
        }
    }

    fn use_of(&mut self, side: Side, usage: Usage) {
        let report = self.side(side);
        let first = report.usage == Usage::default();
        report.usage = if first { usage } else { report.usage.plus(usage) };
    }

    fn conclude(&self) -> Behaviour {
        conclude(&self.examinations, &self.workload.differences())
    }

    fn report(mut self, behaviour: Behaviour, untimed: Option<String>, measured: Measured) -> PairReport {
        let Measured { paced, coordination, watched, timer_error } = measured;
        // The longest chain of pauses is at most all of them, so the timer is excused for at most this.
        let excused = timer_error.saturating_mul(self.pauses);
        let timing = untimed.is_none().then(|| Timing {
            paced: paced.as_ref().and_then(|samples| Ratio::of(samples, excused)),
            coordination: coordination.as_ref().and_then(|samples| Ratio::of(samples, Duration::ZERO)),
        });
        let stopwatches = self.workload.stopwatches().into_iter().zip(&watched);
        let stopwatches =
            stopwatches.filter_map(|(watch, samples)| StopwatchReport::of(watch.label, samples)).collect();
        for side in Side::BOTH {
            let times = |samples: &Option<Samples>| samples.as_ref().map(|samples| samples.of(side).to_vec());
            let (paced, coordination) = (times(&paced), times(&coordination));
            let samples = &mut self.side(side).samples_ns;
            samples.paced = paced;
            samples.coordination = coordination;
        }
        let Card { pattern, section, cells, .. } = W::CARD;
        let Self { threaded, asynchronous, .. } = self;
        PairReport {
            pattern,
            section,
            cells,
            threaded,
            asynchronous,
            behaviour,
            timing,
            untimed,
            stopwatches,
        }
    }
}

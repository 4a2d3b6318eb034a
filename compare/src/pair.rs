//! A pair: the two solutions of one pattern, and how they are compared.

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

use shared::{Blocking, Card, Difference, Pace, Side, Suspending, Workload};

use crate::behaviour::Behaviour;
use crate::findings::{Findings, Measured};
use crate::lab::{Completed, Failure, Lab, Settings};
use crate::report::PairReport;
use crate::shown::Shown;
use crate::timing::{Regime, Samples, order};

/// The two solutions of one pattern, whatever its workload.
pub struct Pair(Box<dyn Contest>);

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
        let workload = W::default();
        let run = self.run(side, lab, lab.settings.pace, true, workload.clone())?;
        Ok(Shown::of(&workload, side, &run))
    }
}

fn stuck(run: &str) -> String {
    format!("{run} passed its deadline and may still run")
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
        let setting = lab.setting::<W>(side, pace, sequenced);
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
                    measured.used.push((side, run.usage));
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

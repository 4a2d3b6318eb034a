//! A pair: the two solutions of one pattern, and how they are compared.

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

use shared::{Blocking, Card, Difference, Pace, Setting, Side, Suspending, Workload};

use crate::behaviour::Behaviour;
use crate::findings::{Findings, Measured};
use crate::lab::{Completed, Failure, Lab, Settings};
use crate::report::PairReport;
use crate::shown::Shown;
use crate::timing::{Regime, order};

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

    /// Compares how both sides behave and, if they agree, how long they take. A failure is a part of the report.
    pub fn compare(&self, lab: &mut Lab) -> Compared {
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
    fn differences(&self) -> Vec<Difference>;
    fn compare(&self, lab: &mut Lab) -> Compared;
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

    fn compare(&self, lab: &mut Lab) -> Compared {
        lab.progress().begin(W::CARD.slug);
        let mut findings = Findings::<W>::default();
        let mut measured = Measured::default();
        let failed = self.compare_all(lab, &mut findings, &mut measured).err();
        let interrupted = matches!(failed, Some(Failed { failure: Failure::Interrupted, .. }));
        let (behaviour, untimed) = match failed {
            Some(Failed { side, failure }) if !interrupted => {
                (Behaviour::failed(side, &failure), Some("a run failed".into()))
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

    fn behaviour(&self, lab: &mut Lab, paces: &[Pace]) -> Result<Behaviour, Failure> {
        match self.compare_behaviour(lab, paces, &mut Findings::default()) {
            Err(Failed { failure: Failure::Interrupted, .. }) => Err(Failure::Interrupted),
            Err(Failed { side, failure }) => Ok(Behaviour::failed(side, &failure)),
            Ok(behaviour) => Ok(behaviour),
        }
    }

    fn show(&self, side: Side, lab: &mut Lab) -> Result<Shown, Failure> {
        let workload = W::default();
        let setting = lab.setting::<W>(side, lab.settings.pace, true);
        let run = self.run_unseen(lab, setting, workload.clone())?;
        Ok(Shown::of(&workload, side, &run))
    }
}

impl<W: Workload, T: Blocking<W>, A: Suspending<W>> Solutions<W, T, A> {
    /// Runs one side once, and notes what it showed.
    fn run(
        &self,
        lab: &mut Lab,
        setting: Setting,
        findings: &mut Findings<W>,
    ) -> Result<Completed<W>, Failed> {
        let run = self.run_unseen(lab, setting.clone(), findings.workload.clone());
        let run = run.map_err(|failure| Failed { side: setting.side, failure })?;
        findings.note(&setting, &run);
        Ok(run)
    }

    fn run_unseen(&self, lab: &mut Lab, setting: Setting, plan: W) -> Result<Completed<W>, Failure> {
        match setting.side {
            Side::Threaded => lab.run_threads(&self.threaded, setting, plan),
            Side::Asynchronous => lab.run_tasks(&self.asynchronous, setting, plan),
        }
    }

    fn compare_all(
        &self,
        lab: &mut Lab,
        findings: &mut Findings<W>,
        measured: &mut Measured,
    ) -> Result<(), Failed> {
        let paces = paces_of_behaviour(&lab.settings);
        let behaviour = self.compare_behaviour(lab, &paces, findings)?;
        if behaviour.forbids_timing().is_none() && lab.stuck().is_none() {
            self.time(lab, findings, measured)?;
        }
        Ok(())
    }

    fn compare_behaviour(
        &self,
        lab: &mut Lab,
        paces: &[Pace],
        findings: &mut Findings<W>,
    ) -> Result<Behaviour, Failed> {
        for (&pace, round) in paces.iter().zip(0..) {
            for side in order(round) {
                self.run(lab, lab.setting::<W>(side, pace, true), findings)?;
            }
        }
        Ok(findings.conclude())
    }

    fn time(&self, lab: &mut Lab, findings: &mut Findings<W>, measured: &mut Measured) -> Result<(), Failed> {
        measured.timer_error = lab.timer_error();
        let stopwatches = findings.workload.stopwatches();
        let rounds = WARM_UP + lab.settings.runs;
        for (regime, pace) in regimes(&lab.settings) {
            for round in 0..rounds {
                for side in order(round) {
                    let run = self.run(lab, lab.setting::<W>(side, pace, false), findings)?;
                    if round >= WARM_UP {
                        measured.note(regime, side, &run, &stopwatches);
                    }
                }
            }
        }
        Ok(())
    }
}

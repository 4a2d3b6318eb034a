//! Units: what a carrier is timed at.

use std::io;
use std::iter;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::blocking::Pool;
use super::tasks::Tasks;
use super::threads::Threads;
use super::timed::Timed;
use super::{Carrier, Figure};
use crate::lab::Usage;

/// How long the pauses are that are measured.
pub const PAUSES: [Duration; 4] = [
    Duration::from_micros(5),
    Duration::from_micros(100),
    Duration::from_millis(1),
    Duration::from_millis(10),
];

/// So many are started at once, and then all joined: about as many as patterns start.
const SPAWNED: u32 = 8;

/// The first rounds are slow.
const WARM_UPS: u32 = 2;

/// How often one gives way, wakes another and hands over in one sample, so that the clock counts for little.
const TIMES: u32 = 100;

/// What a carrier takes for each thing, in samples of nanoseconds, or in what they come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Units {
    /// Of what.
    pub carrier: Carrier,
    /// To start one and join it, where no other is started.
    pub spawn_alone: Option<Figure>,
    /// To start one more and join it: of eight that are started and then joined, each but the first.
    pub spawn_more: Option<Figure>,
    /// To give way, where nobody else wants the core.
    pub give_way: Option<Figure>,
    /// To wake one that waits: what the call takes of the one that wakes it.
    pub wake: Option<Figure>,
    /// To hand over to another and wait: from the one that wakes to the other that runs.
    pub hand_over: Option<Figure>,
    /// How much longer than asked each of [`PAUSES`] lasts.
    pub late: Vec<Figure>,
    /// How often a thread of the process waits while a run does nothing; none where the system doesn't say.
    pub idle_switches: Option<f64>,
}

/// Times these carriers, in so many rounds: each in every round, so that a busy moment falls on all of them. Pauses are
/// timed if that is asked for, and in rounds of their own: a core that has slept is slow for a while.
///
/// # Errors
/// If the system has no room for their threads.
pub(super) fn units(carriers: &[Carrier], rounds: u32, pauses: bool) -> io::Result<Vec<Units>> {
    let timed = carriers.iter().map(|carrier| -> io::Result<Box<dyn Timed>> {
        Ok(match carrier {
            Carrier::Arm(arm) => match arm.runtime() {
                None => Box::new(Threads),
                Some(runtime) => Box::new(Tasks::on(runtime)?),
            },
            Carrier::Blocking => Box::new(Pool::new()?),
        })
    });
    let mut timed: Vec<Box<dyn Timed>> = timed.collect::<io::Result<_>>()?;
    let done = sample(&mut timed, rounds, |timed| {
        let each = |took: Option<Duration>, count: u32| Some(nanos(took?) / f64::from(count));
        // A core that has slept is slow for a while: the first are to wake it.
        timed.spawn(SPAWNED);
        let (alone, eight) = (timed.spawn(1), timed.spawn(SPAWNED));
        [
            each(Some(alone), 1),
            each(Some(eight.saturating_sub(alone)), SPAWNED - 1),
            each(timed.give_way(TIMES), TIMES),
            each(timed.wake(TIMES / 10), TIMES / 10),
            each(timed.hand_over(TIMES), TIMES),
        ]
    });
    let late = if pauses {
        sample(&mut timed, rounds, |timed| {
            PAUSES.map(|asked| Some(nanos(timed.pause(asked)?) - nanos(asked)))
        })
    } else {
        vec![[None; PAUSES.len()]; timed.len()]
    };
    let idle: Vec<Option<f64>> =
        timed.iter_mut().map(|timed| idle_switches(timed.as_mut(), rounds)).collect();
    let all =
        carriers.iter().zip(done).zip(late).zip(idle).map(|(((&carrier, done), late), idle_switches)| {
            let [spawn_alone, spawn_more, give_way, wake, hand_over] = done;
            let late = late.into_iter().flatten().collect();
            Units { carrier, spawn_alone, spawn_more, give_way, wake, hand_over, late, idle_switches }
        });
    Ok(all.collect())
}

/// How often a thread of this process waits while a run does nothing, in the mean of so many.
fn idle_switches(timed: &mut dyn Timed, runs: u32) -> Option<f64> {
    let before = Usage::now();
    (0..runs).for_each(|_| timed.do_nothing());
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    let switches = Usage::now().since(before).voluntary? as f64;
    Some(switches / f64::from(runs.max(1)))
}

/// What so many rounds of some things come to, of each carrier.
fn sample<const N: usize>(
    timed: &mut [Box<dyn Timed>],
    rounds: u32,
    once: impl Fn(&mut dyn Timed) -> [Option<f64>; N],
) -> Vec<[Option<Figure>; N]> {
    let mut samples: Vec<[Vec<f64>; N]> = timed.iter().map(|_| [const { Vec::new() }; N]).collect();
    for round in 0..rounds + WARM_UPS {
        for (timed, samples) in timed.iter_mut().zip(&mut samples) {
            let all = once(timed.as_mut());
            if round >= WARM_UPS {
                iter::zip(samples, all).for_each(|(samples, sample)| samples.extend(sample));
            }
        }
    }
    samples.into_iter().map(|samples| samples.map(Figure::of)).collect()
}

fn nanos(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

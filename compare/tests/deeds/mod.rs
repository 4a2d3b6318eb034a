//! Random runs of `semaphore`, whatever its workload would say to them.

use std::time::Duration;

use compare::behaviour::{Behaviour, Circumstances, Examination, RunName, conclude, examine};
use compare::lab::{Arm, Round};
use compare::pair::Yielded;
use proptest::prelude::*;
use shared::locks::semaphore::{Outcome, Plan, Step};
use shared::trace::Event;
use shared::{Difference, End, Member, Pace, Trace, What};

/// One event of a random run: an actor and what it does.
pub(crate) type Deed = (usize, What);

fn any_deed() -> impl Strategy<Value = Deed> {
    let what = prop_oneof![
        1 => Just(What::Began),
        4 => prop::sample::select(vec![
            Step::Waiting,
            Step::Acquired,
            Step::Releasing,
            Step::Completed { value: 3 },
        ]).prop_map(What::said),
        1 => (0_u64..2).prop_map(|seconds| What::Paused(Duration::from_millis(500 * seconds))),
        1 => prop::sample::select(vec![
            End::Returned,
            End::Cancelled,
            End::Panicked("out of luck".into()),
        ]).prop_map(What::Ended),
    ];
    (0_usize..4, what)
}

/// The runs of one side.
pub(crate) fn any_runs() -> impl Strategy<Value = Vec<Vec<Deed>>> {
    prop::collection::vec(prop::collection::vec(any_deed(), 0..12), 1..6)
}

pub(crate) fn trace(deeds: &[Deed]) -> Trace {
    let member = |role, number| Member { role, number };
    let cast = vec![member("main", 0), member("worker", 0), member("worker", 1), member("visitor", 0)];
    let event =
        |(place, (actor, what)): (u64, &Deed)| Event::new(*actor, Duration::from_micros(place), what.clone());
    Trace { cast, events: (0..).zip(deeds).map(event).collect(), ..Trace::default() }
}

/// Runs of an arm, of which the last ones have noise, so many.
fn examined(arm: Arm, runs: &[Vec<Deed>], noisy: usize) -> Vec<Examination> {
    let examined = |(number, deeds): (u32, &Vec<Deed>)| {
        let noisy = number as usize > runs.len() - noisy;
        let round = Round { noise: noisy.then_some(1), ..Round::at(number, Pace::ZERO) };
        let circumstances = Circumstances::judged(RunName { arm, number }, round);
        examine(&Plan::default(), circumstances, &Yielded::of(&Outcome { value: 3 }), &trace(deeds))
    };
    (1..).zip(runs).map(examined).collect()
}

pub(crate) fn diff(threads: &[Vec<Deed>], tasks: &[Vec<Deed>], declared: &[Difference]) -> Behaviour {
    diff_with_noise(threads, tasks, 0, declared)
}

/// The same; of the last runs of each side, so many have noise.
pub(crate) fn diff_with_noise(
    threads: &[Vec<Deed>],
    tasks: &[Vec<Deed>],
    noisy: usize,
    declared: &[Difference],
) -> Behaviour {
    let runs = [examined(Arm::THREADS, threads, noisy), examined(Arm::TASKS, tasks, noisy)].concat();
    conclude(Arm::DEFAULT, &runs, declared)
}

//! How the time and the memory to diff two traces grow with their length: `cargo bench -p compare --bench diff`.
//!
//! Each trace is examined (outcome, scripts, laws, first and last of each step), and the two are held against each
//! other on all six levels. Nothing of it is more than n·log n, so the time for one step should stay about the same
//! from row to row. The memory is the most that the process ever used, with both traces in it.

use std::fs;
use std::time::{Duration, Instant};

use compare::behaviour::{Circumstances, RunName, Verdict, conclude, examine};
use compare::lab::{Arm, Round};
use compare::pair::Yielded;
use shared::synchronization::safe_counter::{Outcome, Plan, Step};
use shared::trace::Event;
use shared::{End, Member, Pace, Trace, What};

const WORKERS: usize = 4;
const ROUNDS: usize = 5;

fn main() {
    println!("{:>9} {:>12} {:>10} {:>12}", "steps", "median", "a step", "memory");
    for exponent in 3..=6 {
        let times = 10_usize.pow(exponent) / (2 * WORKERS);
        let plan = Plan { workers: WORKERS, times, ..Plan::default() };
        let traces = [trace(&plan), trace(&plan)];
        let steps = traces[0].said().count();
        let mut took: Vec<Duration> = (0..ROUNDS).map(|_| diff(&plan, &traces)).collect();
        took.sort_unstable();
        let median = took[ROUNDS / 2];
        let each = median / u32::try_from(2 * steps).expect("there are few steps");
        println!("{steps:>9} {:>12} {:>10} {:>12}", format!("{median:.2?}"), format!("{each:?}"), memory());
    }
}

fn diff(plan: &Plan, traces: &[Trace; 2]) -> Duration {
    let start = Instant::now();
    let all = plan.workers * plan.times;
    let yielded = Yielded::of(&Outcome { expected: all, actual: all });
    let examined = Arm::DEFAULT.into_iter().zip(traces).map(|(arm, trace)| {
        let circumstances = Circumstances::judged(RunName { arm, number: 1 }, Round::at(1, Pace::ZERO));
        examine(plan, circumstances, &yielded, trace)
    });
    let behaviour = conclude(Arm::DEFAULT, &examined.collect::<Vec<_>>(), &[]);
    let took = start.elapsed();
    assert_eq!(behaviour.verdict, Verdict::Same, "{:?}", behaviour.reason);
    took
}

/// One after the other, the workers enter, pause and leave.
fn trace(plan: &Plan) -> Trace {
    let all = plan.workers * plan.times;
    let main = Member { role: "main", number: 0 };
    let cast =
        [main].into_iter().chain((1..=WORKERS).map(|number| Member { role: "worker", number })).collect();
    let mut events = Vec::with_capacity(3 * all + 2 * WORKERS + 3);
    let mut add = |actor, what| {
        let at = Duration::from_nanos(events.len() as u64);
        events.push(Event::new(actor, at, what));
    };
    (0..=WORKERS).for_each(|actor| add(actor, What::Began));
    for value in 0..all {
        let worker = 1 + value % WORKERS;
        add(worker, What::said(Step::Entered));
        add(worker, What::Paused(plan.processing));
        add(worker, What::said(Step::Leaving { value: value + 1 }));
    }
    (1..=WORKERS).for_each(|actor| add(actor, What::Ended(End::Returned)));
    add(0, What::said(Step::Finished { actual: all }));
    add(0, What::Ended(End::Returned));
    Trace { cast, events, ..Trace::default() }
}

/// The most memory that this process ever used, as Linux reports it.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map_or_else(|| "unknown".into(), |kib| format!("{} MiB", kib / 1024))
}

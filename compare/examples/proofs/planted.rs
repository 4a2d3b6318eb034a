//! Planted: pairs that are compared with themselves, and do a little more on one of both arms.

use std::env;
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use asynchronous as tasks;
use compare::lab::cores;
use compare::pair::{Pair, pair};
use compare::report::Timing;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Breach, Card, Law, Limit, Pattern, Role, Stage, Suspending, Workload, optional, steps};
use tokio::task::yield_now;

use crate::report::report_with;
use crate::turn::{rounds, turn};

/// What says how much more is done on the arm that is longer, to the children of this program.
pub(crate) const PLANTED: &str = "COMPARE_PROOF_PLANTED";

/// How much more, to such a child; none to any other.
pub(crate) fn planted() -> Option<u64> {
    env::var(PLANTED).ok()?.parse().ok()
}

/// The patterns that give way more often on one arm: one of each kind of synchronization.
pub(crate) const YIELDING: [Pattern; 5] = [
    Pattern::Semaphore,
    Pattern::Condition,
    Pattern::Barrier,
    Pattern::OrderedMap,
    Pattern::ProducerConsumer,
];

steps! {
    /// Nobody says anything.
    pub enum Step of Kind {
        /// It is not said.
        Never,
    }
}

/// A loop.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Plan {}

#[derive(Debug, Serialize, Deserialize)]
struct Outcome(u64);

impl shared::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "is_odd": self.0 % 2 == 1 })
    }
}

impl Workload for Plan {
    // The card is only a name here.
    const CARD: Card = Pattern::Sequential.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        vec![Role::main(optional(Step::Never))]
    }

    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    fn judge(&self, _outcome: &Outcome) -> Result<(), Breach> {
        Ok(())
    }
}

/// The arm that does more: as many workers as the default has, whose threads have another name. Its name is made once: to ask
/// for the number of cores takes as long as half of the loop.
static LONGER: LazyLock<String> = LazyLock::new(|| format!("tasks:{}", cores()));

fn is_longer() -> bool {
    thread::current().name() == Some(LONGER.as_str())
}

/// What is compared, to a child of this program: instead of sequential a loop that is longer by so many hundredths, and some
/// patterns that give way so many times first.
pub(crate) fn pairs(pattern: Pattern) -> Pair {
    let Some(more) = planted() else { return pair(pattern) };
    match pattern {
        Pattern::Sequential => Pair::of(
            |_: Stage, _: Plan| Outcome(turn(rounds(0))),
            move |_: Stage, _: Plan| async move { Outcome(turn(rounds(if is_longer() { more } else { 0 }))) },
        ),
        Pattern::Semaphore => {
            Pair::of(threaded::locks::semaphore::run, yielding(tasks::locks::semaphore::run, more))
        }
        Pattern::Condition => {
            Pair::of(threaded::signals::condition::run, yielding(tasks::signals::condition::run, more))
        }
        Pattern::Barrier => {
            Pair::of(threaded::signals::barrier::run, yielding(tasks::signals::barrier::run, more))
        }
        Pattern::OrderedMap => {
            Pair::of(threaded::pools::ordered_map::run, yielding(tasks::pools::ordered_map::run, more))
        }
        Pattern::ProducerConsumer => Pair::of(
            threaded::practices::producer_consumer::run,
            yielding(tasks::practices::producer_consumer::run, more),
        ),
        _ => pair(pattern),
    }
}

/// The same solution, which gives way so many times before it begins, where it is on the longer arm.
fn yielding<W: Workload>(solution: impl Suspending<W>, times: u64) -> impl Suspending<W> {
    let solution = Arc::new(solution);
    move |stage, plan| {
        let solution = Arc::clone(&solution);
        async move {
            for _ in 0..if is_longer() { times } else { 0 } {
                yield_now().await;
            }
            solution.run(stage, plan).await
        }
    }
}

/// How long this pattern takes where so much more is planted, by so many processes; and how long it took to find out.
pub(crate) fn time(pattern: Pattern, planted: u64, processes: u32) -> anyhow::Result<(Timing, Duration)> {
    let arms = format!("tasks,{}", *LONGER);
    let (name, processes) = (pattern.to_string(), processes.to_string());
    let arguments = [&name, "--pace", "0", "--min-effect", "0", "--runs", &processes, "--arms", &arms];
    let start = Instant::now();
    let report = report_with(&arguments, &[(PLANTED, &planted.to_string())])?;
    let elapsed = start.elapsed();
    let timing = report.pairs.into_iter().next().and_then(|pair| pair.timing);
    Ok((timing.with_context(|| format!("{name} was not timed"))?, elapsed))
}

//! Slowdowns: a loop that is longer by a few hundredths on one side is found, and one that is as long is not.

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use compare::pair::{Pair, pair};
use compare::timing::{Ratio, Terms, Winner};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Breach, Card, Law, Limit, Pattern, Role, Stage, Workload, optional, steps};
use tokio::runtime::Handle;

use crate::report::report_with;

/// What says by how many hundredths the loop of tasks is longer, to the children of this program.
pub(crate) const PLANTED: &str = "COMPARE_PROOF_PLANTED";

/// So many processes time it, in some seven tenths of a second.
const PROCESSES: u32 = 60;

/// As many pairs as a report has: its error is what a trial has.
const PAIRS: usize = 33;

/// How long the loop is, in rounds: some hundred microseconds.
const ROUNDS: u64 = 100_000;

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

/// The arms that are compared: the loop is a task on either, and no fresh thread, whose core has to wake first.
const ARMS: &str = "tasks:2,tasks:3";

/// The same loop on both sides, longer by so many hundredths where it is a task and has three workers.
pub(crate) fn pairs(pattern: Pattern) -> Pair {
    let planted = env::var(PLANTED).ok().and_then(|planted| planted.parse::<u64>().ok());
    let Some(percent) = planted.filter(|_| pattern == Pattern::Sequential) else { return pair(pattern) };
    Pair::of(
        |_: Stage, _: Plan| Outcome(turn(ROUNDS)),
        move |_: Stage, _: Plan| async move {
            let is_longer = Handle::current().metrics().num_workers() == 3;
            Outcome(turn(ROUNDS + if is_longer { ROUNDS * percent / 100 } else { 0 }))
        },
    )
}

/// Keeps a core busy for so many rounds; the last bit of what comes of it is always set.
#[inline(never)]
fn turn(rounds: u64) -> u64 {
    (0..rounds).fold(1, |number, round| black_box(number.rotate_left(7) ^ round) | 1)
}

/// Plants a slowdown of so many hundredths so often, and none as often, and counts how often one is found.
pub(crate) fn prove(trials: u32, percent: u32) -> anyhow::Result<bool> {
    let (mut found, mut after, mut longest) = ([0, 0], Vec::new(), Duration::ZERO);
    let processes = PROCESSES.to_string();
    for trial in 0..2 * trials {
        let planted = if trial % 2 == 0 { percent } else { 0 };
        let arguments =
            ["sequential", "--pace", "0", "--min-effect", "0", "--runs", &processes, "--arms", ARMS];
        let start = Instant::now();
        let report = report_with(&arguments, &[(PLANTED, &planted.to_string())])?;
        longest = longest.max(start.elapsed());
        let timing =
            report.pairs.first().and_then(|pair| pair.timing.as_ref()).context("it was not timed")?;
        let terms = Terms::new(0.0, PAIRS);
        let is_enough = |count: &usize| {
            let ratio = Ratio::of(&timing.processes[..*count], terms);
            ratio.is_some_and(|ratio| ratio.winner != Winner::Open)
        };
        let decided = (1..=timing.processes.len()).find(is_enough);
        println!("{planted:>3} %: a ratio of {:.4}, decided after {decided:?}", timing.ratio.ratio);
        found[usize::from(planted == 0)] += u32::from(decided.is_some());
        after.extend(decided.filter(|_| planted > 0));
    }
    after.sort_unstable();
    println!(
        "of {trials} slowdowns of {percent} %, {} are found by {PROCESSES} processes, after {:?} of them in the median; of \
         {trials} that are none, {}; a trial takes {longest:.2?} at most",
        found[0],
        after.get(after.len() / 2),
        found[1]
    );
    Ok(found[0] >= trials * 38 / 40 && found[1] <= trials / 40)
}

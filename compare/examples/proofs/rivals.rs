//! Rivals: what criterion and tango-bench say of the same slowdowns, in a second each.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, bail};
use criterion::Criterion;
use tango_bench::{benchmark_fn, cli};

use crate::turn::{ROUNDS, turn};

/// What says to a child of this program whom it is to call.
const RIVAL: &str = "COMPARE_PROOF_RIVAL";

/// What says to it by how many hundredths the loop is longer.
const LONGER: &str = "COMPARE_PROOF_LONGER";

/// The name of the copy of this program with which tango compares it: its loop is never longer.
const BASE: &str = "base";

/// Whose verdicts are asked for.
const RIVALS: [&str; 2] = ["tango-bench", "criterion"];

/// Half a second for each of two benchmarks, of which the second is compared with the first.
const HALF: [Duration; 2] = [Duration::from_millis(80), Duration::from_millis(400)];

/// What is told of the longer loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Slower,
    Faster,
    Neither,
}

/// Does what a child of this program is called for, if it is one: a rival times the loop.
pub(crate) fn serve() -> Option<ExitCode> {
    let rival = env::var(RIVAL).ok()?;
    let is_base = env::current_exe().is_ok_and(|program| program.ends_with(BASE));
    let longer = env::var(LONGER).ok().and_then(|longer| longer.parse::<u64>().ok());
    let rounds = ROUNDS + ROUNDS * longer.filter(|_| !is_base).unwrap_or(0) / 100;
    if rival == RIVALS[0] {
        let turns = benchmark_fn("turn", move |bencher| bencher.iter(move || turn(black_box(rounds))));
        return Some(cli::run(vec![turns]).unwrap_or(ExitCode::FAILURE));
    }
    let [warm_up, measurement] = HALF;
    let mut criterion = Criterion::default().warm_up_time(warm_up).measurement_time(measurement);
    criterion.bench_function("turn", |bencher| bencher.iter(|| turn(black_box(rounds))));
    Some(ExitCode::SUCCESS)
}

/// Asks each rival so often of a loop that is longer by so many hundredths, and of one that is as long.
pub(crate) fn prove(count: u32, percent: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("there is no room for their files")?;
    fs::copy(env::current_exe()?, folder.path().join(BASE)).context("this program can't be copied")?;
    println!("rival        longer by  of  found  told faster");
    let mut told = Vec::new();
    for _ in 0..count {
        for (rival, longer) in RIVALS.into_iter().flat_map(|rival| [(rival, percent), (rival, 0)]) {
            told.push((rival, longer, ask(rival, longer, folder.path())?));
        }
    }
    for (rival, longer) in RIVALS.into_iter().flat_map(|rival| [(rival, percent), (rival, 0)]) {
        let is = |is| told.iter().filter(|told| **told == (rival, longer, is)).count();
        println!("{rival:<12} {longer:>7} %  {count:>2}  {:>5}  {:>11}", is(Told::Slower), is(Told::Faster));
    }
    Ok(())
}

/// What a rival says of a loop that is longer by so much.
fn ask(rival: &str, longer: u64, folder: &Path) -> anyhow::Result<Told> {
    let call = |longer: u64, arguments: &[&str]| -> anyhow::Result<String> {
        let mut command = Command::new(env::current_exe()?);
        command
            .args(arguments)
            .env(RIVAL, rival)
            .env(LONGER, longer.to_string())
            .env("CRITERION_HOME", folder);
        let output = command.output().with_context(|| format!("{rival} doesn't start"))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let said = if rival == RIVALS[0] {
        let base = folder.join(BASE);
        call(longer, &["compare", base.to_str().context("a folder with such a name")?, "-t", "1"])?
    } else {
        call(0, &[])?;
        call(longer, &[])?
    };
    let is_told = |words: &[&str]| words.iter().any(|words| said.contains(words));
    // Tango marks with a star what it takes for a difference.
    let star = said.split_once("%*").map(|(before, _)| before.rfind('-') > before.rfind('+'));
    Ok(if star == Some(false) || is_told(&["has regressed"]) {
        Told::Slower
    } else if star == Some(true) || is_told(&["has improved"]) {
        Told::Faster
    } else if said.contains('%') {
        Told::Neither
    } else {
        bail!("what {rival} says can't be read: {said}")
    })
}

//! Rivals: what criterion and tango-bench say of the same slowdowns, by a second of measuring each. They are asked as they
//! come, which is not the same question: criterion tells at 5 % and takes 1 % for noise, tango likewise from 2.6 standard
//! errors on; a trial here tells at 0.05/66, and takes nothing for noise.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, bail};
use criterion::Criterion;
use tango_bench::{benchmark_fn, cli};

use crate::planted::{PLANTED, planted};
use crate::turn::{rounds, turn};

const TANGO: &str = "tango-bench";
const CRITERION: &str = "criterion";

/// What says to a child of this program whom it is to call.
const RIVAL: &str = "COMPARE_PROOF_RIVAL";

/// The name of the copy of this program with which tango compares it: its loop is never longer.
const BASE: &str = "base";

/// Criterion makes two benchmarks, of which the second is compared with the first: half a second each.
const WARM_UP: Duration = Duration::from_millis(80);
const MEASURED: Duration = Duration::from_millis(420);

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
    let rounds = rounds(planted().filter(|_| !is_base).unwrap_or(0));
    if rival == TANGO {
        let turns = benchmark_fn("turn", move |bencher| bencher.iter(move || turn(black_box(rounds))));
        return Some(cli::run(vec![turns]).unwrap_or(ExitCode::FAILURE));
    }
    let mut criterion = Criterion::default().warm_up_time(WARM_UP).measurement_time(MEASURED);
    criterion.bench_function("turn", |bencher| bencher.iter(|| turn(black_box(rounds))));
    Some(ExitCode::SUCCESS)
}

/// Asks each rival so often of a loop that is longer by so many hundredths, and of one that is as long.
pub(crate) fn prove(count: u32, percent: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("there is no room for their files")?;
    fs::copy(env::current_exe()?, folder.path().join(BASE)).context("this program can't be copied")?;
    println!("rival        longer by  of  found  told faster");
    let asked = [TANGO, CRITERION].map(|rival| [(rival, percent), (rival, 0)]).concat();
    let mut told = Vec::new();
    for _ in 0..count {
        for &(rival, longer) in &asked {
            told.push((rival, longer, ask(rival, longer, folder.path())?));
        }
    }
    for (rival, longer) in asked {
        let told = |said| told.iter().filter(|one| **one == (rival, longer, said)).count();
        println!(
            "{rival:<12} {longer:>7} %  {count:>2}  {:>5}  {:>11}",
            told(Told::Slower),
            told(Told::Faster)
        );
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
            .env(PLANTED, longer.to_string())
            .env("CRITERION_HOME", folder);
        let output = command.output().with_context(|| format!("{rival} doesn't start"))?;
        // With what status it ends depends on what it found.
        Ok(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    let said = if rival == TANGO {
        let base = folder.join(BASE);
        call(longer, &["compare", base.to_str().context("a folder with such a name")?, "-t", "1"])?
    } else {
        call(0, &[])?;
        call(longer, &[])?
    };
    let says = |words| said.contains(words);
    // Tango marks with a star what it takes for a difference: "+1.93%*".
    let marked =
        said.split_once("%*").and_then(|(before, _)| before.chars().rfind(|sign| matches!(sign, '+' | '-')));
    let is_told =
        says("No change in performance") || says("within noise threshold") || rival == TANGO && says("%");
    Ok(if marked == Some('+') || says("has regressed") {
        Told::Slower
    } else if marked == Some('-') || says("has improved") {
        Told::Faster
    } else if is_told {
        Told::Neither
    } else {
        bail!("what {rival} says can't be read: {said}")
    })
}

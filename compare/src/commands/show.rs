//! `compare show`: the sources of a pattern, both sides beside each other.

use super::args::ShowArgs;
use super::complaint::complain;
use super::names::pattern;
use super::place::Place;
use crate::campaign::Looked;
use crate::lab::{Arm, Progress, When};
use crate::pair::{Pair, Pairs, source};
use crate::render::{self, File, Medium};
use crate::report::{Exit, Shown};

/// Shows the sources of a pattern.
pub(super) fn show(args: &ShowArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let pattern = pattern(&args.pattern)?;
    let output = args.output.open()?;
    let medium = Medium { width: args.width.or(output.medium().width), ..output.medium() };
    let [shared, threaded, asynchronous] = ["shared", "threaded", "asynchronous"]
        .map(|member| format!("{member}/src/{}", pattern.card().path()));
    if args.problem {
        output.page(&render::file(named(&shared, None), medium))?;
        return Ok(Exit::Agree);
    }
    let (mut runs, mut exit) = ([None, None], Exit::Agree);
    if args.trace {
        let mut place = Place::new(args.settings()?, Progress::new(When::Never, 0), args.lab.in_process)?;
        (runs, exit) = run_both(&pairs(pattern), &mut place);
    }
    let [threads, tasks] = &runs;
    let files = [named(&threaded, threads.as_ref()), named(&asynchronous, tasks.as_ref())];
    output.page(&render::both(files, medium))?;
    Ok(exit)
}

fn named<'a>(path: &'a str, run: Option<&'a Shown>) -> File<'a> {
    File { path, text: source(path).expect("the sources of every pattern are in the program"), run }
}

/// A run of each side, as far as it went.
fn run_both(pair: &Pair, place: &mut Place) -> ([Option<Shown>; 2], Exit) {
    let mut exit = Exit::Agree;
    let runs = Arm::DEFAULT.map(|arm| {
        let Looked { shown, failure } = place.show(pair, arm);
        if let Some(failure) = failure {
            complain(&format!("{arm} of {}: {failure}", pair.problem().card().slug));
            exit = Exit::Differ;
        }
        shown
    });
    (runs, exit)
}

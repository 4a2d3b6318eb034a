//! A comparison is of any two arms, and needs nothing more for a twin or for two runtimes than for two sides.

use compare::Exit;
use compare::archive::{self, Archive};
use compare::behaviour::Verdict;
use compare::campaign::{self, Kept, Reading, Request};
use compare::lab::{Arm, Round, comparisons};
use compare::pair::pair;
use compare::render::{Medium, table};
use compare::report::Effort;
use shared::Pattern;

mod laboratory;
mod sources;

use laboratory::lab;
use sources::without_sources;

/// An arm against itself, one runtime against the other, and the default the other way round.
const OTHERS: [[Arm; 2]; 4] = [
    [Arm::THREADS, Arm::THREADS],
    [Arm::TASKS, Arm::TASKS],
    [Arm::TASKS, Arm::TASKS_ON_ONE],
    [Arm::TASKS, Arm::THREADS],
];

#[test]
fn any_two_arms_are_compared_and_named() {
    // The second differs by nature between the sides, but not from itself.
    let pairs = [Pattern::Semaphore, Pattern::Daemon].map(pair);
    for named in OTHERS {
        let arms = comparisons(&named)[0];
        let (report, exit) = campaign::compare(&pairs, &named, &mut lab(|_| {}), &Effort::fixed(2));
        assert_eq!(exit, Exit::Agree, "{arms:?}");
        let [one, other] = arms.map(|arm| arm.to_string());
        for (pair, by_nature) in report.pairs.iter().zip([false, arms[0].side() != arms[1].side()]) {
            let behaviour = &pair.behaviour;
            let due = if by_nature { Verdict::Documented } else { Verdict::Same };
            assert_eq!(behaviour.verdict, due, "{arms:?}: {behaviour:#?}");
            let scripts = &behaviour.levels[1].detail;
            assert!(scripts.contains(&format!(" runs of {one}, ")) && scripts.ends_with(&other), "{scripts}");
            assert!(pair.timing.is_some());
        }
        let printed = table(&report, Medium { colour: false, width: None }, false);
        let titles = printed.lines().find(|line| line.contains("faster")).expect("the titles");
        let words = titles.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.starts_with(&format!("{one} {other} faster")), "{titles}");
    }
}

#[test]
fn the_traces_of_any_two_arms_are_read_back() {
    let pair = pair(Pattern::Semaphore);
    for arms in OTHERS.iter().flat_map(|named| comparisons(named)) {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("traces");
        let archive = Archive::create(&folder).expect("a new folder");
        let mut lab = lab(|_| {});
        let rounds = Round::first(2, pair.problem(), &lab.settings);
        let request =
            Request { arms, rounds: &rounds, kept: Some(archive.folder()), reading: Reading::default() };
        let diffed = campaign::diff(&pair, &mut lab, &request);
        archive.finish(&diffed.contents(&pair, &lab.settings)).expect("it can be written");
        let contents = archive::contents(&folder, Pattern::Semaphore).expect("it was written whole");
        let again = campaign::read(&pair, Kept::both(&folder, &contents), Reading::default())
            .expect("it was written whole");
        assert_eq!(without_sources(&again.behaviour), without_sources(&diffed.behaviour), "{arms:?}");
        assert_eq!(again.behaviour.arms, arms);
    }
}

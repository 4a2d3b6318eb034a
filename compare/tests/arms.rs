//! A comparison is of any two arms, and needs nothing more for a twin or for two runtimes than for two sides.

use compare::behaviour::Verdict;
use compare::campaign;
use compare::lab::Arm;
use compare::pair::pair;
use shared::Pattern;

mod laboratory;

use laboratory::lab;

#[test]
fn an_arm_agrees_with_itself_and_one_runtime_with_the_other() {
    // The second differs by nature, but not from itself.
    let pairs = [Pattern::Semaphore, Pattern::Daemon].map(pair);
    for arms in [
        [Arm::THREADS, Arm::THREADS.again()],
        [Arm::TASKS, Arm::TASKS.again()],
        [Arm::TASKS, Arm::TASKS_ON_ONE],
    ] {
        let mut lab = lab(|_| {});
        lab.arms = arms;
        let (report, exit) = campaign::compare(&pairs, &mut lab);
        assert_eq!(exit, compare::Exit::Agree, "{arms:?}");
        for pair in &report.pairs {
            let behaviour = &pair.behaviour;
            assert_eq!(behaviour.verdict, Verdict::Same, "{arms:?}: {behaviour:#?}");
            let [one, other] = arms.map(|arm| arm.to_string());
            let scripts = &behaviour.levels[1].detail;
            assert!(scripts.contains(&format!(" runs of {one}, ")) && scripts.ends_with(&other), "{scripts}");
            assert!(pair.timing.is_some());
        }
    }
}

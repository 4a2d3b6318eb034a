//! In which of its polls a task did something, and who woke it for that.

use compare::lab::{Arm, Round};
use compare::pair::pair;
use shared::{Pace, Pattern, Trace};

mod laboratory;

use laboratory::lab;

/// A run of tasks on one thread, where nothing is by chance.
fn run(pattern: Pattern) -> Trace {
    let (mut lab, pair) = (lab(|_| {}), pair(pattern));
    let setting = lab.judged(&pair, Arm::TASKS_ON_ONE, &Round::at(1, Pace::ZERO));
    lab.run(&pair, Arm::TASKS_ON_ONE, setting).expect("it is right").trace
}

fn place(trace: &Trace, role: &str) -> Option<u32> {
    trace.cast.iter().position(|member| member.role == role).and_then(|place| place.try_into().ok())
}

#[test]
fn whoever_waits_for_an_event_is_woken_by_the_one_who_sets_it() {
    let trace = run(Pattern::Event);
    let received: Vec<_> = trace.said().filter(|(_, _, said)| said.shape.name == "Received").collect();
    assert_eq!(received.len(), 2);
    for (_, event, _) in received {
        let turn = event.turn.as_ref().expect("a task has turns");
        let woken = turn.woken.expect("it has waited");
        assert_eq!(woken.by, place(&trace, "setter"), "{trace:?}");
        assert!(woken.at <= turn.began && turn.began <= event.at, "{turn:?} {:?}", event.at);
    }
}

#[test]
fn turns_are_counted_and_a_pause_ends_one() {
    let trace = run(Pattern::Sequential);
    let turns: Vec<u32> =
        trace.said().map(|(_, event, _)| event.turn.as_ref().expect("a task has turns").number).collect();
    // `Started`, then a turn for each number and letter after its pause; `Finished` follows the last of them.
    assert_eq!(turns, (1..=11).chain([11]).collect::<Vec<_>>());
}

#[test]
fn a_thread_has_no_turns_and_what_is_timed_is_not_watched() {
    let mut lab = lab(|_| {});
    let pair = pair(Pattern::Event);
    let pace = Pace::new(0.001).expect("a pace");
    for arm in Arm::DEFAULT {
        let timed = lab.timed(&pair, arm, pace);
        let trace = lab.run(&pair, arm, timed).expect("it is right").trace;
        assert!(trace.events.iter().all(|event| event.turn.is_none() && event.stall.is_none()), "{arm}");
    }
    let judged = lab.judged(&pair, Arm::THREADS, &Round::at(1, pace));
    let trace = lab.run(&pair, Arm::THREADS, judged).expect("it is right").trace;
    assert!(trace.events.iter().all(|event| event.turn.is_none()));
    // It sleeps until the event is set.
    let (_, received, _) =
        trace.said().find(|(_, _, said)| said.shape.name == "Received").expect("it is set");
    let slept = received.stall.as_ref().map(|stall| stall.blocked);
    assert!(!cfg!(target_os = "linux") || slept.is_some_and(|slept| (1..8).contains(&slept)), "{received:?}");
}

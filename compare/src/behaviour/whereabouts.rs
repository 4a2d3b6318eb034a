//! Whereabouts: where an actor acts, in the source and on which thread.

use std::collections::HashMap;

use shared::{Breach, End, Side, Trace, What};

use crate::lab::Arm;
use crate::pair::Problem;

/// Holds one run of this arm to be done by its own side's solution, and by actors of their own.
pub(super) fn check_whereabouts(problem: &dyn Problem, arm: Arm, trace: &Trace) -> Vec<Breach> {
    let threads = if arm.side() == Side::Threaded { share_a_thread(trace) } else { share_a_task(trace) };
    elsewhere(problem, arm, trace).into_iter().chain(threads).collect()
}

/// Whatever a pattern's actor does, the pattern's own side does, in its own section: no side runs the other's solution.
/// Of a run that was kept, it is not known where anything was recorded.
fn elsewhere(problem: &dyn Problem, arm: Arm, trace: &Trace) -> Option<Breach> {
    if trace.events.iter().all(|event| event.source.is_none()) {
        return None;
    }
    let home = format!("{}/src/{}/", arm.side(), problem.card().section);
    let (event, _) = trace.events.iter().enumerate().find(|(_, event)| {
        let nowhere = match event.what {
            What::Began => event.actor == 0,
            What::Ended(_) => true,
            What::Said(_) | What::Paused(_) | What::Waits(_) => false,
        };
        let at_home = event.source.map(|source| source.file().replace('\\', "/").contains(&home));
        at_home != if nowhere { None } else { Some(true) }
    })?;
    Some(Breach::new(format!("it is not done in {home}"), [event]))
}

/// Each actor that is a thread has one of its own, and stays there.
fn share_a_thread(trace: &Trace) -> Option<Breach> {
    let mut by_thread: HashMap<u32, (usize, usize)> = HashMap::new();
    let mut by_actor: HashMap<usize, (u32, usize)> = HashMap::new();
    for (index, event) in trace.events.iter().enumerate() {
        // What was never run is cancelled by whoever drops it; and a thread that is nearly gone has no number.
        if event.thread == 0 || event.what == What::Ended(End::Cancelled) {
            continue;
        }
        let (actor, theirs) = *by_thread.entry(event.thread).or_insert((event.actor, index));
        let (thread, own) = *by_actor.entry(event.actor).or_insert((event.thread, index));
        let [member, other] = [event.actor, actor].map(|actor| trace.cast[actor]);
        if actor != event.actor {
            return Some(Breach::new(format!("{member} is on the thread of {other}"), [theirs, index]));
        }
        if thread != event.thread {
            return Some(Breach::new(format!("{member} changes its thread"), [own, index]));
        }
    }
    None
}

/// Each actor that is a task is one of its own: it is polled by the runtime, and not by another actor.
fn share_a_task(trace: &Trace) -> Option<Breach> {
    let within = |event: usize| trace.events[event].turn.as_ref().and_then(|turn| turn.within);
    let (event, other) = (0..trace.events.len()).find_map(|event| Some((event, within(event)?)))?;
    let other = trace.cast.get(other as usize)?;
    Some(Breach::new(
        format!("{} is a part of {other}, and no task", trace.cast[trace.events[event].actor]),
        [event],
    ))
}

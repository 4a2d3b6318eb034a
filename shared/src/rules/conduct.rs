//! Conduct: what holds of every run, whatever its pattern.
//!
//! Nothing here bounds a time from above. How long anything takes at most is the machine's affair, and a law that a busy
//! machine can break is worse than none.

use std::time::Duration;

use crate::{Breach, End, Pace, Trace, What};

/// Holds a trace, of a run whose order was recorded, to what every run must keep.
///
/// Time: linear in the number of events.
pub fn check_conduct(trace: &Trace) -> Vec<Breach> {
    let checks = [main_ends_last, time_goes_on, pauses_last, waits_last, pauses_give_way];
    checks.iter().filter_map(|check| check(trace)).collect()
}

/// The main line waits for everybody.
fn main_ends_last(trace: &Trace) -> Option<Breach> {
    let main =
        trace.events.iter().position(|event| event.actor == 0 && matches!(event.what, What::Ended(_)))?;
    let later = trace.events.get(main + 1)?;
    let what = format!("the main line is over before {}: it did not wait for it", trace.cast[later.actor]);
    Some(Breach::new(what, [main, main + 1]))
}

/// What an actor did later, it did not do earlier. Of two actors the clock may say so: it is read before the order is.
fn time_goes_on(trace: &Trace) -> Option<Breach> {
    let (before, after) =
        trace.successions().find(|&(before, after)| trace.events[after].at < trace.events[before].at)?;
    let member = trace.cast[trace.events[after].actor];
    Some(Breach::new(format!("the time of {member} runs backwards"), [before, after]))
}

/// A pause lasts at least as long as was asked for: whatever the actor does next, it does later.
fn pauses_last(trace: &Trace) -> Option<Breach> {
    let (pause, next, _) = pauses(trace).find(|&(pause, next, duration)| {
        trace.lapse(pause, next) < trace.pace.of(duration).unwrap_or_default()
    })?;
    let member = trace.cast[trace.events[pause].actor];
    Some(Breach::new(format!("a pause of {member} is too short"), [pause, next]))
}

/// A wait that its actor makes again at once was not cut short, and so lasts.
fn waits_last(trace: &Trace) -> Option<Breach> {
    let (first, again) = trace.successions().find(|&(first, again)| {
        let [what, what_again] = [first, again].map(|event| &trace.events[event].what);
        let (What::Waits(most), What::Waits(_)) = (what, what_again) else { return false };
        trace.lapse(first, again) < trace.pace.of(*most).unwrap_or_default()
    })?;
    let member = trace.cast[trace.events[first].actor];
    Some(Breach::new(format!("a wait of {member} is too short"), [first, again]))
}

/// In a pause, a task gives its worker to others: what it does next, it does in a later turn.
///
/// Without waits, because there a pause gives way once and for certain. A timer may be over before it is first looked
/// at, if the machine was busy just then, and nothing has to be waited for.
fn pauses_give_way(trace: &Trace) -> Option<Breach> {
    if trace.pace != Pace::ZERO {
        return None;
    }
    let turn = |event: usize| trace.events[event].turn.as_ref().map(|turn| turn.number);
    let (pause, next, _) =
        pauses(trace).find(|&(pause, next, _)| turn(pause).is_some() && turn(pause) == turn(next))?;
    let member = trace.cast[trace.events[pause].actor];
    Some(Breach::new(format!("{member} pauses without giving its worker to others"), [pause, next]))
}

/// Each pause, what its actor did next, and how long it was to be in notebook time; but for those that were cut short
/// because the actor was.
pub(super) fn pauses(trace: &Trace) -> impl Iterator<Item = (usize, usize, Duration)> {
    trace.successions().filter_map(|(pause, next)| {
        match (&trace.events[pause].what, &trace.events[next].what) {
            (What::Paused(_), What::Ended(End::Cancelled)) => None,
            (What::Paused(duration), _) => Some((pause, next, *duration)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::check_conduct;
    use crate::trace::Event;
    use crate::{End, Member, Pace, Trace, Turn, What};

    const NAP: Duration = Duration::from_millis(10);

    /// Of a main line and a worker: who, when in milliseconds, in which turn, what.
    fn trace(pace: Pace, events: impl IntoIterator<Item = (usize, u64, u32, What)>) -> Trace {
        let cast = [("main", 0), ("worker", 1)].map(|(role, number)| Member { role, number });
        let event = |(actor, at, number, what)| Event {
            turn: (number > 0).then(|| {
                Box::new(Turn { number, idle: None, began: Duration::ZERO, woken: None, within: None })
            }),
            ..Event::new(actor, Duration::from_millis(at), what)
        };
        Trace { pace, cast: cast.into(), events: events.into_iter().map(event).collect(), ..Trace::default() }
    }

    fn ended() -> What {
        What::Ended(End::Returned)
    }

    fn at_fault(trace: &Trace) -> Vec<Vec<usize>> {
        check_conduct(trace).into_iter().map(|breach| breach.events).collect()
    }

    #[test]
    fn whoever_is_over_after_the_main_line_was_not_waited_for() {
        let events = [(1, 0, 0, What::Began), (0, 1, 0, ended()), (1, 2, 0, ended())];
        assert_eq!(at_fault(&trace(Pace::ZERO, events)), [[1, 2]]);
    }

    #[test]
    fn time_runs_backwards_for_nobody() {
        let events = [(1, 2, 0, What::Began), (0, 0, 0, What::Began), (1, 1, 0, ended()), (0, 1, 0, ended())];
        assert_eq!(at_fault(&trace(Pace::ZERO, events)), [[0, 2]]);
    }

    #[test]
    fn a_pause_that_is_too_short_is_found_unless_its_actor_was_cut_off() {
        let paused = |at, end| {
            trace(
                Pace::NOTEBOOK,
                [(1, 0, 0, What::Paused(NAP)), (1, at, 0, What::Ended(end)), (0, at, 0, ended())],
            )
        };
        assert_eq!(at_fault(&paused(9, End::Returned)), [[0, 1]]);
        assert_eq!(at_fault(&paused(10, End::Returned)), [[0; 2]; 0]);
        assert_eq!(at_fault(&paused(9, End::Cancelled)), [[0; 2]; 0]);
    }

    #[test]
    fn a_wait_that_is_made_again_too_soon_is_found() {
        let waits = |again, what| {
            let events = [(1, 0, 0, What::Waits(NAP)), (1, again, 0, what), (0, 20, 0, ended())];
            at_fault(&trace(Pace::NOTEBOOK, events))
        };
        assert_eq!(waits(9, What::Waits(NAP)), [[0, 1]]);
        assert_eq!(waits(10, What::Waits(NAP)), [[0; 2]; 0]);
        assert_eq!(waits(9, ended()), [[0; 2]; 0], "it was cut short");
    }

    #[test]
    fn a_pause_in_one_turn_blocks_its_worker() {
        let paused = |pace, next| {
            trace(pace, [(1, 0, 3, What::Paused(NAP)), (1, 50, next, ended()), (0, 50, 0, ended())])
        };
        assert_eq!(at_fault(&paused(Pace::ZERO, 3)), [[0, 1]]);
        assert_eq!(at_fault(&paused(Pace::ZERO, 4)), [[0; 2]; 0]);
        assert_eq!(at_fault(&paused(Pace::NOTEBOOK, 3)), [[0; 2]; 0], "a timer may be over already");
    }
}

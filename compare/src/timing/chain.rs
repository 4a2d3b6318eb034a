//! The chain of pauses: what a timer that is late each time makes longer.

use std::time::Duration;

use shared::{Trace, What};

/// The most pauses that follow each other without overlap, over all actors: what a timer that is late each time makes
/// longer.
///
/// Source: the greedy solution of interval scheduling, always the one that ends first.
pub(super) fn chain_of_pauses(trace: &Trace) -> u32 {
    let mut began = vec![None; trace.cast.len()];
    let mut pauses: Vec<(Duration, Duration)> = Vec::new();
    for event in &trace.events {
        if let Some(start) = began[event.actor].take() {
            pauses.push((event.at, start));
        }
        if matches!(event.what, What::Paused(_) | What::Waits(_)) {
            began[event.actor] = Some(event.at);
        }
    }
    pauses.sort_unstable();
    let mut chain = 0;
    let mut over = Duration::ZERO;
    for (end, start) in pauses {
        if start >= over {
            chain += 1;
            over = end;
        }
    }
    chain
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::trace::Event;
    use shared::{End, Member, Pace, Trace, What, steps};

    use super::chain_of_pauses;

    steps! {
        /// Nobody says anything here.
        pub enum Step of Kind {
            /// Not said.
            Never,
        }
    }

    #[test]
    fn pauses_at_the_same_time_are_one_link_of_the_chain() {
        let event = |(actor, at, what)| Event::new(actor, Duration::from_millis(at), what);
        let nap = || What::Paused(Duration::from_millis(10));
        let over = || What::Ended(End::Returned);
        // The first actor pauses from 0 to 10 to 20, the second from 5 to 12 and, after a while, from 20 to 30.
        let events = [
            (0, 0, nap()),
            (1, 5, nap()),
            (0, 10, nap()),
            (1, 12, What::said(Step::Never)),
            (0, 20, over()),
            (1, 20, nap()),
            (1, 30, over()),
        ];
        let cast = (0..2).map(|number| Member { role: "napper", number }).collect();
        assert_eq!(
            chain_of_pauses(&Trace {
                pace: Pace::NOTEBOOK,
                cast,
                events: events.into_iter().map(event).collect(),
                ..Trace::default()
            }),
            3
        );
    }
}

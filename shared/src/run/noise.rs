//! Noise: actors are held up here and there, so that many runs show many interleavings.
//!
//! Left to themselves, short runs go nearly always the same way. What holds an actor up is what the scheduler may do to
//! it at any time, so every trace that noise leads to is one that could have been without it.

use std::thread;
use std::time::Duration;

use super::hold::Hold;
use super::random::mix;

/// Where the actors of one run are held up: the same seed holds them up at the same points.
///
/// A thread is held up before it records something, by its own [`Actor`](crate::Actor); a task before a poll, by its
/// side's `perform`, and in some runs, where it doesn't share its thread with all others, as a thread is: what is done
/// between two awaits is whole for the tasks of one thread, but not for those of several. Whom it has woken runs
/// [meanwhile](crate::Setting::block). Each actor may also be held up before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noise {
    seed: u64,
}

/// The longest time for which a thread is held up, in microseconds. Its timer adds about fifty of its own.
const LONGEST: u64 = 20;

/// The longest time for which a thread's end is held up, in microseconds, and the most polls for which a task's is:
/// long enough for another to do its next few steps.
const LINGERS: (u64, u32) = (300, 16);

/// After so many points, an actor has done what it does often enough.
const LONG: u32 = 100;

/// The point of an actor's end, which is no poll.
const END: u32 = u32::MAX;

impl Noise {
    /// The noise of this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number where a task gives way before its poll of this number. Never for ever: each poll is drawn anew.
    pub(crate) fn gives_way(self, actor: u32, poll: u32) -> Option<u64> {
        self.draw(actor, poll)
    }

    /// Whether the threads of tasks are held up too.
    pub(crate) fn is_for_workers(self) -> bool {
        (mix(self.seed) >> 8).is_multiple_of(2)
    }

    /// Holds up the thread of an actor before its note of this number: sometimes it gives way, and sometimes it sleeps,
    /// because a thread that gives way while every other has a core goes on at once.
    #[cold]
    pub(crate) fn hold_up_thread(self, actor: u32, nth: u32, block: fn(&mut dyn FnMut())) {
        match self.draw(actor, nth) {
            None => {}
            Some(drawn) if drawn.is_multiple_of(2) => thread::yield_now(),
            Some(drawn) => {
                block(&mut || thread::sleep(Duration::from_micros(drawn % LONGEST)));
            }
        }
    }

    /// What holds up the end of an actor.
    pub(crate) fn lingering(self, actor: u32) -> Hold {
        let (micros, turns) = LINGERS;
        let hold = |drawn: u64| {
            let share = u32::try_from(drawn % u64::from(turns)).expect("it is less than so many");
            Hold::noise(Duration::from_micros(drawn % micros), share + 1)
        };
        self.draw(actor, END).map_or(Hold::NOTHING, hold)
    }

    /// A number at the points where the actor is held up.
    ///
    /// Each run draws its own share of the points, from a half to a sixteenth: often held up, actors change places at
    /// every step; seldom held up, one falls far behind. What does the same for long is seldom held up after a while.
    fn draw(self, actor: u32, point: u32) -> Option<u64> {
        let share = if point < LONG || point == END { 2 << (mix(self.seed) % 4) } else { 16 };
        let drawn = [u64::from(actor), u64::from(point)]
            .into_iter()
            .fold(mix(self.seed), |seed, part| mix(seed ^ part));
        drawn.is_multiple_of(share).then_some(drawn / share)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{LONG, Noise};

    #[test]
    fn a_share_of_the_points_is_held_up() {
        let mut shares = BTreeSet::new();
        for seed in 0..20 {
            let noise = Noise::new(seed);
            let points = (0..160).flat_map(|actor| (0..LONG).map(move |point| (actor, point)));
            let held_up = points.filter(|&(actor, point)| noise.gives_way(actor, point).is_some()).count();
            let share = [2, 4, 8, 16].into_iter().find(|share| held_up.abs_diff(16_000 / share) < 250);
            shares.insert(share.unwrap_or_else(|| panic!("{held_up} of 16000 is none of the shares")));
        }
        assert_eq!(shares, BTreeSet::from([2, 4, 8, 16]));
    }

    #[test]
    fn the_same_seed_holds_up_at_the_same_points() {
        let points = |seed| (0..100).map(|point| Noise::new(seed).gives_way(1, point)).collect::<Vec<_>>();
        assert_eq!(points(7), points(7));
        assert_ne!(points(7), points(11));
    }
}

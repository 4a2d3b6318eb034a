//! Meetings: in some runs, actors wait for each other where they must be able to be at once.
//!
//! That three may be inside at once can't be read off a run in which they happened not to be: on a machine with one core
//! they seldom are, and where nothing is left of the concurrency they never are. So chance is taken out of it: whoever
//! comes to the place is held there until all are, as the scheduler might hold it at any time. Where the solution is
//! right, that takes microseconds and can't fail; where it isn't, nobody else ever comes.

use std::fmt::{self, Display};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Kind, Shape};

/// What must be possible, on either side: so many actors at the same place at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// How many of which roles.
    pub parties: Vec<(&'static str, usize)>,
    /// Where.
    pub place: Place,
}

/// Where actors meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At their begin, before they do anything.
    Begin,
    /// In a pause, when they have last said one of these; in any pause where none are named.
    Pause(Vec<&'static Shape>),
    /// At what they do after they have said this, and before they do anything else. They are held there by the fixture
    /// that they wait for; where the pattern has none, by nothing.
    Step(&'static Shape),
}

impl Overlap {
    /// So many of these roles can be at their begin at once: all of them are begun before any is waited for.
    pub fn alive(parties: impl Into<Vec<(&'static str, usize)>>) -> Self {
        Self { parties: parties.into(), place: Place::Begin }
    }

    /// So many of these roles can pause at once.
    pub fn pausing(parties: impl Into<Vec<(&'static str, usize)>>) -> Self {
        Self { parties: parties.into(), place: Place::Pause(Vec::new()) }
    }

    /// The same, in a pause before which they have last said this; or something else that is named so.
    #[must_use]
    pub fn after(mut self, kind: impl Kind) -> Self {
        if let Place::Pause(after) = &mut self.place {
            after.push(kind.shape());
        }
        self
    }

    /// So many of these roles can have said this at once, and be at what they do then.
    pub fn having_said(parties: impl Into<Vec<(&'static str, usize)>>, kind: impl Kind) -> Self {
        Self { parties: parties.into(), place: Place::Step(kind.shape()) }
    }

    /// How many actors it is about: fewer than two are no overlap.
    pub fn count(&self) -> usize {
        self.parties.iter().map(|(_, count)| count).sum()
    }
}

impl Display for Overlap {
    /// What can be: `3 × worker in the pause after Acquired at once`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (role, count)) in self.parties.iter().enumerate() {
            write!(f, "{}{count} × {role}", if place == 0 { "" } else { " and " })?;
        }
        match &self.place {
            Place::Begin => f.write_str(" at their begin at once"),
            Place::Step(shape) => write!(f, " at what follows {} at once", shape.name),
            Place::Pause(after) if after.is_empty() => f.write_str(" in a pause at once"),
            Place::Pause(after) => {
                let names: Vec<&str> = after.iter().map(|shape| shape.name).collect();
                write!(f, " in the pause after {} at once", names.join(" or "))
            }
        }
    }
}

/// An overlap that is to come about in one run.
#[derive(Debug)]
pub struct Meeting {
    overlap: Overlap,
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Debug)]
struct State {
    /// How many of each party have not come yet.
    missing: Vec<usize>,
    /// Whether all have come, or one has given up: nobody is held any more.
    over: bool,
}

impl Meeting {
    /// The meeting of those who are to overlap.
    pub fn of(overlap: Overlap) -> Self {
        let missing = overlap.parties.iter().map(|(_, count)| *count).collect();
        Self { overlap, state: Mutex::new(State { missing, over: false }), over: Condvar::new() }
    }

    /// How many the fixture of the run is to hold, if it is, and for how long at most.
    pub fn at_the_fixture(&self) -> Option<(usize, Duration)> {
        matches!(self.overlap.place, Place::Step(_)).then(|| (self.overlap.count(), self.patience()))
    }

    /// How long an actor is held, at most: a second, and some more where many are to come. It is no measure of anything:
    /// where all can come, they come at once, and where a busy machine keeps one of them away for so long, another run is
    /// tried.
    pub(super) fn patience(&self) -> Duration {
        let many = u32::try_from(self.overlap.count()).unwrap_or(u32::MAX);
        Duration::from_secs(1) + Duration::from_millis(10).saturating_mul(many)
    }

    /// Whether an actor that is now at this place takes part.
    pub(super) fn is_at(&self, begins: bool, said: Option<u8>) -> bool {
        match &self.overlap.place {
            Place::Begin => begins,
            Place::Step(_) => false,
            Place::Pause(after) => {
                !begins && (after.is_empty() || after.iter().any(|shape| Some(shape.index) == said))
            }
        }
    }

    /// An actor of this role has come. Whether it is to be held: where it is the last, or one too many, it isn't.
    pub(super) fn arrive(&self, role: &str) -> bool {
        let mut state = self.state();
        let party = self.overlap.parties.iter().position(|(party, _)| *party == role);
        let Some(missing) = party.and_then(|party| state.missing.get_mut(party)) else { return false };
        if *missing == 0 {
            return false;
        }
        *missing -= 1;
        if state.missing.iter().all(|missing| *missing == 0) {
            self.end(state);
            return false;
        }
        !state.over
    }

    /// Whether nobody is held any more.
    pub(super) fn is_over(&self) -> bool {
        self.state().over
    }

    /// Holds a thread until it is over.
    pub(super) fn hold(&self) {
        let (state, _) = self
            .over
            .wait_timeout_while(self.state(), self.patience(), |state| !state.over)
            .unwrap_or_else(PoisonError::into_inner);
        self.end(state);
    }

    /// Nobody waits any longer.
    pub(super) fn give_up(&self) {
        self.end(self.state());
    }

    fn end(&self, mut state: MutexGuard<'_, State>) {
        state.over = true;
        drop(state);
        self.over.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Meeting, Overlap};

    #[test]
    fn whoever_comes_is_held_until_the_last_has_come() {
        let meeting = Meeting::of(Overlap::alive([("one", 1), ("other", 2)]));
        assert!(meeting.arrive("other") && !meeting.is_over());
        assert!(!meeting.arrive("stranger"));
        assert!(meeting.arrive("one"));
        assert!(!meeting.arrive("one"), "one too many is not held");
        assert!(
            !meeting.arrive("other") && meeting.is_over(),
            "the last is not held, and nobody else any more"
        );
    }

    #[test]
    fn once_one_has_given_up_nobody_is_held() {
        let meeting = Meeting::of(Overlap::alive([("one", 3)]));
        assert!(meeting.arrive("one"));
        meeting.give_up();
        assert!(!meeting.arrive("one") && meeting.is_over());
    }

    #[test]
    fn an_overlap_reads_as_a_sentence() {
        let alive = Overlap::alive([("producer", 2), ("consumer", 3)]);
        assert_eq!(alive.to_string(), "2 × producer and 3 × consumer at their begin at once");
        assert_eq!(alive.count(), 5);
    }
}

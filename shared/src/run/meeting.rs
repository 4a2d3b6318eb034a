//! Meetings: in some runs, actors wait for each other where they must be able to be at once.
//!
//! That three may be inside at once can't be read off a run in which they happened not to be: on a machine with one core
//! they seldom are, and where nothing is left of the concurrency they never are. So chance is taken out of it: whoever
//! comes to the place is held there until all are, as the scheduler might hold it at any time. Where the solution is
//! right, that takes microseconds; where it isn't, nobody else ever comes. Whoever waits in vain gives up, and another run
//! is tried.

use std::fmt::{self, Display};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Kind, Shape, What};

/// What must be possible, on either side: so many actors, each at its place, at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Who.
    pub parties: Vec<Party>,
}

/// Some actors that are to be at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// How many.
    pub count: usize,
    /// Of which role.
    pub role: &'static str,
    /// Where.
    pub place: Place,
    /// Whether they come when all that aren't late are there already.
    pub late: bool,
}

/// Where actors meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At their begin, before they do anything.
    Begin,
    /// In a pause, when they have last said one of these; in any pause where none are named.
    Pause(Vec<&'static Shape>),
    /// Where they have said this so often, and before they do anything else.
    Said(&'static Shape, usize),
    /// At the origin of their run, with the request that they make when they have said this.
    Origin(&'static Shape),
}

impl Overlap {
    /// So many of these roles can be at their begin at once: all of them are begun before any is waited for.
    pub fn alive(parties: impl IntoIterator<Item = (&'static str, usize)>) -> Self {
        Self::at(&Place::Begin, parties)
    }

    /// So many of these roles can pause at once.
    pub fn pausing(parties: impl IntoIterator<Item = (&'static str, usize)>) -> Self {
        Self::at(&Place::Pause(Vec::new()), parties)
    }

    /// The same, in a pause before which they have last said this; or something else that is named so.
    #[must_use]
    pub fn after(mut self, kind: impl Kind) -> Self {
        for party in &mut self.parties {
            if let Place::Pause(after) = &mut party.place {
                after.push(kind.shape());
            }
        }
        self
    }

    /// So many of these roles can have said this at once, before any of them goes on.
    ///
    /// They are held in the step itself, and with them whatever they hold then: a lock that others need to come to their
    /// places must not be among it.
    pub fn having_said(parties: impl IntoIterator<Item = (&'static str, usize)>, kind: impl Kind) -> Self {
        Self::having_said_often(parties, kind, 1)
    }

    /// The same, when each of them has said it so many times.
    ///
    /// # Panics
    /// If that is never: there is no place at which nothing was said.
    pub fn having_said_often(
        parties: impl IntoIterator<Item = (&'static str, usize)>,
        kind: impl Kind,
        times: usize,
    ) -> Self {
        assert!(times > 0, "what is said no time has no place");
        Self::at(&Place::Said(kind.shape(), times), parties)
    }

    /// So many of these roles can have a request at the origin at once, which they make when they have said this.
    pub fn requesting(parties: impl IntoIterator<Item = (&'static str, usize)>, kind: impl Kind) -> Self {
        Self::at(&Place::Origin(kind.shape()), parties)
    }

    /// And at the same time this.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.parties.extend(other.parties);
        self
    }

    /// And then, while they are there, these can come to their places too, from their begin on.
    ///
    /// # Panics
    /// If these are to be at their begin, where they are held until then; or at the origin, which holds nobody for others.
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        let comes = |party: &Party| matches!(party.place, Place::Pause(_) | Place::Said(..));
        assert!(other.parties.iter().all(comes), "who is late comes to a pause or a step");
        let late = other.parties.into_iter().map(|party| Party { late: true, ..party });
        self.and(Self { parties: late.collect() })
    }

    fn at(place: &Place, parties: impl IntoIterator<Item = (&'static str, usize)>) -> Self {
        let party = |(role, count)| Party { count, role, place: place.clone(), late: false };
        Self { parties: parties.into_iter().map(party).collect() }
    }

    /// Whether so many are there, party by party, of all such parties.
    pub(crate) fn are_there(&self, there: &[usize], such: fn(&Party) -> bool) -> bool {
        let mut parties = self.parties.iter().zip(there).filter(|(party, _)| such(party));
        parties.all(|(party, there)| *there >= party.count)
    }

    /// How many actors it is about: fewer than two are no overlap.
    pub fn count(&self) -> usize {
        self.count_at(|_| true)
    }

    /// How many of them are at such a place.
    fn count_at(&self, is: fn(&Place) -> bool) -> usize {
        self.parties.iter().filter(|party| is(&party.place)).map(|party| party.count).sum()
    }

    /// How many of them are to have a request at the origin.
    pub fn requests(&self) -> usize {
        self.count_at(|place| matches!(place, Place::Origin(_)))
    }

    /// Of which party an actor of this role is, now that it does this after what it did before.
    pub(crate) fn party(&self, role: &str, past: &Past, what: &What) -> Option<usize> {
        self.parties.iter().position(|party| party.role == role && party.place.is_reached(past, what))
    }
}

impl Place {
    fn is_reached(&self, past: &Past, what: &What) -> bool {
        match (self, what) {
            (Self::Begin, What::Began) => true,
            (Self::Pause(after), What::Paused(_)) => {
                after.is_empty() || after.iter().any(|shape| past.last == Some(shape.index))
            }
            (Self::Said(shape, times), What::Said(said)) => said.is(shape) && past.count(shape) + 1 == *times,
            (Self::Origin(shape), What::Said(said)) => said.is(shape),
            _ => false,
        }
    }
}

/// What an actor has said, as far as its places depend on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    last: Option<u8>,
    /// How often it said each step, by the place of that among the steps of the pattern.
    times: Vec<usize>,
}

impl Past {
    fn count(&self, shape: &Shape) -> usize {
        self.times.get(usize::from(shape.index)).copied().unwrap_or(0)
    }

    /// Now it has done this too.
    pub(crate) fn push(&mut self, what: &What) {
        let What::Said(said) = what else { return };
        let index = usize::from(said.shape.index);
        self.times.resize(self.times.len().max(index + 1), 0);
        self.times[index] += 1;
        self.last = Some(said.shape.index);
    }
}

impl Display for Overlap {
    /// What can be: `3 × worker in the pause after Acquired at once`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Party { count, role, place, late }) in self.parties.iter().enumerate() {
            let and = if *late { " and then " } else { " and " };
            write!(f, "{}{count} × {role}", if number == 0 { "" } else { and })?;
            // Parties at one place share its name.
            if self.parties.get(number + 1).is_none_or(|next| next.place != *place) {
                write!(f, " {place}")?;
            }
        }
        f.write_str(" at once")
    }
}

impl Display for Place {
    /// Where that is, of several: `in the pause after Acquired`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin => f.write_str("at the begin"),
            Self::Pause(after) if after.is_empty() => f.write_str("in a pause"),
            Self::Pause(after) => {
                let names: Vec<&str> = after.iter().map(|shape| shape.name).collect();
                write!(f, "in the pause after {}", names.join(" or "))
            }
            Self::Said(shape, 1) => write!(f, "having said {}", shape.name),
            Self::Said(shape, times) => write!(f, "having said {} {times} times", shape.name),
            Self::Origin(_) => f.write_str("with a request"),
        }
    }
}

/// An overlap that is to come about in one run.
#[derive(Debug)]
pub struct Meeting {
    overlap: Overlap,
    state: Mutex<State>,
    changed: Condvar,
}

/// Where an actor is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// At its begin, because it comes late.
    Entrance,
    /// At the place of this party.
    Party(usize),
}

#[derive(Debug)]
struct State {
    /// How many of each party have come. Those with a request count as there: the origin holds them for each other.
    there: Vec<usize>,
    /// Whether all have come, or one has given up: nobody is held any more.
    over: bool,
}

impl Meeting {
    /// The meeting of those who are to overlap.
    pub fn of(overlap: Overlap) -> Self {
        let come = |party: &Party| if matches!(party.place, Place::Origin(_)) { party.count } else { 0 };
        let there = overlap.parties.iter().map(come).collect();
        Self { overlap, state: Mutex::new(State { there, over: false }), changed: Condvar::new() }
    }

    /// How many requests the origin of the run is to hold, if it is, and for how long at most.
    pub fn at_the_origin(&self) -> Option<(usize, Duration)> {
        let count = self.overlap.requests();
        (count > 0).then(|| (count, self.patience()))
    }

    /// Whether it blocks the threads of tasks too: whoever is held where it has said something.
    pub fn blocks_threads(&self) -> bool {
        self.overlap.count_at(|place| matches!(place, Place::Said(..))) > 0
    }

    /// How long an actor is held, at most: a second, and some more where many are to come. It is no measure of anything:
    /// where all can come, they come at once, and where a busy machine keeps one of them away for so long, another run is
    /// tried.
    pub(super) fn patience(&self) -> Duration {
        let many = u32::try_from(self.overlap.count()).unwrap_or(u32::MAX);
        Duration::from_secs(1) + Duration::from_millis(10).saturating_mul(many)
    }

    /// Where an actor of this role comes to, now that it does this after what it did before.
    ///
    /// The origin itself holds those who are there.
    pub(super) fn seat(&self, role: &str, past: &Past, what: &What) -> Option<Seat> {
        let parties = &self.overlap.parties;
        if *what == What::Began && parties.iter().any(|party| party.late && party.role == role) {
            return Some(Seat::Entrance);
        }
        let party = self.overlap.party(role, past, what)?;
        (!matches!(parties[party].place, Place::Origin(_))).then_some(Seat::Party(party))
    }

    /// An actor has come there. Whether it is to be held: where it is the last, or one too many, it isn't.
    pub(super) fn arrive(&self, seat: Seat) -> bool {
        let mut state = self.state();
        if let Seat::Party(party) = seat {
            if state.there[party] == self.overlap.parties[party].count {
                return false;
            }
            let was_open = self.is_open(&state);
            state.there[party] += 1;
            if self.is_open(&state) != was_open {
                self.changed.notify_all();
            }
        }
        if self.overlap.are_there(&state.there, |_| true) {
            self.end(state);
            return false;
        }
        self.holds(&state, seat)
    }

    /// Whether whoever is late may come in.
    fn is_open(&self, state: &State) -> bool {
        self.overlap.are_there(&state.there, |party| !party.late)
    }

    /// Whether an actor that has come there is held still.
    pub(super) fn is_held(&self, seat: Seat) -> bool {
        self.holds(&self.state(), seat)
    }

    fn holds(&self, state: &State, seat: Seat) -> bool {
        !state.over && (seat != Seat::Entrance || !self.is_open(state))
    }

    /// Holds a thread that has come there.
    pub(super) fn hold(&self, seat: Seat) {
        let (state, waited) = self
            .changed
            .wait_timeout_while(self.state(), self.patience(), |state| self.holds(state, seat))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            self.end(state);
        }
    }

    /// Nobody waits any longer.
    pub(super) fn give_up(&self) {
        self.end(self.state());
    }

    fn end(&self, mut state: MutexGuard<'_, State>) {
        state.over = true;
        drop(state);
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Meeting, Overlap, Past, Seat};
    use crate::What;
    use crate::rules::naive::Kind;

    #[test]
    fn whoever_comes_is_held_until_the_last_has_come() {
        let meeting = Meeting::of(Overlap::alive([("one", 1), ("other", 2)]));
        let [one, other] = [0, 1].map(Seat::Party);
        assert!(meeting.arrive(other) && meeting.is_held(other));
        assert!(meeting.arrive(one));
        assert!(!meeting.arrive(one), "one too many is not held");
        assert!(
            !meeting.arrive(other) && !meeting.is_held(other),
            "the last is not held, and nobody else any more"
        );
    }

    #[test]
    fn whoever_is_late_is_held_at_the_entrance_until_the_others_have_come() {
        let late = Overlap::having_said([("late", 1)], Kind::Enter);
        let meeting = Meeting::of(Overlap::pausing([("early", 1)]).then(late));
        let began = |role| meeting.seat(role, &Past::default(), &What::Began);
        assert_eq!((began("early"), began("late")), (None, Some(Seat::Entrance)));
        let [early, late] = [0, 1].map(Seat::Party);
        assert!(meeting.arrive(Seat::Entrance) && meeting.arrive(early));
        assert!(!meeting.is_held(Seat::Entrance) && meeting.is_held(early));
        assert!(!meeting.arrive(late) && !meeting.is_held(early));
    }

    #[test]
    fn once_one_has_given_up_nobody_is_held() {
        let meeting = Meeting::of(Overlap::alive([("one", 3)]));
        let one = Seat::Party(0);
        assert!(meeting.arrive(one));
        meeting.give_up();
        assert!(!meeting.arrive(one) && !meeting.is_held(one));
    }

    #[test]
    fn only_who_is_held_where_it_speaks_blocks_a_thread() {
        let pausing = Overlap::pausing([("one", 2)]);
        assert!(!Meeting::of(pausing.clone()).blocks_threads());
        let speaking = Overlap::having_said([("other", 3)], Kind::Enter);
        let meeting = Meeting::of(pausing.and(speaking));
        assert!(meeting.blocks_threads() && meeting.at_the_origin().is_none());
        let requesting = Meeting::of(Overlap::requesting([("one", 2)], Kind::Enter));
        assert_eq!(requesting.at_the_origin().map(|(count, _)| count), Some(2));
    }

    #[test]
    fn an_overlap_reads_as_a_sentence() {
        let alive = Overlap::alive([("producer", 2), ("consumer", 3)]);
        assert_eq!(alive.to_string(), "2 × producer and 3 × consumer at the begin at once");
        assert_eq!(alive.count(), 5);
        let ahead = Overlap::having_said_often([("producer", 1)], Kind::Put, 9);
        assert_eq!(
            Overlap::alive([("consumer", 1)]).and(ahead).to_string(),
            "1 × consumer at the begin and 1 × producer having said Put 9 times at once"
        );
        let late = Overlap::pausing([("setter", 1)]).then(Overlap::having_said([("waiter", 1)], Kind::Got));
        assert_eq!(late.to_string(), "1 × setter in a pause and then 1 × waiter having said Got at once");
    }
}

//! An actor: a named participant of a run, on whichever side.

use std::error::Error;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::level_filters::LevelFilter;
use tracing::{Level, Span};

use super::cast::Run;
use super::hold::Hold;
use super::meeting::{Meeting, Past, Seat};
use super::stall;
use super::turn::{Turns, Watched};
use crate::{Emission, Emit, Member, Note, Setting, Side, What};

/// A participant of a run: a role and a number, as in `worker 2`.
///
/// It is handed to whoever performs it and is not `Clone`: what it says is in program order.
#[derive(Debug)]
pub struct Actor {
    identity: Identity,
    number: usize,
}

/// The place of the main line in every cast.
const MAIN: u32 = 0;

/// What it takes to speak as an actor.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    run: Arc<Run>,
    place: u32,
    role: &'static str,
    /// Where in the source it was made; nowhere for the main line, which no pattern makes.
    made: Option<&'static Location<'static>>,
    history: Arc<History>,
    span: Span,
}

/// What an actor has done, as the performance and the actor itself share it.
#[derive(Debug, Default)]
struct History {
    /// How many notes were recorded.
    recorded: AtomicU32,
    /// Kept only where somebody is to meet.
    attendance: Mutex<Attendance>,
    /// Its turns, where they are watched.
    turns: Option<Arc<Turns>>,
}

/// What an actor has said, and where it is to be held at what it did last.
#[derive(Debug, Default)]
struct Attendance {
    past: Past,
    seat: Option<Seat>,
}

impl Actor {
    #[track_caller]
    pub(crate) fn new(run: &Arc<Run>, role: &'static str, number: usize) -> Self {
        let (place, span) = run.cast(role, number);
        let Setting { side, watched, alone, .. } = run.setting;
        let turns =
            (watched && side == Side::Asynchronous).then(|| Arc::new(Turns::new((run.number, place), alone)));
        let history = Arc::new(History { turns, ..History::default() });
        let made = if place == MAIN { None } else { Some(Location::caller()) };
        Self { identity: Identity { run: Arc::clone(run), place, role, made, history, span }, number }
    }

    /// The role, as in the workload's list of roles.
    pub fn role(&self) -> &'static str {
        self.identity.role
    }

    /// The number within the role.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Says a step: a `tracing` event of this actor, with the caller's place in the source.
    #[track_caller]
    pub fn says(&self, step: impl Emit) {
        self.identity.say(Location::caller(), step);
    }

    /// Notes a pause of this length in notebook time, and answers how long it really is; `None` where the pace is 0,
    /// and the actor should only give way.
    ///
    /// Patterns call their side's `pause`, which then lasts at least so long, and gives way in any case.
    #[track_caller]
    pub fn pauses(&self, duration: Duration) -> Option<Duration> {
        self.identity.record(Some(Location::caller()), What::Paused(duration));
        self.identity.run.setting.pace.of(duration)
    }

    /// Notes a wait of at most this length in notebook time, and answers how long it may really be; `None` where the
    /// pace is 0.
    ///
    /// It is for a wait that may be cut short by what is waited for, such as one with a timeout that follows the pace.
    #[track_caller]
    pub fn waits(&self, most: Duration) -> Option<Duration> {
        self.identity.record(Some(Location::caller()), What::Waits(most));
        self.identity.run.setting.pace.of(most)
    }

    /// What holds the actor at what it noted last, a pause, until others are at their places too, if this run is to show
    /// that they can be.
    pub fn meeting(&self) -> Hold {
        self.identity.meeting()
    }

    /// A random number from 0 up to, but without, 1.
    ///
    /// It is fixed by the seed of the run, the actor and the key, so that both sides draw the same; and
    /// [whoever has the trace](Member::draw) too.
    pub fn draw(&self, key: u64) -> f64 {
        Member { role: self.role(), number: self.number }.draw(self.identity.run.setting.seed, key)
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }
}

impl Identity {
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// Whether anybody listens: a note is made only then. Of a run that is not watched, only to the ends of the main line.
    // Where nobody listens at all, this one look at the level is all that it costs.
    #[inline]
    fn is_heard(&self, is_end: bool) -> bool {
        LevelFilter::current() >= Level::INFO && (self.run.setting.watched || (is_end && self.place == MAIN))
    }

    // Inline, as are the two below: to hand what is recorded to another function is to copy it.
    #[inline]
    fn say(&self, source: &'static Location<'static>, step: impl Emit) {
        if self.is_heard(false) {
            let note = &self.note(Some(source), What::said(step));
            let (side, parent, line) = (self.run.setting.side, &self.span, source.line());
            step.emit(Emission { side, parent, note, line });
            self.is_noted();
            if let Some(meeting) = &self.run.setting.meeting {
                self.meet(meeting, &What::said(step));
            }
        }
    }

    /// Holds the actor where it has said this, if it is to meet others there: its thread, even where it is a task, for
    /// what comes next may be done in the same turn.
    #[cold]
    fn meet(&self, meeting: &Arc<Meeting>, said: &What) {
        if let Some(seat) = self.attend(meeting, said) {
            let hold = Hold::meeting(Arc::clone(meeting), seat);
            (self.run.setting.block)(&mut || hold.wait());
        }
    }

    /// Notes that the actor begins.
    pub(super) fn begin(&self) {
        self.record(self.made, What::Began);
    }

    /// Sends a note that is no step.
    #[inline]
    pub(crate) fn record(&self, source: Option<&'static Location<'static>>, what: What) {
        if self.is_heard(matches!(what, What::Began | What::Ended(_))) {
            if let Some(meeting) = &self.run.setting.meeting {
                self.attend(meeting, &what);
            }
            tracing::info!(
                parent: &self.span,
                message = &self.note(source, what) as &(dyn Error + 'static),
                line = source.map(Location::line),
            );
            self.is_noted();
        }
    }

    /// Whether the actor's task gives way before its poll of this number.
    pub(crate) fn gives_way(&self, poll: u32) -> Option<u64> {
        self.run.setting.noise?.gives_way(self.place, poll)
    }

    /// The actor's turns, where they are watched.
    pub(super) fn turns(&self) -> Option<&Arc<Turns>> {
        self.history.turns.as_ref()
    }

    /// Keeps in mind what the actor does, and answers where it is to be held at it.
    #[cold]
    fn attend(&self, meeting: &Meeting, what: &What) -> Option<Seat> {
        let mut attendance = self.attendance();
        attendance.seat = meeting.seat(self.role, &attendance.past, what);
        attendance.past.push(what);
        attendance.seat
    }

    fn attendance(&self) -> MutexGuard<'_, Attendance> {
        self.history.attendance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What holds the actor up at what it did last, until others are at their places too.
    pub(crate) fn meeting(&self) -> Hold {
        let Some(meeting) = &self.run.setting.meeting else { return Hold::NOTHING };
        let seat = self.attendance().seat;
        seat.map_or(Hold::NOTHING, |seat| Hold::meeting(Arc::clone(meeting), seat))
    }

    /// What holds the actor up before it is over; never the main line, whose end is the one that must wait.
    pub(crate) fn lingering(&self) -> Hold {
        let noise = self.run.setting.noise.filter(|_| self.place != MAIN);
        noise.map_or(Hold::NOTHING, |noise| noise.lingering(self.place))
    }

    /// The actor's next note.
    #[inline]
    fn note(&self, source: Option<&'static Location<'static>>, what: What) -> Note {
        let (Run { number, setting, .. }, History { recorded, .. }) = (&*self.run, &*self.history);
        let watched = setting.watched.then(|| self.watched()).flatten();
        // Relaxed, and not one `fetch_add`, which is slower: whoever records next was handed the actor by whoever
        // recorded last. If two recorded at once after all, they would have the same number, which no trace is made of.
        let nth = recorded.load(Ordering::Relaxed);
        recorded.store(nth + 1, Ordering::Relaxed);
        Note { run: *number, actor: self.place, nth, source, what, watched }
    }

    /// What is watched of the actor, before its next note, before which it may be held up.
    #[cold]
    fn watched(&self) -> Option<Box<Watched>> {
        let watched = if let Some(turns) = &self.history.turns {
            self.hold_up();
            turns.watched()
        } else {
            let stall = stall::since_noted();
            self.hold_up();
            Watched { turn: None, stall }
        };
        (watched.turn.is_some() || watched.stall.is_some()).then(|| Box::new(watched))
    }

    fn hold_up(&self) {
        let Setting { alone, noise, block, .. } = self.run.setting;
        if let Some(noise) = noise
            && (self.is_thread() || (!alone && noise.is_for_workers()))
        {
            noise.hold_up_thread(self.place, self.history.recorded.load(Ordering::Relaxed), block);
        }
    }

    /// Its note is made. That it was held up before, and what it cost to record it, is not the thread's own doing.
    #[inline]
    fn is_noted(&self) {
        if self.run.setting.watched && self.is_thread() {
            stall::note();
        }
    }

    fn is_thread(&self) -> bool {
        self.run.setting.side == Side::Threaded
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{Setting, Side, Stage};

    fn stage(side: Side, seed: u64) -> Stage {
        Stage::new(Setting { seed, ..Setting::new("none", side) })
    }

    #[test]
    fn both_sides_draw_the_same() {
        let drawn = |side| {
            let worker = stage(side, 7).actor("worker", 3);
            (0..10).map(|key| worker.draw(key).to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(drawn(Side::Threaded), drawn(Side::Asynchronous));
    }

    #[test]
    fn seed_role_number_and_key_all_matter() {
        let draw =
            |seed, role, number, key| stage(Side::Threaded, seed).actor(role, number).draw(key).to_bits();
        let drawn = [
            draw(1, "a", 1, 1),
            draw(2, "a", 1, 1),
            draw(1, "b", 1, 1),
            draw(1, "a", 2, 1),
            draw(1, "a", 1, 2),
        ];
        assert_eq!(BTreeSet::from(drawn).len(), drawn.len());
    }

    #[test]
    fn draws_fill_the_unit_interval() {
        let worker = stage(Side::Threaded, 0).actor("worker", 0);
        let drawn: Vec<f64> = (0..1000).map(|key| worker.draw(key)).collect();
        assert!(drawn.iter().all(|draw| (0.0..1.0).contains(draw)));
        let tenths: BTreeSet<u64> = drawn.iter().map(|draw| (draw * 10.0).floor().to_bits()).collect();
        assert_eq!(tenths.len(), 10, "1,000 draws miss no tenth");
    }
}

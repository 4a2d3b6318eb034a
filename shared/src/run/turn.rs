//! Turns: a task acts in polls, and between two of them its worker belongs to others.
//!
//! In which turn something was noted shows whether a pause gave the worker away; who woke a task, and when, how long it
//! then waited for its turn. Only runs whose order is recorded watch it, and only of tasks: a thread has no turns, and
//! nobody tells who woke it.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use super::stall::{self, Stall};

/// One turn of a task: a poll of it. In a note its times are the clock's; in a trace, since the main line began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn<Time = Instant> {
    /// Its number, from 1 on; those that noise puts off count.
    pub number: u32,
    /// When the turn was over in which the actor made its note before, or its first where it made none: since then the
    /// worker belonged to others. None where that is this turn.
    pub idle: Option<Time>,
    /// When it began.
    pub began: Time,
    /// What it had been woken by; none for the first.
    pub woken: Option<Woken<Time>>,
    /// Whose turn it was a part of, by the place in the cast: nobody's, where the actor is a task of its own.
    pub within: Option<u32>,
}

/// A wake-up: the first since the turn before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Woken<Time = Instant> {
    /// When.
    pub at: Time,
    /// By which actor of the run, by its place in the cast; none where it was a timer, a socket or the runtime.
    pub by: Option<u32>,
}

/// What is watched of an actor, in runs that are not timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// In which turn of its task it made its note; none of a thread, and before the first.
    pub turn: Option<Turn>,
    /// What it did to its thread since its last note, if that is worth a word.
    pub stall: Option<Stall>,
}

impl Turn {
    /// The same, in the time since this.
    pub fn since(&self, start: Instant) -> Turn<Duration> {
        let Self { number, idle, began, woken, within } = *self;
        let since = |at: Instant| at.saturating_duration_since(start);
        let woken = woken.map(|Woken { at, by }| Woken { at: since(at), by });
        Turn { number, idle: idle.map(since), began: since(began), woken, within }
    }
}

/// An actor of a run, as others see it: the number of the run, and the actor's place in the cast.
pub(super) type Name = (u64, u32);

thread_local! {
    /// Whose turn it is on this thread.
    static CURRENT: Cell<Option<Name>> = const { Cell::new(None) };
}

/// Which actor of this run is being polled on this thread, by its place in the cast.
fn current(run: u64) -> Option<u32> {
    CURRENT.get().filter(|(its, _)| *its == run).map(|(_, place)| place)
}

/// The turns of one task, as they are watched.
#[derive(Debug)]
pub(super) struct Turns {
    name: Name,
    /// Whether all tasks of the run share one thread, so that what holds it up is this task's doing.
    alone: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many turns there were.
    number: u32,
    latest: Option<Turn>,
    /// A stall that no note has told yet.
    stall: Option<Stall>,
    /// When the first turn was over since the latest note.
    idle: Option<Instant>,
    /// The first wake-up since the latest turn.
    woken: Option<Woken>,
    /// Whom to wake.
    waker: Option<Waker>,
}

impl Turns {
    pub(super) fn new(name: Name, alone: bool) -> Self {
        Self { name, alone, state: Mutex::default() }
    }

    /// The turn that it is now, or was last, for a note; and what held up its thread since the note before.
    pub(super) fn watched(&self) -> Watched {
        let mut state = self.state();
        let idle = state.idle.take();
        Watched { turn: state.latest.map(|turn| Turn { idle, ..turn }), stall: state.stall.take() }
    }

    /// The number of the next turn, whether or not it is put off.
    pub(super) fn next(&self) -> u32 {
        let mut state = self.state();
        state.number += 1;
        state.number
    }

    /// The next turn, which is this poll.
    pub(super) fn take<T>(
        self: &Arc<Self>,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let number = self.begin(context.waker());
        let _current = Current::set(self.name);
        let waker = Waker::from(Arc::clone(self));
        let mut context = Context::from_waker(&waker);
        let poll = || poll(&mut context);
        let (polled, stall) = if self.alone { stall::watch(number, poll) } else { (poll(), None) };
        let mut state = self.state();
        state.idle.get_or_insert_with(Instant::now);
        if let Some(stall) = stall {
            state.stall = Some(state.stall.map_or(stall, |earlier| earlier.and(stall)));
        }
        polled
    }

    fn begin(&self, waker: &Waker) -> u32 {
        let mut state = self.state();
        let (number, woken) = (state.number, state.woken.take());
        let within = current(self.name.0);
        state.latest = Some(Turn { number, idle: None, began: Instant::now(), woken, within });
        match &mut state.waker {
            Some(known) => known.clone_from(waker),
            unknown => *unknown = Some(waker.clone()),
        }
        number
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Turns {
    fn wake(self: Arc<Self>) {
        let by = current(self.name.0);
        let mut state = self.state();
        state.woken.get_or_insert_with(|| Woken { at: Instant::now(), by });
        let waker = state.waker.clone();
        // Woken without the lock: whoever is woken may be polled at once.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// While it lives, it is this actor's turn on this thread.
struct Current(Option<Name>);

impl Current {
    fn set(name: Name) -> Self {
        Self(CURRENT.replace(Some(name)))
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

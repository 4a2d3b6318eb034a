//! Stretches: what each actor of a run does from moment to moment, as far as its events tell.
//!
//! Between two events a task runs, or has given its worker away: then it waits or pauses until it is woken, is ready until
//! its turn begins, and runs again. A thread runs, or sleeps; that it was woken and when it is ready, the system tells
//! nobody.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use super::{Region, Shown};
use crate::archive::{ShownEvent, ShownWhat};

/// What an actor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It has a core, or would have one if nobody else had it.
    Running,
    /// It is woken, and waits for its turn.
    Ready,
    /// It waits for somebody or something.
    Waiting,
    /// It waits for time to pass.
    Pausing,
}

/// What an actor does for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From when on.
    pub from: Duration,
    /// Until when.
    pub to: Duration,
    /// What.
    pub state: State,
    /// Whether it is inside something meanwhile that only so many may be inside.
    pub inside: bool,
    /// On which OS thread; none where a task has none.
    pub thread: Option<u32>,
}

/// One actor of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The actor, by its place in the cast.
    pub actor: usize,
    /// What it is called.
    pub name: String,
    /// What it does, in order and without gaps, from its first event to its last.
    pub stretches: Vec<Stretch>,
    /// Its events, by their places.
    pub events: Vec<usize>,
}

/// A task is woken, and has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// By which actor, by its place in the cast; none where it was the runtime: a timer, a socket.
    pub by: Option<usize>,
    /// Which actor.
    pub whom: usize,
    /// When.
    pub at: Duration,
    /// When its turn began.
    pub began: Duration,
}

/// What the actor in this place of the cast is called, if it is one of these.
pub fn name_of(lanes: &[Lane], actor: usize) -> Option<&str> {
    lanes.iter().find(|lane| lane.actor == actor).map(|lane| lane.name.as_str())
}

impl State {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Running, Self::Ready, Self::Waiting, Self::Pausing];

    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Pausing => "pausing",
        }
    }
}

impl Stretch {
    /// For how long.
    pub fn lasts(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

impl Lane {
    /// The stretches that have a part in this while.
    pub fn during(&self, from: Duration, to: Duration) -> impl Iterator<Item = &Stretch> {
        let first = self.stretches.partition_point(|stretch| stretch.to <= from);
        self.stretches[first..].iter().take_while(move |stretch| stretch.from < to)
    }

    /// The same lane, of which nothing is left but what is in this while.
    #[must_use]
    pub fn within(&self, from: Duration, to: Duration) -> Self {
        let cut =
            |stretch: &Stretch| Stretch { from: stretch.from.max(from), to: stretch.to.min(to), ..*stretch };
        Self { stretches: self.during(from, to).map(cut).collect(), ..self.clone() }
    }

    /// How long it is in this state in all.
    pub fn time(&self, state: State) -> Duration {
        self.sum(|stretch| stretch.state == state)
    }

    /// How long it is inside in all.
    pub fn inside(&self) -> Duration {
        self.sum(|stretch| stretch.inside)
    }

    fn sum(&self, counts: impl Fn(&&Stretch) -> bool) -> Duration {
        self.stretches.iter().filter(counts).map(Stretch::lasts).sum()
    }
}

impl Shown {
    /// When its last event was.
    pub fn end(&self) -> Duration {
        self.events.iter().map(at).max().unwrap_or_default()
    }

    /// What each actor does, in the order of the cast.
    pub fn lanes(&self) -> Vec<Lane> {
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, event) in self.events.iter().enumerate() {
            places.entry(event.actor).or_default().push(place);
        }
        let lane = |(actor, places): (usize, Vec<usize>)| {
            let events: Vec<&ShownEvent> = places.iter().map(|place| &self.events[*place]).collect();
            Lane { actor, name: events[0].name(), stretches: self.stretches(&events), events: places }
        };
        places.into_iter().map(lane).collect()
    }

    /// Who was woken, in the order in which it was noted.
    pub fn wakes(&self) -> Vec<Wake> {
        let mut turns = BTreeMap::new();
        let wake = |event: &ShownEvent| {
            let turn = event.turn?;
            let is_new = turns.insert(event.actor, turn.number) != Some(turn.number);
            let woken = Duration::from_nanos(turn.woken_ns.filter(|_| is_new)?);
            let by = turn.woken_by.map(|by| by as usize);
            Some(Wake { by, whom: event.actor, at: woken, began: Duration::from_nanos(turn.began_ns) })
        };
        self.events.iter().filter_map(wake).collect()
    }

    fn stretches(&self, events: &[&ShownEvent]) -> Vec<Stretch> {
        let (mut stretches, mut depth) = (Vec::new(), 0);
        for pair in events.windows(2) {
            let [one, next] = pair else { continue };
            depth = depth_after(&self.regions, one, depth);
            push(&mut stretches, between(one, next), depth > 0);
        }
        if let Some(last) = events.last().filter(|last| !matches!(last.what, ShownWhat::Ended { .. })) {
            // It is not over where the run was cut off.
            depth = depth_after(&self.regions, last, depth);
            push(&mut stretches, [(at(last), self.end(), rest(last), None)], depth > 0);
        }
        stretches
    }
}

/// How many regions an actor is inside after this event.
fn depth_after(regions: &[Region], event: &ShownEvent, depth: usize) -> usize {
    let ShownWhat::Said { step, .. } = &event.what else { return depth };
    let count = |is: fn(&Region) -> &Vec<Cow<'static, str>>| {
        regions.iter().filter(|region| is(region).contains(step)).count()
    };
    (depth + count(|region| &region.enter)).saturating_sub(count(|region| &region.leave))
}

/// From when, until when, in which state, on which thread.
type Piece = (Duration, Duration, State, Option<u32>);

fn push(stretches: &mut Vec<Stretch>, pieces: impl IntoIterator<Item = Piece>, inside: bool) {
    let pieces = pieces.into_iter().filter(|(from, to, ..)| from < to);
    stretches.extend(pieces.map(|(from, to, state, thread)| Stretch { from, to, state, inside, thread }));
}

/// What an actor does between two of its events that follow each other.
fn between(one: &ShownEvent, next: &ShownEvent) -> Vec<Piece> {
    // A clock that went back, in a trace that somebody has edited, leaves nothing between.
    let (from, to) = (at(one), at(next).max(at(one)));
    let before = one.turn.map_or(0, |turn| turn.number);
    let Some(turn) = next.turn else {
        let thread = Some(next.thread);
        // What it computed, it did before it was put to sleep, or after: that is not known.
        let asleep = from + computed(one, next).min(to.saturating_sub(from));
        return vec![(from, asleep, State::Running, thread), (asleep, to, rest(one), thread)];
    };
    if turn.number == before && is_cancelled(next) {
        // It was given up where it waited.
        return vec![(from, to, rest(one), None)];
    }
    if turn.number == before || turn.number == 1 {
        return vec![(from, to, State::Running, Some(next.thread))];
    }
    let time = |nanos: Option<u64>| nanos.map(Duration::from_nanos);
    let idle = time(turn.idle_ns).map_or(from, |idle| idle.clamp(from, to));
    let began = Duration::from_nanos(turn.began_ns).clamp(idle, to);
    let woken = time(turn.woken_ns).map_or(began, |woken| woken.clamp(idle, began));
    vec![
        (from, idle, State::Running, Some(one.thread)),
        (idle, woken, rest(one), None),
        (woken, began, State::Ready, None),
        (began, to, State::Running, Some(next.thread)),
    ]
}

/// For how long a thread computed between these: all the time, if it was not put to sleep.
fn computed(one: &ShownEvent, next: &ShownEvent) -> Duration {
    match next.stall.filter(|stall| stall.blocked > 0) {
        Some(stall) => Duration::from_nanos(stall.computed_ns),
        // One that gives way in a pause need not be put to sleep.
        None if rest(one) == State::Pausing => Duration::ZERO,
        None => Duration::MAX,
    }
}

fn is_cancelled(event: &ShownEvent) -> bool {
    matches!(&event.what, ShownWhat::Ended { end, .. } if end == "cancelled")
}

/// What an actor does after this while it has no core.
fn rest(event: &ShownEvent) -> State {
    if matches!(event.what, ShownWhat::Paused { .. }) { State::Pausing } else { State::Waiting }
}

fn at(event: &ShownEvent) -> Duration {
    Duration::from_nanos(event.at_ns)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;
    use shared::{Pattern, Side};

    use super::{State, Stretch, Wake};
    use crate::archive::{ShownEvent, ShownStall, ShownTurn, ShownWhat};
    use crate::lab::Arm;
    use crate::report::{Region, Shown};

    fn said(step: &'static str) -> ShownWhat {
        ShownWhat::Said { step: step.into(), values: serde_json::Map::new() }
    }

    fn ended() -> ShownWhat {
        ShownWhat::Ended { end: "returned".into(), message: None }
    }

    /// A run of one actor, at so many nanoseconds each.
    fn run(events: Vec<(u64, ShownWhat, Option<ShownTurn>, Option<ShownStall>)>) -> Shown {
        let event = |(place, (at_ns, what, turn, stall))| ShownEvent {
            pattern: Pattern::Semaphore,
            side: Side::Threaded,
            event: place,
            at_ns,
            actor: 0,
            role: "worker".into(),
            number: 3,
            thread: 7,
            source: None,
            turn,
            stall,
            what,
        };
        Shown {
            pattern: Pattern::Semaphore,
            arm: Arm::THREADS,
            number: 1,
            plan: serde_json::Map::new(),
            steps: vec!["In".into(), "Out".into()],
            events: (0..).zip(events).map(event).collect(),
            outcome: None,
            findings: Vec::new(),
            regions: vec![Region { most: 1, enter: vec!["In".into()], leave: vec!["Out".into()] }],
        }
    }

    fn states(run: &Shown) -> Vec<(u128, u128, State, bool)> {
        let lanes = run.lanes();
        let [lane] = lanes.as_slice() else { panic!("there is one actor") };
        assert_eq!((lane.name.as_str(), lane.events.len()), ("worker 3", run.events.len()));
        let state = |&Stretch { from, to, state, inside, .. }: &Stretch| {
            (from.as_nanos(), to.as_nanos(), state, inside)
        };
        lane.stretches.iter().map(state).collect()
    }

    #[test]
    fn a_task_gives_its_worker_away_between_its_turns() {
        use State::{Pausing, Ready, Running, Waiting};
        let turn = |number, idle_ns, woken_ns, began_ns| {
            Some(ShownTurn { number, idle_ns, began_ns, woken_ns, woken_by: Some(0), within: None })
        };
        let paused = ShownWhat::Paused { notebook_ns: 1 };
        let task = run(vec![
            (0, ShownWhat::Began, None, None),
            (10, said("In"), turn(1, None, None, 5), None),
            (12, paused, turn(1, None, None, 5), None),
            (60, said("Out"), turn(2, Some(20), Some(50), 55), None),
            (100, ended(), turn(5, Some(80), Some(90), 95), None),
        ]);
        let due = [
            (0, 10, Running, false),
            (10, 12, Running, true),
            (12, 20, Running, true),
            (20, 50, Pausing, true),
            (50, 55, Ready, true),
            (55, 60, Running, true),
            (60, 80, Running, false),
            (80, 90, Waiting, false),
            (90, 95, Ready, false),
            (95, 100, Running, false),
        ];
        assert_eq!(states(&task), due);
        let time = Duration::from_nanos;
        let wake = |at, began| Wake { by: Some(0), whom: 0, at: time(at), began: time(began) };
        assert_eq!(task.wakes(), [wake(50, 55), wake(90, 95)]);
        let lane = &task.lanes()[0];
        assert_eq!((lane.time(Ready), lane.inside()), (time(10), time(50)));
        assert_eq!(task.end(), time(100));
    }

    #[test]
    fn a_task_that_is_given_up_in_a_pause_pauses_until_then() {
        let turn = Some(ShownTurn {
            number: 1,
            idle_ns: None,
            began_ns: 5,
            woken_ns: None,
            woken_by: None,
            within: None,
        });
        let cancelled = ShownWhat::Ended { end: "cancelled".into(), message: None };
        let paused = ShownWhat::Paused { notebook_ns: 1 };
        let task = run(vec![
            (0, ShownWhat::Began, None, None),
            (10, paused, turn, None),
            (90, cancelled, turn, None),
        ]);
        assert_eq!(states(&task), [(0, 10, State::Running, false), (10, 90, State::Pausing, false)]);
        let lane = task.lanes()[0].within(Duration::from_nanos(5), Duration::from_nanos(20));
        assert_eq!(
            (lane.time(State::Running), lane.time(State::Pausing)),
            (Duration::from_nanos(5), Duration::from_nanos(10))
        );
        // Somebody has edited it.
        let back = run(vec![
            (50, ShownWhat::Began, None, None),
            (10, said("In"), turn, None),
            (90, ended(), turn, None),
        ]);
        assert_eq!(states(&back), [(10, 90, State::Running, true)]);
    }

    #[test]
    fn a_thread_that_slept_has_waited() {
        let slept = |computed_ns| Some(ShownStall { turn: None, blocked: 1, computed_ns });
        let thread = run(vec![
            (0, ShownWhat::Began, None, None),
            (10, ShownWhat::Paused { notebook_ns: 1 }, None, None),
            (50, said("In"), None, slept(2)),
            (90, said("Out"), None, slept(1)),
            // It was put to sleep once, and computed all the same.
            (120, said("Out"), None, slept(29)),
        ]);
        let due = [
            (0, 10, State::Running, false),
            (10, 12, State::Running, false),
            (12, 50, State::Pausing, false),
            (50, 51, State::Running, true),
            (51, 90, State::Waiting, true),
            (90, 119, State::Running, false),
            (119, 120, State::Waiting, false),
        ];
        assert_eq!(states(&thread), due);
        assert_eq!(serde_json::to_value(&thread).expect("plain data")["steps"][1], Value::from("Out"));
    }

    #[test]
    fn who_is_not_over_waits_until_the_run_was_cut_off() {
        let mut cut = run(vec![(0, ShownWhat::Began, None, None), (10, said("In"), None, None)]);
        let mut other = cut.events[1].clone();
        (other.actor, other.at_ns) = (1, 40);
        cut.events.push(other);
        let last = cut.lanes()[0].stretches[1];
        assert_eq!((last.from, last.to), (Duration::from_nanos(10), Duration::from_nanos(40)));
        assert_eq!((last.state, last.inside), (State::Waiting, true));
    }
}

//! How the time to check a trace grows with its length: `cargo bench -p shared --bench checking`.
//!
//! A check is linear or n·log n, so the time for one event should stay about the same from row to row.

use std::time::{Duration, Instant};

use shared::trace::Event;
use shared::{
    End, Language, Law, Member, Role, Trace, What, check_laws, check_roles, pause, script, steps, times,
};

steps! {
    /// Steps for every kind of law.
    pub enum Step of Kind {
        /// Goes in.
        Enter,
        /// Puts an item.
        Put { item: usize },
        /// Gets an item.
        Got { item: usize },
        /// Comes out.
        Leave,
    }
}

const NAP: Duration = Duration::from_millis(1);
const ACTORS: usize = 4;
const ROUNDS: usize = 9;

fn main() {
    println!("{:>9} {:>12} {:>10}", "events", "median", "an event");
    for exponent in 3..=6 {
        let rounds = 10_usize.pow(exponent) / (5 * ACTORS);
        let (trace, roles, laws) = (trace(rounds), roles(rounds), laws(rounds));
        let mut times: Vec<Duration> = (0..ROUNDS).map(|_| check(&trace, &roles, &laws)).collect();
        times.sort_unstable();
        let (median, events) = (times[ROUNDS / 2], trace.events.len());
        let each = median / u32::try_from(events).expect("there are few events");
        println!("{events:>9} {:>12} {:>10}", format!("{median:.2?}"), format!("{each:?}"));
    }
}

fn check(trace: &Trace, roles: &[Role], laws: &[Law]) -> Duration {
    let start = Instant::now();
    let breaches = [check_roles(trace, roles), check_laws(trace, laws)].concat();
    let took = start.elapsed();
    assert!(breaches.is_empty(), "{breaches:?}");
    took
}

/// One after the other, the actors go in, put an item, get it, pause, and come out.
fn trace(rounds: usize) -> Trace {
    let cast = (0..ACTORS).map(|number| Member { role: "worker", number }).collect();
    let event = |actor, what| Event::new(actor, Duration::ZERO, what);
    let mut events: Vec<_> = (0..ACTORS).map(|actor| event(actor, What::Began)).collect();
    for round in 0..rounds * ACTORS {
        let steps = [Step::Enter, Step::Put { item: round }, Step::Got { item: round }, Step::Leave];
        let said = steps.map(|step| event(round % ACTORS, What::said(step)));
        events.extend(said);
        events.push(event(round % ACTORS, What::Paused(NAP)));
    }
    events.extend((0..ACTORS).map(|actor| event(actor, What::Ended(End::Returned))));
    Trace { cast, events, ..Trace::default() }
}

fn roles(rounds: usize) -> Vec<Role> {
    let round: Language = script![Step::Enter, Kind::Put, Kind::Got, Step::Leave, pause(NAP)];
    vec![Role::new("worker", 0..ACTORS, times(rounds, round))]
}

fn laws(rounds: usize) -> Vec<Law> {
    let keyed = |step: &Step| match *step {
        Step::Put { item } | Step::Got { item } => (0, item as u64),
        Step::Enter | Step::Leave => (0, 0),
    };
    vec![
        Law::precedes(Kind::Enter, Kind::Leave),
        Law::followed_by(Kind::Enter, Kind::Leave),
        Law::exactly(rounds * ACTORS, Kind::Put),
        Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
        Law::fifo(Kind::Put, Kind::Got, keyed),
        Law::each_after(
            Kind::Put,
            Kind::Got,
            "what is got was put",
            |put, got| matches!((put, got), (Step::Put { item: put }, Step::Got { item: got }) if put == got),
        ),
    ]
}

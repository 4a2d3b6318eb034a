//! The layer that keeps what actors say, and hands it out run by run.
//!
//! There is one layer for the whole process, installed before the first event. A subscriber for the scope of a run is
//! the choice not taken: it would not reach the threads that a pattern spawns, and a call site that is first reached
//! where no subscriber listens may be switched off for the whole process.
//!
//! An event carries its [`Note`] whole, with the numbers of its run and its actor, so nothing is looked up or
//! formatted. Each OS thread writes into a ring of its own, without a lock, and a thread that ends takes nothing with
//! it. What that costs is measured by `cargo bench -p compare --bench capture`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, Once, PoisonError};
use std::time::Instant;

use shared::{Note, Watched, What};
use tracing::field::{Field, Visit};
use tracing::{Subscriber, subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::{Layer, fmt};

use super::ring::{Rings, Writer};

/// What one actor recorded, as it was captured.
#[derive(Debug, Clone)]
pub struct Record {
    run: u64,
    pub(super) actor: u32,
    pub(super) at: Instant,
    /// The place among all events of the process.
    order: u64,
    /// The place among the notes of its actor.
    pub(super) nth: u32,
    pub(super) thread: u32,
    pub(super) source: Option<&'static Location<'static>>,
    pub(super) what: What,
    pub(super) watched: Option<Box<Watched>>,
}

/// The layer. It keeps every note of every actor; filters of other layers don't concern it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Capture;

/// Installs the capture for this process, and holds back the panics of actors; a second call changes nothing.
///
/// # Panics
/// If the process has another global subscriber already.
pub fn install() {
    install_with(None::<fmt::Layer<Registry>>);
}

/// Installs the capture beside another layer, such as one that writes text; a second call changes nothing.
///
/// # Panics
/// If the process has another global subscriber already.
pub fn install_with(other: Option<impl Layer<Registry> + Send + Sync>) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        shared::hold_back_panics();
        subscriber::set_global_default(Registry::default().with(other).with(Capture))
            .expect("the capture is the first and only subscriber of its process");
    });
}

/// What all threads have captured, as it was written.
static RINGS: Rings<Record> = Rings::new();

/// What was read from the rings, run by run; nothing any more for one that somebody has asked for.
type Runs = HashMap<u64, Option<Vec<Record>>>;

static RUNS: LazyLock<Mutex<Runs>> = LazyLock::new(Mutex::default);

fn runs() -> MutexGuard<'static, Runs> {
    RUNS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a record for whoever asks for its run. What comes later, as of a run that hangs, would be kept for nobody.
fn keep(runs: &mut Runs, record: Record) {
    if let Some(records) = runs.entry(record.run).or_insert_with(|| Some(Vec::new())) {
        records.push(record);
    }
}

/// How far the process is.
static ORDER: AtomicU64 = AtomicU64::new(1);

/// What a thread keeps at hand.
struct Local {
    /// Its number, in the order in which they were first heard.
    thread: u32,
    ring: Writer<Record>,
}

thread_local! {
    static LOCAL: RefCell<Local> = RefCell::new(Local::new());
}

impl Local {
    fn new() -> Self {
        static THREADS: AtomicU32 = AtomicU32::new(1);
        Self { thread: THREADS.fetch_add(1, Ordering::Relaxed), ring: RINGS.writer() }
    }
}

/// Takes what was captured of one run, in the order among all its actors.
///
/// It is taken once. What other runs left is kept for whoever asks for them.
pub fn take(run: u64) -> Vec<Record> {
    let mut runs = runs();
    RINGS.drain(|record| keep(&mut runs, record));
    let mut records = runs.insert(run, None).flatten().unwrap_or_default();
    drop(runs);
    records.sort_by_key(|record| record.order);
    records
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Capture {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        // Borrowed until the event is kept: a recorder runs nobody else's code, so nobody speaks meanwhile.
        let kept = LOCAL.try_with(|local| {
            let Local { thread, ring } = &mut *local.borrow_mut();
            record(event, *thread, |record| ring.push(record));
        });
        if kept.is_err() {
            // The thread is so far gone that it has no locals any more, and so no number.
            record(event, 0, |record| keep(&mut runs(), record));
        }
    }
}

/// Keeps the note of an event, if it has one.
fn record(event: &tracing::Event<'_>, thread: u32, keep: impl FnMut(Record)) {
    // The clock is read once the ring is at hand, because a thread that is heard for the first time has it made; but
    // before the note is looked for, because to read the clock waits for all that was begun before, some 4 ns.
    event.record(&mut Recorder { at: Instant::now(), thread, keep });
}

/// Makes a record of the note that an event carries; an event without one is none of ours.
struct Recorder<K> {
    at: Instant,
    thread: u32,
    keep: K,
}

impl<K: FnMut(Record)> Visit for Recorder<K> {
    // The fields of a step are in its note already. Each form has its own method here, because by default each would be
    // made into one that can be formatted first.

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}

    fn record_u64(&mut self, _field: &Field, _value: u64) {}

    fn record_bool(&mut self, _field: &Field, _value: bool) {}

    fn record_error(&mut self, _field: &Field, value: &(dyn Error + 'static)) {
        let Some(note) = value.downcast_ref::<Note>() else { return };
        let Self { at, thread, ref mut keep } = *self;
        let Note { run, actor, nth, source, ref what, ref watched } = *note;
        // For the order alone, relaxed would be enough: what happens before another event takes the smaller number,
        // because one counter has one order. But a law may ask whether what an actor read was written by then: so what
        // was done before an event with a smaller number has happened before what is done after this one.
        let order = ORDER.fetch_add(1, Ordering::AcqRel);
        let (what, watched) = (what.clone(), watched.clone());
        keep(Record { run, actor, at, order, nth, thread, source, what, watched });
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use shared::What;

    use super::{Record, keep, runs, take};

    /// The clocks of two cores may disagree; the counter is what is believed.
    #[test]
    fn the_counter_decides_the_order_and_not_the_clock() {
        let now = Instant::now();
        let record = |order, at| Record {
            run: u64::MAX,
            actor: 0,
            at,
            order,
            nth: 0,
            thread: 0,
            source: None,
            what: What::Began,
            watched: None,
        };
        let second = Duration::from_secs(1);
        let records = vec![record(2, now), record(3, now + second), record(1, now + 2 * second)];
        let late = records[0].clone();
        runs().insert(u64::MAX, Some(records));
        assert_eq!(take(u64::MAX).iter().map(|record| record.order).collect::<Vec<_>>(), [1, 2, 3]);
        keep(&mut runs(), late);
        assert!(take(u64::MAX).is_empty(), "what comes later piles up nowhere");
    }
}

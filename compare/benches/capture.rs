//! What it costs to say a step: `cargo bench -p compare --bench capture`.
//!
//! The floor is what no capture can do without: to read the clock, and to push a record to a `Vec` of the thread. Its
//! record holds all that ours holds. Beside our capture, without and with the order among all actors, stands what
//! `tracing` offers ready-made: lines of text, lines of JSON and Chrome's traces, all thrown away. Where nothing
//! listens, a step should cost next to nothing.
//!
//! A process has one global subscriber. Here it is a [`Switch`], which hands everything on to the contestant whose turn
//! it is. Not taken: `with_default`. In a process that ever used it, every event looks for the subscriber of its scope
//! first, which slows all contestants down. The switch costs our capture a comparison, and
//! the ready-made ones, which take hundreds of nanoseconds, one more virtual call. It has no `event_enabled`, because
//! nobody here says no to an event.

use std::cell::RefCell;
use std::hint::{black_box, spin_loop};
use std::io::{self, Write};
use std::panic::Location;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use compare::capture::{self, Capture};
use shared::{Actor, Setting, Side, Stage, Watched, What, steps};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{self, Interest};
use tracing::{Event, Metadata, Subscriber, callsite};
use tracing_chrome::ChromeLayerBuilder;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layered, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

steps! {
    /// A step with one field, as most have.
    pub enum Step of Kind {
        /// The next number.
        Counted { number: u64 },
    }
}

/// In a round, every contestant has one turn.
const ROUNDS: usize = 33;
/// In a turn. Their median counts, so that the first, whose memory is new, do not.
const LAPS: usize = 9;
/// In a lap.
const STEPS: u32 = 2_000;

fn main() {
    let (contestants, listeners): (Vec<_>, Vec<_>) = contestants().into_iter().unzip();
    subscriber::set_global_default(Switch(listeners)).expect("the first of this process");
    for threads in [1, 2] {
        let mut times = vec![Vec::new(); contestants.len()];
        for round in 0..ROUNDS {
            for turn in 0..contestants.len() {
                // Nobody is always the one who comes after the slowest.
                let turn = (round + turn) % contestants.len();
                Switch::turn_to(turn);
                times[turn].push(contestants[turn].take_turn(threads));
            }
        }
        print(threads, &contestants, &times);
    }
}

fn print(threads: u32, contestants: &[Contestant], times: &[Vec<f64>]) {
    println!("{:<24} {:>24} {:>22}", format!("threads: {threads}"), "ns a step", "× the floor");
    for (contestant, own) in contestants.iter().zip(times) {
        let ratios = own.iter().zip(&times[0]).map(|(own, floor)| own / floor).collect();
        println!("{:<24} {:>24} {:>22}", contestant.name, spread(own.clone(), 1), spread(ratios, 2));
    }
}

/// The median, between the least and the greatest.
fn spread(mut figures: Vec<f64>, digits: usize) -> String {
    let median = median(&mut figures);
    let (least, greatest) = (figures[0], figures[figures.len() - 1]);
    format!("{median:.digits$} [{least:.digits$}–{greatest:.digits$}]")
}

/// The median; the figures are sorted after that.
fn median(figures: &mut [f64]) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures[figures.len() / 2]
}

struct Contestant {
    name: &'static str,
    watched: bool,
    lap: fn(&Actor) -> Duration,
    /// Throws away what this run left, so that memory neither grows nor is new in each lap. Every thread calls it.
    drain: Drain,
}

type Drain = Box<dyn Fn(u64) + Sync>;

/// Who listens while a contestant has its turn.
enum Listener {
    /// Our capture, called as it is where it alone listens: directly.
    Ours(Box<Layered<Capture, Registry>>),
    Other(Box<dyn Subscriber + Send + Sync>),
}

/// The floor, and those that are held to it.
fn contestants() -> [(Contestant, Listener); 7] {
    let nothing = || Listener::of(Registry::default().with(LevelFilter::OFF));
    let capture = || Listener::Ours(Box::new(Registry::default().with(Capture)));
    let text = fmt::layer().with_ansi(false).with_writer(io::sink);
    let json = fmt::layer().json().with_writer(io::sink);
    let (chrome, flush) = chrome();

    let none = || Box::new(|_| ());
    let clear = Box::new(|_| KEPT.with_borrow_mut(Vec::clear));
    let take = || Box::new(|run| drop(capture::take(run)));
    let contestant = |name, drain| Contestant { name, watched: true, lap: say, drain };
    [
        (Contestant { lap: keep, ..contestant("floor: clock and push", clear) }, nothing()),
        (contestant("our capture", take()), capture()),
        (Contestant { watched: false, ..contestant("our capture, not watched", take()) }, capture()),
        (contestant("nothing listens", none()), nothing()),
        (contestant("text", none()), Listener::of(Registry::default().with(text))),
        (contestant("JSON", none()), Listener::of(Registry::default().with(json))),
        (contestant("Chrome's traces", flush), chrome),
    ]
}

impl Listener {
    fn of(subscriber: impl Subscriber + Send + Sync) -> Self {
        Self::Other(Box::new(subscriber))
    }
}

impl Contestant {
    /// The time of one step, in nanoseconds.
    fn take_turn(&self, threads: u32) -> f64 {
        let setting = Setting { watched: self.watched, ..Setting::new("bench", Side::Threaded) };
        let stage = Stage::new(setting);
        let run = stage.program().number();
        let gate = Gate { threads, arrived: AtomicU32::new(0) };
        let laps = |actor: Actor| {
            let lap = |_| {
                gate.pass();
                let took = (self.lap)(&actor);
                gate.pass();
                (self.drain)(run);
                took.as_secs_f64() * 1e9 / f64::from(STEPS)
            };
            median(&mut (0..LAPS).map(lap).collect::<Vec<_>>())
        };
        thread::scope(|scope| {
            let speakers: Vec<_> = (0..threads)
                .map(|number| {
                    let actor = stage.actor("speaker", number as usize);
                    scope.spawn(move || laps(actor))
                })
                .collect();
            let times = speakers.into_iter().map(|speaker| speaker.join().expect("it only speaks"));
            times.sum::<f64>() / f64::from(threads)
        })
    }
}

/// A barrier that spins: by the time that threads which slept have woken, the lap of the first would be over.
struct Gate {
    threads: u32,
    arrived: AtomicU32,
}

impl Gate {
    fn pass(&self) {
        let all = (self.arrived.fetch_add(1, Ordering::AcqRel) + 1).next_multiple_of(self.threads);
        while self.arrived.load(Ordering::Acquire) < all {
            spin_loop();
        }
    }
}

fn lap(step: impl Fn(Step)) -> Duration {
    let start = Instant::now();
    for number in 0..STEPS.into() {
        step(Step::Counted { number: black_box(number) });
    }
    start.elapsed()
}

fn say(actor: &Actor) -> Duration {
    lap(|step| actor.says(step))
}

/// What our capture keeps of a step.
struct Kept {
    _run: u64,
    _actor: u32,
    _nth: u32,
    _thread: u32,
    _at: Instant,
    _order: u64,
    _source: Option<&'static Location<'static>>,
    _what: What,
    _watched: Option<Box<Watched>>,
}

const _: () = assert!(size_of::<Kept>() == size_of::<capture::Record>());

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

fn keep(_: &Actor) -> Duration {
    lap(|step| {
        KEPT.with_borrow_mut(|kept| {
            kept.push(Kept {
                _run: 1,
                _actor: 2,
                _nth: 3,
                _thread: 4,
                _at: Instant::now(),
                _order: 0,
                _source: Some(Location::caller()),
                _what: What::said(step),
                _watched: None,
            });
        });
    })
}

/// Chrome's layer writes on a thread of its own, so it's drained when that thread has flushed.
fn chrome() -> (Listener, Drain) {
    let (sender, flushed) = mpsc::channel();
    let (layer, guard) = ChromeLayerBuilder::new().include_args(true).writer(Sink(sender)).build();
    let guarded = Mutex::new((guard, flushed));
    let flush = move |_| {
        let guarded = guarded.lock().unwrap_or_else(PoisonError::into_inner);
        guarded.0.flush();
        guarded.1.recv().expect("it writes as long as it's guarded");
    };
    (Listener::of(Registry::default().with(layer)), Box::new(flush))
}

/// Throws away what it's given, and says when it's flushed.
struct Sink(mpsc::Sender<()>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Nobody waits for the last one.
        let _ = self.0.send(());
        Ok(())
    }
}

/// The subscriber of the process, which is now the one and now the other.
struct Switch(Vec<Listener>);

static TURN: AtomicUsize = AtomicUsize::new(0);

impl Switch {
    fn turn_to(turn: usize) {
        TURN.store(turn, Ordering::Release);
        // What a call site remembers of the last one is wrong for this one.
        callsite::rebuild_interest_cache();
    }

    fn now(&self) -> &dyn Subscriber {
        match &self.0[TURN.load(Ordering::Relaxed)] {
            Listener::Ours(capture) => &**capture,
            Listener::Other(other) => &**other,
        }
    }
}

impl Subscriber for Switch {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.now().register_callsite(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.now().enabled(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        self.now().max_level_hint()
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.now().new_span(span)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        self.now().record(span, values);
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        self.now().record_follows_from(span, follows);
    }

    fn event(&self, event: &Event<'_>) {
        match &self.0[TURN.load(Ordering::Relaxed)] {
            Listener::Ours(capture) => capture.event(event),
            Listener::Other(other) => other.event(event),
        }
    }

    fn enter(&self, span: &Id) {
        self.now().enter(span);
    }

    fn exit(&self, span: &Id) {
        self.now().exit(span);
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.now().clone_span(id)
    }

    fn try_close(&self, id: Id) -> bool {
        self.now().try_close(id)
    }
}

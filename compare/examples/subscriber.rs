//! One pair under layers of one's own: `cargo run -p compare --example subscriber`.
//!
//! What actors say are ordinary events of `tracing`, in spans of their run and their actor. So whatever listens to
//! `tracing` can listen to them, without anything of `compare`: here the usual text, a layer that counts, and one that
//! writes a file for Perfetto.

use std::collections::BTreeMap;
use std::env;
use std::sync::{Arc, Mutex, PoisonError};

use shared::locks::semaphore::Plan;
use shared::{Pace, Setting, Side, Stage};
use tokio::runtime::Runtime;
use tracing::{Event, Subscriber};
use tracing_chrome::ChromeLayerBuilder;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt};

/// How many events came from where.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<BTreeMap<&'static str, u32>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counts {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(event.metadata().target()).or_default() += 1;
    }
}

fn main() -> anyhow::Result<()> {
    let counts = Counts::default();
    let file = env::temp_dir().join("semaphore.json");
    // The guard writes the end of the file when it is dropped.
    let (chrome, guard) = ChromeLayerBuilder::new().file(&file).include_args(true).build();
    // What the patterns say, and not what actors do besides, which is under `shared`; the spans are under `shared` too.
    let filter = EnvFilter::new("info,shared::run::actor=off");
    let text = fmt::layer().without_time().with_filter(filter);
    Registry::default().with(text).with(counts.clone()).with(chrome).init();

    let plan = || Plan { workers: 3, permits: 2, ..Plan::default() };
    let pace = Pace::new(0.01)?;
    let stage = |side| Stage::new(Setting { pace, ..Setting::new("semaphore", side) });
    let threads = stage(Side::Threaded);
    threaded::Perform::perform(threads, |stage| threaded::locks::semaphore::run(stage, plan()))();
    let tasks = stage(Side::Asynchronous);
    let tasks =
        asynchronous::Perform::perform(tasks, |stage| asynchronous::locks::semaphore::run(stage, plan()));
    Runtime::new()?.block_on(tasks);

    drop(guard);
    for (target, count) in counts.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        println!("{count:>3} events of {target}");
    }
    println!("{} is for Perfetto", file.display());
    Ok(())
}

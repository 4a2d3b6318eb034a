//! Loads what `compare trace --format json` prints, and tells of each actor how long it was between its steps:
//!
//! ```text
//! compare trace semaphore --format json | cargo run -p compare --example loading
//! ```
//!
//! `trace.md`, beside this file, says what is in a line.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

/// What this program wants of an event; there is more.
#[derive(Deserialize)]
struct Event {
    side: String,
    at_ns: u64,
    role: String,
    number: usize,
    #[serde(flatten)]
    what: What,
}

/// What an event is about.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum What {
    Began,
    Said { step: String },
    Paused { notebook_ns: u64 },
    Waits { notebook_ns: u64 },
    Ended { end: String },
}

impl What {
    fn told(self) -> String {
        let time = Duration::from_nanos;
        match self {
            Self::Began => "began".into(),
            Self::Said { step } => step,
            Self::Paused { notebook_ns } => format!("paused {:?}", time(notebook_ns)),
            Self::Waits { notebook_ns } => format!("waited at most {:?}", time(notebook_ns)),
            Self::Ended { end } => end,
        }
    }
}

fn main() -> anyhow::Result<()> {
    let mut actors: BTreeMap<(String, String, usize), Vec<Event>> = BTreeMap::new();
    for (line, text) in (1..).zip(io::stdin().lines()) {
        let event: Event =
            serde_json::from_str(&text?).with_context(|| format!("line {line} is no event"))?;
        let actor = (event.side.clone(), event.role.clone(), event.number);
        actors.entry(actor).or_default().push(event);
    }
    for ((side, role, number), events) in actors {
        println!("{side}: {role} {number}");
        let mut before = None;
        for Event { at_ns, what, .. } in events {
            let since = before.replace(at_ns).map_or(0, |before| at_ns - before);
            println!("{:>12.1?}  {}", Duration::from_nanos(since), what.told());
        }
    }
    Ok(())
}

//! `compare trace`: one run of each side, event by event.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::time::uptime;
use tracing_subscriber::{Layer as _, Registry, fmt};

use super::args::{TraceArgs, TraceFormat};
use super::complaint::complain;
use super::names::pattern;
use crate::campaign::show;
use crate::capture;
use crate::lab::{Failure, Lab, Progress};
use crate::pair::pair;
use crate::render::duration;
use crate::report::{Exit, OutcomeReport, Shown};

/// Runs both sides of one pattern once and shows what their actors did.
pub(super) fn trace(args: &TraceArgs) -> anyhow::Result<Exit> {
    let settings = args.settings()?;
    let pattern = pattern(&args.pattern)?;
    let mut pair = pair(pattern);
    args.plan.apply(&mut pair)?;
    let output = args.output.open()?;
    let written = Written::default();
    if args.format == TraceFormat::Text {
        written.install(output.medium().colour);
    }
    let mut lab =
        Lab::new(settings, Progress::hidden()).context("cannot start the threads of the async runtime")?;
    lab.listen_for_interruptions().context("cannot listen for Ctrl-C")?;

    let mut text = String::new();
    let mut exit = Exit::Agree;
    for arm in lab.arms() {
        let (side, shown) = (arm.side(), show(&pair, arm, &mut lab));
        if args.format == TraceFormat::Text {
            let _ =
                writeln!(text, "# {arm} of {pattern}, pace {} (pauses are in notebook time)", args.pace());
            // Also of a run that failed: what it did until then is what is looked for.
            text.push_str(&written.take());
        }
        match shown {
            Ok(shown) => {
                match args.format {
                    TraceFormat::Text => summarise(&shown, &mut text),
                    TraceFormat::Json => text.push_str(&json(&shown)),
                }
                for finding in &shown.findings {
                    complain(&format!("{side} {pattern}: {}", finding.line()));
                    exit = Exit::Differ;
                }
            }
            Err(failure) => {
                complain(&format!("{side} {pattern}: {failure}"));
                output.write_in_part(&text)?;
                return Ok(match failure {
                    Failure::Deadline { .. } => Exit::Deadline,
                    Failure::Interrupted => Exit::Interrupted,
                    _ => Exit::Differ,
                });
            }
        }
    }
    output.write(&text)?;
    Ok(exit)
}

fn summarise(shown: &Shown, text: &mut String) {
    for (label, time) in &shown.stopwatches {
        let _ = writeln!(text, "# {label}: {}", duration(*time));
    }
    if let Some(OutcomeReport { fixed, observed }) = &shown.outcome {
        let _ = writeln!(text, "# outcome: {fixed}");
        if observed.as_object().is_some_and(|observed| !observed.is_empty()) {
            let _ = writeln!(text, "# observed: {observed}");
        }
    }
    text.push('\n');
}

fn json(shown: &Shown) -> String {
    let line = |event| serde_json::to_string(event).expect("an event is plain data") + "\n";
    shown.events.iter().map(line).collect()
}

/// What the text layer has written.
///
/// It is collected, not printed at once, so that a file is written whole and a closed pipe ends quietly.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Installs an ordinary text layer that writes here, with what the actors record and nothing else.
    fn install(&self, colour: bool) {
        let writer = self.clone();
        let layer = fmt::layer::<Registry>()
            .with_ansi(colour)
            .with_timer(uptime())
            .with_level(false)
            .with_target(false)
            .with_writer(move || writer.clone())
            .with_filter(Targets::new().with_targets(
                ["shared", "threaded", "asynchronous"].map(|target| (target, LevelFilter::INFO)),
            ));
        capture::install_with(Some(layer));
    }

    fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Where pairs are run: each in a process of its own, or all in this one.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use crate::campaign::{self, Apart, Diffed, Request, write_as_text};
use crate::lab::{Arm, Failure, Lab, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Effort, Exit, Report, Shown};

/// Where pairs are run.
pub(super) enum Place {
    /// Each in a process of its own.
    Apart(Box<Apart>),
    /// In this process, for a debugger or a profiler.
    Here(Box<Lab>, Text),
}

/// What is written of a run as text, if it is to be.
///
/// It is collected, not printed at once, so that a file is written whole and a closed pipe ends quietly.
#[derive(Debug, Clone, Default)]
pub(super) struct Text(Arc<Mutex<String>>);

impl Place {
    /// Such a place, which hears of interruptions. Where it writes runs as text, it is told whether with colour.
    pub(super) fn new(
        settings: Settings,
        progress: Progress,
        in_process: bool,
        text: Option<bool>,
    ) -> anyhow::Result<Self> {
        const INTERRUPTIONS: &str = "cannot listen for Ctrl-C";
        if !in_process {
            let apart = Apart::new(settings, progress).context("cannot find this program")?;
            apart.listen_for_interruptions().context(INTERRUPTIONS)?;
            return Ok(Self::Apart(Box::new(apart)));
        }
        let written = Text::default();
        if let Some(colour) = text {
            let written = written.clone();
            write_as_text(colour, move |text| written.push(&text));
        }
        let lab = Lab::new(settings, progress);
        lab.listen_for_interruptions().context(INTERRUPTIONS)?;
        Ok(Self::Here(Box::new(lab), written))
    }

    pub(super) fn compare(&mut self, pairs: &[Pair], arms: &[Arm], effort: &Effort) -> (Report, Exit) {
        match self {
            Self::Apart(apart) => apart.compare(pairs, arms, effort),
            Self::Here(lab, _) => campaign::compare(pairs, arms, lab, effort),
        }
    }

    pub(super) fn diff(&mut self, pair: &Pair, request: &Request<'_>) -> Diffed {
        match self {
            Self::Apart(apart) => apart.diff(pair, request),
            Self::Here(lab, _) => campaign::diff(pair, lab, request),
        }
    }

    /// A run of this arm, and what was written of it as text, also where it failed: what it did until then is what is
    /// looked for.
    pub(super) fn show(
        &mut self,
        pair: &Pair,
        arm: Arm,
        text: Option<bool>,
    ) -> (String, Result<Shown, Failure>) {
        match self {
            Self::Apart(apart) => {
                let mut written = String::new();
                let shown = apart.show(pair, arm, text, &mut |text| written.push_str(text));
                (written, shown)
            }
            Self::Here(lab, written) => {
                let shown = campaign::show(pair, arm, lab);
                (written.take(), shown)
            }
        }
    }
}

impl Text {
    fn push(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
    }

    fn take(&self) -> String {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

//! Where pairs are run: each in a process of its own, or all in this one.

use std::io::{self, Write as _};

use anyhow::Context as _;

use crate::campaign::{self, Apart, Diffed, Looked, Request, write_log};
use crate::lab::{Arm, Lab, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Effort, Exit, Report};

const INTERRUPTIONS: &str = "cannot listen for Ctrl-C";

/// Where each pair is run in a process of its own, which hears of interruptions.
pub(super) fn apart(settings: Settings, progress: Progress) -> anyhow::Result<Apart> {
    let apart = Apart::new(settings, progress).context("cannot find this program")?;
    apart.listen_for_interruptions().context(INTERRUPTIONS)?;
    Ok(apart)
}

/// Where pairs are run.
pub(super) enum Place {
    /// Each in a process of its own.
    Apart(Box<Apart>),
    /// In this process, for a debugger or a profiler.
    Here(Box<Lab>),
}

impl Place {
    /// Such a place, which hears of interruptions.
    pub(super) fn new(settings: Settings, progress: Progress, in_process: bool) -> anyhow::Result<Self> {
        if !in_process {
            return Ok(Self::Apart(Box::new(apart(settings, progress)?)));
        }
        if let Some(log) = &settings.log {
            // Where stderr is closed, nobody misses it.
            write_log(log, |text| drop(io::stderr().write_all(text.as_bytes())));
        }
        let lab = Lab::new(settings, progress);
        lab.listen_for_interruptions().context(INTERRUPTIONS)?;
        Ok(Self::Here(Box::new(lab)))
    }

    pub(super) fn compare(&mut self, pairs: &[Pair], arms: &[Arm], effort: &Effort) -> (Report, Exit) {
        match self {
            Self::Apart(apart) => apart.compare(pairs, arms, effort),
            Self::Here(lab) => campaign::compare(pairs, arms, lab, effort),
        }
    }

    pub(super) fn diff(&mut self, pair: &Pair, request: &Request<'_>) -> Diffed {
        match self {
            Self::Apart(apart) => apart.diff(pair, request),
            Self::Here(lab) => campaign::diff(pair, lab, request),
        }
    }

    /// Whether a run that passed its deadline may still go on here.
    pub(super) fn is_here(&self) -> bool {
        matches!(self, Self::Here(_))
    }

    /// A run of this arm, for looking at.
    pub(super) fn show(&mut self, pair: &Pair, arm: Arm) -> Looked {
        match self {
            Self::Apart(apart) => apart.show(pair, arm),
            Self::Here(lab) => campaign::show(pair, arm, lab),
        }
    }
}

//! The cast: one run, and who acts in it.

use std::fmt::{self, Display};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tracing::{Span, field, info_span};

use super::random::mix;
use crate::{Pace, Setting};

/// One run, as its actors share it.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) number: u64,
    pub(crate) setting: Setting,
    span: Span,
    cast: Mutex<Vec<Casting>>,
}

#[derive(Debug)]
struct Casting {
    member: Member,
    /// Kept until the run is over: whoever drops the run's [`Program`] closes it, and not the actor's own thread,
    /// because a registry of spans knows only so many threads.
    _span: Span,
}

/// An actor's name in a trace: a role and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Member {
    /// The role.
    pub role: &'static str,
    /// The number within the role.
    pub number: usize,
}

impl Member {
    /// A random number from 0 up to, but without, 1: fixed by the seed, the actor and the key.
    pub fn draw(self, seed: u64, key: u64) -> f64 {
        let role = self.role.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
        let drawn = [role, self.number as u64, key].into_iter().fold(seed, |seed, part| mix(seed ^ part));
        // The upper 53 bits are as many as an f64 holds, so neither conversion rounds.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit into an f64")]
        let (numerator, denominator) = ((drawn >> 11) as f64, (1_u64 << 53) as f64);
        numerator / denominator
    }
}

impl Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.role == "main" { f.write_str(self.role) } else { write!(f, "{} {}", self.role, self.number) }
    }
}

/// Who acts in a run: what remains of a [`Stage`](crate::Stage) for the one who made it and gave it away.
///
/// It keeps the spans of the actors open, and closes them on the thread on which it is dropped.
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) run: Arc<Run>,
}

impl Program {
    /// The number of the run.
    pub fn number(&self) -> u64 {
        self.run.number
    }

    /// The pace of the run.
    pub fn pace(&self) -> Pace {
        self.run.setting.pace
    }

    /// What random numbers are drawn from.
    pub fn seed(&self) -> u64 {
        self.run.setting.seed
    }

    /// All actors that were made so far, the main line first; that alone where the run is not watched.
    pub fn cast(&self) -> Vec<Member> {
        let cast = self.run.cast.lock().unwrap_or_else(PoisonError::into_inner);
        let most = if self.run.setting.watched { usize::MAX } else { 1 };
        cast.iter().take(most).map(|casting| casting.member).collect()
    }
}

impl Run {
    /// A run with a number that no other run of this process has.
    pub(crate) fn new(setting: Setting) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let Setting { pattern, side, .. } = setting;
        let span = info_span!(parent: None, "run", pattern = field::display(pattern), side = field::display(side), number);
        Self { number, setting, span, cast: Mutex::default() }
    }

    /// One more of the cast: its place, and its span.
    ///
    /// # Panics
    /// If there are more than 2³².
    pub(crate) fn cast(&self, role: &'static str, number: usize) -> (u32, Span) {
        let span = info_span!(parent: &self.span, "actor", role = field::display(role), number);
        let mut cast = self.cast.lock().unwrap_or_else(PoisonError::into_inner);
        let place = u32::try_from(cast.len()).expect("a run has fewer than 2³² actors");
        cast.push(Casting { member: Member { role, number }, _span: span.clone() });
        (place, span)
    }
}

//! A breach: what is broken, and by which events.

/// A broken law, role or judgement, and the events that break it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Breach {
    /// What is broken.
    pub what: String,
    /// The events at fault, by their places in the trace.
    pub events: Vec<usize>,
}

impl Breach {
    /// A breach by these events.
    pub fn new(what: impl Into<String>, events: impl IntoIterator<Item = usize>) -> Self {
        Self { what: what.into(), events: events.into_iter().collect() }
    }
}

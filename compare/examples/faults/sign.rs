//! Signs: how a comparison shows that something is wrong.

use compare::behaviour::{Behaviour, Finding, Verdict};
use serde_json::Value;
use shared::Side;

/// How a pair shows that something is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sign {
    /// The level of the first finding, or the verdict if nothing was compared.
    pub(crate) level: String,
    /// The number of the run that shows it, from 1 on: how many it takes.
    pub(crate) run: Option<u32>,
    /// Whether the message names a line of the side on which the fault is.
    pub(crate) leads: bool,
}

impl Sign {
    /// The sign in this pair, a report's or a diff's, of a fault on this side; none if the pair agrees.
    pub(crate) fn of(pair: &Value, side: Side) -> Result<Option<Self>, serde_json::Error> {
        let behaviour: Behaviour = serde_json::from_value(pair["behaviour"].clone())?;
        if behaviour.verdict.agrees() {
            return Ok(None);
        }
        let level = match behaviour.findings.first() {
            Some(finding) if behaviour.verdict == Verdict::Differs => finding.level.word(),
            _ => behaviour.verdict.word(),
        };
        let named = behaviour.exemplar().map(|run| run.number);
        let run = named.or_else(|| behaviour.reason.as_deref().and_then(run_in));
        let messages = behaviour.findings.iter().map(Finding::line).chain(behaviour.reason);
        let leads = messages.into_iter().any(|message| message.contains(&format!("{side}/src/")));
        Ok(Some(Self { level: level.into(), run, leads }))
    }
}

/// The number of the run with which such a reason begins: "run 3 of tasks: …".
fn run_in(reason: &str) -> Option<u32> {
    reason.strip_prefix("run ")?.split(' ').next()?.parse().ok()
}

//! A plan from outside: a field set on the command line, or a whole plan read from a file, held to its limits.

use std::ops::RangeInclusive;
use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Value};
use shared::Pace;

use super::nearest::{meant, nearest};
use super::{Problem, visible};

/// The longest duration that a plan may hold.
const LONGEST: Duration = Duration::from_hours(1);

/// The longest text that a plan may hold, in characters.
const LONGEST_TEXT: usize = 100;

/// A number up to which twice as much may be drawn.
const LARGE: u64 = 20;

/// How often another plan is drawn, if it is none.
const PATIENCE: usize = 8;

/// Why a plan can't be so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It has no such field.
    #[error("{pattern} has no {key:?} to set: it has {}{}", .known.join(", "), meant(nearest(.key, .known.iter().map(String::as_str))))]
    UnknownKey {
        /// The pattern.
        pattern: &'static str,
        /// What was to be set.
        key: String,
        /// What can be.
        known: Vec<String>,
    },
    /// A number is out of its range, or none.
    #[error("{key} of {pattern} takes a whole number from {} to {}, not {value}", .range.start(), .range.end())]
    Number {
        /// The pattern.
        pattern: &'static str,
        /// The field.
        key: String,
        /// What it was to be.
        value: String,
        /// What it may be.
        range: RangeInclusive<u64>,
    },
    /// A duration is too long, or none.
    #[error("{key} of {pattern} takes a time of at most an hour, such as 500ms or 2s, not {value}")]
    Time {
        /// The pattern.
        pattern: &'static str,
        /// The field.
        key: String,
        /// What it was to be.
        value: String,
    },
    /// A text is too long, or has characters that can't be shown.
    #[error(
        "{key} of {pattern} takes a text of at most {LONGEST_TEXT} characters without control characters"
    )]
    Text {
        /// The pattern.
        pattern: &'static str,
        /// The field.
        key: String,
    },
    /// What was read is no plan of this pattern.
    #[error("it is no plan of {pattern}: {why}")]
    Foreign {
        /// The pattern.
        pattern: &'static str,
        /// What doesn't fit.
        why: String,
    },
}

/// A field of a plan, for whoever sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// What it is called.
    pub name: String,
    /// What kind of value it holds: `number`, `time` or `text`.
    pub kind: &'static str,
    /// What it holds if nobody sets it, as it is set.
    pub default: String,
    /// What it may hold, in words.
    pub limits: String,
}

/// The fields of this problem's plan.
pub fn fields(problem: &dyn Problem) -> Vec<Field> {
    let field = |(name, value): (String, Value)| {
        let (kind, default, limits) = match form(problem, &name, &value) {
            Form::Number(range) => {
                ("number", value.to_string(), format!("{} to {}", range.start(), range.end()))
            }
            Form::Time => {
                let time = Duration::deserialize(&value).expect("it is a time");
                ("time", humantime::format_duration(time).to_string(), "at most an hour".into())
            }
            Form::Text => {
                let text = value.as_str().unwrap_or_default().to_owned();
                ("text", text, format!("at most {LONGEST_TEXT} characters"))
            }
        };
        Field { name, kind, default, limits }
    };
    problem.plan().into_iter().map(field).collect()
}

/// The plan of this problem with another value in one of its fields.
///
/// # Errors
/// If there is no such field, or it can't hold this value.
pub(super) fn set(problem: &dyn Problem, key: &str, value: &str) -> Result<Value, PlanError> {
    let pattern = problem.card().slug;
    let mut fields = problem.plan();
    let Some(field) = fields.get_mut(key) else { return Err(unknown(pattern, key, fields)) };
    let form = form(problem, key, field);
    let parsed = form.parse(value).filter(|parsed| form.admits(parsed));
    *field = parsed.ok_or_else(|| form.refusal(pattern, key, format!("{value:?}")))?;
    Ok(Value::Object(fields))
}

fn unknown(pattern: &'static str, key: &str, fields: Map<String, Value>) -> PlanError {
    let known = fields.into_iter().map(|(name, _)| name).collect();
    PlanError::UnknownKey { pattern, key: key.into(), known }
}

/// Holds the plan of this problem, which was written so, to its fields and their limits.
///
/// # Errors
/// The first field that is beyond them.
pub(super) fn check(problem: &dyn Problem, written: &Value) -> Result<(), PlanError> {
    let (pattern, fields) = (problem.card().slug, problem.plan());
    for (key, field) in &fields {
        let form = form(problem, key, field);
        if !form.admits(field) {
            return Err(form.refusal(pattern, key, field.to_string()));
        }
    }
    let foreign =
        written.as_object().and_then(|written| written.keys().find(|key| !fields.contains_key(*key)));
    match foreign {
        None => Ok(()),
        Some(key) => Err(unknown(pattern, key, fields)),
    }
}

/// This plan with its times as long as they last at this pace.
pub(super) fn scaled(mut plan: Value, pace: Pace) -> Value {
    for field in plan.as_object_mut().into_iter().flat_map(Map::values_mut).filter(|field| field.is_object())
    {
        let time = Duration::deserialize(&*field).expect("what is no number and no text is a time");
        *field = serde_json::to_value(pace.of(time).unwrap_or_default()).expect("a time is plain data");
    }
    plan
}

/// Another plan for this problem, drawn from the limits of its fields: those that differ from its own, none where it has
/// neither numbers nor texts.
///
/// The notebook's plan never takes some of the ways: there is one worker, or one permit, or nothing is queued. So of a
/// number the least that it may be is drawn, and what is beside it; never more than twice its own, because many such
/// runs are made. Durations stay: what is drawn is for runs without waits.
pub fn drawn_fields(problem: &dyn Problem, seed: u64) -> Map<String, Value> {
    let mut random = Rng::with_seed(seed);
    let mut draw = || -> Map<String, Value> {
        // Half of the fields stay as they are.
        let fields = problem.plan().into_iter().filter(|_| random.bool()).collect::<Vec<_>>();
        let drawn = fields.into_iter().filter_map(|(key, own)| {
            let drawn = random.choice(choices(problem, &key, &own))?;
            (drawn != own).then_some((key, drawn))
        });
        drawn.collect()
    };
    // One that is none is drawn again.
    (0..PATIENCE).map(|_| draw()).find(|fields| !fields.is_empty()).unwrap_or_default()
}

/// What may be drawn for a field, as far as it may hold that.
fn choices(problem: &dyn Problem, key: &str, own: &Value) -> Vec<Value> {
    let form = form(problem, key, own);
    let mut choices = match (&form, own) {
        (Form::Number(range), _) => {
            let own = own.as_u64().unwrap_or_default();
            let (least, most) = (*range.start(), *range.end());
            let numbers = [least, least + 1, least + 2, own / 2, own + 1, 2 * own];
            // Twice of what is large would take its time.
            let most = most.min(if own > LARGE { own } else { 2 * own.max(1) }).max(least);
            numbers.map(|number| number.clamp(least, most).into()).into()
        }
        (Form::Text, Value::String(own)) => {
            let first = own.chars().take(1).collect::<String>();
            // A character need not be a byte.
            [String::new(), first, own.repeat(2), own.clone() + "é☃"].map(Value::from).into()
        }
        _ => Vec::new(),
    };
    choices.retain(|choice| form.admits(choice));
    choices
}

/// What kind of value a field holds.
enum Form {
    Number(RangeInclusive<u64>),
    Time,
    Text,
}

impl Form {
    /// What is written so on the command line; none where it is not of this form.
    fn parse(&self, text: &str) -> Option<Value> {
        match self {
            Self::Number(_) => text.parse::<u64>().ok().map(Value::from),
            Self::Time => {
                let time = humantime::parse_duration(text).ok()?;
                Some(serde_json::to_value(time).expect("a duration is plain data"))
            }
            Self::Text => Some(text.into()),
        }
    }

    /// Whether a field may hold this.
    fn admits(&self, value: &Value) -> bool {
        match self {
            Self::Number(range) => value.as_u64().is_some_and(|number| range.contains(&number)),
            Self::Time => Duration::deserialize(value).is_ok_and(|time| time <= LONGEST),
            Self::Text => value
                .as_str()
                .is_some_and(|text| text.chars().count() <= LONGEST_TEXT && visible(text) == text),
        }
    }

    /// Why a field can't hold what was given.
    fn refusal(&self, pattern: &'static str, key: &str, value: String) -> PlanError {
        let key = key.to_owned();
        match self {
            Self::Number(range) => PlanError::Number { pattern, key, value, range: range.clone() },
            Self::Time => PlanError::Time { pattern, key, value },
            Self::Text => PlanError::Text { pattern, key },
        }
    }
}

fn form(problem: &dyn Problem, key: &str, field: &Value) -> Form {
    match field {
        Value::String(_) => Form::Text,
        Value::Number(_) => {
            let limit = problem.limits().iter().find(|limit| limit.field == key);
            Form::Number(limit.expect("every number in a plan has a limit").range.clone())
        }
        _ => Form::Time,
    }
}

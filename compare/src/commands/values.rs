//! What single arguments may be, and what is said of those that are something else.

use std::ffi::OsStr;
use std::time::Duration;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};
use shared::{Pattern, Section};

use crate::campaign::{Lanes, check_filter};
use crate::lab::{Arm, UnknownArm};
use crate::render::NARROWEST;

/// A name on the command line: any, because what is wrong with it is said elsewhere; what it may be is for shells that
/// complete it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    /// Of a pattern.
    OfPattern,
    /// Of a pattern or of a section.
    OrSection,
}

impl TypedValueParser for Name {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let sections = matches!(self, Self::OrSection).then_some(Section::ALL).into_iter().flatten();
        let names = Pattern::all().map(|pattern| pattern.card().slug).chain(sections.map(Section::slug));
        Some(Box::new(names.map(PossibleValue::new)))
    }
}

/// An arm, and no twin: whose twin it is, its place says.
pub(super) fn arm(name: &str) -> Result<Arm, UnknownArm> {
    name.parse().and_then(|arm: Arm| if arm == arm.once() { Ok(arm) } else { Err(UnknownArm(name.into())) })
}

/// An arm that costs something of its own: what runs on it doesn't matter.
pub(super) fn carrier(name: &str) -> Result<Arm, String> {
    match arm(name) {
        Ok(arm) if arm.is_idiom() => Err("an idiom costs what it runs on: name threads or tasks".into()),
        arm => arm.map_err(|error| error.to_string()),
    }
}

/// A role, or one of it.
pub(super) fn actor(text: &str) -> Result<(String, Option<usize>), String> {
    match text.split_once(':') {
        None if !text.is_empty() => Ok((text.into(), None)),
        Some((role, number)) if !role.is_empty() => {
            let number = number.parse().map_err(|_| "after the colon it takes a number, as in worker:2")?;
            Ok((role.into(), Some(number)))
        }
        _ => Err("it takes a role, or one of it, as in worker:2".into()),
    }
}

/// A time of a run.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).ok().filter(|time| *time <= Duration::from_hours(24));
    time.ok_or_else(|| "it takes a time of at most a day, such as 250us or 20ms".into())
}

/// So many columns.
pub(super) fn width(text: &str) -> Result<usize, String> {
    let width = text.parse().ok().filter(|width| (NARROWEST..=1_000).contains(width));
    width.ok_or_else(|| format!("it takes a number of columns from {NARROWEST} to 1000"))
}

/// A filter of `tracing`.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    check_filter(text).map(|()| text.into()).map_err(|error| format!("it is no filter: {error}"))
}

/// A whole number between these.
pub(super) fn number<const LEAST: u64, const MOST: u64>(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (LEAST..=MOST).contains(number));
    number.ok_or_else(|| format!("it takes a whole number from {LEAST} to {MOST}"))
}

/// Which run is shown.
pub(super) fn lanes(text: &str) -> Result<Lanes, String> {
    if text == "exemplar" {
        return Ok(Lanes::Exemplar);
    }
    let number = text.parse().ok().filter(|number| *number > 0);
    number.map(Lanes::Run).ok_or_else(|| "it takes the number of a run, from 1 on".into())
}

/// A field of a plan and its value.
pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) = parts.ok_or("it takes a field of the plan and its value, such as workers=50")?;
    Ok((key.into(), value.into()))
}

/// A time in seconds.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "it takes a number of seconds from 0.001 to 86400".into())
}

/// A share.
pub(super) fn min_effect(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it takes a share from 0 to 1, such as 0.05 for 5 %".into())
}

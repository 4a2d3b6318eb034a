//! A scale: how time becomes columns.

use std::fmt::Write as _;
use std::time::Duration;

use super::ink::Ink;

/// How far a letter may stand behind its time, where another one has its place.
pub(super) const LATE: usize = 2;

/// How time becomes columns.
pub(super) struct Scale {
    from: Duration,
    /// How long a column is.
    column: Duration,
    pub(super) columns: usize,
}

impl Scale {
    pub(super) fn of((from, to): (Duration, Duration), columns: usize) -> Self {
        // The last letters need room behind their time.
        let count = u32::try_from(columns - 2 * LATE).unwrap_or(u32::MAX);
        // Rounded up, so that the last event has a column.
        let column = to.saturating_sub(from) / count + Duration::from_nanos(1);
        Self { from, column, columns }
    }

    /// In which column this is; none before the first and after the last.
    pub(super) fn column(&self, at: Duration) -> Option<usize> {
        let place = at.checked_sub(self.from)?.as_nanos() / self.column.as_nanos();
        usize::try_from(place).ok().filter(|place| *place < self.columns)
    }

    pub(super) fn starts(&self, column: usize) -> Duration {
        self.from + self.column * u32::try_from(column).unwrap_or(u32::MAX)
    }

    /// The time axis: a tick and its time wherever there is room.
    pub(super) fn axis(&self, ink: &Ink) -> String {
        /// How many columns a tick and its time take.
        const ROOM: usize = 8;
        let least = self.column * u32::try_from(ROOM).unwrap_or(u32::MAX);
        let step = [1, 2, 5]
            .iter()
            .cycle()
            .zip(0_u32..)
            .map(|(digit, place)| Duration::from_nanos(digit * 10_u64.saturating_pow(place / 3)));
        let step = step.take(54).find(|step| *step >= least).unwrap_or(least);
        let mut axis = String::new();
        let mut at = step * u32::try_from(self.from.as_nanos().div_ceil(step.as_nanos())).unwrap_or(u32::MAX);
        while let Some(column) = self.column(at) {
            let label = format!("{}{}", ink.tick(), tick(at));
            if column + label.chars().count() > self.columns {
                break;
            }
            let _ = write!(axis, "{:1$}{label}", "", column.saturating_sub(axis.chars().count()));
            at += step;
        }
        axis
    }
}

/// The time of a tick, in its greatest unit: it is round, so that no digits are lost.
fn tick(at: Duration) -> String {
    let nanos = at.as_nanos();
    let (unit, name) = match nanos {
        1_000_000_000.. => (1_000_000_000, "s"),
        1_000_000.. => (1_000_000, "ms"),
        1_000.. => (1_000, "µs"),
        _ => (1, "ns"),
    };
    let (whole, rest) = (nanos / unit, nanos % unit);
    let digits = (unit.ilog10()) as usize;
    let fraction = format!("{rest:0digits$}");
    let fraction = fraction.trim_end_matches('0');
    if nanos == 0 {
        "0".into()
    } else if rest == 0 {
        format!("{whole}{name}")
    } else {
        format!("{whole}.{fraction}{name}")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Scale, tick};
    use crate::render::ink::Ink;

    #[test]
    fn a_tick_keeps_its_digits() {
        let cases = [
            (0, "0"),
            (1_500, "1.5µs"),
            (20_000_000, "20ms"),
            (1_500_000_000, "1.5s"),
            (70_000_000_000, "70s"),
        ];
        for (nanos, text) in cases {
            assert_eq!(tick(Duration::from_nanos(nanos)), text);
        }
    }

    #[test]
    fn an_axis_has_round_times_where_they_are() {
        let ink = Ink { ascii: true, colour: false };
        let scale = Scale::of((Duration::ZERO, Duration::from_millis(40)), 44);
        assert_eq!(scale.axis(&ink), "|0       |10ms     |20ms     |30ms     |40ms");
        let zoomed = Scale::of((Duration::from_millis(1_950), Duration::from_millis(2_550)), 64);
        assert!(zoomed.axis(&ink).trim_start().starts_with("|2s") && zoomed.axis(&ink).contains("|2.1s"));
        assert_eq!(
            (zoomed.column(Duration::from_secs(1)), zoomed.column(Duration::from_secs(3))),
            (None, None)
        );
    }
}

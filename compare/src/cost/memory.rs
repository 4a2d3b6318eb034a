//! Memory: what one takes that waits, as a slope over many; and how many there can be.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Carrier;
use super::room::rooms;
use super::served::{Asked, ask};
use super::waiters::Waiting;
use crate::lab::available;
use crate::timing::median;

/// In processes of so many, each of them one point.
const THREADS: [usize; 4] = [250, 500, 1_000, 2_000];

/// Of tasks more, because each takes little.
const TASKS: [usize; 4] = [5_000, 10_000, 20_000, 40_000];

/// How many threads tokio's pool has at most, unless its builder is told otherwise.
const POOL: usize = 512;

/// What one takes that waits, in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Of memory that is resident.
    pub resident: f64,
    /// Of the tables by which the system finds that.
    pub page_tables: f64,
    /// Of stack on the system's own side.
    pub kernel_stack: f64,
    /// What was measured: a process a point.
    pub points: Vec<Waiting>,
}

/// Where there can be no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// How many there can be.
    pub count: u64,
    /// What keeps more from being.
    pub limit: String,
}

/// What one of this carrier takes that waits, from so many points, or fewer.
///
/// # Errors
/// If it can't be measured.
pub(super) fn memory(
    program: &Path,
    carrier: Carrier,
    points: usize,
    is_interrupted: &dyn Fn() -> bool,
) -> io::Result<Memory> {
    let counts = if is_thread(carrier) { THREADS } else { TASKS };
    let points = counts
        .into_iter()
        .take(points)
        .map(|count| ask(program, &Asked::Waiters { carrier, count }, is_interrupted));
    let points: Vec<Waiting> = points.collect::<io::Result<_>>()?;
    let slope = |of: fn(&Waiting) -> u64| {
        let slope = slope(points.iter().map(|point| (point.waiting, of(point))));
        slope.ok_or_else(|| io::Error::other("there is no room for different numbers of them"))
    };
    Ok(Memory {
        resident: slope(|point| point.resident)?,
        page_tables: slope(|point| point.page_tables)?,
        kernel_stack: slope(|point| point.kernel_stack)?,
        points,
    })
}

/// Where there can be no more of this carrier, of which one takes so much. Threads are started until the system refuses
/// one, or half of the machine's memory is theirs; tasks are reckoned, because all of it would be theirs by then.
///
/// # Errors
/// If it can't be measured.
pub(super) fn stop(program: &Path, carrier: Carrier, memory: &Memory) -> io::Result<Stop> {
    match carrier {
        Carrier::Blocking => {
            let limit = "tokio's max_blocking_threads; what comes then waits for its turn".into();
            Ok(Stop { count: POOL as u64, limit })
        }
        Carrier::Arm(arm) if arm.runtime().is_none() => {
            let mut rooms = rooms();
            let each = memory.resident + memory.page_tables + memory.kernel_stack;
            let most = of_memory(each)? / 2;
            rooms.push(("half of the machine's memory".into(), most));
            let count: u64 = ask(program, &Asked::Threads { most }, &|| false)?;
            let nearest = rooms.into_iter().min_by_key(|(_, room)| room.abs_diff(count));
            let known = nearest.filter(|(_, room)| room.abs_diff(count) <= count / 10);
            let limit =
                known.map_or_else(|| "a limit that the system doesn't name".into(), |(limit, _)| limit);
            Ok(Stop { count, limit })
        }
        Carrier::Arm(_) => {
            let count = of_memory(memory.resident + memory.page_tables)?;
            Ok(Stop { count, limit: "memory, by what one takes".into() })
        }
    }
}

/// How many things that take so many bytes each there is memory for.
fn of_memory(each: f64) -> io::Result<u64> {
    let available = available().ok_or_else(|| io::Error::other("nobody knows the memory"))?;
    #[expect(clippy::cast_precision_loss, reason = "it is a share of the machine's memory")]
    let count = available as f64 / each.max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a positive number")]
    let count = count as u64;
    Ok(count)
}

fn is_thread(carrier: Carrier) -> bool {
    match carrier {
        Carrier::Arm(arm) => arm.runtime().is_none(),
        Carrier::Blocking => true,
    }
}

/// The slope of a line through these points: the median of those of all pairs of them, so that one that is off counts for
/// little (Theil and Sen); none where they are all above each other.
fn slope(points: impl Iterator<Item = (usize, u64)>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "they are a share of the machine's memory")]
    let points: Vec<(f64, f64)> = points.map(|(count, bytes)| (count as f64, bytes as f64)).collect();
    let pairs = points.iter().enumerate().flat_map(|(place, one)| {
        let later = &points[place + 1..];
        later.iter().map(move |other| (other.1 - one.1) / (other.0 - one.0))
    });
    median(pairs.filter(|slope| slope.is_finite()).collect())
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::slope;

    #[test]
    fn a_slope_is_that_of_most_points() {
        let points = [(100, 1_000), (200, 2_000), (300, 9_000), (400, 4_000)];
        assert!(slope(points.into_iter()).is_some_and(|slope| (slope - 10.0).abs() < 1e-9));
        assert_eq!((slope(iter::empty()), slope([(7, 1), (7, 2)].into_iter())), (None, None));
    }
}

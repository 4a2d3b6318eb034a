//! The load: how much of the machine others use meanwhile.

use std::time::{Duration, Instant};

use super::cores;

/// Others who keep fewer cores busy than this disturb nobody.
const BUSY: f64 = 0.25;

/// From when on others are watched.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    began: Instant,
    /// How long the machine's cores had been busy by then, and this process and its children.
    busy: Option<[Duration; 2]>,
}

impl Load {
    /// From now on.
    pub fn begin() -> Self {
        Self { began: Instant::now(), busy: busy() }
    }

    /// How many cores others kept busy since then, in the mean; none where the system doesn't say. Children count as this
    /// process's own when they have ended.
    pub fn of_others(self) -> Option<f64> {
        let ([all, own], [all_before, own_before]) = (busy()?, self.busy?);
        let others = all.saturating_sub(all_before).saturating_sub(own.saturating_sub(own_before));
        Some(others.as_secs_f64() / self.began.elapsed().as_secs_f64())
    }
}

/// How many times as long something may take because others keep so many cores busy, by an estimate: the system shares a
/// core fairly, so that who needs one that is busy gets half of it. With one of two cores busy, threads that could go on at
/// once take a third longer so; and tasks that are all on the other one, no longer at all. Of runs that are far shorter than
/// the turns which the system gives, the fastest of a few meets less of it: for those it is too cautious.
///
/// None where they keep more than half of the cores busy: any number of them may then want each core, and nobody knows how
/// long who waits for it is kept. Beside a build on both of two cores, threads took seven times as long.
pub fn disturbance(others: Option<f64>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a machine has a few cores")]
    let cores = cores() as f64;
    let others = others.filter(|others| *others > BUSY).unwrap_or(0.0);
    (others <= cores / 2.0).then(|| cores / (cores - others / 2.0))
}

/// How long the machine's cores have been busy, and this process and its children, in all.
#[cfg(target_os = "linux")]
fn busy() -> Option<[Duration; 2]> {
    use std::fs;

    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let all = busy_cores(&fs::read_to_string("/proc/stat").ok()?)?;
    let own = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].into_iter().map(|who| {
        let usage = getrusage(who).ok()?;
        let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        u64::try_from(micros).ok().map(Duration::from_micros)
    });
    Some([all, own.sum::<Option<Duration>>()?])
}

/// What Linux says of how long all cores have been busy.
#[cfg(target_os = "linux")]
fn busy_cores(stat: &str) -> Option<Duration> {
    /// In milliseconds, whatever the machine.
    const TICK: u64 = 10;

    let ticks = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().map(str::parse::<u64>);
    let ticks: Vec<u64> = ticks.take(7).collect::<Result<_, _>>().ok()?;
    // In programs, there with little priority, in the system, idle, waiting for a disk, in two kinds of interrupts.
    let [user, nice, system, _idle, _disk, hard, soft] = *ticks.as_slice() else { return None };
    let busy = [nice, system, hard, soft].into_iter().try_fold(user, u64::checked_add)?;
    Some(Duration::from_millis(busy.checked_mul(TICK)?))
}

#[cfg(not(target_os = "linux"))]
fn busy() -> Option<[Duration; 2]> {
    None
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::time::Duration;

    use super::{Load, busy_cores, cores, disturbance};

    #[test]
    fn a_core_is_busy_where_it_is_not_idle() {
        let stat = "cpu  10 1 5 100 3 2 1 7 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n";
        assert_eq!(busy_cores(stat), Some(Duration::from_millis(190)));
        assert_eq!((busy_cores("cpu  10 1"), busy_cores("")), (None, None));
        let years = format!("cpu  {} 0 0 0 0 0 0", 1_u64 << 40);
        assert_eq!(busy_cores(&years), Some(Duration::from_millis(10 << 40)));
        assert_eq!(busy_cores(&format!("cpu  {} 1 0 0 0 0 0", u64::MAX)), None);
        assert!(Load::begin().of_others().is_some());
    }

    #[test]
    fn whoever_needs_a_busy_core_gets_half_of_it() {
        #[expect(clippy::cast_precision_loss, reason = "a machine has a few cores")]
        let all = cores() as f64;
        let near = |others, due: f64| disturbance(others).is_some_and(|by| (by - due).abs() < 1e-9);
        assert!(near(Some(all / 2.0), 4.0 / 3.0) && near(Some(0.2), 1.0) && near(None, 1.0));
        assert_eq!(disturbance(Some(0.6 * all)), None, "nobody knows");
    }
}

//! What a run used of the machine: CPU time and context switches of this process.

use serde::{Deserialize, Serialize};

/// What was used, in nanoseconds and in switches. Everything is none where the system doesn't say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// CPU time in the program.
    #[serde(rename = "cpu_user_ns")]
    pub user: Option<u64>,
    /// CPU time in the system.
    #[serde(rename = "cpu_system_ns")]
    pub system: Option<u64>,
    /// How often a thread gave its core away, because it waited.
    #[serde(rename = "switches_voluntary")]
    pub voluntary: Option<u64>,
    /// How often its core was taken away.
    #[serde(rename = "switches_involuntary")]
    pub involuntary: Option<u64>,
}

impl Usage {
    /// What the process has used until now.
    #[cfg(unix)]
    pub fn now() -> Self {
        use nix::sys::resource::{UsageWho, getrusage};
        use nix::sys::time::TimeValLike as _;

        let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else { return Self::default() };
        let count = |number: std::ffi::c_long| u64::try_from(number).ok();
        let nanoseconds =
            |time: nix::sys::time::TimeVal| u64::try_from(time.num_microseconds()).ok().map(|us| us * 1000);
        Self {
            user: nanoseconds(usage.user_time()),
            system: nanoseconds(usage.system_time()),
            voluntary: count(usage.voluntary_context_switches()),
            involuntary: count(usage.involuntary_context_switches()),
        }
    }

    /// What the process has used until now: this system doesn't say.
    #[cfg(not(unix))]
    pub fn now() -> Self {
        Self::default()
    }

    /// What was used since then.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let less = |now: Option<u64>, before: Option<u64>| {
            now.zip(before).map(|(now, before)| now.saturating_sub(before))
        };
        self.with(before, less)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, |one, other| one.zip(other).map(|(one, other)| one + other))
    }

    fn with(self, other: Self, of: impl Fn(Option<u64>, Option<u64>) -> Option<u64>) -> Self {
        Self {
            user: of(self.user, other.user),
            system: of(self.system, other.system),
            voluntary: of(self.voluntary, other.voluntary),
            involuntary: of(self.involuntary, other.involuntary),
        }
    }
}

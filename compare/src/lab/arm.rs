//! Arms: what is run.

use std::fmt::{self, Display};
use std::num::NonZero;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use shared::Side;

/// What is run: a side, with what it runs on. A comparison is of two different arms.
///
/// Its name is the same on the command line, in documents and for people: `threads`, `tasks`, `tasks:current`, `tasks:4`,
/// `threads:idiom`, `tasks:idiom`; a twin's ends with ` again`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Arm {
    on: On,
    /// Whether it runs what one would write in Rust, and not the notebook's cell.
    idiom: bool,
    /// Whether it is the same once more, as a twin.
    again: bool,
}

/// What the actors of an arm run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum On {
    Threads,
    Tasks(Runtime),
}

/// What tasks run on. Its threads have the name of the arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Runtime {
    /// As many workers as the machine has cores, which share the tasks.
    Cores,
    /// So many workers.
    Workers(NonZero<u16>),
    /// One thread that runs all tasks.
    Current,
}

/// More workers than this are refused.
const MOST_WORKERS: u16 = 1_024;

/// A name that no arm has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no arm {0:?}: there are threads, tasks, tasks:current, tasks:N with N workers from 1 to {MOST_WORKERS}, \
     threads:idiom and tasks:idiom"
)]
pub struct UnknownArm(pub String);

/// What an arm that is the same once more is called besides.
const AGAIN: &str = " again";

/// What an arm is called besides that runs an idiom.
const IDIOM: &str = ":idiom";

impl Arm {
    /// Threads.
    pub const THREADS: Self = Self { on: On::Threads, idiom: false, again: false };

    /// Tasks on as many workers as there are cores.
    pub const TASKS: Self = Self { on: On::Tasks(Runtime::Cores), idiom: false, again: false };

    /// Tasks that all have one thread.
    pub const TASKS_ON_ONE: Self = Self { on: On::Tasks(Runtime::Current), idiom: false, again: false };

    /// What is compared where nothing else is said.
    pub const DEFAULT: [Self; 2] = [Self::THREADS, Self::TASKS];

    /// What one would write in Rust, with threads and with tasks.
    pub const IDIOMS: [Self; 2] =
        [Self { idiom: true, ..Self::THREADS }, Self { idiom: true, ..Self::TASKS }];

    /// Tasks on so many workers.
    #[must_use]
    pub const fn workers(workers: NonZero<u16>) -> Self {
        Self { on: On::Tasks(Runtime::Workers(workers)), idiom: false, again: false }
    }

    /// The same arm once more: its twin, to compare it with itself.
    #[must_use]
    pub const fn again(self) -> Self {
        Self { again: true, ..self }
    }

    /// The arm of which this is a twin; itself where it is none.
    #[must_use]
    pub const fn once(self) -> Self {
        Self { again: false, ..self }
    }

    /// Whether it runs an idiom, whose actors say nothing.
    pub fn is_idiom(self) -> bool {
        self.idiom
    }

    /// Whose solution it runs.
    pub fn side(self) -> Side {
        match self.on {
            On::Threads => Side::Threaded,
            On::Tasks(_) => Side::Asynchronous,
        }
    }

    /// What its tasks run on; none of threads.
    pub fn runtime(self) -> Option<Runtime> {
        match self.on {
            On::Threads => None,
            On::Tasks(runtime) => Some(runtime),
        }
    }

    /// Whether its tasks always have one thread.
    pub fn is_on_one(self) -> bool {
        self.runtime() == Some(Runtime::Current)
    }
}

/// Which two arms are compared, where these are named: the first with each of the others, and with its twin where it is
/// named again.
pub fn comparisons(arms: &[Arm]) -> Vec<[Arm; 2]> {
    let Some((&first, others)) = arms.split_first() else { return Vec::new() };
    others.iter().map(|&other| [first, if other == first { other.again() } else { other }]).collect()
}

impl Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = self.runtime().map_or_else(|| "threads".into(), |runtime| runtime.to_string());
        let idiom = if self.idiom { IDIOM } else { "" };
        f.pad(&(on + idiom + if self.again { AGAIN } else { "" }))
    }
}

impl Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cores => f.write_str("tasks"),
            Self::Workers(workers) => write!(f, "tasks:{workers}"),
            Self::Current => f.write_str("tasks:current"),
        }
    }
}

impl FromStr for Arm {
    type Err = UnknownArm;

    fn from_str(name: &str) -> Result<Self, UnknownArm> {
        let (on, again) = name.strip_suffix(AGAIN).map_or((name, false), |on| (on, true));
        let (on, idiom) = on.strip_suffix(IDIOM).map_or((on, false), |on| (on, true));
        let runtime = match on.split_once(':') {
            // An idiom is compared on what one has without being asked.
            Some(_) if idiom => None,
            None if on == "threads" => return Ok(Self { on: On::Threads, idiom, again }),
            None if on == "tasks" => Some(Runtime::Cores),
            Some(("tasks", "current")) => Some(Runtime::Current),
            Some(("tasks", workers)) => {
                let workers =
                    workers.parse().ok().filter(|workers: &NonZero<u16>| workers.get() <= MOST_WORKERS);
                workers.map(Runtime::Workers)
            }
            _ => None,
        };
        let on = On::Tasks(runtime.ok_or_else(|| UnknownArm(name.into()))?);
        Ok(Self { on, idiom, again })
    }
}

impl From<Arm> for String {
    fn from(arm: Arm) -> Self {
        arm.to_string()
    }
}

impl TryFrom<String> for Arm {
    type Error = UnknownArm;

    fn try_from(name: String) -> Result<Self, UnknownArm> {
        name.parse()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use super::{Arm, UnknownArm, comparisons};

    #[test]
    fn an_arm_is_known_by_its_name() {
        let four = Arm::workers(NonZero::new(4).expect("four"));
        let names = ["threads", "tasks", "tasks:current", "tasks:4", "threads:idiom", "tasks:idiom"];
        let [threads, tasks] = Arm::IDIOMS;
        let arms = [Arm::THREADS, Arm::TASKS, Arm::TASKS_ON_ONE, four, threads, tasks];
        for (arm, name) in arms.into_iter().zip(names) {
            assert_eq!((arm.to_string().as_str(), name.parse()), (name, Ok(arm)));
            assert_eq!(arm.again().to_string().parse(), Ok(arm.again()));
        }
        for unknown in [
            "green",
            "tasks:",
            "tasks:0",
            "tasks:1025",
            "tasks:-1",
            "threads:4",
            "Tasks",
            "",
            "tasks:4:idiom",
        ] {
            assert_eq!(unknown.parse::<Arm>(), Err(UnknownArm(unknown.into())));
        }
    }

    #[test]
    fn the_first_is_compared_with_each_of_the_others() {
        let [threads, tasks, one] = [Arm::THREADS, Arm::TASKS, Arm::TASKS_ON_ONE];
        assert_eq!(comparisons(&[threads, tasks, one]), [[threads, tasks], [threads, one]]);
        assert_eq!(comparisons(&[tasks, tasks]), [[tasks, tasks.again()]]);
        assert_eq!(comparisons(&[tasks]), Vec::<[Arm; 2]>::new());
    }
}

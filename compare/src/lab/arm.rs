//! Arms: what is run.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};
use shared::Side;

/// What is run: a side, with what it runs on. A comparison is of two different arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Arm {
    on: On,
    /// Whether it is the same once more, as a twin.
    again: bool,
}

/// What the actors of an arm run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum On {
    Threads,
    Workers,
    OneThread,
}

/// A name that no arm has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no arm {0:?}")]
pub struct UnknownArm(String);

impl Arm {
    /// Threads.
    pub const THREADS: Self = Self { on: On::Threads, again: false };

    /// Tasks on the runtime of the settings.
    pub const TASKS: Self = Self { on: On::Workers, again: false };

    /// Tasks on a runtime of one thread, whatever the settings say.
    pub const TASKS_ON_ONE: Self = Self { on: On::OneThread, again: false };

    /// What is compared where nothing else is said.
    pub const DEFAULT: [Self; 2] = [Self::THREADS, Self::TASKS];

    /// What a document compares that doesn't say: [`DEFAULT`](Self::DEFAULT), as serde asks for it.
    pub(crate) fn defaults() -> [Self; 2] {
        Self::DEFAULT
    }

    /// Whether a document need not say that it compares these.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a field by reference")]
    pub(crate) fn are_defaults(arms: &[Self; 2]) -> bool {
        *arms == Self::DEFAULT
    }

    const ALL: [Self; 6] = [
        Self::THREADS,
        Self::TASKS,
        Self::TASKS_ON_ONE,
        Self::THREADS.again(),
        Self::TASKS.again(),
        Self::TASKS_ON_ONE.again(),
    ];

    /// The same arm once more: its twin, to compare it with itself.
    #[must_use]
    pub const fn again(self) -> Self {
        Self { again: true, ..self }
    }

    /// Whose solution it runs.
    pub fn side(self) -> Side {
        match self.on {
            On::Threads => Side::Threaded,
            On::Workers | On::OneThread => Side::Asynchronous,
        }
    }

    /// Whether its tasks have one thread, whatever the settings say.
    pub fn is_on_one(self) -> bool {
        self.on == On::OneThread
    }

    /// Its name in documents and in the names of files.
    pub fn slug(self) -> String {
        let on = match self.on {
            On::Threads => "threaded",
            On::Workers => "asynchronous",
            On::OneThread => "asynchronous-on-one",
        };
        format!("{on}{}", if self.again { "-again" } else { "" })
    }
}

impl From<Side> for Arm {
    /// The default arm of this side.
    fn from(side: Side) -> Self {
        match side {
            Side::Threaded => Self::THREADS,
            Side::Asynchronous => Self::TASKS,
        }
    }
}

impl Display for Arm {
    /// Its name for people, in the plural.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = match self.on {
            On::Threads => "threads",
            On::Workers => "tasks",
            On::OneThread => "tasks on one thread",
        };
        if self.again { f.pad(&format!("{on} again")) } else { f.pad(on) }
    }
}

impl From<Arm> for String {
    fn from(arm: Arm) -> Self {
        arm.slug()
    }
}

impl TryFrom<String> for Arm {
    type Error = UnknownArm;

    fn try_from(slug: String) -> Result<Self, UnknownArm> {
        Self::ALL.into_iter().find(|arm| arm.slug() == slug).ok_or(UnknownArm(slug))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Arm, UnknownArm};

    #[test]
    fn an_arm_is_known_by_its_name() {
        for arm in Arm::ALL {
            assert_eq!(Arm::try_from(arm.slug()), Ok(arm));
        }
        assert_eq!(Arm::try_from("green".to_owned()), Err(UnknownArm("green".into())));
    }

    #[test]
    fn all_names_are_different() {
        let slugs: BTreeSet<String> = Arm::ALL.map(Arm::slug).into();
        let names: BTreeSet<String> = Arm::ALL.map(|arm| arm.to_string()).into();
        assert_eq!((slugs.len(), names.len()), (Arm::ALL.len(), Arm::ALL.len()));
    }
}

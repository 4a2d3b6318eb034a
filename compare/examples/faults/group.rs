//! Groups: faults that are built together, because none can be taken for another.

use std::collections::BTreeSet;
use std::path::Path;

use crate::concerns::concerns;
use crate::fault::Fault;

/// A fault, and the patterns in which it may show.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) fault: &'static Fault,
    pub(crate) concerns: BTreeSet<&'static str>,
}

impl Planned {
    /// These faults, with what they concern in this workspace.
    pub(crate) fn all(faults: &[&'static Fault], root: &Path) -> anyhow::Result<Vec<Self>> {
        let planned =
            |fault: &&'static Fault| Ok(Self { fault, concerns: concerns(root, fault.side, fault.file)? });
        faults.iter().map(planned).collect()
    }

    /// Whether the two could be taken for one another: they concern a pattern both. What has no pattern in common has
    /// no file in common either.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        !self.concerns.is_disjoint(&other.concerns)
    }
}

/// As few groups as are found by putting each fault into the first in which it meets none, those that concern the most
/// patterns first. The least number is a problem of colouring graphs, and a build more costs ten seconds.
pub(crate) fn groups(mut planned: Vec<Planned>) -> Vec<Vec<Planned>> {
    planned.sort_by_key(|planned| usize::MAX - planned.concerns.len());
    let mut groups: Vec<Vec<Planned>> = Vec::new();
    for planned in planned {
        let free = groups.iter_mut().find(|group| group.iter().all(|other| !other.meets(&planned)));
        match free {
            Some(group) => group.push(planned),
            None => groups.push(vec![planned]),
        }
    }
    groups
}

/// The names of a group's faults.
pub(crate) fn names(group: &[Planned]) -> String {
    group.iter().map(|planned| planned.fault.slug).collect::<Vec<_>>().join(", ")
}

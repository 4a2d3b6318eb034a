//! What holds for the catalogue as the workspace is now.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shared::{Pattern, Side};

use crate::catalogue::{self, CATALOGUE};
use crate::concerns::concerns;
use crate::fault::{Class, Fault};
use crate::group::{Planned, groups};
use crate::unseen;

/// How many faults there must be of a class, at least; of each of the first six, more.
const LEAST: [usize; 8] = [12, 12, 12, 12, 12, 12, 8, 8];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn all() -> Vec<&'static Fault> {
    catalogue::all().collect()
}

#[test]
fn every_fault_can_be_planted() {
    for fault in all() {
        let text =
            fs::read_to_string(fault.path(&root())).unwrap_or_else(|error| panic!("{}: {error}", fault.slug));
        let planted = fault.plant(&text).unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(planted, text, "{}", fault.slug);
    }
}

#[test]
fn every_fault_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = all().iter().map(|fault| fault.slug).collect();
    assert_eq!(names.len(), all().len());
}

#[test]
fn every_class_has_enough_and_stands_together() {
    for ((class, least), faults) in Class::ALL.into_iter().zip(LEAST).zip(CATALOGUE) {
        assert!(faults.iter().all(|fault| fault.class == class), "{}", class.word());
        assert!(faults.len() >= least, "{}: {}", class.word(), faults.len());
    }
    assert!(all().len() >= 110, "{}", all().len());
}

#[test]
fn both_sides_have_about_as_many() {
    let of = |side| all().iter().filter(|fault| fault.side == side).count();
    let [threads, tasks] = Side::BOTH.map(of);
    assert!(3 * threads >= 2 * tasks && 3 * tasks >= 2 * threads, "{threads} and {tasks}");
}

#[test]
fn every_pattern_and_every_primitive_has_faults() {
    let files: BTreeSet<&str> = all().iter().map(|fault| fault.file).collect();
    for pattern in Pattern::all() {
        assert!(files.contains(&*pattern.card().path()), "{pattern}");
    }
    let primitives = fs::read_dir(root().join("threaded/src/primitives")).expect("the primitives");
    for file in primitives.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")) {
        let name = file.strip_suffix(".rs").filter(|name| *name != "mod");
        assert!(name.is_none_or(|_| files.contains(&*format!("primitives/{file}"))), "{file}");
    }
}

#[test]
fn faults_of_one_group_do_not_meet() {
    let planned = Planned::all(&all(), &root()).expect("files of this repository");
    let groups = groups(planned);
    assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), all().len());
    for group in &groups {
        for (place, one) in group.iter().enumerate() {
            for other in &group[place + 1..] {
                let same_file = (one.fault.side, one.fault.file) == (other.fault.side, other.fault.file);
                let in_common = one.concerns.intersection(&other.concerns).next();
                assert!(!same_file && in_common.is_none(), "{} and {}", one.fault.slug, other.fault.slug);
            }
        }
    }
}

#[test]
fn a_file_concerns_whoever_imports_it() {
    let of = |side, file| concerns(&root(), side, file).expect("files of this repository");
    let sequential = of(Side::Threaded, "introduction/sequential.rs");
    assert_eq!(sequential, BTreeSet::from(["concurrent", "sequential"]));
    // The threads' queue waits on a condition, the tasks' does not.
    assert!(of(Side::Threaded, "primitives/condition.rs").contains("producer_consumer"));
    assert!(!of(Side::Asynchronous, "primitives/condition.rs").contains("producer_consumer"));
    for fault in all() {
        assert!(!of(fault.side, fault.file).is_empty(), "{}", fault.slug);
    }
}

#[test]
fn whatever_cannot_be_seen_is_a_fault() {
    for slug in unseen::slugs() {
        assert!(catalogue::all().any(|fault| fault.slug == slug), "{slug}");
    }
}

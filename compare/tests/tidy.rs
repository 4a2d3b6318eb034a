//! The rules of this repository that no compiler knows.

use std::collections::BTreeSet;
use std::fs;

use shared::Pattern;

mod floors;
mod tree;

use tree::{files, root, source};

/// What really differs between threads and tasks, so that one side has an item and the other has not.
const ONE_SIDED: [(&str, &str); 3] = [
    // A thread is held up where it records something, which is the same code for all: it needs none of its own.
    ("acting.rs", "fn in_turns"),
    ("creating/daemon.rs", "fn pause_unless_stopped"),
    // A task's id doesn't distinguish the futures within it, so who owns the lock is passed in.
    ("primitives/reentrant_lock.rs", "pub struct Owner"),
];

/// The items of a file in order, public or not, such as `pub fn run`; `async` is what may differ.
fn items(source: &str) -> Vec<String> {
    const KEYWORDS: [&str; 7] = ["fn", "struct", "enum", "trait", "impl", "mod", "type"];
    let item = |line: &str| {
        let visible = line.starts_with("pub");
        let rest = line
            .strip_prefix("pub(super) ")
            .or(line.strip_prefix("pub(crate) "))
            .or(line.strip_prefix("pub "));
        let rest = rest.unwrap_or(line);
        let rest = rest.strip_prefix("async ").unwrap_or(rest);
        let (keyword, name) = rest.split_once(' ')?;
        let name = name.split(['(', ';', '{', ':']).next().unwrap_or(name);
        // What is generic may be so over other types.
        let name = name.split('<').next().unwrap_or(name).trim();
        let visible = if visible { "pub " } else { "" };
        KEYWORDS.contains(&keyword).then(|| format!("{visible}{keyword} {name}"))
    };
    // How a side is tested is its own affair.
    let source = source.split("#[cfg(test)]").next().unwrap_or(source);
    source.lines().map(str::trim_start).filter_map(item).collect()
}

#[test]
fn both_sides_have_the_same_files() {
    assert_eq!(files("threaded"), files("asynchronous"));
}

#[test]
fn both_sides_have_the_same_items_in_the_same_order() {
    let parallel =
        files("threaded").into_iter().filter(|file| !file.ends_with("/tests.rs") && !is_idiom(file));
    for file in parallel {
        let [threads, tasks] = ["threaded", "asynchronous"].map(|member| {
            let mut items = items(&source(member, &file));
            items.retain(|item| !ONE_SIDED.contains(&(file.as_str(), item.as_str())));
            if file.starts_with("primitives/") {
                // What is beneath its public items is where a thread's primitive and a task's differ.
                items.retain(|item| item.starts_with("pub "));
                items.dedup();
            }
            items
        });
        assert!(!threads.is_empty(), "{file}");
        assert_eq!(threads, tasks, "{file}");
    }
}

#[test]
fn what_is_one_sided_is_so_still() {
    for (file, item) in ONE_SIDED {
        let has = |member| items(&source(member, file)).iter().any(|found| found == item);
        assert!(has("threaded") != has("asynchronous"), "{file}: {item}");
    }
}

#[test]
fn every_pattern_has_its_three_files_and_no_other() {
    let all: BTreeSet<String> = Pattern::all().map(|pattern| pattern.card().path()).collect();
    for member in ["shared", "threaded", "asynchronous"] {
        let others = ["primitives/", "conformance/", "steps/", "run/", "rules/", "problem/"];
        let in_sections = files(member).into_iter().filter(|file| {
            file.contains('/') && !["mod.rs", "/tests.rs", IDIOM].iter().any(|end| file.ends_with(end))
        });
        let patterns: BTreeSet<String> =
            in_sections.filter(|file| others.iter().all(|other| !file.starts_with(other))).collect();
        assert_eq!(patterns, all, "{member}");
    }
}

/// How the file of an idiom is called, in the folder of its pattern.
const IDIOM: &str = "/idiom.rs";

/// What one would write in Rust need be no parallel text.
fn is_idiom(file: &str) -> bool {
    file.ends_with(IDIOM)
}

#[test]
fn an_idiom_has_nothing_of_ours_and_nothing_of_the_notebook() {
    const OURS: [&str; 10] =
        ["crate", "super", "Stage", "Actor", "Step", "perform", "says(", "pause(", "unsafe", "println!"];
    let patterns: BTreeSet<String> = Pattern::all().map(|pattern| pattern.card().path()).collect();
    let idioms: Vec<String> = files("threaded").into_iter().filter(|file| is_idiom(file)).collect();
    assert_eq!(idioms.len(), 30);
    for (member, file) in
        ["threaded", "asynchronous"].iter().flat_map(|member| idioms.iter().map(move |file| (member, file)))
    {
        assert!(patterns.contains(&file.replace(IDIOM, ".rs")), "{file} is beside no pattern");
        let source = source(member, file);
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        assert!(code.iter().any(|line| line.contains("fn idiom(plan: &Plan")), "{member}/src/{file}");
        for line in &code {
            let ours = OURS.iter().find(|ours| line.contains(*ours));
            assert_eq!(ours, None, "{member}/src/{file}: {line}");
        }
        let lines = code.iter().filter(|line| !line.is_empty() && !line.starts_with("use ")).count();
        assert!(lines <= 60, "{member}/src/{file} has {lines} lines");
    }
}

/// What is local to a thread or a task is the subject of these files.
fn is_local(file: &str, banned: &str) -> bool {
    file.starts_with("locals/") && ["static ", "thread_local!"].contains(&banned)
}

#[test]
fn patterns_import_plainly() {
    const ROOTS: [&str; 17] = [
        "async_channel",
        "crate",
        "crossbeam_channel",
        "futures",
        "http_body_util",
        "hyper",
        "hyper_util",
        "parking_lot",
        "rayon",
        "rusqlite",
        "shared",
        "std",
        "super",
        "tokio",
        "tokio_util",
        "tracing",
        "ureq",
    ];
    const BANNED: [&str; 5] = ["thread::scope", "static ", "thread_local!", "macro_rules!", "::scope("];
    for member in ["threaded", "asynchronous"] {
        for file in files(member).into_iter().filter(|file| !file.ends_with("/tests.rs")) {
            let source = source(member, &file);
            for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
                if let Some(path) = line.strip_prefix("use ") {
                    let root = path.split([':', ' ', '{', ';']).next().unwrap_or(path);
                    assert!(ROOTS.contains(&root), "{member}/src/{file}: {line}");
                }
                // A lifetime is no item.
                let line = line.replace("'static ", "");
                let may = |banned: &str| is_local(&file, banned) || is_idiom(&file);
                let banned = BANNED.iter().find(|banned| line.contains(**banned) && !may(banned));
                assert_eq!(banned, None, "{member}/src/{file}: {line}");
            }
        }
    }
}

#[test]
fn the_top_level_holds_the_four_crates_and_nothing_else() {
    let folders = fs::read_dir(root()).expect("the repository").map(|entry| entry.expect("an entry"));
    let folders = folders
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a name"));
    let unexpected: Vec<String> = folders
        .filter(|name| {
            !name.starts_with('.')
                && !["shared", "threaded", "asynchronous", "compare", "target"].contains(&name.as_str())
        })
        .collect();
    assert_eq!(unexpected, Vec::<String>::new());
}

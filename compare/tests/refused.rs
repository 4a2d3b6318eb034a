//! What the compiler refuses, and why: the examples of the docs that must not compile, each with what it says. That an example
//! doesn't compile, rustdoc tests as well; but so does one with a typo.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use trybuild::TestCases;

mod tree;

use tree::{files, source};

/// What begins such an example, behind the signs of a comment.
const BEGIN: &str = "```compile_fail";

/// What stands for the folder in which they are tried.
const EXAMPLES: &str = "$EXAMPLES";

/// Where it is kept what the compiler says.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused")
}

/// What it says to an example of this name.
fn said(name: &str) -> PathBuf {
    kept().join(name).with_extension("stderr")
}

/// Each example as a program, by a name made of where it stands.
fn examples() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for member in ["shared", "threaded", "asynchronous"] {
        for file in files(member) {
            let name = format!("{member}-{}", file.trim_end_matches(".rs").replace('/', "-"));
            for example in examples_of(&source(member, &file)) {
                assert!(found.insert(name.clone(), example).is_none(), "one is enough in {name}");
            }
        }
    }
    found
}

fn examples_of(source: &str) -> Vec<String> {
    let docs = source.lines().map(str::trim_start).map(|line| {
        let text = line.strip_prefix("//!").or(line.strip_prefix("///"));
        text.map(|text| text.strip_prefix(' ').unwrap_or(text))
    });
    let mut docs = docs.map(Option::unwrap_or_default);
    let mut examples = Vec::new();
    while docs.any(|line| line.starts_with(BEGIN)) {
        let lines = docs.by_ref().take_while(|line| *line != "```");
        // What rustdoc hides is there all the same.
        let lines = lines.map(|line| line.strip_prefix("# ").unwrap_or(line));
        let (attributes, body): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("#!["));
        examples.push(format!("{}\nfn main() {{\n{}\n}}\n", attributes.join("\n"), body.join("\n")));
    }
    examples
}

#[test]
fn what_the_compiler_says_is_kept_of_each_example_and_of_no_other() {
    let examples = examples();
    assert!(examples.len() >= 10, "{examples:?}");
    for name in examples.keys() {
        assert!(said(name).exists(), "TRYBUILD=overwrite writes {}", said(name).display());
    }
    let all = fs::read_dir(kept()).expect("a folder of this repository").count();
    assert_eq!(all, examples.len(), "some of {} are left over", kept().display());
}

/// With `TRYBUILD=overwrite`, what it says now is kept instead: by a compiler without the component `rust-src`, which would
/// show std's sources.
#[test]
#[ignore = "the words are one compiler's: `.ci/deep` runs this with that one"]
fn each_example_is_refused_for_the_reason_that_is_kept() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused");
    fs::create_dir_all(&folder).expect("a folder for the examples");
    let examples = examples();
    let path = |name: &String, extension| folder.join(name).with_extension(extension);
    let folder = folder.to_str().expect("the path is text");
    {
        // It tries them when it is dropped.
        let cases = TestCases::new();
        for (name, example) in &examples {
            fs::write(path(name, "rs"), example).expect("a place for the example");
            if let Ok(said) = fs::read_to_string(said(name)) {
                let said = said.replace(EXAMPLES, folder);
                fs::write(path(name, "stderr"), said).expect("a place for what is said to it");
            }
            cases.compile_fail(path(name, "rs"));
        }
    }
    if env::var("TRYBUILD").is_ok_and(|how| how == "overwrite") {
        for name in examples.keys() {
            let said_now = fs::read_to_string(path(name, "stderr")).expect("what it says");
            fs::write(said(name), said_now.replace(folder, EXAMPLES)).expect("a place for what it says");
        }
    }
}

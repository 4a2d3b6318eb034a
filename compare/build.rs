//! Notes with what the program is built, so that a measurement can say so, and puts the sources of all patterns into it, so
//! that it can show them wherever it is installed.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").expect("cargo says which compiler it uses");
    let version = Command::new(rustc).arg("--version").output().ok().filter(|output| output.status.success());
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    println!("cargo:rustc-env=COMPARE_RUSTC={}", version.trim());

    let of = |name| env::var(name).unwrap_or_default();
    println!("cargo:rustc-env=COMPARE_PROFILE={}, opt-level {}", of("PROFILE"), of("OPT_LEVEL"));

    let root = PathBuf::from(of("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = String::from("&[\n");
    for member in ["shared", "threaded", "asynchronous"] {
        embed(&root, &Path::new(member).join("src"), &mut sources);
    }
    sources.push(']');
    fs::write(PathBuf::from(of("OUT_DIR")).join("sources.rs"), sources).expect("cargo made the folder");
}

/// Lists the files of a folder, and of those in it, with what is in them.
fn embed(root: &Path, folder: &Path, sources: &mut String) {
    println!("cargo:rerun-if-changed={}", root.join(folder).display());
    let entries = fs::read_dir(root.join(folder)).expect("it is a folder of this workspace");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("it is there").file_name()).collect();
    names.sort();
    for path in names.into_iter().map(|name| folder.join(name)) {
        let place = root.join(&path);
        if place.is_dir() {
            embed(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && is_shown(root, &path) {
            let name: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            // As text, with its quotes: it is written into a program.
            let [name, place] = [name.join("/"), place.to_string_lossy().into_owned()];
            let _ = writeln!(sources, "    ({name:?}, include_str!({place:?})),");
        }
    }
}

/// Whether it is of a pattern: a file that all three crates have, or an idiom beside it.
fn is_shown(root: &Path, path: &Path) -> bool {
    let below = path.components().skip(1).collect::<PathBuf>();
    let is_in = |member: &str| root.join(member).join(&below).is_file();
    path.ends_with("idiom.rs") || ["shared", "threaded", "asynchronous"].into_iter().all(is_in)
}

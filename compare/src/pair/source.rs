//! The sources of the patterns, as they were when the program was built.

use shared::{Pattern, Side};

/// Each file of the three crates, by its path from the top of the workspace.
const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The file of this path from the top of the workspace.
pub fn source(path: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// The file of the idiom beside the cell of this path.
pub fn idiom_beside(path: &str) -> String {
    path.replace(".rs", "/idiom.rs")
}

/// Whether the idiom of this pattern on this side goes by a clock, even where nothing waits: tokio's takes a millisecond for a
/// pause of nothing.
pub fn goes_by_clock(pattern: Pattern, side: Side) -> bool {
    let idiom = source(&format!("{side}/src/{}", idiom_beside(&pattern.card().path()))).unwrap_or_default();
    ["tokio::time", "time};", "Instant"].iter().any(|clock| idiom.contains(clock))
}

/// The lines of a source, without their indentation, and whether each is of an import.
pub fn lines(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut imports = false;
    text.lines().map(str::trim).map(move |line| {
        imports |= line.starts_with("use ");
        let is_import = imports;
        imports &= !line.contains(';');
        (line, is_import)
    })
}

/// How many lines of code a file has, without imports, comments and tests.
pub fn lines_of_code(text: &str) -> usize {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let is_code = |(line, is_import): &(&str, bool)| {
        !is_import && !line.is_empty() && !line.starts_with("//") && !line.starts_with("pub mod ")
    };
    lines(text).filter(is_code).count()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use shared::Pattern;

    use super::{lines_of_code, source};

    #[test]
    fn what_is_imported_and_said_is_no_code() {
        let text = "//! A file.\n\nuse std::{\n    fmt,\n};\n\n/// It.\nfn it() {\n    // So.\n    so();\n}\n\n#[cfg(test)]\nmod tests {}\n";
        assert_eq!(lines_of_code(text), 3);
    }

    #[test]
    fn every_pattern_has_its_three_files() {
        for pattern in Pattern::all() {
            for member in ["shared", "threaded", "asynchronous"] {
                let path = format!("{member}/src/{}", pattern.card().path());
                let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&path);
                assert_eq!(source(&path), fs::read_to_string(file).ok().as_deref(), "{path}");
            }
        }
        assert_eq!(source("shared/src/nowhere.rs"), None);
    }
}

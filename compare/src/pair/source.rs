//! The sources of the patterns, as they were when the program was built.

/// Each file of the three crates, by its path from the top of the workspace.
const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The file of this path from the top of the workspace.
pub fn source(path: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use shared::Pattern;

    use super::source;

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

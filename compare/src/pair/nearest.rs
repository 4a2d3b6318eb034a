//! What is nearly called so: what somebody may have meant.

/// What of these is nearly called so.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|known| (strsim::jaro_winkler(name, known), known));
    near.filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}

/// Asks whether that is meant, behind a complaint; nothing where nothing is near.
pub fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; is {near:?} meant?"))
}

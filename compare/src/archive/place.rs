//! Places in the file system: where something is to stand, and what is wrong with it in plain words.

use std::io;
use std::path::Path;

/// What went wrong with a file, in words for whoever named it.
pub fn plainly(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => {
            "there is something in its place, name a new one".into()
        }
        io::ErrorKind::NotADirectory => "what should be a folder in its path is none".into(),
        io::ErrorKind::NotFound => "there is no such folder".into(),
        io::ErrorKind::IsADirectory => "it is a folder, name a file".into(),
        io::ErrorKind::InvalidFilename => "its name is too long".into(),
        kind => kind.to_string(),
    }
}

/// The folder in which a path stands.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

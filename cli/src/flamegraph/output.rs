//! Files that are written whole or not at all: a run that fails leaves no empty picture, and none that was there is lost.

use crate::Failure;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Whether a file could be written, before the program is run.
///
/// # Errors
/// One line that says why not.
pub fn check(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(failure(path, "it is a folder"));
    }
    if is_special(path) {
        return Ok(());
    }
    let beside = beside(path);
    std::fs::File::create(&beside)
        .and_then(|_| std::fs::remove_file(&beside))
        .map_err(|e| failure(path, &e.to_string()))
}

/// Writes a file at once.
///
/// # Errors
/// One line that says why that was not possible.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let result = if is_special(path) {
        std::fs::write(path, text)
    } else {
        let beside = beside(path);
        let result = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
        if result.is_err() {
            // It may not be there.
            let _ = std::fs::remove_file(&beside);
        }
        result
    };
    result.map_err(|e| failure(path, &e.to_string()))
}

/// A device or a pipe is written to, not replaced.
fn is_special(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| !m.is_file())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
}

fn failure(path: &Path, reason: &str) -> Failure {
    Failure::failed(format!("cannot write '{}': {reason}", path.display()))
}

//! Runs saved under a name: `RESULTS/baselines/NAME.json` points to a run's folder.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::record::write_json;

#[derive(Serialize, Deserialize)]
struct Pointer {
    /// The run's folder, relative to the results folder where it lies inside.
    run: PathBuf,
}

/// The run saved under a name, if there is one.
///
/// # Errors
/// `Plan` for a name that cannot be a file's; `Read` and `Corrupt` for what is there.
pub fn find(results: &Path, name: &str) -> Result<Option<PathBuf>, BenchError> {
    let path = file(results, name)?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(BenchError::Read { path, source }),
    };
    let pointer: Pointer = serde_json::from_str(&text).map_err(|error| BenchError::Corrupt {
        path,
        line: 0,
        reason: error.to_string(),
    })?;
    Ok(Some(results.join(pointer.run)))
}

/// Saves a run under a name, in place of an earlier one.
///
/// # Errors
/// `Plan` for a name that cannot be a file's; `Write`.
pub fn save(results: &Path, name: &str, folder: &Path) -> Result<(), BenchError> {
    let path = file(results, name)?;
    // A folder elsewhere is found from anywhere only by its whole path.
    let run = match folder.strip_prefix(results) {
        Ok(inside) => inside.to_path_buf(),
        Err(_) => std::path::absolute(folder).map_err(|source| BenchError::Read {
            path: folder.into(),
            source,
        })?,
    };
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|source| BenchError::Write {
            path: parent.into(),
            source,
        })?;
    }
    write_json(&path, &Pointer { run })
}

fn file(results: &Path, name: &str) -> Result<PathBuf, BenchError> {
    let plain = name
        .chars()
        .all(|ch| ch.is_alphanumeric() || "-_.".contains(ch));
    if name.is_empty() || name.starts_with('.') || !plain {
        return Err(BenchError::Plan(format!(
            "'{name}' is no name for a baseline: letters, digits, '-', '_' and '.' are"
        )));
    }
    Ok(results.join("baselines").join(format!("{name}.json")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::Scratch;

    #[test]
    fn saved_runs_are_found_and_replaced() {
        let scratch = Scratch::new("baseline");
        assert_eq!(find(&scratch.0, "main").expect("nothing is there"), None);
        save(&scratch.0, "main", &scratch.0.join("one")).expect("there is room");
        save(&scratch.0, "main", &scratch.0.join("two")).expect("there is room");
        assert_eq!(
            find(&scratch.0, "main").expect("it was saved"),
            Some(scratch.0.join("two"))
        );
        save(&scratch.0, "far", Path::new("/elsewhere/run")).expect("there is room");
        assert_eq!(
            find(&scratch.0, "far").expect("it was saved"),
            Some("/elsewhere/run".into())
        );
    }

    #[test]
    fn names_that_are_no_files_are_refused() {
        for name in ["", "../x", "a/b", ".hidden", "a b"] {
            assert!(find(Path::new("results"), name).is_err(), "{name}");
        }
    }
}

//! Reads what a report is made of: runs, and the witnesses that stand beside a run's record.

use std::path::{Path, PathBuf};

use crate::BenchError;
use crate::analysis::{self, Report};
use crate::record;
use crate::resume::same_machine;

use super::calibration::Honesty;
use super::exact::Witnesses;
use super::opcodes::Mix;

/// A run with all that its folder holds.
#[derive(Debug)]
pub struct Source {
    /// The run, analysed anew from its samples.
    pub report: Report,
    /// Exact counts, simulated predictors, generated code.
    pub witnesses: Witnesses,
    /// Executed instructions by name.
    pub mix: Option<Mix>,
    /// False positives, coverage and power of the harness.
    pub honesty: Option<Honesty>,
}

/// Reads the runs. Those of different machines are refused unless `mix` accepts them.
///
/// # Errors
/// `Read` and `Corrupt` from the files; `Plan` for a run without samples; `Mismatch` for machines that differ.
pub fn load(folders: &[PathBuf], mix: bool) -> Result<Vec<Source>, BenchError> {
    let mut sources: Vec<Source> = Vec::new();
    for folder in folders {
        let source = one(folder)?;
        if let (Some(first), false) = (sources.first(), mix) {
            same_machine(&first.report.record.machine, &source.report.record.machine)?;
        }
        sources.push(source);
    }
    if sources.is_empty() {
        return Err(BenchError::Plan(
            "a report needs at least one folder of results".into(),
        ));
    }
    Ok(sources)
}

fn one(folder: &Path) -> Result<Source, BenchError> {
    let run = record::load(folder)?;
    if run.samples.is_empty() {
        return Err(BenchError::Plan(format!(
            "{} holds no samples yet ({}): there is nothing to report",
            folder.display(),
            run.record.status
        )));
    }
    Ok(Source {
        report: analysis::analyse(&run),
        witnesses: Witnesses::load(folder)?,
        mix: Mix::load(folder)?,
        honesty: Honesty::load(folder)?,
    })
}

/// A file that need not be there, as JSON of a known shape.
///
/// # Errors
/// `Read` for anything but a missing file; `Corrupt` if it has another shape.
pub fn optional_json<T: serde::de::DeserializeOwned>(
    folder: &Path,
    name: &str,
) -> Result<Option<T>, BenchError> {
    let Some((path, text)) = optional(folder, name)? else {
        return Ok(None);
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| corrupt(path, &error))
}

/// A file that need not be there, as JSON values one after the other.
///
/// # Errors
/// As [`optional_json`].
pub fn optional_stream<T: serde::de::DeserializeOwned>(
    folder: &Path,
    name: &str,
) -> Result<Option<Vec<T>>, BenchError> {
    let Some((path, text)) = optional(folder, name)? else {
        return Ok(None);
    };
    serde_json::Deserializer::from_str(&text)
        .into_iter()
        .collect::<Result<Vec<T>, _>>()
        .map(Some)
        .map_err(|error| corrupt(path, &error))
}

fn optional(folder: &Path, name: &str) -> Result<Option<(PathBuf, String)>, BenchError> {
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(BenchError::Read { path, source }),
    }
}

fn corrupt(path: PathBuf, error: &serde_json::Error) -> BenchError {
    BenchError::Corrupt {
        path,
        line: 0,
        reason: error.to_string(),
    }
}

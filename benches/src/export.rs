//! A run in the formats of other tools, and the summaries that every run leaves beside its samples.

pub mod criterion;
pub mod csv;
pub mod markdown;
pub mod pyperf;

use std::path::{Path, PathBuf};

use crate::BenchError;
use crate::analysis::Report;
use crate::record::{self, Run, write_json, write_whole};

/// A format that `--export` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// All iterations, a row each.
    Csv,
    /// The tables.
    Markdown,
    /// One file a subject, for `pyperf compare_to`.
    Pyperf,
    /// A tree like `target/criterion`.
    Criterion,
}

impl Format {
    /// The formats with their names.
    pub const ALL: [(&'static str, Format); 4] = [
        ("csv", Format::Csv),
        ("markdown", Format::Markdown),
        ("pyperf", Format::Pyperf),
        ("criterion", Format::Criterion),
    ];

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL
            .into_iter()
            .find(|(word, _)| *word == name)
            .map(|(_, format)| format)
    }
}

/// Writes a run in a format, into a folder. Answers the files.
///
/// # Errors
/// Reading the run again, or writing.
pub fn export(report: &Report, format: Format, folder: &Path) -> Result<Vec<PathBuf>, BenchError> {
    let make = |folder: &Path| {
        std::fs::create_dir_all(folder).map_err(|source| BenchError::Write {
            path: folder.into(),
            source,
        })
    };
    let mut written = Vec::new();
    let mut put = |path: PathBuf, bytes: &[u8]| {
        make(path.parent().unwrap_or(folder))?;
        write_whole(&path, bytes)?;
        written.push(path);
        Ok::<(), BenchError>(())
    };
    make(folder)?;
    match format {
        Format::Markdown => put(folder.join("summary.md"), markdown::text(report).as_bytes())?,
        Format::Csv => put(
            folder.join("raw.csv"),
            csv::text(&record::load(&report.folder)?).as_bytes(),
        )?,
        Format::Pyperf => {
            let run = record::load(&report.folder)?;
            for subject in &run.record.subjects {
                let name = format!("pyperf-{}.json", file_name(&subject.subject.name));
                put(
                    folder.join(name),
                    pretty(&pyperf::suite(&run, &subject.subject.name)).as_bytes(),
                )?;
            }
        }
        Format::Criterion => {
            let run = record::load(&report.folder)?;
            for pair in &report.pairs {
                let place = folder
                    .join("criterion")
                    .join(&pair.workload)
                    .join(file_name(&pair.subject))
                    .join("new");
                for (name, value) in criterion::files(&run, report, pair) {
                    put(place.join(name), pretty(&value).as_bytes())?;
                }
            }
        }
    }
    Ok(written)
}

/// Writes what every run leaves: `summary.json`, `raw.csv` and `README.md`.
///
/// # Errors
/// As [`export`].
pub fn write_summaries(report: &Report) -> Result<(), BenchError> {
    write_json(&report.folder.join("summary.json"), report)?;
    let run: Run = record::load(&report.folder)?;
    write_whole(&report.folder.join("raw.csv"), csv::text(&run).as_bytes())?;
    write_whole(
        &report.folder.join("README.md"),
        markdown::text(report).as_bytes(),
    )
}

/// A subject's name as part of a file name.
pub fn file_name(name: &str) -> String {
    name.replace(['/', ' ', '\\'], "_")
}

fn pretty(value: &serde_json::Value) -> String {
    // Alternate formatting of a Value is indented JSON and cannot fail.
    format!("{value:#}\n")
}

#[cfg(test)]
#[path = "export/tests.rs"]
mod tests;

//! `ceval report`: runs as a page to read, figures for a paper, and a summary in Markdown.
//!
//! The page is one file that fetches nothing. Every number on it is computed anew from the samples; the witnesses that other
//! commands leave beside a record (exact counts, simulated predictors, generated code, opcodes, calibration) are shown where
//! they are, and said to be missing where they are not.
//!
//! From the bottom up: [`palette`], [`html`], [`svg`], [`axis`], [`words`]; [`document`]; a file a part; [`page`], [`markdown`].

pub mod axis;
pub mod calibration;
pub mod changes;
pub mod document;
pub mod effects;
pub mod exact;
pub mod finding;
pub mod generated_code;
pub mod heat_map;
pub mod html;
pub mod intervals;
pub mod load;
pub mod markdown;
pub mod method;
pub mod one_factor;
pub mod opcodes;
pub mod page;
pub mod palette;
pub mod svg;
pub mod witnesses;
pub mod words;

use std::path::{Path, PathBuf};

use crate::BenchError;
use crate::record::write_whole;
use document::Document;
use load::Source;

/// The name of the page.
pub const PAGE: &str = "report.html";
/// The name of the Markdown summary.
pub const SUMMARY: &str = "summary.md";

/// What was written, and what a reader of the terminal should know.
#[derive(Debug)]
pub struct Written {
    /// The files, the page first.
    pub files: Vec<PathBuf>,
    /// A line for each run that is partial.
    pub warnings: Vec<String>,
}

/// Makes a report of runs in a folder of its own (or beside the record). `mix` accepts runs of different machines.
///
/// # Errors
/// As [`load::load`]; `Write`.
pub fn write(folders: &[PathBuf], out: &Path, mix: bool) -> Result<Written, BenchError> {
    let sources = load::load(folders, mix)?;
    let document = body(&sources);
    let page = page::html(&title(&sources), &subtitle(&sources), &document);
    std::fs::create_dir_all(out).map_err(|source| BenchError::Write {
        path: out.into(),
        source,
    })?;
    let mut files = Vec::new();
    let mut put = |name: &str, text: &str| {
        let path = out.join(name);
        write_whole(&path, text.as_bytes())?;
        files.push(path);
        Ok::<(), BenchError>(())
    };
    put(PAGE, &page)?;
    put(SUMMARY, &markdown::text(&sources, &document))?;
    for (name, svg) in &document.files {
        put(name, svg)?;
    }
    let warnings = sources
        .iter()
        .filter(|source| !source.report.is_complete())
        .map(|source| {
            format!(
                "{} is partial ({}); the report says so",
                source.report.folder.display(),
                source.report.record.status
            )
        })
        .collect();
    Ok(Written { files, warnings })
}

/// A run in a few words: question, date and time.
pub fn name(source: &Source) -> String {
    let record = &source.report.record;
    let date = record.started.get(..16).unwrap_or(&record.started);
    format!("{}, {}", record.question, date.replace('T', " "))
}

fn title(sources: &[Source]) -> String {
    match sources {
        [one] => {
            let record = &one.report.record;
            format!(
                "What {} cost on {}",
                words::count(record.subjects.len(), "way") + " to run Python",
                words::count(record.workloads.len(), "workload")
            )
        }
        several => format!("{} runs side by side", several.len()),
    }
}

fn subtitle(sources: &[Source]) -> String {
    let mut hosts: Vec<String> = Vec::new();
    for source in sources {
        let machine = &source.report.record.machine;
        let host = format!("{} ({})", machine.host, machine.cpu);
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let mut commits: Vec<&str> = sources
        .iter()
        .map(|source| source.report.record.build.commit.as_str())
        .map(|commit| commit.get(..12).unwrap_or(commit))
        .collect();
    commits.dedup();
    let date = |source: &Source| {
        let started = &source.report.record.started;
        started.get(..10).unwrap_or(started).to_string()
    };
    let mut dates: Vec<String> = sources.iter().map(date).collect();
    dates.dedup();
    html::escape(&format!(
        "ceval, commit {}. Measured on {}, {}.",
        commits.join(", "),
        hosts.join("; "),
        dates.join(", ")
    ))
}

fn body(sources: &[Source]) -> Document {
    let mut document = Document::new();
    if sources.len() > 1 {
        document.beside("changes", "From run to run");
        changes::write(&mut document, sources);
    }
    for (i, source) in sources.iter().enumerate() {
        if sources.len() > 1 {
            document.run(i + 1, &format!("Run {}: {}", i + 1, name(source)));
        }
        run(&mut document, source);
    }
    document.close();
    document
}

fn run(document: &mut Document, source: &Source) {
    let report = &source.report;
    document.part("finding", "Finding");
    if !report.is_complete() {
        document.body += &format!(
            "<p class=\"partial\">This run is partial: {}.</p>\n",
            html::escape(&report.record.status)
        );
    }
    let finding = finding::of(source);
    document.lead(&finding.lead);
    document.list(&finding.more);
    if !report.notes.is_empty() {
        document.heading("To bear in mind");
        document.list(&report.notes);
    }
    heat_map::write(document, report);
    intervals::write(document, report);
    effects::write(document, report);
    witnesses::write(document, source);
    opcodes::write(document, source);
    method::write(document, report);
    calibration::write(document, source);
    heat_map::write_all(document, report);
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! Several runs: what each later one changed against the first, pair by pair that both have.

use std::path::Path;

use super::document::Document;
use super::html::{Cell, Column, Table, code};
use super::load::Source;
use super::words::{interval, number};
use crate::gate;

/// Writes the part, a table a run.
pub fn write(document: &mut Document, sources: &[Source]) {
    let Some((first, later)) = sources.split_first() else {
        return;
    };
    document.paragraph(&format!(
        "Each run's parts follow below. Here the time of each subject in a later run is divided by its time in the first, {}. The runs were not \
         interleaved with each other: a machine that changed between them shows as a change of the program.",
        super::name(first)
    ));
    for (i, source) in later.iter().enumerate() {
        let title = format!("Run {} ({}) over run 1", i + 2, super::name(source));
        let folder: &Path = &first.report.folder;
        // Machines that differ were refused, or accepted, when the runs were read.
        match gate::against(&source.report, folder, 0.0, true) {
            Ok(gate) => document.table(&format!("changes-{}", i + 2), table(&gate), &title),
            Err(error) => document.absent(&format!("{title}: {error}.")),
        }
    }
}

fn table(gate: &gate::Gate) -> Table {
    let columns = [
        ("subject", Column::Words),
        ("workloads", Column::Number),
        ("ratio", Column::Number),
        ("95 % interval", Column::Number),
        ("verdict", Column::Words),
    ];
    let rows = gate.geomeans.iter().map(|found| {
        vec![
            Cell::html(code(&found.subject)),
            Cell::number(found.workloads.to_string(), found.workloads as f64),
            Cell::number(number(found.ratio), found.ratio),
            Cell::number(interval(found), found.high / found.low),
            Cell::text(&found.verdict.to_string()),
        ]
    });
    Table::of(&columns, rows)
}

//! What the workloads execute: the share of each instruction, from `opcodes.json` beside a record.
//!
//! The file holds what `ceval profile PROGRAM --json` prints for one program or for several, one after the other; of it only `program`,
//! `cell` and the `name` and `count` of each of `ops` are read.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::document::Document;
use super::html::{Cell, Column, Table, code};
use super::load::{Source, optional_stream};
use super::palette::FASTER;
use crate::BenchError;

/// Instructions that have a column of their own.
const COLUMNS: usize = 12;

/// Executed instructions of programs.
#[derive(Clone, Debug)]
pub struct Mix {
    programs: Vec<Program>,
}

#[derive(Clone, Debug, Deserialize)]
struct Program {
    program: String,
    cell: String,
    ops: Vec<Op>,
}

#[derive(Clone, Debug, Deserialize)]
struct Op {
    name: String,
    count: u64,
}

impl Program {
    fn share(&self, opcode: &str) -> f64 {
        let all: u64 = self.ops.iter().map(|op| op.count).sum();
        let own = self.ops.iter().filter(|op| op.name == opcode);
        own.map(|op| op.count).sum::<u64>() as f64 / all.max(1) as f64
    }

    /// The program's name without folder and ending.
    fn label(&self) -> &str {
        let stem = Path::new(&self.program).file_stem();
        stem.and_then(|stem| stem.to_str()).unwrap_or(&self.program)
    }
}

impl Mix {
    /// Reads it, if it is there.
    ///
    /// # Errors
    /// `Read`, `Corrupt`.
    pub fn load(folder: &Path) -> Result<Option<Mix>, BenchError> {
        let programs = optional_stream(folder, "opcodes.json")?;
        Ok(programs.map(|programs| Mix { programs }))
    }

    /// The instructions by their share, averaged over programs, largest first.
    fn ranked(&self) -> Vec<(&str, f64)> {
        let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
        for program in &self.programs {
            for op in &program.ops {
                shares.insert(&op.name, 0.0);
            }
        }
        for (opcode, share) in &mut shares {
            for program in &self.programs {
                *share += program.share(opcode) / self.programs.len() as f64;
            }
        }
        let mut ranked: Vec<(&str, f64)> = shares.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }
}

/// Writes the part.
pub fn write(document: &mut Document, source: &Source) {
    document.part("opcodes", "What the workloads execute");
    let Some(mix) = source.mix.as_ref().filter(|mix| !mix.programs.is_empty()) else {
        document.absent(
            "The results hold no counts of single instructions; `ceval profile PROGRAM --json` makes them, kept beside the record as `opcodes.json`.",
        );
        return;
    };
    let ranked = mix.ranked();
    let top: f64 = ranked.iter().take(10).map(|(_, share)| share).sum();
    document.paragraph(&format!(
        "Averaged over programs, the ten most frequent of {} instructions are {:.0} % of all that is executed; `{}` alone is {:.0} %.",
        ranked.len(),
        top * 100.0,
        ranked.first().map_or("none", |(name, _)| name),
        ranked.first().map_or(0.0, |(_, share)| share * 100.0)
    ));
    document.table(
        "opcodes",
        table(mix, &ranked),
        "Share of each instruction in per cent of all executed, for the most frequent ones; darker is more.",
    );
}

fn table(mix: &Mix, ranked: &[(&str, f64)]) -> Table {
    let names: Vec<&str> = ranked.iter().take(COLUMNS).map(|(name, _)| *name).collect();
    let cells: Vec<&str> = mix.programs.iter().map(|p| p.cell.as_str()).collect();
    let several = cells.iter().any(|cell| *cell != cells[0]);
    let mut columns = vec![("program".to_string(), Column::Words)];
    columns.extend(names.iter().map(|name| (words(name), Column::Field)));
    columns.push(("others".to_string(), Column::Field));
    let shaded = |share: f64| {
        let level = [0.02, 0.05, 0.1, 0.2, 0.35]
            .iter()
            .filter(|&&edge| share >= edge)
            .count();
        Cell {
            class: FASTER[level].name.into(),
            ..Cell::number(format!("{:.1}", share * 100.0), share)
        }
    };
    let rows = mix.programs.iter().map(|program| {
        let label = if several {
            format!(
                "{} {}",
                super::html::escape(program.label()),
                code(&program.cell)
            )
        } else {
            super::html::escape(program.label())
        };
        let mut row = vec![Cell::html(label)];
        row.extend(names.iter().map(|name| shaded(program.share(name))));
        let others = 1.0 - names.iter().map(|name| program.share(name)).sum::<f64>();
        row.push(Cell::number(
            format!("{:.1}", others.max(0.0) * 100.0),
            others,
        ));
        row
    });
    Table {
        columns,
        rows: rows.collect(),
        sortable: true,
        class: "heat".into(),
        ..Table::default()
    }
}

/// An instruction's name, a word a line.
fn words(name: &str) -> String {
    name.split('_')
        .map(|word| format!("<span>{}</span>", super::html::escape(word)))
        .collect::<Vec<_>>()
        .join(" ")
}

//! Two profiles of one program on two cells, opcode by opcode and function by function.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::text::{head, short};
use super::{OpRow, Profile};
use crate::report::words::grouped;

/// One opcode or function in both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// Executions, or dispatches, in each.
    pub counts: [u64; 2],
    /// Milliseconds in each.
    pub ms: [f64; 2],
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The profiles.
    pub profiles: [Profile; 2],
    /// Opcodes, the largest change of time first.
    pub ops: Vec<Change>,
    /// Functions likewise.
    pub functions: Vec<Change>,
}

fn ms(share: f64, profile: &Profile) -> f64 {
    share * profile.run.whole_ns / 1e6
}

fn joined(sides: [Vec<(String, u64, f64)>; 2]) -> Vec<Change> {
    let mut rows: BTreeMap<String, Change> = BTreeMap::new();
    for (side, found) in sides.into_iter().enumerate() {
        for (name, count, ms) in found {
            let row = rows.entry(name.clone()).or_insert(Change {
                name,
                counts: [0; 2],
                ms: [0.0; 2],
            });
            row.counts[side] += count;
            row.ms[side] += ms;
        }
    }
    let mut rows: Vec<Change> = rows.into_values().collect();
    let change = |row: &Change| (row.ms[1] - row.ms[0]).abs();
    rows.sort_by(|a, b| change(b).total_cmp(&change(a)));
    rows
}

/// Compares two profiles.
pub fn difference(profiles: [Profile; 2]) -> Difference {
    let ops = |profile: &Profile| {
        let row = |op: &OpRow| (op.name.clone(), op.count, ms(op.time.share, profile));
        profile.ops.iter().map(row).collect::<Vec<_>>()
    };
    let functions = |profile: &Profile| {
        let place = |row: &super::FunctionRow| {
            let name = format!("{} ({}:{})", row.name, short(&row.file), row.line);
            (name, row.dispatches, ms(row.time, profile))
        };
        profile.functions.iter().map(place).collect::<Vec<_>>()
    };
    let [a, b] = &profiles;
    Difference {
        ops: joined([ops(a), ops(b)]),
        functions: joined([functions(a), functions(b)]),
        profiles,
    }
}

impl Difference {
    /// For a terminal, so many rows of each table.
    pub fn text(&self, rows: usize) -> String {
        let [a, b] = &self.profiles;
        let mut out = format!("A: {}B: {}", head(a), head(b));
        let [whole_a, whole_b] = [a, b].map(|p| p.run.whole_ns / 1e6);
        let _ = writeln!(
            out,
            "\nB / A: dispatches {:.3}, time in instructions {:.3} ({whole_a:.1} ms, {whole_b:.1} ms)",
            b.dispatches as f64 / a.dispatches.max(1) as f64,
            whole_b / whole_a.max(f64::MIN_POSITIVE),
        );
        for (title, changes) in [("Opcodes", &self.ops), ("Functions", &self.functions)] {
            let _ = writeln!(
                out,
                "\n{title:<43} {:>14} {:>14} {:>10} {:>10} {:>10}",
                "executed A", "B", "ms A", "B", "B − A"
            );
            for row in changes.iter().take(rows) {
                let _ = writeln!(
                    out,
                    "{:<43} {:>14} {:>14} {:>10.2} {:>10.2} {:>+10.2}",
                    row.name,
                    grouped(row.counts[0]),
                    grouped(row.counts[1]),
                    row.ms[0],
                    row.ms[1],
                    row.ms[1] - row.ms[0]
                );
            }
            if changes.len() > rows {
                let _ = writeln!(out, "... and {} more", changes.len() - rows);
            }
        }
        out
    }
}

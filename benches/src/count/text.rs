//! Counts as a table: a column a cell, a row a number.

use std::fmt::Write as _;

use super::Count;
use crate::table::letter;

/// Rows of counters: name in `--counts`, words in the table.
const ROWS: [(&str, &str); 9] = [
    ("dispatches", "dispatches"),
    ("full", "full handlers entered"),
    ("increments", "reference increments"),
    ("decrements", "reference decrements"),
    ("allocations", "allocations"),
    ("allocated_bytes", "bytes allocated"),
    ("collections", "collections"),
    ("cache_hits", "cache hits"),
    ("cache_misses", "cache misses"),
];

/// A table of one program's counts on several cells.
pub fn table(counts: &[Count]) -> String {
    let mut out = String::new();
    let Some(first) = counts.first() else {
        return out;
    };
    // Writing into a string cannot fail.
    let _ = writeln!(out, "{}", first.program);
    for (i, count) in counts.iter().enumerate() {
        let _ = writeln!(out, "  {}  {}", letter(i), count.cell);
    }
    let mut row = |label: &str, value: &dyn Fn(&Count) -> String| {
        let _ = write!(out, "{label:<38}");
        for count in counts {
            let _ = write!(out, "{:>17}", value(count));
        }
        out.push('\n');
    };
    row("", &|count| {
        let at = counts.iter().position(|other| std::ptr::eq(other, count));
        at.map(letter).unwrap_or_default()
    });
    if counts.iter().any(|count| count.instructions.is_some()) {
        row("instructions", &|c| optional(c.instructions));
        row("instructions of start-up", &|c| {
            optional(c.startup_instructions)
        });
        row("instructions a bytecode instruction", &|c| {
            c.per_bytecode()
                .map_or_else(|| "-".into(), |n| format!("{n:.2}"))
        });
    }
    row("bytecode instructions", &|c| grouped(c.bytecodes));
    for (name, label) in ROWS {
        row(label, &|c| grouped(c.counter(name)));
    }
    row("peak memory", &|c| {
        format!("{:.1} MiB", c.peak_bytes as f64 / (1 << 20) as f64)
    });
    out
}

fn optional(number: Option<u64>) -> String {
    number.map_or_else(|| "-".into(), grouped)
}

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

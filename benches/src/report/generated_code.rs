//! What the compiler made of each strategy, from `codegen.json` beside a record.

use serde::Deserialize;

use super::document::Document;
use super::html::{Cell, Column, Table};

/// The generated code of the functions of a strategy.
#[derive(Clone, Debug, Deserialize)]
pub struct Group {
    strategy: String,
    /// Where there is none the numbers are over all of them.
    #[serde(default)]
    model: Option<String>,
    role: String,
    functions: usize,
    median_bytes: u64,
    indirect_jumps: usize,
    indirect_calls: usize,
    own_jump: usize,
    with_frame: usize,
    stack_stores: usize,
    #[serde(default)]
    stray_calls: Vec<String>,
}

/// The generated code of all strategies, or why it could not be looked at.
#[derive(Clone, Debug, Deserialize)]
pub struct Codegen {
    groups: Vec<Group>,
    #[serde(default)]
    unavailable: Option<String>,
}

/// Writes what there is, within the part of the witnesses.
pub fn write(document: &mut Document, codegen: Option<&Codegen>) {
    match codegen {
        None => document.absent(
            "The results hold no generated code; `ceval codegen --json` makes it, kept beside the record as `codegen.json`.",
        ),
        Some(Codegen {
            unavailable: Some(reason),
            ..
        }) => document.absent(&format!("Generated code could not be looked at: {reason}.")),
        Some(codegen) => document.table(
            "codegen",
            generated(codegen),
            "What the compiler made of each strategy with each object model: sizes in bytes, other numbers are of machine \
             instructions or functions. A handler that dispatches with a jump of its own gives the predictor a place of its own.",
        ),
    }
}

fn generated(codegen: &Codegen) -> Table {
    let columns = [
        ("strategy", Column::Words),
        ("object model", Column::Words),
        ("functions for", Column::Words),
        ("functions", Column::Number),
        ("median bytes", Column::Number),
        ("indirect jumps", Column::Number),
        ("indirect calls", Column::Number),
        ("with a jump of their own", Column::Number),
        ("with a stack frame", Column::Number),
        ("spills", Column::Number),
        ("stray calls", Column::Number),
    ];
    let rows = codegen.groups.iter().map(|group| {
        let n = |value: usize| Cell::number(value.to_string(), value as f64);
        vec![
            Cell::text(&group.strategy),
            Cell::text(group.model.as_deref().unwrap_or("all")),
            Cell::text(&group.role),
            n(group.functions),
            n(group.median_bytes as usize),
            n(group.indirect_jumps),
            n(group.indirect_calls),
            n(group.own_jump),
            n(group.with_frame),
            n(group.stack_stores),
            n(group.stray_calls.len()),
        ]
    });
    Table {
        class: "wrapped".into(),
        ..Table::of(&columns, rows)
    }
}

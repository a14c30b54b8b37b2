//! Pairs of cells that differ in one factor: its effect in one setting, without a model.

use super::document::Document;
use super::html::{Cell, Column, Table, code, escape};
use super::words::{interval, number};
use crate::analysis::{self, Comparison, Report};
use crate::cell_name::CellName;
use crate::plan::Kind;

/// Writes the table, with a heading; nothing if no two cells are so alike.
pub fn write(document: &mut Document, report: &Report) {
    let pairs = one_at_a_time(report);
    if !pairs.is_empty() {
        document.heading("One factor at a time");
        document.paragraph(
            "Pairs of cells that are equal but for one factor need no model: the ratio is the factor's effect in that setting, \
             geometric mean over the workloads.",
        );
        document.table(
            "pairs",
            pairs_table(&pairs),
            "The time with the second level over the time with the first, all else equal.",
        );
    }
}

/// Two cells that differ in one factor.
struct OneFactor {
    factor: String,
    from: String,
    to: String,
    /// The other factors.
    setting: String,
    found: Comparison,
}

/// All pairs against the reference's level of the factor that varies, or against the first level seen in that setting.
fn one_at_a_time(report: &Report) -> Vec<OneFactor> {
    let cells: Vec<(&str, CellName)> = report
        .record
        .subjects
        .iter()
        .filter(|recorded| recorded.subject.kind == Kind::Cell)
        .filter_map(|recorded| {
            let name = recorded.subject.name.as_str();
            Some((name, CellName::parse(name)?))
        })
        .collect();
    let Some(reference) =
        CellName::parse(&report.record.reference).or_else(|| cells.first().map(|(_, c)| c.clone()))
    else {
        return Vec::new();
    };
    let mut factors: Vec<&str> = Vec::new();
    for (_, cell) in &cells {
        for factor in cell.factors() {
            if !factors.contains(&factor) {
                factors.push(factor);
            }
        }
    }
    let setting = |cell: &CellName, factor: &str| {
        factors
            .iter()
            .filter(|&&other| other != factor)
            .map(|other| cell.level(other).to_string())
            .collect::<Vec<String>>()
    };
    let mut pairs = Vec::new();
    for &factor in &factors {
        let mut settings: Vec<Vec<String>> = Vec::new();
        for (_, cell) in &cells {
            let own = setting(cell, factor);
            if !settings.contains(&own) {
                settings.push(own);
            }
        }
        for own in settings {
            let alike: Vec<&(&str, CellName)> = cells
                .iter()
                .filter(|(_, cell)| setting(cell, factor) == own)
                .collect();
            let from = alike
                .iter()
                .find(|(_, cell)| cell.level(factor) == reference.level(factor))
                .or(alike.first());
            let Some((from_name, from)) = from else {
                continue;
            };
            for (name, cell) in &alike {
                if name == from_name {
                    continue;
                }
                let Some(found) = report.relative(name, from_name) else {
                    continue;
                };
                pairs.push(OneFactor {
                    factor: factor.into(),
                    from: from.level(factor).into(),
                    to: cell.level(factor).into(),
                    setting: describe(cell, factor, &factors),
                    found,
                });
            }
        }
    }
    let mut judged: Vec<Comparison> = pairs.iter().map(|pair| pair.found.clone()).collect();
    analysis::judge(&mut judged);
    for (pair, found) in pairs.iter_mut().zip(judged) {
        pair.found = found;
    }
    pairs
}

/// A cell's name with a blank for one factor: `…+caches/refcount-tagged`.
fn describe(cell: &CellName, without: &str, factors: &[&str]) -> String {
    let level = |factor: &str| {
        if factor == without {
            "…"
        } else {
            cell.level(factor)
        }
    };
    let passes: String = factors
        .iter()
        .filter(|factor| !["dispatch", "objects", "values"].contains(factor))
        .map(|&factor| match level(factor) {
            "on" => format!("+{factor}"),
            "…" => "+…".to_string(),
            _ => String::new(),
        })
        .collect();
    format!(
        "{}{passes}/{}-{}",
        level("dispatch"),
        level("objects"),
        level("values")
    )
}

fn pairs_table(pairs: &[OneFactor]) -> Table {
    let columns = [
        ("factor", Column::Words),
        ("levels", Column::Words),
        ("in the setting", Column::Words),
        ("ratio", Column::Number),
        ("95 % interval", Column::Number),
        ("verdict", Column::Words),
    ];
    let rows = pairs.iter().map(|pair| {
        vec![
            Cell::text(&pair.factor),
            Cell::html(format!("{} → {}", escape(&pair.from), escape(&pair.to))),
            Cell::html(code(&pair.setting)),
            Cell::number(number(pair.found.ratio), pair.found.ratio),
            Cell::number(interval(&pair.found), pair.found.high / pair.found.low),
            Cell::text(&pair.found.verdict.to_string()),
        ]
    });
    Table::of(&columns, rows)
}

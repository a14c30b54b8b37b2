//! Three witnesses side by side: time, exact counts, simulated predictors; and what the compiler made of each strategy.
//!
//! Time alone says that a cell is faster; the others ([`super::exact`]) say why, or object.

use super::axis::{Axis, ratio_label};
use super::document::Document;
use super::exact::Count;
use super::generated_code;
use super::html::{Cell, Column, Table, code};
use super::load::Source;
use super::palette::{ACCENT, INK, MUTED, WARN};
use super::svg::{Anchor, CODE_WIDTH, SIZE, Svg, Type};
use super::words::{count as counted, is_resolved, listed, number, ratio};
use crate::analysis::{Comparison, Report};
use crate::cell_name::CellName;

/// Writes the part.
pub fn write(document: &mut Document, source: &Source) {
    let witnesses = &source.witnesses;
    document.part("witnesses", "Three witnesses: time, counts, predictors");
    let missing = |document: &mut Document, what: &str, command: &str, file: &str| {
        document.absent(&format!(
            "The results hold no {what}; `{command}` makes them, kept beside the record as `{file}`."
        ));
    };
    if witnesses.counts.is_empty() {
        missing(
            document,
            "exact counts",
            "ceval count --json",
            "counts.json",
        );
    }
    if witnesses.predictions.is_empty() {
        missing(
            document,
            "simulated predictors",
            "ceval predict --json",
            "predictors.json",
        );
    }
    if !witnesses.counts.is_empty() || !witnesses.predictions.is_empty() {
        document.paragraph(&explanation(source));
        if witnesses
            .counts
            .iter()
            .any(|count| count.instructions.is_some())
        {
            document.figure(
                "witnesses",
                &figure(source),
                "Time (points, with 95 % intervals) and processor instructions (squares), both relative to the reference, on a logarithmic scale. \
                 Where a square lies left of its point, fewer instructions were executed than the time suggests: each took longer.",
            );
        }
        document.table("witnesses", table(source), "The witnesses side by side, averaged over programs. Counts and predictors do not vary from run to run.");
    }
    generated_code::write(document, witnesses.codegen.as_ref());
}

fn explanation(source: &Source) -> String {
    let mut programs: Vec<String> = Vec::new();
    let witnesses = &source.witnesses;
    let counted_programs = witnesses.counts.iter().map(|count| &count.program);
    for program in counted_programs.chain(witnesses.predictions.iter().map(|p| &p.program)) {
        let name = format!("`{program}`");
        if !programs.contains(&name) {
            programs.push(name);
        }
    }
    format!(
        "Counts are exact and of whole programs without start-up; predictors are simulated on the dispatches that the programs made and compare \
         strategies with each other, not processors. Both are of {} ({}), at a size of their own.",
        counted(programs.len(), "program"),
        listed(&programs)
    )
}

/// The subjects of the run, and cells that were counted without being timed.
fn subjects(source: &Source) -> Vec<String> {
    let mut names: Vec<String> = source
        .report
        .record
        .subjects
        .iter()
        .map(|recorded| recorded.subject.name.clone())
        .collect();
    let witnesses = &source.witnesses;
    let counted = witnesses.counts.iter().map(|count| &count.cell);
    for cell in counted.chain(witnesses.predictions.iter().map(|p| &p.cell)) {
        if !names.contains(cell) {
            names.push(cell.clone());
        }
    }
    names.retain(|name| CellName::parse(name).is_some());
    names
}

fn mean_of<'a>(report: &'a Report, cell: &str) -> Option<&'a Comparison> {
    report.geomeans.iter().find(|found| found.subject == cell)
}

fn cell(value: Option<f64>, digits: usize) -> Cell {
    value.map_or_else(
        || Cell::text("–"),
        |value| Cell::number(format!("{value:.digits$}"), value),
    )
}

fn table(source: &Source) -> Table {
    let (report, witnesses) = (&source.report, &source.witnesses);
    let reference = report.record.reference.as_str();
    let predictors = witnesses.predictors();
    let mut columns: Vec<(String, Column)> = [
        "cell",
        "time",
        "instructions",
        "instructions a bytecode",
        "dispatches a bytecode",
        "reference counts a bytecode",
        "allocations a 1000 bytecodes",
    ]
    .iter()
    .enumerate()
    .map(|(i, title)| {
        let column = if i == 0 {
            Column::Words
        } else {
            Column::Number
        };
        (title.to_string(), column)
    })
    .collect();
    for name in &predictors {
        let title = format!("{}: misses a 1000 dispatches", super::html::escape(name));
        columns.push((title, Column::Number));
    }
    let rows = subjects(source).into_iter().map(|name| {
        let per_bytecode = |of: &dyn Fn(&Count) -> Option<f64>, scale: f64| {
            witnesses.average(&name, |count| {
                Some(of(count)? * scale / count.bytecodes.max(1) as f64)
            })
        };
        let counter = |count: &Count, name: &str| count.counters.get(name).map(|&n| n as f64);
        let time = match mean_of(report, &name) {
            Some(found) => Cell::number(number(found.ratio), found.ratio),
            None if name == reference => Cell::number("1", 1.0),
            None => Cell::text("–"),
        };
        let mut row = vec![
            Cell::html(code(&name)),
            time,
            cell(witnesses.instructions(&name, reference), 3),
            cell(per_bytecode(&|c| c.instructions.map(|n| n as f64), 1.0), 2),
            cell(per_bytecode(&|c| counter(c, "dispatches"), 1.0), 3),
            cell(
                per_bytecode(
                    &|c| Some(counter(c, "increments")? + counter(c, "decrements")?),
                    1.0,
                ),
                3,
            ),
            cell(per_bytecode(&|c| counter(c, "allocations"), 1000.0), 2),
        ];
        row.extend(
            predictors
                .iter()
                .map(|predictor| cell(witnesses.misses(&name, predictor), 1)),
        );
        row
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    // A column in which nothing was counted is left out.
    let told: Vec<bool> = (0..columns.len())
        .map(|i| i == 0 || rows.iter().any(|row| row[i].key.is_some()))
        .collect();
    let kept = |i: &usize| told[*i];
    Table {
        rows: rows
            .into_iter()
            .map(|row| {
                (0..)
                    .zip(row)
                    .filter(|(i, _)| kept(i))
                    .map(|(_, cell)| cell)
                    .collect()
            })
            .collect(),
        columns: (0..)
            .zip(columns)
            .filter(|(i, _)| kept(i))
            .map(|(_, column)| column)
            .collect(),
        sortable: true,
        class: "wrapped".into(),
        ..Table::default()
    }
}

fn figure(source: &Source) -> Svg {
    const ROW: f64 = 24.0;
    let (report, witnesses) = (&source.report, &source.witnesses);
    let reference = report.record.reference.as_str();
    let mut rows: Vec<(&Comparison, f64)> = report
        .geomeans
        .iter()
        .filter_map(|found| Some((found, witnesses.instructions(&found.subject, reference)?)))
        .collect();
    rows.sort_by(|a, b| a.0.ratio.total_cmp(&b.0.ratio));
    let longest = rows.iter().map(|(found, _)| found.subject.chars().count());
    let left = longest.max().unwrap_or(8) as f64 * CODE_WIDTH + 20.0;
    let (width, top) = (left + 420.0, 8.0);
    let bottom = top + rows.len().max(1) as f64 * ROW;
    let ends = rows
        .iter()
        .flat_map(|(found, instructions)| [found.low, found.high, found.ratio, *instructions]);
    let axis = Axis::around(ends, (left, width - 20.0));
    let description = rows
        .iter()
        .map(|(found, instructions)| {
            format!(
                "{}: time {}, instructions {}",
                found.subject,
                ratio(found),
                number(*instructions)
            )
        })
        .collect::<Vec<_>>()
        .join("; ");
    let title = format!("Time and instructions relative to {reference}");
    let mut svg = Svg::new(width, bottom + 40.0, &title, &description);
    axis.draw(&mut svg, (top, bottom), ratio_label);
    svg.text(
        ((left + width) / 2.0, bottom + 34.0),
        Anchor::Middle,
        Type::plain(MUTED).small(),
        "relative to the reference (logarithmic)",
    );
    for (i, (found, instructions)) in rows.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * ROW;
        svg.text(
            (left - 12.0, y + SIZE * 0.36),
            Anchor::End,
            Type::code(INK),
            &found.subject,
        );
        if found.estimate.freedom > 0.0 {
            svg.interval(
                (axis.at(found.low), axis.at(found.high)),
                y,
                axis.pixels,
                ACCENT,
            );
        }
        svg.point(
            (axis.at(found.ratio), y),
            4.0,
            ACCENT,
            is_resolved(&found.verdict),
        );
        svg.frame((axis.at(*instructions) - 4.0, y - 4.0), (8.0, 8.0), WARN);
    }
    svg
}

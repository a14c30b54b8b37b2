//! Workloads down, subjects across, a coloured field for each ratio: a table to read and sort, and a figure for a paper.

use super::document::Document;
use super::html::{Cell, Column, Table, escape};
use super::palette::{EDGES, FASTER, INK, MUTED, PAPER, SLOWER, field, text_on};
use super::svg::{Anchor, CODE_WIDTH, SIZE, Svg, Type};
use super::words::{count, interval, is_resolved, number, ratio};
use crate::analysis::{Comparison, Report};
use crate::cell_name::CellName;

/// Writes the part.
pub fn write(document: &mut Document, report: &Report) {
    document.part("heat-map", "Workloads and cells");
    if report.comparisons.is_empty() {
        document.absent("The run has nothing but its reference.");
        return;
    }
    let caption = format!(
        "Time relative to `{}`; below 1 is faster. Framed fields are above 1, italic numbers without colour are not resolved.",
        report.record.reference
    );
    document.body += &legend();
    document.table("heat-map", table(report), &caption);
    document.files_only("heat_map", &figure(report));
}

/// Writes the table of every ratio, as a part at the end.
pub fn write_all(document: &mut Document, report: &Report) {
    if report.comparisons.is_empty() {
        return;
    }
    document.part("all-ratios", "Every ratio");
    document.folded_table(
        "ratios",
        &format!("Each of the {} with its interval", count(report.comparisons.len(), "ratio")),
        all_ratios(report),
        "Every ratio with its 95 % interval, verdict, number of processes, and what its iterations do over time.",
    );
}

/// The parts of a subject's name, one a line: dispatch, passes, objects, values; a peer's name alone.
fn lines(name: &str, factors: &[String]) -> Vec<String> {
    match CellName::parse(name) {
        None => vec![name.to_string()],
        Some(cell) => factors
            .iter()
            .map(|factor| match cell.level(factor) {
                "off" => "·".to_string(),
                "on" => factor.clone(),
                level => level.to_string(),
            })
            .collect(),
    }
}

/// All factors of all cells: dispatch, on/off factors in order of appearance, objects, values.
fn factors(report: &Report) -> Vec<String> {
    let mut passes: Vec<String> = Vec::new();
    for recorded in &report.record.subjects {
        let Some(cell) = CellName::parse(&recorded.subject.name) else {
            continue;
        };
        for factor in cell.factors() {
            if !["dispatch", "objects", "values"].contains(&factor)
                && !passes.iter().any(|known| known == factor)
            {
                passes.push(factor.to_string());
            }
        }
    }
    let mut all = vec!["dispatch".to_string()];
    all.extend(passes);
    all.extend(["objects".to_string(), "values".to_string()]);
    all
}

fn subjects(report: &Report) -> Vec<&str> {
    report
        .geomeans
        .iter()
        .map(|found| found.subject.as_str())
        .collect()
}

fn find<'a>(report: &'a Report, subject: &str, workload: &str) -> Option<&'a Comparison> {
    report
        .comparisons
        .iter()
        .find(|found| found.subject == subject && found.workload.as_deref() == Some(workload))
}

fn table(report: &Report) -> Table {
    let factors = factors(report);
    let heading = |lines: Vec<String>| {
        lines
            .iter()
            .map(|line| match line.as_str() {
                // Keeps the lines of all headings level; there is nothing to hear.
                "·" => "<span aria-hidden=\"true\">·</span>".to_string(),
                line => format!("<span>{}</span>", escape(line)),
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut columns = vec![(heading(factors.clone()), Column::Words)];
    for name in subjects(report) {
        columns.push((heading(lines(name, &factors)), Column::Field));
    }
    let row = |label: &str, found: &dyn Fn(&str) -> Option<Comparison>| {
        let mut row = vec![Cell::text(label)];
        row.extend(subjects(report).into_iter().map(|name| {
            let found = found(name);
            found.map_or_else(|| Cell::text("–"), |found| shown(&found))
        }));
        row
    };
    Table {
        rows: report
            .record
            .workloads
            .iter()
            .map(|(workload, _)| row(workload, &|name| find(report, name, workload).cloned()))
            .collect(),
        summary: vec![row("geometric mean", &|name| {
            report
                .geomeans
                .iter()
                .find(|found| found.subject == name)
                .cloned()
        })],
        columns,
        sortable: true,
        class: "heat".into(),
        ..Table::default()
    }
}

fn shown(found: &Comparison) -> Cell {
    let class = if is_resolved(&found.verdict) {
        let over = if found.ratio > 1.0 { " over" } else { "" };
        format!("{}{over}", field(found.ratio).name)
    } else {
        "open".into()
    };
    Cell {
        class,
        ..Cell::number(number(found.ratio), found.ratio)
    }
}

/// The bounds of a field's colour, in words.
fn bounds(level: usize, over: bool) -> String {
    let edge = |i: usize| {
        if over {
            format!("{:.2}", 1.0 / EDGES[i])
        } else {
            format!("{}", EDGES[i])
        }
    };
    match (level, over) {
        (0, false) => format!("{} to 1", edge(0)),
        (0, true) => format!("1 to {}", edge(0)),
        (5, false) => format!("below {}", edge(4)),
        (5, true) => format!("above {}", edge(4)),
        (level, false) => format!("{} to {}", edge(level), edge(level - 1)),
        (level, true) => format!("{} to {}", edge(level - 1), edge(level)),
    }
}

fn legend() -> String {
    let mut out = String::from("<ul class=\"legend\" aria-label=\"Colours\">");
    for level in (0..6).rev() {
        out += &format!(
            "<li><span class=\"{}\"></span>{}</li>",
            FASTER[level].name,
            bounds(level, false)
        );
    }
    for (level, colour) in SLOWER.iter().enumerate() {
        out += &format!(
            "<li><span class=\"{} over\"></span>{}</li>",
            colour.name,
            bounds(level, true)
        );
    }
    out + "</ul>\n"
}

fn all_ratios(report: &Report) -> Table {
    let columns = [
        ("workload", Column::Words),
        ("subject", Column::Words),
        ("ratio", Column::Number),
        ("95 % interval", Column::Number),
        ("of medians", Column::Number),
        ("verdict", Column::Words),
        ("time", Column::Number),
        ("processes", Column::Number),
        ("iterations", Column::Number),
        ("shape", Column::Words),
    ];
    let rows = report.comparisons.iter().filter_map(|found| {
        let workload = found.workload.as_deref()?;
        let pair = report.pair(&found.subject, workload)?;
        let milliseconds = pair.mean_ns * 1e-6;
        Some(vec![
            Cell::text(workload),
            Cell::html(super::html::code(&found.subject)),
            Cell::number(number(found.ratio), found.ratio),
            Cell::number(interval(found), found.high / found.low),
            Cell::number(number(found.median_ratio), found.median_ratio),
            Cell::text(&found.verdict.to_string()),
            Cell::number(format!("{} ms", number(milliseconds)), milliseconds),
            Cell::number(pair.invocations.to_string(), pair.invocations as f64),
            Cell::number(pair.iterations.to_string(), pair.iterations as f64),
            Cell::text(&pair.steady.shape.to_string()),
        ])
    });
    Table::of(&columns, rows)
}

fn figure(report: &Report) -> Svg {
    const WIDTH: f64 = 74.0;
    const HEIGHT: f64 = 20.0;
    let (factors, names) = (factors(report), subjects(report));
    let longest = report.record.workloads.iter().map(|(name, _)| name.len());
    let left = longest.max().unwrap_or(0).max(14) as f64 * CODE_WIDTH + 14.0;
    let top = factors.len() as f64 * 14.0 + 14.0;
    let rows = report.record.workloads.len() + 1;
    let size = (
        left + names.len() as f64 * WIDTH + 8.0,
        top + rows as f64 * HEIGHT + 16.0,
    );
    let best = report
        .geomeans
        .iter()
        .min_by(|a, b| a.ratio.total_cmp(&b.ratio));
    let description = best.map_or_else(String::new, |best| {
        format!(
            "Rows are workloads, columns cells. The least geometric mean is {} for {}.",
            ratio(best),
            best.subject
        )
    });
    let title = format!("Time relative to {}", report.record.reference);
    let mut svg = Svg::new(size.0, size.1, &title, &description);
    let label = |svg: &mut Svg, x: f64, anchor: Anchor, lines: &[String], colour| {
        for (i, line) in lines.iter().enumerate() {
            let y = top - 8.0 - (factors.len() - 1 - i) as f64 * 14.0;
            svg.text((x, y), anchor, Type::plain(colour).small(), line);
        }
    };
    label(&mut svg, left - 8.0, Anchor::End, &factors, MUTED);
    for (column, name) in names.iter().enumerate() {
        let x = left + (column as f64 + 0.5) * WIDTH;
        label(&mut svg, x, Anchor::Middle, &lines(name, &factors), INK);
    }
    let mut row = |y: f64, label: &str, found: &dyn Fn(&str) -> Option<Comparison>| {
        let base = y + HEIGHT / 2.0 + SIZE * 0.36;
        svg.text((left - 8.0, base), Anchor::End, Type::plain(INK), label);
        for (column, name) in names.iter().enumerate() {
            let Some(found) = found(name) else { continue };
            let (at, size) = (
                (left + column as f64 * WIDTH + 1.0, y + 1.0),
                (WIDTH - 2.0, HEIGHT - 2.0),
            );
            let mut kind = Type::plain(MUTED);
            let mut text = number(found.ratio);
            if is_resolved(&found.verdict) {
                let colour = field(found.ratio);
                svg.rect(at, size, colour);
                if found.ratio > 1.0 {
                    svg.frame(
                        (at.0 + 1.0, at.1 + 1.0),
                        (size.0 - 2.0, size.1 - 2.0),
                        text_on(colour),
                    );
                }
                kind = Type::plain(text_on(colour));
            } else {
                svg.rect(at, size, PAPER);
                text += " ?";
            }
            svg.text((at.0 + size.0 / 2.0, base), Anchor::Middle, kind, &text);
        }
    };
    for (i, (workload, _)) in report.record.workloads.iter().enumerate() {
        row(top + i as f64 * HEIGHT, workload, &|name| {
            find(report, name, workload).cloned()
        });
    }
    let y = top + (rows - 1) as f64 * HEIGHT + 6.0;
    row(y, "geometric mean", &|name| {
        report
            .geomeans
            .iter()
            .find(|found| found.subject == name)
            .cloned()
    });
    svg.line((left, y - 3.0), (size.0 - 8.0, y - 3.0), INK, 1.0);
    svg
}

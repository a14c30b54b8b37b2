//! Interval plots: each subject's geometric mean, and each of its workloads.

use super::axis::{Axis, ratio_label};
use super::document::Document;
use super::html::{Cell, Column, Table, code};
use super::palette::{ACCENT, INK, MUTED, RULE};
use super::svg::{Anchor, CODE_WIDTH, SIZE, Svg, Type, WORD_WIDTH};
use super::words::{interval, is_resolved, number, ratio};
use crate::analysis::{Comparison, Report};

/// Writes the part.
pub fn write(document: &mut Document, report: &Report) {
    document.part("intervals", "Ratios with intervals");
    if report.geomeans.is_empty() {
        document.absent("The run has nothing but its reference.");
        return;
    }
    let workloads = report
        .geomeans
        .iter()
        .map(|found| found.workloads)
        .max()
        .unwrap_or(0);
    document.figure(
        "ratios",
        &means(report),
        &format!(
            "Time relative to `{}`, geometric mean of {workloads} workloads with its 95 % interval, on a logarithmic scale; further left is faster. \
             Hollow points are not resolved.",
            report.record.reference
        ),
    );
    document.table(
        "means",
        table(report),
        "Geometric means, and what is not in them: start-up (median over workloads) and peak memory (geometric mean of medians).",
    );
    if report.record.workloads.len() > 1 {
        document.figure(
            "workloads",
            &panels(report),
            "The same for each workload, a panel a subject. The dashed position is the subject's geometric mean; hollow points are not resolved.",
        );
    }
}

/// Fastest first.
fn sorted(report: &Report) -> Vec<&Comparison> {
    let mut found: Vec<&Comparison> = report.geomeans.iter().collect();
    found.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    found
}

fn means(report: &Report) -> Svg {
    const ROW: f64 = 24.0;
    let found = sorted(report);
    let names = found.iter().map(|found| found.subject.chars().count());
    let reference = &report.record.reference;
    let left = names.max().unwrap_or(0).max(reference.chars().count()) as f64 * CODE_WIDTH + 20.0;
    let numbers = found.iter().map(|found| ratio(found).chars().count());
    let right = numbers.max().unwrap_or(0) as f64 * WORD_WIDTH + 12.0;
    let (width, top) = (left + 380.0 + right, 8.0);
    let bottom = top + (found.len() + 1) as f64 * ROW;
    let axis = Axis::around(
        found
            .iter()
            .flat_map(|found| [found.low, found.high, found.ratio]),
        (left, width - right),
    );
    let description = found
        .iter()
        .map(|found| format!("{}: {}", found.subject, ratio(found)))
        .collect::<Vec<_>>()
        .join("; ");
    let title = format!("Time relative to {reference}, geometric means");
    let mut svg = Svg::new(width, bottom + 40.0, &title, &description);
    axis.draw(&mut svg, (top, bottom), ratio_label);
    svg.text(
        ((left + width - right) / 2.0, bottom + 34.0),
        Anchor::Middle,
        Type::plain(MUTED).small(),
        "time relative to the reference (logarithmic)",
    );
    let label = |svg: &mut Svg, i: usize, name: &str, numbers: &str, colour| {
        let y = top + (i as f64 + 0.5) * ROW;
        let base = y + SIZE * 0.36;
        svg.text((left - 12.0, base), Anchor::End, Type::code(colour), name);
        svg.text(
            (width - right + 12.0, base),
            Anchor::Start,
            Type::plain(colour),
            numbers,
        );
        y
    };
    // The reference stands where its 1 belongs in the order.
    let place = found.iter().filter(|found| found.ratio < 1.0).count();
    let y = label(&mut svg, place, reference, "1 (reference)", MUTED);
    svg.point((axis.at(1.0), y), 3.0, INK, true);
    for (i, found) in found.iter().enumerate() {
        let row = i + usize::from(i >= place);
        let y = label(&mut svg, row, &found.subject, &ratio(found), INK);
        mark(&mut svg, &axis, found, y, 4.0);
    }
    svg
}

fn mark(svg: &mut Svg, axis: &Axis, found: &Comparison, y: f64, radius: f64) {
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
        radius,
        ACCENT,
        is_resolved(&found.verdict),
    );
}

fn table(report: &Report) -> Table {
    let columns = [
        ("subject", Column::Words),
        ("ratio", Column::Number),
        ("95 % interval", Column::Number),
        ("of medians", Column::Number),
        ("verdict", Column::Words),
        ("start-up", Column::Number),
        ("peak memory", Column::Number),
    ];
    let rows = report.startups.iter().map(|startup| {
        let found = report
            .geomeans
            .iter()
            .find(|found| found.subject == startup.subject);
        let (estimate, spread, medians, verdict) = match found {
            Some(found) => (
                Cell::number(number(found.ratio), found.ratio),
                Cell::number(interval(found), found.high / found.low),
                Cell::number(number(found.median_ratio), found.median_ratio),
                Cell::text(&found.verdict.to_string()),
            ),
            None => (
                Cell::number("1", 1.0),
                Cell::default(),
                Cell::number("1", 1.0),
                Cell::text("reference"),
            ),
        };
        vec![
            Cell::html(code(&startup.subject)),
            estimate,
            spread,
            medians,
            verdict,
            Cell::number(
                format!("{:.1} ms", startup.milliseconds),
                startup.milliseconds,
            ),
            Cell::number(format!("{:.1} MiB", startup.peak_mib), startup.peak_mib),
        ]
    });
    Table::of(&columns, rows)
}

/// A panel a subject, in rows of four.
fn panels(report: &Report) -> Svg {
    const ACROSS: usize = 4;
    const ROW: f64 = 15.0;
    const WIDTH: f64 = 200.0;
    let found = sorted(report);
    let workloads: Vec<&str> = report
        .record
        .workloads
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let longest = workloads.iter().map(|name| name.chars().count()).max();
    let left = longest.unwrap_or(0) as f64 * WORD_WIDTH + 16.0;
    let plot = workloads.len() as f64 * ROW;
    let height = plot + 66.0;
    let across = ACROSS.min(found.len());
    let size = (
        left + across as f64 * WIDTH + 8.0,
        found.len().div_ceil(ACROSS) as f64 * height + 4.0,
    );
    let description = format!(
        "For each of {} subjects the ratio and interval of each of {} workloads; the table of all ratios has the numbers.",
        found.len(),
        workloads.len()
    );
    let title = format!(
        "Time relative to {} on each workload",
        report.record.reference
    );
    let mut svg = Svg::new(size.0, size.1, &title, &description);
    // Intervals that are much wider than the ratios differ leave the plot rather than squeeze it.
    let points = || report.comparisons.iter().map(|found| found.ratio);
    let (least, most) = points().fold((1.0_f64, 1.0_f64), |(l, h), x| (l.min(x), h.max(x)));
    let ends = report
        .comparisons
        .iter()
        .flat_map(|found| [found.low.max(least / 1.3), found.high.min(most * 1.3)]);
    let scale = Axis::around(ends.chain(points()), (0.0, WIDTH - 18.0));
    for (i, subject) in found.iter().enumerate() {
        let x = left + (i % ACROSS) as f64 * WIDTH;
        let y = (i / ACROSS) as f64 * height;
        let axis = Axis {
            pixels: (x, x + WIDTH - 18.0),
            ..scale
        };
        panel_title(&mut svg, x, y, &subject.subject);
        let (top, bottom) = (y + 38.0, y + 38.0 + plot);
        axis.draw(&mut svg, (top, bottom), ratio_label);
        let mean = axis.at(subject.ratio);
        let mut dash = top;
        while dash < bottom {
            svg.line((mean, dash), (mean, (dash + 3.0).min(bottom)), ACCENT, 1.0);
            dash += 6.0;
        }
        svg.line((x, bottom), (x + WIDTH - 18.0, bottom), RULE, 1.0);
        for (row, workload) in workloads.iter().enumerate() {
            let y = top + (row as f64 + 0.5) * ROW;
            if i % ACROSS == 0 {
                svg.text(
                    (left - 8.0, y + SIZE * 0.34),
                    Anchor::End,
                    Type::plain(INK).small(),
                    workload,
                );
            }
            let found = report
                .comparisons
                .iter()
                .find(|c| c.subject == subject.subject && c.workload.as_deref() == Some(workload));
            if let Some(found) = found {
                mark(&mut svg, &axis, found, y, 3.0);
            }
        }
    }
    svg
}

/// A cell's name in two lines.
fn panel_title(svg: &mut Svg, x: f64, y: f64, name: &str) {
    let (first, second) = match name.split_once('/') {
        Some((execution, data)) => (format!("{execution}/"), data),
        None => (String::new(), name),
    };
    svg.text(
        (x, y + 16.0),
        Anchor::Start,
        Type::code(INK).small(),
        &first,
    );
    svg.text(
        (x, y + 30.0),
        Anchor::Start,
        Type::code(INK).small(),
        second,
    );
}

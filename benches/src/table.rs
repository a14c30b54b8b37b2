//! Tables for a terminal: ratios with intervals, geometric means, effects, and what to bear in mind.

use std::fmt::Write as _;

use crate::analysis::{Comparison, Report};
use crate::factorial::{Effect, Factorial};
use crate::plan::Clock;
use crate::verdict::Verdict;

/// Wide enough for `0.412 [0.405 0.419]?` and a gap.
const COLUMN: usize = 21;

/// The whole report as text, for a terminal of so many columns.
pub fn text(report: &Report, columns: usize) -> String {
    let mut out = String::new();
    heading(&mut out, report);
    matrix(&mut out, report, columns);
    means(&mut out, report);
    if let Some(factorial) = &report.factorial {
        effects(&mut out, factorial);
    }
    if let Some(components) = &report.components {
        line(&mut out, &components.text());
    }
    for note in &report.notes {
        line(&mut out, &format!("Note: {note}"));
    }
    line(
        &mut out,
        &format!("Recorded in {}", report.folder.display()),
    );
    out
}

/// A ratio with its interval.
pub fn with_interval(comparison: &Comparison) -> String {
    if comparison.estimate.freedom <= 0.0 {
        return format!("{} [no interval]", number(comparison.ratio));
    }
    format!(
        "{} [{} {}]",
        number(comparison.ratio),
        number(comparison.low),
        number(comparison.high)
    )
}

/// Three digits behind the point below 10, fewer above.
fn number(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}

/// A column's letter: A…Z, then AA, AB…
pub fn letter(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (number % 26) as u8);
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.iter().rev().map(|&byte| char::from(byte)).collect()
}

/// A relative change in per cent, from a log ratio: `−31.2 %`.
pub fn percent(log: f64) -> String {
    let value = log.exp_m1() * 100.0;
    let sign = if value < 0.0 { "−" } else { "+" };
    format!("{sign}{:.1} %", value.abs())
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

fn heading(out: &mut String, report: &Report) {
    let record = &report.record;
    let clock = if record.clock == Clock::Cpu {
        "processor time"
    } else {
        "wall-clock time"
    };
    line(
        out,
        &format!(
            "Time relative to {} (below 1 is faster), {clock}, 95 % intervals.",
            record.reference
        ),
    );
    let invocations = report
        .pairs
        .iter()
        .map(|pair| pair.invocations)
        .min()
        .unwrap_or(0);
    let iterations = report
        .pairs
        .iter()
        .map(|pair| pair.iterations)
        .max()
        .unwrap_or(0);
    line(
        out,
        &format!(
            "Size {}, {invocations} processes of {iterations} iterations a pair, randomly interleaved; every result verified.",
            record.size
        ),
    );
    out.push('\n');
}

/// Workloads down, subjects across, in as many parts as the width needs.
fn matrix(out: &mut String, report: &Report, columns: usize) {
    let subjects: Vec<&str> = report
        .geomeans
        .iter()
        .map(|comparison| comparison.subject.as_str())
        .collect();
    let first = report
        .record
        .workloads
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0)
        .max(14)
        + 2;
    let fitting = (columns.saturating_sub(first) / COLUMN).max(1);
    for (part, names) in subjects.chunks(fitting).enumerate() {
        for (i, name) in names.iter().enumerate() {
            line(out, &format!("  {}  {name}", letter(part * fitting + i)));
        }
        let mut header = format!("{:first$}", "");
        for i in 0..names.len() {
            let _ = write!(header, "{:COLUMN$}", letter(part * fitting + i));
        }
        line(out, &header);
        for (workload, _) in &report.record.workloads {
            row(out, first, workload, names, |name| {
                report
                    .comparisons
                    .iter()
                    .find(|c| c.subject == name && c.workload.as_ref() == Some(workload))
            });
        }
        row(out, first, "geometric mean", names, |name| {
            report.geomeans.iter().find(|c| c.subject == name)
        });
        out.push('\n');
    }
    let unresolved = report
        .comparisons
        .iter()
        .filter(|c| matches!(c.verdict, Verdict::NotResolved(_)))
        .count();
    if unresolved > 0 {
        line(
            out,
            &format!(
                "? not resolved: {unresolved} of {}; summary.json has the smallest effect each could have shown.",
                report.comparisons.len()
            ),
        );
        out.push('\n');
    }
}

fn row<'a>(
    out: &mut String,
    first: usize,
    label: &str,
    names: &[&str],
    find: impl Fn(&str) -> Option<&'a Comparison>,
) {
    let mut text = format!("{label:first$}");
    for name in names {
        let cell = find(name).map_or_else(
            || "-".to_string(),
            |found| {
                let mark = if matches!(found.verdict, Verdict::NotResolved(_)) {
                    "?"
                } else {
                    ""
                };
                with_interval(found) + mark
            },
        );
        let _ = write!(text, "{cell:COLUMN$}");
    }
    line(out, &text);
}

fn means(out: &mut String, report: &Report) {
    let names = report
        .record
        .subjects
        .iter()
        .map(|subject| subject.subject.name.len());
    let width = names.max().unwrap_or(0).max(14) + 2;
    line(
        out,
        &format!(
            "{:width$}{:COLUMN$}{:>10}{:>11}  verdict",
            "geometric mean", "ratio", "start-up", "memory"
        ),
    );
    for startup in &report.startups {
        let subject = &startup.subject;
        let found = report
            .geomeans
            .iter()
            .find(|comparison| comparison.subject == *subject);
        let ratio = found.map_or_else(|| "1".to_string(), with_interval);
        let verdict = found.map_or_else(
            || "reference".to_string(),
            |found| found.verdict.to_string(),
        );
        line(
            out,
            &format!(
                "{subject:width$}{ratio:COLUMN$}{:>7.1} ms{:>7.1} MiB  {verdict}",
                startup.milliseconds, startup.peak_mib
            ),
        );
    }
    out.push('\n');
    let mut peers: Vec<&str> = report
        .against_peers
        .iter()
        .map(|comparison| comparison.reference.as_str())
        .collect();
    peers.dedup();
    for peer in peers {
        line(
            out,
            &format!("Relative to {peer}: ratio, and ratio of medians"),
        );
        for found in report
            .against_peers
            .iter()
            .filter(|comparison| comparison.reference == peer)
        {
            line(
                out,
                &format!(
                    "{:width$}{:COLUMN$}{:>9.3}  {}",
                    found.subject,
                    with_interval(found),
                    found.median_ratio,
                    found.verdict
                ),
            );
        }
        out.push('\n');
    }
}

fn effects(out: &mut String, factorial: &Factorial) {
    let levels: Vec<String> = factorial
        .reference
        .iter()
        .map(|(factor, level)| format!("{factor}={level}"))
        .collect();
    line(
        out,
        &format!(
            "Effects on time, against {}; averaged over the other factors:",
            levels.join(", ")
        ),
    );
    let all = || factorial.main.iter().chain(&factorial.interactions);
    let width = all()
        .map(|effect| effect.term.chars().count())
        .max()
        .unwrap_or(0)
        + 2;
    for found in all() {
        line(out, &format!("  {}", effect(found, width)));
    }
    if !factorial.aliased.is_empty() {
        line(
            out,
            &format!(
                "  These cells cannot tell: {} (all cells of a pattern such as 'switch*/refcount-*,tail*/refcount-*' can)",
                factorial.untold().join("; ")
            ),
        );
    }
    if factorial.main.iter().any(|effect| effect.additive) {
        line(
            out,
            "  * interactions with other factors are part of this effect: these cells do not show them apart",
        );
    }
    out.push('\n');
}

fn effect(effect: &Effect, width: usize) -> String {
    let estimate = effect.estimate;
    let (low, high) = estimate.interval();
    let interval = if estimate.freedom > 0.0 {
        format!("[{}, {}]", percent(low.ln()), percent(high.ln()))
    } else {
        "[no interval]".to_string()
    };
    let mark = if effect.additive { "*" } else { " " };
    let open = match effect.verdict {
        Verdict::NotResolved(_) => format!("  {}", effect.verdict),
        _ => String::new(),
    };
    format!(
        "{:width$}{:>9}{mark} {interval}{open}",
        effect.term,
        percent(estimate.log)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_percents() {
        assert_eq!(
            [0, 25, 26, 27, 701, 702].map(letter),
            ["A", "Z", "AA", "AB", "ZZ", "AAA"]
        );
        assert_eq!(percent(0.69f64.ln()), "−31.0 %");
        assert_eq!(percent(0.02f64.ln_1p()), "+2.0 %");
        assert_eq!(
            (number(0.41234), number(12.345)),
            ("0.412".into(), "12.3".into())
        );
    }
}

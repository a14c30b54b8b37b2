//! The tables as Markdown: the README of a results folder.

use std::fmt::Write as _;

use crate::analysis::{Comparison, Report};
use crate::factorial::Effect;
use crate::plan::Clock;
use crate::table::{letter, percent, with_interval};
use crate::verdict::Verdict;

/// The whole document.
pub fn text(report: &Report) -> String {
    let record = &report.record;
    let mut out = format!("# {}\n\n", record.question);
    if !record.complete {
        let _ = writeln!(out, "**Partial: {}.**\n", record.status);
    }
    let clock = if record.clock == Clock::Cpu {
        "processor time"
    } else {
        "wall-clock time"
    };
    let _ = writeln!(
        out,
        "Time relative to `{}` ({clock}; below 1 is faster), with 95 % intervals from a hierarchical bootstrap. Every result \
         was verified.\n",
        record.reference
    );
    means(&mut out, report);
    matrix(&mut out, report);
    effects(&mut out, report);
    if !report.notes.is_empty() {
        out.push_str("## To bear in mind\n\n");
        for note in &report.notes {
            let _ = writeln!(out, "- {note}");
        }
        out.push('\n');
    }
    method(&mut out, report);
    out
}

fn mark(comparison: &Comparison) -> &'static str {
    if matches!(comparison.verdict, Verdict::NotResolved(_)) {
        " ?"
    } else {
        ""
    }
}

fn means(out: &mut String, report: &Report) {
    out.push_str("## Geometric means\n\n| subject | ratio | verdict | start-up | peak memory |\n|---|---|---|---|---|\n");
    for startup in &report.startups {
        let found = report
            .geomeans
            .iter()
            .find(|comparison| comparison.subject == startup.subject);
        let ratio = found.map_or_else(|| "1".to_string(), with_interval);
        let verdict = found.map_or_else(
            || "reference".to_string(),
            |found| found.verdict.to_string(),
        );
        let _ = writeln!(
            out,
            "| `{}` | {ratio} | {verdict} | {:.1} ms | {:.1} MiB |",
            startup.subject, startup.milliseconds, startup.peak_mib
        );
    }
    out.push('\n');
    if report.against_peers.is_empty() {
        return;
    }
    out.push_str("| cell | relative to | ratio | of medians | verdict |\n|---|---|---|---|---|\n");
    for found in &report.against_peers {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {:.3} | {} |",
            found.subject,
            found.reference,
            with_interval(found),
            found.median_ratio,
            found.verdict
        );
    }
    out.push('\n');
}

fn matrix(out: &mut String, report: &Report) {
    out.push_str("## Each workload\n\n");
    let subjects: Vec<&str> = report
        .geomeans
        .iter()
        .map(|comparison| comparison.subject.as_str())
        .collect();
    for (i, name) in subjects.iter().enumerate() {
        let _ = writeln!(out, "{}. `{name}`  ", letter(i));
    }
    out.push_str("\n| workload |");
    for i in 0..subjects.len() {
        let _ = write!(out, " {} |", letter(i));
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(subjects.len()));
    out.push('\n');
    for (workload, _) in &report.record.workloads {
        let _ = write!(out, "| {workload} |");
        for name in &subjects {
            let found = report
                .comparisons
                .iter()
                .find(|c| c.subject == *name && c.workload.as_ref() == Some(workload));
            let cell = found.map_or_else(|| "-".into(), |found| with_interval(found) + mark(found));
            let _ = write!(out, " {cell} |");
        }
        out.push('\n');
    }
    out.push_str("\n`?`: not resolved.\n\n");
}

fn effects(out: &mut String, report: &Report) {
    let Some(factorial) = &report.factorial else {
        return;
    };
    let levels: Vec<String> = factorial
        .reference
        .iter()
        .map(|(factor, level)| format!("{factor}={level}"))
        .collect();
    let _ = writeln!(
        out,
        "## Effects\n\nOn time, against {}; averaged over the other factors.\n",
        levels.join(", ")
    );
    out.push_str("| term | effect | 95 % interval | |\n|---|---|---|---|\n");
    let row = |effect: &Effect| {
        let (low, high) = effect.estimate.interval();
        let open = match effect.verdict {
            Verdict::NotResolved(_) => effect.verdict.to_string(),
            _ => String::new(),
        };
        let star = if effect.additive {
            " (interactions included)"
        } else {
            ""
        };
        let interval = if effect.estimate.freedom > 0.0 {
            format!("[{}, {}]", percent(low.ln()), percent(high.ln()))
        } else {
            "none".into()
        };
        format!(
            "| {}{star} | {} | {interval} | {open} |\n",
            effect.term,
            percent(effect.estimate.log)
        )
    };
    out.extend(
        factorial
            .main
            .iter()
            .chain(&factorial.interactions)
            .map(row),
    );
    if !factorial.aliased.is_empty() {
        let _ = writeln!(
            out,
            "\nThese cells cannot tell: {}.",
            factorial.untold().join("; ")
        );
    }
    out.push('\n');
}

fn method(out: &mut String, report: &Report) {
    let (record, machine, build) = (&report.record, &report.record.machine, &report.record.build);
    let _ = write!(
        out,
        "## Method\n\n    {}\n\n\
         | | |\n|---|---|\n\
         | started, finished | {}, {} |\n\
         | runs | {} blocks of every pair in random order (seed {}), {} iterations a process, size {} |\n\
         | commit | {} |\n\
         | compiler | {}, LLVM {}, {}, opt-level {}, profile {}, flags '{}' |\n\
         | machine | {}: {}, {} processors, Linux {}, governor {}, {}load {} |\n",
        record.command(),
        record.started,
        record.finished.as_deref().unwrap_or("never"),
        record.blocks,
        record.seed,
        record.iterations,
        record.size,
        build.commit,
        build.rustc,
        build.llvm,
        build.target,
        build.opt_level,
        build.profile,
        build.flags,
        machine.host,
        machine.cpu,
        machine.processors,
        machine.kernel,
        machine.governor,
        if machine.virtual_machine {
            "virtual, "
        } else {
            ""
        },
        record.load.join(" then "),
    );
    for subject in &record.subjects {
        let _ = writeln!(
            out,
            "| `{}` | {}; SHA-256 {} |",
            subject.subject.name,
            subject.version,
            subject
                .fingerprint
                .get(..16)
                .unwrap_or(&subject.fingerprint)
        );
    }
}

//! How it was measured, where, and how to repeat it.

use super::document::Document;
use super::html::{Cell, Column, Table, code, escape};
use super::words::count;
use crate::analysis::Report;
use crate::plan::{Clock, Kind, Schedule};

/// Writes the part.
pub fn write(document: &mut Document, report: &Report) {
    document.part("method", "Method and machine");
    document.paragraph(&how(report));
    document.paragraph(
        "Intervals are of ratios, at 95 %: a hierarchical bootstrap over processes and iterations of log times, with Student's t for the \
         uncertainty of the variance. Verdicts of a table are adjusted together (Benjamini and Hochberg): of those given at most one in twenty \
         is expected to be false. Not resolved does not mean equal; it names the smallest effect that the run would have found four times in five.",
    );
    if let Some(components) = &report.components {
        document.paragraph(&format!(
            "The cells' program was linked in {} ways with its functions in other orders, and a layout counts as one draw. {}.",
            components.layouts,
            components.text()
        ));
    }
    document.heading("To repeat it");
    document.body += &format!(
        "<pre tabindex=\"0\" aria-label=\"Commands\">{}</pre>\n",
        escape(&commands(report).join("\n"))
    );
    document.table("machine", machine(report), "Machine, build and schedule.");
    document.folded_table(
        "subjects",
        "The programs that were compared",
        subjects(report),
        "What was run, and the SHA-256 of its file.",
    );
}

fn how(report: &Report) -> String {
    let record = &report.record;
    let invocations = report.pairs.iter().map(|pair| pair.invocations).min();
    let iterations = report.pairs.iter().map(|pair| pair.iterations).max();
    let clock = if record.clock == Clock::Cpu {
        "processor time"
    } else {
        "wall-clock time"
    };
    format!(
        "{} and {}, {} of {} each: fresh processes with environments of random size, in random order within each block (seed {}). \
         The result of every iteration was verified by the program and again by the harness. Ratios are of {clock}; start-up is apart; \
         iterations before a steady state are left out.",
        count(record.subjects.len(), "subject"),
        count(record.workloads.len(), "workload"),
        count(invocations.unwrap_or(0), "process").replace("processs", "processes"),
        count(iterations.unwrap_or(0), "iteration"),
        record.seed
    )
}

/// The commands that repeat a run, a line each.
pub fn commands(report: &Report) -> Vec<String> {
    let record = &report.record;
    let commit = record.build.commit.as_str();
    let mut lines = Vec::new();
    match commit.strip_suffix("+changes") {
        Some(plain) => lines.push(format!(
            "git checkout {plain}    # the run's tree differed from this commit"
        )),
        None if commit == "unknown" => lines.push("# the commit was not recorded".into()),
        None => lines.push(format!("git checkout {commit}")),
    }
    lines.push("cargo build --release".into());
    lines.push(format!("target/release/{}", record.command()));
    lines
}

fn machine(report: &Report) -> Table {
    let (record, machine, build) = (&report.record, &report.record.machine, &report.record.build);
    let schedule = match record.schedule {
        Schedule::Fixed {
            invocations,
            iterations,
        } => {
            format!("fixed: {invocations} processes of {iterations} iterations")
        }
        Schedule::Budget {
            seconds,
            least,
            most,
            iterations,
        } => format!(
            "as fits {seconds} s: {least} to {most} processes of up to {iterations} iterations"
        ),
    };
    let virtual_machine = if machine.virtual_machine {
        ", virtual"
    } else {
        ""
    };
    let rows = [
        ("host", machine.host.clone()),
        ("processor", format!("{}{virtual_machine}", machine.cpu)),
        ("logical processors", machine.processors.to_string()),
        (
            "memory",
            format!("{:.1} GiB", machine.memory_kib as f64 / f64::from(1 << 20)),
        ),
        ("kernel", format!("Linux {}", machine.kernel)),
        ("frequency governor", machine.governor.clone()),
        (
            "address randomisation",
            machine.address_randomisation.clone(),
        ),
        ("load averages", record.load.join(", then ")),
        ("commit", build.commit.clone()),
        ("compiler", format!("{}, LLVM {}", build.rustc, build.llvm)),
        (
            "build",
            format!(
                "{}, profile {}, opt-level {}, flags '{}'",
                build.target, build.profile, build.opt_level, build.flags
            ),
        ),
        (
            "started, finished",
            format!(
                "{}, {}",
                record.started,
                record.finished.as_deref().unwrap_or("not finished")
            ),
        ),
        ("schedule", schedule),
        (
            "blocks",
            format!("{} of {} iterations", record.blocks, record.iterations),
        ),
        ("size of the workloads", record.size.clone()),
        ("status", record.status.clone()),
    ];
    Table {
        columns: vec![
            ("what".into(), Column::Words),
            ("recorded".into(), Column::Words),
        ],
        rows: rows
            .into_iter()
            .map(|(what, value)| vec![Cell::text(what), Cell::text(&value)])
            .collect(),
        class: "facts".into(),
        ..Table::default()
    }
}

fn subjects(report: &Report) -> Table {
    let rows = report.record.subjects.iter().map(|recorded| {
        let kind = match recorded.subject.kind {
            Kind::Cell => "cell",
            Kind::Peer => "other interpreter",
        };
        let digest = recorded
            .fingerprint
            .get(..16)
            .unwrap_or(&recorded.fingerprint);
        vec![
            Cell::html(code(&recorded.subject.name)),
            Cell::text(kind),
            Cell::text(&recorded.version),
            Cell::html(code(digest)),
        ]
    });
    Table {
        columns: ["subject", "kind", "version", "SHA-256"]
            .map(|title| (title.to_string(), Column::Words))
            .to_vec(),
        rows: rows.collect(),
        ..Table::default()
    }
}

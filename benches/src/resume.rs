//! Going on with a run that was interrupted or killed: the same order, the same programs, the same machine, and what is
//! there already is kept.

use std::collections::HashSet;
use std::path::Path;

use crate::BenchError;
use crate::metadata::{Machine, find_program, fingerprint, hex};
use crate::plan::Kind;
use crate::record::{self, Run};
use crate::workloads::{self, Workload};
use sha2::{Digest, Sha256};

/// Reads an unfinished run and makes sure that going on with it here gives one run and not two.
///
/// # Errors
/// `Read`, `Corrupt`; `Mismatch` if the machine, a program under test or a workload has changed; `UnknownWorkload`.
pub fn prepare(folder: &Path) -> Result<Run, BenchError> {
    let mut run = record::load(folder)?;
    same_machine(&run.record.machine, &Machine::here())?;
    for subject in &mut run.record.subjects {
        let is_cell = subject.subject.kind == Kind::Cell;
        let mut empty = String::new();
        let program = subject.subject.command.first_mut().unwrap_or(&mut empty);
        let mut path = find_program(program);
        if path.is_none()
            && is_cell
            && let Ok(here) = std::env::current_exe()
        {
            // The record names it relative to the folder that the comparison was begun in.
            *program = here.to_string_lossy().into_owned();
            path = Some(here);
        }
        let found = path.map_or_else(|| "missing".to_string(), |path| fingerprint(&path));
        require(
            &format!("the program of {}", subject.subject.name),
            &subject.fingerprint,
            &found,
        )?;
    }
    for layout in &run.record.layouts {
        let found = fingerprint(layout.program.as_ref());
        require(
            &format!("the layout {}", layout.program),
            &layout.fingerprint,
            &found,
        )?;
    }
    for (name, recorded) in &run.record.workloads {
        let workload = known(name)?;
        require(
            &format!("the workload {name}"),
            recorded,
            &source_fingerprint(workload),
        )?;
    }
    Ok(run)
}

/// The workload of a record.
///
/// # Errors
/// [`BenchError::UnknownWorkload`].
pub fn known(name: &str) -> Result<&'static Workload, BenchError> {
    workloads::get(name).ok_or_else(|| BenchError::UnknownWorkload {
        name: name.to_string(),
        known: workloads::all()
            .iter()
            .map(|workload| workload.name)
            .collect(),
    })
}

/// SHA-256 of a workload's text.
pub fn source_fingerprint(workload: &Workload) -> String {
    hex(&Sha256::digest(workload.source))
}

/// The samples that need not be taken again, as `(block, subject, workload)`.
pub fn done(run: &Run) -> HashSet<(u32, &str, &str)> {
    run.samples
        .iter()
        .map(|s| (s.block, s.subject.as_str(), s.workload.as_str()))
        .collect()
}

/// Refuses runs of different machines; the first difference is named.
///
/// # Errors
/// [`BenchError::Mismatch`].
pub fn same_machine(recorded: &Machine, found: &Machine) -> Result<(), BenchError> {
    require("the host", &recorded.host, &found.host)?;
    require("the processor", &recorded.cpu, &found.cpu)?;
    require(
        "the number of processors",
        &recorded.processors.to_string(),
        &found.processors.to_string(),
    )?;
    require("the kernel", &recorded.kernel, &found.kernel)?;
    require("the governor", &recorded.governor, &found.governor)
}

fn require(what: &str, recorded: &str, found: &str) -> Result<(), BenchError> {
    if recorded == found {
        return Ok(());
    }
    Err(BenchError::Mismatch {
        what: what.into(),
        recorded: recorded.into(),
        found: found.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::{Scratch, record as make_record, sample};
    use crate::record::{Recorder, RunRecord};

    fn stored(name: &str, change: impl Fn(&mut RunRecord)) -> (Scratch, Result<Run, BenchError>) {
        let scratch = Scratch::new(name);
        let mut record = make_record(&["a"], &["fib"]);
        record.subjects[0].fingerprint =
            find_program("true").map_or_else(String::new, |path| fingerprint(&path));
        record.workloads[0].1 = workloads::get("fib").map_or_else(String::new, source_fingerprint);
        change(&mut record);
        let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
        recorder
            .add(&sample("a", "fib", 1, &[5]))
            .expect("there is room");
        let run = prepare(&scratch.0);
        (scratch, run)
    }

    #[test]
    fn an_unchanged_world_may_go_on() {
        let (_scratch, run) = stored("resume", |_| {});
        let run = run.expect("nothing has changed");
        assert!(done(&run).contains(&(1, "a", "fib")) && !done(&run).contains(&(2, "a", "fib")));
    }

    #[test]
    fn changes_are_named() {
        let message = |change: fn(&mut RunRecord)| {
            stored("changed", change)
                .1
                .expect_err("it changed")
                .to_string()
        };
        let other = message(|record| record.machine.cpu = "other".into());
        assert!(
            other.starts_with("the runs do not fit together: the processor was 'other' and is '"),
            "{other}"
        );
        let other = message(|record| record.subjects[0].fingerprint = "00".into());
        assert!(other.contains("the program of a was '00'"), "{other}");
        let other = message(|record| record.workloads[0].1 = "00".into());
        assert!(other.contains("the workload fib was '00'"), "{other}");
    }
}

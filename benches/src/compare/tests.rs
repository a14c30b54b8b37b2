//! Whole runs with shell scripts as interpreters: complete, interrupted by a failure, resumed.

use super::*;
use crate::record::tests::Scratch;
use crate::workloads;

/// Answers right on `fib` and takes about as long as it says; `extra` runs first. `$1` is the size, `$2` the iterations.
fn script(nanoseconds: u32, extra: &str) -> Vec<String> {
    let text = format!(
        "{extra}\ni=0; while [ $i -lt \"$2\" ]; do i=$((i+1)); \
         echo ITERATION $(({nanoseconds} + i * 1000 + $$ % 97 * 1000)) $(({nanoseconds} + i * 1000 + $$ % 97 * 1000)) 1 RESULT 46368; done"
    );
    ["sh".to_string(), "-c".to_string(), text].to_vec()
}

fn subject(name: &str, command: Vec<String>) -> Subject {
    Subject {
        name: name.into(),
        command,
        kind: Kind::Cell,
    }
}

fn plan(scratch: &Scratch, subjects: Vec<Subject>) -> Plan {
    Plan {
        question: "test".into(),
        reference: subjects[0].name.clone(),
        subjects,
        workloads: vec![workloads::get("fib").expect("it is listed")],
        size: Size::Test,
        schedule: Schedule::Fixed {
            invocations: 4,
            iterations: 3,
        },
        seed: 1,
        clock: Clock::Cpu,
        results: scratch.0.clone(),
        folder: Some(scratch.0.join("run")),
        command_line: vec!["test".into()],
        layouts: Vec::new(),
        progress: false,
    }
}

const SWITCH: &str = "switch/refcount-boxed";
const TAIL: &str = "tail/refcount-boxed";

#[test]
fn a_run_measures_everything_and_finds_the_ratio() {
    let scratch = Scratch::new("whole");
    let subjects = vec![
        subject(SWITCH, script(100_000_000, "")),
        subject(TAIL, script(50_000_000, "")),
    ];
    let report = run(&plan(&scratch, subjects)).expect("both answer right");
    assert!(report.is_complete());
    let all = &report.geomeans[0];
    assert!(
        (all.ratio - 0.5).abs() < 0.01 && all.low < all.ratio && all.ratio < all.high,
        "{all:?}"
    );
    let stored = record::load(&report.folder).expect("it was just written");
    // The pilot and four blocks of two pairs.
    assert_eq!(stored.samples.len(), 10);
    assert!(
        stored
            .samples
            .iter()
            .filter(|sample| sample.block > 0)
            .all(|sample| sample.wall.len() == 3)
    );
    let mut text = Vec::new();
    report
        .print_table(&mut text, 100)
        .expect("memory takes everything");
    let text = String::from_utf8(text).expect("it is text");
    assert!(
        text.contains("Time relative to switch/refcount-boxed") && text.contains("dispatch=tail"),
        "{text}"
    );
    for file in [
        "run.json",
        "samples.jsonl",
        "summary.json",
        "raw.csv",
        "README.md",
    ] {
        assert!(report.folder.join(file).is_file(), "{file}");
    }
    let again = load(&report.folder).expect("it was just written");
    assert_eq!(again.geomeans[0].estimate, report.geomeans[0].estimate);
    assert!(matches!(
        run(&plan(&scratch, vec![subject(SWITCH, script(1, ""))])),
        Err(BenchError::Plan(_))
    ));
}

#[test]
fn a_wrong_answer_stops_the_run_and_leaves_a_partial_record() {
    let scratch = Scratch::new("wrong");
    let wrong = "echo ITERATION 1 1 1 RESULT 0; exit 0";
    let subjects = vec![
        subject(SWITCH, script(1_000_000, "")),
        subject(TAIL, script(1, wrong)),
    ];
    let error = run(&plan(&scratch, subjects))
        .expect_err("one answers wrong")
        .to_string();
    assert_eq!(
        error,
        "tail/refcount-boxed gave a wrong answer on fib: expected '46368', got '0'"
    );
    let stored = record::load(&scratch.0.join("run")).expect("it was just written");
    assert!(!stored.record.complete);
    assert_eq!(stored.record.status, error);
}

#[test]
fn a_run_that_broke_off_is_resumed_where_it_stopped() {
    let scratch = Scratch::new("broken");
    let count = scratch.0.join("count");
    // Fails at its third start, once.
    let extra = format!(
        "echo x >> {0}; [ $(wc -l < {0}) = 3 ] && exit 9",
        count.display()
    );
    let subjects = vec![
        subject(SWITCH, script(1_000_000, &extra)),
        subject(TAIL, script(1_000_000, "")),
    ];
    let plan = plan(&scratch, subjects);
    let error = run(&plan).expect_err("it fails once").to_string();
    assert_eq!(error, "switch/refcount-boxed failed on fib: exit code 9");
    let folder = scratch.0.join("run");
    let before = record::load(&folder).expect("it was just written");
    assert!(!before.record.complete);
    let report = resume(&folder, false).expect("it does not fail again");
    assert!(report.is_complete());
    let after = record::load(&folder).expect("it was just written");
    assert_eq!(after.samples.len(), 10);
    assert_eq!(after.samples[..before.samples.len()], before.samples[..]);
    // The order is the planned one, as if nothing had happened.
    let positions: Vec<(u32, u32)> = after
        .samples
        .iter()
        .map(|sample| (sample.block, sample.position))
        .collect();
    assert!(positions.is_sorted(), "{positions:?}");
    assert!(
        resume(&folder, false)
            .expect("it is complete")
            .is_complete()
    );
}

#[test]
fn a_missing_program_is_told_before_anything_is_written() {
    let scratch = Scratch::new("missing");
    let subjects = vec![subject("x", vec!["no-such-program-anywhere".into()])];
    let error = run(&plan(&scratch, subjects))
        .expect_err("there is no such program")
        .to_string();
    assert_eq!(
        error,
        "x: cannot start 'no-such-program-anywhere': entity not found"
    );
    assert!(!scratch.0.join("run").exists());
}

//! Counting of a shell script that plays the command: it knows `--counts`, `--cell`, and a workload's arguments.

use super::*;
use crate::record::tests::Scratch;
use crate::workloads;
use std::os::unix::fs::PermissionsExt;

/// A command that says it has made 1000 dispatches at start and 700 an iteration, 300 fewer with superinstructions.
const SCRIPT: &str = r#"#!/bin/sh
each=700
while [ $# -gt 0 ]; do
  case "$1" in
    --counts) out=$2; shift 2;;
    --cell) case "$2" in *+super*) each=400;; *broken*) echo oh no >&2; exit 1;; esac; shift 2;;
    -c) n=0; shift; break;;
    *) n=${3:-1}; break;;
  esac
done
[ -n "$out" ] && echo "{\"dispatches\": $((1000 + each * n)), \"cache_hits\": $((5 * n))}" > "$out"
i=0
while [ $i -lt "$n" ]; do i=$((i + 1)); echo "ITERATION 5 5 5 RESULT 46368"; done
"#;

fn command(scratch: &Scratch) -> PathBuf {
    std::fs::create_dir_all(&scratch.0).expect("the folder is writable");
    let path = scratch.0.join("command");
    std::fs::write(&path, SCRIPT).expect("the folder is writable");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, mode).expect("the file is ours");
    path
}

fn fib() -> Subject {
    let workload = workloads::get("fib").expect("it is listed");
    Subject::Workload(workload, Size::Test)
}

#[test]
fn the_second_iteration_is_counted() {
    let scratch = Scratch::new("count");
    let program = command(&scratch);
    let cell = "tail+super+caches/refcount-tagged";
    let found = count(&program, cell, &fib(), None, &scratch.0).expect("the script behaves");
    assert_eq!((found.counter("dispatches"), found.bytecodes), (400, 700));
    assert_eq!(
        (found.counter("cache_hits"), found.counter("nothing")),
        (5, 0)
    );
    assert_eq!((found.instructions, found.per_bytecode()), (None, None));
    assert!(found.peak_bytes > 100_000);
    let table = table(&[found.clone(), found]);
    assert!(
        table.contains("cache hits") && !table.contains("start-up"),
        "{table}"
    );
}

#[test]
fn a_program_is_counted_without_its_compilation() {
    let scratch = Scratch::new("count-file");
    let program = command(&scratch);
    let file = scratch.0.join("p.py");
    std::fs::write(&file, "pass\n").expect("the folder is writable");
    let subject = Subject::File(file, Vec::new());
    let found = count(
        &program,
        "switch/refcount-boxed",
        &subject,
        None,
        &scratch.0,
    )
    .expect("the script behaves");
    assert_eq!((found.bytecodes, found.counter("dispatches")), (700, 700));
}

#[test]
fn instructions_are_of_the_difference() {
    let Ok(counter) = Counter::find() else {
        eprintln!("not checked: valgrind is not installed");
        return;
    };
    let scratch = Scratch::new("count-valgrind");
    let program = command(&scratch);
    let run = || {
        count(
            &program,
            "switch/refcount-boxed",
            &fib(),
            Some(&counter),
            &scratch.0,
        )
        .expect("the script behaves")
    };
    let (one, two) = (run(), run());
    let (inside, start) = (one.instructions.expect("counted"), one.startup_instructions);
    assert!(inside > 100 && start.expect("counted") > inside);
    let again = two.instructions.expect("counted");
    assert!(inside.abs_diff(again) * 100 <= inside, "{inside} {again}");
}

#[test]
fn failures_name_the_command_and_the_reason() {
    let scratch = Scratch::new("count-fails");
    let program = command(&scratch);
    let error = count(&program, "broken/refcount-boxed", &fib(), None, &scratch.0)
        .expect_err("the script fails");
    assert!(error.to_string().contains("exit code 1: oh no"), "{error}");
    let none = Subject::File("/no/such/file.py".into(), Vec::new());
    let error = count(&program, "switch/refcount-boxed", &none, None, &scratch.0)
        .expect_err("there is no such file");
    assert!(
        error
            .to_string()
            .starts_with("cannot read /no/such/file.py"),
        "{error}"
    );
    let workload = workloads::get("sieve").expect("it is listed");
    let error = count(
        &program,
        "switch/refcount-boxed",
        &Subject::Workload(workload, Size::Test),
        None,
        &scratch.0,
    )
    .expect_err("46368 is fib's result");
    assert!(matches!(error, BenchError::WrongResult { .. }), "{error}");
}

//! `ceval profile` as a command: what is exact in it, in every strategy and object model.

use std::process::{Command, Output};

const PROGRAM: &str =
    "def f(n):\n t = 0\n for i in range(n):\n  t = t + i\n return t\nprint(f(20000))\n";

fn ceval(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ceval"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

fn profile(cell: &str) -> serde_json::Value {
    let out = ceval(&["profile", "--once", "--json", "--cell", cell, "-c", PROGRAM]);
    let errors = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{cell}: {errors}");
    assert!(errors.contains("199990000"), "{cell}: {errors}");
    serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{cell}: {e}"))
}

fn count(profile: &serde_json::Value, name: &str) -> u64 {
    let ops = profile["ops"].as_array().expect("a list");
    let found = ops.iter().find(|op| op["name"] == name);
    found.and_then(|op| op["count"].as_u64()).unwrap_or(0)
}

#[test]
fn counts_are_those_of_the_bytecode_in_every_cell() {
    for dispatch in ["switch", "call", "closure-loop", "closure", "tail"] {
        for objects in ["refcount-tagged", "refcount-boxed", "arena-tagged"] {
            let found = profile(&format!("{dispatch}/{objects}"));
            assert_eq!(count(&found, "for_iter"), 20_001, "{dispatch}/{objects}");
            assert_eq!(count(&found, "binary_add"), 20_000, "{dispatch}/{objects}");
            let shares = found["ops"].as_array().expect("a list").iter();
            let sum: f64 = shares.filter_map(|op| op["time"]["share"].as_f64()).sum();
            // A run of a millisecond may have no sample.
            let was_seen = found["run"]["whole_ns"].as_f64() > Some(0.0);
            let expected = f64::from(u8::from(was_seen));
            assert!((sum - expected).abs() < 1e-6, "{dispatch}/{objects}: {sum}");
            assert_eq!(found["dispatches"], found["instructions"]);
        }
    }
}

#[test]
fn superinstructions_and_lines_are_seen() {
    let found = profile("tail+super+caches/refcount-tagged");
    assert!(found["dispatches"].as_u64() < found["instructions"].as_u64());
    let functions = found["functions"].as_array().expect("a list");
    let f = functions
        .iter()
        .find(|row| row["name"] == "f")
        .expect("f ran");
    assert_eq!(
        (f["entered"].as_u64(), f["line"].as_u64()),
        (Some(1), Some(1))
    );
    let lines = found["lines"].as_array().expect("a list");
    assert!(lines.iter().any(|l| l["text"] == "  t = t + i"));
}

#[test]
fn text_and_differences() {
    let out = ceval(&[
        "profile",
        "--once",
        "--diff",
        "switch/refcount-boxed",
        "-c",
        PROGRAM,
    ]);
    let text = String::from_utf8_lossy(&out.stdout);
    assert!(
        text.starts_with("199990000\n") && text.contains("B / A: dispatches"),
        "{text}"
    );
    let out = ceval(&["profile", "--once", "-c", "import sys; sys.exit(3)"]);
    assert_eq!(out.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&out.stdout).contains("dispatches"));
}

/// What an opcode did to memory: objects allocated, and references added less those given back.
fn traffic(profile: &serde_json::Value, name: &str) -> (u64, i64) {
    let ops = profile["ops"].as_array().expect("a list");
    let row = ops.iter().find(|op| op["name"] == name).expect("it ran");
    let number = |what: &str| row["traffic"][what].as_u64().expect("it was counted");
    let references = number("increments") as i64 - number("decrements") as i64;
    (number("allocations"), references)
}

#[test]
fn traffic_is_counted_by_opcode() {
    let run = |cell: &str| -> serde_json::Value {
        let out = ceval(&["profile", "--json", "--cell", cell, "-c", PROGRAM]);
        serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{cell}: {e}"))
    };
    // Sums beyond the small ints, whose last is made by the 24th addition, are objects unless they are immediates.
    let boxed = run("switch/refcount-boxed");
    assert_eq!(traffic(&boxed, "binary_add").0, 20_000 - 23);
    let tagged = run("tail/refcount-tagged");
    assert_eq!(traffic(&tagged, "binary_add"), (0, 0));
    assert_eq!(traffic(&run("closure/arena-tagged"), "load_fast"), (0, 0));
    // `print` and `f` are pushed.
    assert_eq!(traffic(&tagged, "load_name").1, 2);
}

#[test]
fn mistakes_are_one_line() {
    for arguments in [
        &["profile"][..],
        &["profile", "--hertz", "0", "-c", "1"],
        &["profile", "no such file"],
        &["superinstructions", "fib", "--held-out", "fib"],
    ] {
        let out = ceval(arguments);
        let errors = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{errors}");
    }
}

//! The exact witnesses as commands: counts, predictors, generated code; and what they say to wrong input.

mod corpus;
mod process;

use process::{ceval, finish};
use serde_json::Value;

fn run(arguments: &[&str]) -> process::Finished {
    finish(ceval(&corpus::repository(), arguments), b"")
}

fn json(arguments: &[&str]) -> Value {
    let ended = run(arguments);
    assert_eq!(ended.code(), Some(0), "{arguments:?}: {}", ended.errors());
    serde_json::from_slice(&ended.stdout).expect("JSON on standard output")
}

/// A wrong command: its code, and one line that holds the words.
fn refused(arguments: &[&str], code: i32, words: &str) {
    let ended = run(arguments);
    let errors = ended.errors();
    assert_eq!(ended.code(), Some(code), "{arguments:?}: {errors}");
    assert!(errors.contains(words), "{arguments:?}: {errors}");
    let own: Vec<&str> = errors
        .lines()
        .filter(|line| line.starts_with("ceval: "))
        .collect();
    assert_eq!(own.len(), 1, "{arguments:?}: {errors}");
}

#[test]
fn counts_of_a_workload_on_each_model() {
    let cells =
        "switch/refcount-boxed,tail+super+caches/refcount-tagged,closure+caches/arena-tagged";
    let found = json(&["count", "fib", "--no-callgrind", "--json", "--cells", cells]);
    let [boxed, tagged, arena] = found.as_array().expect("a list").as_slice() else {
        panic!("three cells: {found}")
    };
    let number = |count: &Value, name: &str| count["counters"][name].as_u64().expect("a count");
    for count in [boxed, tagged, arena] {
        // The passes change dispatches, never the program.
        assert_eq!(count["bytecodes"], boxed["bytecodes"], "{count}");
        assert!(
            count["peak_bytes"].as_u64().is_some_and(|n| n > 1 << 20),
            "{count}"
        );
        assert!(count["instructions"].is_null(), "{count}");
    }
    assert_eq!(Value::from(number(boxed, "dispatches")), boxed["bytecodes"]);
    assert!(number(tagged, "dispatches") < number(boxed, "dispatches"));
    assert!(number(tagged, "cache_hits") > 100 * number(tagged, "cache_misses"));
    assert_eq!(number(boxed, "cache_hits"), 0);
    assert!(number(boxed, "increments") > 0 && number(boxed, "decrements") > 0);
    assert_eq!(number(arena, "increments"), 0);
}

#[test]
fn counts_of_one_run() {
    let ended = run(&[
        "--counts",
        "-",
        "--cell",
        "switch/arena-tagged",
        "-c",
        "print(6 * 7)",
    ]);
    assert_eq!((ended.code(), ended.output().as_str()), (Some(0), "42\n"));
    let counts: Value = serde_json::from_str(&ended.errors()).expect("JSON on standard error");
    assert!(
        counts["dispatches"].as_u64().is_some_and(|n| n > 5),
        "{counts}"
    );
}

#[test]
fn predictors_see_the_same_dispatches_through_other_branches() {
    let found = json(&["predict", "richards", "--no-callgrind", "--json"]);
    let list = found.as_array().expect("a list");
    assert_eq!(list.len(), 5);
    let of = |strategy: &str, predictor: usize| {
        let one = list.iter().find(|p| {
            p["cell"]
                .as_str()
                .is_some_and(|c| c.starts_with(&format!("{strategy}+")))
        });
        let one = one.expect("every strategy is there");
        one["predictors"][predictor]["accuracy"]
            .as_f64()
            .expect("a share")
    };
    for prediction in list {
        assert_eq!(prediction["dispatches"], list[0]["dispatches"]);
    }
    // One branch for everything is hopeless without history; a branch a handler is not; history makes them alike.
    assert_eq!(of("switch", 0), of("call", 0));
    assert!(of("switch", 0) < 0.3 && of("tail", 0) > of("switch", 0) + 0.2);
    assert!(of("closure", 0) >= of("tail", 0));
    assert!(of("switch", 2) > 0.85 && of("tail", 2) > 0.85);
}

#[test]
fn mistakes_are_one_line_each() {
    refused(
        &["count", "no-such-workload", "--no-callgrind"],
        2,
        "no workload is called 'no-such-workload'",
    );
    refused(
        &["count", "/no/such.py", "--no-callgrind"],
        1,
        "cannot read /no/such.py",
    );
    refused(
        &["count", "fib", "--cells", "warp/refcount-tagged"],
        2,
        "unknown cell",
    );
    refused(
        &["count", "fib", "--size", "huge"],
        2,
        "unknown size 'huge'",
    );
    refused(
        &["predict", "fib", "--cells", "oracle/none"],
        2,
        "unknown cell",
    );
    refused(
        &["predict", "/no/such.py", "--no-callgrind"],
        2,
        "cannot read '/no/such.py'",
    );
    refused(
        &["codegen", "--binary", "/no/such"],
        1,
        "cannot read /no/such",
    );
    refused(
        &["codegen", "--against", "/no/such"],
        1,
        "cannot read /no/such/codegen.json",
    );
    refused(
        &["calibrate", "--comparisons", "0"],
        2,
        "at least one comparison",
    );
    refused(
        &["calibrate", "--resume", "/no/such"],
        1,
        "cannot read /no/such/run.json",
    );
    refused(
        &["compare", "--layouts", "1"],
        2,
        "--layouts takes a number from 2 to 100",
    );
}

#[test]
fn a_program_that_fails_is_named() {
    let folder = std::env::temp_dir().join(format!("ceval-witnesses-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder is writable");
    let file = folder.join("fails.py");
    std::fs::write(&file, "raise ValueError('no luck')\n").expect("the folder is writable");
    let path = file.to_string_lossy().into_owned();
    for command in ["count", "predict"] {
        refused(
            &[command, &path, "--no-callgrind"],
            1,
            "ValueError: no luck",
        );
    }
    std::fs::remove_dir_all(&folder).ok();
}

#[test]
fn without_valgrind_one_line_says_how_to_go_on() {
    for command in ["count", "predict"] {
        let mut process = ceval(&corpus::repository(), &[command, "fib"]);
        process.env("PATH", "/no/such/folder");
        let ended = finish(process, b"");
        assert_eq!(ended.code(), Some(1), "{}", ended.errors());
        let errors = ended.errors();
        assert!(
            errors.contains("valgrind is not installed") && errors.contains("--no-callgrind"),
            "{errors}"
        );
    }
    let mut process = ceval(&corpus::repository(), &["codegen"]);
    process.env("PATH", "/no/such/folder");
    let ended = finish(process, b"");
    let errors = ended.errors();
    assert_eq!(ended.code(), Some(1), "{errors}");
    assert!(
        errors.contains("objdump is not installed (package binutils)"),
        "{errors}"
    );
}

//! Guards of threaded code: handlers go on to the next one by a jump, not by a call.
//!
//! Stable Rust does not promise it; see `dispatch-threaded/src/tail.rs`. A build that broke it would
//! still give right answers until the native stack is used up. So two witnesses: programs of more than
//! ten million instructions, and of more than ten million slow paths, run on a small stack; and the built
//! binary is disassembled and searched for calls where jumps should be.

mod corpus;
mod process;

use ceval_benches::codegen::{self, Role};
use process::{ceval, finish};
use std::path::Path;

/// Enough for a program that nests no native calls; used up within 2^17 instructions if each leaves
/// as little as a return address and an alignment word behind.
const STACK_BYTES: &str = "1048576";

/// Runs a program of `cli/tests/programs` on a small stack, on each model with a strategy and both passes on and off.
fn runs_on_a_small_stack(dispatch: &str, program: &str, expected: &str) {
    let folder = corpus::repository().join("cli/tests/programs");
    for passes in ["", "+super+caches"] {
        for objects in ["refcount-tagged", "refcount-boxed", "arena-tagged"] {
            let cell = format!("{dispatch}{passes}/{objects}");
            let ended = finish(
                ceval(
                    &folder,
                    &["--cell", &cell, "--stack-bytes", STACK_BYTES, program],
                ),
                b"",
            );
            let errors = process::tail(&ended.errors(), 5);
            assert_eq!(
                ended.code(),
                Some(0),
                "{program} on {cell}: {} {errors}",
                ended.ending()
            );
            assert_eq!(ended.output(), expected, "{program} on {cell}");
        }
    }
}

const ARITHMETIC: &str = "1500000 4499995\n";
const SLOW_PATHS: &str = "(2000000, 'abcabd', 'bc', 'b', ['c'], -2.25)\n";
const CONTROL: &str = "(1333433336200000, 20000100000, 200001)\n";

#[test]
fn fast_paths_of_tail_on_a_small_stack() {
    runs_on_a_small_stack("tail", "arithmetic.py", ARITHMETIC);
}

#[test]
fn slow_paths_of_tail_on_a_small_stack() {
    runs_on_a_small_stack("tail", "slow_paths.py", SLOW_PATHS);
}

#[test]
fn calls_and_unwinding_of_tail_on_a_small_stack() {
    runs_on_a_small_stack("tail", "control.py", CONTROL);
}

#[test]
fn fast_paths_of_closure_on_a_small_stack() {
    runs_on_a_small_stack("closure", "arithmetic.py", ARITHMETIC);
}

#[test]
fn slow_paths_of_closure_on_a_small_stack() {
    runs_on_a_small_stack("closure", "slow_paths.py", SLOW_PATHS);
}

#[test]
fn calls_and_unwinding_of_closure_on_a_small_stack() {
    runs_on_a_small_stack("closure", "control.py", CONTROL);
}

#[test]
fn no_handler_calls_the_next_one() {
    let binary = env!("CARGO_BIN_EXE_ceval");
    let found = codegen::witness_if_possible(Path::new(binary));
    let Some(codegen) = found.unwrap_or_else(|e| panic!("{e}")) else {
        return;
    };
    println!("{}", codegen.text());
    // A run that is not profiled has no instruction of the probe in its loop.
    assert!(codegen.probed >= 100, "{} profiled forms", codegen.probed);
    for group in &codegen.groups {
        assert_eq!(group.probe_calls, 0, "{group:?}");
    }
    for (strategy, role) in [
        ("tail", Role::Handler),
        ("tail", Role::Slow),
        ("closure", Role::Handler),
        ("closure", Role::Slow),
    ] {
        // Flags of one's own may have taken the object models out of the symbols.
        let models: &[Option<&str>] = if codegen.tells_models() {
            &[
                Some("refcount-tagged"),
                Some("refcount-boxed"),
                Some("arena-tagged"),
            ]
        } else {
            &[None]
        };
        for &model in models {
            let found = codegen.group(strategy, model, role).unwrap_or_else(|| {
                panic!("{binary} has no symbol of {strategy} {model:?} {role:?}")
            });
            // There are 164 instructions; equal functions may be folded.
            assert!(found.functions >= 100, "{found:?}");
            assert!(found.indirect_jumps * 2 >= found.functions, "{found:?}");
            assert!(found.shared_jump * 10 <= found.own_jump, "{found:?}");
            let stray = &found.stray_calls;
            let shown: Vec<&str> = stray.iter().take(10).map(String::as_str).collect();
            assert!(
                stray.is_empty(),
                "{} calls in {strategy} {model:?} {role:?}:\n{}",
                stray.len(),
                shown.join("\n")
            );
        }
    }
    // Every strategy is recognised by its trait: the five, and the oracle.
    for strategy in ["switch", "call", "closure-loop", "oracle"] {
        let loops = codegen
            .groups
            .iter()
            .filter(|g| g.strategy == strategy && g.role == Role::Loop);
        assert!(loops.count() >= 1, "{binary} has no loop of {strategy}");
    }
    let others = codegen.groups.iter().filter(|g| {
        ![
            "switch",
            "call",
            "closure",
            "closure-loop",
            "tail",
            "oracle",
        ]
        .contains(&g.strategy.as_str())
    });
    assert_eq!(others.count(), 0);
}

//! Guards of threaded code: handlers go on to the next one by a jump, not by a call.
//!
//! Stable Rust does not promise it; see `dispatch-threaded/src/tail.rs`. A build that broke it would
//! still give right answers until the native stack is used up. So two witnesses: programs of more than
//! ten million instructions, and of more than ten million slow paths, run on a small stack; and the built
//! binary is disassembled and searched for calls where jumps should be.

mod corpus;
mod process;

use process::{ceval, finish};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

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

/// The functions of a chain, by the part of their symbols that names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    TailHandler,
    TailSlow,
    ClosureBody,
    ClosureSlow,
}

impl Link {
    fn of(symbol: &str) -> Option<Link> {
        // Both manglings write a path as lengths and names.
        let path = symbol.split_once("ceval_dispatch_threaded")?.1;
        let is_closure = symbol.contains("$u7b$$u7b$closure")
            || symbol.contains("_NC")
            || symbol.contains("NCI");
        match path {
            p if p.starts_with("4tail7handler") => Some(Link::TailHandler),
            p if p.starts_with("4tail4slow") => Some(Link::TailSlow),
            p if p.starts_with("7closure7code_of") && is_closure => Some(Link::ClosureBody),
            p if p.starts_with("7closure4slow") => Some(Link::ClosureSlow),
            _ => None,
        }
    }
}

/// What was found of one kind of function.
#[derive(Debug, Default)]
struct Found {
    functions: usize,
    jumps: usize,
    stray: Vec<String>,
}

/// What an instruction does to control, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    IndirectCall,
    IndirectJump,
    Return,
    /// Takes a stack frame down.
    Epilogue,
    Other,
}

fn kind(text: &str) -> Kind {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    let operands = words.next().unwrap_or_default();
    match name {
        // A call through the table of imported functions names its place relative to `%rip`.
        "call" | "callq" if operands.starts_with('*') && !operands.contains("(%rip)") => {
            Kind::IndirectCall
        }
        "jmp" | "jmpq" if operands.starts_with('*') => Kind::IndirectJump,
        "blr" => Kind::IndirectCall,
        "br" => Kind::IndirectJump,
        "ret" | "retq" => Kind::Return,
        "add" if operands.ends_with("%rsp") => Kind::Epilogue,
        "pop" | "popq" | "ldp" | "vzeroupper" => Kind::Epilogue,
        _ => Kind::Other,
    }
}

/// Looks through a binary's disassembly. In handlers no indirect call may stand; slow paths
/// may call natives through pointers, but nothing may follow such a call but the return.
fn disassemble(binary: &str) -> std::io::Result<BTreeMap<Link, Found>> {
    let mut objdump = Command::new("objdump")
        .args([
            "--disassemble",
            "--no-show-raw-insn",
            "--section=.text",
            binary,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let lines = BufReader::with_capacity(1 << 20, objdump.stdout.take().expect("a pipe")).lines();
    let mut found: BTreeMap<Link, Found> = BTreeMap::new();
    let mut current: Option<(Link, String)> = None;
    let mut pending: Option<String> = None;
    for line in lines {
        let line = line?;
        if let Some(symbol) = line
            .strip_suffix(">:")
            .and_then(|l| Some(l.split_once('<')?.1))
        {
            current = Link::of(symbol).map(|link| (link, symbol.to_owned()));
            pending = None;
            if let Some((link, _)) = current {
                found.entry(link).or_default().functions += 1;
            }
            continue;
        }
        let Some((link, symbol)) = &current else {
            continue;
        };
        let Some((_, text)) = line.split_once(":\t") else {
            continue;
        };
        let entry = found.entry(*link).or_default();
        let is_handler = matches!(link, Link::TailHandler | Link::ClosureBody);
        match kind(text) {
            Kind::IndirectCall if is_handler => entry.stray.push(format!("{symbol}: {text}")),
            Kind::IndirectCall => pending = Some(text.to_owned()),
            Kind::IndirectJump => {
                entry.jumps += 1;
                pending = None;
            }
            Kind::Return => {
                if let Some(call) = pending.take() {
                    entry.stray.push(format!("{symbol}: {call}"));
                }
            }
            Kind::Epilogue => {}
            Kind::Other => pending = None,
        }
    }
    let status = objdump.wait()?;
    assert!(status.success(), "objdump: {status}");
    Ok(found)
}

#[test]
fn no_handler_calls_the_next_one() {
    let binary = env!("CARGO_BIN_EXE_ceval");
    let found = match disassemble(binary) {
        Ok(found) => found,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("not checked: objdump (binutils) is not installed");
            return;
        }
        Err(e) => panic!("objdump: {e}"),
    };
    for link in [
        Link::TailHandler,
        Link::TailSlow,
        Link::ClosureBody,
        Link::ClosureSlow,
    ] {
        let found = found
            .get(&link)
            .unwrap_or_else(|| panic!("{binary} has no symbol of {link:?}"));
        println!(
            "{link:?}: {} functions, {} indirect jumps",
            found.functions, found.jumps
        );
        // Three models with more than a hundred instructions each; equal ones may be folded.
        assert!(
            found.functions >= 100,
            "only {} functions of {link:?} were found",
            found.functions
        );
        assert!(
            found.jumps * 2 >= found.functions,
            "{link:?}: only {} jumps",
            found.jumps
        );
        let stray = &found.stray;
        let shown: Vec<&str> = stray.iter().take(10).map(String::as_str).collect();
        assert!(
            stray.is_empty(),
            "{} calls in {link:?}:\n{}",
            stray.len(),
            shown.join("\n")
        );
    }
}

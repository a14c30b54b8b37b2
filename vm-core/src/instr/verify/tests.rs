//! What the compiler makes passes; what would read or drop what is not there does not.

use super::*;
use crate::instr::decode::decode;
use ceval_bytecode::Opcode::{self, *};
use ceval_compiler::{Dialect, Mode, Options, compile};
use std::path::Path;

fn verified(code: &CodeObject) -> Result<u32, BadBytecode> {
    verify(code, &mut decode(code)?)
}

/// The first complaint about a code object or those in it.
fn complaint(code: &CodeObject) -> Option<String> {
    if let Err(e) = verified(code) {
        return Some(format!("{} line {}: {e}", code.name, code.firstlineno));
    }
    let inner = code.consts.iter().filter_map(|c| match c {
        Constant::Code(c) => Some(c),
        _ => None,
    });
    inner.filter_map(|c| complaint(c)).next()
}

fn compiled(source: &[u8]) -> Option<CodeObject> {
    let options = Options {
        dialect: Dialect::Default,
        ..Options::default()
    };
    compile(source, "test.py", Mode::Exec, &options)
        .ok()
        .map(|c| c.code)
}

#[test]
fn the_golden_programs_pass() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
    let mut count = 0;
    for folder in ["cases", "runtime_errors"] {
        for entry in std::fs::read_dir(golden.join(folder)).expect("the golden corpus") {
            let path = entry.expect("a directory entry").path();
            if path.extension().is_none_or(|e| e != "py") {
                continue;
            }
            let source = std::fs::read(&path).expect("a source");
            let code = compiled(&source).expect("it compiles");
            assert_eq!(complaint(&code), None, "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 300, "{count} programs");
}

/// Statements in one another as deeply as CPython's 20 blocks allow, each sort in each.
#[test]
fn nested_statements_pass() {
    let heads = [
        ("try:", "finally:\n{}  f()"),
        ("try:", "except A as e:\n{}  f()\n{}except B:\n{}  return 1"),
        ("with a as b, c:", "f()"),
        ("async with a as b:", "f()"),
        ("async for a in b:", "f()"),
        ("for a in b:", "else:\n{}  f()"),
        ("while a:", "f()"),
    ];
    for outer in 0..heads.len() {
        for inner in 0..heads.len() {
            for last in ["return f()", "break", "continue", "raise", "f()"] {
                let mut source = String::from("async def g():\n while x:\n");
                let mut tails = Vec::new();
                for level in 0..9 {
                    let (head, tail) = heads[if level % 2 == 0 { outer } else { inner }];
                    let indent = " ".repeat(level + 2);
                    source.push_str(&format!("{indent}{head}\n"));
                    tails.push(format!("{indent}{}\n", tail.replace("{}", &indent)));
                }
                source.push_str(&format!("{}{last}\n", " ".repeat(11)));
                source.extend(tails.into_iter().rev());
                let code = compiled(source.as_bytes()).unwrap_or_else(|| panic!("{source}"));
                assert_eq!(complaint(&code), None, "{source}");
            }
        }
    }
}

/// Each `finally` stands in another one, which holds something of its own.
#[test]
fn nested_finally_clauses_pass() {
    let mut source = String::from("def g():\n while x:\n");
    for level in 2..20 {
        let indent = " ".repeat(level);
        source.push_str(&format!(
            "{indent}try:\n{indent} if f(): break\n{indent} return 1\n{indent}finally:\n"
        ));
    }
    source.push_str(&format!("{}f()\n", " ".repeat(20)));
    let code = compiled(source.as_bytes()).expect("it compiles");
    assert_eq!(complaint(&code), None);
}

/// CPython's optimiser takes four bytes behind a `return` for a whole instruction and a return. Here the
/// fourth is the operand of a jump, whose other byte stays, in code that is never reached.
#[test]
fn halves_of_instructions_in_dead_code_pass() {
    let code = of(&[ReturnValue as u8, PopTop as u8, 0, 200, END_OF_CODE]);
    let mut code = code;
    code.code.splice(0..0, [LoadConst as u8, 0, 0]);
    let mut decoded = decode(&code).expect("it is decoded");
    assert_eq!(verify(&code, &mut decoded), Ok(1));
    assert_eq!(decoded.instructions[2], DEAD);
    code.code[0] = 0;
    let reason = verified(&code).expect_err("reached").reason;
    assert_eq!(reason, "unknown opcode 0");
}

const END_OF_CODE: u8 = Opcode::ReturnValue as u8;

/// Code of a function with these bytes: two constants (None, 1), a name, a local, a cell.
fn of(bytes: &[u8]) -> CodeObject {
    let mut code = compiled(b"def f(a): pass\n").expect("it compiles");
    code.code = bytes.to_vec();
    code.consts = vec![Constant::None, Constant::Int(1.into())];
    code.names = vec!["n".into()];
    code.varnames = vec!["a".into()];
    code.nlocals = 1;
    code.cellvars = vec!["c".into()];
    code.stacksize = 0;
    code
}

/// Code of instructions with their operands; jumps are to byte offsets.
fn assembled(parts: &[(Opcode, u16)]) -> CodeObject {
    let mut bytes = Vec::new();
    for &(opcode, arg) in parts {
        bytes.push(opcode as u8);
        if opcode as u8 >= ceval_bytecode::opcode::HAVE_ARGUMENT {
            bytes.extend(arg.to_le_bytes());
        }
    }
    of(&bytes)
}

#[test]
fn unsound_code_is_refused() {
    let none = (LoadConst, 0);
    let one = (LoadConst, 1);
    let end = (ReturnValue, 0);
    let cases: &[(&[(Opcode, u16)], &str)] = &[
        (&[end], "stack underflow"),
        (&[one, (BinaryAdd, 0), end], "stack underflow"),
        (
            &[(LoadFast, 1), end],
            "operand 1 of load_fast is out of range",
        ),
        (
            &[(LoadDeref, 1), end],
            "operand 1 of load_deref is out of range",
        ),
        (
            &[one, (YieldValue, 0), end],
            "yield_value outside a generator",
        ),
        (
            &[one, one, (YieldFrom, 0), end],
            "yield_from outside a generator",
        ),
        (
            &[one, (BuildSlice, 1), end],
            "build_slice of neither two nor three",
        ),
        (
            &[one, (RaiseVarargs, 3)],
            "operand 3 of raise_varargs is out of range",
        ),
        // A list that is not there, and one below the block that the instruction stands in.
        (&[one, (ListAppend, 1), none, end], "stack underflow"),
        (&[one, one, (MapAdd, 1), none, end], "stack underflow"),
        (
            &[none, (BuildMapUnpackWithCall, 1), end],
            "build_map_unpack_with_call names no function",
        ),
        (
            &[none, (BuildMapUnpackWithCall, 0x201), end],
            "stack underflow",
        ),
        // Blocks that are not there or of another kind.
        (&[(PopBlock, 0), none, end], "no block to pop"),
        (&[(PopExcept, 0), none, end], "no block to pop"),
        (&[(BreakLoop, 0)], "no block to leave"),
        (&[(ContinueLoop, 0)], "no block to leave"),
        (
            &[(SetupExcept, 1), (BreakLoop, 0), none, end],
            "no block to leave",
        ),
        (
            &[(SetupLoop, 1), (PopExcept, 0), none, end],
            "a block of another kind ends",
        ),
        // A value from before the block is taken inside it: the handler would find it missing.
        (
            &[one, (SetupFinally, 1), (PopTop, 0), none, end],
            "stack underflow",
        ),
        // What END_FINALLY and WITH_CLEANUP_START find is no mark of theirs.
        (
            &[one, (EndFinally, 0), none, end],
            "a finally ends that was not entered",
        ),
        (
            &[one, (WithCleanupStart, 0), none, end],
            "no finally to clean up in",
        ),
        (
            &[none, (WithCleanupStart, 0), none, end],
            "no finally to clean up in",
        ),
        (
            &[none, one, one, (WithCleanupFinish, 0), none, end],
            "no context manager was left",
        ),
        // A handler's values in another order, twice the class, the mark of a `finally` popped.
        (
            &[(SetupExcept, 4), none, end, (RotTwo, 0), (EndFinally, 0)],
            "a finally ends that was not entered",
        ),
        (
            &[(SetupExcept, 4), none, end, (DupTop, 0), (EndFinally, 0)],
            "half an exception is raised again",
        ),
        (
            &[(SetupFinally, 4), none, end, (PopTop, 0), none, end],
            "what a handler holds is used as a value",
        ),
        (
            &[(SetupFinally, 4), none, end, none, (RotTwo, 0), end],
            "what a handler holds is used as a value",
        ),
        // The block of a loop around a `finally` ends inside it.
        (
            &[
                (SetupLoop, 8),
                (SetupFinally, 4),
                none,
                end,
                (PopBlock, 0),
                none,
                end,
            ],
            "a block ends inside a finally",
        ),
        // Each turn of the loop leaves a value, or a block.
        (
            &[one, (JumpAbsolute, 0)],
            "reached with too many different stacks",
        ),
        (
            &[(SetupLoop, 0), (JumpAbsolute, 0)],
            "reached with too many different stacks",
        ),
        (
            &[one, (UnpackSequence, 0xffff), (JumpAbsolute, 0)],
            "reached with too many different stacks",
        ),
    ];
    for (parts, wanted) in cases {
        let reason = match verified(&assembled(parts)) {
            Ok(depth) => panic!("{parts:?} passes with depth {depth}"),
            Err(e) => e.reason,
        };
        assert_eq!(reason, *wanted, "{parts:?}");
    }
}

#[test]
fn sound_code_passes_with_its_depth() {
    let none = (LoadConst, 0);
    let end = (ReturnValue, 0);
    let cases: &[(&[(Opcode, u16)], u32)] = &[
        (&[none, end], 1),
        (&[none, (DupTopTwo, 0), end], 0),
        // What stands in a `finally`: eight words.
        (
            &[
                (SetupFinally, 4),
                (PopBlock, 0),
                none,
                (EndFinally, 0),
                none,
                end,
            ],
            8,
        ),
        // The exception before and the one handled: six.
        (
            &[
                (SetupExcept, 4),
                (PopBlock, 0),
                (JumpForward, 4),
                (PopTop, 0),
                (PopTop, 0),
                (PopTop, 0),
                (PopExcept, 0),
                none,
                end,
            ],
            6,
        ),
    ];
    for (parts, wanted) in cases {
        match verified(&assembled(parts)) {
            Ok(depth) => assert_eq!(depth, *wanted, "{parts:?}"),
            Err(e) => assert_eq!(
                (e.reason.as_str(), *wanted),
                ("stack underflow", 0),
                "{parts:?}"
            ),
        }
    }
}

#[test]
fn counts_are_checked() {
    let mut code = assembled(&[(LoadConst, 0), (ReturnValue, 0)]);
    code.argcount = 2;
    let reason = verified(&code).expect_err("one local").reason;
    assert_eq!(reason, "more parameters than locals");
    code.argcount = 1;
    code.nlocals = 2;
    let reason = verified(&code).expect_err("one name").reason;
    assert_eq!(reason, "the number of locals is not that of their names");
}

//! Damaged `.pyc` files: they run, are refused or end in an exception, and never crash the machine.

mod process;

use ceval_bytecode::marshal::{PycHeader, write_pyc};
use ceval_bytecode::{CodeObject, Constant};
use ceval_compiler::{Mode, Options, compile};
use process::{ceval, finish};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No loop runs long however its parts are exchanged: each counts down what is gone when it is used up.
const PROGRAMS: [&str; 4] = [
    "\
def f(x):
    try:
        return 1 // x
    except ZeroDivisionError as e:
        raise ValueError(x) from e
    finally:
        print('done')
for i in (1, 0):
    try:
        f(i)
    except ValueError as e:
        print(repr(e.__cause__))
        continue
",
    "\
class M:
    def __enter__(self): return self
    def __exit__(self, *a): return True
for i in (0, 1, 2):
    with M() as m, M():
        if i: continue
        1 / 0
",
    "\
def g(a, *b, c=3, **d):
    def h():
        nonlocal a
        a = [x + a for x in b if x]
        return a
    yield h
    yield from (c, d)
print([x for x in g(1, 2, 3, e=4)][1:])
",
    "\
class A:
    k = 1
    def m(self, *a): return self.k, a, __class__
print(A().m(*[1, 2], **{}), {**{'a': 1}}, [*'ab'])
a, *b = 1, 2, 3
",
];

/// A small generator of pseudo-random numbers (Knuth's constants).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Damages this code object or one of those in it.
fn damage(code: &mut CodeObject, random: &mut Random) {
    let inner: Vec<usize> = (0..code.consts.len())
        .filter(|&i| matches!(code.consts[i], Constant::Code(_)))
        .collect();
    if !inner.is_empty() && random.below(3) > 0 {
        let place = inner[random.below(inner.len())];
        if let Constant::Code(c) = &mut code.consts[place] {
            let mut damaged = CodeObject::clone(c);
            damage(&mut damaged, random);
            *c = Arc::new(damaged);
        }
        return;
    }
    for _ in 0..1 + random.below(2) {
        damage_instruction(&mut code.code, random);
    }
    match random.below(12) {
        0 => code.stacksize = 0,
        1 => code.flags ^= 1 << random.below(9),
        2 => code.argcount = random.below(4) as u32,
        3 => code.freevars.push("a".into()),
        _ => {}
    }
}

/// Changes an opcode for one of the same size, or an operand.
fn damage_instruction(code: &mut [u8], random: &mut Random) {
    const HAVE_ARGUMENT: u8 = ceval_bytecode::opcode::HAVE_ARGUMENT;
    let mut starts = Vec::new();
    let mut at = 0;
    while at < code.len() {
        starts.push(at);
        at += if code[at] < HAVE_ARGUMENT { 1 } else { 3 };
    }
    let at = starts[random.below(starts.len())];
    let wide = code[at] >= HAVE_ARGUMENT;
    if wide && random.below(2) == 0 && at + 1 < code.len() {
        code[at + 1] = random.below(8) as u8;
        return;
    }
    loop {
        let byte = random.below(256) as u8;
        if ceval_bytecode::Opcode::from_u8(byte).is_some() && (byte >= HAVE_ARGUMENT) == wide {
            code[at] = byte;
            return;
        }
    }
}

fn folder() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pyc-{}", std::process::id()));
    std::fs::create_dir_all(&path).expect("a folder for temporary files");
    path
}

#[test]
fn damage_does_no_harm() {
    let folder = folder();
    let mut random = Random(SEED);
    let (mut ran, mut refused) = (0, 0);
    for i in 0..COUNT {
        let source = PROGRAMS[i % PROGRAMS.len()].as_bytes();
        let compiled = compile(source, "program.py", Mode::Exec, &Options::default());
        let mut code = compiled.expect("it compiles").code;
        damage(&mut code, &mut random);
        let bytes = write_pyc(&code, PycHeader::default()).expect("it can be written");
        std::fs::write(folder.join("program.pyc"), bytes).expect("a temporary file");
        let ended = finish(ceval(&folder, &["program.pyc"]), b"");
        let errors = ended.errors();
        assert!(
            matches!(ended.code(), Some(0..=2)) && !errors.contains("panicked"),
            "seed {SEED}, file {i}: {}\n{errors}",
            ended.ending()
        );
        match errors.contains("damaged code object") || errors.contains("bad bytecode") {
            true => refused += 1,
            false => ran += 1,
        }
    }
    // Both sorts are frequent, so that both are tested.
    assert!(
        ran > COUNT / 10 && refused > COUNT / 10,
        "{ran} ran, {refused} were refused"
    );
    let _ = std::fs::remove_dir_all(folder);
}

/// A closure must be a tuple of as many cells as the code has free variables.
#[test]
fn closures_hold_cells() {
    let folder = folder().join("closures");
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    let source = b"def f():\n    a = 1\n    def g(): return a\n    return g()\nf()\n";
    let compiled = compile(source, "program.py", Mode::Exec, &Options::default());
    let mut code = compiled.expect("it compiles").code;
    let Some(Constant::Code(f)) = code
        .consts
        .iter_mut()
        .find(|c| matches!(c, Constant::Code(_)))
    else {
        panic!("a function");
    };
    let mut damaged = CodeObject::clone(f);
    // LOAD_CLOSURE becomes LOAD_CONST: the tuple holds None.
    let place = damaged
        .code
        .iter()
        .position(|&b| b == 135)
        .expect("LOAD_CLOSURE");
    damaged.code[place] = 100;
    *f = Arc::new(damaged);
    let bytes = write_pyc(&code, PycHeader::default()).expect("it can be written");
    std::fs::write(folder.join("program.pyc"), bytes).expect("a temporary file");
    let ended = finish(ceval(&folder, &["program.pyc"]), b"");
    assert_eq!(ended.code(), Some(1), "{}", ended.errors());
    let last = "SystemError: a closure that is not a tuple of the code's cells\n";
    assert!(ended.errors().ends_with(last), "{}", ended.errors());
    let _ = std::fs::remove_dir_all(folder);
}

/// Files to try; with this seed none of them loops for ever.
const COUNT: usize = 300;
const SEED: u64 = 1;

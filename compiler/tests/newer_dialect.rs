//! The default dialect: what newer syntax lowers to, and what stays refused in either dialect.

use ceval_bytecode::instructions::Instructions;
use ceval_bytecode::{CodeObject, Constant, dump, flags};
use ceval_compiler::{CompileError, Dialect, Mode, Options, compile_text};

fn compile_in(source: &str, dialect: Dialect) -> Result<CodeObject, CompileError> {
    let options = Options {
        dialect,
        ..Options::default()
    };
    let compiled = compile_text(source, "<test>", Mode::Exec, &options);
    compiled.map(|compiled| compiled.code)
}

fn newer(source: &str) -> CodeObject {
    let code = compile_in(source, Dialect::Default);
    let code = code.unwrap_or_else(|error| panic!("{source}: {error}"));
    ceval_bytecode::verify::verify(&code).unwrap_or_else(|error| panic!("{source}: {error}"));
    let refused = compile_in(source, Dialect::Python35);
    assert!(refused.is_err(), "{source}: 3.5 refuses it");
    code
}

/// The instructions of the code object called `name`: names with operands in words.
fn listing(root: &CodeObject, name: &str) -> String {
    let mut found = None;
    dump::walk(root, &mut |_, code| {
        if code.name == name {
            found = Some(code);
        }
    });
    let code = found.unwrap_or_else(|| panic!("no code object {name}"));
    let lines: Vec<String> = Instructions::new(code)
        .map(|instruction| {
            let mut words = instruction.argrepr(code);
            if words.is_empty() {
                words = instruction
                    .arg
                    .map(|arg| arg.to_string())
                    .unwrap_or_default();
            }
            format!("{} {words}", instruction.opname())
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("; ")
}

fn code_of<'a>(root: &'a CodeObject, name: &str) -> &'a CodeObject {
    dump::nested(root)
        .find(|code| code.name == name)
        .unwrap_or_else(|| panic!("no code object {name}"))
}

fn message(source: &str) -> String {
    match compile_in(source, Dialect::Default) {
        Ok(_) => panic!("{source} compiles"),
        Err(error) => error.message,
    }
}

#[test]
fn replacement_fields() {
    let code = newer("f'a{x!r:>{n}}b' 'c'\n");
    assert_eq!(
        listing(&code, "<module>"),
        "LOAD_CONST 'a'; LOAD_NAME x; LOAD_CONST '>'; LOAD_NAME n; FORMAT_VALUE 0; \
         BUILD_STRING 2; FORMAT_VALUE 6; LOAD_CONST 'bc'; BUILD_STRING 3; POP_TOP; \
         LOAD_CONST None; RETURN_VALUE"
    );
}

#[test]
fn variable_annotations() {
    let code = newer("class C:\n    'doc'\n    a: int = 1\n    b: str\n");
    assert_eq!(
        listing(&code, "C"),
        "LOAD_NAME __name__; STORE_NAME __module__; LOAD_CONST 'C'; STORE_NAME __qualname__; \
         SETUP_ANNOTATIONS; LOAD_CONST 'doc'; STORE_NAME __doc__; LOAD_CONST 1; STORE_NAME a; \
         LOAD_NAME int; LOAD_NAME __annotations__; LOAD_CONST 'a'; STORE_SUBSCR; \
         LOAD_NAME str; LOAD_NAME __annotations__; LOAD_CONST 'b'; STORE_SUBSCR; \
         LOAD_CONST None; RETURN_VALUE"
    );
    let code = newer("def f():\n    a: undefined = 1\n    b: undefined\n");
    assert_eq!(
        listing(&code, "f"),
        "LOAD_CONST 1; STORE_FAST a; LOAD_CONST None; RETURN_VALUE"
    );
}

#[test]
fn annotations_as_text() {
    let code = newer(
        "from __future__ import annotations\n\
         def f(a: List[int, 'x'], b: (lambda q, *, r=1: -q ** 2) = 3) -> (1 + 2) * c.d: pass\n",
    );
    let texts: Vec<String> = code
        .consts
        .iter()
        .filter_map(|constant| match constant {
            Constant::Str(text) => Some(text.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(
        texts[..3],
        [
            "List[int, 'x']",
            "lambda q, *, r=1: -q ** 2",
            "(1 + 2) * c.d"
        ]
    );
    assert_ne!(code.flags & flags::CO_FUTURE_ANNOTATIONS, 0);
}

#[test]
fn assignment_expressions() {
    let code = newer("def f():\n    if (n := g()) > 1: return n\n");
    assert_eq!(
        listing(&code, "f"),
        "LOAD_GLOBAL g; CALL_FUNCTION 0 positional, 0 keyword pair; DUP_TOP; STORE_FAST n; \
         LOAD_CONST 1; COMPARE_OP >; POP_JUMP_IF_FALSE 23; LOAD_FAST n; RETURN_VALUE; \
         LOAD_CONST None; RETURN_VALUE"
    );
    // Inside a comprehension the name belongs to the function around it.
    let code = newer("def f():\n    return any((last := q) for q in r), last\n");
    assert_eq!(code_of(&code, "f").cellvars, ["last"]);
    let code = newer("[[(total := b) for b in a] for a in c]\n");
    assert!(listing(&code, "<module>").contains("LOAD_NAME c"));
    let inner = code_of(code_of(&code, "<listcomp>"), "<listcomp>");
    assert!(listing(inner, "<listcomp>").contains("STORE_GLOBAL total"));
    assert_eq!(
        message("[q := 1 for q in r]\n"),
        "assignment expression cannot rebind comprehension iteration variable 'q'"
    );
    assert_eq!(
        message("class C:\n    [q := 1 for r in s]\n"),
        "assignment expression within a comprehension cannot be used in a class body"
    );
}

#[test]
fn positional_only_parameters() {
    let code = newer("def f(a, b=1, /, c=2, *, d): pass\n");
    let f = code_of(&code, "f");
    assert_eq!((f.posonlyargcount, f.argcount, f.kwonlyargcount), (2, 3, 1));
    assert_eq!(f.varnames, ["a", "b", "c", "d"]);
}

#[test]
fn asynchronous_generators_and_comprehensions() {
    let code = newer("async def f():\n    yield await g()\n");
    let kinds = flags::CO_GENERATOR | flags::CO_COROUTINE | flags::CO_ASYNC_GENERATOR;
    assert_eq!(code_of(&code, "f").flags & kinds, flags::CO_ASYNC_GENERATOR);

    let code = newer("async def f():\n    return [i async for i in g() if await i]\n");
    let f = code_of(&code, "f");
    assert!(listing(f, "f").ends_with(
        "GET_AITER; LOAD_CONST None; YIELD_FROM; \
         CALL_FUNCTION 1 positional, 0 keyword pair; GET_AWAITABLE; LOAD_CONST None; \
         YIELD_FROM; RETURN_VALUE"
    ));
    let inner = code_of(f, "<listcomp>");
    assert_eq!(inner.flags & kinds, flags::CO_COROUTINE);

    let code = newer("async def f():\n    return (i async for i in g())\n");
    let inner = code_of(code_of(&code, "f"), "<genexpr>");
    assert_eq!(inner.flags & kinds, flags::CO_ASYNC_GENERATOR);

    assert_eq!(
        message("async def f():\n    return [[i async for i in g()] for j in h]\n"),
        "asynchronous comprehension outside of an asynchronous function"
    );
    assert_eq!(
        message("async def f():\n    yield 1\n    return 2\n"),
        "'return' with value in async generator"
    );
    assert_eq!(
        message("async def f():\n    yield from g()\n"),
        "'yield from' inside async function"
    );
}

#[test]
fn what_both_accept_is_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/cases");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the golden cases") {
        let path = entry.expect("a directory entry").path();
        let source = std::fs::read(&path).expect("a source");
        let compile = |dialect| {
            let options = Options {
                dialect,
                ..Options::default()
            };
            ceval_compiler::compile(&source, "<test>", Mode::Exec, &options)
        };
        let older = compile(Dialect::Python35).expect("it compiles");
        let newer = compile(Dialect::Default);
        assert_eq!(newer.as_ref(), Ok(&older), "{}", path.display());
        count += 1;
    }
    assert!(count > 200);
}

//! The front end as a whole: what it refuses and how, where nodes are, how deep it goes.
//!
//! Expected errors are CPython 3.5.1's, from the golden corpus; expected positions were read
//! off CPython's `ast` module.

use std::fs;
use std::path::{Path, PathBuf};

use ceval_compiler::ast::{Ast, Expr, ExprKind, Mod, Stmt, StmtKind};
use ceval_compiler::decode::{Origin, decode};
use ceval_compiler::parse::parse;
use ceval_compiler::{CompileError, Dialect, ErrorKind, Mode};

fn golden(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/golden")
        .join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(root)
        .expect("the golden corpus is part of the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();
    paths
}

fn parse_bytes(bytes: &[u8], name: &str, dialect: Dialect) -> Result<Ast, CompileError> {
    let source = decode(bytes, name, Origin::Object)?;
    parse(&source, name, Mode::Exec, dialect, 0)
}

fn parse35(source: &str) -> Result<Ast, CompileError> {
    parse(source, "f.py", Mode::Exec, Dialect::Python35, 0)
}

fn parse_newer(source: &str) -> Result<Ast, CompileError> {
    parse(source, "f.py", Mode::Exec, Dialect::Default, 0)
}

/// Runs `work` with the stack that the compiler promises to itself.
fn on_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("no panic")
}

/// `class|message|line|offset`
fn describe(error: &CompileError) -> String {
    let number = |n: Option<u32>| n.map_or("None".to_owned(), |n| n.to_string());
    format!(
        "{}|{}|{}|{}",
        error.kind.class_name(),
        error.message,
        number(error.line),
        number(error.offset)
    )
}

#[test]
fn refused_programs_are_refused_as_by_cpython() {
    let mut refused = 0;
    let mut wrong = Vec::new();
    for path in golden("errors") {
        let expected = fs::read_to_string(path.with_extension("txt")).expect("its expectation");
        let expected: Vec<&str> = expected
            .lines()
            .take(4)
            .map(|line| line.split_once(": ").map_or("", |(_, value)| value))
            .collect();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&path).expect("a readable program");
        // The others are for the symbol table and the code generator.
        if let Err(error) = parse_bytes(&bytes, &name, Dialect::Python35) {
            refused += 1;
            let found = describe(&error);
            if found != expected.join("|") {
                wrong.push(format!("{name}: {found}, not {}", expected.join("|")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(refused, 178);
}

#[test]
fn both_dialects_take_what_cpython_takes() {
    for path in golden("cases") {
        let bytes = fs::read(&path).expect("a readable program");
        let tree = |dialect| {
            let tree = parse_bytes(&bytes, "f.py", dialect);
            format!(
                "{:?}",
                tree.unwrap_or_else(|error| panic!("{path:?}: {error}"))
                    .root
            )
        };
        assert_eq!(tree(Dialect::Python35), tree(Dialect::Default), "{path:?}");
    }
}

#[test]
fn errors_beyond_the_corpus() {
    for (source, expected) in [
        (
            "f(**k, *a, 1)\n",
            "SyntaxError|iterable argument unpacking follows keyword argument unpacking|1|7",
        ),
        (
            "f((a)=1, a=2)\n",
            "SyntaxError|keyword argument repeated|1|9",
        ),
        (
            "x = 'a\\\nb\n",
            "SyntaxError|EOL while scanning string literal|2|10",
        ),
        (
            "if x:\n\ty\n        z\n",
            "TabError|inconsistent use of tabs and spaces in indentation|3|10",
        ),
        (
            "def f():\n    x\n   y\n",
            "IndentationError|unindent does not match any outer indentation level|3|5",
        ),
        (
            "import a as __debug__\n",
            "SyntaxError|assignment to keyword|1|12",
        ),
        ("del f(), x\n", "SyntaxError|can't delete function call|1|4"),
        ("x = y = 1 = z\n", "SyntaxError|can't assign to literal|1|8"),
        ("1e+x\n", "SyntaxError|invalid token|1|3"),
        ("x = 'é' $\n", "SyntaxError|invalid syntax|1|9"),
        ("print x, (y)\n", "SyntaxError|invalid syntax|1|7"),
        (
            "if a: exec x\n",
            "SyntaxError|Missing parentheses in call to 'exec'|1|12",
        ),
        (
            "def f():\n    x = (1,\n",
            "SyntaxError|unexpected EOF while parsing|2|12",
        ),
        ("1 <> 2\n", "SyntaxError|invalid syntax|1|4"),
        (
            "from __future__ import barry_as_FLUFL
1 <> 2
",
            "SyntaxError|invalid syntax|2|4",
        ),
    ] {
        let error = parse35(source).map(|_| ()).expect_err(source);
        assert_eq!(describe(&error), expected, "{source:?}");
    }
    assert!(parse("1 <> 2", "f.py", Mode::Eval, Dialect::Python35, 0x40000).is_ok());
    let null = parse35("x = 1\0").map(|_| ()).expect_err("a null byte");
    assert_eq!(null.kind, ErrorKind::ValueError);
}

#[test]
fn modes() {
    let parse = |source, mode| parse(source, "f.py", mode, Dialect::Python35, 0);
    assert!(matches!(
        parse("1, 2\n\n", Mode::Eval).map(|a| a.root),
        Ok(Mod::Expression(_))
    ));
    assert!(parse("x = 1", Mode::Eval).is_err());
    for source in ["x = 1\n# more\n\n", "if x:\n  y\n\n", "x; y\n"] {
        assert!(
            matches!(
                parse(source, Mode::Single).map(|a| a.root),
                Ok(Mod::Interactive(_))
            ),
            "{source:?}"
        );
    }
    let error = parse("x = 1\ny = 2\n", Mode::Single)
        .map(|_| ())
        .expect_err("two statements");
    assert_eq!(
        error.message,
        "multiple statements found while compiling a single statement"
    );
}

fn statements(ast: &Ast) -> &[Stmt] {
    match &ast.root {
        Mod::Module(body) | Mod::Interactive(body) => body,
        Mod::Expression(_) => panic!("not statements"),
    }
}

fn expression(source: &str) -> Expr {
    let ast = parse(source, "f.py", Mode::Eval, Dialect::Default, 0).expect(source);
    match ast.root {
        Mod::Expression(expr) => *expr,
        _ => panic!("not an expression"),
    }
}

#[test]
fn positions_of_expressions() {
    let position = |source| {
        let expr = expression(source);
        (expr.lineno, expr.col_offset)
    };
    assert_eq!(
        position("(\n a,\n b)"),
        (2, 1),
        "a tuple is where its inside begins"
    );
    assert_eq!(
        position("(\n x for x in y)"),
        (2, 1),
        "so is a generator expression"
    );
    assert_eq!(
        position("[\n x for x in y]"),
        (2, 1),
        "and a list comprehension"
    );
    assert_eq!(position("{\n x for x in y}"), (1, 0), "but no other");
    assert_eq!(position("[\n x, y]"), (1, 0));
    assert_eq!(position("(\n x)"), (2, 1), "parentheses do not count");
    assert_eq!(
        position("(\n x)(y).z[0]"),
        (2, 1),
        "trailers are where their base is"
    );
    assert_eq!(
        position("(\n x) ** y"),
        (1, 0),
        "operations are where their text begins"
    );
    assert_eq!(position("(a\n+ b + c - d)"), (2, 8), "except in a chain");
    assert_eq!(position("(a * b\n+ c)"), (1, 1), "of one precedence");
    assert_eq!(
        position("'''\n'''.x"),
        (2, u32::MAX),
        "strings are where they end"
    );
    assert_eq!(position("()"), (1, 0));
}

#[test]
fn positions_of_statements() {
    let position = |source: &str| {
        let ast = parse_newer(source).expect(source);
        let last = statements(&ast).last().expect("a statement");
        (last.lineno, last.col_offset)
    };
    assert_eq!(position("@a\n@b\ndef f(): pass\n"), (1, 0));
    assert_eq!(position("async def f(): pass\n"), (1, 6));
    assert_eq!(position("x;  y\n"), (1, 4));
    let ast = parse_newer("if a: pass\nelif (\n b): pass\n").expect("an if");
    let StmtKind::If { orelse, .. } = &statements(&ast)[0].kind else {
        panic!("not an if");
    };
    assert_eq!((orelse[0].lineno, orelse[0].col_offset), (2, 5));
    let ast = parse_newer("for (a, b), c in d: pass\n").expect("a for");
    let StmtKind::For(node) = &statements(&ast)[0].kind else {
        panic!("not a for");
    };
    assert_eq!((node.target.lineno, node.target.col_offset), (1, 5));
}

#[test]
fn lone_surrogates_survive() {
    let ExprKind::Str(text) = expression(r"'\ud800' 'x'").kind else {
        panic!("not a string");
    };
    assert_eq!(text.as_bytes(), b"\xed\xa0\x80x");
}

#[test]
fn identifiers_are_normalized() {
    let ast = parse35("ﬁ = 1\n").expect("a compatibility character");
    assert_eq!(
        ast.interner
            .find("fi")
            .map(|symbol| ast.interner.name(symbol)),
        Some("fi")
    );
}

#[test]
fn newer_syntax_is_for_the_default_dialect() {
    for source in [
        "x = f'{a!r:>{w}} {{}} {b=}'\n",
        "x = 1_000 + 0x_f + 1_0.0_1e1_0\n",
        "x: int = 3\n",
        "(x): int\n",
        "if (n := f()) > 1: pass\n",
        "print(f'{(lambda x: x)(1)}', y := 2)\n",
        "def f(a, /, b, *, c, **k,): pass\n",
        "f = lambda a, /, b: a\n",
        "async def f():\n    yield [x async for x in y if await x]\n",
        "def f(*args,): return *args, 1\n",
        "@a.b[0].c\ndef f(): pass\n",
        "() = x\n",
        "with (a as b, c as (d, e),): pass\n",
        "with (\n    f(x)[0] as b\n):\n    pass\n",
        "f(*a, **k,)\n",
    ] {
        assert!(
            parse_newer(source).is_ok(),
            "{source}: {:?}",
            parse_newer(source).err()
        );
        // A trailing comma after `**k` in a call is old.
        if source != "f(*a, **k,)\n" {
            assert!(parse35(source).is_err(), "{source}");
        }
    }
    for (source, message) in [
        ("match x:\n    case 1: pass\n", "'match' is not supported"),
        ("try: pass\nexcept* E: pass\n", "'except*' is not supported"),
        ("def f[T](x): pass\n", "type parameters are not supported"),
        ("type X = int\n", "'type' statements are not supported"),
        ("f'{a b}'\n", "invalid syntax"),
        ("f'{}'\n", "f-string: empty expression not allowed"),
        ("f'{a'\n", "f-string: expecting '}'"),
        ("f'}'\n", "f-string: single '}' is not allowed"),
        (
            "f'{a!x}'\n",
            "f-string: invalid conversion character: expected 's', 'r', or 'a'",
        ),
        ("def f(a, *, b, /): pass\n", "invalid syntax"),
        ("def f(**k, a): pass\n", "invalid syntax"),
        (
            "(a.b := 1)\n",
            "can only use assignment expressions with a name",
        ),
    ] {
        let error = parse_newer(source).map(|_| ()).expect_err(source);
        assert_eq!(error.message, message, "{source}");
    }
    for source in [
        "match = case = type = 1\nmatch(x)\nprint(type)\n",
        "async = await = 1\n",
    ] {
        assert!(
            parse_newer(source).is_ok() && parse35(source).is_ok(),
            "{source}"
        );
    }
}

#[test]
fn expressions_in_f_strings_have_true_positions() {
    let ExprKind::JoinedStr(parts) = expression("f'''a\n {x}'''").kind else {
        panic!("not an f-string");
    };
    let ExprKind::FormattedValue { value, .. } = &parts[1].kind else {
        panic!("not a replacement field");
    };
    assert_eq!((value.lineno, value.col_offset), (2, 2));
}

#[test]
fn depth_is_an_error_and_not_a_crash() {
    const MANY: usize = 100_000;
    on_large_stack(|| {
        let sources = [
            "(".repeat(MANY),
            format!("{}1{}", "(".repeat(MANY), ")".repeat(MANY)),
            format!("{}1{}", "[".repeat(MANY), "]".repeat(MANY)),
            format!("{}1{}", "{1: ".repeat(MANY), "}".repeat(MANY)),
            format!("{}1", "-".repeat(MANY)),
            format!("{}1", "not ".repeat(MANY)),
            format!("{}1", "lambda: ".repeat(MANY)),
            format!("{}1", "1 if 1 else ".repeat(MANY)),
            format!("{}1", "2 ** ".repeat(MANY)),
            format!("x{}", ".a".repeat(MANY)),
            format!("x{}", "()".repeat(MANY)),
            format!("x{}", "[0]".repeat(MANY)),
            format!("{}x", "x + ".repeat(MANY)),
            format!("if a: pass\n{}", "elif b: x = 1 if a else 2\n".repeat(MANY)),
            format!("[x {}]", "for x in y ".repeat(MANY)),
        ];
        for source in sources {
            for dialect in [Dialect::Python35, Dialect::Default] {
                let error = parse(&source, "f.py", Mode::Exec, dialect, 0).map(|_| ());
                let error = error.expect_err("too deep");
                assert!(
                    matches!(
                        error.kind,
                        ErrorKind::MemoryError | ErrorKind::RecursionError
                    ),
                    "{error}: {}",
                    &source[..20]
                );
            }
        }
        for source in [
            "x = 1\n".repeat(MANY),
            format!("x = {}1", "1, ".repeat(MANY)),
            format!("x = {}1", "1 and ".repeat(MANY)),
            format!("x = {}1", "1 + 1 < ".repeat(MANY)),
            format!("x = {}1", "y = ".repeat(MANY)),
            format!("{}x", "'a' ".repeat(MANY)),
        ] {
            assert!(
                parse35(&source).is_ok() || source.ends_with("'a' x"),
                "{}",
                &source[..20]
            );
        }
    });
}

/// A small generator of the same numbers everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}

/// Changes one to four places of `source`.
fn mutate(source: &[u8], random: &mut Random) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"(",
        b")",
        b"[",
        b"]",
        b"{",
        b"}",
        b"\n",
        b" ",
        b"\t",
        b"    ",
        b"'",
        b"\"",
        b"'''",
        b"\\",
        b":",
        b",",
        b"=",
        b"*",
        b"**",
        b".",
        b"#",
        b"f'{",
        b"async ",
        b"await ",
        b"lambda ",
        b"def ",
        b"yield ",
        b"if ",
        b"else ",
        b"for ",
        b"in ",
        b"with ",
        b"as ",
        b"0",
        b"1_",
        b"e",
        b"\xff",
        b"\xc3\xa9",
        b"\0",
        b"\r",
        b"\x0c",
        b"!",
        b":=",
        b"None",
        b"import ",
        b"from ",
        b"@",
        b"->",
    ];
    let mut text = source.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(8)).min(text.len());
        match random.below(5) {
            0 => drop(text.drain(at..end)),
            1 => text.truncate(at),
            2 => {
                let copied = text[at..end].to_vec();
                let to = random.below(text.len() + 1);
                text.splice(to..to, copied);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                text.splice(at..at, piece.iter().copied());
            }
        }
    }
    text
}

#[test]
fn mutated_programs_never_panic() {
    on_large_stack(|| {
        let rounds = std::env::var("CEVAL_MUTATIONS")
            .ok()
            .and_then(|n| n.parse().ok());
        let rounds: usize = rounds.unwrap_or(20_000);
        let programs: Vec<Vec<u8>> = golden("cases")
            .into_iter()
            .chain(golden("errors"))
            .map(|path| fs::read(path).expect("a readable program"))
            .filter(|program| program.len() < 4_000)
            .collect();
        let mut random = Random(35);
        let mut accepted = 0;
        for _ in 0..rounds {
            let program = &programs[random.below(programs.len())];
            let mutated = mutate(program, &mut random);
            let old = parse_bytes(&mutated, "f.py", Dialect::Python35);
            let newer = parse_bytes(&mutated, "f.py", Dialect::Default);
            if let Ok(old) = &old {
                accepted += 1;
                let newer = newer.as_ref().map(|ast| format!("{:?}", ast.root));
                let newer = newer.unwrap_or_else(|error| {
                    panic!("{error} in {:?}", String::from_utf8_lossy(&mutated))
                });
                assert_eq!(format!("{:?}", old.root), newer);
            }
            let lossy = String::from_utf8_lossy(&mutated);
            for mode in [Mode::Eval, Mode::Single] {
                let result = parse(&lossy, "f.py", mode, Dialect::Default, 0);
                assert!(result.is_ok() || result.is_err());
            }
        }
        // Some mutations only change a comment, a name or a number.
        assert!(
            accepted > rounds / 50,
            "only {accepted} of {rounds} were accepted"
        );
    });
}

//! Sources at and beyond the limits: deep, long, damaged. They compile or fail, but neither
//! crash nor hang.

mod mutate;

use ceval_compiler::{Dialect, ErrorKind, Mode, Options, compile, compile_text};

const OPTIONS: Options = Options {
    dialect: Dialect::Python35,
    flags: 0,
    optimize: 0,
};

fn outcome(source: &str) -> Result<(), ErrorKind> {
    let compiled = compile_text(source, "<test>", Mode::Exec, &OPTIONS);
    compiled.map(|_| ()).map_err(|error| error.kind)
}

#[test]
fn deep_nesting_is_a_recursion_error() {
    for (before, after) in [
        ("-", ""),
        ("not ", ""),
        ("1+", ""),
        ("lambda: ", ""),
        ("", ".b"),
    ] {
        let nested = |depth: usize| format!("{}a{}\n", before.repeat(depth), after.repeat(depth));
        assert_eq!(outcome(&nested(700)), Ok(()), "{before}a{after}");
        let result = outcome(&nested(60_000));
        assert!(
            matches!(
                result,
                Err(ErrorKind::RecursionError | ErrorKind::MemoryError)
            ),
            "{before}a{after}: {result:?}"
        );
    }
}

#[test]
fn the_recursion_limit_is_three_thousand_levels() {
    // The statement, the expression and one level for each operator.
    let chain = |terms: usize| vec!["a"; terms].join("+") + "\n";
    assert_eq!(outcome(&chain(2999)), Ok(()));
    assert_eq!(outcome(&chain(3001)), Err(ErrorKind::RecursionError));
}

#[test]
fn brackets_do_not_overflow() {
    for pair in ["()", "[]", "{}"] {
        let source = format!("{}{}\n", pair[..1].repeat(50_000), pair[1..].repeat(50_000));
        assert!(outcome(&source).is_err());
    }
    assert!(outcome(&"f(".repeat(50_000)).is_err());
    assert!(outcome(&"(".repeat(50_000)).is_err());
}

#[test]
fn long_sources_compile() {
    let elifs = "elif x:\n pass\n".repeat(2000);
    assert_eq!(outcome(&format!("if x:\n pass\n{}", &elifs)), Ok(()));
    assert_eq!(outcome(&"x = 1\n".repeat(100_000)), Ok(()));
    assert_eq!(
        outcome(&format!("x = [{}]\n", "1, ".repeat(100_000))),
        Ok(())
    );
    assert_eq!(outcome(&format!("'{}'\n", "y".repeat(1 << 20))), Ok(()));
    let names: String = (0..20_000).map(|i| format!("name{i} = {i}.5\n")).collect();
    assert_eq!(outcome(&names), Ok(()));
    let comparisons = vec!["a"; 5000].join(" < ");
    assert_eq!(outcome(&(comparisons + "\n")), Ok(()));
}

#[test]
fn long_jumps_take_an_extended_argument() {
    let body = "    x = f(x)\n".repeat(8000);
    let source = format!("while x:\n{body}    if x: break\n");
    let compiled = compile_text(&source, "<test>", Mode::Exec, &OPTIONS).expect("it compiles");
    assert_eq!(compiled.code.code[0], 144);
    assert_eq!(ceval_bytecode::verify::verify(&compiled.code), Ok(()));
}

/// 100,000 of anything: what fits compiles, what does not is an error.
#[test]
fn a_hundred_thousand_of_anything() {
    const N: usize = 100_000;
    let nested =
        |before: &str, after: &str| format!("x={}a{}\n", before.repeat(N), after.repeat(N));
    for (before, after) in [
        ("(", ")"),
        ("[", "]"),
        ("{", ""),
        ("-", ""),
        ("~", ""),
        ("not ", ""),
        ("lambda:", ""),
        ("2**", ""),
        ("1 if b else ", ""),
        ("*", ""),
        ("f'{", ""),
        ("", ".b"),
        ("", "()"),
        ("", "[0]"),
        ("x+", ""),
        ("", " for x in y"),
    ] {
        assert!(outcome(&nested(before, after)).is_err(), "{before}a{after}");
    }
    let elifs = format!("if a:\n pass\n{}", "elif b:\n pass\n".repeat(N));
    assert_eq!(outcome(&elifs), Err(ErrorKind::RecursionError));
    let indented: String = (0..N.min(2000))
        .map(|i| " ".repeat(i) + "if x:\n")
        .collect();
    assert_eq!(outcome(&indented), Err(ErrorKind::IndentationError));
    for flat in ["x = ", "a < ", "a and ", "'s' "] {
        assert_eq!(
            outcome(&(flat.repeat(N) + "y\n").replace("'s' y", "'s'")),
            Ok(()),
            "{flat}"
        );
    }
    assert_eq!(outcome(&("@d\n".repeat(N) + "def f(): pass\n")), Ok(()));
    assert_eq!(outcome(&"x=1;".repeat(N)), Ok(()));
    let tries = "try: a\nexcept B as e: c\nfinally: d\n".repeat(N / 4);
    assert_eq!(outcome(&tries), Ok(()));
    let lines = |form: &dyn Fn(usize) -> String| (0..N).map(form).collect::<String>();
    assert_eq!(
        outcome(&lines(&|i| format!("def f{i}(): return a\n"))),
        Ok(())
    );
    let assigned = lines(&|i| format!(" a{i} = 1\n"));
    let used = lines(&|i| format!("  a{i}\n"));
    assert_eq!(
        outcome(&format!("def f():\n{assigned} def g():\n{used}")),
        Ok(())
    );
}

/// Functions on one line are one constant if they are equal, and `1 == 1.0`: also among many.
#[test]
fn equal_functions_among_many_constants() {
    let numbers: String = (0..40).map(|i| format!("{i}.5, ")).collect();
    let lambdas: String = (0..10_000).map(|i| format!("lambda: {i}, ")).collect();
    let source = format!("[{numbers}{lambdas} lambda: 7.0, lambda: True, lambda: -1]\n");
    let compiled = compile_text(&source, "<test>", Mode::Exec, &OPTIONS);
    let consts = compiled.expect("it compiles").code.consts;
    let functions = consts
        .iter()
        .filter(|c| matches!(c, ceval_bytecode::Constant::Code(_)));
    assert_eq!(functions.count(), 10_001);
}

#[test]
fn a_number_of_many_digits() {
    let digits = "7".repeat(1_600_000);
    let source = format!("x = {digits}\n");
    let compiled = compile_text(&source, "<test>", Mode::Exec, &OPTIONS).expect("it compiles");
    let ceval_bytecode::Constant::Int(value) = &compiled.code.consts[0] else {
        panic!("an int");
    };
    // The leading digits fix the length, the remainder checks the others.
    assert_eq!(value.bits(), 5_315_085);
    assert_eq!(
        value % 1_000_000_007u32,
        digits
            .bytes()
            .fold(0u64, |r, d| (r * 10 + u64::from(d - b'0')) % 1_000_000_007)
            .into()
    );
}

#[test]
fn the_longest_source() {
    let limit = 64 << 20;
    let comment = format!("#{}\n", "c".repeat(limit - 2));
    assert_eq!(outcome(&comment), Ok(()));
    assert_eq!(outcome(&(comment + "\n")), Err(ErrorKind::MemoryError));
}

#[test]
fn null_bytes_are_an_error() {
    for source in ["\0", "x = 1\n\0\n", "'\0'", "#\0"] {
        assert_eq!(outcome(source), Err(ErrorKind::ValueError), "{source:?}");
    }
}

/// `examples/mutate.rs` does the same for longer.
#[test]
fn damaged_sources_do_not_crash() {
    let sources = mutate::sources(8_000);
    let mut random = mutate::Random(35);
    let mut survivors = 0;
    for i in 0..4_000 {
        let mut damaged = sources[random.below(sources.len())].clone();
        mutate::mutate(&mut damaged, &mut random);
        let options = Options {
            dialect: [Dialect::Python35, Dialect::Default][i % 2],
            ..OPTIONS
        };
        if let Ok(compiled) = compile(&damaged, "<test>", Mode::Exec, &options) {
            assert_eq!(ceval_bytecode::verify::verify(&compiled.code), Ok(()));
            survivors += 1;
        }
    }
    assert!(survivors > 100, "only {survivors} inputs compile");
}

//! Warnings: their texts, lines and order.

use ceval_compiler::{Mode, Options, Warning, WarningKind, compile_text};

fn warnings(source: &str) -> Vec<(u32, String)> {
    let found = compile_text(source, "<test>", Mode::Exec, &Options::default());
    let found: Vec<Warning> = match found {
        Ok(compiled) => compiled.warnings,
        Err(error) => error.warnings,
    };
    let lines = found.into_iter().map(|warning| {
        assert_eq!(warning.kind, WarningKind::SyntaxWarning);
        assert_eq!(warning.filename, "<test>");
        (warning.line, warning.message)
    });
    lines.collect()
}

#[test]
fn an_assertion_that_is_always_true() {
    let text = "assertion is always true, perhaps remove parentheses?";
    assert_eq!(warnings("\nassert (x, 'm')\n"), [(2, text.to_owned())]);
    assert_eq!(warnings("assert ()\nassert (x), 'm'\n"), []);
}

#[test]
fn declarations_after_use() {
    let source = "\
assert (f, g)
def f():
    a = 1
    b
    global a, b, c
    def g():
        nonlocal d
    d = 1
";
    let expected = [
        (5, "name 'a' is assigned to before global declaration"),
        (5, "name 'b' is used prior to global declaration"),
        (1, "assertion is always true, perhaps remove parentheses?"),
    ];
    let expected = expected.map(|(line, text)| (line, text.to_owned()));
    assert_eq!(warnings(source), expected);
}

#[test]
fn a_warning_before_an_error() {
    assert_eq!(
        warnings("x = 1\nnonlocal x\n"),
        [(
            2,
            "name 'x' is assigned to before nonlocal declaration".to_owned()
        )]
    );
}

/// `assert` warns with the warning itself; what the symbol table warns of becomes an error where the block starts.
#[test]
fn what_a_filter_makes_of_a_warning() {
    let source = "assert (x, 'm')\nx = 1\nglobal x\n\ndef f():\n    y\n    global y\n";
    let found = compile_text(source, "<test>", Mode::Exec, &Options::default());
    let lines = found.expect("it compiles").warnings.into_iter();
    let lines: Vec<_> = lines.map(|w| (w.line, w.error_line)).collect();
    assert_eq!(lines, [(3, Some(0)), (7, Some(5)), (1, None)]);
}

/// CPython has 256 bytes for the text and its end.
#[test]
fn long_names_are_cut() {
    let name = "n".repeat(300);
    let [(line, text)] = &warnings(&format!("{name}\nglobal {name}\n"))[..] else {
        panic!("one warning");
    };
    assert_eq!(*line, 2);
    assert_eq!(*text, format!("name '{}", &name[..249]));
}

#[test]
fn no_assertions_no_warning() {
    let options = Options {
        optimize: 1,
        ..Options::default()
    };
    let found = compile_text("assert (x, 'm')\n", "<test>", Mode::Exec, &options);
    assert_eq!(found.expect("it compiles").warnings, []);
}

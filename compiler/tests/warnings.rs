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

//! The optimisation levels of `-O` and `-OO`.

use ceval_bytecode::{CodeObject, Constant, dump};
use ceval_compiler::{Mode, Options, compile_text};

fn at_level(source: &str, optimize: u8) -> CodeObject {
    let options = Options {
        optimize,
        ..Options::default()
    };
    let compiled = compile_text(source, "<test>", Mode::Exec, &options);
    compiled.expect("the source compiles").code
}

#[test]
fn assertions_and_debug_blocks_vanish() {
    let source = "assert x, y\nif __debug__:\n    a\nelse:\n    b\n";
    assert_eq!(at_level(source, 0).names, ["x", "AssertionError", "y", "a"]);
    assert_eq!(at_level(source, 1).names, ["b"]);
    // What is not compiled is not warned of.
    let options = Options {
        optimize: 1,
        ..Options::default()
    };
    let compiled = compile_text("assert (x, y)\n", "<test>", Mode::Exec, &options);
    assert_eq!(compiled.map(|compiled| compiled.warnings), Ok(vec![]));
}

#[test]
fn docstrings_vanish() {
    let source = "'m'\ndef f():\n    'f'\nclass C:\n    'c'\n";
    let texts = |optimize| {
        let mut texts = Vec::new();
        dump::walk(&at_level(source, optimize), &mut |_, code| {
            for constant in &code.consts {
                if let Constant::Str(text) = constant
                    && ["m", "f", "c"].contains(&text.to_string().as_str())
                {
                    texts.push((code.name.clone(), text.to_string()));
                }
            }
        });
        texts
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    // The module also loads the function's qualified name, which is the same text.
    let qualified = pair("<module>", "f");
    let module = pair("<module>", "m");
    let expected = vec![module, qualified.clone(), pair("f", "f"), pair("C", "c")];
    assert_eq!(texts(1), expected);
    assert_eq!(texts(2), [qualified]);
    let code = at_level(source, 2);
    let function = dump::nested(&code).next().expect("a function");
    assert_eq!(function.consts[0], Constant::None);
}

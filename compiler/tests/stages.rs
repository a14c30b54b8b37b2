//! The inspection of each stage.

use ceval_compiler::stages::{Stage, inspect};
use ceval_compiler::{Mode, Options};

const SOURCE: &str = "def f(a, *b):\n    def g():\n        return a\n    return [g for c in b]\n";

fn stage(stage: Stage) -> String {
    let text = inspect(
        SOURCE.as_bytes(),
        "<test>",
        Mode::Exec,
        &Options::default(),
        stage,
    );
    text.expect("the source compiles")
}

#[test]
fn names_and_stages_agree() {
    for stage in Stage::ALL {
        assert_eq!(stage.name().parse(), Ok(stage));
    }
    let error = "bytes".parse::<Stage>();
    let told = "no such stage: bytes (there are tokens, ast, symtable, blocks, code)";
    assert_eq!(error, Err(told.to_owned()));
}

#[test]
fn tokens() {
    let text = stage(Stage::Tokens);
    assert!(
        text.starts_with("1:0      NAME              'def'\n1:4      NAME              'f'\n"),
        "{text}"
    );
    assert!(
        text.contains("\n1:7      COMMA             ','\n"),
        "{text}"
    );
    assert!(text.contains("\n1:13     NEWLINE\n"), "{text}");
    assert!(
        text.contains("\n2:4      INDENT\n2:4      NAME  "),
        "{text}"
    );
    assert!(text.ends_with("ENDMARKER\n"), "{text}");
}

#[test]
fn tree() {
    let text = stage(Stage::Ast);
    let start = "Module\n  FunctionDef f 1:0\n    arg a 1:6\n    vararg b 1:10\n    body\n      FunctionDef g 2:4\n";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("Name a Load 3:15"), "{text}");
}

#[test]
fn symbol_table() {
    assert_eq!(
        stage(Stage::Symtable),
        "module\n\
         \x20 f: local, bound\n\
         \x20 function f (line 1)\n\
         \x20   a: cell, parameter\n\
         \x20   b: local, parameter, used\n\
         \x20   g: cell, bound\n\
         \x20   function g (line 2), nested\n\
         \x20     a: free, used\n\
         \x20   comprehension (line 4), nested\n\
         \x20     .0: local, parameter\n\
         \x20     c: local, bound\n\
         \x20     g: free, used\n"
    );
}

#[test]
fn blocks_and_code() {
    let text = stage(Stage::Blocks);
    assert!(
        text.starts_with("g (line 2): 1 block, 2 instructions\n"),
        "{text}"
    );
    assert!(text.contains("FOR_ITER to block 4"), "{text}");
    let text = stage(Stage::Code);
    assert!(
        text.starts_with("==== <module> (line 1)\n---- dis\n"),
        "{text}"
    );
}

//! Sources at and beyond the limits: deep, long, damaged. They compile or fail, but neither
//! crash nor hang.

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

/// A small generator of pseudo-random numbers, so that failures can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn damaged_sources_do_not_crash() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/cases");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the golden cases")
        .map(|entry| entry.expect("a directory entry").path())
        .collect();
    paths.sort();
    let mut random = Random(35);
    let mut survivors = 0;
    for path in paths {
        let source = std::fs::read(&path).expect("a source");
        if source.len() > 20_000 {
            continue;
        }
        for _ in 0..6 {
            let mut damaged = source.clone();
            for _ in 0..1 + random.below(3) {
                let place = random.below(damaged.len());
                match random.below(4) {
                    0 => damaged.truncate(place),
                    1 => {
                        let end = (place + random.below(12)).min(damaged.len());
                        damaged.drain(place..end);
                    }
                    2 => {
                        let from = random.below(damaged.len());
                        let end = (from + random.below(40)).min(damaged.len());
                        let part = damaged[from..end].to_vec();
                        damaged.splice(place..place, part);
                    }
                    _ => {
                        if let Some(byte) = damaged.get_mut(place) {
                            *byte = b"()[]{}:,.=*+-'\"\\\n\t #ab0"[random.below(23)];
                        }
                    }
                }
            }
            for dialect in [Dialect::Python35, Dialect::Default] {
                let options = Options { dialect, ..OPTIONS };
                if let Ok(compiled) = compile(&damaged, "<test>", Mode::Exec, &options) {
                    assert_eq!(ceval_bytecode::verify::verify(&compiled.code), Ok(()));
                    survivors += 1;
                }
            }
        }
    }
    assert!(survivors > 0);
}

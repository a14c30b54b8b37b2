//! Any bytes compile or are refused, in both dialects; what compiles passes the verifier.
#![no_main]

use ceval_compiler::{Dialect, Mode, Options, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    for dialect in [Dialect::Python35, Dialect::Default] {
        for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
            let options = Options {
                dialect,
                ..Options::default()
            };
            if let Ok(compiled) = compile(source, "fuzz.py", mode, &options) {
                ceval_bytecode::verify::verify(&compiled.code).expect("the compiler's code is sound");
            }
        }
    }
});

//! Compiles damaged sources, and reads damaged `.pyc` files, until `COUNT` of each are done:
//!
//! ```text
//! cargo run --release -p ceval-compiler --example mutate -- COUNT [SEED]
//! ```
//!
//! Prints how many compiled, failed and read, and the time. A panic names the seed and the number of the input, and
//! leaves the input in a file.

use std::time::Instant;

use ceval_bytecode::{dump, marshal, verify};
use ceval_compiler::{Dialect, Mode, Options, compile};

#[path = "../tests/mutate/mod.rs"]
mod mutate;

use mutate::Random;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| match arguments.next().map(|a| a.parse()) {
        None => default,
        Some(Ok(n)) => n,
        Some(Err(e)) => {
            eprintln!("usage: mutate [COUNT [SEED]]: {e}");
            std::process::exit(2);
        }
    };
    let (count, seed) = (number(1_000_000), number(1));
    let sources = mutate::sources(8_000);
    let started = Instant::now();
    compile_damaged(&sources, count, seed);
    println!("  in {:.1} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    read_damaged(&sources, count, seed);
    println!("  in {:.1} s", started.elapsed().as_secs_f64());
}

/// Runs `work`; a panic in it names the input and leaves it in a file.
fn guarded<T>(input: &[u8], name: &str, work: impl FnOnce() -> T + std::panic::UnwindSafe) -> T {
    match std::panic::catch_unwind(work) {
        Ok(result) => result,
        Err(panic) => {
            let file = std::env::temp_dir().join(name);
            let _ = std::fs::write(&file, input);
            eprintln!("the input is in {}", file.display());
            std::panic::resume_unwind(panic)
        }
    }
}

fn compile_damaged(sources: &[Vec<u8>], count: u64, seed: u64) {
    let mut random = Random(seed);
    let (mut compiled, mut failed, mut bytes) = (0u64, 0u64, 0);
    for i in 0..count {
        let mut source = sources[random.below(sources.len())].clone();
        mutate::mutate(&mut source, &mut random);
        bytes += source.len();
        let dialect = [Dialect::Python35, Dialect::Default][(i % 2) as usize];
        let mode = [Mode::Exec, Mode::Exec, Mode::Single, Mode::Eval][random.below(4)];
        let options = Options {
            dialect,
            ..Options::default()
        };
        let name = format!("mutated-{seed}-{i}.py");
        match guarded(&source, &name, || compile(&source, &name, mode, &options)) {
            Ok(result) => {
                compiled += 1;
                let sound = verify::verify(&result.code);
                assert_eq!(sound, Ok(()), "seed {seed}, input {i}");
            }
            Err(_) => failed += 1,
        }
    }
    println!("{count} sources, {bytes} bytes: {compiled} compile, {failed} are refused");
}

fn read_damaged(sources: &[Vec<u8>], count: u64, seed: u64) {
    let options = Options::default();
    let files: Vec<Vec<u8>> = sources
        .iter()
        .filter_map(|source| compile(source, "file.py", Mode::Exec, &options).ok())
        .filter_map(|c| marshal::write_pyc(&c.code, marshal::PycHeader::default()).ok())
        .collect();
    let mut random = Random(seed);
    let (mut read, mut sound, mut refused) = (0u64, 0u64, 0u64);
    for i in 0..count {
        let mut file = files[random.below(files.len())].clone();
        let header: Vec<u8> = file[..12].to_vec();
        mutate::mutate(&mut file, &mut random);
        // The first bytes are damaged now and then; else nothing behind them would be reached.
        if random.below(8) > 0 && file.len() >= 12 {
            file[..12].copy_from_slice(&header);
        }
        let name = format!("mutated-{seed}-{i}.pyc");
        match guarded(&file, &name, || marshal::read_pyc(&file)) {
            Ok((_, code)) => {
                read += 1;
                sound += u64::from(verify::verify(&code).is_ok());
                if i % 16 == 0 {
                    guarded(&file, &name, || dump::dump(&code));
                }
            }
            Err(_) => refused += 1,
        }
    }
    println!(
        "{count} .pyc files: {read} are read ({sound} of them pass the verifier), {refused} are refused"
    );
}

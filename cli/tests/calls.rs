//! Calls, attributes and instances on every cell and on the oracles: a program that fills each cache and then makes
//! it wrong. It checks itself and prints `ok`; CPython 3.6 and 3.11 run it too.

mod corpus;
mod process;

use libtest_mimic::{Arguments, Trial};
use process::{ceval, finish};
use std::collections::BTreeSet;

fn main() {
    let folder = corpus::repository().join("cli/tests/programs");
    let listed = finish(ceval(&folder, &["cells"]), b"");
    let mut cells: Vec<String> = listed.output().lines().map(str::to_owned).collect();
    assert!(!cells.is_empty(), "`ceval cells`: {}", listed.errors());
    let models: BTreeSet<String> = cells
        .iter()
        .filter_map(|c| Some(c.split_once('/')?.1.to_owned()))
        .collect();
    for model in models {
        cells.push(format!("oracle/{model}"));
        cells.push(format!("oracle+super+caches/{model}"));
    }
    let trials = cells.into_iter().map(|cell| {
        let folder = folder.clone();
        Trial::test(format!("calls {cell}"), move || {
            let ended = finish(ceval(&folder, &["--cell", &cell, "calls.py"]), b"");
            if ended.code() == Some(0) && ended.output() == "ok\n" && ended.stderr.is_empty() {
                return Ok(());
            }
            let errors = process::tail(&ended.errors(), 12);
            Err(format!("{} {errors}", ended.ending()).into())
        })
    });
    let trials = trials.collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

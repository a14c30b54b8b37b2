//! Every workload on every cell through criterion: one group a workload, one function a cell, in this process.
//!
//! What is timed is what the workload's driver times: `run` alone. Parsing, compiling and decoding are not in it, and each result is
//! verified. `--profile-time SECONDS` leaves a flame graph a benchmark under `target/criterion`.
//!
//! Times of one process and one binary: for quick looks and profiles. `ceval compare` is the instrument.

#[path = "cells/flame_graphs.rs"]
mod flame_graphs;

use std::time::Duration;

use ceval_benches::driver;
use ceval_benches::workloads::{self, Size, Workload};
use ceval_cells::{self as cells, Cell, Program};
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};

use flame_graphs::FlameGraphs;

/// About 5 ms an iteration on CPython 3.11: the whole matrix takes minutes, not hours.
const SIZE: Size = Size::Test;

fn every_cell(criterion: &mut Criterion) {
    for workload in workloads::all() {
        let mut group = criterion.benchmark_group(workload.name);
        group.sampling_mode(SamplingMode::Flat);
        for cell in cells::all() {
            group.bench_function(cell.to_string(), |bencher| {
                bencher.iter_custom(|iterations| measure(&cell, workload, iterations))
            });
        }
        group.finish();
    }
}

/// Runs a workload so many times on a cell and adds up what its driver measured.
fn measure(cell: &Cell, workload: &Workload, iterations: u64) -> Duration {
    let file = format!("{}.py", workload.name);
    let arguments = [file, SIZE.word().to_string(), iterations.to_string()];
    let (file, arguments) = arguments.split_first().expect("three words");
    let program = Program::Source {
        source: workload.source.as_bytes(),
        filename: file,
        args: arguments,
    };
    // criterion has no way to report a failure but to panic; a wrong answer must end the run.
    let output = match cells::capture(cell, &program) {
        Ok((0, output)) => output,
        Ok((code, output)) => {
            panic!(
                "{cell} ended with {code} on {}: {}",
                workload.name,
                String::from_utf8_lossy(&output)
            )
        }
        Err(error) => panic!("{cell} failed on {}: {error}", workload.name),
    };
    let output = String::from_utf8_lossy(&output);
    let mut total = 0;
    let mut count = 0;
    for line in output.lines() {
        let Some(iteration) = driver::parse(line) else {
            panic!("{cell} on {} printed '{line}'", workload.name)
        };
        assert_eq!(
            iteration.result,
            workload.expected(SIZE),
            "{cell} gave a wrong answer on {}",
            workload.name
        );
        total += iteration.wall;
        count += 1;
    }
    assert_eq!(count, iterations, "{cell} on {}", workload.name);
    Duration::from_nanos(total)
}

criterion_group! {
    name = matrix;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .without_plots()
        .with_profiler(FlameGraphs::default());
    targets = every_cell
}
criterion_main!(matrix);

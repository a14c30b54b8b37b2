//! Profiles that start and stop, under load, in every cell: with the allocator, the clock's thread and the probe of the command.
//!
//! A few cycles a cell; `CEVAL_CYCLES=1000 cargo test --release --test profile_cycles` makes more.

use ceval as _;
use ceval_bytecode::CodeObject;
use ceval_cells::sampling::{Clock, MOST_HERTZ, MOST_LOOKS, Watch};
use ceval_cells::{Cell, Program, RunOptions, STACK_BYTES, cell, on_thread, run};
use ceval_vm_core::instr::Instr;
use ceval_vm_core::probe::{Batch, Options, Sink, Step};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Allocates, calls, raises, and lets a generator die.
const PROGRAM: &str = "\
def g(n):
    for i in range(n):
        yield [str(i)] * 3
def f(n):
    try:
        return sum(len(x) for x in g(n)) + {}['missing']
    except KeyError:
        return [next(g(2)), n]
for k in range(3):
    f(40)
";

#[derive(Default)]
struct Seen {
    dispatches: AtomicU64,
    nowhere: AtomicU64,
    samples: AtomicU64,
    looks: AtomicU64,
    located: AtomicU64,
    ends: AtomicU64,
}

struct Receiver {
    seen: Arc<Seen>,
    clock: Option<Clock>,
}

impl Sink for Receiver {
    fn linked(&mut self, _: u32, _: &Arc<CodeObject>, _: &[Instr], _: &[u32]) {}

    fn batch(&mut self, batch: Batch<'_>) {
        let (mut all, mut nowhere) = (0, 0);
        batch.places.for_each(batch.entries, |step, _| {
            all += 1;
            nowhere += u64::from(step.is_none());
        });
        self.seen.dispatches.fetch_add(all, Relaxed);
        self.seen.nowhere.fetch_add(nowhere, Relaxed);
    }

    fn sample(&mut self, stack: &[Step], ticks: u32) {
        self.seen.samples.fetch_add(u64::from(ticks), Relaxed);
        let located = if stack.is_empty() { 0 } else { ticks };
        self.seen.located.fetch_add(u64::from(located), Relaxed);
    }

    fn ended(&mut self) {
        let looks = self.clock.take().map(Clock::stop_looking);
        let looks = looks.map_or(0, |(_, looks)| looks.made);
        self.seen.looks.fetch_add(looks, Relaxed);
        self.seen.ends.fetch_add(1, Relaxed);
    }
}

fn cycle(cell: &Cell, seen: &Arc<Seen>) -> Result<(), String> {
    let program = Program::Command {
        source: PROGRAM,
        args: &[],
    };
    let clock = Clock::polling(Watch::of_this_thread(MOST_HERTZ, MOST_LOOKS)?)?;
    let ticks = clock.ticks();
    let receiver = Receiver {
        seen: Arc::clone(seen),
        clock: Some(clock),
    };
    let options = RunOptions {
        stdout: Box::new(std::io::sink()),
        probe: Some(Options {
            sink: Box::new(receiver),
            ticks,
            trace: true,
        }),
        ..RunOptions::default()
    };
    match run(cell, &program, options)? {
        0 => Ok(()),
        code => Err(format!("exit code {code}")),
    }
}

#[test]
fn profiles_start_and_stop_in_every_cell() {
    let cycles: u64 = std::env::var("CEVAL_CYCLES").map_or(3, |n| n.parse().expect("a number"));
    let cells = cell::all();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _ended = Ended(&stop);
        for _ in 0..2 {
            scope.spawn(|| {
                // Load: another thread that allocates all the time.
                while !stop.load(Relaxed) {
                    let all: Vec<Box<[u64]>> = (1..200).map(|n| vec![7; n].into()).collect();
                    assert_eq!(all.iter().map(|b| b[0]).sum::<u64>(), 7 * 199);
                }
            });
        }
        for cell in &cells {
            let seen = Arc::new(Seen::default());
            on_thread(STACK_BYTES, || {
                (0..cycles).try_for_each(|_| cycle(cell, &seen))
            })
            .unwrap_or_else(|e| panic!("{cell}: {e}"));
            assert_eq!(seen.ends.load(Relaxed), cycles, "{cell}");
            assert!(seen.dispatches.load(Relaxed) > 500 * cycles, "{cell}");
            assert_eq!(seen.nowhere.load(Relaxed), 0, "{cell}");
            if cycles >= 100 {
                let (samples, located) = (seen.samples.load(Relaxed), seen.located.load(Relaxed));
                let looks = seen.looks.load(Relaxed);
                println!(
                    "{cell}: {samples} samples, {located} with a function and an opcode; {looks} looks"
                );
            }
        }
    });
}

/// Ends the load, whatever ends the test.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

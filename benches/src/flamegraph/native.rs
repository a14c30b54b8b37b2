//! Samples of Rust frames, through pprof.
//!
//! pprof's signal handler unwinds the interrupted thread. What is known to go wrong there, and what is done about it:
//! - it may be in the middle of a library that cannot be unwound or holds a lock: those are on a list that the handler
//!   leaves alone (libc, libgcc, pthread, vdso), and such samples are lost;
//! - a sample that comes while pprof's own lock is held is lost as well, silently; so is one that the kernel's timer does not
//!   deliver: hence the number of samples that were had and the rate are always told, and never the rate asked for alone;
//! - a short run has no sample at all, of which pprof would make an empty file: callers get empty [`super::Stacks`], and the picture says so;
//! - it is one for a process: a second one at the same time is an error.

use super::{Frame, Kind, Sampled};
use pprof::{ProfilerGuard, ProfilerGuardBuilder, Report};
use std::time::{Duration, Instant};

/// Samples a second that are asked for: a prime, so that samples do not beat with periodic work.
pub const HERTZ: u32 = 199;

/// Libraries in which the handler does not unwind.
const BLOCKED: [&str; 4] = ["libc", "libgcc", "pthread", "vdso"];

/// The name of the thread on which machines run.
const THREAD: &str = "python";

/// The function with which a machine begins, as debug information names it: what is below it is the same for every program.
const BEGINNING: &str = "run_program<";

/// A running profiler. Dropping it stops it.
pub struct Profiler {
    guard: ProfilerGuard<'static>,
    started: Duration,
}

impl Profiler {
    /// Starts to sample the threads of this process that run machines.
    ///
    /// # Errors
    /// Where there is a running one, or it could not be made.
    pub fn start() -> Result<Profiler, String> {
        let guard = ProfilerGuardBuilder::default()
            .frequency(HERTZ as i32)
            .blocklist(&BLOCKED)
            .build()
            .map_err(|e| format!("cannot profile native frames: {e}"))?;
        Ok(Profiler {
            guard,
            started: processor_time(),
        })
    }

    /// Stops, and gives what was sampled.
    ///
    /// # Errors
    /// Where pprof cannot read its own samples.
    pub fn stop(self) -> Result<Sampled, String> {
        let processor = processor_time().saturating_sub(self.started);
        let report = self
            .guard
            .report()
            .build()
            .map_err(|e| format!("cannot read the native samples: {e}"))?;
        Ok(sampled(&report, processor))
    }
}

fn sampled(report: &Report, processor: Duration) -> Sampled {
    let mut sampled = Sampled {
        asked: HERTZ,
        processor,
        runs: 1,
        ..Sampled::default()
    };
    for (frames, &count) in &report.data {
        if frames.thread_name != THREAD || count <= 0 {
            continue;
        }
        // pprof's order is from the innermost on, in a frame from the innermost inlined function on.
        let names: Vec<Frame> = frames
            .frames
            .iter()
            .flatten()
            .rev()
            .map(|symbol| Frame {
                kind: Kind::Native,
                name: short(&symbol.name()),
                file: symbol
                    .filename
                    .as_ref()
                    .map(|f| f.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                line: 0,
            })
            .collect();
        let first = names
            .iter()
            .position(|f| f.name.starts_with(BEGINNING))
            .unwrap_or(0);
        let stack: Vec<u32> = names
            .into_iter()
            .skip(first)
            .map(|frame| sampled.stacks.number(frame))
            .collect();
        sampled.stacks.add(&stack, count as u64);
    }
    sampled
}

/// A symbol's name without the hash that the compiler appends.
fn short(name: &str) -> String {
    match name.rsplit_once("::h") {
        Some((rest, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            rest.to_owned()
        }
        _ => name.to_owned(),
    }
}

/// Processor time of this process, which is what the kernel's profiling timer follows.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID
        .now()
        .map_or_else(|_| elapsed(), Duration::from)
}

#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    elapsed()
}

fn elapsed() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

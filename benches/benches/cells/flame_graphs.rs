//! criterion's profiler hook on pprof: a flame graph of Rust frames for each benchmark.
//!
//! pprof's own adapter is tied to criterion 0.5, so this is another. Libraries whose unwinding in a signal handler can crash or hang
//! are on pprof's blocklist. The rate that was asked for is not the rate that was got: the kernel's timer decides, so both are printed.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use criterion::profiler::Profiler;
use pprof::{ProfilerGuard, ProfilerGuardBuilder};

/// A prime, so that samples do not beat with periodic work.
const HERTZ: i32 = 199;

/// Starts and stops pprof around each benchmark.
#[derive(Default)]
pub struct FlameGraphs {
    running: Option<(ProfilerGuard<'static>, Instant)>,
}

impl Profiler for FlameGraphs {
    fn start_profiling(&mut self, benchmark: &str, _folder: &Path) {
        let blocked = ["libc", "libgcc", "pthread", "vdso"];
        match ProfilerGuardBuilder::default()
            .frequency(HERTZ)
            .blocklist(&blocked)
            .build()
        {
            Ok(guard) => self.running = Some((guard, Instant::now())),
            Err(error) => eprintln!("{benchmark}: no flame graph: {error}"),
        }
    }

    fn stop_profiling(&mut self, benchmark: &str, folder: &Path) {
        let Some((guard, start)) = self.running.take() else {
            return;
        };
        let seconds = start.elapsed().as_secs_f64();
        let report = match guard.report().build() {
            Ok(report) => report,
            Err(error) => return eprintln!("{benchmark}: no flame graph: {error}"),
        };
        let samples: isize = report.data.values().sum();
        if samples == 0 {
            return eprintln!("{benchmark}: no flame graph: not one sample in {seconds:.1} s");
        }
        let path = folder.join("flamegraph.svg");
        let write = || {
            fs::create_dir_all(folder)?;
            report
                .flamegraph(fs::File::create(&path)?)
                .map_err(io::Error::other)
        };
        match write() {
            Ok(()) => println!(
                "{benchmark}: {samples} samples in {seconds:.1} s ({:.0} a second, {HERTZ} asked for): {}",
                samples as f64 / seconds,
                path.display()
            ),
            Err(error) => eprintln!("{benchmark}: cannot write {}: {error}", path.display()),
        }
    }
}

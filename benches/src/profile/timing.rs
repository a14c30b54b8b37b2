//! From timed windows and samples to the time of each opcode.
//!
//! Two estimates that share nothing but the run: *timed*, an opcode's exact count times its mean time by least squares
//! ([`super::windows`]), scaled so that the sum is the whole; and *sampled*, its share of the clock's ticks. Each has a standard error. Windows see short
//! instructions better, samples see those that are rare and long.
//!
//! They do not measure quite the same. A processor works at many instructions at once and finishes them in order. A
//! sample finds the one that the others wait for; a window, that begins and ends with nothing in flight, gives each one
//! what it takes by itself. In a loop of instructions of a few nanoseconds the two differ by up to ten points; where the
//! time goes into longer ones, by one to four.

use super::windows::{Executed, Windows};
use serde::{Deserialize, Serialize};

/// The clock's account of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clocks {
    /// Clocks a nanosecond.
    pub per_ns: f64,
    /// Processor time from the first dispatch to the end.
    pub whole: u64,
    /// The profiler's own of these.
    pub own: u64,
}

/// What is known of the time of one opcode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpTime {
    /// Executions in timed windows.
    pub seen: u64,
    /// Nanoseconds of one execution.
    pub mean_ns: f64,
    /// Share of the whole by count and mean; 0 to 1.
    pub timed: f64,
    /// Its standard error.
    pub timed_error: f64,
    /// Share of the samples; 0 to 1.
    pub sampled: f64,
    /// Its standard error.
    pub sampled_error: f64,
    /// The two weighted by their precision, and scaled to sum up to 1: the share that tables are sorted by.
    pub share: f64,
}

/// The times of all opcodes of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// By number in the instruction table.
    pub ops: Vec<OpTime>,
    /// Clocks of one execution by least squares, by instruction.
    pub instructions: Vec<f64>,
    /// Sum over opcodes of count and mean time, over the whole: before the calibration, which makes it 1.
    pub covered: f64,
    /// Nanoseconds that a window costs itself.
    pub window_ns: f64,
    /// Windows that were timed.
    pub windows: u64,
    /// Nanoseconds of the whole, without the profiler's own.
    pub whole_ns: f64,
}

/// Estimates the times of opcodes from what was executed, the windows, and ticks by opcode.
pub fn estimate(executed: Executed<'_>, windows: &Windows, ticks: &[u64], clocks: Clocks) -> Times {
    let per_ns = clocks.per_ns.max(f64::MIN_POSITIVE);
    let whole = (clocks.whole.saturating_sub(clocks.own) as f64).max(1.0);
    let all_ticks = ticks.iter().sum::<u64>().max(1) as f64;
    let fit = windows.fit(executed);
    let mut executions = vec![0u64; executed.opcodes];
    for (&op, &count) in executed.ops.iter().zip(executed.counts) {
        executions[op as usize] += count;
    }
    let mut ops: Vec<OpTime> = vec![OpTime::default(); executed.opcodes];
    let mut sum = 0.0;
    for (op, time) in ops.iter_mut().enumerate() {
        time.sampled = ticks[op] as f64 / all_ticks;
        time.sampled_error = (time.sampled * (1.0 - time.sampled) / all_ticks).sqrt();
        if let Some(fit) = fit.ops[op] {
            *time = OpTime {
                seen: fit.seen,
                mean_ns: fit.clocks / executions[op].max(1) as f64 / per_ns,
                timed: fit.clocks / whole,
                timed_error: fit.error / whole,
                ..*time
            };
        } else {
            // Too rare to have been timed: the time that the samples give it.
            time.timed = time.sampled;
            time.timed_error = time.sampled_error;
        }
        sum += time.timed;
    }
    // Calibration: the parts are those of the whole.
    let scale = if sum > 0.0 { 1.0 / sum } else { 1.0 };
    let mut total = 0.0;
    for time in &mut ops {
        time.mean_ns *= scale;
        time.timed *= scale;
        time.timed_error *= scale;
        time.share = combined(time);
        total += time.share;
    }
    if total > 0.0 {
        ops.iter_mut().for_each(|time| time.share /= total);
    }
    Times {
        ops,
        instructions: fit.instructions,
        covered: sum,
        window_ns: fit.cost / per_ns,
        windows: windows.timed(),
        whole_ns: whole / per_ns,
    }
}

/// The mean of the two shares, weighted by the inverse of their variances. That of the windows' share is no less than what
/// overlapping instructions make it differ by.
fn combined(time: &OpTime) -> f64 {
    // A share of no ticks has no error that could be believed.
    let weight = |error: f64, least: f64| 1.0 / (error * error + least * least);
    let (a, b) = (
        weight(time.timed_error, 0.02),
        weight(time.sampled_error, 1e-4),
    );
    (time.timed * a + time.sampled * b) / (a + b)
}

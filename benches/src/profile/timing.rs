//! From timed intervals and samples to the time of each opcode.
//!
//! Two estimates that share nothing but the run: *timed*, an opcode's exact count times the mean of its intervals, less what
//! an interval costs itself; and *sampled*, its share of the clock's ticks. What an interval costs is more than
//! an empty one, since the probe's visit leaves caches and predictors cold behind it. It is the
//! number with which counts and means add up to the whole, found from the run itself. Each has a
//! standard error. Intervals see short instructions better, samples see those that are rare and long.

use serde::{Deserialize, Serialize};

/// Clocks above which an interval is a long one: tens of microseconds.
const LONG: u64 = 100_000;

/// The intervals of one opcode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Intervals {
    count: u64,
    sum: f64,
    squares: f64,
    long: u64,
    long_sum: f64,
    long_squares: f64,
}

impl Intervals {
    /// One more interval of so many clocks.
    pub fn add(&mut self, clocks: u64) {
        let spent = clocks as f64;
        if clocks > LONG {
            self.long += 1;
            self.long_sum += spent;
            self.long_squares += spent * spent;
        } else {
            self.count += 1;
            self.sum += spent;
            self.squares += spent * spent;
        }
    }

    /// Number, mean and standard error of the mean, in clocks. Long intervals count only if they are the opcode's habit: one in
    /// some thousand is the system's that took the processor away.
    pub fn mean(&self) -> Option<(u64, f64, f64)> {
        let mut all = (self.count, self.sum, self.squares);
        if self.long > 2 + self.count / 1000 || self.count == 0 {
            all = (
                all.0 + self.long,
                all.1 + self.long_sum,
                all.2 + self.long_squares,
            );
        }
        let (count, sum, squares) = all;
        if count == 0 {
            return None;
        }
        let n = count as f64;
        let mean = sum / n;
        let variance = (squares / n - mean * mean).max(0.0) / (n - 1.0).max(1.0);
        Some((count, mean, variance.sqrt()))
    }
}

/// The clock's account of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clocks {
    /// Clocks a nanosecond.
    pub per_ns: f64,
    /// From the first dispatch to the end.
    pub whole: u64,
    /// The profiler's own of these.
    pub own: u64,
    /// An empty interval's.
    pub empty: u64,
}

/// What is known of the time of one opcode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpTime {
    /// Intervals that were timed.
    pub intervals: u64,
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
    /// Sum over opcodes of count and mean time, over the whole.
    pub covered: f64,
    /// Nanoseconds that an interval costs itself.
    pub interval_ns: f64,
    /// Nanoseconds of the whole, without the profiler's own.
    pub whole_ns: f64,
}

/// Estimates the times of opcodes from their exact counts, intervals and ticks, each by opcode.
pub fn estimate(counts: &[u64], intervals: &[Intervals], ticks: &[u64], clocks: Clocks) -> Times {
    let per_ns = clocks.per_ns.max(f64::MIN_POSITIVE);
    let whole = clocks.whole.saturating_sub(clocks.own) as f64;
    let all_ticks = ticks.iter().sum::<u64>().max(1) as f64;
    let means: Vec<Option<(u64, f64, f64)>> = intervals.iter().map(Intervals::mean).collect();
    // Opcodes too rare to have been timed have the time that the samples give them.
    let untimed = (0..counts.len()).filter(|&op| means[op].is_none());
    let untimed = untimed.map(|op| ticks[op] as f64).sum::<f64>() / all_ticks;
    let timed = means
        .iter()
        .zip(counts)
        .filter_map(|(mean, &count)| Some((count as f64, (*mean)?.1)))
        .collect::<Vec<_>>();
    let cost = interval_cost(&timed, whole * (1.0 - untimed), clocks.empty as f64);
    let mut ops: Vec<OpTime> = vec![OpTime::default(); counts.len()];
    let mut sum = 0.0;
    for (op, time) in ops.iter_mut().enumerate() {
        time.sampled = ticks[op] as f64 / all_ticks;
        time.sampled_error = (time.sampled * (1.0 - time.sampled) / all_ticks).sqrt();
        if let Some((count, mean, error)) = means[op] {
            let executions = counts[op] as f64;
            let spent = (mean - cost).max(0.0);
            *time = OpTime {
                intervals: count,
                mean_ns: spent / per_ns,
                timed: executions * spent / whole.max(1.0),
                timed_error: executions * error / whole.max(1.0),
                ..*time
            };
        } else {
            time.timed = time.sampled;
            time.timed_error = time.sampled_error;
        }
        sum += time.timed;
    }
    let mut total = 0.0;
    for time in &mut ops {
        time.share = combined(time);
        total += time.share;
    }
    if total > 0.0 {
        ops.iter_mut().for_each(|time| time.share /= total);
    }
    Times {
        ops,
        covered: sum,
        interval_ns: cost / per_ns,
        whole_ns: whole / per_ns,
    }
}

/// The mean of the two shares, weighted by the inverse of their variances.
fn combined(time: &OpTime) -> f64 {
    // A share of no ticks, or of one interval, has no error that could be believed.
    let least = 1e-4;
    let weight = |error: f64| 1.0 / (error.max(least) * error.max(least));
    let (a, b) = (weight(time.timed_error), weight(time.sampled_error));
    (time.timed * a + time.sampled * b) / (a + b)
}

/// The cost of an interval with which counts and mean intervals add up to `whole`; at least that of an empty one, and at most
/// what leaves nothing. The sum falls as the cost grows: bisection.
fn interval_cost(timed: &[(f64, f64)], whole: f64, empty: f64) -> f64 {
    let sum = |cost: f64| -> f64 {
        timed
            .iter()
            .map(|(count, mean)| count * (mean - cost).max(0.0))
            .sum()
    };
    let (mut low, mut high) = (empty, timed.iter().fold(empty, |most, t| most.max(t.1)));
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if sum(middle) > whole {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

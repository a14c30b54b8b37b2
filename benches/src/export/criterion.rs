//! Files like those of `target/criterion/GROUP/FUNCTION/new`: tools that read criterion's estimates read these.
//!
//! Like, not equal: one "sample" here is one iteration of one process, and the standard error is the hierarchical one.

use serde_json::{Value, json};

use crate::analysis::{Pair, Report};
use crate::bootstrap::{deviation, median};
use crate::plan::Clock;
use crate::random::Random;
use crate::record::Run;
use crate::verdict::{CONFIDENCE, Estimate};

/// Draws for the intervals of the measures of spread, which no verdict rests on.
const DRAWS: usize = 400;

/// A measure of the spread of single iterations, with its plain bootstrap: percentiles, levels left out.
fn spread(times: &[f64], measure: fn(&[f64]) -> f64) -> Value {
    let mut random = Random::new(times.len() as u64);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn: Vec<f64> = times
                .iter()
                .map(|_| times[random.below(times.len())])
                .collect();
            measure(&drawn)
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    let at = |share: f64| draws[(share * (DRAWS - 1) as f64).round() as usize];
    json!({
        "confidence_interval": {
            "confidence_level": CONFIDENCE,
            "lower_bound": at(0.5 - CONFIDENCE / 2.0),
            "upper_bound": at(0.5 + CONFIDENCE / 2.0),
        },
        "point_estimate": measure(times),
        "standard_error": deviation(&draws),
    })
}

/// The median distance from the median, scaled to a normal distribution's deviation.
fn median_deviation(times: &[f64]) -> f64 {
    let middle = median(times);
    let distances: Vec<f64> = times.iter().map(|time| (time - middle).abs()).collect();
    median(&distances) * 1.4826
}

/// `(file name, contents)` of one pair.
pub fn files(run: &Run, report: &Report, pair: &Pair) -> [(&'static str, Value); 3] {
    let times: Vec<f64> = run
        .samples
        .iter()
        .filter(|sample| {
            sample.block > 0 && sample.subject == pair.subject && sample.workload == pair.workload
        })
        .flat_map(|sample| {
            let times = if report.record.clock == Clock::Cpu {
                &sample.cpu
            } else {
                &sample.wall
            };
            times
                .get(pair.steady.from..)
                .unwrap_or_default()
                .iter()
                .map(|&time| time as f64)
        })
        .collect();
    let known = &pair.mean_log;
    let estimate = Estimate {
        log: known.mean,
        standard_error: deviation(&known.draws),
        freedom: known.freedom,
    };
    let (low, high) = estimate.interval();
    let centre = |point: f64| {
        let scale = point / pair.mean_ns;
        // JSON has no infinity; a single invocation has no interval.
        let end = |value: f64| {
            if value.is_finite() {
                json!(value * scale)
            } else {
                Value::Null
            }
        };
        json!({
            "confidence_interval": {
                "confidence_level": CONFIDENCE, "lower_bound": end(low), "upper_bound": end(high),
            },
            "point_estimate": point,
            "standard_error": point * estimate.standard_error,
        })
    };
    let id = format!("{}/{}", pair.workload, pair.subject);
    [
        (
            "benchmark.json",
            json!({
                "group_id": pair.workload, "function_id": pair.subject, "value_str": null, "throughput": null,
                "full_id": id, "directory_name": format!("{}/{}", pair.workload, super::file_name(&pair.subject)),
                "title": id,
            }),
        ),
        (
            "estimates.json",
            json!({
                "mean": centre(pair.mean_ns),
                "median": centre(pair.median_ns),
                "slope": null,
                "std_dev": spread(&times, deviation),
                "median_abs_dev": spread(&times, median_deviation),
            }),
        ),
        (
            "sample.json",
            json!({"sampling_mode": "Flat", "iters": vec![1.0; times.len()], "times": times}),
        ),
    ]
}

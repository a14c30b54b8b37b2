//! Files like those of `target/criterion/GROUP/FUNCTION/new`: tools that read criterion's estimates read these.
//!
//! Like, not equal: one "sample" here is one iteration of one process, and the standard error is the hierarchical one.

use serde_json::{Value, json};

use crate::analysis::{Pair, Report};
use crate::bootstrap::deviation;
use crate::plan::Clock;
use crate::record::Run;
use crate::verdict::{CONFIDENCE, Estimate};

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
            json!({"mean": centre(pair.mean_ns), "median": centre(pair.median_ns), "slope": null}),
        ),
        (
            "sample.json",
            json!({"sampling_mode": "Flat", "iters": vec![1.0; times.len()], "times": times}),
        ),
    ]
}

//! pyperf's JSON (format 1.0), one suite a subject: each invocation is a run, its steady iterations are values, those before them
//! warm-ups. `pyperf compare_to A.json B.json` then compares two subjects.

use serde_json::{Value, json};

use crate::plan::Clock;
use crate::record::{Run, Sample};
use crate::warmup::classify;

/// The suite of one subject.
pub fn suite(run: &Run, subject: &str) -> Value {
    let record = &run.record;
    let benchmarks: Vec<Value> = record
        .workloads
        .iter()
        .filter_map(|(workload, _)| {
            let own: Vec<&Sample> = run
                .samples
                .iter()
                .filter(|sample| {
                    sample.block > 0 && sample.subject == subject && sample.workload == *workload
                })
                .collect();
            let seconds = |sample: &Sample| {
                let times = if record.clock == Clock::Cpu {
                    &sample.cpu
                } else {
                    &sample.wall
                };
                times
                    .iter()
                    .map(|&time| time as f64 * 1e-9)
                    .collect::<Vec<f64>>()
            };
            let from = classify(
                &own.iter()
                    .map(|s| seconds(s).iter().map(|x| x * 1e9).collect())
                    .collect::<Vec<_>>(),
            )
            .from;
            let runs: Vec<Value> = own
                .iter()
                .map(|sample| {
                    let times = seconds(sample);
                    let (warm, steady) = times.split_at(from.min(times.len()));
                    let warm: Vec<Value> = warm.iter().map(|time| json!([1, time])).collect();
                    let mut run = json!({
                        "metadata": {"date": iso(&record.started), "mem_max_rss": sample.peak_bytes,
                            "duration": sample.process_wall as f64 * 1e-9},
                        "values": steady,
                    });
                    if !warm.is_empty() {
                        run["warmups"] = Value::Array(warm);
                    }
                    run
                })
                .collect();
            let name = json!({"name": workload, "unit": "second", "loops": 1});
            (!runs.is_empty()).then(|| json!({"metadata": name, "runs": runs}))
        })
        .collect();
    let recorded = record
        .subjects
        .iter()
        .find(|recorded| recorded.subject.name == subject);
    json!({
        "version": "1.0",
        "metadata": {
            "hostname": record.machine.host,
            "cpu_model_name": record.machine.cpu,
            "cpu_count": record.machine.processors,
            "platform": format!("Linux-{}", record.machine.kernel),
            "python_implementation": subject,
            "python_version": recorded.map_or("unknown", |recorded| recorded.version.as_str()),
            "commit_id": record.build.commit,
            "description": format!("{} of {}", record.question, record.started),
        },
        "benchmarks": benchmarks,
    })
}

/// pyperf reads dates without a zone.
fn iso(date: &str) -> String {
    date.trim_end_matches('Z').replace('T', " ")
}

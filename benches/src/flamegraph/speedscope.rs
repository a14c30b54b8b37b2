//! The file format of speedscope (`https://www.speedscope.app/file-format-schema.json`): a sampled profile for each run.

use super::Sampled;
use serde_json::{Value, json};

/// A file with the runs, each under its name.
pub fn write(title: &str, runs: &[(&str, &Sampled)]) -> String {
    let mut frames: Vec<Value> = Vec::new();
    let mut profiles: Vec<Value> = Vec::new();
    for (name, run) in runs {
        let first = frames.len();
        for frame in run.stacks.frames() {
            let mut object = json!({"name": frame.name});
            if !frame.file.is_empty() {
                object["file"] = json!(frame.file);
            }
            if frame.line != 0 {
                object["line"] = json!(frame.line);
            }
            frames.push(object);
        }
        let all = run.processor.as_secs_f64() * 1e3;
        let each = all / run.stacks.total().max(1) as f64;
        let mut samples = Vec::new();
        let mut weights = Vec::new();
        for (stack, count) in run.stacks.iter() {
            let stack: Vec<usize> = stack.iter().map(|&n| first + n as usize).collect();
            samples.push(stack);
            weights.push(count as f64 * each);
        }
        profiles.push(json!({
            "type": "sampled",
            "name": name,
            "unit": "milliseconds",
            "startValue": 0,
            "endValue": if samples.is_empty() { 0.0 } else { all },
            "samples": samples,
            "weights": weights,
        }));
    }
    let file = json!({
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": title,
        "exporter": concat!("ceval ", env!("CARGO_PKG_VERSION")),
        "activeProfileIndex": 0,
        "shared": {"frames": frames},
        "profiles": profiles,
    });
    format!("{file}\n")
}

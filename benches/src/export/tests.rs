//! Exports of a small run, read back as what they claim to be.

use super::*;
use crate::analysis::analyse;
use crate::record::Recorder;
use crate::record::tests::{Scratch, record, sample};

fn stored(name: &str) -> (Scratch, Report) {
    let scratch = Scratch::new(name);
    let record = record(
        &["switch/refcount-boxed", "tail/refcount-boxed", "a,b"],
        &["fib"],
    );
    let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
    for subject in &record.subjects {
        for block in 0..3 {
            let times = [
                2_000_000 + u64::from(block),
                1_000_000,
                1_000_001,
                1_000_000,
            ];
            recorder
                .add(&sample(&subject.subject.name, "fib", block, &times))
                .expect("there is room");
        }
    }
    let run = record::load(&scratch.0).expect("it was just written");
    (scratch, analyse(&run))
}

fn text_of(files: &[PathBuf], end: &str) -> String {
    let path = files
        .iter()
        .find(|path| path.ends_with(end))
        .unwrap_or_else(|| panic!("no {end} in {files:?}"));
    std::fs::read_to_string(path).expect("it was just written")
}

#[test]
fn csv_has_a_row_an_iteration() {
    let (scratch, report) = stored("csv");
    let text = text_of(
        &export(&report, Format::Csv, &scratch.0).expect("there is room"),
        "raw.csv",
    );
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 3 * 3 * 4);
    assert_eq!(lines[0].split(',').count(), 13);
    assert!(
        lines[1].starts_with("0,0,switch/refcount-boxed,fib,test,0,2000000,2000000,7000000,"),
        "{}",
        lines[1]
    );
    assert!(text.contains("\n0,0,\"a,b\",fib,"));
}

#[test]
fn pyperf_keeps_warm_ups_apart() {
    let (scratch, report) = stored("pyperf");
    let files = export(&report, Format::Pyperf, &scratch.0).expect("there is room");
    assert_eq!(files.len(), 3);
    let text = text_of(&files, "pyperf-tail_refcount-boxed.json");
    let suite: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(suite["version"], "1.0");
    let runs = suite["benchmarks"][0]["runs"]
        .as_array()
        .expect("there are runs");
    // Blocks 1 and 2; the pilot is no run.
    assert_eq!(runs.len(), 2);
    assert_eq!(
        (
            runs[0]["warmups"].as_array().map(Vec::len),
            runs[0]["values"].as_array().map(Vec::len)
        ),
        (Some(1), Some(3))
    );
}

#[test]
fn criterion_files_hold_the_estimates() {
    let (scratch, report) = stored("criterion");
    let files = export(&report, Format::Criterion, &scratch.0).expect("there is room");
    assert_eq!(files.len(), 9);
    let text = text_of(
        &files,
        "criterion/fib/tail_refcount-boxed/new/estimates.json",
    );
    let estimates: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let point = estimates["mean"]["point_estimate"]
        .as_f64()
        .expect("it is a number");
    assert!((point - 1_000_000.0).abs() < 2.0);
    for measure in ["mean", "median", "std_dev", "median_abs_dev"] {
        let of = |bound: &str| {
            estimates[measure]["confidence_interval"][bound]
                .as_f64()
                .expect("it is a number")
        };
        assert!(of("lower_bound") <= of("upper_bound"), "{measure}");
        assert!(estimates[measure]["standard_error"].is_number());
    }
    assert_eq!(
        estimates["mean"]["confidence_interval"]["confidence_level"],
        0.95
    );
}

#[test]
fn summaries_tell_a_partial_run() {
    let (scratch, report) = stored("summaries");
    write_summaries(&report).expect("there is room");
    let read =
        |name: &str| std::fs::read_to_string(scratch.0.join(name)).expect("it was just written");
    assert!(read("README.md").contains("**Partial: running.**"));
    let summary: serde_json::Value =
        serde_json::from_str(&read("summary.json")).expect("it is JSON");
    assert_eq!(summary["record"]["complete"], false);
    assert_eq!(summary["comparisons"].as_array().map(Vec::len), Some(2));
}

#[test]
fn formats_have_names() {
    assert_eq!(Format::parse("pyperf"), Some(Format::Pyperf));
    assert_eq!(Format::parse("xml"), None);
}

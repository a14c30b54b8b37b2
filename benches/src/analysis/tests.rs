//! Reports from simulated runs whose true ratios are known, and the coverage of their intervals.

use super::*;
use crate::record::tests::{record, sample};

const SWITCH: &str = "switch/refcount-boxed";
const TAIL: &str = "tail/refcount-boxed";

/// Each subject takes `factor` times the reference's time, with noise on both levels.
fn simulate(factors: &[(&str, f64)], workloads: &[&str], blocks: u32, seed: u64) -> Run {
    let names: Vec<&str> = factors.iter().map(|(name, _)| *name).collect();
    let mut random = Random::new(seed);
    let mut samples = Vec::new();
    for block in 0..=blocks {
        for (number, workload) in workloads.iter().enumerate() {
            for (subject, factor) in factors {
                let level = 1e7 * (number + 1) as f64 * factor * (0.02 * random.normal()).exp();
                let times: Vec<u64> = (0..3)
                    .map(|_| (level * (0.005 * random.normal()).exp()) as u64)
                    .collect();
                samples.push(sample(subject, workload, block, &times));
            }
        }
    }
    Run {
        folder: "results/x".into(),
        record: record(&names, workloads),
        samples,
    }
}

#[test]
fn ratios_geomeans_and_effects_are_the_true_ones() {
    let mut run = simulate(
        &[(SWITCH, 1.0), (TAIL, 0.5)],
        &["fib", "sieve", "nbody"],
        8,
        1,
    );
    run.record.complete = true;
    let report = analyse(&run);
    assert_eq!(
        (
            report.pairs.len(),
            report.comparisons.len(),
            report.geomeans.len()
        ),
        (6, 3, 1)
    );
    let all = &report.geomeans[0];
    assert!(
        all.low < 0.5 && 0.5 < all.high && all.high / all.low < 1.05,
        "{all:?}"
    );
    assert_eq!((all.workloads, all.verdict), (3, Verdict::Faster));
    assert!((all.median_ratio - 0.5).abs() < 0.02);
    let factorial = report.factorial.expect("the dispatch varies");
    assert!((factorial.main[0].estimate.log - all.estimate.log).abs() < 1e-9);
    assert_eq!(factorial.main[0].term, "dispatch=tail");
    assert!(
        (report.startups[0].milliseconds - 7.0).abs() < 1e-9
            && (report.startups[0].peak_mib - 8.0).abs() < 1e-9
    );
    assert_eq!(report.pairs[0].invocations, 8);
}

#[test]
fn equal_cells_are_not_resolved() {
    let report = analyse(&simulate(&[(SWITCH, 1.0), (TAIL, 1.0)], &["fib"], 5, 3));
    let Verdict::NotResolved(effect) = report.geomeans[0].verdict else {
        panic!("{:?}", report.geomeans[0])
    };
    assert!((0.01..0.12).contains(&effect), "{effect}");
    assert!(report.notes[0].starts_with("This run is partial (running)"));
}

#[test]
fn peers_are_compared_but_are_no_factors() {
    let mut run = simulate(
        &[(SWITCH, 1.0), (TAIL, 0.5), ("py", 2.0)],
        &["fib", "sieve"],
        5,
        4,
    );
    run.record.subjects[2].subject.kind = Kind::Peer;
    let report = analyse(&run);
    assert_eq!(report.geomeans.len(), 2);
    let tail = report
        .against_peers
        .iter()
        .find(|c| c.subject == TAIL)
        .expect("each cell is compared");
    assert!((tail.ratio - 0.25).abs() < 0.02 && tail.reference == "py");
    assert_eq!(
        report.factorial.map(|factorial| factorial.main.len()),
        Some(1)
    );
}

#[test]
fn an_early_end_reports_the_pilot_without_intervals() {
    let report = analyse(&simulate(&[(SWITCH, 1.0), (TAIL, 0.5)], &["fib"], 0, 5));
    let only = &report.geomeans[0];
    assert_eq!((only.low, only.high), (0.0, f64::INFINITY));
    assert!(matches!(only.verdict, Verdict::NotResolved(_)));
    assert!(
        analyse(&Run {
            samples: Vec::new(),
            ..simulate(&[(SWITCH, 1.0)], &["fib"], 0, 5)
        })
        .pairs
        .is_empty()
    );
}

#[test]
fn intervals_cover_the_truth_nineteen_times_in_twenty() {
    let rounds = 400;
    let covered = (0..rounds)
        .filter(|&seed| {
            let report = analyse(&simulate(
                &[(SWITCH, 1.0), (TAIL, 0.8)],
                &["fib"],
                4,
                1000 + seed,
            ));
            report.geomeans[0].low <= 0.8 && 0.8 <= report.geomeans[0].high
        })
        .count();
    // 95 % of 400 is 380; three and a half standard errors are 15.
    assert!((365..=396).contains(&covered), "{covered} of {rounds}");
}

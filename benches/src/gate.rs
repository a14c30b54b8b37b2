//! This run against an earlier one: the gate for continuous integration.
//!
//! The two runs are not interleaved, so a machine that changed between them shows as a change of the program. A run on another
//! machine is refused unless that is asked for.

use std::path::Path;

use serde::Serialize;

use crate::BenchError;
use crate::analysis::{self, Comparison, Pair, Report};
use crate::record;
use crate::resume::same_machine;
use crate::verdict::Verdict;

/// What became slower, and whether that is too much.
#[derive(Clone, Debug, Serialize)]
pub struct Gate {
    /// Each subject over the workloads that both runs have, new time over old.
    pub geomeans: Vec<Comparison>,
    /// Each subject on each of them.
    pub comparisons: Vec<Comparison>,
    /// The accepted slowdown (0.03 is 3 %).
    pub accepted: f64,
    /// Those whose whole interval lies above it, as `subject` or `subject on workload`.
    pub failures: Vec<String>,
}

impl Gate {
    /// Nothing is certain to be slower by more than is accepted.
    pub fn passes(&self) -> bool {
        self.failures.is_empty()
    }

    /// A line a subject, then a line a failure.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        for found in &self.geomeans {
            let ratio = crate::table::with_interval(found);
            lines.push(format!(
                "{}: {ratio} of the earlier time, {}",
                found.subject, found.verdict
            ));
        }
        let limit = self.accepted * 100.0;
        lines.extend(
            self.failures
                .iter()
                .map(|name| format!("slower by more than {limit} %: {name}")),
        );
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// Reads `3%`, `3 %` or `0.03` as 0.03.
///
/// # Errors
/// [`BenchError::Plan`] if it is neither.
pub fn parse_share(text: &str) -> Result<f64, BenchError> {
    let (number, scale) = text
        .trim()
        .strip_suffix('%')
        .map_or((text.trim(), 1.0), |number| (number.trim(), 0.01));
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value * scale),
        _ => Err(BenchError::Plan(format!(
            "'{text}' is not a share such as 3%"
        ))),
    }
}

/// Compares a report with the run in a folder. `mix` accepts other machines.
///
/// # Errors
/// `Read` and `Corrupt` from the earlier run; `Mismatch` for another machine, size or clock; `Plan` if nothing is common.
pub fn against(
    report: &Report,
    earlier: &Path,
    accepted: f64,
    mix: bool,
) -> Result<Gate, BenchError> {
    let earlier = analysis::analyse(&record::load(earlier)?);
    if !mix {
        same_machine(&earlier.record.machine, &report.record.machine)?;
    }
    let require = |what: &str, recorded: String, found: String| {
        if recorded == found {
            Ok(())
        } else {
            Err(BenchError::Mismatch {
                what: what.into(),
                recorded,
                found,
            })
        }
    };
    require(
        "the size",
        earlier.record.size.clone(),
        report.record.size.clone(),
    )?;
    require(
        "the clock",
        format!("{:?}", earlier.record.clock),
        format!("{:?}", report.record.clock),
    )?;

    let mut geomeans = Vec::new();
    let mut comparisons = Vec::new();
    for subject in report
        .record
        .subjects
        .iter()
        .map(|subject| &subject.subject.name)
    {
        let both: Vec<(&Pair, &Pair)> = report
            .pairs
            .iter()
            .filter(|pair| pair.subject == *subject)
            .filter_map(|pair| Some((pair, earlier.pair(subject, &pair.workload)?)))
            .collect();
        if !both.is_empty() {
            geomeans.push(compare(&both, None));
            comparisons.extend(
                both.iter()
                    .map(|pair| compare(&[*pair], Some(&pair.0.workload))),
            );
        }
    }
    if geomeans.is_empty() {
        return Err(BenchError::Plan(
            "the two runs have no pair of subject and workload in common".into(),
        ));
    }
    analysis::judge(&mut geomeans);
    analysis::judge(&mut comparisons);
    // Of many single pairs some intervals lie too high by chance: only adjusted verdicts may fail the gate.
    let failures = geomeans
        .iter()
        .chain(&comparisons)
        .filter(|found| found.verdict == Verdict::Slower && found.low > 1.0 + accepted)
        .map(|found| match &found.workload {
            Some(workload) => format!("{} on {workload}", found.subject),
            None => found.subject.clone(),
        })
        .collect();
    Ok(Gate {
        geomeans,
        comparisons,
        accepted,
        failures,
    })
}

fn compare(both: &[(&Pair, &Pair)], workload: Option<&str>) -> Comparison {
    let estimate = analysis::ratio(
        &both
            .iter()
            .map(|(new, old)| (&new.mean_log, &old.mean_log))
            .collect::<Vec<_>>(),
    );
    let (low, high) = estimate.interval();
    let medians: f64 = both
        .iter()
        .map(|(new, old)| (new.median_ns / old.median_ns).ln())
        .sum();
    Comparison {
        subject: both[0].0.subject.clone(),
        reference: "earlier".into(),
        workload: workload.map(str::to_string),
        workloads: both.len(),
        ratio: estimate.ratio(),
        low,
        high,
        median_ratio: (medians / both.len() as f64).exp(),
        verdict: Verdict::NotResolved(estimate.detectable()),
        estimate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::{Scratch, record as make_record, sample};
    use crate::record::{Recorder, RunRecord};

    fn stored(name: &str, time: u64, change: impl Fn(&mut RunRecord)) -> Scratch {
        let scratch = Scratch::new(name);
        let mut record = make_record(&["a"], &["fib", "sieve"]);
        change(&mut record);
        let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
        for block in 1..6 {
            for workload in ["fib", "sieve"] {
                let jitter = u64::from(block % 3) * 1000;
                recorder
                    .add(&sample(
                        "a",
                        workload,
                        block,
                        &[time + jitter, time + jitter],
                    ))
                    .expect("there is room");
            }
        }
        scratch
    }

    fn report(scratch: &Scratch) -> Report {
        analysis::analyse(&record::load(&scratch.0).expect("it was just written"))
    }

    #[test]
    fn a_slowdown_fails_and_a_tolerated_one_passes() {
        let (old, new) = (
            stored("gate-old", 1_000_000, |_| {}),
            stored("gate-new", 1_100_000, |_| {}),
        );
        let gate = against(&report(&new), &old.0, 0.03, false).expect("the runs fit together");
        assert_eq!(gate.failures, ["a", "a on fib", "a on sieve"]);
        assert!(
            gate.text()
                .ends_with("slower by more than 3 %: a on sieve\n")
        );
        assert!(
            against(&report(&new), &old.0, 0.2, false)
                .expect("the runs fit together")
                .passes()
        );
        assert!(
            against(&report(&old), &new.0, 0.0, false)
                .expect("the runs fit together")
                .passes()
        );
    }

    #[test]
    fn other_machines_and_sizes_are_refused() {
        let new = stored("gate-here", 1_000_000, |_| {});
        let other = stored("gate-there", 1_000_000, |record| {
            record.machine.host = "elsewhere".into()
        });
        let error = against(&report(&new), &other.0, 0.03, false)
            .expect_err("another machine")
            .to_string();
        assert!(
            error.starts_with("the runs do not fit together: the host was 'elsewhere'"),
            "{error}"
        );
        assert!(against(&report(&new), &other.0, 0.03, true).is_ok());
        let other = stored("gate-size", 1_000_000, |record| {
            record.size = "quick".into()
        });
        assert!(against(&report(&new), &other.0, 0.03, true).is_err());
    }

    #[test]
    fn shares_are_read() {
        assert!((parse_share("3%").expect("a share") - 0.03).abs() < 1e-12);
        assert!((parse_share(" 2.5 % ").expect("a share") - 0.025).abs() < 1e-12);
        assert!((parse_share("0.1").expect("a share") - 0.1).abs() < 1e-12);
        assert!(
            ["", "x%", "-1%", "inf"]
                .iter()
                .all(|text| parse_share(text).is_err())
        );
    }
}

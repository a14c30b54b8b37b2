//! From samples to answers: one pass over a run that gives every number of the report. Nothing is measured or written here.

use std::path::PathBuf;

use serde::Serialize;

use crate::bootstrap::{MeanLog, deviation, mean, median};
use crate::cell_name::CellName;
use crate::components::{self, Components, Nested};
use crate::factorial::{self, CellMean, Factorial};
use crate::layouts;
use crate::plan::{Clock, Kind};
use crate::random::Random;
use crate::record::{RecordedSubject, Run, RunRecord, Sample};
use crate::student::satterthwaite;
use crate::verdict::{Estimate, Verdict, verdicts};
use crate::warmup::{Shape, Steady, classify};

/// One subject on one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The subject's name.
    pub subject: String,
    /// The workload's name.
    pub workload: String,
    /// Fresh processes.
    pub invocations: usize,
    /// Iterations of one of them, warm-up included.
    pub iterations: usize,
    /// What the iterations do, and from where they count.
    #[serde(flatten)]
    pub steady: Steady,
    /// Median steady iteration in nanoseconds.
    pub median_ns: f64,
    /// Geometric mean of the steady iterations in nanoseconds: what ratios are made of.
    pub mean_ns: f64,
    /// Relative deviation between invocations.
    pub between: f64,
    /// Relative deviation between the iterations of an invocation.
    pub within: f64,
    /// Median start-up in nanoseconds of wall-clock time.
    pub startup_ns: f64,
    /// Median of the largest resident sets in bytes.
    pub peak_bytes: f64,
    /// The estimate with its resampled values.
    #[serde(skip)]
    pub mean_log: MeanLog,
}

/// A subject's time over the reference's, on one workload or as geometric mean over several.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The subject's name.
    pub subject: String,
    /// Whose time is 1.
    pub reference: String,
    /// The workload; none for a geometric mean.
    pub workload: Option<String>,
    /// Workloads in it.
    pub workloads: usize,
    /// The ratio.
    pub ratio: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The ratio of medians (its geometric mean), which outliers move even less.
    pub median_ratio: f64,
    /// What may be said.
    pub verdict: Verdict,
    /// The estimate behind the ratio.
    pub estimate: Estimate,
}

/// A subject's start-up over all workloads.
#[derive(Clone, Debug, Serialize)]
pub struct Startup {
    /// The subject's name.
    pub subject: String,
    /// Median over workloads of the median start-up, in milliseconds.
    pub milliseconds: f64,
    /// Geometric mean over workloads of the median peak memory, in MiB.
    pub peak_mib: f64,
}

/// All answers of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Where the run is kept.
    pub folder: PathBuf,
    /// What was run.
    pub record: RunRecord,
    /// All that was measured.
    pub pairs: Vec<Pair>,
    /// Each subject but the reference on each workload.
    pub comparisons: Vec<Comparison>,
    /// Each subject but the reference over all workloads.
    pub geomeans: Vec<Comparison>,
    /// Each cell over all workloads against each peer.
    pub against_peers: Vec<Comparison>,
    /// Worth of the factors.
    pub factorial: Option<Factorial>,
    /// Start-up and memory.
    pub startups: Vec<Startup>,
    /// Where the scatter comes from, where layout was a factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Components>,
    /// What a reader must know to judge the numbers, a sentence each.
    pub notes: Vec<String>,
}

impl Report {
    /// Every planned sample is in it.
    pub fn is_complete(&self) -> bool {
        self.record.complete
    }

    /// The pair of those names.
    pub fn pair(&self, subject: &str, workload: &str) -> Option<&Pair> {
        self.pairs
            .iter()
            .find(|pair| pair.subject == subject && pair.workload == workload)
    }

    /// Any subject over any other, over all workloads that both ran; `None` if there is none. Not judged: [`judge`] does that
    /// for a whole table.
    pub fn relative(&self, subject: &str, reference: &str) -> Option<Comparison> {
        geomean(&self.record, &self.pairs, subject, reference)
    }
}

/// Analyses a run, complete or not. The pilot counts only where there is nothing else, in a run that was interrupted early.
pub fn analyse(run: &Run) -> Report {
    let record = &run.record;
    let pilot_only = run.samples.iter().all(|sample| sample.block == 0);
    let samples: Vec<&Sample> = run
        .samples
        .iter()
        .filter(|sample| pilot_only || sample.block > 0)
        .collect();
    let pairs = pairs(record, &samples);
    let names: Vec<&str> = record
        .subjects
        .iter()
        .map(|subject| subject.subject.name.as_str())
        .collect();
    let of_kind = |kind: Kind| {
        record
            .subjects
            .iter()
            .filter(move |s| s.subject.kind == kind)
            .map(|s| s.subject.name.as_str())
    };
    let reference = record.reference.as_str();

    let mut comparisons = Vec::new();
    let mut geomeans = Vec::new();
    for name in names.iter().filter(|&&name| name != reference) {
        comparisons.extend(record.workloads.iter().filter_map(|(workload, _)| {
            let comparison = compare(&pairs, name, reference, &[workload.as_str()])?;
            Some(Comparison {
                workload: Some(workload.clone()),
                ..comparison
            })
        }));
        geomeans.extend(geomean(record, &pairs, name, reference));
    }
    let mut against_peers = Vec::new();
    for peer in of_kind(Kind::Peer).filter(|&peer| peer != reference) {
        against_peers
            .extend(of_kind(Kind::Cell).filter_map(|cell| geomean(record, &pairs, cell, peer)));
    }
    for table in [&mut comparisons, &mut geomeans, &mut against_peers] {
        judge(table);
    }
    let cells: Vec<&str> = of_kind(Kind::Cell).collect();
    let mut report = Report {
        folder: run.folder.clone(),
        factorial: factors(record, &pairs, &cells),
        components: components(record, &samples, &pairs),
        startups: names
            .iter()
            .filter_map(|name| startup(&pairs, name))
            .collect(),
        record: record.clone(),
        pairs,
        comparisons,
        geomeans,
        against_peers,
        notes: Vec::new(),
    };
    report.notes = notes(&report, &samples, pilot_only);
    report
}

fn pairs(record: &RunRecord, samples: &[&Sample]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (workload, _) in &record.workloads {
        for recorded in &record.subjects {
            let subject = &recorded.subject.name;
            let own: Vec<&&Sample> = samples
                .iter()
                .filter(|s| s.subject == *subject && s.workload == *workload)
                .collect();
            let times: Vec<Vec<f64>> = own
                .iter()
                .map(|sample| {
                    let times = if record.clock == Clock::Cpu {
                        &sample.cpu
                    } else {
                        &sample.wall
                    };
                    times.iter().map(|&time| time as f64).collect()
                })
                .collect();
            let steady = classify(&times);
            let times: Vec<Vec<f64>> = times
                .iter()
                .map(|times| times.get(steady.from..).unwrap_or_default().to_vec())
                .collect();
            // A layout is one draw, however many processes run it: it is the unit whose scatter counts.
            let units = by_layout(record, &own, times);
            let times: Vec<Vec<f64>> = units.into_iter().map(|unit| unit.concat()).collect();
            // Two runs of one seed must not resample alike: their draws are compared (`gate`).
            let mut random =
                Random::stream(record.seed ^ text_hash(&record.started), pairs.len() as u64);
            let Some(mean_log) = MeanLog::new(&times, &mut random) else {
                continue;
            };
            let collect = |number: fn(&Sample) -> u64| {
                own.iter().map(|s| number(s) as f64).collect::<Vec<f64>>()
            };
            pairs.push(Pair {
                subject: subject.clone(),
                workload: workload.clone(),
                invocations: own.len(),
                iterations: own
                    .iter()
                    .map(|sample| sample.wall.len())
                    .max()
                    .unwrap_or(0),
                steady,
                median_ns: median(&times.concat()),
                mean_ns: mean_log.mean.exp(),
                between: mean_log.between.sqrt(),
                within: mean_log.within.sqrt(),
                startup_ns: median(&collect(|sample| sample.startup)),
                peak_bytes: median(&collect(|sample| sample.peak_bytes)),
                mean_log,
            });
        }
    }
    pairs
}

/// Steady times of each unit's processes: a unit is a layout where there are several, else a process.
fn by_layout(record: &RunRecord, own: &[&&Sample], times: Vec<Vec<f64>>) -> Vec<Vec<Vec<f64>>> {
    let layouts = record.layouts.len();
    let is_cell = own.first().is_some_and(|sample| {
        let of = |s: &&RecordedSubject| s.subject.name == sample.subject;
        record
            .subjects
            .iter()
            .find(of)
            .is_some_and(|s| s.subject.kind == Kind::Cell)
    });
    if layouts < 2 || !is_cell {
        return times.into_iter().map(|times| vec![times]).collect();
    }
    let mut units = vec![Vec::new(); layouts];
    for (sample, times) in own.iter().zip(times) {
        if let Some(at) = layouts::of_block(layouts, sample.block) {
            units[at].push(times);
        }
    }
    units.retain(|unit| !unit.is_empty());
    units
}

/// Where the scatter of the cells comes from, in a run with several layouts.
fn components(record: &RunRecord, samples: &[&Sample], pairs: &[Pair]) -> Option<Components> {
    if record.layouts.len() < 2 {
        return None;
    }
    let nested: Vec<Nested> = pairs
        .iter()
        .map(|pair| {
            let own: Vec<&&Sample> = samples
                .iter()
                .filter(|s| s.subject == pair.subject && s.workload == pair.workload)
                .collect();
            let logs = own
                .iter()
                .map(|sample| {
                    let times = if record.clock == Clock::Cpu {
                        &sample.cpu
                    } else {
                        &sample.wall
                    };
                    let steady = times.get(pair.steady.from..).unwrap_or_default();
                    steady.iter().map(|&t| (t.max(1) as f64).ln()).collect()
                })
                .collect();
            by_layout(record, &own, logs)
        })
        .collect();
    components::estimate(&nested)
}

/// FNV-1a.
fn text_hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

fn geomean(
    record: &RunRecord,
    pairs: &[Pair],
    subject: &str,
    reference: &str,
) -> Option<Comparison> {
    let workloads: Vec<&str> = record
        .workloads
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    compare(pairs, subject, reference, &workloads)
}

/// Compares over the workloads that both ran; `None` if there is none. The verdict is still to be made.
fn compare(
    pairs: &[Pair],
    subject: &str,
    reference: &str,
    workloads: &[&str],
) -> Option<Comparison> {
    let find = |name: &str, workload: &str| {
        pairs
            .iter()
            .find(|p| p.subject == name && p.workload == workload)
    };
    let both: Vec<(&Pair, &Pair)> = workloads
        .iter()
        .filter_map(|w| Some((find(subject, w)?, find(reference, w)?)))
        .collect();
    if both.is_empty() {
        return None;
    }
    let estimate = ratio(
        &both
            .iter()
            .map(|(a, b)| (&a.mean_log, &b.mean_log))
            .collect::<Vec<_>>(),
    );
    let (low, high) = estimate.interval();
    let medians: Vec<f64> = both
        .iter()
        .map(|(a, b)| (a.median_ns / b.median_ns).ln())
        .collect();
    Some(Comparison {
        subject: subject.into(),
        reference: reference.into(),
        workload: None,
        workloads: both.len(),
        ratio: estimate.ratio(),
        low,
        high,
        median_ratio: mean(&medians).exp(),
        verdict: Verdict::NotResolved(estimate.detectable()),
        estimate,
    })
}

/// The geometric mean of ratios, one a pair of estimates, with the error that their resampled values show.
pub fn ratio(both: &[(&MeanLog, &MeanLog)]) -> Estimate {
    let count = both.len() as f64;
    let draws = both
        .iter()
        .map(|(a, b)| a.draws.len().min(b.draws.len()))
        .min()
        .unwrap_or(0);
    let logs: Vec<f64> = (0..draws)
        .map(|i| {
            both.iter()
                .map(|(a, b)| a.draws[i] - b.draws[i])
                .sum::<f64>()
                / count
        })
        .collect();
    let parts = both
        .iter()
        .flat_map(|(a, b)| [(a.variance, a.freedom), (b.variance, b.freedom)]);
    // An unknown variance (one invocation) must not pass for none.
    let unknown = both
        .iter()
        .any(|(a, b)| a.freedom <= 0.0 || b.freedom <= 0.0);
    Estimate {
        log: both.iter().map(|(a, b)| a.mean - b.mean).sum::<f64>() / count,
        standard_error: deviation(&logs),
        freedom: if unknown {
            0.0
        } else {
            satterthwaite(parts).min(1e9)
        },
    }
}

/// Fills in the verdicts of one table.
pub fn judge(comparisons: &mut [Comparison]) {
    let estimates: Vec<Estimate> = comparisons
        .iter()
        .map(|comparison| comparison.estimate)
        .collect();
    for (comparison, verdict) in comparisons.iter_mut().zip(verdicts(&estimates)) {
        comparison.verdict = verdict;
    }
}

fn factors(record: &RunRecord, pairs: &[Pair], cells: &[&str]) -> Option<Factorial> {
    let named: Vec<(&str, CellName)> = cells
        .iter()
        .filter_map(|&cell| Some((cell, CellName::parse(cell)?)))
        .collect();
    let reference = CellName::parse(&record.reference)
        .or_else(|| named.first().map(|(_, name)| name.clone()))?;
    let of = |cell: &str, workload: &str| {
        pairs
            .iter()
            .find(|p| p.subject == cell && p.workload == workload)
    };
    // Only workloads that every cell ran: another mix would look like an effect.
    let shared: Vec<&str> = record
        .workloads
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|workload| named.iter().all(|(cell, _)| of(cell, workload).is_some()))
        .collect();
    if shared.is_empty() {
        return None;
    }
    let count = shared.len() as f64;
    let means: Vec<CellMean> = named
        .iter()
        .map(|(cell, name)| {
            let logs: Vec<&MeanLog> = shared
                .iter()
                .filter_map(|w| Some(&of(cell, w)?.mean_log))
                .collect();
            let unknown = logs.iter().any(|log| log.freedom <= 0.0);
            let variance = logs.iter().map(|log| log.variance).sum::<f64>() / (count * count);
            CellMean {
                name: name.clone(),
                mean: mean(&logs.iter().map(|log| log.mean).collect::<Vec<_>>()),
                draws: (0..crate::bootstrap::DRAWS)
                    .map(|i| logs.iter().map(|log| log.draws[i]).sum::<f64>() / count)
                    .collect(),
                variance: if unknown { f64::MIN_POSITIVE } else { variance },
                freedom: if unknown {
                    0.0
                } else {
                    satterthwaite(logs.iter().map(|l| (l.variance, l.freedom))).min(1e9)
                },
            }
        })
        .collect();
    factorial::analyse(&means, &reference)
}

fn startup(pairs: &[Pair], subject: &str) -> Option<Startup> {
    let own: Vec<&Pair> = pairs
        .iter()
        .filter(|pair| pair.subject == subject)
        .collect();
    let peaks: Vec<f64> = own
        .iter()
        .map(|pair| pair.peak_bytes.max(1.0).ln())
        .collect();
    (!own.is_empty()).then(|| Startup {
        subject: subject.into(),
        milliseconds: median(
            &own.iter()
                .map(|pair| pair.startup_ns * 1e-6)
                .collect::<Vec<_>>(),
        ),
        peak_mib: mean(&peaks).exp() / (1 << 20) as f64,
    })
}

/// What stands between the numbers and a careless reading of them.
fn notes(report: &Report, samples: &[&Sample], pilot_only: bool) -> Vec<String> {
    let record = &report.record;
    let mut notes = Vec::new();
    if !record.complete {
        notes.push(format!(
            "This run is partial ({}): what is missing is not counted as equal.",
            record.status
        ));
    }
    if pilot_only && !samples.is_empty() {
        notes.push("Only the pilot was measured: one invocation, no intervals.".into());
    }
    let invocations = report
        .pairs
        .iter()
        .map(|pair| pair.invocations)
        .min()
        .unwrap_or(0);
    if (1..5).contains(&invocations) && !pilot_only {
        notes.push(format!("Only {invocations} invocations of some pairs: intervals are wide for that reason alone."));
    }
    let wall: u64 = samples.iter().flat_map(|sample| &sample.wall).sum();
    let cpu: u64 = samples.iter().flat_map(|sample| &sample.cpu).sum();
    let share = cpu as f64 / wall.max(1) as f64;
    if share < 0.97 {
        let clock = if record.clock == Clock::Cpu {
            "processor time, which this disturbs little"
        } else {
            "wall-clock time"
        };
        notes.push(format!(
            "The machine was busy: the iterations had a processor for {:.0} % of their time. Ratios are of {clock}.",
            share * 100.0
        ));
    }
    let noisy = report
        .pairs
        .iter()
        .filter(|pair| pair.between.hypot(pair.within) > 0.05)
        .count();
    if noisy > 0 {
        notes.push(format!(
            "{noisy} of {} pairs vary by more than 5 % from run to run.",
            report.pairs.len()
        ));
    }
    for (shape, text) in [
        (
            Shape::WarmUp,
            "warm up; their first iterations are left out",
        ),
        (
            Shape::Slowdown,
            "slow down over time; their last level is reported",
        ),
        (
            Shape::NoSteadyState,
            "reach no steady state; all their iterations are counted",
        ),
    ] {
        let count = report
            .pairs
            .iter()
            .filter(|pair| pair.steady.shape == shape)
            .count();
        if count > 0 {
            notes.push(format!("{count} of {} pairs {text}.", report.pairs.len()));
        }
    }
    if record.machine.virtual_machine {
        notes.push("The processor is virtual: other guests may have disturbed the times.".into());
    }
    if record.build.profile != "release"
        && record.subjects.iter().any(|s| s.subject.kind == Kind::Cell)
    {
        notes.push(format!(
            "The cells were built with the profile {}, not release.",
            record.build.profile
        ));
    }
    notes
}

#[cfg(test)]
#[path = "analysis/tests.rs"]
mod tests;

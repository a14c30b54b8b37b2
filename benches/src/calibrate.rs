//! How honest the comparison is, measured: false positives, coverage of the intervals, power to find injected slowdowns.
//!
//! A subject is compared with itself many times. With measured samples, each comparison draws two disjoint random sets of
//! invocations from a pool (so its difference has the variance of two independent runs); with simulated ones, the noise is
//! known. A slowdown is injected by multiplying one side's times.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::BenchError;
use crate::analysis;
use crate::bootstrap::MeanLog;
use crate::compare::{self, Plan, Report};
use crate::plan::{Clock, Schedule};
use crate::random::Random;
use crate::record;
use crate::student::normal_quantile;
use crate::verdict::CONFIDENCE;

/// The file beside `run.json`.
pub const FILE: &str = "calibration.json";

/// Invocations in a pool for each invocation of a side.
const POOL: u32 = 8;

/// The slowdowns whose power is measured.
pub const SLOWDOWNS: [f64; 3] = [0.01, 0.02, 0.05];

/// A share of comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// So many…
    pub hits: usize,
    /// …of so many.
    pub of: usize,
}

impl Share {
    /// Between 0 and 1.
    pub fn rate(self) -> f64 {
        self.hits as f64 / self.of.max(1) as f64
    }

    /// Its 95 % interval (Wilson 1927).
    pub fn interval(self) -> (f64, f64) {
        let (n, p, z) = (
            self.of.max(1) as f64,
            self.rate(),
            normal_quantile(0.5 + CONFIDENCE / 2.0),
        );
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let reach = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        ((middle - reach).max(0.0), (middle + reach).min(1.0))
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (low, high) = self.interval();
        write!(
            f,
            "{:.1} % [{:.1}, {:.1}]",
            self.rate() * 100.0,
            low * 100.0,
            high * 100.0
        )
    }
}

/// What repeated comparisons of equals gave.
#[derive(Clone, Debug, Serialize)]
pub struct Calibration {
    /// What was compared with itself.
    pub what: String,
    /// Invocations a side.
    pub invocations: usize,
    /// Iterations of each invocation.
    pub iterations: usize,
    /// Intervals that excluded 1 although nothing differed. Should be at most 5 %.
    pub false_positives: Share,
    /// Intervals that held an injected ratio, drawn anew for each comparison. Should be 95 %.
    pub coverage: Share,
    /// For each of [`SLOWDOWNS`], how often it was found.
    pub power: Vec<(f64, Share)>,
    /// Median half-width of the intervals, relative.
    pub half_width: f64,
}

impl Calibration {
    /// A few lines for a terminal.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{}: {} invocations × {} iterations a side, {} comparisons\n  false positives {} (at most 5 %){}\n  \
             coverage of the 95 % intervals {} (93 to 97 %){}\n  intervals reach ±{:.2} %\n",
            self.what,
            self.invocations,
            self.iterations,
            self.false_positives.of,
            self.false_positives,
            missed(self.false_positives.interval().0 <= 0.05),
            self.coverage,
            missed(self.coverage.interval().1 >= 0.93 && self.coverage.interval().0 <= 0.97),
            self.half_width * 100.0
        );
        for (slowdown, share) in &self.power {
            text += &format!(
                "  a slowdown of {} % is found in {share}\n",
                slowdown * 100.0
            );
        }
        text
    }
}

/// A mark where a goal is certainly missed.
fn missed(is_met: bool) -> &'static str {
    if is_met { "" } else { "  <- MISSED" }
}

/// Noise with known parameters, as relative deviations.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// Between processes.
    pub between: f64,
    /// Between iterations of one process.
    pub within: f64,
    /// Share of processes that are disturbed as a whole…
    pub disturbed: f64,
    /// …and by how much they are slower.
    pub disturbance: f64,
}

impl Noise {
    fn invocation(&self, random: &mut Random, iterations: usize) -> Vec<f64> {
        let hit = if random.unit() < self.disturbed {
            self.disturbance.ln_1p()
        } else {
            0.0
        };
        let level = 16.0 + hit + self.between * random.normal();
        (0..iterations)
            .map(|_| (level + self.within * random.normal()).exp())
            .collect()
    }
}

/// Calibrates on simulated noise.
pub fn synthetic(
    noise: Noise,
    invocations: usize,
    iterations: usize,
    comparisons: usize,
    seed: u64,
) -> Calibration {
    let side = |random: &mut Random| {
        (0..invocations)
            .map(|_| noise.invocation(random, iterations))
            .collect()
    };
    let what = format!(
        "simulated noise, {:.1} % between and {:.1} % within",
        noise.between * 100.0,
        noise.within * 100.0
    );
    repeat(what, invocations, iterations, comparisons, seed, |random| {
        (side(random), side(random))
    })
}

/// Calibrates on measured times (nanoseconds by invocation and iteration); each pool is one subject on one workload. The pools take turns.
///
/// # Errors
/// [`BenchError::Plan`] if a pool is too small for two sides.
pub fn measured(
    what: String,
    pools: &[Vec<Vec<f64>>],
    invocations: usize,
    comparisons: usize,
    seed: u64,
) -> Result<Calibration, BenchError> {
    if pools.is_empty() || pools.iter().any(|pool| pool.len() < 2 * invocations) || invocations < 2
    {
        let text = format!(
            "calibration needs at least 2 invocations a side and pools of {}",
            2 * invocations
        );
        return Err(BenchError::Plan(text));
    }
    let iterations = pools.iter().flatten().map(Vec::len).max().unwrap_or(0);
    let mut turn = 0;
    Ok(repeat(
        what,
        invocations,
        iterations,
        comparisons,
        seed,
        |random| {
            let pool = &pools[turn % pools.len()];
            turn += 1;
            let mut order: Vec<usize> = (0..pool.len()).collect();
            random.shuffle(&mut order);
            let side = |chosen: &[usize]| chosen.iter().map(|&i| pool[i].clone()).collect();
            (
                side(&order[..invocations]),
                side(&order[invocations..2 * invocations]),
            )
        },
    ))
}

type Side = Vec<Vec<f64>>;

fn repeat(
    what: String,
    invocations: usize,
    iterations: usize,
    comparisons: usize,
    seed: u64,
    mut draw: impl FnMut(&mut Random) -> (Side, Side),
) -> Calibration {
    let mut random = Random::new(seed);
    let (mut false_positives, mut covered) = (0, 0);
    let mut found = [0; SLOWDOWNS.len()];
    let mut widths = Vec::new();
    for _ in 0..comparisons {
        let (one, other) = draw(&mut random);
        let (low, high) = interval(&one, &other, 1.0, &mut random);
        false_positives += usize::from(low > 1.0 || high < 1.0);
        widths.push((high / low).sqrt() - 1.0);
        let (one, other) = draw(&mut random);
        let truth = (0.4 * random.unit() - 0.2).exp();
        let (low, high) = interval(&one, &other, truth, &mut random);
        covered += usize::from(low <= truth && truth <= high);
        for (found, slowdown) in found.iter_mut().zip(SLOWDOWNS) {
            let (one, other) = draw(&mut random);
            *found += usize::from(interval(&one, &other, 1.0 + slowdown, &mut random).0 > 1.0);
        }
    }
    let share = |hits| Share {
        hits,
        of: comparisons,
    };
    Calibration {
        what,
        invocations,
        iterations,
        false_positives: share(false_positives),
        coverage: share(covered),
        power: SLOWDOWNS.into_iter().zip(found.map(share)).collect(),
        half_width: crate::bootstrap::median(&widths),
    }
}

/// The interval of one over the other, with one's times multiplied by a factor.
fn interval(one: &Side, other: &Side, factor: f64, random: &mut Random) -> (f64, f64) {
    let scaled: Side = one
        .iter()
        .map(|times| times.iter().map(|time| time * factor).collect())
        .collect();
    match (MeanLog::new(&scaled, random), MeanLog::new(other, random)) {
        (Some(one), Some(other)) => analysis::ratio(&[(&one, &other)]).interval(),
        // No times, no knowledge.
        _ => (0.0, f64::INFINITY),
    }
}

/// Measures a plan's subjects against themselves and calibrates with `comparisons` comparisons of `invocations` a side: one
/// calibration a subject. The plan's schedule is replaced by pools of eight times that many invocations.
///
/// # Errors
/// As [`compare::run`] and [`measured`].
pub fn run(
    plan: &Plan,
    invocations: u32,
    iterations: u32,
    comparisons: usize,
) -> Result<(PathBuf, Vec<Calibration>), BenchError> {
    let schedule = Schedule::Fixed {
        invocations: POOL * invocations,
        iterations,
    };
    let report = compare::run(&Plan {
        schedule,
        ..plan.clone()
    })?;
    judge(&report, comparisons)
}

/// Goes on with an interrupted [`run`], or calibrates a finished one again.
///
/// # Errors
/// As [`compare::resume`] and [`measured`].
pub fn resume(
    folder: &Path,
    comparisons: usize,
    progress: bool,
) -> Result<(PathBuf, Vec<Calibration>), BenchError> {
    judge(&compare::resume(folder, progress)?, comparisons)
}

/// Calibrates on the samples of a run, writes [`FILE`] beside them, and answers the run's folder too.
fn judge(report: &Report, comparisons: usize) -> Result<(PathBuf, Vec<Calibration>), BenchError> {
    if !report.is_complete() {
        return Err(BenchError::Interrupted);
    }
    let run = record::load(&report.folder)?;
    let invocations = run.record.blocks / POOL;
    let calibrations: Vec<Calibration> = run
        .record
        .subjects
        .iter()
        .map(|recorded| {
            let subject = &recorded.subject;
            let pools: Vec<Vec<Vec<f64>>> = report
                .pairs
                .iter()
                .filter(|pair| pair.subject == subject.name)
                .map(|pair| {
                    let own = run.samples.iter().filter(|s| {
                        s.block > 0 && s.subject == pair.subject && s.workload == pair.workload
                    });
                    own.map(|sample| {
                        let times = if run.record.clock == Clock::Cpu {
                            &sample.cpu
                        } else {
                            &sample.wall
                        };
                        times[pair.steady.from.min(times.len())..]
                            .iter()
                            .map(|&time| time as f64)
                            .collect()
                    })
                    .collect()
                })
                .collect();
            let what = format!(
                "{} against itself on {} workloads",
                subject.name,
                pools.len()
            );
            let seed = run.record.seed;
            measured(what, &pools, invocations as usize, comparisons, seed)
        })
        .collect::<Result<_, _>>()?;
    record::write_json(&report.folder.join(FILE), &calibrations)?;
    Ok((report.folder.clone(), calibrations))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Noise = Noise {
        between: 0.01,
        within: 0.005,
        disturbed: 0.0,
        disturbance: 0.0,
    };

    fn assert_honest(calibration: &Calibration) {
        // 600 comparisons: 95 % has a standard error of 0.9 points.
        let (wrong, covered) = (
            calibration.false_positives.rate(),
            calibration.coverage.rate(),
        );
        assert!(
            wrong <= 0.08 && (0.92..=0.985).contains(&covered),
            "{}",
            calibration.text()
        );
    }

    #[test]
    fn honest_on_noise_of_either_level() {
        assert_honest(&synthetic(QUIET, 5, 3, 600, 1));
        assert_honest(&synthetic(QUIET, 3, 3, 600, 2));
        assert_honest(&synthetic(
            Noise {
                between: 0.0,
                within: 0.02,
                ..QUIET
            },
            5,
            3,
            600,
            3,
        ));
    }

    #[test]
    fn disturbed_processes_do_not_make_false_positives() {
        let calibration = synthetic(
            Noise {
                disturbed: 0.1,
                disturbance: 0.3,
                ..QUIET
            },
            5,
            3,
            600,
            4,
        );
        assert!(
            calibration.false_positives.rate() <= 0.06,
            "{}",
            calibration.text()
        );
    }

    #[test]
    fn power_grows_with_the_effect_and_is_what_theory_says() {
        let calibration = synthetic(QUIET, 10, 3, 600, 5);
        let power: Vec<f64> = calibration
            .power
            .iter()
            .map(|(_, share)| share.rate())
            .collect();
        // Standard error sqrt(2 (1e-4 + 25e-6 / 3) / 10) = 0.465 %: two-sided t with 18 degrees finds 1 % in 53 %, 2 % in 98 %.
        assert!(
            (0.43..0.63).contains(&power[0]) && power[1] > 0.94 && power[2] == 1.0,
            "{power:?}"
        );
    }

    #[test]
    fn measured_pools_are_honest_too() {
        let mut random = Random::new(6);
        let pools: Vec<Side> = (0..3)
            .map(|_| (0..40).map(|_| QUIET.invocation(&mut random, 3)).collect())
            .collect();
        assert_honest(
            &measured("pools".into(), &pools, 5, 600, 7).expect("the pools are large enough"),
        );
        assert!(measured("small".into(), &pools, 21, 10, 7).is_err());
    }

    #[test]
    fn wilsons_interval() {
        let (low, high) = Share { hits: 5, of: 100 }.interval();
        assert!(
            (low - 0.0215).abs() < 2e-4 && (high - 0.1118).abs() < 2e-4,
            "{low} {high}"
        );
        assert_eq!(Share { hits: 0, of: 0 }.rate(), 0.0);
    }
}

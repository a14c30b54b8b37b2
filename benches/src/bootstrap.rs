//! Hierarchical bootstrap of the mean log time of one subject on one workload: invocations first, iterations within them.
//!
//! Resampling both levels as they are counts the iterations' noise twice. So the two levels are resampled as random effects,
//! rescaled to the variances that the analysis of variance estimates without bias (Davison and Hinkley, "Bootstrap Methods and their
//! Application", 1997, section 3.8; Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013). The
//! variance of the draws is then the unbiased one, also with three invocations; intervals add Student's t for the
//! uncertainty of the variance itself (`verdict`).
//!
//! Logarithms, because only ratios are reported: a ratio is a difference here, a geometric mean a mean, and a burst
//! of noise that doubles one time moves the answer by less than in a mean of times.

use crate::random::Random;

/// How many times everything is resampled. The standard error of a standard error is then 1.6 %.
pub const DRAWS: usize = 2000;

/// What is known of one subject on one workload. All numbers are of natural logarithms of nanoseconds.
#[derive(Clone, Debug)]
pub struct MeanLog {
    /// The mean over invocations of the mean over iterations.
    pub mean: f64,
    /// The variance of `mean`. 0 with a single invocation, where it is unknown: see `freedom`.
    pub variance: f64,
    /// Degrees of freedom of `variance`: invocations less one.
    pub freedom: f64,
    /// The variance between invocations, the iterations' part taken out, not below 0.
    pub between: f64,
    /// The variance between iterations of one invocation.
    pub within: f64,
    /// `mean` again, [`DRAWS`] times, from resampled data.
    pub draws: Vec<f64>,
}

impl MeanLog {
    /// Estimates and resamples. `times` holds the nanoseconds of the iterations of each invocation; empty invocations and times that
    /// are not positive are left out. `None` if nothing is left.
    pub fn new(times: &[Vec<f64>], random: &mut Random) -> Option<MeanLog> {
        let logs: Vec<Vec<f64>> = times
            .iter()
            .map(|times| {
                times
                    .iter()
                    .filter(|&&time| time > 0.0)
                    .map(|time| time.ln())
                    .collect()
            })
            .filter(|logs: &Vec<f64>| !logs.is_empty())
            .collect();
        if logs.is_empty() {
            return None;
        }
        let count = logs.len() as f64;
        let means: Vec<f64> = logs.iter().map(|logs| mean(logs)).collect();
        let grand = mean(&means);
        let residuals: Vec<f64> = logs
            .iter()
            .zip(&means)
            .flat_map(|(logs, mean)| logs.iter().map(move |log| log - mean))
            .collect();
        let inner_freedom = (residuals.len() - logs.len()) as f64;
        let squares = |numbers: &[f64]| numbers.iter().map(|x| x * x).sum::<f64>();
        let within = if inner_freedom > 0.0 {
            squares(&residuals) / inner_freedom
        } else {
            0.0
        };
        let effects: Vec<f64> = means.iter().map(|mean| mean - grand).collect();
        // The variance of an invocation's mean, and the part of it that is due to its iterations.
        let total = if logs.len() > 1 {
            squares(&effects) / (count - 1.0)
        } else {
            0.0
        };
        let harmonic = logs.iter().map(|logs| 1.0 / logs.len() as f64).sum::<f64>() / count;
        let due = (within * harmonic).min(total);
        let between = total - due;

        let scale = |wanted: f64, numbers: &[f64]| {
            let have = squares(numbers) / numbers.len() as f64;
            if have > 0.0 {
                (wanted / have).sqrt()
            } else {
                0.0
            }
        };
        let outer_scale = scale(between, &effects);
        let inner_scale = scale(
            if harmonic > 0.0 { due / harmonic } else { 0.0 },
            &residuals,
        );
        let draws = (0..DRAWS)
            .map(|_| {
                let mut sum = 0.0;
                for logs in &logs {
                    let effect = effects[random.below(effects.len())] * outer_scale;
                    let noise: f64 = logs
                        .iter()
                        .map(|_| residuals[random.below(residuals.len())])
                        .sum();
                    sum += effect + noise * inner_scale / logs.len() as f64;
                }
                grand + sum / count
            })
            .collect();
        Some(MeanLog {
            mean: grand,
            variance: total / count,
            freedom: count - 1.0,
            between,
            within,
            draws,
        })
    }
}

/// The arithmetic mean; NaN of nothing.
pub fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// The standard deviation with n - 1; 0 of fewer than two numbers.
pub fn deviation(numbers: &[f64]) -> f64 {
    if numbers.len() < 2 {
        return 0.0;
    }
    let middle = mean(numbers);
    (numbers
        .iter()
        .map(|x| (x - middle) * (x - middle))
        .sum::<f64>()
        / (numbers.len() - 1) as f64)
        .sqrt()
}

/// The median; NaN of nothing.
pub fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulate(
        random: &mut Random,
        invocations: usize,
        iterations: usize,
        outer: f64,
        inner: f64,
    ) -> Vec<Vec<f64>> {
        (0..invocations)
            .map(|_| {
                let effect = outer * random.normal();
                (0..iterations)
                    .map(|_| (10.0 + effect + inner * random.normal()).exp())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn equal_times_have_no_variance() {
        let known = MeanLog::new(&vec![vec![std::f64::consts::E; 3]; 4], &mut Random::new(1))
            .expect("there are times");
        assert!((known.mean - 1.0).abs() < 1e-12 && known.variance < 1e-24 && known.freedom == 3.0);
        assert!(known.draws.iter().all(|draw| (draw - 1.0).abs() < 1e-12));
    }

    #[test]
    fn variance_is_that_of_the_invocation_means() {
        // Means of logs 1, 2, 3, 4 without inner noise: variance of the mean is (5/3) / 4.
        let times: Vec<Vec<f64>> = (1..5).map(|i| vec![f64::from(i).exp(); 2]).collect();
        let known = MeanLog::new(&times, &mut Random::new(1)).expect("there are times");
        assert!((known.mean - 2.5).abs() < 1e-12);
        assert!((known.variance - 5.0 / 12.0).abs() < 1e-12);
        assert!((deviation(&known.draws).powi(2) / known.variance - 1.0).abs() < 0.1);
    }

    #[test]
    fn draws_spread_as_the_estimate_varies() {
        // The spread of the estimates over many repetitions is what the draws of each must show on average, whichever level the noise is on.
        for (outer, inner) in [(0.02, 0.0), (0.0, 0.02), (0.01, 0.02)] {
            let mut random = Random::new(11);
            let mut estimates = Vec::new();
            let mut claimed = 0.0;
            for _ in 0..150 {
                let times = simulate(&mut random, 5, 4, outer, inner);
                let known = MeanLog::new(&times, &mut random).expect("there are times");
                estimates.push(known.mean);
                claimed += deviation(&known.draws).powi(2) / 150.0;
            }
            let ratio = claimed / deviation(&estimates).powi(2);
            assert!(
                (0.7..1.4).contains(&ratio),
                "outer {outer}, inner {inner}: {ratio}"
            );
        }
    }

    #[test]
    fn nothing_and_single_invocations() {
        assert!(MeanLog::new(&[], &mut Random::new(1)).is_none());
        assert!(MeanLog::new(&[vec![], vec![0.0]], &mut Random::new(1)).is_none());
        let single = MeanLog::new(&[vec![5.0, 6.0]], &mut Random::new(1)).expect("there are times");
        assert_eq!((single.freedom, single.variance), (0.0, 0.0));
    }

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }
}

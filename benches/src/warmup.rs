//! Warm-up, detected and not assumed: change points in the in-process iterations, and what they say.
//!
//! After Barrett et al., "Virtual Machine Warmup Blows Hot and Cold", OOPSLA 2017: the iterations of one subject on one
//! workload are cut into segments of equal level; only the last segment is steady state. Here the segmentation is exact (optimal
//! partitioning, Jackson et al. 2005, with a BIC penalty) on the median profile over invocations, since runs are
//! shorter than theirs.

use serde::{Deserialize, Serialize};

use crate::bootstrap::{mean, median};

/// Levels closer than this (relative) are the same for practical purposes.
const EQUAL: f64 = 0.005;

/// What the iterations of an invocation do over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One level from the first iteration on, or a single iteration.
    Flat,
    /// The last level is the fastest.
    WarmUp,
    /// The last level is slower than an earlier one.
    Slowdown,
    /// The last level holds less than a quarter of the iterations.
    NoSteadyState,
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Shape::Flat => "flat",
            Shape::WarmUp => "warm-up",
            Shape::Slowdown => "slowdown",
            Shape::NoSteadyState => "no steady state",
        })
    }
}

/// The shape and where steady state begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steady {
    /// What the iterations do.
    pub shape: Shape,
    /// The first iteration that counts, from 0.
    pub from: usize,
}

/// Classifies the iterations (nanoseconds) of several invocations. Iterations beyond the shortest invocation are not looked at.
pub fn classify(times: &[Vec<f64>]) -> Steady {
    let flat = Steady {
        shape: Shape::Flat,
        from: 0,
    };
    let length = times.iter().map(Vec::len).min().unwrap_or(0);
    if length < 2 {
        return flat;
    }
    // What is left of log times without each invocation's own level.
    let rows: Vec<Vec<f64>> = times
        .iter()
        .map(|times| {
            let logs: Vec<f64> = times[..length]
                .iter()
                .map(|time| time.max(1.0).ln())
                .collect();
            let level = median(&logs);
            logs.iter().map(|log| log - level).collect()
        })
        .collect();
    let profile: Vec<f64> = (0..length)
        .map(|i| median(&rows.iter().map(|row| row[i]).collect::<Vec<_>>()))
        .collect();
    let ends = segments(&profile, noise(&rows, &profile));
    let levels: Vec<f64> = std::iter::once(0)
        .chain(ends.iter().copied())
        .zip(&ends)
        .map(|(start, &end)| mean(&profile[start..end]))
        .collect();
    let (Some(&last), true) = (levels.last(), ends.len() > 1) else {
        return flat;
    };
    // Steady state reaches back over segments whose level is practically the last one's.
    let mut first = levels.len() - 1;
    while first > 0 && (levels[first - 1] - last).abs() < EQUAL {
        first -= 1;
    }
    if first == 0 {
        return flat;
    }
    let from = ends[first - 1];
    let fastest = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let shape = if (length - from) * 4 < length {
        Shape::NoSteadyState
    } else if last <= fastest + EQUAL {
        Shape::WarmUp
    } else {
        Shape::Slowdown
    };
    // Without a steady state there is nothing to cut off; a slowdown's last level is what a long run would see.
    Steady {
        shape,
        from: if shape == Shape::NoSteadyState {
            0
        } else {
            from
        },
    }
}

/// The variance of a point of the profile: from the scatter about it, and at least (0.1 %)², so that a run
/// without noise is not cut at each nanosecond.
fn noise(rows: &[Vec<f64>], profile: &[f64]) -> f64 {
    let floor = 1e-6;
    if rows.len() < 2 {
        // One invocation: differences of neighbours, robustly (a level change is one large difference of many).
        let steps: Vec<f64> = profile
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .collect();
        let scale = median(&steps) / 0.6745;
        return (scale * scale / 2.0).max(floor);
    }
    // Not a robust variance: an outlier makes it larger and cuts rarer, which is the safe side. A median's variance is
    // pi/2 times a mean's.
    let squares: f64 = rows
        .iter()
        .flat_map(|row| row.iter().zip(profile))
        .map(|(log, p)| (log - p) * (log - p))
        .sum();
    let variance = squares / (rows.len() - 1) as f64 / profile.len() as f64;
    (variance * std::f64::consts::FRAC_PI_2 / rows.len() as f64).max(floor)
}

/// The ends of the segments of the cheapest partition: squared distance from segment means over the variance, plus a penalty a segment.
fn segments(profile: &[f64], variance: f64) -> Vec<usize> {
    let length = profile.len();
    let penalty = 2.0 * (length as f64).ln() + 6.0;
    let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
    for (i, x) in profile.iter().enumerate() {
        sums.push(sums[i] + x);
        squares.push(squares[i] + x * x);
    }
    let cost = |start: usize, end: usize| {
        let sum: f64 = sums[end] - sums[start];
        (squares[end] - squares[start] - sum * sum / (end - start) as f64) / variance
    };
    let mut best = vec![0.0; length + 1];
    let mut cut = vec![0; length + 1];
    for end in 1..=length {
        best[end] = f64::INFINITY;
        for start in 0..end {
            let total = best[start] + cost(start, end) + penalty;
            if total < best[end] {
                best[end] = total;
                cut[end] = start;
            }
        }
    }
    let mut ends = vec![length];
    while cut[ends[ends.len() - 1]] > 0 {
        ends.push(cut[ends[ends.len() - 1]]);
    }
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn simulate(
        levels: &[(usize, f64)],
        invocations: usize,
        noise: f64,
        seed: u64,
    ) -> Vec<Vec<f64>> {
        let mut random = Random::new(seed);
        (0..invocations)
            .map(|_| {
                let own = 0.01 * random.normal();
                let levels = levels
                    .iter()
                    .flat_map(|&(count, level)| std::iter::repeat_n(level, count));
                levels
                    .map(|level| 1e6 * level * (own + noise * random.normal()).exp())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn the_four_shapes() {
        let shape = |levels: &[(usize, f64)]| classify(&simulate(levels, 6, 0.005, 5));
        assert_eq!(
            shape(&[(20, 1.0)]),
            Steady {
                shape: Shape::Flat,
                from: 0
            }
        );
        assert_eq!(
            shape(&[(4, 1.3), (16, 1.0)]),
            Steady {
                shape: Shape::WarmUp,
                from: 4
            }
        );
        assert_eq!(
            shape(&[(1, 1.1), (3, 1.0)]),
            Steady {
                shape: Shape::WarmUp,
                from: 1
            }
        );
        assert_eq!(
            shape(&[(10, 1.0), (10, 1.1)]),
            Steady {
                shape: Shape::Slowdown,
                from: 10
            }
        );
        assert_eq!(shape(&[(17, 1.0), (3, 1.2)]).shape, Shape::NoSteadyState);
    }

    #[test]
    fn one_invocation_is_enough_for_a_clear_step() {
        let steady = classify(&simulate(&[(5, 1.5), (25, 1.0)], 1, 0.01, 9));
        assert_eq!(
            steady,
            Steady {
                shape: Shape::WarmUp,
                from: 5
            }
        );
    }

    #[test]
    fn flat_noise_is_rarely_cut() {
        let wrong = (0..200)
            .filter(|&seed| classify(&simulate(&[(10, 1.0)], 5, 0.02, seed)).shape != Shape::Flat);
        let wrong = wrong.count();
        assert!(wrong <= 10, "{wrong} of 200 flat runs were cut");
    }

    #[test]
    fn differences_below_half_a_per_cent_do_not_matter() {
        assert_eq!(
            classify(&simulate(&[(10, 1.003), (10, 1.0)], 8, 0.0, 1)).shape,
            Shape::Flat
        );
        assert_eq!(classify(&[vec![5.0], vec![6.0]]).shape, Shape::Flat);
        assert_eq!(classify(&[]).shape, Shape::Flat);
    }
}

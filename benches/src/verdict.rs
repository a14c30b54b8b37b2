//! From an estimate to words: a ratio with its interval, and *faster*, *slower* or *not resolved*.
//!
//! "Not resolved" is not "equal": it comes with the smallest effect that the run would have found four times in five.
//! Verdicts of one table hold together: their p-values are adjusted by Benjamini and Hochberg (JRSS B 57, 1995), so at
//! most one in twenty verdicts is expected to be false. Intervals are 95 % each, not adjusted.

use serde::{Deserialize, Serialize};

use crate::student;

/// The confidence of all intervals.
pub const CONFIDENCE: f64 = 0.95;
/// The share of false verdicts that is accepted.
pub const FALSE_SHARE: f64 = 0.05;
/// With this probability an effect of the smallest detectable size is found.
pub const POWER: f64 = 0.8;

/// A difference of mean logarithms: the logarithm of a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// ln(ratio).
    pub log: f64,
    /// The standard error of `log`.
    pub standard_error: f64,
    /// Degrees of freedom of the standard error; 0: one invocation, no interval.
    pub freedom: f64,
}

impl Estimate {
    /// The ratio itself.
    pub fn ratio(&self) -> f64 {
        self.log.exp()
    }

    /// The 95 % interval of the ratio; from 0 to infinity if a single invocation gives no idea of it.
    pub fn interval(&self) -> (f64, f64) {
        if self.freedom <= 0.0 {
            return (0.0, f64::INFINITY);
        }
        let reach = self.quantile(0.5 + CONFIDENCE / 2.0) * self.standard_error;
        ((self.log - reach).exp(), (self.log + reach).exp())
    }

    /// The probability of an estimate this far from `other` (a log ratio) if that were the truth.
    pub fn p_value(&self, other: f64) -> f64 {
        let distance = self.log - other;
        match (self.freedom > 0.0, self.standard_error > 0.0) {
            (false, _) => 1.0,
            (true, false) => f64::from(u8::from(distance == 0.0)),
            (true, true) => {
                student::two_sided(distance / self.standard_error, self.capped_freedom())
            }
        }
    }

    /// The smallest relative effect that a run like this finds with probability [`POWER`]; infinite without an interval.
    pub fn detectable(&self) -> f64 {
        if self.freedom <= 0.0 {
            return f64::INFINITY;
        }
        let reach = self.quantile(0.5 + CONFIDENCE / 2.0) + self.quantile(POWER);
        (reach * self.standard_error).exp_m1()
    }

    fn capped_freedom(&self) -> f64 {
        self.freedom.min(1e9)
    }

    fn quantile(&self, probability: f64) -> f64 {
        student::quantile(probability, self.capped_freedom())
    }
}

/// What may be said of a ratio of times.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Less time than the reference.
    Faster,
    /// More time than the reference.
    Slower,
    /// The run cannot tell. Holds the smallest relative effect that it could have seen (0.02 is 2 %).
    NotResolved(f64),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verdict::Faster => f.write_str("faster"),
            Verdict::Slower => f.write_str("slower"),
            Verdict::NotResolved(effect) if effect.is_finite() => {
                write!(
                    f,
                    "not resolved (smallest effect this run could have seen: {:.1} %)",
                    effect * 100.0
                )
            }
            Verdict::NotResolved(_) => f.write_str("not resolved (one invocation)"),
        }
    }
}

/// Adjusted p-values, in the order given (Benjamini and Hochberg's step-up procedure).
pub fn adjust(p_values: &[f64]) -> Vec<f64> {
    let count = p_values.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| p_values[b].total_cmp(&p_values[a]));
    let mut adjusted = vec![1.0; count];
    let mut least: f64 = 1.0;
    for (above, &index) in order.iter().enumerate() {
        least = least.min(p_values[index] * count as f64 / (count - above) as f64);
        adjusted[index] = least;
    }
    adjusted
}

/// The verdicts of a table of comparisons.
pub fn verdicts(estimates: &[Estimate]) -> Vec<Verdict> {
    let p_values: Vec<f64> = estimates
        .iter()
        .map(|estimate| estimate.p_value(0.0))
        .collect();
    estimates
        .iter()
        .zip(adjust(&p_values))
        .map(
            |(estimate, p)| match (p <= FALSE_SHARE, estimate.log < 0.0) {
                (true, true) => Verdict::Faster,
                (true, false) => Verdict::Slower,
                (false, _) => Verdict::NotResolved(estimate.detectable()),
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(log: f64, standard_error: f64, freedom: f64) -> Estimate {
        Estimate {
            log,
            standard_error,
            freedom,
        }
    }

    #[test]
    fn interval_is_students() {
        let (low, high) = estimate(0.0, 0.01, 4.0).interval();
        assert!((high.ln() - 0.027_764_451).abs() < 1e-8 && (low * high - 1.0).abs() < 1e-12);
        assert_eq!(estimate(0.1, 0.0, 0.0).interval(), (0.0, f64::INFINITY));
        assert!((estimate(0.027_764_451, 0.01, 4.0).p_value(0.0) - 0.05).abs() < 1e-7);
        assert_eq!(estimate(0.0, 0.0, 5.0).p_value(0.0), 1.0);
        assert_eq!(estimate(0.1, 0.0, 5.0).p_value(0.0), 0.0);
    }

    #[test]
    fn adjusted_p_values_are_benjamini_and_hochbergs() {
        let adjusted = adjust(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.02, 0.04, 0.04, 0.02];
        assert!(
            adjusted
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-12),
            "{adjusted:?}"
        );
        assert!(adjust(&[]).is_empty());
    }

    #[test]
    fn three_verdicts() {
        let given = [
            estimate(-0.5, 0.01, 8.0),
            estimate(0.5, 0.01, 8.0),
            estimate(0.001, 0.01, 8.0),
        ];
        let [faster, slower, open] = verdicts(&given)[..] else {
            panic!("three in, three out")
        };
        assert_eq!((faster, slower), (Verdict::Faster, Verdict::Slower));
        let Verdict::NotResolved(effect) = open else {
            panic!("0.1 standard errors resolve nothing")
        };
        // (2.306 + 0.889) standard errors of 1 %.
        assert!((effect - 0.0325).abs() < 0.0005, "{effect}");
        assert_eq!(
            open.to_string(),
            "not resolved (smallest effect this run could have seen: 3.2 %)"
        );
    }
}

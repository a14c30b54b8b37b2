//! Factorial analysis: what each factor is worth, and how factors change each other's worth.
//!
//! A linear model of the mean log time with main effects and two-factor interactions, fitted to all cells by least squares. An
//! effect is a difference of marginal means (each combination of the other factors counts once), so `caches: −31 %` is the
//! average over everything else, and `caches × dispatch=tail: −6 %` says that with `tail` the factor by which caches change
//! the time is 0.94 of what it is with the reference level. Box, Hunter and Hunter, "Statistics for Experimenters", 2nd ed.,
//! ch. 5; marginal means: Searle, Speed and Milliken, American Statistician 34, 1980.
//!
//! Not every set of cells can answer every question: a contrast outside the row space of the design is *aliased* and is listed
//! as such, never guessed.

use serde::{Deserialize, Serialize};

use crate::cell_name::{CellName, OFF, ON};
use crate::linear::{apply, dot, gram, pseudo_inverse};
use crate::verdict::{Estimate, Verdict};

/// One cell's mean log time, over the workloads that all cells ran.
#[derive(Clone, Debug)]
pub struct CellMean {
    /// The cell.
    pub name: CellName,
    /// Mean log time.
    pub mean: f64,
    /// The same from resampled data.
    pub draws: Vec<f64>,
    /// Its variance and degrees of freedom.
    pub variance: f64,
    /// See `variance`.
    pub freedom: f64,
}

/// One effect: a ratio of times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Effect {
    /// `caches`, `dispatch=tail`, `caches × dispatch=tail`.
    pub term: String,
    /// ln of the factor by which the time changes.
    pub estimate: Estimate,
    /// What may be said of it.
    pub verdict: Verdict,
    /// Interactions had to be left out of the model, since these cells do not show them: they are part of this effect.
    pub additive: bool,
}

/// The effects of all factors that vary.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Factorial {
    /// Against which levels: those of the reference cell.
    pub reference: Vec<(String, String)>,
    /// Effect of each level against the reference level, averaged over the other factors.
    pub main: Vec<Effect>,
    /// How two factors change each other's effect.
    pub interactions: Vec<Effect>,
    /// What these cells cannot tell apart.
    pub aliased: Vec<String>,
    /// Root mean square of what the model leaves unexplained, in log time: the higher interactions.
    pub unexplained: f64,
}

impl Factorial {
    /// What these cells cannot tell apart, in few words: `dispatch × objects` where that is so for all levels.
    pub fn untold(&self) -> Vec<String> {
        let factors = |term: &str| {
            term.split(" × ")
                .map(|part| part.split('=').next().unwrap_or(part))
                .collect::<Vec<_>>()
                .join(" × ")
        };
        let told: Vec<String> = self
            .main
            .iter()
            .chain(&self.interactions)
            .map(|effect| factors(&effect.term))
            .collect();
        let mut words: Vec<String> = Vec::new();
        for term in &self.aliased {
            let all = factors(term);
            let word = if told.contains(&all) {
                term.clone()
            } else {
                all
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }
}

/// A factor that varies, with its levels; level 0 is the reference.
struct Factor {
    name: String,
    levels: Vec<String>,
}

impl Factor {
    fn label(&self, level: usize) -> String {
        if self.levels[level] == ON && self.levels[0] == OFF {
            return self.name.clone();
        }
        format!("{}={}", self.name, self.levels[level])
    }
}

/// Analyses the cells. `None` if fewer than two cells or no factor varies.
pub fn analyse(cells: &[CellMean], reference: &CellName) -> Option<Factorial> {
    let factors = varying_factors(cells, reference);
    if cells.len() < 2 || factors.is_empty() {
        return None;
    }
    let points: Vec<Vec<usize>> = cells
        .iter()
        .map(|cell| point(&cell.name, &factors))
        .collect();
    let full = Model::new(&factors, &points, true);
    let additive = Model::new(&factors, &points, false);

    let mut found = Factorial {
        reference: factors
            .iter()
            .map(|f| (f.name.clone(), f.levels[0].clone()))
            .collect(),
        ..Default::default()
    };
    for (f, factor) in factors.iter().enumerate() {
        for level in 1..factor.levels.len() {
            let weights = full.main(f, level).map(|weights| (weights, false));
            match weights.or_else(|| additive.main(f, level).map(|weights| (weights, true))) {
                Some((weights, additive)) => {
                    found
                        .main
                        .push(effect(cells, factor.label(level), &weights, additive))
                }
                None => found.aliased.push(factor.label(level)),
            }
        }
    }
    for (f, one) in factors.iter().enumerate() {
        for (g, other) in factors.iter().enumerate().skip(f + 1) {
            for level in 1..one.levels.len() {
                for with in 1..other.levels.len() {
                    let term = format!("{} × {}", one.label(level), other.label(with));
                    match full.interaction((f, level), (g, with)) {
                        Some(weights) => found
                            .interactions
                            .push(effect(cells, term, &weights, false)),
                        None => found.aliased.push(term),
                    }
                }
            }
        }
    }
    found.unexplained = full.residual(&cells.iter().map(|cell| cell.mean).collect::<Vec<_>>());
    judge(&mut found);
    Some(found)
}

/// Verdicts of main effects and interactions together.
fn judge(found: &mut Factorial) {
    let estimates: Vec<Estimate> = found
        .main
        .iter()
        .chain(&found.interactions)
        .map(|effect| effect.estimate)
        .collect();
    let verdicts = crate::verdict::verdicts(&estimates);
    for (effect, verdict) in found
        .main
        .iter_mut()
        .chain(&mut found.interactions)
        .zip(verdicts)
    {
        effect.verdict = verdict;
    }
}

fn varying_factors(cells: &[CellMean], reference: &CellName) -> Vec<Factor> {
    let mut factors: Vec<Factor> = Vec::new();
    for cell in cells {
        for name in cell.name.factors() {
            if !factors.iter().any(|factor| factor.name == name) {
                factors.push(Factor {
                    name: name.to_string(),
                    levels: vec![reference.level(name).to_string()],
                });
            }
        }
    }
    for factor in &mut factors {
        for cell in cells {
            let level = cell.name.level(&factor.name);
            if !factor.levels.iter().any(|known| known == level) {
                factor.levels.push(level.to_string());
            }
        }
    }
    // A reference level that no cell has is no level of this design.
    for factor in &mut factors {
        if !cells
            .iter()
            .any(|cell| cell.name.level(&factor.name) == factor.levels[0])
        {
            factor.levels.remove(0);
        }
    }
    factors.retain(|factor| factor.levels.len() > 1);
    factors
}

fn point(name: &CellName, factors: &[Factor]) -> Vec<usize> {
    factors
        .iter()
        .map(|factor| {
            factor
                .levels
                .iter()
                .position(|level| level == name.level(&factor.name))
                .unwrap_or(0)
        })
        .collect()
}

fn effect(cells: &[CellMean], term: String, weights: &[f64], additive: bool) -> Effect {
    let means: Vec<f64> = cells.iter().map(|cell| cell.mean).collect();
    let draws: Vec<f64> = (0..cells[0].draws.len())
        .map(|i| {
            cells
                .iter()
                .zip(weights)
                .map(|(cell, weight)| weight * cell.draws[i])
                .sum()
        })
        .collect();
    let parts = cells
        .iter()
        .zip(weights)
        .map(|(cell, weight)| (weight * weight * cell.variance, cell.freedom));
    let estimate = Estimate {
        log: dot(weights, &means),
        standard_error: crate::bootstrap::deviation(&draws),
        freedom: crate::student::satterthwaite(parts),
    };
    Effect {
        term,
        estimate,
        verdict: Verdict::NotResolved(f64::INFINITY),
        additive,
    }
}

/// A design: its columns, and the inverse that turns a contrast of parameters into weights of cells.
struct Model {
    levels: Vec<usize>,
    interactions: bool,
    rows: Vec<Vec<f64>>,
    gram: Vec<Vec<f64>>,
    inverse: Vec<Vec<f64>>,
}

impl Model {
    fn new(factors: &[Factor], points: &[Vec<usize>], interactions: bool) -> Model {
        let levels: Vec<usize> = factors.iter().map(|factor| factor.levels.len()).collect();
        let rows: Vec<Vec<f64>> = points
            .iter()
            .map(|point| columns(&levels, point, interactions))
            .collect();
        let gram = gram(&rows);
        let inverse = pseudo_inverse(&gram);
        Model {
            levels,
            interactions,
            rows,
            gram,
            inverse,
        }
    }

    /// The average row over the full grid, with some factors held fixed.
    fn marginal(&self, fixed: &[(usize, usize)]) -> Vec<f64> {
        let mut point = vec![0; self.levels.len()];
        let mut sum: Vec<f64> = Vec::new();
        let mut count = 0.0;
        loop {
            if fixed.iter().all(|&(factor, level)| point[factor] == level) {
                let row = columns(&self.levels, &point, self.interactions);
                sum = if sum.is_empty() {
                    row
                } else {
                    sum.iter().zip(&row).map(|(a, b)| a + b).collect()
                };
                count += 1.0;
            }
            let Some(next) = (0..point.len()).find(|&f| point[f] + 1 < self.levels[f]) else {
                break;
            };
            point[next] += 1;
            point[..next].fill(0);
        }
        sum.iter().map(|x| x / count).collect()
    }

    fn main(&self, factor: usize, level: usize) -> Option<Vec<f64>> {
        let (with, without) = (
            self.marginal(&[(factor, level)]),
            self.marginal(&[(factor, 0)]),
        );
        self.weights(
            &with
                .iter()
                .zip(&without)
                .map(|(a, b)| a - b)
                .collect::<Vec<_>>(),
        )
    }

    fn interaction(
        &self,
        (f, level): (usize, usize),
        (g, with): (usize, usize),
    ) -> Option<Vec<f64>> {
        let corner = |a: usize, b: usize| self.marginal(&[(f, a), (g, b)]);
        let (both, one, other, none) = (
            corner(level, with),
            corner(level, 0),
            corner(0, with),
            corner(0, 0),
        );
        let contrast: Vec<f64> = (0..both.len())
            .map(|i| both[i] - one[i] - other[i] + none[i])
            .collect();
        self.weights(&contrast)
    }

    /// The weights of the cells whose sum estimates a contrast; `None` if it is aliased.
    fn weights(&self, contrast: &[f64]) -> Option<Vec<f64>> {
        let solution = apply(&self.inverse, contrast);
        let back = apply(&self.gram, &solution);
        let size = dot(contrast, contrast).sqrt();
        let error = back
            .iter()
            .zip(contrast)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>()
            .sqrt();
        (error <= 1e-7 * size).then(|| apply(&self.rows, &solution))
    }

    fn residual(&self, means: &[f64]) -> f64 {
        let products: Vec<f64> = (0..self.gram.len())
            .map(|i| {
                self.rows
                    .iter()
                    .zip(means)
                    .map(|(row, mean)| row[i] * mean)
                    .sum()
            })
            .collect();
        let fitted = apply(&self.rows, &apply(&self.inverse, &products));
        let squares: f64 = fitted
            .iter()
            .zip(means)
            .map(|(a, b)| (a - b) * (a - b))
            .sum();
        (squares / means.len() as f64).sqrt()
    }
}

/// One row of the design: 1, an indicator for each level but the first, and their products.
fn columns(levels: &[usize], point: &[usize], interactions: bool) -> Vec<f64> {
    let indicators: Vec<Vec<f64>> = levels
        .iter()
        .zip(point)
        .map(|(&count, &level)| {
            (1..count)
                .map(|l| f64::from(u8::from(l == level)))
                .collect()
        })
        .collect();
    let mut row = vec![1.0];
    row.extend(indicators.iter().flatten());
    if interactions {
        for (f, one) in indicators.iter().enumerate() {
            for other in &indicators[f + 1..] {
                row.extend(one.iter().flat_map(|a| other.iter().map(move |b| a * b)));
            }
        }
    }
    row
}

#[cfg(test)]
#[path = "factorial/tests.rs"]
mod tests;

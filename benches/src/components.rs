//! How much of the scatter of times is due to the layout, to the process, to the iteration: components of variance.
//!
//! A nested random-effects analysis of log times (Searle, Casella, McCulloch: "Variance Components", 1992, chapter 3) for each
//! subject on each workload, averaged over all of them. Estimates are unbiased before they are averaged, so a single one may be
//! negative; only the average is cut off at 0.

use serde::Serialize;

use crate::bootstrap::mean;
use crate::student::quantile;

/// Relative standard deviations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Components {
    /// Layouts in each pair.
    pub layouts: usize,
    /// Between layouts.
    pub layout: f64,
    /// What that is certainly not above: the 97.5th percentile of its estimate, from how far pairs differ in it. `None` with one pair.
    pub layout_most: Option<f64>,
    /// Between processes of one layout.
    pub process: f64,
    /// Between iterations of one process.
    pub iteration: f64,
}

impl Components {
    /// A line for a terminal.
    pub fn text(&self) -> String {
        let most = self
            .layout_most
            .map(|most| format!(" (at most {:.2} %)", most * 100.0));
        format!(
            "Scatter of times: layout {:.2} %{}, process {:.2} %, iteration {:.2} % (standard deviations; {} layouts of the same code)",
            self.layout * 100.0,
            most.unwrap_or_default(),
            self.process * 100.0,
            self.iteration * 100.0,
            self.layouts
        )
    }
}

/// Variances of one pair, not cut off.
struct Estimate {
    layout: f64,
    process: f64,
    iteration: f64,
}

/// Log times of one pair by layout, process and iteration.
pub type Nested = Vec<Vec<Vec<f64>>>;

/// The components over all pairs; `None` if no pair has two layouts with two processes each.
pub fn estimate(pairs: &[Nested]) -> Option<Components> {
    let found: Vec<Estimate> = pairs.iter().filter_map(one).collect();
    if found.is_empty() {
        return None;
    }
    let deviation = |variance: fn(&Estimate) -> f64| {
        mean(&found.iter().map(variance).collect::<Vec<f64>>())
            .max(0.0)
            .sqrt()
    };
    let of_layout: Vec<f64> = found.iter().map(|e| e.layout).collect();
    Some(Components {
        layout_most: most(&of_layout).map(|variance| variance.max(0.0).sqrt()),
        layouts: pairs.iter().map(Vec::len).max().unwrap_or(0),
        layout: deviation(|e| e.layout),
        process: deviation(|e| e.process),
        iteration: deviation(|e| e.iteration),
    })
}

/// The 97.5th percentile of the mean of independent estimates.
fn most(estimates: &[f64]) -> Option<f64> {
    let freedom = estimates.len().checked_sub(1).filter(|&n| n > 0)?;
    let error = (squares(estimates) / freedom as f64 / estimates.len() as f64).sqrt();
    Some(mean(estimates) + quantile(0.975, freedom as f64) * error)
}

fn squares(numbers: &[f64]) -> f64 {
    let middle = mean(numbers);
    numbers.iter().map(|x| (x - middle) * (x - middle)).sum()
}

fn one(pair: &Nested) -> Option<Estimate> {
    let layouts: Vec<Vec<&Vec<f64>>> = pair
        .iter()
        .map(|layout| {
            layout
                .iter()
                .filter(|process| !process.is_empty())
                .collect()
        })
        .filter(|layout: &Vec<&Vec<f64>>| layout.len() >= 2)
        .collect();
    if layouts.len() < 2 {
        return None;
    }
    let processes: Vec<&Vec<f64>> = layouts.iter().flatten().copied().collect();
    let freedom: usize = processes.iter().map(|process| process.len() - 1).sum();
    let inside: f64 = processes.iter().map(|process| squares(process)).sum();
    let iteration = if freedom > 0 {
        inside / freedom as f64
    } else {
        0.0
    };
    let iterations_inverse = mean(
        &processes
            .iter()
            .map(|process| 1.0 / process.len() as f64)
            .collect::<Vec<f64>>(),
    );
    let means: Vec<Vec<f64>> = layouts
        .iter()
        .map(|layout| layout.iter().map(|process| mean(process)).collect())
        .collect();
    // The variance of a process's mean, its iterations' part included.
    let of_processes = means.iter().map(|layout| squares(layout)).sum::<f64>()
        / means.iter().map(|layout| layout.len() - 1).sum::<usize>() as f64;
    let of_layouts: Vec<f64> = means.iter().map(|layout| mean(layout)).collect();
    let between = squares(&of_layouts) / (of_layouts.len() - 1) as f64;
    let processes_inverse = mean(
        &means
            .iter()
            .map(|layout| 1.0 / layout.len() as f64)
            .collect::<Vec<f64>>(),
    );
    Some(Estimate {
        layout: between - of_processes * processes_inverse,
        process: of_processes - iteration * iterations_inverse,
        iteration,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn simulate(layout: f64, process: f64, iteration: f64, random: &mut Random) -> Nested {
        (0..6)
            .map(|_| {
                let a = layout * random.normal();
                (0..4)
                    .map(|_| {
                        let b = a + process * random.normal();
                        (0..3).map(|_| b + iteration * random.normal()).collect()
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn known_components_are_found() {
        let mut random = Random::new(11);
        for (layout, process, iteration) in
            [(0.03, 0.01, 0.005), (0.0, 0.02, 0.01), (0.01, 0.0, 0.02)]
        {
            let pairs: Vec<Nested> = (0..200)
                .map(|_| simulate(layout, process, iteration, &mut random))
                .collect();
            let found = estimate(&pairs).expect("layouts with processes");
            // Of variances: a thousand degrees of freedom or more know them to some per cents.
            let near = |a: f64, b: f64| (a * a - b * b).abs() < 0.12 * b * b + 2e-5;
            assert!(
                near(found.layout, layout)
                    && near(found.process, process)
                    && near(found.iteration, iteration),
                "{found:?}"
            );
            let most = found.layout_most.expect("many pairs");
            assert!(most >= found.layout && most < layout + 0.005, "{found:?}");
        }
    }

    #[test]
    fn a_bound_is_right_most_of_the_time() {
        let mut random = Random::new(5);
        let holds = |random: &mut Random| {
            let pairs: Vec<Nested> = (0..12)
                .map(|_| simulate(0.01, 0.03, 0.02, random))
                .collect();
            let found = estimate(&pairs).expect("layouts with processes");
            found.layout_most.is_some_and(|most| most >= 0.01)
        };
        let held = (0..400).filter(|_| holds(&mut random)).count();
        // 390 expected; variances are skew, so a few less.
        assert!((364..=400).contains(&held), "{held}");
        let pair = simulate(0.01, 0.0, 0.0, &mut random);
        assert_eq!(estimate(&[pair]).and_then(|c| c.layout_most), None);
    }

    #[test]
    fn one_process_a_layout_cannot_tell() {
        assert_eq!(estimate(&[vec![vec![vec![1.0]], vec![vec![2.0]]]]), None);
        assert_eq!(estimate(&[vec![vec![vec![1.0], vec![1.1]]]]), None);
        assert_eq!(estimate(&[]), None);
    }
}

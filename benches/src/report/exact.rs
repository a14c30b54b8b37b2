//! What does not vary from run to run: exact counts, simulated predictors and generated code, read from the files that `ceval count --json`
//! (`counts.json`), `ceval predict --json` (`predictors.json`) and `ceval codegen --json` (`codegen.json`) fill beside a record.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::generated_code::Codegen;
use super::load::optional_json;
use super::words::{count as counted, number};
use crate::BenchError;
use crate::bootstrap::mean;

/// Exact counts of a program on a cell.
#[derive(Clone, Debug, Deserialize)]
pub struct Count {
    pub(super) program: String,
    pub(super) cell: String,
    pub(super) instructions: Option<u64>,
    pub(super) bytecodes: u64,
    #[serde(default)]
    pub(super) counters: BTreeMap<String, u64>,
}

/// Simulated predictors on the dispatches of a program on a cell.
#[derive(Clone, Debug, Deserialize)]
pub struct Prediction {
    pub(super) program: String,
    pub(super) cell: String,
    pub(super) predictors: Vec<Score>,
}

/// How one predictor did.
#[derive(Clone, Debug, Deserialize)]
pub struct Score {
    predictor: String,
    branches: u64,
    misses: u64,
}

/// What lies beside a record.
#[derive(Clone, Debug, Default)]
pub struct Witnesses {
    pub(super) counts: Vec<Count>,
    pub(super) predictions: Vec<Prediction>,
    pub(super) codegen: Option<Codegen>,
}

impl Witnesses {
    /// Reads what there is.
    ///
    /// # Errors
    /// `Read`, `Corrupt`.
    pub fn load(folder: &Path) -> Result<Witnesses, BenchError> {
        Ok(Witnesses {
            counts: optional_json(folder, "counts.json")?.unwrap_or_default(),
            predictions: optional_json(folder, "predictors.json")?.unwrap_or_default(),
            codegen: optional_json(folder, "codegen.json")?,
        })
    }

    pub(super) fn counts_of<'a>(&'a self, cell: &'a str) -> impl Iterator<Item = &'a Count> {
        self.counts.iter().filter(move |count| count.cell == cell)
    }

    /// Instructions relative to another cell: geometric mean over the programs that were counted on both.
    pub(super) fn instructions(&self, cell: &str, reference: &str) -> Option<f64> {
        let logs: Vec<f64> = self
            .counts_of(cell)
            .filter_map(|count| {
                let other = self
                    .counts_of(reference)
                    .find(|other| other.program == count.program)?;
                let (own, other) = (count.instructions?, other.instructions?);
                (own > 0 && other > 0).then(|| (own as f64 / other as f64).ln())
            })
            .collect();
        (!logs.is_empty()).then(|| mean(&logs).exp())
    }

    /// A number of each of a cell's counts, averaged over programs.
    pub(super) fn average(&self, cell: &str, of: impl Fn(&Count) -> Option<f64>) -> Option<f64> {
        let numbers: Vec<f64> = self.counts_of(cell).filter_map(of).collect();
        (!numbers.is_empty()).then(|| mean(&numbers))
    }

    /// Misses a thousand dispatches, averaged over programs.
    pub(super) fn misses(&self, cell: &str, predictor: &str) -> Option<f64> {
        let shares: Vec<f64> = self
            .predictions
            .iter()
            .filter(|prediction| prediction.cell == cell)
            .flat_map(|prediction| &prediction.predictors)
            .filter(|score| score.predictor == predictor && score.branches > 0)
            .map(|score| 1000.0 * score.misses as f64 / score.branches as f64)
            .collect();
        (!shares.is_empty()).then(|| mean(&shares))
    }

    /// What they say of a cell against a reference, a sentence each.
    pub fn sentences(&self, cell: &str, reference: &str) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(instructions) = self.instructions(cell, reference) {
            sentences.push(format!(
                "Exact counts: `{cell}` executes {} of the processor instructions of `{reference}` (geometric mean over {}).",
                number(instructions),
                counted(self.counts_of(cell).count(), "program")
            ));
        }
        let misses: Vec<String> = self
            .predictors()
            .into_iter()
            .filter_map(|name| {
                let (own, other) = (self.misses(cell, name)?, self.misses(reference, name)?);
                Some(format!("{name} {own:.1} and {other:.1}"))
            })
            .collect();
        if !misses.is_empty() {
            sentences.push(format!(
                "Simulated predictors miss, of a thousand dispatches of `{cell}` and of `{reference}`: {}.",
                misses.join("; ")
            ));
        }
        sentences
    }

    /// The predictors' names, in the order of the file.
    pub(super) fn predictors(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for score in self.predictions.iter().flat_map(|p| &p.predictors) {
            if !names.contains(&score.predictor.as_str()) {
                names.push(&score.predictor);
            }
        }
        names
    }
}

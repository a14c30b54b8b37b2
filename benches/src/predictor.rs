//! A museum of branch predictors, fed with the dispatches that a program really made.
//!
//! | name | hardware | source |
//! |---|---|---|
//! | [`LastTarget`] | BTB of about 2003, 512 entries | Lee, Smith: "Branch prediction strategies and branch target buffer design", Computer 17(1), 1984; for interpreters Ertl, Gregg, PLDI 2003 |
//! | [`TwoBit`] | BTB that changes its mind at the second miss | Calder, Grunwald: "Reducing indirect function call overhead in C++ programs", POPL 1994 |
//! | [`Ittage`] | since about 2013 | Seznec, Michaud: "A case for (partially) tagged geometric history length branch prediction", JILP 8, 2006; Seznec: "A 64-Kbytes ITTAGE indirect branch predictor", CBP-3, 2011 |
//!
//! The same instructions in the same order reach a predictor through different branches in each strategy: [`Sites`] says
//! which. What is left out: conditional branches (they neither fill the history nor are counted), returns, and whatever the
//! wrong path does. So figures here compare strategies and predictors with each other; they are no forecast for one
//! processor.

mod btb;
mod ittage;
mod sites;

pub use btb::{LastTarget, TwoBit};
pub use ittage::Ittage;
pub use sites::{Sites, Step};

use serde::Serialize;

/// Predicts the target of an indirect branch from its address and what was seen before.
pub trait Predictor: Send {
    /// The name in tables.
    fn name(&self) -> &'static str;

    /// The branch at `site` goes to `target`; says whether that was predicted, and learns. Sites and
    /// targets stand for addresses: equal numbers are equal addresses, and nothing else is read from them.
    fn branch(&mut self, site: u32, target: u32) -> bool;
}

/// The three, as delivered.
pub fn museum() -> Vec<Box<dyn Predictor>> {
    vec![
        Box::new(LastTarget::new()),
        Box::new(TwoBit::new()),
        Box::new(Ittage::new()),
    ]
}

/// How one predictor did on the branches of one strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Score {
    /// The predictor's name.
    pub predictor: &'static str,
    /// Dispatches.
    pub branches: u64,
    /// Those whose target was not predicted.
    pub misses: u64,
}

impl Score {
    /// The share of targets that were predicted; 1 of nothing.
    pub fn accuracy(&self) -> f64 {
        1.0 - self.misses as f64 / self.branches.max(1) as f64
    }

    /// Misses in a thousand of so many instructions.
    pub fn per_thousand(&self, instructions: f64) -> f64 {
        1000.0 * self.misses as f64 / instructions.max(1.0)
    }
}

/// One strategy under all predictors.
pub struct Race {
    sites: Sites,
    runners: Vec<(Box<dyn Predictor>, Score)>,
}

impl Race {
    /// A race for a strategy; `None` if its branches are not known.
    pub fn new(strategy: &str) -> Option<Race> {
        let runner = |predictor: Box<dyn Predictor>| {
            let score = Score {
                predictor: predictor.name(),
                branches: 0,
                misses: 0,
            };
            (predictor, score)
        };
        Some(Race {
            sites: Sites::new(strategy)?,
            runners: museum().into_iter().map(runner).collect(),
        })
    }

    /// The next instruction.
    pub fn step(&mut self, step: Step) {
        let (site, target) = self.sites.branch(step);
        for (predictor, score) in &mut self.runners {
            score.branches += 1;
            score.misses += u64::from(!predictor.branch(site, target));
        }
    }

    /// The scores so far.
    pub fn scores(&self) -> Vec<Score> {
        self.runners
            .iter()
            .map(|(_, score)| score.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests;

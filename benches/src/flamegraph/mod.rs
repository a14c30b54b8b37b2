//! Flame graphs: where samples found a program, as a picture and as files for other tools.
//!
//! Whoever samples fills [`Stacks`]; a [`Sampled`] adds how the samples were had, and is all that the rest needs. [`tree`] joins the
//! stacks of one run or of two, [`svg`] draws the tree, [`folded`] and [`speedscope`] write the stacks. [`native`] samples Rust
//! frames; Python frames are sampled by the machine's probe, which this library does not know.
//!
//! A picture is never empty: too few samples, or none, are told on it.

pub mod folded;
#[cfg(unix)]
pub mod native;
pub mod speedscope;
pub mod stacks;
pub mod svg;
pub mod tree;

#[cfg(test)]
mod tests;

pub use stacks::{Frame, Kind, Stacks};

use std::time::Duration;

/// Fewer samples than this make no picture that means much: a share of one half is then known to ten points.
pub const ENOUGH: u64 = 100;

/// The stacks of a run, and how they were sampled.
#[derive(Clone, Debug, Default)]
pub struct Sampled {
    /// The stacks.
    pub stacks: Stacks,
    /// Samples a second of processor time that were asked for.
    pub asked: u32,
    /// Processor time that was sampled.
    pub processor: Duration,
    /// Runs of the program that the samples are from.
    pub runs: u32,
}

impl Sampled {
    /// Samples a second of processor time that were had.
    pub fn achieved(&self) -> f64 {
        let seconds = self.processor.as_secs_f64();
        if seconds > 0.0 {
            self.stacks.total() as f64 / seconds
        } else {
            0.0
        }
    }

    /// How the samples were had, in words.
    pub fn account(&self) -> String {
        let total = self.stacks.total();
        let runs = match self.runs {
            0 | 1 => String::new(),
            n => format!(" of {n} runs"),
        };
        let plural = if total == 1 { "" } else { "s" };
        format!(
            "{} sample{plural} in {:.2} s of processor time{runs}: {:.0} a second, {} asked for",
            thousands(total),
            self.processor.as_secs_f64(),
            self.achieved(),
            self.asked
        )
    }

    /// What makes the samples less than a picture of the run; `None` where nothing does.
    pub fn warning(&self) -> Option<String> {
        match self.stacks.total() {
            0 => Some(
                "Not one sample: the program ended too soon, or this system does not tell the time that it took."
                    .into(),
            ),
            n if n < ENOUGH => Some(format!(
                "Only {n} samples: too short a run for shares that mean something (--runs adds up several runs)."
            )),
            _ => None,
        }
    }
}

/// A number with its digits in groups of three.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i != 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

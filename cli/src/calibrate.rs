//! `ceval calibrate`: the harness measured by itself.

use crate::Failure;
use crate::compare::recorded_program;
use crate::count::{cells_of, ended};
use crate::program::print;
use ceval_benches::calibrate;
use ceval_benches::compare::{Clock, Plan, Schedule, Subject};
use ceval_benches::workloads::{self, Size};
use ceval_cells as cells;
use clap::Args;
use std::path::PathBuf;

/// `ceval calibrate`.
#[derive(Args)]
pub struct Calibrate {
    /// Workloads whose samples are used
    pub workloads: Vec<String>,
    /// Cells, each compared with itself, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub cells: Vec<String>,
    /// Fewer processes of two workloads: about half a minute
    #[arg(long)]
    pub quick: bool,
    /// Comparisons of equals
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub comparisons: usize,
    /// Seed of the order and of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Use wall-clock time rather than processor time
    #[arg(long)]
    pub wall: bool,
    /// The folder for this run's samples, in place of a new one under results/
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with an interrupted calibration, or calibrate its samples again
    #[arg(long, value_name = "DIR", conflicts_with_all = ["workloads", "cells", "quick", "seed", "wall", "out"])]
    pub resume: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Takes the samples, compares equals many times, prints shares.
pub fn calibrate(options: &Calibrate) -> Result<i32, Failure> {
    if options.comparisons == 0 {
        return Err(Failure::usage("at least one comparison is needed"));
    }
    let outcome = match &options.resume {
        Some(folder) => calibrate::resume(folder, options.comparisons, true),
        None => {
            let (invocations, iterations) = if options.quick { (5, 3) } else { (10, 5) };
            let plan = plan(options)?;
            calibrate::run(&plan, invocations, iterations, options.comparisons)
        }
    };
    let (folder, calibrations) = match outcome {
        Ok(done) => done,
        Err(error) => return ended(error),
    };
    if options.json {
        let text = serde_json::to_string_pretty(&calibrations);
        print(&(text.map_err(|e| Failure::failed(e.to_string()))? + "\n"))?;
    } else {
        for calibration in &calibrations {
            print(&calibration.text())?;
        }
        print(&format!("Recorded in {}\n", folder.display()))?;
    }
    Ok(0)
}

fn plan(options: &Calibrate) -> Result<Plan, Failure> {
    let program = recorded_program()?;
    let subjects: Vec<Subject> = cells_of(&options.cells, &[cells::DEFAULT])?
        .iter()
        .map(|cell| Subject::cell(&cell.to_string(), &program))
        .collect();
    let default: &[&str] = if options.quick {
        &["richards", "nbody"]
    } else {
        &["richards", "nbody", "json_parser", "strings"]
    };
    let named = if options.workloads.is_empty() {
        default.iter().map(ToString::to_string).collect()
    } else {
        options.workloads.clone()
    };
    Ok(Plan {
        question: "calibrate".into(),
        reference: subjects
            .first()
            .map(|subject| subject.name.clone())
            .unwrap_or_default(),
        subjects,
        workloads: workloads::select(&named, false)?,
        size: Size::Quick,
        // Replaced: the pools decide how often.
        schedule: Schedule::Fixed {
            invocations: 1,
            iterations: 1,
        },
        seed: options.seed,
        clock: if options.wall {
            Clock::Wall
        } else {
            Clock::Cpu
        },
        results: "results".into(),
        folder: options.out.clone(),
        command_line: std::env::args().collect(),
        layouts: Vec::new(),
        progress: true,
    })
}

//! `ceval profile`: exact counts and times of instructions.

mod sink;
mod subject;

pub use sink::{code, ops};
pub use subject::Subject;

use crate::Failure;
use crate::arguments::Profile as Options;
use crate::program::print;
use ceval_benches::profile::difference::difference;
use ceval_benches::profile::text::{Limits, text};
use ceval_benches::profile::{Profile, RunTime, assemble, html};
use ceval_benches::record::write_whole;
use ceval_cells::Cell;
use serde_json::to_string_pretty;
use std::io::{BufWriter, Write, stderr, stdout};

/// Listings that the terminal gets.
const LISTINGS: usize = 3;

/// `ceval profile`.
pub fn profile(options: &Options) -> Result<i32, Failure> {
    let cell = options.run.cell().map_err(Failure::usage)?;
    let other = match &options.diff {
        Some(name) => Some(Cell::parse(name).map_err(Failure::usage)?),
        None => None,
    };
    let subject = Subject::new(&options.run)?;
    let output: Box<dyn Write + Send> = if options.json {
        Box::new(BufWriter::new(stderr()))
    } else {
        Box::new(BufWriter::with_capacity(1 << 16, stdout()))
    };
    let (code, found) = one(options, &subject, &cell, output)?;
    let json = |e: serde_json::Error| Failure::failed(e.to_string());
    if let Some(file) = &options.html {
        write_whole(file, html::html(&found).as_bytes())
            .map_err(|e| Failure::failed(e.to_string()))?;
    }
    let text = match other {
        Some(other) => {
            let (_, second) = one(options, &subject, &other, Box::new(std::io::sink()))?;
            let both = difference([found, second]);
            if options.json {
                to_string_pretty(&both).map_err(json)? + "\n"
            } else {
                both.text(options.rows)
            }
        }
        None if options.json => to_string_pretty(&found).map_err(json)? + "\n",
        None => {
            let limits = Limits {
                rows: options.rows,
                listings: LISTINGS,
            };
            text(&found, limits)
        }
    };
    print(&text)?;
    Ok(code)
}

/// Runs the program on a cell, as often as the options ask for, and profiles it.
fn one(
    options: &Options,
    subject: &Subject,
    cell: &Cell,
    output: Box<dyn Write + Send>,
) -> Result<(i32, Profile), Failure> {
    let plain = match options.once {
        true => None,
        false => Some(subject.plain(cell)?),
    };
    let (code, mut seen) = subject.observed(cell, [options.hertz, options.pc_hertz], output)?;
    if !options.once {
        seen.observed.traffic = subject.traffic(cell);
    }
    let run = RunTime {
        plain_ns: plain.map(|rate| rate.processor.as_nanos() as f64),
        probed_ns: seen.rate.processor.as_nanos() as f64,
        hertz: options.hertz,
        ticks: seen.rate.ticks,
        ..RunTime::default()
    };
    let lines = |file: &str, line| subject.line(file, line);
    let name = &subject.name;
    let profile = assemble(name, &cell.to_string(), &seen.observed, run, lines);
    Ok((code, profile))
}

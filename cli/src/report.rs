//! `ceval report`: results as a page, figures and a summary.

use crate::Failure;
use crate::arguments::Report;
use ceval_benches::report;

/// Writes the report and names its files on standard output; partial runs are told on standard error.
pub fn write(options: &Report) -> Result<i32, Failure> {
    let written = report::write(&options.results, &options.out, options.mix).map_err(|e| {
        let hint = match e {
            ceval_benches::BenchError::Mismatch { .. } => "; --mix reports them all the same",
            _ => "",
        };
        let failure = Failure::from(e);
        Failure {
            message: failure.message + hint,
            ..failure
        }
    })?;
    for warning in &written.warnings {
        eprintln!("ceval: {warning}");
    }
    let lines: String = written
        .files
        .iter()
        .map(|file| format!("{}\n", file.display()))
        .collect();
    crate::program::print(&lines)?;
    Ok(0)
}

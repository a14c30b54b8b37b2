//! All iterations as comma-separated values (RFC 4180 with `\n`), a row each, the pilot included as block 0.

use std::fmt::Write as _;

use crate::record::Run;

/// The columns.
pub const HEADER: &str = "block,position,subject,workload,size,iteration,wall_ns,cpu_ns,startup_ns,process_wall_ns,process_cpu_ns,peak_bytes,padding_bytes";

/// The whole table.
pub fn text(run: &Run) -> String {
    let mut out = format!("{HEADER}\n");
    for sample in &run.samples {
        for (iteration, (wall, cpu)) in sample.wall.iter().zip(&sample.cpu).enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "{},{},{},{},{},{iteration},{wall},{cpu},{},{},{},{},{}",
                sample.block,
                sample.position,
                field(&sample.subject),
                field(&sample.workload),
                field(&run.record.size),
                sample.startup,
                sample.process_wall,
                sample.process_cpu,
                sample.peak_bytes,
                sample.padding,
            );
        }
    }
    out
}

/// A text field, in quotes if it must be.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

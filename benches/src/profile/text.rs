//! A profile for a terminal.

use std::fmt::Write as _;

use super::{Listing, ListingRow, OpRow, Profile, Sequence};
use crate::report::words::grouped;

/// How much is shown.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Opcodes, sequences, functions and lines: so many of each.
    pub rows: usize,
    /// Listings.
    pub listings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            rows: 20,
            listings: 3,
        }
    }
}

/// Per cent with one decimal, for a share.
pub fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// The whole profile.
pub fn text(profile: &Profile, limits: Limits) -> String {
    let mut out = head(profile);
    ops(&mut out, profile, limits.rows);
    traffic(&mut out, profile, limits.rows);
    sequences(&mut out, "Pairs", &profile.pairs, profile, limits.rows);
    sequences(&mut out, "Triples", &profile.triples, profile, limits.rows);
    functions(&mut out, profile, limits.rows);
    lines(&mut out, profile, limits.rows);
    for listing in profile.code.iter().take(limits.listings) {
        listed(&mut out, listing);
    }
    out
}

/// What ran, what the profile cost, how far its two kinds of samples agree.
pub fn head(profile: &Profile) -> String {
    head_lines(profile).join("\n") + "\n"
}

/// The head, a sentence or two a line.
pub fn head_lines(profile: &Profile) -> Vec<String> {
    let run = &profile.run;
    let cost = match (run.cost(), run.plain_ns) {
        (Some(cost), Some(plain)) => format!(
            "{:.3} s of processor time with the profile, {:.3} s without: it costs {cost:.2}×.",
            run.probed_ns / 1e9,
            plain / 1e9
        ),
        _ => format!(
            "{:.3} s of processor time with the profile; not measured without.",
            run.probed_ns / 1e9
        ),
    };
    let apart = disagreement(profile);
    let rate = |samples: u64| samples as f64 / (run.probed_ns / 1e9).max(f64::MIN_POSITIVE);
    vec![
        format!("{} on {}", profile.program, profile.cell),
        format!(
            "{} dispatches for at most {} bytecode instructions. {cost}",
            grouped(profile.dispatches),
            grouped(profile.instructions)
        ),
        format!(
            "{} program-counter samples ({} a second asked for, {:.0} had): {:.3} s in instructions, {:.3} s in start-up and the end, {:.3} s in the profiler itself.",
            grouped(run.pc_samples),
            grouped(run.pc_hertz.into()),
            rate(run.pc_samples),
            run.whole_ns / 1e9,
            run.outside_ns / 1e9,
            run.own_ns / 1e9,
        ),
        format!(
            "{} stack samples ({} a second asked for, {:.0} had); {} % with a function and an opcode, {} more in the profiler itself.",
            grouped(run.ticks.saturating_sub(run.own_ticks)),
            grouped(run.hertz.into()),
            rate(run.ticks),
            percent(run.located),
            grouped(run.own_ticks)
        ),
        match apart {
            Some(apart) => format!(
                "The two agree on the share of every opcode above 5 % within {} points ({}; chance alone: ± {}).",
                percent(apart.distance),
                apart.name,
                percent(apart.error * 1.96)
            ),
            None if run.whole_ns > 0.0 => "No opcode has 5 % of the time.".to_owned(),
            None => {
                "The run was too short for a sample: nothing is known of times, counts are exact."
                    .to_owned()
            }
        },
    ]
}

/// How far the two kinds of samples are apart on an opcode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart<'a> {
    /// Its name.
    pub name: &'a str,
    /// The difference of its shares.
    pub distance: f64,
    /// The standard error of that difference.
    pub error: f64,
}

/// The opcode on which the two kinds of samples are furthest apart, of those that have more than 5 % by either.
pub fn disagreement(profile: &Profile) -> Option<Apart<'_>> {
    let large = |op: &&OpRow| op.time.share.max(op.time.sampled) > 0.05;
    let all = profile.ops.iter().filter(large).map(|op| Apart {
        name: &op.name,
        distance: (op.time.share - op.time.sampled).abs(),
        error: op.time.error.hypot(op.time.sampled_error),
    });
    all.max_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// A superinstruction's name is marked with the number of its parts.
fn marked(name: &str, width: u32) -> String {
    if width > 1 {
        format!("{name} [{width}]")
    } else {
        name.to_owned()
    }
}

fn ops(out: &mut String, profile: &Profile, rows: usize) {
    let _ = writeln!(
        out,
        "\nOpcodes                                           executed      %   time %   ±  stacks %   ±    ns each  slow %"
    );
    for op in profile.ops.iter().take(rows) {
        let t = &op.time;
        let _ = writeln!(
            out,
            "{:<43} {:>14} {:>6}   {:>6} {:>3.1}    {:>6} {:>3.1}   {:>8.1}  {:>6}",
            marked(&op.name, op.width),
            grouped(op.count),
            percent(op.count as f64 / profile.dispatches.max(1) as f64),
            percent(t.share),
            t.error * 196.0,
            percent(t.sampled),
            t.sampled_error * 196.0,
            each(op, profile),
            percent(op.slow as f64 / op.count.max(1) as f64),
        );
    }
    rest(out, profile.ops.len(), rows);
}

/// Nanoseconds of one execution.
pub fn each(op: &OpRow, profile: &Profile) -> f64 {
    op.time.share * profile.run.whole_ns / op.count.max(1) as f64
}

fn traffic(out: &mut String, profile: &Profile, rows: usize) {
    if profile.ops.iter().all(|op| op.traffic.is_none()) {
        let _ = writeln!(out, "\nReferences and allocations were not counted.");
    } else {
        let _ = writeln!(
            out,
            "\nPer execution                              references +        −    objects   bytes"
        );
        let mut sum = super::Traffic::default();
        for (i, op) in profile.ops.iter().enumerate() {
            let Some(t) = op.traffic else { continue };
            sum.add(&t);
            if i >= rows {
                continue;
            }
            let per = |n: u64| n as f64 / op.count.max(1) as f64;
            let _ = writeln!(
                out,
                "{:<43} {:>11.2} {:>8.2} {:>10.3} {:>7.1}",
                marked(&op.name, op.width),
                per(t.increments),
                per(t.decrements),
                per(t.allocations),
                per(t.bytes),
            );
        }
        let _ = writeln!(
            out,
            "in all: {} references added, {} given back; {} objects of {} bytes",
            grouped(sum.increments),
            grouped(sum.decrements),
            grouped(sum.allocations),
            grouped(sum.bytes),
        );
        if profile.cell.contains("/arena") {
            let _ = writeln!(
                out,
                "(an arena counts no references: its words are plain data)"
            );
        }
    }
    if profile.caches.is_empty() {
        let _ = writeln!(out, "\nNo instruction with an inline cache was executed.");
        return;
    }
    let _ = writeln!(out, "\nInline caches              executed       hits %");
    for row in &profile.caches {
        let _ = writeln!(
            out,
            "{:<22} {:>12} {:>12.2}",
            row.name,
            grouped(row.executed),
            row.hit_rate() * 100.0
        );
    }
}

fn sequences(out: &mut String, title: &str, all: &[Sequence], profile: &Profile, rows: usize) {
    let _ = writeln!(out, "\n{title}");
    for row in all.iter().take(rows) {
        let _ = writeln!(
            out,
            "{:>14} {:>6} %  {}",
            grouped(row.count),
            percent(row.count as f64 / profile.dispatches.max(1) as f64),
            row.names.join(" → ")
        );
    }
    rest(out, all.len(), rows);
}

fn functions(out: &mut String, profile: &Profile, rows: usize) {
    let _ = writeln!(
        out,
        "\nFunctions                                    entered     dispatches  time %   stacks %  with callees %"
    );
    for row in profile.functions.iter().take(rows) {
        let place = format!("{} ({}:{})", row.name, short(&row.file), row.line);
        let _ = writeln!(
            out,
            "{:<40} {:>11} {:>14}  {:>6}     {:>6}          {:>6}",
            place,
            grouped(row.entered),
            grouped(row.dispatches),
            percent(row.time),
            percent(row.sampled),
            percent(row.total)
        );
    }
    rest(out, profile.functions.len(), rows);
}

fn lines(out: &mut String, profile: &Profile, rows: usize) {
    let _ = writeln!(out, "\nLines                dispatches  time %   stacks %");
    for row in profile.lines.iter().take(rows) {
        let place = format!("{}:{}", short(&row.file), row.line);
        let _ = writeln!(
            out,
            "{:<16} {:>14}  {:>6}     {:>6}   {}",
            place,
            grouped(row.dispatches),
            percent(row.time),
            percent(row.sampled),
            row.text.trim()
        );
    }
    rest(out, profile.lines.len(), rows);
}

/// The last part of a path.
pub fn short(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn rest(out: &mut String, all: usize, rows: usize) {
    if all > rows {
        let _ = writeln!(out, "... and {} more", all - rows);
    }
}

fn listed(out: &mut String, listing: &Listing) {
    let _ = writeln!(
        out,
        "\n{} ({}:{})\n line offset      executed  time %   stacks %",
        listing.name, listing.file, listing.line
    );
    let mut line = 0;
    // Slots that the superinstruction before them covers.
    let mut covered = 0;
    for row in &listing.instructions {
        let number = if row.line == line {
            String::new()
        } else {
            row.line.to_string()
        };
        line = row.line;
        let bar = if covered > 0 { '│' } else { ' ' };
        covered = row.width.max(covered).saturating_sub(1);
        let _ = writeln!(
            out,
            "{number:>5} {:>6} {:>13}  {:>6}     {:>6}  {} {bar} {}",
            row.offset,
            count(row),
            percent(row.time),
            percent(row.sampled),
            heat(row.time),
            instruction(row)
        );
    }
}

fn count(row: &ListingRow) -> String {
    if row.count == 0 {
        "-".to_owned()
    } else {
        grouped(row.count)
    }
}

/// Name, operand and what it means.
pub fn instruction(row: &ListingRow) -> String {
    let meaning = if row.meaning.is_empty() {
        String::new()
    } else {
        format!(" ({})", row.meaning)
    };
    format!("{} {}{meaning}", marked(&row.name, row.width), row.argument)
}

/// A mark that can be seen from afar.
fn heat(share: f64) -> &'static str {
    match share {
        s if s >= 0.10 => "███",
        s if s >= 0.05 => "██ ",
        s if s >= 0.02 => "█  ",
        s if s >= 0.005 => "▏  ",
        _ => "   ",
    }
}

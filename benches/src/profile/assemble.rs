//! From observations to a profile.

use std::collections::BTreeMap;

use super::timing::{OpTime, estimate};
use super::trace::{NONE, Triple};
use super::{
    CacheRow, FunctionRow, LineRow, Listing, ListingRow, Observed, OpRow, Profile, RunTime,
    Sequence,
};

/// Sequences that a profile keeps.
const SEQUENCES: usize = 200;
/// Lines that a profile keeps.
const LINES: usize = 500;
/// A function is listed if it has this share of the time or of the samples.
const LISTED: f64 = 0.01;

/// Counts by instruction, and from them everything else.
struct Counted<'a> {
    seen: &'a Observed,
    by_instruction: Vec<u64>,
    by_op: Vec<u64>,
    times: Vec<OpTime>,
    /// What program-counter samples in instructions stand for.
    inside: f64,
    /// Stack samples in instructions.
    ticks: f64,
}

impl Counted<'_> {
    /// Share of the time of an instruction.
    fn time(&self, number: u32) -> f64 {
        self.seen.pc.instructions[number as usize] as f64 / self.inside
    }

    fn sampled(&self, number: u32) -> f64 {
        self.seen.ticks[number as usize] as f64 / self.ticks
    }
}

/// Makes the profile of a run. `source` gives the text of a line of a file; `run` has what only the caller knows: times
/// and rates, the rest is filled in.
pub fn assemble(
    program: &str,
    cell: &str,
    seen: &Observed,
    run: RunTime,
    source: impl Fn(&str, u32) -> Option<String>,
) -> Profile {
    let triples = seen.triples();
    let map = &seen.map;
    let mut by_instruction = vec![0; map.total()];
    for triple in &triples {
        by_instruction[triple.path[2] as usize] += triple.count;
    }
    let [mut by_op, mut pc_by_op, mut ticks_by_op] = [(); 3].map(|()| vec![0; map.ops.len()]);
    for (number, &count) in by_instruction.iter().enumerate() {
        let op = map.instruction(number as u32).op as usize;
        by_op[op] += count;
        pc_by_op[op] += seen.pc.instructions[number];
        ticks_by_op[op] += seen.ticks[number];
    }
    let counted = Counted {
        seen,
        times: estimate(&seen.pc, &pc_by_op, &ticks_by_op, seen.tick_squares),
        inside: seen.pc.inside().max(1) as f64,
        ticks: seen.ticks.iter().sum::<u64>().max(1) as f64,
        by_instruction,
        by_op,
    };
    // Of the processor time that the samples are of.
    let ns = |part: u64| run.probed_ns * part as f64 / seen.pc.total().max(1) as f64;
    let widths = |(op, &count): (usize, &u64)| count * u64::from(map.ops[op].width());
    Profile {
        program: program.to_owned(),
        cell: cell.to_owned(),
        dispatches: counted.by_op.iter().sum(),
        instructions: counted.by_op.iter().enumerate().map(widths).sum(),
        run: RunTime {
            whole_ns: ns(seen.pc.inside()),
            outside_ns: ns(seen.pc.outside),
            own_ns: ns(seen.pc.own),
            pc_hertz: seen.pc.hertz,
            pc_samples: seen.pc.taken,
            located: seen.located(),
            own_ticks: seen.own,
            ..run
        },
        ops: ops(&counted),
        caches: caches(&counted, &triples),
        pairs: sequences(&counted, &triples, 2),
        triples: sequences(&counted, &triples, 3),
        functions: functions(&counted),
        lines: lines(&counted, source),
        code: listings(&counted),
    }
}

fn descending(a: f64, b: f64) -> std::cmp::Ordering {
    b.total_cmp(&a)
}

fn ops(counted: &Counted<'_>) -> Vec<OpRow> {
    let map = &counted.seen.map;
    let traffic = counted.seen.traffic.as_deref();
    let mut slow = vec![0; map.ops.len()];
    for (number, count) in counted.seen.slow.iter().enumerate() {
        slow[map.instruction(number as u32).op as usize] += count;
    }
    let mut rows: Vec<OpRow> = (0..map.ops.len())
        .filter(|&op| counted.by_op[op] != 0)
        .map(|op| OpRow {
            name: map.ops[op].name.clone(),
            width: map.ops[op].width(),
            count: counted.by_op[op],
            slow: slow[op],
            time: counted.times[op],
            traffic: traffic.map(|all| all[op]),
        })
        .collect();
    rows.sort_by(|a, b| descending(a.time.share, b.time.share).then(b.count.cmp(&a.count)));
    rows
}

/// Instructions with inline caches. A superinstruction that went on behind its cached part had the answer; one that did not
/// is followed by that part in its own slot.
fn caches(counted: &Counted<'_>, triples: &[Triple]) -> Vec<CacheRow> {
    let map = &counted.seen.map;
    let mut rows: BTreeMap<u16, CacheRow> = BTreeMap::new();
    for (op, count) in counted.by_op.iter().enumerate() {
        if map.ops[op].cached && *count != 0 {
            let row = rows.entry(op as u16).or_default();
            row.executed += count;
            row.answered += count;
        }
    }
    for (number, &slow) in counted.seen.slow.iter().enumerate() {
        let op = map.instruction(number as u32).op;
        if slow != 0 && map.ops[op as usize].cached {
            rows.entry(op).or_default().answered -= slow;
        }
    }
    for triple in triples {
        let [_, from, to] = triple.path;
        if from == NONE {
            continue;
        }
        let parts = &map.ops[map.instruction(from).op as usize].parts;
        let done = match to.wrapping_sub(from) as usize {
            next if (1..parts.len()).contains(&next) => next,
            _ => parts.len(),
        };
        for part in parts[..done]
            .iter()
            .filter(|&&p| map.ops[p as usize].cached)
        {
            let row = rows.entry(*part).or_default();
            row.executed += triple.count;
            row.answered += triple.count;
        }
    }
    // A superinstruction whose first part is slow executes that part and goes on in the next slot.
    for (number, &slow) in counted.seen.slow.iter().enumerate() {
        let parts = &map.ops[map.instruction(number as u32).op as usize].parts;
        if let Some(first) = parts.first().filter(|&&p| map.ops[p as usize].cached)
            && let Some(row) = rows.get_mut(first)
        {
            row.answered = row.answered.saturating_sub(slow);
        }
    }
    rows.into_iter()
        .map(|(op, row)| CacheRow {
            name: map.ops[op as usize].name.clone(),
            ..row
        })
        .collect()
}

fn sequences(counted: &Counted<'_>, triples: &[Triple], length: usize) -> Vec<Sequence> {
    let map = &counted.seen.map;
    let mut counts: BTreeMap<Vec<u16>, u64> = BTreeMap::new();
    for triple in triples {
        let path = &triple.path[3 - length..];
        if path.contains(&NONE) {
            continue;
        }
        let ops = path.iter().map(|&n| map.instruction(n).op).collect();
        *counts.entry(ops).or_default() += triple.count;
    }
    let mut rows: Vec<(u64, Vec<u16>)> = counts.into_iter().map(|(ops, n)| (n, ops)).collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    rows.truncate(SEQUENCES);
    let name = |op: &u16| map.ops[*op as usize].name.clone();
    rows.iter()
        .map(|(count, ops)| Sequence {
            names: ops.iter().map(name).collect(),
            count: *count,
        })
        .collect()
}

/// The numbers of the instructions of a code object.
fn numbers(counted: &Counted<'_>, code: usize) -> std::ops::Range<u32> {
    let map = &counted.seen.map;
    let first = map.number(code as u32, 0).unwrap_or(0);
    first..first + map.codes[code].instructions.len() as u32
}

fn functions(counted: &Counted<'_>) -> Vec<FunctionRow> {
    let seen = counted.seen;
    // A function can be linked more than once, when its code object is made anew.
    let mut rows: BTreeMap<(&str, u32, &str), FunctionRow> = BTreeMap::new();
    for (code, object) in seen.map.codes.iter().enumerate() {
        let all = numbers(counted, code);
        let count = |n: u32| counted.by_instruction[n as usize];
        let key = (
            object.file.as_str(),
            object.first_line,
            object.name.as_str(),
        );
        let row = rows.entry(key).or_insert_with(|| FunctionRow {
            name: object.name.clone(),
            file: object.file.clone(),
            line: object.first_line,
            ..FunctionRow::default()
        });
        row.entered += all.clone().next().map_or(0, count);
        row.dispatches += all.clone().map(count).sum::<u64>();
        row.time += all.clone().map(|n| counted.time(n)).sum::<f64>();
        row.sampled += all.map(|n| counted.sampled(n)).sum::<f64>();
        let total = seen.total_ticks.get(&(code as u32)).copied().unwrap_or(0);
        row.total += total as f64 / counted.ticks;
    }
    let mut rows: Vec<FunctionRow> = rows.into_values().filter(|r| r.dispatches != 0).collect();
    rows.sort_by(|a, b| descending(a.time, b.time));
    rows
}

fn lines(counted: &Counted<'_>, source: impl Fn(&str, u32) -> Option<String>) -> Vec<LineRow> {
    let mut rows: BTreeMap<(&str, u32), LineRow> = BTreeMap::new();
    for (code, object) in counted.seen.map.codes.iter().enumerate() {
        for number in numbers(counted, code) {
            let count = counted.by_instruction[number as usize];
            if count == 0 {
                continue;
            }
            let line = counted.seen.map.instruction(number).line;
            let row = rows.entry((object.file.as_str(), line)).or_default();
            row.dispatches += count;
            row.time += counted.time(number);
            row.sampled += counted.sampled(number);
        }
    }
    let mut rows: Vec<LineRow> = rows
        .into_iter()
        .map(|((file, line), row)| LineRow {
            file: file.to_owned(),
            line,
            ..row
        })
        .collect();
    rows.sort_by(|a, b| descending(a.time, b.time));
    rows.truncate(LINES);
    for row in &mut rows {
        row.text = source(&row.file, row.line).unwrap_or_default();
    }
    rows
}

fn listings(counted: &Counted<'_>) -> Vec<Listing> {
    let map = &counted.seen.map;
    let mut found: Vec<(f64, Listing)> = Vec::new();
    for (code, object) in map.codes.iter().enumerate() {
        let all = numbers(counted, code);
        let time: f64 = all.clone().map(|n| counted.time(n)).sum();
        let sampled: f64 = all.clone().map(|n| counted.sampled(n)).sum();
        if time.max(sampled) < LISTED {
            continue;
        }
        let row = |number: u32| {
            let instruction = map.instruction(number);
            let op = &map.ops[instruction.op as usize];
            ListingRow {
                offset: instruction.offset,
                line: instruction.line,
                name: op.name.clone(),
                width: op.width(),
                argument: instruction.argument,
                meaning: instruction.meaning.clone(),
                count: counted.by_instruction[number as usize],
                time: counted.time(number),
                sampled: counted.sampled(number),
            }
        };
        let listing = Listing {
            name: object.name.clone(),
            file: object.file.clone(),
            line: object.first_line,
            instructions: all.map(row).collect(),
        };
        found.push((time, listing));
    }
    found.sort_by(|a, b| descending(a.0, b.0));
    found.into_iter().map(|(_, listing)| listing).collect()
}

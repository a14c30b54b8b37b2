//! Chooses a set of superinstructions.

use super::replay::{Patterns, candidates};
use super::{Straight, Trace};
use rustc_hash::FxHashMap;

/// Candidates that are looked at: those with the highest upper bounds.
const LOOKED_AT: usize = 600;

/// A superinstruction that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Opcodes of its parts.
    pub parts: Vec<u16>,
    /// Share of dispatches that it saved beyond those chosen before it, the mean of the training programs.
    pub gain: f64,
}

/// A straight with the part of the weight of all programs that one of its dispatches has.
struct Weighted<'a> {
    straight: &'a Straight,
    weight: f64,
    dispatches: u64,
}

/// Chooses at most `most` superinstructions that together save as large a share of dispatches as can be, each program counting alike:
/// one after the other, each time the one that saves most beside those chosen before. In the end those that others
/// have made useless are dropped, and their places filled.
///
/// Stops where the best saves less than a thousandth of a training program's dispatches on the average.
pub fn choose(
    traces: &[Trace],
    most: usize,
    may_stand: impl Fn(u16) -> bool,
    may_end: impl Fn(u16) -> bool,
) -> Vec<Chosen> {
    let mut bounds = candidates(traces, may_stand, may_end);
    bounds.truncate(LOOKED_AT);
    let mut all = weighted(traces);
    let containing = index(&all, &bounds);
    let mut set: Vec<Chosen> = Vec::new();
    for _ in 0..4 {
        fill(&mut set, &mut all, &bounds, &containing, most, traces.len());
        if !drop_useless(&mut set, &mut all, traces.len()) {
            break;
        }
    }
    set
}

/// Least gain of a superinstruction that is worth its code.
const LEAST: f64 = 0.001;

fn weighted(traces: &[Trace]) -> Vec<Weighted<'_>> {
    let mut all = Vec::new();
    for trace in traces {
        let whole = trace.dispatches().max(1) as f64;
        for straight in &trace.straights {
            all.push(Weighted {
                straight,
                weight: straight.count as f64 / whole,
                dispatches: straight.executed() as u64,
            });
        }
    }
    all
}

/// For each candidate the straights in which it occurs.
fn index(all: &[Weighted<'_>], bounds: &[(Vec<u16>, f64)]) -> Vec<Vec<usize>> {
    let numbers: FxHashMap<&[u16], usize> = bounds
        .iter()
        .enumerate()
        .map(|(i, (parts, _))| (parts.as_slice(), i))
        .collect();
    let mut places = vec![Vec::new(); bounds.len()];
    for (i, entry) in all.iter().enumerate() {
        let ops = &entry.straight.ops;
        for at in 0..ops.len() {
            for end in at + 2..=(at + super::LONGEST).min(ops.len()) {
                if let Some(&candidate) = numbers.get(&ops[at..end])
                    && places[candidate].last() != Some(&i)
                {
                    places[candidate].push(i);
                }
            }
        }
    }
    places
}

fn fill(
    set: &mut Vec<Chosen>,
    all: &mut [Weighted<'_>],
    bounds: &[(Vec<u16>, f64)],
    containing: &[Vec<usize>],
    most: usize,
    programs: usize,
) {
    // What each candidate saved when it was last looked at. Gains shrink as the set grows, so an old one is a bound, nearly always.
    let mut last: Vec<f64> = bounds.iter().map(|(_, bound)| *bound).collect();
    while set.len() < most {
        let mut order: Vec<usize> = (0..bounds.len()).collect();
        order.sort_by(|&a, &b| last[b].total_cmp(&last[a]));
        let mut best: Option<(usize, f64)> = None;
        for candidate in order {
            if best.is_some_and(|(_, gain)| last[candidate] <= gain) {
                break;
            }
            if set.iter().any(|c| c.parts == bounds[candidate].0) {
                last[candidate] = 0.0;
                continue;
            }
            let mut patterns = Patterns::new(set.iter().map(|c| &c.parts));
            patterns.add(&bounds[candidate].0);
            let gain: f64 = containing[candidate]
                .iter()
                .map(|&i| {
                    let entry = &all[i];
                    let now = patterns.dispatches(entry.straight);
                    entry.weight * (entry.dispatches as f64 - now as f64)
                })
                .sum();
            last[candidate] = gain;
            if best.is_none_or(|(_, g)| gain > g) {
                best = Some((candidate, gain));
            }
        }
        let Some((candidate, gain)) = best else { break };
        let gain = gain / programs.max(1) as f64;
        if gain < LEAST {
            break;
        }
        set.push(Chosen {
            parts: bounds[candidate].0.clone(),
            gain,
        });
        refresh(set, all);
    }
}

fn refresh(set: &[Chosen], all: &mut [Weighted<'_>]) {
    let patterns = Patterns::new(set.iter().map(|c| &c.parts));
    for entry in all {
        entry.dispatches = patterns.dispatches(entry.straight);
    }
}

fn total(set: &[Chosen], all: &[Weighted<'_>]) -> f64 {
    let patterns = Patterns::new(set.iter().map(|c| &c.parts));
    all.iter()
        .map(|e| e.weight * patterns.dispatches(e.straight) as f64)
        .sum()
}

/// Drops what saves less than [`LEAST`] beside all others; whether something was.
fn drop_useless(set: &mut Vec<Chosen>, all: &mut [Weighted<'_>], programs: usize) -> bool {
    let before = set.len();
    let mut i = 0;
    while i < set.len() {
        let with = total(set, all);
        let chosen = set.remove(i);
        let loss = (total(set, all) - with) / programs.max(1) as f64;
        if loss >= LEAST {
            set.insert(i, chosen);
            i += 1;
        }
    }
    refresh(set, all);
    set.len() != before
}

//! Chooses a set of superinstructions.
//!
//! One after the other, each time the sequence that saves most beside those chosen before; what a set saves is
//! always counted exactly, by a replay, since sequences overlap and a longer one takes places from a shorter one. Then
//! single members are exchanged for better ones, until no exchange helps.
//!
//! The set is for programs that are not there. So each program counts alike, however long it ran, and a sequence is
//! valued without the program where it saves most: what only one program's hottest loop contains is worth nothing.

use super::replay::{Patterns, candidates};
use super::{Straight, Trace};
use rustc_hash::FxHashMap;

/// Candidates that are looked at: those with the highest upper bounds.
const LOOKED_AT: usize = 800;

/// Least gain of a superinstruction that is worth its code.
const LEAST: f64 = 0.0005;

/// Rounds of exchanges; few are ever needed.
const ROUNDS: usize = 4;

/// A superinstruction that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Opcodes of its parts.
    pub parts: Vec<u16>,
    /// Share of dispatches that it saves beside all others of the set, the mean of the training programs.
    pub gain: f64,
}

/// A straight with the part of the weight of all programs that one of its dispatches has.
struct Weighted<'a> {
    straight: &'a Straight,
    program: usize,
    weight: f64,
    dispatches: u64,
}

/// Chooses at most `most` superinstructions that together save as large a share of dispatches as can be. Traces of the same
/// program name are one program.
///
/// Stops where the best saves less than half a thousandth of a training program's dispatches on the average.
pub fn choose(
    traces: &[Trace],
    most: usize,
    may_stand: impl Fn(u16) -> bool,
    may_end: impl Fn(u16) -> bool,
) -> Vec<Chosen> {
    let mut bounds = candidates(traces, may_stand, may_end);
    bounds.truncate(LOOKED_AT);
    let mut choice = Choice::new(traces, &bounds);
    while choice.set.len() < most && choice.add_best() {}
    for _ in 0..ROUNDS {
        if !choice.exchange(most) {
            break;
        }
    }
    choice.chosen()
}

struct Choice<'a> {
    all: Vec<Weighted<'a>>,
    /// Programs.
    programs: usize,
    candidates: Vec<&'a [u16]>,
    /// For each candidate the straights in which it occurs.
    containing: Vec<Vec<usize>>,
    /// For each candidate what it saves at most.
    bounds: Vec<f64>,
    /// Candidates that are chosen.
    set: Vec<usize>,
}

impl<'a> Choice<'a> {
    fn new(traces: &'a [Trace], bounds: &'a [(Vec<u16>, f64)]) -> Choice<'a> {
        let mut names: Vec<&str> = Vec::new();
        let mut all = Vec::new();
        for trace in traces {
            let name = trace.program.as_str();
            let program = names.iter().position(|n| *n == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            let alike = traces.iter().filter(|t| t.program == name).count();
            let whole = (trace.dispatches().max(1) * alike as u64) as f64;
            for straight in &trace.straights {
                all.push(Weighted {
                    straight,
                    program,
                    weight: straight.count as f64 / whole,
                    dispatches: straight.executed() as u64,
                });
            }
        }
        let candidates: Vec<&[u16]> = bounds.iter().map(|(parts, _)| parts.as_slice()).collect();
        Choice {
            containing: index(&all, &candidates),
            all,
            programs: names.len(),
            candidates,
            // Bounds are sums over traces.
            bounds: bounds.iter().map(|(_, bound)| *bound).collect(),
            set: Vec::new(),
        }
    }

    fn patterns(&self) -> Patterns {
        let mut patterns = Patterns::default();
        for &chosen in &self.set {
            patterns.add(self.candidates[chosen]);
        }
        patterns
    }

    /// Counts what the set leaves.
    fn refresh(&mut self) {
        let patterns = self.patterns();
        for entry in &mut self.all {
            entry.dispatches = patterns.dispatches(entry.straight);
        }
    }

    /// What a candidate saves beside the set: of all programs together, and without the best one.
    fn gain(&self, patterns: &Patterns, candidate: usize) -> (f64, f64) {
        let mut with = patterns.clone();
        with.add(self.candidates[candidate]);
        let mut gains = vec![0.0; self.programs];
        for &i in &self.containing[candidate] {
            let entry = &self.all[i];
            let now = with.dispatches(entry.straight);
            gains[entry.program] += entry.weight * (entry.dispatches as f64 - now as f64);
        }
        let sum: f64 = gains.iter().sum();
        let best = gains.iter().fold(0.0, |a: f64, &b| a.max(b));
        match self.programs {
            // With one program there is no other to be valued by.
            0 | 1 => (sum, sum),
            _ => (sum, sum - best),
        }
    }

    /// The candidate that saves most beside the set, and its value.
    fn best(&self, last: &mut [f64]) -> Option<(usize, f64)> {
        let patterns = self.patterns();
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by(|&a, &b| last[b].total_cmp(&last[a]));
        let mut best: Option<(usize, f64)> = None;
        for candidate in order {
            if best.is_some_and(|(_, value)| last[candidate] <= value) {
                break;
            }
            if self.set.contains(&candidate) {
                continue;
            }
            let (_, value) = self.gain(&patterns, candidate);
            last[candidate] = value;
            if best.is_none_or(|(_, most)| value > most) {
                best = Some((candidate, value));
            }
        }
        best
    }

    /// Adds the best candidate, if it is worth it. Values shrink as the set grows, nearly always, so those of before are bounds.
    fn add_best(&mut self) -> bool {
        let mut last = std::mem::take(&mut self.bounds);
        let best = self.best(&mut last);
        self.bounds = last;
        let Some((candidate, value)) = best else {
            return false;
        };
        if value < LEAST * self.programs as f64 {
            return false;
        }
        self.set.push(candidate);
        self.refresh();
        true
    }

    /// Takes each member out and the best candidate in, itself if that is it; whether one was exchanged.
    fn exchange(&mut self, most: usize) -> bool {
        let mut changed = false;
        // What a candidate saves now is little more than what it saves beside a set with one member less, but not a bound.
        let patterns = self.patterns();
        let now: Vec<f64> = (0..self.candidates.len())
            .map(|candidate| self.gain(&patterns, candidate).1)
            .collect();
        for _ in 0..self.set.len() {
            let member = self.set.remove(0);
            self.refresh();
            let mut last: Vec<f64> = now
                .iter()
                .zip(&self.candidates)
                .map(|(value, parts)| value + self.overlap(parts, member))
                .collect();
            let (_, value) = self.gain(&self.patterns(), member);
            match self.best(&mut last) {
                Some((other, better)) if other != member && better > value * 1.001 => {
                    self.set.push(other);
                    changed = true;
                }
                _ if value >= LEAST * self.programs as f64 => self.set.push(member),
                _ => changed = true,
            }
            self.refresh();
        }
        while self.set.len() < most && self.add_best() {
            changed = true;
        }
        changed
    }

    /// More than any candidate can gain when `member` goes, if it shares an opcode with it; else nothing.
    fn overlap(&self, parts: &[u16], member: usize) -> f64 {
        let shares = parts.iter().any(|op| self.candidates[member].contains(op));
        if shares { self.programs as f64 } else { 0.0 }
    }

    /// The set, what saves most first.
    fn chosen(mut self) -> Vec<Chosen> {
        let members = std::mem::take(&mut self.set);
        let mut chosen = Vec::new();
        for (i, &member) in members.iter().enumerate() {
            self.set = members.clone();
            self.set.remove(i);
            self.refresh();
            let (gain, _) = self.gain(&self.patterns(), member);
            chosen.push(Chosen {
                parts: self.candidates[member].to_vec(),
                gain: gain / self.programs.max(1) as f64,
            });
        }
        chosen.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        chosen
    }
}

/// For each candidate the straights in which it occurs.
fn index(all: &[Weighted<'_>], candidates: &[&[u16]]) -> Vec<Vec<usize>> {
    let numbers: FxHashMap<&[u16], usize> = candidates
        .iter()
        .enumerate()
        .map(|(i, parts)| (*parts, i))
        .collect();
    let mut places = vec![Vec::new(); candidates.len()];
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

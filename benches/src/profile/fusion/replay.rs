//! Replays straights with a set of superinstructions.

use super::{LONGEST, Straight, Trace};
use rustc_hash::FxHashMap;

/// A set of superinstructions, each by the opcodes of its parts.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    by_first: FxHashMap<u16, Vec<Vec<u16>>>,
}

impl Patterns {
    /// The set of these.
    pub fn new<'a>(all: impl IntoIterator<Item = &'a Vec<u16>>) -> Patterns {
        let mut set = Patterns::default();
        for pattern in all {
            set.add(pattern);
        }
        set
    }

    /// One more.
    pub fn add(&mut self, pattern: &[u16]) {
        if let Some(&first) = pattern.first() {
            let list = self.by_first.entry(first).or_default();
            list.push(pattern.to_vec());
            list.sort_by_key(|p| std::cmp::Reverse(p.len()));
        }
    }

    /// Parts of the longest pattern that matches at the beginning of `code`; 1 if none does.
    fn width(&self, code: &[u16]) -> usize {
        let list = code.first().and_then(|first| self.by_first.get(first));
        list.and_then(|list| list.iter().find(|p| code.starts_with(p)))
            .map_or(1, Vec::len)
    }

    /// Dispatches of one run of a straight.
    pub fn dispatches(&self, straight: &Straight) -> u64 {
        let ran = straight.executed();
        let (mut at, mut dispatches) = (0, 0);
        while at < ran {
            let end = (at + self.width(&straight.ops[at..])).min(ran);
            dispatches += 1;
            // A first part that is slow is executed by itself; a later one is dispatched at its own slot.
            let slow = (at..end).find(|&i| straight.is_slow(i));
            at = match slow {
                Some(i) if i == at => at + 1,
                Some(i) => i,
                None => end,
            };
        }
        dispatches
    }
}

/// What a set of superinstructions does to a program.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Effect {
    /// The program's name.
    pub program: String,
    /// Dispatches without.
    pub before: u64,
    /// Dispatches with.
    pub after: u64,
}

impl Effect {
    /// Share of dispatches that are gone.
    pub fn saved(&self) -> f64 {
        1.0 - self.after as f64 / self.before.max(1) as f64
    }
}

/// The effect of a set on a program.
pub fn effect(trace: &Trace, patterns: &Patterns) -> Effect {
    let after = |s: &Straight| s.count * patterns.dispatches(s);
    Effect {
        program: trace.program.clone(),
        before: trace.dispatches(),
        after: trace.straights.iter().map(after).sum(),
    }
}

/// The sequences of 2 to [`LONGEST`] instructions that may be a superinstruction, each with an upper bound of what it saves:
/// the sum over programs of the share of their dispatches. `may_end` and `may_stand` say whether an opcode may be the last part, or another.
pub fn candidates(
    traces: &[Trace],
    may_stand: impl Fn(u16) -> bool,
    may_end: impl Fn(u16) -> bool,
) -> Vec<(Vec<u16>, f64)> {
    let mut found: FxHashMap<Vec<u16>, f64> = FxHashMap::default();
    for trace in traces {
        let all = trace.dispatches().max(1) as f64;
        for straight in &trace.straights {
            let share = straight.count as f64 / all;
            for at in 0..straight.executed() {
                for end in at + 2..=(at + LONGEST).min(straight.executed()) {
                    // What comes after a slow part is dispatched again.
                    if straight.is_slow(end - 1) || straight.is_slow(at) {
                        break;
                    }
                    let ops = &straight.ops[at..end];
                    if !ops[..ops.len() - 1].iter().all(|&op| may_stand(op)) {
                        break;
                    }
                    if may_end(ops[ops.len() - 1]) {
                        *found.entry(ops.to_vec()).or_default() += share * (ops.len() - 1) as f64;
                    }
                }
            }
        }
    }
    let mut all: Vec<(Vec<u16>, f64)> = found.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

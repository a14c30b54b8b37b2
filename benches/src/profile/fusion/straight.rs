//! Cuts a trace into straights.

use super::LONGEST;
use crate::profile::code::CodeMap;
use rustc_hash::FxHashMap;

/// Longer straights are cut; a superinstruction across the cut is not seen.
const CUT: usize = 64;

/// Instructions that ran one after the other in neighbouring slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Straight {
    /// The opcodes that ran, and up to `LONGEST - 1` that stand behind them: what a pattern is matched against.
    pub ops: Vec<u16>,
    /// Bit i: instruction i entered its full part.
    pub slow: u64,
    executed: u8,
    /// How often.
    pub count: u64,
}

impl Straight {
    /// A straight of instructions, all but the last `behind` of which ran.
    pub fn new(ops: Vec<u16>, behind: usize, slow: u64, count: u64) -> Straight {
        let executed = (ops.len() - behind) as u8;
        Straight {
            ops,
            slow,
            executed,
            count,
        }
    }

    /// Instructions that ran.
    pub fn executed(&self) -> usize {
        usize::from(self.executed)
    }

    /// Whether instruction `i` entered its full part.
    pub fn is_slow(&self, i: usize) -> bool {
        self.slow & (1 << i) != 0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Run {
    code: u32,
    first: u32,
    length: u32,
    slow: u64,
}

/// Collects a trace.
#[derive(Debug, Default)]
pub struct Collector {
    runs: FxHashMap<Run, u64>,
    current: Option<Run>,
}

impl Collector {
    /// The next dispatch, and whether the one before it has entered its full part.
    pub fn step(&mut self, code: u32, unit: u32, after_full: bool) {
        if let Some(run) = &mut self.current {
            if after_full {
                run.slow |= 1 << (run.length - 1);
            }
            if run.code == code && run.first + run.length == unit && (run.length as usize) < CUT {
                run.length += 1;
                return;
            }
        }
        self.close();
        self.current = Some(Run {
            code,
            first: unit,
            length: 1,
            slow: 0,
        });
    }

    fn close(&mut self) {
        if let Some(run) = self.current.take() {
            *self.runs.entry(run).or_default() += 1;
        }
    }

    /// The straights, those with the same opcodes as one, in a fixed order.
    pub fn straights(mut self, map: &CodeMap) -> Vec<Straight> {
        self.close();
        let mut joined: FxHashMap<(Vec<u16>, u8, u64), u64> = FxHashMap::default();
        for (run, count) in self.runs {
            let Some(code) = map.codes.get(run.code as usize) else {
                continue;
            };
            let first = run.first as usize;
            let ran = first + run.length as usize;
            let seen = (ran + LONGEST - 1).min(code.instructions.len());
            let ops = code.instructions[first..seen].iter().map(|i| i.op);
            let key = (ops.collect(), run.length as u8, run.slow);
            *joined.entry(key).or_default() += count;
        }
        let mut all: Vec<Straight> = joined
            .into_iter()
            .map(|((ops, executed, slow), count)| Straight {
                ops,
                slow,
                executed,
                count,
            })
            .collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.ops.cmp(&b.ops)));
        all
    }
}

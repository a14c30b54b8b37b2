//! What a profiled run was seen to do: the receiver of everything that the machine tells, as plain numbers.

use super::code::{Code, CodeMap, Op};
use super::timing::PcSamples;
use super::trace::{Recorder, Triple};
use super::traffic::Traffic;
use rustc_hash::FxHashMap;

/// A run, as it is being observed.
#[derive(Debug, Default)]
pub struct Observed {
    /// The code that was linked.
    pub map: CodeMap,
    recorder: Recorder,
    /// Program-counter samples.
    pub pc: PcSamples,
    /// Ticks of the sampling clock by instruction.
    pub ticks: Vec<u64>,
    /// The sum of squares of the ticks of each sample in an instruction.
    pub tick_squares: u64,
    /// Executions that entered the full part, by instruction.
    pub slow: Vec<u64>,
    last: u32,
    /// Ticks by code, in which it was anywhere on the stack.
    pub total_ticks: FxHashMap<u32, u64>,
    /// Ticks outside of any code: start-up and the end.
    pub outside: u64,
    /// Ticks of the profiler itself.
    pub own: u64,
    /// References, allocations and caches by opcode, if they were counted.
    pub traffic: Option<Vec<Traffic>>,
}

impl Observed {
    /// Nothing seen yet.
    pub fn new(ops: Vec<Op>) -> Observed {
        Observed {
            map: CodeMap::new(ops),
            last: super::trace::NONE,
            ..Observed::default()
        }
    }

    /// Code was linked.
    pub fn linked(&mut self, code: Code) {
        self.map.add(code);
        self.pc.instructions.resize(self.map.total(), 0);
        self.ticks.resize(self.map.total(), 0);
        self.slow.resize(self.map.total(), 0);
    }

    /// The next dispatch, by the number of its instruction, and whether the one before it has entered its full part.
    #[inline]
    pub fn step(&mut self, number: u32, after_full: bool) {
        if after_full && let Some(slow) = self.slow.get_mut(self.last as usize) {
            *slow += 1;
        }
        self.last = number;
        self.recorder.step(number);
    }

    /// Program-counter samples that stand for so much found the machine at this instruction; outside of all where it has no
    /// number.
    pub fn at(&mut self, number: Option<u32>, times: u64) {
        match number.and_then(|n| self.pc.instructions.get_mut(n as usize)) {
            Some(here) => *here += times,
            None => self.pc.outside += times,
        }
    }

    /// Ticks came while the machine was here, the running instruction last.
    pub fn sample(
        &mut self,
        stack: impl DoubleEndedIterator<Item = (u32, u32)> + Clone,
        ticks: u32,
    ) {
        let ticks = u64::from(ticks);
        let leaf = stack.clone().next_back();
        match leaf.and_then(|(code, unit)| self.map.number(code, unit)) {
            Some(number) => {
                self.ticks[number as usize] += ticks;
                self.tick_squares += ticks * ticks;
            }
            None => {
                self.outside += ticks;
                return;
            }
        }
        let mut codes: Vec<u32> = stack.map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            *self.total_ticks.entry(code).or_default() += ticks;
        }
    }

    /// See [`Recorder::triples`].
    pub fn triples(&self) -> Vec<Triple> {
        self.recorder.triples()
    }

    /// Ticks that were found in an instruction of a function, over all but the profiler's own.
    pub fn located(&self) -> f64 {
        let inside = self.ticks.iter().sum::<u64>();
        inside as f64 / (inside + self.outside).max(1) as f64
    }
}

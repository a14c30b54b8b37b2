//! What a profiled run was seen to do: the receiver of everything that the machine tells, as plain numbers.

use super::code::{Code, CodeMap, Op};
use super::timing::Clocks;
use super::trace::{Recorder, Triple};
use super::traffic::Traffic;
use super::windows::Windows;
use rustc_hash::FxHashMap;

/// A run, as it is being observed.
#[derive(Debug, Default)]
pub struct Observed {
    /// The code that was linked.
    pub map: CodeMap,
    recorder: Recorder,
    /// Timed stretches of dispatches.
    pub windows: Windows,
    /// Ticks of the sampling clock by instruction.
    pub ticks: Vec<u64>,
    /// Executions that entered the full part, by instruction.
    pub slow: Vec<u64>,
    last: u32,
    /// Ticks by code, in which it was anywhere on the stack.
    pub total_ticks: FxHashMap<u32, u64>,
    /// Ticks outside of any code: start-up and the end.
    pub outside: u64,
    /// Ticks of the profiler itself.
    pub own: u64,
    /// The clock's account.
    pub clocks: Clocks,
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

    /// These dispatches, by the numbers of their instructions, took so many clocks. They stand for `gap` dispatches.
    pub fn window(&mut self, steps: impl Iterator<Item = u32>, gap: u32, clocks: u64) {
        self.windows.add(steps, gap, clocks);
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
            Some(number) => self.ticks[number as usize] += ticks,
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

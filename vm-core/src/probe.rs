//! The probe: what a profiled machine tells of its dispatches.
//!
//! An ordinary run has no part of it: a strategy has a *probed form*
//! ([`crate::dispatch::Dispatch::PROBED`]) over the same handlers, which calls
//! [`Vm::record_dispatch`] before each unit. From there three things come:
//!
//! - the **trace**: every dispatch as a [`Step`], in batches;
//! - **intervals**: the time of single dispatches that are chosen at random ([`interval`]), if the sink wants them;
//! - **samples**: somebody adds to [`Options::ticks`] at intervals (a clock's thread); the next
//!   dispatch finds that and reports where the machine was *before* it, in the instruction that the tick
//!   has interrupted, with the Python stack. No signal and no other thread ever looks at the machine.
//!
//! Steps name code by a number that [`Sink::linked`] introduced. Nothing here is generic over the
//! object model but the walk over the frames.

pub mod interval;

use crate::Vm;
use crate::instr::Instr;
use crate::object::ObjectModel;
use ceval_bytecode::CodeObject;
pub use interval::Clocks;
use interval::{Timer, now};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// One dispatch: a unit of linked code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    /// Number of the code, from [`Sink::linked`].
    pub code: u32,
    /// Index of the unit, which is that of its instruction.
    pub unit: u32,
}

/// Receives what the probe tells. Called on the machine's thread.
pub trait Sink {
    /// Code was linked and is called `id` from now on. `offsets[i]` is the bytecode offset of `instructions[i]`.
    fn linked(&mut self, id: u32, code: &Arc<CodeObject>, instructions: &[Instr], offsets: &[u32]);

    /// The next dispatches, in order. Only if [`Options::trace`].
    fn steps(&mut self, steps: &[Step]);

    /// As [`Sink::steps`], and which of them came after a step that has entered its full part. (A native function that runs
    /// Python code is such a step, and its end is told of the last step that it has run.)
    fn steps_after(&mut self, steps: &[Step], _after_full: &[bool]) {
        self.steps(steps);
    }

    /// The machine was here when `ticks` ticks came: the stack from the outermost activation to the running
    /// instruction; empty while no code runs (start-up, the end).
    fn sample(&mut self, stack: &[Step], ticks: u32);

    /// Whether single dispatches are to be timed.
    fn wants_intervals(&self) -> bool {
        false
    }

    /// `step`, from its dispatch to the next one, took so many clocks, those of an empty interval included.
    fn interval(&mut self, _step: Step, _clocks: u64) {}

    /// Ticks that came while the probe itself was at work. They belong to no instruction.
    fn own(&mut self, _ticks: u32) {}

    /// The clock's account of the run, before [`Sink::ended`]. Only with intervals.
    fn clocks(&mut self, _clocks: Clocks) {}

    /// The program has ended; nothing follows.
    fn ended(&mut self);
}

/// How a machine is to be probed.
pub struct Options {
    /// Where everything goes.
    pub sink: Box<dyn Sink>,
    /// Ticks that no sample has answered yet. Whoever samples adds to it.
    pub ticks: Arc<AtomicU32>,
    /// Report every dispatch.
    pub trace: bool,
}

/// Dispatches in a batch of the trace; a power of two.
const BATCH: usize = 1 << 12;

/// In an address of the batch, which is a multiple of 8: the unit before it has entered its full part.
const AFTER_FULL: usize = 1;

/// Where a unit address belongs.
#[derive(Clone, Copy)]
struct Range {
    start: usize,
    end: usize,
    code: u32,
}

/// State of the probe in a machine.
pub struct Probe {
    /// Address of the unit that executes; 0 before the first.
    current: usize,
    /// Where in the batch the next address goes.
    at: usize,
    /// Where the batch is handed over, or an interval ends.
    limit: usize,
    /// 1 when tracing or timing; 0 leaves `at` where it is.
    stride: usize,
    trace: bool,
    timer: Option<Timer>,
    /// Kept for their memory.
    steps: Vec<Step>,
    after_full: Vec<bool>,
    ticks: Arc<AtomicU32>,
    batch: Box<[usize; BATCH]>,
    sink: Option<Box<dyn Sink>>,
    /// Sorted by start.
    ranges: Vec<Range>,
    codes: u32,
    unit_size: usize,
}

impl Probe {
    /// The probe of a machine with units of this size; without options one that nobody asks.
    pub fn new(options: Option<Options>, unit_size: usize) -> Probe {
        let (sink, ticks, trace) = match options {
            Some(o) => (Some(o.sink), o.ticks, o.trace),
            None => (None, Arc::default(), false),
        };
        let wants = sink.as_ref().is_some_and(|s| s.wants_intervals());
        let mut timer = wants.then(Timer::calibrated);
        Probe {
            current: 0,
            at: 0,
            limit: timer.as_mut().map_or(BATCH, |t| t.gap(BATCH)),
            stride: usize::from(trace || wants),
            trace,
            timer,
            steps: Vec::new(),
            after_full: Vec::new(),
            ticks,
            batch: Box::new([0; BATCH]),
            sink,
            ranges: Vec::new(),
            codes: 0,
            unit_size,
        }
    }

    /// Gives linked code a number. Units that stood at the same addresses are gone.
    pub fn add_code(
        &mut self,
        code: &Arc<CodeObject>,
        base: *const u8,
        instructions: &[Instr],
        offsets: &[u32],
    ) {
        if self.sink.is_none() {
            return;
        }
        let since = now();
        self.flush();
        let range = Range {
            start: base as usize,
            end: base as usize + instructions.len() * self.unit_size,
            code: self.codes,
        };
        self.codes += 1;
        self.ranges
            .retain(|r| r.end <= range.start || r.start >= range.end);
        let at = self.ranges.partition_point(|r| r.start < range.start);
        self.ranges.insert(at, range);
        if let Some(sink) = &mut self.sink {
            sink.linked(range.code, code, instructions, offsets);
        }
        if let Some(timer) = &mut self.timer {
            timer.begin();
            timer.exclude(since);
        }
    }

    fn range_of(&self, address: usize) -> Option<Range> {
        let at = self.ranges.partition_point(|r| r.start <= address);
        let range = *self.ranges.get(at.checked_sub(1)?)?;
        (address < range.end).then_some(range)
    }

    fn step_at(&self, address: usize) -> Option<Step> {
        let range = self.range_of(address)?;
        Some(Step {
            code: range.code,
            unit: ((address - range.start) / self.unit_size) as u32,
        })
    }

    /// Hands over what the batch holds.
    fn flush(&mut self) {
        let at = std::mem::take(&mut self.at);
        if !self.trace || at == 0 {
            return;
        }
        let Some(mut sink) = self.sink.take() else {
            return;
        };
        let mut steps = std::mem::take(&mut self.steps);
        let mut after_full = std::mem::take(&mut self.after_full);
        steps.clear();
        after_full.clear();
        let mut range = Range {
            start: 0,
            end: 0,
            code: 0,
        };
        // Most units follow the one before: no division, no search.
        let (mut next, mut unit) = (0, 0);
        for &entry in &self.batch[..at] {
            let address = entry & !AFTER_FULL;
            if address == next && address < range.end {
                unit += 1;
            } else {
                if address < range.start || address >= range.end {
                    let Some(found) = self.range_of(address) else {
                        continue;
                    };
                    range = found;
                }
                unit = ((address - range.start) / self.unit_size) as u32;
            }
            next = address + self.unit_size;
            steps.push(Step {
                code: range.code,
                unit,
            });
            after_full.push(entry & AFTER_FULL != 0);
        }
        sink.steps_after(&steps, &after_full);
        self.steps = steps;
        self.after_full = after_full;
        self.sink = Some(sink);
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A probed dispatcher is about to execute this unit.
    #[inline(always)]
    pub fn record_dispatch(&mut self, unit: *const u8) {
        let p = &mut self.probe;
        let previous = std::mem::replace(&mut p.current, unit as usize);
        // Every full part leaves its registers here, for whoever has entered it to fetch at once.
        let after_full = std::mem::replace(&mut self.after_full.ip, std::ptr::null());
        let p = &mut self.probe;
        p.batch[p.at & (BATCH - 1)] = unit as usize | usize::from(!after_full.is_null());
        p.at += p.stride;
        if p.at == p.limit || p.ticks.load(Ordering::Relaxed) != 0 {
            self.attend_probe(previous);
        }
    }

    /// The batch is full, an interval begins or ends, or ticks have come while the unit at `previous` was executing.
    #[cold]
    #[inline(never)]
    fn attend_probe(&mut self, previous: usize) {
        let since = now();
        let p = &mut self.probe;
        let started = p.timer.as_mut().and_then(|t| t.started.take());
        if let Some(started) = started
            && let Some(step) = p.step_at(previous)
            && let Some(sink) = &mut p.sink
        {
            sink.interval(step, since.saturating_sub(started));
        }
        let ticks = p.ticks.swap(0, Ordering::Relaxed);
        if ticks != 0 {
            let stack = p.step_at(previous).map(|leaf| self.stack_to(leaf));
            if let Some(sink) = &mut self.probe.sink {
                sink.sample(stack.as_deref().unwrap_or(&[]), ticks);
            }
        }
        let p = &mut self.probe;
        let is_full = p.at == p.limit;
        let Some(timer) = &mut p.timer else {
            if is_full {
                p.flush();
            }
            return;
        };
        if is_full && started.is_some() {
            p.limit = p.at + timer.gap(BATCH - p.at);
        } else if is_full {
            p.flush();
            p.limit = 1;
        }
        // Ticks of the probe's own time are nobody else's.
        let ticks = p.ticks.swap(0, Ordering::Relaxed);
        if ticks != 0
            && let Some(sink) = &mut p.sink
        {
            sink.own(ticks);
        }
        if let Some(timer) = &mut p.timer {
            timer.add_own(since);
            timer.started = (p.limit == 1).then(now);
        }
    }

    /// The stack of activations that ends in `leaf`, a dispatch that has just been executed: it may have entered
    /// an activation, which is left out, or left one, which is put back.
    fn stack_to(&self, leaf: Step) -> Vec<Step> {
        let mut stack: Vec<Step> = (0..self.depth_frames)
            .rev()
            .filter_map(|below| {
                let frame = self.frame_at(below)?;
                // A frame's `ip` stands after the unit that it executes.
                let after = frame.ip as usize;
                self.probe
                    .step_at(after.wrapping_sub(self.probe.unit_size))
                    .or_else(|| self.probe.step_at(after))
            })
            .collect();
        let top = stack.len().checked_sub(1);
        let below = top.and_then(|t| t.checked_sub(1));
        match (top, below) {
            (Some(top), _) if stack[top].code == leaf.code => stack[top] = leaf,
            (Some(_), Some(below)) if stack[below].code == leaf.code => {
                stack.pop();
                stack[below] = leaf;
            }
            _ => stack.push(leaf),
        }
        stack
    }

    /// Hands over what is left when the program has ended.
    pub fn finish_probe(&mut self) {
        self.probe.flush();
        let ticks = self.probe.ticks.swap(0, Ordering::Relaxed);
        let clocks = self.probe.timer.as_ref().and_then(Timer::clocks);
        if let Some(mut sink) = self.probe.sink.take() {
            if ticks != 0 {
                sink.sample(&[], ticks);
            }
            if let Some(clocks) = clocks {
                sink.clocks(clocks);
            }
            sink.ended();
        }
    }
}

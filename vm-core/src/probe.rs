//! The probe: what a profiled machine tells of its dispatches.
//!
//! An ordinary run has no part of it: a strategy has a *probed form*
//! ([`crate::dispatch::Dispatch::PROBED`]) over the same handlers, which calls
//! [`Vm::record_dispatch`] before each unit. From there two things come:
//!
//! - the **trace**: every dispatch as a [`Step`], in batches;
//! - **samples**: somebody adds to [`Options::ticks`] at intervals (a clock's thread); the next
//!   dispatch finds that and reports where the machine was *before* it, in the instruction that the tick
//!   has interrupted, with the Python stack. No signal and no other thread ever looks at the machine.
//!
//! Steps name code by a number that [`Sink::linked`] introduced. Nothing here is generic over the
//! object model but the walk over the frames.

use crate::Vm;
use crate::instr::Instr;
use crate::object::ObjectModel;
use ceval_bytecode::CodeObject;
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

    /// The machine was here when `ticks` ticks came: the stack from the outermost activation to the running
    /// instruction; empty while no code runs (start-up, the end).
    fn sample(&mut self, stack: &[Step], ticks: u32);

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
    /// 1 when tracing; 0 leaves `at` where it is.
    stride: usize,
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
        Probe {
            current: 0,
            at: 0,
            stride: usize::from(trace),
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
        let Some(mut sink) = self.sink.take() else {
            return;
        };
        let mut steps = Vec::with_capacity(self.at);
        let mut last = Range {
            start: 0,
            end: 0,
            code: 0,
        };
        for &address in &self.batch[..self.at] {
            if address < last.start || address >= last.end {
                let Some(range) = self.range_of(address) else {
                    continue;
                };
                last = range;
            }
            steps.push(Step {
                code: last.code,
                unit: ((address - last.start) / self.unit_size) as u32,
            });
        }
        if !steps.is_empty() {
            sink.steps(&steps);
        }
        self.at = 0;
        self.sink = Some(sink);
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A probed dispatcher is about to execute this unit.
    #[inline(always)]
    pub fn record_dispatch(&mut self, unit: *const u8) {
        let p = &mut self.probe;
        let previous = std::mem::replace(&mut p.current, unit as usize);
        p.batch[p.at & (BATCH - 1)] = unit as usize;
        p.at += p.stride;
        if p.at == BATCH || p.ticks.load(Ordering::Relaxed) != 0 {
            self.attend_probe(previous);
        }
    }

    /// The batch is full, or ticks have come while the unit at `previous` was executing.
    #[cold]
    #[inline(never)]
    fn attend_probe(&mut self, previous: usize) {
        if self.probe.at == BATCH {
            self.probe.flush();
        }
        let ticks = self.probe.ticks.swap(0, Ordering::Relaxed);
        if ticks == 0 {
            return;
        }
        let stack = self.probe.step_at(previous).map(|leaf| self.stack_to(leaf));
        if let Some(sink) = &mut self.probe.sink {
            sink.sample(stack.as_deref().unwrap_or(&[]), ticks);
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
        if let Some(mut sink) = self.probe.sink.take() {
            if ticks != 0 {
                sink.sample(&[], ticks);
            }
            sink.ended();
        }
    }
}

//! The probe: what a profiled machine tells of its dispatches.
//!
//! An ordinary run has no part of it: a strategy has a *probed form*
//! ([`crate::dispatch::Dispatch::PROBED`]) over the same handlers, which calls
//! [`Vm::record_dispatch`] before each unit. From there three things come:
//!
//! - the **trace**: every dispatch, in batches;
//! - **program-counter samples**: somebody calls [`Ticks::look`] at intervals (a clock's thread), which reads the dispatch that is
//!   being executed and leaves the machine alone;
//! - **stack samples**: somebody calls [`Ticks::tick`], which reads the same and leaves word; the machine finds that at its
//!   next dispatch and reports the Python stack. There are no signals.
//!
//! No clock is read between two dispatches. A processor works at many instructions at once, and a fence that makes a reading
//! exact ends just that: shares from stretches timed between fences differed by up to ten points from those of samples
//! where instructions take a few nanoseconds. A reading without fences tells when an instruction was begun, not when it ended.
//!
//! A dispatch costs the probed form the writing of an address and three tests; what the addresses mean is looked up by whoever
//! receives a batch ([`places`]), on another thread if it likes.
//!
//! Steps name code by a number that [`Sink::linked`] introduced. Nothing here is generic over the
//! object model but the walk over the frames.

pub mod places;
pub mod ticks;

use crate::Vm;
use crate::instr::Instr;
use crate::object::{HeapStats, ObjectModel};
use ceval_bytecode::CodeObject;
use places::{Entry, Place, Places};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use ticks::BATCH;
pub use ticks::{Look, Spot, Ticks};

/// One dispatch: a unit of linked code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    /// Number of the code, from [`Sink::linked`].
    pub code: u32,
    /// Index of the unit, which is that of its instruction.
    pub unit: u32,
}

/// The next dispatches, in order.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// The dispatches. (A native function that runs Python code is a step that enters its full part, and its end is told of the
    /// last step that it has run.)
    pub entries: &'a [Entry],
    /// For each dispatch, what the one before it did, if the object model counts that and [`Sink::wants_traffic`].
    pub traffic: &'a [Traffic],
    /// What the addresses mean.
    pub places: &'a Places,
}

/// What a dispatch did to references and to memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// References added.
    pub increments: u64,
    /// References given back.
    pub decrements: u64,
    /// Objects allocated.
    pub allocations: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Receives what the probe tells. Called on the machine's thread.
pub trait Sink {
    /// Code was linked and is called `id` from now on. `offsets[i]` is the bytecode offset of `instructions[i]`.
    fn linked(&mut self, id: u32, code: &Arc<CodeObject>, instructions: &[Instr], offsets: &[u32]);

    /// Where the units of the code that was just [linked](Sink::linked) stand, and how many bytes one has.
    fn placed(&mut self, _place: Place, _unit_size: usize) {}

    /// The next dispatches. Only if [`Options::trace`].
    fn batch(&mut self, batch: Batch<'_>);

    /// The machine was here when `ticks` ticks came: the stack from the outermost activation to the running
    /// instruction; empty while no code runs (start-up, the end).
    fn sample(&mut self, stack: &[Step], ticks: u32);

    /// Whether each dispatch's traffic is to be reported.
    fn wants_traffic(&self) -> bool {
        false
    }

    /// Ticks that came while the probe itself was at work. They belong to no instruction.
    fn own(&mut self, _ticks: u32) {}

    /// The program has ended; nothing follows.
    fn ended(&mut self);
}

/// How a machine is to be probed.
pub struct Options {
    /// Where everything goes.
    pub sink: Box<dyn Sink>,
    /// What is shared with whoever samples.
    pub ticks: Arc<Ticks>,
    /// Report every dispatch.
    pub trace: bool,
}

/// State of the probe in a machine.
pub struct Probe {
    ticks: Arc<Ticks>,
    /// Where the batch is handed over.
    limit: *const AtomicUsize,
    /// The heap's counters at the last dispatch, and what was done since.
    counters: HeapStats,
    traffic: Option<Vec<Traffic>>,
    trace: bool,
    sink: Option<Box<dyn Sink>>,
    places: Places,
    codes: u32,
}

impl Probe {
    /// The probe of a machine with units of this size; without options one that nobody asks.
    pub fn new(options: Option<Options>, unit_size: usize) -> Probe {
        let (sink, ticks, trace) = match options {
            Some(o) => (Some(o.sink), o.ticks, o.trace),
            None => (None, Arc::default(), false),
        };
        let limit = ticks.place(BATCH);
        ticks.rewind();
        Probe {
            ticks,
            limit,
            counters: HeapStats::default(),
            traffic: sink
                .as_ref()
                .filter(|s| s.wants_traffic())
                .map(|_| Vec::new()),
            trace,
            sink,
            places: Places::new(unit_size),
            codes: 0,
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
        self.ticks.set_busy(true);
        self.flush();
        let unit_size = self.places.unit_size();
        let place = Place {
            start: base as usize,
            end: base as usize + instructions.len() * unit_size,
            code: self.codes,
        };
        self.codes += 1;
        self.ticks.set_linked(self.codes);
        self.places.add(place);
        if let Some(sink) = &mut self.sink {
            sink.linked(place.code, code, instructions, offsets);
            sink.placed(place, unit_size);
        }
        self.rest();
    }

    /// The probe has done its work for now.
    fn rest(&mut self) {
        let ticks = self.ticks.set_busy(false);
        if ticks != 0
            && let Some(sink) = &mut self.sink
        {
            sink.own(ticks);
        }
    }

    /// Hands over what the batch holds.
    fn flush(&mut self) {
        let filled = self.ticks.filled();
        if filled != 0
            && self.trace
            && let Some(sink) = &mut self.sink
        {
            sink.batch(Batch {
                entries: self.ticks.entries(filled),
                traffic: self.traffic.as_deref().unwrap_or(&[]),
                places: &self.places,
            });
        }
        if let Some(traffic) = &mut self.traffic {
            traffic.clear();
        }
        self.ticks.carry(filled);
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A probed dispatcher is about to execute this unit.
    #[inline(always)]
    pub fn record_dispatch(&mut self, unit: *const u8) {
        if self.note_dispatch(unit) {
            self.attend_probe();
        }
    }

    /// The first part of [`Vm::record_dispatch`], which calls nothing; if it gives true [`Vm::attend_probe`] is to follow. For
    /// strategies whose functions would save registers for a call that hardly ever comes.
    #[inline(always)]
    pub fn note_dispatch(&mut self, unit: *const u8) -> bool {
        if M::COUNTED {
            self.record_traffic();
        }
        let p = &mut self.probe;
        let next = p.ticks.push(unit);
        // Every full part leaves its registers here, and is followed by a dispatch at them.
        if std::ptr::eq(self.after_full.ip, unit) {
            self.after_full.ip = std::ptr::null();
            p.ticks.mark();
        }
        std::ptr::eq(next, p.limit) || p.ticks.is_due()
    }

    /// What the machine has done since the last dispatch is that one's.
    #[inline(never)]
    fn record_traffic(&mut self) {
        let Some(traffic) = &mut self.probe.traffic else {
            return;
        };
        let now = M::stats(&self.heap);
        let before = std::mem::replace(&mut self.probe.counters, now);
        traffic.push(Traffic {
            increments: now.increments - before.increments,
            decrements: now.decrements - before.decrements,
            allocations: now.allocations - before.allocations,
            bytes: now.bytes - before.bytes,
        });
    }

    /// The batch is full, or ticks have come.
    #[cold]
    #[inline(never)]
    pub fn attend_probe(&mut self) {
        let p = &mut self.probe;
        p.ticks.set_busy(true);
        let (ticks, seen) = p.ticks.take();
        if ticks != 0 {
            let executed = p.places.step_at(p.ticks.before_last());
            let leaf = p.places.step_at(seen).or(executed);
            let stack = executed.zip(leaf);
            let stack = stack.map(|(executed, leaf)| self.stack_to(executed, leaf));
            if let Some(sink) = &mut self.probe.sink {
                sink.sample(stack.as_deref().unwrap_or(&[]), ticks);
            }
        }
        let p = &mut self.probe;
        if p.ticks.filled() == BATCH {
            p.flush();
        }
        p.rest();
    }

    /// The stack of activations that ends in `leaf`. `executed` is the dispatch that has just been executed, `leaf` that or one a
    /// little before it. Either may have entered an activation, which is left out, or left one, which is put back.
    fn stack_to(&self, executed: Step, leaf: Step) -> Vec<Step> {
        let places = &self.probe.places;
        let mut stack: Vec<Step> = (0..self.depth_frames)
            .rev()
            .filter_map(|below| {
                let frame = self.frame_at(below)?;
                // A frame's `ip` stands after the unit that it executes.
                let after = frame.ip as usize;
                places
                    .step_at(after.wrapping_sub(places.unit_size()))
                    .or_else(|| places.step_at(after))
            })
            .collect();
        for step in [executed, leaf] {
            if let Some(at) = stack.iter().rposition(|s| s.code == step.code) {
                stack.truncate(at);
            }
            stack.push(step);
        }
        stack
    }

    /// Hands over what is left when the program has ended.
    pub fn finish_probe(&mut self) {
        self.probe.flush();
        self.probe.ticks.leave();
        let (ticks, _) = self.probe.ticks.take();
        if let Some(mut sink) = self.probe.sink.take() {
            if ticks != 0 {
                sink.sample(&[], ticks);
            }
            sink.ended();
        }
    }
}

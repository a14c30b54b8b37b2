//! The probe: what a profiled machine tells of its dispatches.
//!
//! An ordinary run has no part of it: a strategy has a *probed form*
//! ([`crate::dispatch::Dispatch::PROBED`]) over the same handlers, which calls
//! [`Vm::record_dispatch`] before each unit. From there three things come:
//!
//! - the **trace**: every dispatch, in batches;
//! - **windows**: the time of short stretches of dispatches that are chosen at random ([`window`]), if the sink wants them;
//! - **samples**: somebody calls [`Ticks::tick`] at intervals (a clock's thread), which notes the dispatch that is
//!   being executed; the next one finds that and reports it with the Python stack. There are no signals.
//!
//! A dispatch costs the probed form the writing of an address and three tests; what the addresses mean is looked up by whoever
//! receives a batch ([`places`]), on another thread if it likes.
//!
//! Steps name code by a number that [`Sink::linked`] introduced. Nothing here is generic over the
//! object model but the walk over the frames.

pub mod places;
pub mod ticks;
pub mod window;

use crate::Vm;
use crate::instr::Instr;
use crate::object::{HeapStats, ObjectModel};
use ceval_bytecode::CodeObject;
use places::{Entry, Place, Places};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use ticks::BATCH;
pub use ticks::Ticks;
pub use window::{Clocks, Window};
use window::{Timer, now};

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
    /// Those that were timed, if [`Sink::wants_windows`].
    pub windows: &'a [Window],
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

    /// Whether stretches of dispatches are to be timed.
    fn wants_windows(&self) -> bool {
        false
    }

    /// Whether each dispatch's traffic is to be reported.
    fn wants_traffic(&self) -> bool {
        false
    }

    /// Ticks that came while the probe itself was at work. They belong to no instruction.
    fn own(&mut self, _ticks: u32) {}

    /// The clock's account of the run, before [`Sink::ended`]. Only with windows.
    fn clocks(&mut self, _clocks: Clocks) {}

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
    /// Where the batch is handed over, or a window begins or ends.
    limit: *const AtomicUsize,
    timer: Option<Timer>,
    windows: Vec<Window>,
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
        let wants = sink.as_ref().is_some_and(|s| s.wants_windows());
        let mut probe = Probe {
            ticks,
            limit: std::ptr::null(),
            timer: wants.then(Timer::calibrated),
            windows: Vec::new(),
            counters: HeapStats::default(),
            traffic: sink
                .as_ref()
                .filter(|s| s.wants_traffic())
                .map(|_| Vec::new()),
            trace,
            sink,
            places: Places::new(unit_size),
            codes: 0,
        };
        probe.ticks.rewind();
        probe.set_limit();
        probe
    }

    /// Chooses what comes next: a window, or the end of the batch.
    fn set_limit(&mut self) {
        let filled = self.ticks.filled();
        let room = BATCH - filled;
        let next = match &mut self.timer {
            Some(timer) => timer.gap(room).unwrap_or(room),
            None => room,
        };
        self.limit = self.ticks.place(filled + next);
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
        self.ticks.set_busy(true);
        self.flush();
        let unit_size = self.places.unit_size();
        let place = Place {
            start: base as usize,
            end: base as usize + instructions.len() * unit_size,
            code: self.codes,
        };
        self.codes += 1;
        self.places.add(place);
        if let Some(sink) = &mut self.sink {
            sink.linked(place.code, code, instructions, offsets);
            sink.placed(place, unit_size);
        }
        if let Some(timer) = &mut self.timer {
            timer.begin();
            timer.add_own(since);
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

    /// Hands over what the batch holds. A window that is open is given up.
    fn flush(&mut self) {
        let filled = self.ticks.filled();
        if let Some(timer) = &mut self.timer {
            timer.close();
        }
        if filled != 0
            && self.trace
            && let Some(sink) = &mut self.sink
        {
            sink.batch(Batch {
                entries: self.ticks.entries(filled),
                windows: &self.windows,
                traffic: self.traffic.as_deref().unwrap_or(&[]),
                places: &self.places,
            });
        }
        self.windows.clear();
        if let Some(traffic) = &mut self.traffic {
            traffic.clear();
        }
        self.ticks.carry(filled);
        self.set_limit();
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

    /// The batch is full, a window begins or ends, or ticks have come.
    #[cold]
    #[inline(never)]
    pub fn attend_probe(&mut self) {
        let since = now();
        let p = &mut self.probe;
        p.ticks.set_busy(true);
        let filled = p.ticks.filled();
        let is_limit = std::ptr::eq(p.ticks.place(filled), p.limit);
        let is_open = p.timer.as_ref().is_some_and(Timer::is_open);
        if is_limit
            && let Some(timer) = &mut p.timer
            // The last entry is a dispatch that is still to come.
            && let Some(window) = timer.end(since, filled - 1)
        {
            p.windows.push(window);
        }
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
        let mut begins = false;
        if is_limit {
            if filled == BATCH {
                p.flush();
            } else if is_open || p.timer.is_none() {
                p.set_limit();
            } else {
                begins = true;
            }
        }
        p.rest();
        let Some(timer) = &mut p.timer else {
            return;
        };
        if begins {
            let length = timer.length();
            p.limit = p.ticks.place(filled + length);
            timer.add_own(since);
            timer.start(filled - 1);
        } else {
            timer.exclude(since);
        }
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
        let (ticks, _) = self.probe.ticks.take();
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

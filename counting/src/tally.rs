//! Receivers of the probe: one that counts dispatches, one that hands them on.

use crate::Dispatched;
use ceval_bytecode::CodeObject;
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::{Batch, Options, Sink, Step, Traffic};
use std::sync::{Arc, Mutex, PoisonError};

fn options(sink: Box<dyn Sink>) -> Options {
    Options {
        sink,
        ticks: Arc::default(),
        trace: true,
    }
}

struct Count {
    dispatches: u64,
    place: Arc<Mutex<u64>>,
}

/// A probe that leaves the number of dispatches in `place`.
pub fn counting(place: Arc<Mutex<u64>>) -> Options {
    options(Box::new(Count {
        dispatches: 0,
        place,
    }))
}

impl Sink for Count {
    fn linked(&mut self, _: u32, _: &Arc<CodeObject>, _: &[Instr], _: &[u32]) {}

    fn batch(&mut self, batch: Batch<'_>) {
        self.dispatches += batch.entries.len() as u64;
    }

    fn sample(&mut self, _: &[Step], _: u32) {}

    fn ended(&mut self) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = self.dispatches;
    }
}

struct Trace<R> {
    /// Instructions of each code, by its number.
    codes: Vec<Vec<InstrOp>>,
    last: Option<(Step, InstrOp)>,
    receive: Option<R>,
    place: Arc<Mutex<Option<R>>>,
}

/// A probe that hands every dispatch to `receive`, and `receive` to `place` at the end.
pub fn tracing<R: FnMut(Dispatched) + 'static>(
    receive: R,
    place: Arc<Mutex<Option<R>>>,
) -> Options {
    options(Box::new(Trace {
        codes: Vec::new(),
        last: None,
        receive: Some(receive),
        place,
    }))
}

impl<R: FnMut(Dispatched)> Sink for Trace<R> {
    fn linked(&mut self, id: u32, _: &Arc<CodeObject>, instructions: &[Instr], _: &[u32]) {
        let id = id as usize;
        if self.codes.len() <= id {
            self.codes.resize(id + 1, Vec::new());
        }
        self.codes[id] = instructions.iter().map(|i| i.op).collect();
    }

    fn batch(&mut self, batch: Batch<'_>) {
        let Some(receive) = &mut self.receive else {
            return;
        };
        batch.places.for_each(batch.entries, |step, _| {
            let Some(step) = step else {
                return;
            };
            let code = self.codes.get(step.code as usize);
            let Some(&op) = code.and_then(|ops| ops.get(step.unit as usize)) else {
                return;
            };
            let follows = self.last.is_some_and(|(last, before)| {
                last.code == step.code && last.unit + 1 == step.unit && !before.is_jump()
            });
            self.last = Some((step, op));
            receive(Dispatched {
                op: op as u16,
                follows,
            });
        });
    }

    fn sample(&mut self, _: &[Step], _: u32) {}

    fn ended(&mut self) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = self.receive.take();
    }
}

struct ByOpcode {
    /// Instructions of each code, by its number.
    codes: Vec<Vec<InstrOp>>,
    /// The last dispatch.
    last: Option<InstrOp>,
    found: Vec<Traffic>,
    place: Arc<Mutex<Vec<Traffic>>>,
}

/// A probe that leaves in `place` what each opcode of the instruction table has done, by its number.
pub fn traffic(place: Arc<Mutex<Vec<Traffic>>>) -> Options {
    options(Box::new(ByOpcode {
        codes: Vec::new(),
        last: None,
        found: vec![Traffic::default(); InstrOp::ALL.len()],
        place,
    }))
}

impl Sink for ByOpcode {
    fn linked(&mut self, id: u32, _: &Arc<CodeObject>, instructions: &[Instr], _: &[u32]) {
        debug_assert_eq!(id as usize, self.codes.len());
        self.codes.push(instructions.iter().map(|i| i.op).collect());
    }

    fn batch(&mut self, batch: Batch<'_>) {
        let mut traffic = batch.traffic.iter();
        batch.places.for_each(batch.entries, |step, _| {
            let done = traffic.next().copied().unwrap_or_default();
            if let Some(last) = self.last {
                let sum = &mut self.found[last as usize];
                sum.increments += done.increments;
                sum.decrements += done.decrements;
                sum.allocations += done.allocations;
                sum.bytes += done.bytes;
            }
            self.last = step.and_then(|step| {
                let code = self.codes.get(step.code as usize)?;
                code.get(step.unit as usize).copied()
            });
        });
    }

    fn wants_traffic(&self) -> bool {
        true
    }

    fn sample(&mut self, _: &[Step], _: u32) {}

    fn ended(&mut self) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) =
            std::mem::take(&mut self.found);
    }
}

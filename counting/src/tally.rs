//! Receivers of the probe: one that counts dispatches, one that hands them on.

use crate::Dispatched;
use ceval_bytecode::CodeObject;
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::{Options, Sink, Step};
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

    fn steps(&mut self, steps: &[Step]) {
        self.dispatches += steps.len() as u64;
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

    fn steps(&mut self, steps: &[Step]) {
        let Some(receive) = &mut self.receive else {
            return;
        };
        for &step in steps {
            let code = self.codes.get(step.code as usize);
            let Some(&op) = code.and_then(|ops| ops.get(step.unit as usize)) else {
                continue;
            };
            let follows = self.last.is_some_and(|(last, before)| {
                last.code == step.code && last.unit + 1 == step.unit && !before.is_jump()
            });
            self.last = Some((step, op));
            receive(Dispatched {
                op: op as u16,
                follows,
            });
        }
    }

    fn sample(&mut self, _: &[Step], _: u32) {}

    fn ended(&mut self) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = self.receive.take();
    }
}

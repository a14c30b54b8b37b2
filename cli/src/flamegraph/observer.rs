//! What the probe tells, as stacks.

use ceval_benches::flamegraph::{Frame, Kind, Stacks};
use ceval_bytecode::CodeObject;
use ceval_bytecode::code::{Constant, flags};
use ceval_cells::sampling::{Clock, Rate};
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::{Batch, Sink, Step};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What an observer leaves: the stacks, and the clock's account.
pub type Observed = Arc<Mutex<(Stacks, Rate)>>;

/// Linked code.
struct Code {
    object: Arc<CodeObject>,
    name: String,
    ops: Vec<InstrOp>,
    offsets: Vec<u32>,
}

/// Turns samples into stacks, and stops the clock when the program has ended.
pub struct Observer {
    with_opcodes: bool,
    clock: Option<Clock>,
    codes: Vec<Code>,
    /// Qualified names of code objects inside of linked ones, by address. The linked ones keep them alive.
    names: HashMap<*const CodeObject, String>,
    /// Numbers of frames: of the function at the line of a unit, and of its instruction.
    functions: HashMap<Step, u32>,
    opcodes: HashMap<InstrOp, u32>,
    stacks: Stacks,
    observed: Observed,
}

impl Observer {
    /// An observer of one run. `clock` is the one whose ticks are answered.
    pub fn new(with_opcodes: bool, clock: Clock, observed: Observed) -> Observer {
        Observer {
            with_opcodes,
            clock: Some(clock),
            codes: Vec::new(),
            names: HashMap::new(),
            functions: HashMap::new(),
            opcodes: HashMap::new(),
            stacks: Stacks::default(),
            observed,
        }
    }

    fn function(&mut self, step: Step) -> Option<u32> {
        if let Some(&number) = self.functions.get(&step) {
            return Some(number);
        }
        let code = self.codes.get(step.code as usize)?;
        let offset = *code.offsets.get(step.unit as usize)?;
        let number = self.stacks.number(Frame {
            kind: Kind::Python,
            name: code.name.clone(),
            file: code.object.filename.clone(),
            line: code.object.line_of(offset),
        });
        self.functions.insert(step, number);
        Some(number)
    }

    fn opcode(&mut self, step: Step) -> Option<u32> {
        let code = self.codes.get(step.code as usize)?;
        let op = *code.ops.get(step.unit as usize)?;
        let stacks = &mut self.stacks;
        Some(*self.opcodes.entry(op).or_insert_with(|| {
            let kind = if op.parts().is_empty() {
                Kind::Opcode
            } else {
                Kind::Superinstruction
            };
            stacks.number(Frame::named(kind, op.name()))
        }))
    }
}

impl Sink for Observer {
    fn linked(&mut self, id: u32, code: &Arc<CodeObject>, instructions: &[Instr], offsets: &[u32]) {
        debug_assert_eq!(id as usize, self.codes.len());
        let name = self
            .names
            .get(&Arc::as_ptr(code))
            .unwrap_or(&code.name)
            .clone();
        let is_module = code.name == "<module>";
        let is_function = code.flags & flags::CO_OPTIMIZED != 0;
        for constant in &code.consts {
            let Constant::Code(inner) = constant else {
                continue;
            };
            // As MAKE_FUNCTION names them.
            let qualified = match (is_module, is_function) {
                (true, _) => inner.name.clone(),
                (_, true) => format!("{name}.<locals>.{}", inner.name),
                (_, false) => format!("{name}.{}", inner.name),
            };
            self.names.insert(Arc::as_ptr(inner), qualified);
        }
        self.codes.push(Code {
            object: Arc::clone(code),
            name,
            ops: instructions.iter().map(|i| i.op).collect(),
            offsets: offsets.to_vec(),
        });
    }

    fn batch(&mut self, _: Batch<'_>) {}

    fn sample(&mut self, stack: &[Step], ticks: u32) {
        let mut numbers: Vec<u32> = Vec::with_capacity(stack.len() + 1);
        for &step in stack {
            numbers.extend(self.function(step));
        }
        match stack.last() {
            Some(&leaf) if self.with_opcodes => numbers.extend(self.opcode(leaf)),
            Some(_) => {}
            None => {
                let outside = Frame::named(Kind::Outside, "start-up, compilation, the end");
                numbers.push(self.stacks.number(outside));
            }
        }
        self.stacks.add(&numbers, u64::from(ticks));
    }

    fn ended(&mut self) {
        let rate = self.clock.take().map(Clock::stop).unwrap_or_default();
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        *observed = (std::mem::take(&mut self.stacks), rate);
    }
}

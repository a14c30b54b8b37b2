//! The probe's receiver: turns what the machine tells into the plain data of [`ceval_benches::profile`].

use ceval_benches::profile::{Clocks, Code, Instruction, Observed, Op};
use ceval_bytecode::{CodeObject, repr};
use ceval_cells::sampling::{Clock, Rate};
use ceval_vm_core::instr::table::OperandKind;
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::{self, Sink, Step};
use std::sync::{Arc, Mutex};

/// Characters of a constant that are shown.
const SHOWN: usize = 40;

/// The instruction table as plain data.
pub fn ops() -> Vec<Op> {
    let row = |op: &InstrOp| Op {
        name: op.name().to_owned(),
        parts: op.parts().iter().map(|&part| part as u16).collect(),
        jumps: op.is_jump(),
        cached: has_cache(*op),
    };
    InstrOp::ALL.iter().map(row).collect()
}

/// Whether the instruction has an inline cache.
fn has_cache(op: InstrOp) -> bool {
    op.parts().is_empty() && (op.name().ends_with("_cached") || op == InstrOp::LoadMethod)
}

/// Linked code as plain data.
pub fn code(object: &CodeObject, instructions: &[Instr], offsets: &[u32]) -> Code {
    let mut starts = object.line_starts().peekable();
    let mut line = object.firstlineno;
    let instruction = |(instr, &offset): (&Instr, &u32)| {
        while let Some(&(start, next)) = starts.peek() {
            if start > offset {
                break;
            }
            line = next;
            starts.next();
        }
        Instruction {
            op: instr.op as u16,
            argument: instr.arg,
            meaning: meaning(object, instr),
            offset,
            line,
        }
    };
    Code {
        name: object.name.clone(),
        file: object.filename.clone(),
        first_line: object.firstlineno,
        instructions: instructions.iter().zip(offsets).map(instruction).collect(),
    }
}

/// What an operand stands for.
fn meaning(object: &CodeObject, instr: &Instr) -> String {
    let arg = instr.arg as usize;
    let name = match instr.op.operand() {
        OperandKind::ConstIndex => object.consts.get(arg).map(|constant| {
            let text = repr::repr_constant(constant);
            match text.char_indices().nth(SHOWN) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        }),
        OperandKind::NameIndex => object.names.get(arg).cloned(),
        OperandKind::LocalSlot => object.varnames.get(arg).cloned(),
        OperandKind::DerefSlot => {
            let all = object.cellvars.iter().chain(&object.freevars);
            all.skip(arg).next().cloned()
        }
        OperandKind::Displacement => Some(format!("{:+}", instr.arg as i32)),
        _ => None,
    };
    name.unwrap_or_default()
}

/// What a probed run leaves behind.
pub struct Seen {
    /// Everything that was observed.
    pub observed: Observed,
    /// The sampling clock's account.
    pub rate: Rate,
}

/// Receives everything, and stops the clock at the end.
pub struct Observer {
    observed: Observed,
    clock: Option<Clock>,
    place: Arc<Mutex<Option<Seen>>>,
}

impl Observer {
    /// Leaves what it has seen in `place` when the program has ended.
    pub fn new(clock: Clock, place: Arc<Mutex<Option<Seen>>>) -> Observer {
        Observer {
            observed: Observed::new(ops()),
            clock: Some(clock),
            place,
        }
    }
}

impl Sink for Observer {
    fn linked(
        &mut self,
        _: u32,
        object: &Arc<CodeObject>,
        instructions: &[Instr],
        offsets: &[u32],
    ) {
        self.observed.linked(code(object, instructions, offsets));
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.observed.step(step.code, step.unit, false);
        }
    }

    fn steps_after(&mut self, steps: &[Step], after_full: &[bool]) {
        for (step, &after_full) in steps.iter().zip(after_full) {
            self.observed.step(step.code, step.unit, after_full);
        }
    }

    fn sample(&mut self, stack: &[Step], ticks: u32) {
        let places = stack.iter().map(|step| (step.code, step.unit));
        self.observed.sample(places, ticks);
    }

    fn wants_intervals(&self) -> bool {
        true
    }

    fn interval(&mut self, step: Step, clocks: u64) {
        self.observed.interval(step.code, step.unit, clocks);
    }

    fn own(&mut self, ticks: u32) {
        self.observed.own += u64::from(ticks);
    }

    fn clocks(&mut self, clocks: probe::Clocks) {
        self.observed.clocks = Clocks {
            per_ns: clocks.per_ns,
            whole: clocks.whole,
            own: clocks.own,
            empty: clocks.empty,
        };
    }

    fn ended(&mut self) {
        let rate = self.clock.take().map(Clock::stop).unwrap_or_default();
        let observed = std::mem::take(&mut self.observed);
        if let Ok(mut place) = self.place.lock() {
            *place = Some(Seen { observed, rate });
        }
    }
}

//! The probe's receiver: turns what the machine tells into the plain data of [`ceval_benches::profile`].

use ceval_benches::profile::{Clocks, Code, Instruction, Observed, Op};
use ceval_bytecode::{CodeObject, repr};
use ceval_cells::sampling::{Clock, Rate};
use ceval_vm_core::instr::table::OperandKind;
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::{self, Sink, Step};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// Characters of a constant that are shown.
const SHOWN: usize = 40;

/// The instruction table as plain data.
pub fn ops() -> Vec<Op> {
    let row = |op: &InstrOp| Op {
        name: op.name().to_owned(),
        parts: op.parts().iter().map(|&part| part as u16).collect(),
        jumps: op.is_jump(),
        goes_on: goes_on(*op),
        cached: has_cache(*op),
    };
    InstrOp::ALL.iter().map(row).collect()
}

/// Whether a superinstruction may have parts behind this one. A jump that is not taken goes on; the others leave.
fn goes_on(op: InstrOp) -> bool {
    use InstrOp::{ForIter, JumpIfFalseOrPop, JumpIfTrueOrPop, PopJumpIfFalse, PopJumpIfTrue};
    !op.is_jump()
        || matches!(
            op,
            ForIter | PopJumpIfFalse | PopJumpIfTrue | JumpIfFalseOrPop | JumpIfTrueOrPop
        )
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
            let mut all = object.cellvars.iter().chain(&object.freevars);
            all.nth(arg).cloned()
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

/// What the machine's thread tells the thread that adds it up.
enum Message {
    Linked(Code),
    Steps(Vec<(Step, bool)>),
    Sample(Vec<Step>, u32),
    Interval(Step, u64),
    Own(u32),
    Clocks(Clocks),
}

/// Messages that may wait; then the machine does.
const WAITING: usize = 256;

/// Sends everything to a thread that adds it up, so that the machine's has little to do besides; stops the clock at the end.
pub struct Observer {
    to: Option<SyncSender<Message>>,
    adding: Option<JoinHandle<Observed>>,
    clock: Option<Clock>,
    place: Arc<Mutex<Option<Seen>>>,
}

impl Observer {
    /// Leaves what it has seen in `place` when the program has ended.
    ///
    /// # Errors
    /// Where no thread could be started.
    pub fn new(clock: Clock, place: Arc<Mutex<Option<Seen>>>) -> Result<Observer, String> {
        let (to, from) = sync_channel(WAITING);
        let adding = std::thread::Builder::new()
            .name("profile".into())
            .spawn(move || add_up(&from))
            .map_err(|e| format!("cannot start a thread: {e}"))?;
        Ok(Observer {
            to: Some(to),
            adding: Some(adding),
            clock: Some(clock),
            place,
        })
    }

    fn send(&self, message: Message) {
        if let Some(to) = &self.to {
            // The receiver is gone only if it has panicked, which is seen at the end.
            to.send(message).ok();
        }
    }
}

fn add_up(from: &Receiver<Message>) -> Observed {
    let mut seen = Observed::new(ops());
    while let Ok(message) = from.recv() {
        match message {
            Message::Linked(code) => seen.linked(code),
            Message::Steps(steps) => {
                for (step, after_full) in steps {
                    seen.step(step.code, step.unit, after_full);
                }
            }
            Message::Sample(stack, ticks) => {
                seen.sample(stack.iter().map(|step| (step.code, step.unit)), ticks);
            }
            Message::Interval(step, clocks) => seen.interval(step.code, step.unit, clocks),
            Message::Own(ticks) => seen.own += u64::from(ticks),
            Message::Clocks(clocks) => seen.clocks = clocks,
        }
    }
    seen
}

impl Sink for Observer {
    fn linked(
        &mut self,
        _: u32,
        object: &Arc<CodeObject>,
        instructions: &[Instr],
        offsets: &[u32],
    ) {
        self.send(Message::Linked(code(object, instructions, offsets)));
    }

    fn steps(&mut self, steps: &[Step]) {
        let steps = steps.iter().map(|&step| (step, false)).collect();
        self.send(Message::Steps(steps));
    }

    fn steps_after(&mut self, steps: &[Step], after_full: &[bool]) {
        let steps = steps.iter().copied().zip(after_full.iter().copied());
        self.send(Message::Steps(steps.collect()));
    }

    fn sample(&mut self, stack: &[Step], ticks: u32) {
        self.send(Message::Sample(stack.to_vec(), ticks));
    }

    fn wants_intervals(&self) -> bool {
        true
    }

    fn interval(&mut self, step: Step, clocks: u64) {
        self.send(Message::Interval(step, clocks));
    }

    fn own(&mut self, ticks: u32) {
        self.send(Message::Own(ticks));
    }

    fn clocks(&mut self, clocks: probe::Clocks) {
        self.send(Message::Clocks(Clocks {
            per_ns: clocks.per_ns,
            whole: clocks.whole,
            own: clocks.own,
            empty: clocks.empty,
        }));
    }

    fn ended(&mut self) {
        let rate = self.clock.take().map(Clock::stop).unwrap_or_default();
        self.to = None;
        let Some(Ok(observed)) = self.adding.take().map(JoinHandle::join) else {
            return;
        };
        if let Ok(mut place) = self.place.lock() {
            *place = Some(Seen { observed, rate });
        }
    }
}

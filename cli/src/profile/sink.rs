//! The probe's receiver: turns what the machine tells into the plain data of [`ceval_benches::profile`].

use ceval_benches::profile::{Clocks, Code, Instruction, Observed, Op};
use ceval_bytecode::{CodeObject, repr};
use ceval_cells::sampling::{Clock, Rate};
use ceval_vm_core::instr::table::OperandKind;
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::places::{Entry, Place, Places};
use ceval_vm_core::probe::{self, Batch, Sink, Step, Window};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

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
    /// Where the units of the code that was linked last stand, and the bytes of one.
    Placed(Place, usize),
    Batch(Vec<Entry>, Vec<Window>),
    Sample(Vec<Step>, u32),
    Own(u32),
    Clocks(Clocks),
}

/// Messages that may wait; then the machine does.
const WAITING: usize = 256;

/// Sends everything to a thread that adds it up, so that the machine's has little to do besides; stops the clock at the end.
pub struct Observer {
    to: Option<SyncSender<Message>>,
    /// Memory of batches that have been added up.
    spare: Receiver<Vec<Entry>>,
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
        let (give, spare) = channel();
        let adding = std::thread::Builder::new()
            .name("profile".into())
            .spawn(move || add_up(&from, &give))
            .map_err(|e| format!("cannot start a thread: {e}"))?;
        Ok(Observer {
            to: Some(to),
            spare,
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

/// How long to sleep when no message waits. Whoever waited for a message would have to be woken by the machine.
const PAUSE: Duration = Duration::from_micros(200);

fn add_up(from: &Receiver<Message>, spare: &Sender<Vec<Entry>>) -> Observed {
    let mut seen = Observed::new(ops());
    // Their codes are the numbers of first instructions, so that a step's number is code and unit together.
    let mut places = Places::new(1);
    let mut linked = 0;
    loop {
        let message = match from.try_recv() {
            Ok(message) => message,
            Err(TryRecvError::Empty) => {
                std::thread::sleep(PAUSE);
                continue;
            }
            Err(TryRecvError::Disconnected) => return seen,
        };
        match message {
            Message::Linked(code) => {
                linked = seen.map.total() as u32;
                seen.linked(code);
            }
            Message::Placed(place, unit_size) => {
                if places.unit_size() != unit_size {
                    places = Places::new(unit_size);
                }
                places.add(Place {
                    code: linked,
                    ..place
                });
            }
            Message::Batch(mut entries, windows) => {
                add_batch(&mut seen, &places, &entries, &windows);
                entries.clear();
                // Nobody takes it any more where the program has ended.
                spare.send(entries).ok();
            }
            Message::Sample(stack, ticks) => {
                seen.sample(stack.iter().map(|step| (step.code, step.unit)), ticks);
            }
            Message::Own(ticks) => seen.own += u64::from(ticks),
            Message::Clocks(clocks) => seen.clocks = clocks,
        }
    }
}

fn add_batch(seen: &mut Observed, places: &Places, entries: &[Entry], windows: &[Window]) {
    places.for_each(entries, |step, after_full| {
        if let Some(step) = step {
            seen.step(step.code + step.unit, after_full);
        }
    });
    for window in windows {
        let start = window.start as usize;
        let inside = &entries[start..start + window.length as usize];
        let steps = inside.iter().filter_map(|e| places.step_at(e.address()));
        let steps = steps.map(|step| step.code + step.unit);
        seen.window(steps, window.gap, window.clocks);
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
        self.send(Message::Linked(code(object, instructions, offsets)));
    }

    fn placed(&mut self, place: Place, unit_size: usize) {
        self.send(Message::Placed(place, unit_size));
    }

    fn batch(&mut self, batch: Batch<'_>) {
        let mut entries = self.spare.try_recv().unwrap_or_default();
        entries.extend_from_slice(batch.entries);
        self.send(Message::Batch(entries, batch.windows.to_vec()));
    }

    fn sample(&mut self, stack: &[Step], ticks: u32) {
        self.send(Message::Sample(stack.to_vec(), ticks));
    }

    fn wants_windows(&self) -> bool {
        true
    }

    fn own(&mut self, ticks: u32) {
        self.send(Message::Own(ticks));
    }

    fn clocks(&mut self, clocks: probe::Clocks) {
        self.send(Message::Clocks(Clocks {
            per_ns: clocks.per_ns,
            whole: clocks.whole,
            own: clocks.own,
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

//! The probe's receiver: turns what the machine tells into the plain data of [`ceval_benches::profile`].

use ceval_benches::profile::{Code, Instruction, Observed, Op, PcSamples};
use ceval_bytecode::{CodeObject, repr};
use ceval_cells::sampling::{Looks, Rate, Watch, sleep_exactly};
use ceval_vm_core::instr::table::OperandKind;
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::probe::places::{Entry, Place, Places};
use ceval_vm_core::probe::{Batch, Sink, Spot, Step};
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
    Batch(Vec<Entry>),
    Sample(Vec<Step>, u32),
    Own(u32),
}

/// Messages that may wait; then the machine does.
const WAITING: usize = 256;

/// Sends everything to a thread that adds it up and watches the clock, so that the machine's has little to do besides.
pub struct Observer {
    to: Option<SyncSender<Message>>,
    /// Memory of batches that have been added up.
    spare: Receiver<Vec<Entry>>,
    adding: Option<JoinHandle<Seen>>,
    place: Arc<Mutex<Option<Seen>>>,
}

impl Observer {
    /// Leaves what it has seen in `place` when the program has ended.
    ///
    /// # Errors
    /// Where no thread could be started.
    pub fn new(watch: Watch, place: Arc<Mutex<Option<Seen>>>) -> Result<Observer, String> {
        let (to, from) = sync_channel(WAITING);
        let (give, spare) = channel();
        let adding = std::thread::Builder::new()
            .name("profile".into())
            .spawn(move || Adder::new(watch).until_ended(&from, &give))
            .map_err(|e| format!("cannot start a thread: {e}"))?;
        Ok(Observer {
            to: Some(to),
            spare,
            adding: Some(adding),
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

/// How long to sleep at most when no message waits. Whoever waited for a message would have to be woken by the machine.
const PAUSE: Duration = Duration::from_micros(200);

/// Dispatches that are added up between two looks at the clock: a microsecond or two.
const STRETCH: usize = 512;

/// Adds up what the machine tells, and samples it in between.
struct Adder {
    seen: Observed,
    watch: Watch,
    /// Where units stand now. The code of a place is the number of its first instruction, so that a step's number is
    /// code and unit together.
    places: Places,
    /// All places in the order in which code was linked.
    all: Vec<Place>,
    /// Number of the first instruction of the code that was linked last.
    linked: u32,
}

impl Adder {
    fn new(watch: Watch) -> Adder {
        Adder {
            seen: Observed::new(ops()),
            watch,
            places: Places::new(1),
            all: Vec::new(),
            linked: 0,
        }
    }

    fn until_ended(mut self, from: &Receiver<Message>, spare: &Sender<Vec<Entry>>) -> Seen {
        sleep_exactly();
        loop {
            match from.try_recv() {
                Ok(Message::Batch(mut entries)) => {
                    self.add(&entries);
                    entries.clear();
                    // Nobody takes it any more where the program has ended.
                    spare.send(entries).ok();
                }
                Ok(message) => self.note(message),
                Err(TryRecvError::Empty) => std::thread::sleep(self.watch.poll().min(PAUSE)),
                Err(TryRecvError::Disconnected) => break,
            }
        }
        let (rate, looks) = self.watch.stop();
        let mut observed = self.seen;
        add_looks(&mut observed, &looks, &self.all, self.places.unit_size());
        Seen { observed, rate }
    }

    fn add(&mut self, entries: &[Entry]) {
        for stretch in entries.chunks(STRETCH) {
            self.watch.poll();
            let seen = &mut self.seen;
            self.places.for_each(stretch, |step, after_full| {
                if let Some(step) = step {
                    seen.step(step.code + step.unit, after_full);
                }
            });
        }
    }

    fn note(&mut self, message: Message) {
        self.watch.poll();
        match message {
            Message::Linked(code) => {
                self.linked = self.seen.map.total() as u32;
                self.seen.linked(code);
            }
            Message::Placed(place, unit_size) => {
                if self.places.unit_size() != unit_size {
                    self.places = Places::new(unit_size);
                }
                let place = Place {
                    code: self.linked,
                    ..place
                };
                self.places.add(place);
                self.all.push(place);
            }
            Message::Sample(stack, ticks) => {
                let stack = stack.iter().map(|step| (step.code, step.unit));
                self.seen.sample(stack, ticks);
            }
            Message::Own(ticks) => self.seen.own += u64::from(ticks),
            Message::Batch(entries) => self.add(&entries),
        }
    }
}

/// Adds what the clock's looks have found.
fn add_looks(seen: &mut Observed, looks: &Looks, places: &[Place], unit_size: usize) {
    seen.pc = PcSamples {
        hertz: looks.asked,
        taken: looks.made,
        own: looks.own,
        squares: looks.squares,
        ..std::mem::take(&mut seen.pc)
    };
    for (spot, &times) in &looks.spots {
        seen.at(number(*spot, places, unit_size), times);
    }
}

/// The number of the instruction at a spot. Of the code that stood there one after the other, it is that which came last.
fn number(spot: Spot, places: &[Place], unit_size: usize) -> Option<u32> {
    let linked = &places[..places.len().min(spot.linked as usize)];
    let is_here = |place: &&Place| (place.start..place.end).contains(&spot.address);
    let place = linked.iter().rfind(is_here)?;
    Some(place.code + ((spot.address - place.start) / unit_size) as u32)
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
        self.send(Message::Batch(entries));
    }

    fn sample(&mut self, stack: &[Step], ticks: u32) {
        self.send(Message::Sample(stack.to_vec(), ticks));
    }

    fn own(&mut self, ticks: u32) {
        self.send(Message::Own(ticks));
    }

    fn ended(&mut self) {
        self.to = None;
        let Some(Ok(seen)) = self.adding.take().map(JoinHandle::join) else {
            return;
        };
        if let Ok(mut place) = self.place.lock() {
            *place = Some(seen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_is_in_what_stood_there_last_when_it_was_seen() {
        let place = |start, end, code| Place { start, end, code };
        let places = [
            place(0x1000, 0x1040, 0),
            place(0x2000, 0x2020, 4),
            // Stands where the first one stood.
            place(0x1000, 0x1020, 6),
        ];
        let at = |address, linked| number(Spot { address, linked }, &places, 16);
        assert_eq!((at(0x1010, 2), at(0x1010, 3)), (Some(1), Some(7)));
        assert_eq!((at(0x2010, 1), at(0x2010, 2)), (None, Some(5)));
        assert_eq!((at(0, 3), at(0x1010, 9)), (None, Some(7)));
    }
}

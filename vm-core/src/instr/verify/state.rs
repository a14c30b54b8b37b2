//! What the verifier knows of the stacks before an instruction.

use crate::machine::frame::{BlockKind, MAX_BLOCKS};

/// Why a state does not allow an instruction.
pub type Reason = &'static str;

/// Words that a `finally` holds at most: the exception handled before, the slot of `__exit__`, the
/// exception being handled, and the mark that `__exit__` has silenced it.
const FINAL_WORDS: usize = 8;

/// A place on the operand stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A value of the program.
    Value,
    /// The constant None: a value, and what a `finally` holds that was entered from above.
    None,
    /// A part of the exception handled before; restored when the block of the handler ends.
    Before,
    /// The traceback of the exception that is being handled.
    Traceback,
    /// That exception.
    Exception,
    /// Its class.
    Class,
    /// What `WITH_CLEANUP_START` leaves for `WITH_CLEANUP_FINISH`.
    WithClass,
    /// What a `finally` holds, one place for up to eight words; with an exception a handler's block too.
    Final(Final),
}

impl Slot {
    fn is_value(self) -> bool {
        !matches!(self, Slot::Before | Slot::WithClass | Slot::Final(_))
    }

    /// What both are; `None` if an instruction could not tell which it is.
    fn join(self, other: Slot) -> Option<Slot> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Slot::Final(a), Slot::Final(b)) => a.join(b).map(Slot::Final),
            (Slot::Final(f), Slot::None) | (Slot::None, Slot::Final(f)) => {
                Some(Slot::Final(f.and(Final::NONE)))
            }
            (a, b) if a.is_value() && b.is_value() => Some(Slot::Value),
            _ => None,
        }
    }
}

/// Why blocks are unwound, other than for an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `break`.
    Break,
    /// `continue`, at this instruction.
    Continue(u32),
    /// `return`.
    Return,
}

/// What a `finally` may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Final {
    kinds: u8,
    /// Where `continue` leads, if it may hold one.
    target: u32,
}

impl Final {
    const NONE: u8 = 1;
    const RAISE: u8 = 2;
    const SILENCED: u8 = 4;
    const BREAK: u8 = 8;
    const CONTINUE: u8 = 16;
    const RETURN: u8 = 32;

    fn of(kinds: u8) -> Final {
        Final { kinds, target: 0 }
    }

    fn of_why(why: Why) -> Final {
        match why {
            Why::Break => Final::of(Final::BREAK),
            Why::Return => Final::of(Final::RETURN),
            Why::Continue(target) => Final {
                kinds: Final::CONTINUE,
                target,
            },
        }
    }

    fn has(self, kind: u8) -> bool {
        self.kinds & kind != 0
    }

    fn and(self, kind: u8) -> Final {
        Final {
            kinds: self.kinds | kind,
            ..self
        }
    }

    fn join(self, other: Final) -> Option<Final> {
        let both = self.has(Final::CONTINUE) && other.has(Final::CONTINUE);
        (!both || self.target == other.target).then_some(Final {
            kinds: self.kinds | other.kinds,
            target: self.target.max(other.target),
        })
    }

    /// Whether control goes on behind the `finally`.
    pub fn goes_on(self) -> bool {
        self.has(Final::NONE | Final::SILENCED)
    }

    /// What else it goes on with. An exception leads to handlers that are visited when set up.
    pub fn whys(self) -> impl Iterator<Item = Why> {
        let target = self.target;
        [
            (Final::BREAK, Why::Break),
            (Final::CONTINUE, Why::Continue(target)),
            (Final::RETURN, Why::Return),
        ]
        .into_iter()
        .filter(move |(kind, _)| self.has(*kind))
        .map(|(_, why)| why)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Block {
    kind: BlockKind,
    handler: u32,
    /// Places on the operand stack when it was set up.
    level: usize,
}

/// The stacks before an instruction.
#[derive(Debug, Clone, Default)]
pub struct State {
    stack: Vec<Slot>,
    /// Without the blocks of handlers that belong to a [`Slot::Final`].
    blocks: Vec<Block>,
    /// How many places are [`Slot::Final`].
    finals: usize,
}

impl State {
    /// Words of operand stack at most.
    pub fn words(&self) -> usize {
        self.stack.len() + self.finals * (FINAL_WORDS - 1)
    }

    pub fn push(&mut self, slot: Slot) {
        self.finals += usize::from(matches!(slot, Slot::Final(_)));
        self.stack.push(slot);
    }

    /// Drops the topmost places down to `level`.
    fn truncate(&mut self, level: usize) {
        if self.finals > 0 {
            self.finals -= self.finals_above(level);
        }
        self.stack.truncate(level);
    }

    fn finals_above(&self, level: usize) -> usize {
        let above = self.stack.get(level..).unwrap_or_default();
        above.iter().filter(|s| matches!(s, Slot::Final(_))).count()
    }

    /// Pops values that [`State::need`] has found.
    pub fn pop(&mut self, n: usize) {
        self.stack.truncate(self.stack.len() - n);
    }

    /// The lowest place that may be popped inside the innermost block.
    fn floor(&self) -> usize {
        match self.blocks.last() {
            None => 0,
            Some(b) if b.kind == BlockKind::ExceptHandler => b.level + 3,
            Some(b) => b.level,
        }
    }

    /// Whether the topmost `n` places are values that were pushed in the innermost block.
    pub fn need(&self, n: usize) -> Result<(), Reason> {
        if self.stack.len() < self.floor() + n {
            return Err("stack underflow");
        }
        self.look(n)
    }

    /// Whether the topmost `n` places are values.
    pub fn look(&self, n: usize) -> Result<(), Reason> {
        let start = self.stack.len().checked_sub(n).ok_or("stack underflow")?;
        match self.stack[start..].iter().all(|s| s.is_value()) {
            true => Ok(()),
            false => Err("what a handler holds is used as a value"),
        }
    }

    /// Moves the top below the next `n - 1`.
    pub fn rotate(&mut self, n: usize) {
        let start = self.stack.len() - n;
        self.stack[start..].rotate_right(1);
    }

    /// Pushes the topmost `n` again.
    pub fn duplicate(&mut self, n: usize) {
        self.stack.extend_from_within(self.stack.len() - n..);
    }

    /// The state in which an exception enters the handler of a block set up now; `None` for a loop.
    pub fn handler_state(&self, kind: BlockKind) -> Option<State> {
        let mut s = self.clone();
        match kind {
            BlockKind::Except => {
                s.blocks.push(Block {
                    kind: BlockKind::ExceptHandler,
                    handler: 0,
                    level: s.stack.len(),
                });
                s.stack.extend([Slot::Before; 3]);
                s.stack
                    .extend([Slot::Traceback, Slot::Exception, Slot::Class]);
            }
            BlockKind::Finally => s.push(Slot::Final(Final::of(Final::RAISE))),
            BlockKind::Loop | BlockKind::ExceptHandler => return None,
        }
        Some(s)
    }

    pub fn push_block(&mut self, kind: BlockKind, handler: u32) -> Result<(), Reason> {
        if self.blocks.len() + self.finals + 1 >= 2 * MAX_BLOCKS {
            return Err("too many nested blocks");
        }
        self.blocks.push(Block {
            kind,
            handler,
            level: self.stack.len(),
        });
        Ok(())
    }

    /// Takes the innermost block off; its handler must not be one that a `finally` holds.
    fn take_block(&mut self, is_handler: bool) -> Result<Block, Reason> {
        let block = self.blocks.pop().ok_or("no block to pop")?;
        if self.finals > 0 && self.finals_above(block.level) > 0 {
            return Err("a block ends inside a finally");
        }
        match (block.kind == BlockKind::ExceptHandler) == is_handler {
            true => Ok(block),
            false => Err("a block of another kind ends"),
        }
    }

    /// `POP_BLOCK`.
    pub fn pop_block(&mut self) -> Result<(), Reason> {
        let block = self.take_block(false)?;
        self.truncate(block.level);
        Ok(())
    }

    /// `POP_EXCEPT`. What stood above the handler's values was popped before: see [`State::floor`].
    pub fn pop_except(&mut self) -> Result<(), Reason> {
        let block = self.take_block(true)?;
        self.truncate(block.level);
        Ok(())
    }

    /// Takes off what a `finally` holds; it must stand on top.
    pub fn end_finally(&mut self) -> Result<Final, Reason> {
        let len = self.stack.len();
        let held = match self.stack.last() {
            Some(Slot::Final(f)) => *f,
            Some(Slot::None) => Final::of(Final::NONE),
            // The end of `except` clauses, none of which took the exception.
            Some(Slot::Class) => {
                self.need(3)?;
                let raised = [Slot::Traceback, Slot::Exception, Slot::Class];
                if self.stack[len - 3..] != raised {
                    return Err("half an exception is raised again");
                }
                return Ok(Final::of(Final::RAISE));
            }
            _ => return Err("a finally ends that was not entered"),
        };
        if self.floor() >= len {
            return Err("stack underflow");
        }
        self.truncate(len - 1);
        Ok(held)
    }

    /// `WITH_CLEANUP_START`: takes `__exit__` out from below what the `finally` holds.
    pub fn cleanup_start(&mut self) -> Result<(), Reason> {
        let len = self.stack.len();
        let [.., exit, Slot::Final(_) | Slot::None] = &self.stack[..] else {
            return Err("no finally to clean up in");
        };
        if !exit.is_value() || self.floor() + 2 > len {
            return Err("no context manager to leave");
        }
        self.stack.remove(len - 2);
        self.push(Slot::WithClass);
        self.push(Slot::Value);
        Ok(())
    }

    /// `WITH_CLEANUP_FINISH`.
    pub fn cleanup_finish(&mut self) -> Result<(), Reason> {
        let len = self.stack.len();
        let [.., held, Slot::WithClass, result] = &mut self.stack[..] else {
            return Err("no context manager was left");
        };
        if let Slot::Final(f) = held {
            if f.has(Final::RAISE) {
                *f = f.and(Final::SILENCED);
            }
        } else if *held != Slot::None {
            return Err("no finally to clean up in");
        }
        if !result.is_value() || self.floor() + 2 > len {
            return Err("stack underflow");
        }
        self.pop(2);
        Ok(())
    }

    /// Where `break`, `continue` or `return` leads from here, and in which state; `None` out of the code.
    pub fn unwound(mut self, why: Why) -> Result<Option<(u32, State)>, Reason> {
        while let Some(&block) = self.blocks.last() {
            if let (BlockKind::Loop, Why::Continue(target)) = (block.kind, why) {
                if self.finals_above(block.level) > 0 {
                    return Err("a loop goes on inside a finally");
                }
                return Ok(Some((target, self)));
            }
            self.blocks.pop();
            self.truncate(block.level);
            match block.kind {
                BlockKind::Loop if why == Why::Break => {
                    return Ok(Some((block.handler, self)));
                }
                BlockKind::Finally => {
                    self.push(Slot::Final(Final::of_why(why)));
                    return Ok(Some((block.handler, self)));
                }
                _ => {}
            }
        }
        match why {
            Why::Return => Ok(None),
            Why::Break | Why::Continue(_) => Err("no block to leave"),
        }
    }

    /// Adds what another path knows of the same place: whether that changed something; `None` if
    /// the two have not the same form.
    pub fn join(&mut self, other: &State) -> Option<bool> {
        if self.stack.len() != other.stack.len() || self.blocks != other.blocks {
            return None;
        }
        if self.stack == other.stack {
            return Some(false);
        }
        let pairs = self.stack.iter().zip(&other.stack);
        let joined: Option<Vec<Slot>> = pairs.map(|(a, b)| a.join(*b)).collect();
        let joined = joined?;
        let changed = joined != self.stack;
        self.finals = 0;
        self.stack.clear();
        for slot in joined {
            self.push(slot);
        }
        Some(changed)
    }
}

//! The verifier: code that passes can be run with unchecked operands and stacks.
//!
//! Follows every path from the entry, through jumps and handlers, with what stands on the operand stack and on the block
//! stack (`state.rs`); checks each operand against its table. Code from the compiler passes; hand-made
//! code objects and damaged files may not. The same walk gives the deepest stack, which what a `finally` holds
//! can push above `co_stacksize`.
//!
//! An instruction inside a block never pops what stood on the stack when the block was set up, so a
//! handler needs to be visited only once for its block: with the stack of that time.

mod state;

use super::decode::{BadBytecode, DEAD, Decoded};
use super::table::OperandKind;
use super::{Instr, InstrOp};
use crate::machine::frame::BlockKind;
use ceval_bytecode::verify::verify_parameters;
use ceval_bytecode::{CodeObject, Constant, flags};
use state::{Reason, Slot, State, Why};

/// The most values that one frame's operand stack may hold.
const MAX_DEPTH: usize = 1 << 20;

/// The most states in which one instruction may be reached. Joins leave two where a `finally` is
/// entered both inside and outside an `except` clause, as the one that deletes the clause's name is.
const MAX_STATES: usize = 8;

/// Checks decoded code and returns the deepest operand stack it can reach, in words. Instructions that
/// are never reached may be anything, as the compiler's are; they are replaced by one that does no harm.
pub fn verify(code: &CodeObject, decoded: &mut Decoded) -> Result<u32, BadBytecode> {
    verify_parameters(code).map_err(|reason| BadBytecode {
        offset: 0,
        reason: reason.into(),
    })?;
    let count = decoded.instructions.len();
    let mut walk = Walk {
        seen: vec![Vec::new(); count],
        reached: vec![false; count],
        work: Vec::new(),
        deepest: 0,
        code,
        decoded,
    };
    walk.visit(0, 0, State::default())?;
    while let Some((at, which)) = walk.work.pop() {
        let state = walk.seen[at][which].clone();
        walk.run(at, state)?;
    }
    let (deepest, reached) = (walk.deepest, walk.reached);
    for (instruction, _) in decoded
        .instructions
        .iter_mut()
        .zip(reached)
        .filter(|(_, reached)| !reached)
    {
        *instruction = DEAD;
    }
    Ok(deepest.max(code.stacksize.min(MAX_DEPTH as u32)))
}

fn check_operand(code: &CodeObject, i: Instr) -> Result<(), String> {
    let arg = i.arg as usize;
    let bad = |what: &str| Err(format!("{} {what}", i.op.name()));
    let limit = match i.op.operand() {
        OperandKind::ConstIndex => code.consts.len(),
        OperandKind::NameIndex => code.names.len(),
        OperandKind::LocalSlot => code.nlocals as usize,
        OperandKind::DerefSlot => code.cellvars.len() + code.freevars.len(),
        OperandKind::CallShape => 1 << 16,
        OperandKind::FunctionShape => 1 << 31,
        OperandKind::UnpackCount if arg >> 8 == 0 => return bad("names no function"),
        OperandKind::Depth if arg == 0 => return Err("container depth is zero".into()),
        _ => match i.op {
            InstrOp::BuildSlice if !matches!(arg, 2 | 3) => return bad("of neither two nor three"),
            InstrOp::RaiseVarargs => 3,
            InstrOp::YieldValue | InstrOp::YieldFrom if !can_be_suspended(code) => {
                return bad("outside a generator");
            }
            _ => return Ok(()),
        },
    };
    if arg < limit {
        Ok(())
    } else {
        Err(format!(
            "operand {} of {} is out of range",
            i.arg,
            i.op.name()
        ))
    }
}

fn can_be_suspended(code: &CodeObject) -> bool {
    code.flags & (flags::CO_GENERATOR | flags::CO_COROUTINE | flags::CO_ASYNC_GENERATOR) != 0
}

/// How many of the topmost values an instruction takes off, and how many it looks at.
fn reach(i: Instr, pops: usize) -> (usize, usize) {
    let arg = i.arg as usize;
    match i.op {
        InstrOp::ListAppend | InstrOp::SetAdd | InstrOp::MapAdd => (pops, pops + arg),
        InstrOp::BuildMapUnpackWithCall => (pops, pops + (arg >> 8)),
        // The iterator of an `async for` stands below the block around this.
        InstrOp::GetAnext | InstrOp::DupTop | InstrOp::DupTopTwo | InstrOp::ImportFrom => (0, pops),
        _ => (pops, pops),
    }
}

struct Walk<'a> {
    /// The states in which each jump target is reached.
    seen: Vec<Vec<State>>,
    reached: Vec<bool>,
    /// Jump targets to go on from, with the number of the state.
    work: Vec<(usize, usize)>,
    deepest: u32,
    code: &'a CodeObject,
    decoded: &'a Decoded,
}

impl Walk<'_> {
    fn bad(&self, at: usize, reason: impl Into<String>) -> BadBytecode {
        BadBytecode {
            offset: self.decoded.offsets[at.min(self.decoded.offsets.len() - 1)],
            reason: reason.into(),
        }
    }

    /// Arrives at a jump target from `from`. Paths that meet in states of one form are followed as one.
    fn visit(&mut self, from: usize, to: usize, state: State) -> Result<(), BadBytecode> {
        if to >= self.seen.len() {
            return Err(self.bad(from, "control runs off the end"));
        }
        self.note(from, &state)?;
        for (which, seen) in self.seen[to].iter_mut().enumerate() {
            if let Some(changed) = seen.join(&state) {
                if changed {
                    self.work.push((to, which));
                }
                return Ok(());
            }
        }
        let which = self.seen[to].len();
        if which == MAX_STATES {
            return Err(self.bad(to, "reached with too many different stacks"));
        }
        self.seen[to].push(state);
        self.work.push((to, which));
        Ok(())
    }

    fn note(&mut self, at: usize, state: &State) -> Result<(), BadBytecode> {
        let words = state.words();
        if words > MAX_DEPTH {
            return Err(self.bad(at, "stack too deep"));
        }
        self.deepest = self.deepest.max(words as u32);
        Ok(())
    }

    /// Follows straight-line code to its end or to the next jump target.
    fn run(&mut self, mut at: usize, mut state: State) -> Result<(), BadBytecode> {
        loop {
            let goes_on = self.step(at, &mut state)?;
            if !goes_on {
                return Ok(());
            }
            at += 1;
            if self.decoded.is_target.get(at) != Some(&false) {
                return self.visit(at - 1, at, state);
            }
            self.note(at, &state)?;
        }
    }

    /// One instruction. False if control does not go on to the next one.
    fn step(&mut self, at: usize, s: &mut State) -> Result<bool, BadBytecode> {
        let i = self.decoded.instructions[at];
        if !std::mem::replace(&mut self.reached[at], true) {
            if let Ok(n) = self.decoded.bad.binary_search_by_key(&at, |(n, _)| *n) {
                return Err(self.decoded.bad[n].1.clone());
            }
            check_operand(self.code, i).map_err(|reason| self.bad(at, reason))?;
        }
        let target = (at as i64 + 1 + i64::from(i.arg as i32)) as usize;
        let (pops, pushes) = i.op.stack_effect(i.arg);
        let pops = pops as usize;
        let checked: Result<(), Reason> = match i.op {
            // These look below the values, at what a `finally` or `with` holds.
            InstrOp::EndFinally
            | InstrOp::WithCleanupStart
            | InstrOp::WithCleanupFinish
            | InstrOp::PopExcept => Ok(()),
            _ => {
                let (taken, seen) = reach(i, pops);
                s.need(taken).and_then(|()| s.look(seen))
            }
        };
        checked.map_err(|reason| self.bad(at, reason))?;
        match i.op {
            InstrOp::RotTwo => s.rotate(2),
            InstrOp::RotThree => s.rotate(3),
            InstrOp::DupTop => s.duplicate(1),
            InstrOp::DupTopTwo => s.duplicate(2),
            InstrOp::GetAnext | InstrOp::ImportFrom => s.push(Slot::Value),
            InstrOp::LoadConst => {
                let is_none = self.code.consts[i.arg as usize] == Constant::None;
                s.push(if is_none { Slot::None } else { Slot::Value });
            }
            InstrOp::JumpForward | InstrOp::JumpAbsolute => {
                self.visit(at, target, s.clone())?;
                return Ok(false);
            }
            InstrOp::PopJumpIfFalse | InstrOp::PopJumpIfTrue => {
                s.pop(1);
                self.visit(at, target, s.clone())?;
            }
            InstrOp::JumpIfFalseOrPop | InstrOp::JumpIfTrueOrPop => {
                self.visit(at, target, s.clone())?;
                s.pop(1);
            }
            InstrOp::ForIter => {
                let mut exhausted = s.clone();
                exhausted.pop(1);
                self.visit(at, target, exhausted)?;
                s.push(Slot::Value);
            }
            InstrOp::BreakLoop => return self.unwind(at, s.clone(), Why::Break),
            InstrOp::ContinueLoop => {
                return self.unwind(at, s.clone(), Why::Continue(target as u32));
            }
            InstrOp::ReturnValue => {
                s.pop(1);
                return self.unwind(at, s.clone(), Why::Return);
            }
            InstrOp::RaiseVarargs => return Ok(false),
            InstrOp::SetupLoop => self.set_up(at, s, BlockKind::Loop, target)?,
            InstrOp::SetupExcept => self.set_up(at, s, BlockKind::Except, target)?,
            InstrOp::SetupFinally => self.set_up(at, s, BlockKind::Finally, target)?,
            InstrOp::SetupWith => {
                // The manager is replaced by `__exit__`; what `__enter__` gave stands above the block.
                s.pop(1);
                s.push(Slot::Value);
                self.set_up(at, s, BlockKind::Finally, target)?;
                s.push(Slot::Value);
            }
            InstrOp::SetupAsyncWith => {
                s.pop(1);
                self.set_up(at, s, BlockKind::Finally, target)?;
                s.push(Slot::Value);
            }
            InstrOp::PopBlock => s.pop_block().map_err(|e| self.bad(at, e))?,
            InstrOp::PopExcept => s.pop_except().map_err(|e| self.bad(at, e))?,
            InstrOp::WithCleanupStart => s.cleanup_start().map_err(|e| self.bad(at, e))?,
            InstrOp::WithCleanupFinish => s.cleanup_finish().map_err(|e| self.bad(at, e))?,
            InstrOp::EndFinally => {
                let end = s.end_finally().map_err(|e| self.bad(at, e))?;
                for why in end.whys() {
                    self.unwind(at, s.clone(), why)?;
                }
                return Ok(end.goes_on());
            }
            _ => {
                s.pop(pops);
                if s.words() + pushes as usize > MAX_DEPTH {
                    return Err(self.bad(at, "stack too deep"));
                }
                for _ in 0..pushes {
                    s.push(Slot::Value);
                }
            }
        }
        Ok(true)
    }

    /// Pushes a block and visits its handler.
    fn set_up(
        &mut self,
        at: usize,
        s: &mut State,
        kind: BlockKind,
        handler: usize,
    ) -> Result<(), BadBytecode> {
        if let Some(entered) = s.handler_state(kind) {
            self.visit(at, handler, entered)?;
        }
        s.push_block(kind, handler as u32)
            .map_err(|e| self.bad(at, e))
    }

    /// `break`, `continue` or `return`: on to the innermost `finally` or to the goal. Gives false.
    fn unwind(&mut self, at: usize, s: State, why: Why) -> Result<bool, BadBytecode> {
        if let Some((to, state)) = s.unwound(why).map_err(|e| self.bad(at, e))? {
            self.visit(at, to as usize, state)?;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests;

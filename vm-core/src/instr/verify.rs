//! The verifier: code that passes can be run with unchecked operands and stacks.
//!
//! Walks every path from the entry, following jumps and handlers, with the depth of
//! the operand stack and of the block stack; checks each operand against its table. Code from the
//! compiler passes; hand-made code objects and damaged files may not. The same walk gives the
//! deepest stack, which method pairing can push above `co_stacksize`.

use super::decode::{BadBytecode, Decoded};
use super::table::OperandKind;
use super::{Instr, InstrOp};
use ceval_bytecode::CodeObject;

/// The most values that one frame's operand stack may hold.
const MAX_DEPTH: u32 = 1 << 20;

/// What entering a handler pushes: the exception handled before and the new one.
const HANDLER_VALUES: u32 = 6;

/// Checks decoded code and returns the deepest operand stack it can reach, in words.
pub fn verify(code: &CodeObject, decoded: &Decoded) -> Result<u32, BadBytecode> {
    let instructions = &decoded.instructions;
    for (i, instr) in instructions.iter().enumerate() {
        check_operand(code, *instr).map_err(|reason| BadBytecode {
            offset: decoded.offsets[i],
            reason,
        })?;
    }
    let mut walk = Walk {
        seen: vec![None; instructions.len()],
        work: Vec::new(),
        deepest: 0,
        decoded,
    };
    walk.visit(0, 0, 0, 0)?;
    while let Some(i) = walk.work.pop() {
        walk.step(i)?;
    }
    Ok(walk.deepest.max(code.stacksize))
}

fn check_operand(code: &CodeObject, i: Instr) -> Result<(), String> {
    let limit = match i.op.operand() {
        OperandKind::ConstIndex => code.consts.len(),
        OperandKind::NameIndex => code.names.len(),
        OperandKind::LocalSlot => code.nlocals as usize,
        OperandKind::DerefSlot => code.cellvars.len() + code.freevars.len(),
        OperandKind::Depth if i.arg == 0 => return Err("container depth is zero".into()),
        _ => return Ok(()),
    };
    if (i.arg as usize) < limit {
        Ok(())
    } else {
        Err(format!(
            "operand {} of {} is out of range",
            i.arg,
            i.op.name()
        ))
    }
}

struct Walk<'a> {
    /// Operand depth and block depth on arrival.
    seen: Vec<Option<(u32, u32)>>,
    work: Vec<usize>,
    deepest: u32,
    decoded: &'a Decoded,
}

impl Walk<'_> {
    fn bad(&self, at: usize, reason: &str) -> BadBytecode {
        BadBytecode {
            offset: self.decoded.offsets[at.min(self.decoded.offsets.len() - 1)],
            reason: reason.into(),
        }
    }

    /// Arrives at `to` from `from` with these depths. Paths that meet may differ where an exception
    /// handler's block or a `finally`'s marker is on the stack; the shallower depth is what
    /// later instructions can rely on.
    fn visit(
        &mut self,
        from: usize,
        to: usize,
        depth: u32,
        blocks: u32,
    ) -> Result<(), BadBytecode> {
        if to >= self.seen.len() {
            return Err(self.bad(from, "control runs off the end"));
        }
        if depth > MAX_DEPTH {
            return Err(self.bad(from, "stack too deep"));
        }
        self.deepest = self.deepest.max(depth);
        match self.seen[to] {
            Some((d, b)) if d <= depth && b <= blocks => Ok(()),
            Some((d, b)) => {
                self.seen[to] = Some((d.min(depth), b.min(blocks)));
                self.work.push(to);
                Ok(())
            }
            None => {
                self.seen[to] = Some((depth, blocks));
                self.work.push(to);
                Ok(())
            }
        }
    }

    fn step(&mut self, at: usize) -> Result<(), BadBytecode> {
        let i = self.decoded.instructions[at];
        let (depth, blocks) = self.seen[at].expect("visited before it is stepped");
        let (pops, pushes) = i.op.stack_effect(i.arg);
        // What stands under a `finally` depends on how it was reached; the runtime checks it.
        let lenient = matches!(
            i.op,
            InstrOp::EndFinally
                | InstrOp::WithCleanupStart
                | InstrOp::WithCleanupFinish
                | InstrOp::PopExcept
        );
        if depth < pops && !lenient {
            return Err(self.bad(at, "stack underflow"));
        }
        let after = depth.saturating_sub(pops) + pushes;
        let target = (at as i64 + 1 + i64::from(i.arg as i32)) as usize;
        match i.op {
            InstrOp::JumpForward | InstrOp::JumpAbsolute => self.visit(at, target, depth, blocks),
            InstrOp::ContinueLoop | InstrOp::BreakLoop => {
                if blocks == 0 {
                    return Err(self.bad(at, "no block to leave"));
                }
                Ok(())
            }
            InstrOp::ReturnValue | InstrOp::RaiseVarargs => Ok(()),
            InstrOp::PopJumpIfFalse | InstrOp::PopJumpIfTrue => {
                self.visit(at, target, depth - 1, blocks)?;
                self.visit(at, at + 1, depth - 1, blocks)
            }
            InstrOp::JumpIfFalseOrPop | InstrOp::JumpIfTrueOrPop => {
                self.visit(at, target, depth, blocks)?;
                self.visit(at, at + 1, depth - 1, blocks)
            }
            InstrOp::ForIter => {
                self.visit(at, target, depth - 1, blocks)?;
                self.visit(at, at + 1, depth + 1, blocks)
            }
            InstrOp::SetupLoop => {
                self.visit(at, target, depth, blocks)?;
                self.visit(at, at + 1, depth, blocks + 1)
            }
            InstrOp::SetupExcept | InstrOp::SetupFinally => {
                self.visit(at, target, depth + HANDLER_VALUES, blocks + 1)?;
                self.visit(at, at + 1, depth, blocks + 1)
            }
            InstrOp::SetupWith => {
                // The manager is replaced by `__exit__`, above which the handler's values come.
                self.visit(at, target, depth + HANDLER_VALUES, blocks + 1)?;
                self.visit(at, at + 1, depth + 1, blocks + 1)
            }
            InstrOp::SetupAsyncWith => {
                self.visit(at, target, depth - 1 + HANDLER_VALUES, blocks + 1)?;
                self.visit(at, at + 1, depth, blocks + 1)
            }
            InstrOp::PopBlock | InstrOp::PopExcept => {
                if blocks == 0 {
                    return Err(self.bad(at, "no block to pop"));
                }
                self.visit(at, at + 1, after, blocks - 1)
            }
            InstrOp::EndFinally => self.visit(at, at + 1, depth.saturating_sub(1), blocks),
            _ => self.visit(at, at + 1, after, blocks),
        }
    }
}

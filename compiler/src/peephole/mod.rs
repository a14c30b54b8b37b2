//! The peephole optimiser, on finished bytecode.
//!
//! Constant folding, tuples of constants, jumps to jumps, `not` before a jump, unreachable
//! code after a return. Everything is done in place with `NOP`s as filler, which vanish at the
//! end. Code that is long, has wide gaps in its line table or an `EXTENDED_ARG` (but before
//! `MAKE_FUNCTION`) is left alone; constants that were folded until then stay.
//! Source: CPython 3.5.1 `Python/peephole.c`.

mod complex;
mod fold;
mod format;
mod number;

use ceval_bytecode::opcode::HAVE_ARGUMENT;
use ceval_bytecode::{Constant, Opcode};

use crate::constant::is_true;

/// Longer code is not optimised, so that all jump targets fit in 16 bits.
const MAX_CODE: usize = 32700;

const NOP: u8 = Opcode::Nop as u8;
const RETURN_VALUE: u8 = Opcode::ReturnValue as u8;

/// Optimises a code object's bytecode; `consts` may grow.
pub(crate) fn optimize(code: &mut Vec<u8>, lnotab: &mut [u8], consts: &mut Vec<Constant>) {
    if lnotab.contains(&255) || code.len() > MAX_CODE || code.last() != Some(&RETURN_VALUE) {
        return;
    }
    let mut pass = Pass {
        blocks: mark_blocks(code),
        code: code.clone(),
        consts,
        const_stack: Vec::new(),
        in_consts: false,
    };
    if pass.run() == Outcome::GaveUp {
        return;
    }
    let Pass { code: changed, .. } = pass;
    if changed != *code {
        compact(changed, code, lnotab);
    }
}

#[derive(PartialEq)]
enum Outcome {
    Finished,
    GaveUp,
}

struct Pass<'a> {
    code: Vec<u8>,
    /// The number of the basic block that each byte is in.
    blocks: Vec<u32>,
    consts: &'a mut Vec<Constant>,
    /// Offsets and constants of the `LOAD_CONST`s right before the current instruction.
    const_stack: Vec<(usize, usize)>,
    /// Whether the last instruction added to the constant stack.
    in_consts: bool,
}

/// The operand of the instruction at `i`; 0 behind the end.
fn get_arg(code: &[u8], i: usize) -> usize {
    match code.get(i + 1..i + 3) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    }
}

fn code_size(byte: u8) -> usize {
    if byte >= HAVE_ARGUMENT { 3 } else { 1 }
}

fn is_unconditional(opcode: Option<Opcode>) -> bool {
    matches!(opcode, Some(Opcode::JumpAbsolute | Opcode::JumpForward))
}

fn is_conditional(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::PopJumpIfFalse
            | Opcode::PopJumpIfTrue
            | Opcode::JumpIfFalseOrPop
            | Opcode::JumpIfTrueOrPop
    )
}

fn jumps_on_true(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::PopJumpIfTrue | Opcode::JumpIfTrueOrPop)
}

/// Where the jump at `i` leads.
fn jump_target(code: &[u8], i: usize, opcode: Opcode) -> usize {
    let arg = get_arg(code, i);
    match opcode.operand() {
        ceval_bytecode::Operand::JumpAbsolute => arg,
        _ => arg + i + 3,
    }
}

/// Numbers the basic blocks; every jump target starts one.
fn mark_blocks(code: &[u8]) -> Vec<u32> {
    let mut blocks = vec![0; code.len()];
    let mut i = 0;
    while i < code.len() {
        if let Some(opcode) = Opcode::from_u8(code[i]).filter(|opcode| opcode.is_jump())
            && let Some(start) = blocks.get_mut(jump_target(code, i, opcode))
        {
            *start = 1;
        }
        i += code_size(code[i]);
    }
    let mut count = 0;
    for block in &mut blocks {
        count += *block;
        *block = count;
    }
    blocks
}

impl Pass<'_> {
    fn byte(&self, i: usize) -> u8 {
        self.code.get(i).copied().unwrap_or(NOP)
    }

    fn opcode(&self, i: usize) -> Option<Opcode> {
        Opcode::from_u8(self.byte(i))
    }

    fn arg(&self, i: usize) -> usize {
        get_arg(&self.code, i)
    }

    fn put(&mut self, i: usize, opcode: Opcode, arg: usize) {
        let [low, high] = (arg as u16).to_le_bytes();
        self.code[i..i + 3].copy_from_slice(&[opcode as u8, low, high]);
    }

    fn fill(&mut self, from: usize, to: usize) {
        self.code[from..to].fill(NOP);
    }

    /// Whether `bytes` bytes from `start` on are all in one basic block.
    fn is_one_block(&self, start: usize, bytes: usize) -> bool {
        self.blocks.get(start + bytes - 1) == self.blocks.get(start)
    }

    fn push_const(&mut self, i: usize) {
        self.const_stack.push((i, self.arg(i)));
        self.in_consts = true;
    }

    fn run(&mut self) -> Outcome {
        let mut i = 0;
        while i < self.code.len() {
            match self.instruction(i) {
                Some(next) => i = next,
                None => return Outcome::GaveUp,
            }
        }
        Outcome::Finished
    }

    /// Optimises the instruction at `i` and gives the offset to go on from (the same one if
    /// the new instruction is to be looked at again), or `None` to give up.
    fn instruction(&mut self, i: usize) -> Option<usize> {
        if !self.in_consts {
            self.const_stack.clear();
        }
        self.in_consts = false;
        let byte = self.code[i];
        let next = i + code_size(byte);
        let Some(opcode) = Opcode::from_u8(byte) else {
            return Some(next);
        };
        match opcode {
            Opcode::UnaryNot
                if self.opcode(i + 1) == Some(Opcode::PopJumpIfFalse)
                    && self.is_one_block(i, 4) =>
            {
                let target = self.arg(i + 1);
                self.put(i, Opcode::PopJumpIfTrue, target);
                self.code[i + 3] = NOP;
                return Some(i);
            }
            Opcode::CompareOp => {
                // `in`, `not in`, `is`, `is not` come in pairs that differ in the lowest bit.
                let operator = self.arg(i);
                if (6..=9).contains(&operator)
                    && self.opcode(i + 3) == Some(Opcode::UnaryNot)
                    && self.is_one_block(i, 4)
                {
                    self.put(i, Opcode::CompareOp, operator ^ 1);
                    self.code[i + 3] = NOP;
                }
            }
            Opcode::LoadConst => {
                self.push_const(i);
                if self.opcode(i + 3) == Some(Opcode::PopJumpIfFalse)
                    && self.is_one_block(i, 6)
                    && self.consts.get(self.arg(i)).is_some_and(is_true)
                {
                    self.fill(i, i + 6);
                    self.const_stack.clear();
                    return Some(i + 1);
                }
            }
            Opcode::BuildTuple | Opcode::BuildList | Opcode::BuildSet => {
                self.build_sequence(i, opcode);
                return Some(i + code_size(self.code[i]));
            }
            Opcode::BinaryPower
            | Opcode::BinaryMultiply
            | Opcode::BinaryTrueDivide
            | Opcode::BinaryFloorDivide
            | Opcode::BinaryModulo
            | Opcode::BinaryAdd
            | Opcode::BinarySubtract
            | Opcode::BinarySubscr
            | Opcode::BinaryLshift
            | Opcode::BinaryRshift
            | Opcode::BinaryAnd
            | Opcode::BinaryXor
            | Opcode::BinaryOr => self.fold_binary(i, opcode),
            Opcode::UnaryNegative | Opcode::UnaryInvert | Opcode::UnaryPositive => {
                self.fold_unary(i, opcode);
            }
            Opcode::JumpIfFalseOrPop | Opcode::JumpIfTrueOrPop => {
                let target = jump_target(&self.code, i, opcode);
                if let Some(second) = self.opcode(target).filter(|&op| is_conditional(op)) {
                    if jumps_on_true(second) == jumps_on_true(opcode) {
                        // The second jump is taken exactly if the first is.
                        let end = self.arg(target);
                        self.put(i, second, end);
                    } else {
                        // The second jump is not taken if the first is: go behind it.
                        let popping = if jumps_on_true(opcode) {
                            Opcode::PopJumpIfTrue
                        } else {
                            Opcode::PopJumpIfFalse
                        };
                        self.put(i, popping, target + 3);
                    }
                    return Some(i);
                }
                self.jump_to_jump(i, opcode);
                return Some(i + code_size(self.code[i]));
            }
            Opcode::PopJumpIfFalse
            | Opcode::PopJumpIfTrue
            | Opcode::ForIter
            | Opcode::JumpForward
            | Opcode::JumpAbsolute
            | Opcode::ContinueLoop
            | Opcode::SetupLoop
            | Opcode::SetupExcept
            | Opcode::SetupFinally
            | Opcode::SetupWith
            | Opcode::SetupAsyncWith => {
                self.jump_to_jump(i, opcode);
                return Some(i + code_size(self.code[i]));
            }
            Opcode::ExtendedArg => {
                if self.opcode(i + 3) != Some(Opcode::MakeFunction) {
                    return None;
                }
                return Some(i + 6);
            }
            Opcode::ReturnValue if i + 4 < self.code.len() => {
                if self.byte(i + 4) == RETURN_VALUE && self.is_one_block(i, 5) {
                    self.fill(i + 1, i + 5);
                } else if is_unconditional(self.opcode(i + 1)) && self.is_one_block(i, 4) {
                    self.fill(i + 1, i + 4);
                }
            }
            _ => {}
        }
        Some(next)
    }

    fn build_sequence(&mut self, i: usize, opcode: Opcode) {
        let count = self.arg(i);
        if count == 0 {
            return;
        }
        if let Some(place) = self.const_stack.len().checked_sub(count) {
            let first = self.const_stack[place].0;
            // Lists and sets only right before `in` or `not in`.
            let folds = match opcode {
                Opcode::BuildTuple => self.is_one_block(first, i - first + 3),
                _ => {
                    self.opcode(i + 3) == Some(Opcode::CompareOp)
                        && self.is_one_block(first, i - first + 6)
                        && matches!(self.arg(i + 3), 6 | 7)
                }
            };
            if folds {
                let items = self.const_stack[place..].iter();
                let items: Vec<Constant> = items
                    .filter_map(|&(_, index)| self.consts.get(index).cloned())
                    .collect();
                let folded = if opcode == Opcode::BuildSet {
                    fold::frozen_set(items)
                } else {
                    Constant::Tuple(items)
                };
                let index = self.consts.len();
                self.consts.push(folded);
                self.put(i, Opcode::LoadConst, index);
                self.fill(first, i);
                self.const_stack.truncate(place);
                self.push_const(i);
                return;
            }
        }
        if self.opcode(i + 3) != Some(Opcode::UnpackSequence)
            || !self.is_one_block(i, 6)
            || count != self.arg(i + 3)
            || opcode == Opcode::BuildSet
        {
            return;
        }
        match count {
            1 => self.fill(i, i + 6),
            2 => {
                self.code[i] = Opcode::RotTwo as u8;
                self.fill(i + 1, i + 6);
                self.const_stack.clear();
            }
            3 => {
                self.code[i] = Opcode::RotThree as u8;
                self.code[i + 1] = Opcode::RotTwo as u8;
                self.fill(i + 2, i + 6);
                self.const_stack.clear();
            }
            _ => {}
        }
    }

    /// The new instruction ends where the old one did, so that the walk goes on behind it.
    fn fold_binary(&mut self, i: usize, opcode: Opcode) {
        let Some(place) = self.const_stack.len().checked_sub(2) else {
            return;
        };
        let (first, left) = self.const_stack[place];
        let (_, right) = self.const_stack[place + 1];
        if !self.is_one_block(first, i - first + 1) {
            return;
        }
        let (Some(left), Some(right)) = (self.consts.get(left), self.consts.get(right)) else {
            return;
        };
        let Some(folded) = fold::binary(opcode, left, right) else {
            return;
        };
        let index = self.consts.len();
        self.consts.push(folded);
        self.put(i - 2, Opcode::LoadConst, index);
        self.fill(first, i - 2);
        self.const_stack.truncate(place);
        self.push_const(i - 2);
    }

    fn fold_unary(&mut self, i: usize, opcode: Opcode) {
        let Some(&(first, operand)) = self.const_stack.last() else {
            return;
        };
        if !self.is_one_block(first, i - first + 1) {
            return;
        }
        let Some(operand) = self.consts.get(operand) else {
            return;
        };
        let Some(folded) = fold::unary(opcode, operand) else {
            return;
        };
        let index = self.consts.len();
        self.consts.push(folded);
        self.code[i - 3] = NOP;
        self.put(i - 2, Opcode::LoadConst, index);
        self.const_stack.pop();
        self.push_const(i - 2);
    }

    /// A jump to an unconditional jump goes to that one's target; an unconditional jump to a
    /// return returns.
    fn jump_to_jump(&mut self, i: usize, opcode: Opcode) {
        let target = jump_target(&self.code, i, opcode);
        if is_unconditional(Some(opcode)) && self.byte(target) == RETURN_VALUE {
            self.code[i] = RETURN_VALUE;
            self.fill(i + 1, i + 3);
            return;
        }
        let Some(second) = self.opcode(target).filter(|&op| is_unconditional(Some(op))) else {
            return;
        };
        let mut end = jump_target(&self.code, target, second);
        // Only absolute jumps can go back.
        let opcode = match opcode {
            Opcode::JumpForward => Opcode::JumpAbsolute,
            other => other,
        };
        if opcode.operand() != ceval_bytecode::Operand::JumpAbsolute {
            let Some(distance) = end.checked_sub(i + 3) else {
                return;
            };
            end = distance;
        }
        self.put(i, opcode, end);
    }
}

/// Removes the `NOP`s, and adjusts jumps and line table to the new offsets.
fn compact(old: Vec<u8>, code: &mut Vec<u8>, lnotab: &mut [u8]) {
    let mut address = vec![0usize; old.len() + 1];
    let mut nops = 0;
    let mut i = 0;
    while i < old.len() {
        address[i] = i - nops;
        if old[i] == NOP {
            nops += 1;
        }
        i += code_size(old[i]);
    }
    let moved = |place: usize| address.get(place).copied().unwrap_or(0);

    let mut old_offset = 0;
    let mut new_offset = 0;
    for pair in lnotab.chunks_exact_mut(2) {
        old_offset += usize::from(pair[0]);
        let here = moved(old_offset);
        pair[0] = here.wrapping_sub(new_offset) as u8;
        new_offset = here;
    }

    code.clear();
    let mut i = 0;
    while i < old.len() {
        let byte = old[i];
        let size = code_size(byte);
        if byte == NOP {
            i += 1;
            continue;
        }
        let end = (i + size).min(old.len());
        match Opcode::from_u8(byte).filter(|opcode| opcode.is_jump()) {
            Some(opcode) => {
                let target = moved(jump_target(&old, i, opcode));
                let arg = match opcode.operand() {
                    ceval_bytecode::Operand::JumpAbsolute => target,
                    _ => target.wrapping_sub(moved(i) + 3),
                };
                let [low, high] = (arg as u16).to_le_bytes();
                code.extend_from_slice(&[byte, low, high]);
            }
            None => code.extend_from_slice(&old[i..end]),
        }
        i += size;
    }
}

//! Whether a code object hangs together: what every user of bytecode relies on.
//!
//! The compiler makes only such objects; one that was read from a file has to be checked.
//! Checked are counts, and the boundaries and operands of the instructions that can be reached.
//! Stack depths and block nesting are not: they depend on what the machine does.

use std::fmt;

use crate::code::{CodeObject, Constant, flags};
use crate::instructions::{Instruction, Instructions};
use crate::opcode::{COMPARE_OPERATORS, Opcode, Operand};

/// What is wrong with a code object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyError {
    /// The name of the code object.
    pub name: String,
    /// The byte offset of the instruction, if it is about one.
    pub offset: Option<u32>,
    /// What is wrong.
    pub message: &'static str,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)?;
        match self.offset {
            Some(offset) => write!(f, " at offset {offset}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks a code object and all those in it. Costs one walk over the code.
///
/// # Errors
/// The first thing found that is wrong.
pub fn verify(code: &CodeObject) -> Result<(), VerifyError> {
    verify_counts(code).map_err(|message| VerifyError {
        name: code.name.clone(),
        offset: None,
        message,
    })?;
    verify_instructions(code).map_err(|(offset, message)| VerifyError {
        name: code.name.clone(),
        offset: Some(offset),
        message,
    })?;
    code.consts.iter().try_for_each(verify_constant)
}

fn verify_constant(constant: &Constant) -> Result<(), VerifyError> {
    match constant {
        Constant::Code(code) => verify(code),
        Constant::Tuple(items) | Constant::FrozenSet(items) => {
            items.iter().try_for_each(verify_constant)
        }
        _ => Ok(()),
    }
}

/// Checks that the numbers of locals and parameters fit each other and the names.
///
/// # Errors
/// What is wrong.
pub fn verify_parameters(code: &CodeObject) -> Result<(), &'static str> {
    let has = |flag: u32| u64::from(code.flags & flag != 0);
    let parameters = u64::from(code.argcount)
        + u64::from(code.kwonlyargcount)
        + has(flags::CO_VARARGS)
        + has(flags::CO_VARKEYWORDS);
    if u64::from(code.nlocals) != code.varnames.len() as u64 {
        return Err("the number of locals is not that of their names");
    }
    if parameters > u64::from(code.nlocals) {
        return Err("more parameters than locals");
    }
    if code.posonlyargcount > code.argcount {
        return Err("more positional-only parameters than parameters");
    }
    Ok(())
}

fn verify_counts(code: &CodeObject) -> Result<(), &'static str> {
    verify_parameters(code)?;
    if code.stacksize > 1 << 24 {
        return Err("an absurd stack size");
    }
    if code.code.is_empty() {
        return Err("no code");
    }
    if !code.lnotab.len().is_multiple_of(2) {
        return Err("a line table of odd length");
    }
    Ok(())
}

fn verify_instructions(code: &CodeObject) -> Result<(), (u32, &'static str)> {
    let instructions: Vec<Instruction> = Instructions::new(code).collect();
    // By byte offset: the instruction that starts there, if a jump may lead to it.
    let mut starts = vec![None; code.code.len()];
    let mut end = 0;
    let mut is_extended = false;
    for (i, instruction) in instructions.iter().enumerate() {
        if !is_extended {
            starts[instruction.offset as usize] = Some(i);
        }
        is_extended = instruction.opcode == Some(Opcode::ExtendedArg);
        end = instruction.next_offset;
    }
    // Dead code may be anything: CPython's optimiser can cut an instruction behind a `return` in two.
    let mut reached = vec![false; instructions.len()];
    let mut pending = vec![0];
    while let Some(i) = pending.pop() {
        let Some(instruction) = instructions.get(i) else {
            return Err(match end as usize == code.code.len() {
                true => (end, "the code falls off its end"),
                false => (end, "a truncated instruction"),
            });
        };
        if std::mem::replace(&mut reached[i], true) {
            continue;
        }
        verify_operand(code, instruction).map_err(|message| (instruction.offset, message))?;
        if let Some(target) = jump(&starts, instruction)? {
            pending.push(target);
        }
        let goes_on = !matches!(
            instruction.opcode,
            Some(
                Opcode::ReturnValue
                    | Opcode::JumpAbsolute
                    | Opcode::JumpForward
                    | Opcode::RaiseVarargs
                    | Opcode::BreakLoop
                    | Opcode::ContinueLoop
            )
        );
        if goes_on {
            pending.push(i + 1);
        }
    }
    Ok(())
}

/// The number of the instruction that a jump leads to.
fn jump(
    starts: &[Option<usize>],
    instruction: &Instruction,
) -> Result<Option<usize>, (u32, &'static str)> {
    let Some(target) = instruction.jump_target() else {
        return Ok(None);
    };
    match starts.get(target as usize).copied().flatten() {
        Some(place) => Ok(Some(place)),
        None => Err((instruction.offset, "a jump to no instruction")),
    }
}

fn verify_operand(code: &CodeObject, instruction: &Instruction) -> Result<(), &'static str> {
    let Some(opcode) = instruction.opcode else {
        return Err("an unknown opcode");
    };
    let arg = instruction.arg.unwrap_or(0) as usize;
    let is_in_range = match opcode.operand() {
        Operand::Const => arg < code.consts.len(),
        Operand::Name => arg < code.names.len(),
        Operand::Local => arg < code.varnames.len(),
        Operand::Free => arg < code.cellvars.len() + code.freevars.len(),
        Operand::Compare => arg < COMPARE_OPERATORS.len() - 1,
        Operand::JumpRelative => instruction.offset.checked_add(arg as u32).is_some(),
        Operand::None | Operand::Number | Operand::JumpAbsolute | Operand::ArgCount => true,
    };
    if is_in_range {
        Ok(())
    } else {
        Err("an operand out of range")
    }
}

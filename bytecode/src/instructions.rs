//! Walking over bytecode one instruction at a time, with what `dis` knows of each.
//!
//! Damaged code is no error here: an operand that is cut off ends the walk, and an index out
//! of range is shown as a number. Source: CPython 3.5.1 `Lib/dis.py`.

use crate::code::{CodeObject, Constant};
use crate::opcode::{COMPARE_OPERATORS, HAVE_ARGUMENT, Opcode, Operand, opname};
use crate::repr::repr_constant;

/// One instruction of a code object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction {
    /// Its byte offset.
    pub offset: u32,
    /// The byte offset behind it, where relative jumps start.
    pub next_offset: u32,
    /// The opcode byte.
    pub byte: u8,
    /// The opcode, unless the byte is not one.
    pub opcode: Option<Opcode>,
    /// The operand with the upper bits of an `EXTENDED_ARG` before it.
    pub arg: Option<u32>,
    /// The operand's own two bytes.
    pub raw_arg: Option<u16>,
    /// The source line, if a new one starts here.
    pub starts_line: Option<u32>,
    /// Whether a jump leads here (jumps with an `EXTENDED_ARG` do not count, as in `dis`).
    pub is_jump_target: bool,
}

impl Instruction {
    /// The byte offset that a jump leads to.
    #[must_use]
    pub fn jump_target(&self) -> Option<u32> {
        match self.opcode?.operand() {
            Operand::JumpRelative => Some(self.next_offset.wrapping_add(self.arg?)),
            Operand::JumpAbsolute => self.arg,
            _ => None,
        }
    }

    /// The opcode's name.
    #[must_use]
    pub fn opname(&self) -> std::borrow::Cow<'static, str> {
        opname(self.byte)
    }

    /// The operand in words, empty if there is nothing to say beyond the number.
    #[must_use]
    pub fn argrepr(&self, code: &CodeObject) -> String {
        let (Some(opcode), Some(arg)) = (self.opcode, self.arg) else {
            return String::new();
        };
        let named = |list: &[String], index: u32| match list.get(index as usize) {
            Some(name) => name.clone(),
            None => index.to_string(),
        };
        match opcode.operand() {
            Operand::Const => match code.consts.get(arg as usize) {
                Some(constant) => repr_constant(constant),
                None => arg.to_string(),
            },
            Operand::Name => named(&code.names, arg),
            Operand::Local => named(&code.varnames, arg),
            Operand::Free => {
                let cells = code.cellvars.len() as u32;
                if arg < cells {
                    named(&code.cellvars, arg)
                } else {
                    match code.freevars.get((arg - cells) as usize) {
                        Some(name) => name.clone(),
                        None => arg.to_string(),
                    }
                }
            }
            Operand::Compare => match COMPARE_OPERATORS.get(arg as usize) {
                Some(operator) => (*operator).to_owned(),
                None => arg.to_string(),
            },
            Operand::JumpRelative => {
                format!("to {}", u64::from(self.next_offset) + u64::from(arg))
            }
            Operand::ArgCount => {
                let raw = self.raw_arg.unwrap_or(0);
                format!("{} positional, {} keyword pair", raw & 0xff, raw >> 8)
            }
            Operand::None | Operand::Number | Operand::JumpAbsolute => String::new(),
        }
    }

    /// The constant that `LOAD_CONST` pushes.
    #[must_use]
    pub fn constant<'a>(&self, code: &'a CodeObject) -> Option<&'a Constant> {
        match self.opcode?.operand() {
            Operand::Const => code.consts.get(self.arg? as usize),
            _ => None,
        }
    }
}

/// Iterator over the [`Instruction`]s of a code object.
#[derive(Debug, Clone)]
pub struct Instructions<'a> {
    code: &'a [u8],
    offset: usize,
    extended: u32,
    line_starts: Vec<(u32, u32)>,
    next_line: usize,
    labels: Vec<u32>,
}

impl<'a> Instructions<'a> {
    /// Starts at the first instruction. Costs one walk over the code and the line table.
    #[must_use]
    pub fn new(code: &'a CodeObject) -> Self {
        Instructions {
            code: &code.code,
            offset: 0,
            extended: 0,
            line_starts: code.line_starts().collect(),
            next_line: 0,
            labels: find_labels(&code.code),
        }
    }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let offset = self.offset;
        let &byte = self.code.get(offset)?;
        let (raw_arg, next) = if byte >= HAVE_ARGUMENT {
            let low = *self.code.get(offset + 1)?;
            let high = *self.code.get(offset + 2)?;
            (Some(u16::from_le_bytes([low, high])), offset + 3)
        } else {
            (None, offset + 1)
        };
        self.offset = next;
        let opcode = Opcode::from_u8(byte);
        let arg = raw_arg.map(|raw| {
            let arg = u32::from(raw).wrapping_add(self.extended);
            self.extended = if opcode == Some(Opcode::ExtendedArg) {
                arg << 16
            } else {
                0
            };
            arg
        });
        let offset = offset as u32;
        let mut starts_line = None;
        while let Some(&(address, line)) = self.line_starts.get(self.next_line) {
            if address > offset {
                break;
            }
            if address == offset {
                starts_line = Some(line);
            }
            self.next_line += 1;
        }
        Some(Instruction {
            offset,
            next_offset: next as u32,
            byte,
            opcode,
            arg,
            raw_arg,
            starts_line,
            is_jump_target: self.labels.binary_search(&offset).is_ok(),
        })
    }
}

/// The byte offsets that jumps lead to, ascending and without repetition.
///
/// As `dis.findlabels`, this reads operands without their `EXTENDED_ARG`.
#[must_use]
pub fn find_labels(code: &[u8]) -> Vec<u32> {
    let mut labels = Vec::new();
    let mut i = 0;
    while let Some(&byte) = code.get(i) {
        if byte < HAVE_ARGUMENT {
            i += 1;
            continue;
        }
        let (Some(&low), Some(&high)) = (code.get(i + 1), code.get(i + 2)) else {
            break;
        };
        i += 3;
        let arg = u32::from(u16::from_le_bytes([low, high]));
        match Opcode::from_u8(byte).map(Opcode::operand) {
            Some(Operand::JumpRelative) => labels.push(i as u32 + arg),
            Some(Operand::JumpAbsolute) => labels.push(arg),
            _ => {}
        }
    }
    labels.sort_unstable();
    labels.dedup();
    labels
}

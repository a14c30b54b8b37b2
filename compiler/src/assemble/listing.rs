//! The basic blocks of a code object as text, before offsets are known: for people.

use ceval_bytecode::{CodeObject, Instruction};

use crate::codegen::{Label, Unit};

/// One line a block, one line an instruction: its line if a new one starts, its name, and its
/// operand, in words as `dis` gives them, or the block it jumps to. `code` is what the unit has
/// become.
pub(super) fn list_blocks(unit: &Unit, code: &CodeObject) -> String {
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let mut out = format!(
        "{} (line {}): {}, {}\n",
        code.name,
        unit.firstlineno,
        count(unit.blocks.len(), "block"),
        count(unit.instrs.len(), "instruction")
    );
    for (i, block) in unit.blocks.iter().enumerate() {
        let next = match block.next {
            Some(Label(next)) => format!(", then {next}"),
            None => String::new(),
        };
        out.push_str(&format!("  block {i}{next}\n"));
        for instr in unit.block_instrs(Label(i as u32)) {
            let line = match instr.lineno {
                0 => String::new(),
                line => line.to_string(),
            };
            let operand = match (instr.jump_target(), instr.opcode.has_argument()) {
                (Some(Label(target)), _) => format!(" to block {target}"),
                (None, true) => {
                    let instruction = Instruction {
                        offset: 0,
                        next_offset: 0,
                        byte: instr.opcode as u8,
                        opcode: Some(instr.opcode),
                        arg: Some(instr.arg as u32),
                        raw_arg: Some(instr.arg as u16),
                        starts_line: None,
                        is_jump_target: false,
                    };
                    match instruction.argrepr(code) {
                        words if words.is_empty() => format!(" {}", instr.arg),
                        words => format!(" {} ({words})", instr.arg),
                    }
                }
                (None, false) => String::new(),
            };
            out.push_str(&format!("{line:>9}  {}{operand}\n", instr.opcode.name()));
        }
    }
    out
}

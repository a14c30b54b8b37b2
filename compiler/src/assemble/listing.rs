//! The basic blocks of a code object as text, before offsets are known: for people.

use crate::codegen::{Label, Unit};

use super::CodeContext;

/// One line a block, one line an instruction: its line if a new one starts, its name, and its
/// operand or the block it jumps to.
pub(super) fn list_blocks(unit: &Unit, context: &CodeContext<'_>) -> String {
    let name = context.interner.name(unit.name);
    let mut out = format!(
        "{name} (line {}): {} blocks, {} instructions\n",
        unit.firstlineno,
        unit.blocks.len(),
        unit.instrs.len()
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
                (None, true) => format!(" {}", instr.arg),
                (None, false) => String::new(),
            };
            out.push_str(&format!("{line:>9}  {}{operand}\n", instr.opcode.name()));
        }
    }
    out
}

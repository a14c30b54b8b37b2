//! How many value stack slots a code object needs, as CPython estimates it.
//!
//! The estimate is the largest sum of stack effects on a way through the basic blocks. It is
//! too high in places (an exception handler counts six slots from the start), but it is
//! `co_stacksize`. CPython walks every way that may be deeper than those before, which takes
//! quadratic time for many `try` statements in a row. But it turns back where a way comes to a
//! block that is on it already, and the code of statements is entered at its start alone, so
//! those are the jumps back, and the blocks in the order of the code are in the order of all
//! others: one pass finds the same. Source: CPython 3.5 `stackdepth_walk` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::codegen::{Label, Unit};

/// The stack slots that a unit needs.
pub(crate) fn stack_depth(unit: &Unit) -> u32 {
    let mut depths = Depths {
        on_entry: vec![None; unit.blocks.len()],
        is_passed: vec![false; unit.blocks.len()],
    };
    let mut max_depth = 0;
    depths.reach(Label(0), 0);
    let mut next = Some(Label(0));
    while let Some(label) = next {
        let place = label.0 as usize;
        let block = unit.blocks[place];
        depths.is_passed[place] = true;
        next = block.next;
        let Some(mut depth) = depths.on_entry[place] else {
            // Dead code.
            continue;
        };
        let mut goes_on = true;
        for instr in &unit.instrs[block.start as usize..block.end as usize] {
            depth += instr.opcode.stack_effect(instr.arg as u32).unwrap_or(0);
            max_depth = max_depth.max(depth);
            let Some(target) = instr.jump_target() else {
                continue;
            };
            match instr.opcode {
                Opcode::ForIter => depths.reach(target, depth - 2),
                Opcode::SetupFinally | Opcode::SetupExcept => {
                    depths.reach(target, depth + 3);
                    max_depth = max_depth.max(depth + 3);
                }
                _ => depths.reach(target, depth),
            }
            match instr.opcode {
                Opcode::JumpIfTrueOrPop | Opcode::JumpIfFalseOrPop => depth -= 1,
                // What follows in the block is dead.
                Opcode::JumpAbsolute | Opcode::JumpForward => {
                    goes_on = false;
                    break;
                }
                _ => {}
            }
        }
        if let (true, Some(next)) = (goes_on, next) {
            depths.reach(next, depth);
        }
    }
    // The depth starts at 0 and only grows.
    max_depth as u32
}

struct Depths {
    /// The deepest stack on a way to each block.
    on_entry: Vec<Option<i32>>,
    is_passed: Vec<bool>,
}

impl Depths {
    /// A way leads to a block. Back to one that was passed, it leads nowhere new.
    fn reach(&mut self, block: Label, depth: i32) {
        let place = block.0 as usize;
        if !self.is_passed[place] {
            let deepest = self.on_entry[place].map_or(depth, |d| d.max(depth));
            self.on_entry[place] = Some(deepest);
        }
    }
}

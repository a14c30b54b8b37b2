//! How many value stack slots a code object needs, as CPython estimates it.
//!
//! A walk over the graph of basic blocks from the entry, adding up stack effects. The estimate
//! is too high in places (an exception handler counts six slots from the start), but it is
//! `co_stacksize`, so the walk has to visit the blocks in CPython's order, with its rules for
//! when to turn back. Source: CPython 3.5 `stackdepth_walk` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::codegen::{Label, Unit};

/// The state of the walk at one block of the current path.
struct Step {
    block: Label,
    /// The next instruction, as an index into the unit's list.
    instr: u32,
    depth: i32,
    /// Whether the block's end was reached and its successor visited.
    is_done: bool,
}

/// The stack slots that a unit needs.
pub(crate) fn stack_depth(unit: &Unit) -> u32 {
    let mut walk = Walk {
        unit,
        on_path: vec![false; unit.blocks.len()],
        start_depth: vec![i32::MIN; unit.blocks.len()],
        path: Vec::new(),
    };
    let mut max_depth = 0;
    walk.enter(Label(0), 0);
    while let Some(mut step) = walk.path.pop() {
        let block = unit.blocks[step.block.0 as usize];
        let mut target = None;
        while !step.is_done && step.instr < block.end {
            let instr = &unit.instrs[step.instr as usize];
            step.instr += 1;
            let effect = instr.opcode.stack_effect(instr.arg as u32).unwrap_or(0);
            step.depth += effect;
            max_depth = max_depth.max(step.depth);
            let Some(label) = instr.jump_target() else {
                continue;
            };
            let mut target_depth = step.depth;
            match instr.opcode {
                Opcode::ForIter => target_depth -= 2,
                Opcode::SetupFinally | Opcode::SetupExcept => {
                    target_depth += 3;
                    max_depth = max_depth.max(target_depth);
                }
                Opcode::JumpIfTrueOrPop | Opcode::JumpIfFalseOrPop => step.depth -= 1,
                // What follows in the block is dead.
                Opcode::JumpAbsolute | Opcode::JumpForward => step.is_done = true,
                _ => {}
            }
            target = Some((label, target_depth));
            break;
        }
        if target.is_none() {
            if step.is_done {
                walk.on_path[step.block.0 as usize] = false;
                continue;
            }
            step.is_done = true;
            target = block.next.map(|next| (next, step.depth));
        }
        walk.path.push(step);
        if let Some((label, depth)) = target {
            walk.enter(label, depth);
        }
    }
    // The depth starts at 0 and only grows.
    max_depth as u32
}

struct Walk<'a> {
    unit: &'a Unit,
    on_path: Vec<bool>,
    start_depth: Vec<i32>,
    path: Vec<Step>,
}

impl Walk<'_> {
    /// Goes into a block, unless it is on the path or was visited at least as deep.
    fn enter(&mut self, block: Label, depth: i32) {
        let place = block.0 as usize;
        if self.on_path[place] || self.start_depth[place] >= depth {
            return;
        }
        self.on_path[place] = true;
        self.start_depth[place] = depth;
        self.path.push(Step {
            block,
            instr: self.unit.blocks[place].start,
            depth,
            is_done: false,
        });
    }
}

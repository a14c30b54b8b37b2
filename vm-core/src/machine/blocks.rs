//! The block stack: what `break`, `continue`, `return` and exceptions unwind through.

use super::frame::{Block, BlockKind, MAX_BLOCKS};
use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Encoding;
use crate::object::{ObjectModel, V, Value};

impl<M: ObjectModel> Vm<M> {
    /// Index of the unit at `ip` in the running code.
    #[inline]
    pub fn unit_index(&self, r: &Regs<M>) -> u32 {
        ((r.ip as usize - self.linked().entry as usize) / self.dispatcher.unit_size) as u32
    }

    /// Depth of the operand stack in words above the frame's first local.
    #[inline(always)]
    pub fn level(&self, r: &Regs<M>) -> u32 {
        ((r.sp as usize - r.fp as usize) / size_of::<V<M>>()) as u32
    }

    /// Pushes a block whose handler is `displacement` units from the next one.
    pub fn push_block(&mut self, r: &Regs<M>, kind: BlockKind, displacement: u32) {
        let handler = self.unit_index(r).wrapping_add(displacement);
        let level = self.level(r);
        debug_assert!(
            self.stacks.blocks.len() - (self.frame().block_base as usize) < 2 * MAX_BLOCKS
        );
        self.stacks.blocks.push(Block {
            kind,
            handler,
            level,
        });
    }

    /// Pushes a block without a call; false if the block stack must grow.
    #[inline(always)]
    pub fn try_push_block<E: Encoding>(
        &mut self,
        r: &Regs<M>,
        kind: BlockKind,
        displacement: u32,
    ) -> bool {
        if self.stacks.blocks.len() == self.stacks.blocks.capacity() {
            return false;
        }
        let here = ((r.ip as usize).wrapping_sub(self.linked().entry as usize) / E::SIZE) as u32;
        let handler = here.wrapping_add(displacement);
        let level = self.level(r);
        self.stacks.blocks.push(Block {
            kind,
            handler,
            level,
        });
        true
    }

    /// Pops the frame's innermost block. The compiler balances blocks; without one a harmless
    /// block at the present depth stands in.
    pub fn pop_block(&mut self) -> Block {
        self.stacks.blocks.pop().expect("balanced blocks")
    }

    /// Leaves a loop that is the innermost block, with what stands on the stack above it; false if
    /// it is not, or some of that is not easy to drop.
    #[inline(always)]
    pub fn try_break<E: Encoding>(&mut self, r: &mut Regs<M>) -> bool {
        let Some(&block) = self.stacks.blocks.last() else {
            return false;
        };
        let depth = self.level(r).wrapping_sub(block.level) as usize;
        if block.kind != BlockKind::Loop || depth > 1 || depth == 1 && !r.peek(0).is_easy() {
            return false;
        }
        if depth == 1 {
            Regs::<M>::drop_easy(r.pop());
        }
        self.stacks.blocks.pop();
        let offset = block.handler as usize * E::SIZE;
        r.ip = self.linked().entry.wrapping_add(offset);
        true
    }

    /// Pops a block that leaves nothing on the stack to drop; false if there is something.
    #[inline(always)]
    pub fn try_pop_block(&mut self, r: &Regs<M>) -> bool {
        match self.stacks.blocks.last() {
            Some(b) if b.level == self.level(r) => {
                self.stacks.blocks.pop();
                true
            }
            _ => false,
        }
    }

    /// Drops operands down to a level.
    pub fn unwind_to(&mut self, r: &mut Regs<M>, level: u32) {
        let depth = self.level(r);
        r.drop_top(depth.saturating_sub(level) as usize);
    }

    /// Moves `ip` to a unit of the running code.
    pub fn jump_to(&self, r: &mut Regs<M>, unit: u32) {
        r.ip = self
            .linked()
            .entry
            .wrapping_add(unit as usize * self.dispatcher.unit_size);
    }
}

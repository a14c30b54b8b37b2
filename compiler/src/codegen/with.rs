//! `with` and `async with` statements.
//!
//! Several items nest, each in the body of the one before.
//! Source: CPython 3.5 `compiler_with`, `compiler_async_with` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::{Stmt, WithItem};

use super::{FrameBlock, Generator, Result};

impl Generator<'_> {
    pub(super) fn with(&mut self, items: &[WithItem], body: &[Stmt]) -> Result<()> {
        self.with_item(items, body, false)
    }

    pub(super) fn async_with(&mut self, items: &[WithItem], body: &[Stmt]) -> Result<()> {
        self.with_item(items, body, true)
    }

    fn with_item(&mut self, items: &[WithItem], body: &[Stmt], is_async: bool) -> Result<()> {
        let Some((item, rest)) = items.split_first() else {
            return self.stmts(body);
        };
        let block = self.unit.new_block();
        let finally = self.unit.new_block();
        self.expr(&item.context_expr)?;
        if is_async {
            self.op(Opcode::BeforeAsyncWith);
            self.op(Opcode::GetAwaitable);
            self.await_top();
            self.unit.jump(Opcode::SetupAsyncWith, finally);
        } else {
            self.unit.jump(Opcode::SetupWith, finally);
        }
        self.unit.use_next_block(block);
        self.push_frame_block(FrameBlock::FinallyTry, block)?;
        match &item.optional_vars {
            Some(target) => self.expr(target)?,
            None => self.op(Opcode::PopTop),
        }
        self.with_item(rest, body, is_async)?;
        self.op(Opcode::PopBlock);
        self.pop_frame_block();

        self.load_none();
        self.unit.use_next_block(finally);
        self.push_frame_block(FrameBlock::FinallyEnd, finally)?;
        self.op(Opcode::WithCleanupStart);
        if is_async {
            self.op(Opcode::GetAwaitable);
            self.await_top();
        }
        self.op(Opcode::WithCleanupFinish);
        self.op(Opcode::EndFinally);
        self.pop_frame_block();
        Ok(())
    }
}

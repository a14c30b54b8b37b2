//! `try` statements.
//!
//! The bodies of `except` and `finally` are compiled once. A bound exception name is set to
//! `None` and deleted at the end of its clause, by a `finally` around the clause's body.
//! Source: CPython 3.5 `compiler_try_finally`, `compiler_try_except` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::{ExceptHandler, ExprContext, Try};
use crate::interner::Symbol;

use super::control::EXCEPTION_MATCH;
use super::{FrameBlock, Generator, Result};

impl Generator<'_> {
    pub(super) fn try_(&mut self, node: &Try) -> Result<()> {
        if node.finalbody.is_empty() {
            self.try_except(node)
        } else {
            self.try_finally(node)
        }
    }

    fn try_finally(&mut self, node: &Try) -> Result<()> {
        let body = self.unit.new_block();
        let end = self.unit.new_block();
        self.unit.jump(Opcode::SetupFinally, end);
        self.unit.use_next_block(body);
        self.push_frame_block(FrameBlock::FinallyTry, body)?;
        if node.handlers.is_empty() {
            self.stmts(&node.body)?;
        } else {
            self.try_except(node)?;
        }
        self.op(Opcode::PopBlock);
        self.pop_frame_block();

        self.load_none();
        self.unit.use_next_block(end);
        self.push_frame_block(FrameBlock::FinallyEnd, end)?;
        self.stmts(&node.finalbody)?;
        self.op(Opcode::EndFinally);
        self.pop_frame_block();
        Ok(())
    }

    fn try_except(&mut self, node: &Try) -> Result<()> {
        let body = self.unit.new_block();
        let mut except = self.unit.new_block();
        let orelse = self.unit.new_block();
        let end = self.unit.new_block();
        self.unit.jump(Opcode::SetupExcept, except);
        self.unit.use_next_block(body);
        self.push_frame_block(FrameBlock::Except, body)?;
        self.stmts(&node.body)?;
        self.op(Opcode::PopBlock);
        self.pop_frame_block();
        self.unit.jump(Opcode::JumpForward, orelse);
        self.unit.use_next_block(except);
        let last = node.handlers.len().saturating_sub(1);
        for (i, handler) in node.handlers.iter().enumerate() {
            if handler.typ.is_none() && i < last {
                return self.error("default 'except:' must be last");
            }
            self.unit.lineno_set = false;
            self.unit.lineno = handler.lineno;
            self.unit.col_offset = handler.col_offset;
            except = self.unit.new_block();
            if let Some(typ) = &handler.typ {
                self.op(Opcode::DupTop);
                self.expr(typ)?;
                self.op_arg(Opcode::CompareOp, EXCEPTION_MATCH);
                self.unit.jump(Opcode::PopJumpIfFalse, except);
            }
            self.op(Opcode::PopTop);
            match handler.name {
                Some(name) => self.named_handler(handler, name)?,
                None => self.plain_handler(handler)?,
            }
            self.unit.jump(Opcode::JumpForward, end);
            self.unit.use_next_block(except);
        }
        self.op(Opcode::EndFinally);
        self.unit.use_next_block(orelse);
        self.stmts(&node.orelse)?;
        self.unit.use_next_block(end);
        Ok(())
    }

    fn named_handler(&mut self, handler: &ExceptHandler, name: Symbol) -> Result<()> {
        let cleanup_end = self.unit.new_block();
        let cleanup_body = self.unit.new_block();
        self.name(name, ExprContext::Store);
        self.op(Opcode::PopTop);

        self.unit.jump(Opcode::SetupFinally, cleanup_end);
        self.unit.use_next_block(cleanup_body);
        self.push_frame_block(FrameBlock::FinallyTry, cleanup_body)?;
        self.stmts(&handler.body)?;
        self.op(Opcode::PopBlock);
        self.op(Opcode::PopExcept);
        self.pop_frame_block();

        self.load_none();
        self.unit.use_next_block(cleanup_end);
        self.push_frame_block(FrameBlock::FinallyEnd, cleanup_end)?;
        self.load_none();
        self.name(name, ExprContext::Store);
        self.name(name, ExprContext::Del);
        self.op(Opcode::EndFinally);
        self.pop_frame_block();
        Ok(())
    }

    fn plain_handler(&mut self, handler: &ExceptHandler) -> Result<()> {
        let cleanup_body = self.unit.new_block();
        self.op(Opcode::PopTop);
        self.op(Opcode::PopTop);
        self.unit.use_next_block(cleanup_body);
        self.push_frame_block(FrameBlock::FinallyTry, cleanup_body)?;
        self.stmts(&handler.body)?;
        self.op(Opcode::PopExcept);
        self.pop_frame_block();
        Ok(())
    }
}

//! The step to the next item of an asynchronous iteration.
//!
//! The end of the iteration is an exception, `StopAsyncIteration`, raised by the awaited next
//! item, so the step is a `try` of its own. Loops and comprehensions share it.
//! Source: CPython 3.5 `compiler_async_for` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::Expr;

use super::control::EXCEPTION_MATCH;
use super::{FrameBlock, Generator, Label, Result};

/// The blocks of one step.
pub(super) struct AsyncNext {
    /// Where the step starts, and goes on for the item after.
    pub(super) next: Label,
    except: Label,
    after_try: Label,
    try_cleanup: Label,
}

impl Generator<'_> {
    pub(super) fn new_async_next(&mut self) -> AsyncNext {
        AsyncNext {
            next: self.unit.new_block(),
            except: self.unit.new_block(),
            after_try: self.unit.new_block(),
            try_cleanup: self.unit.new_block(),
        }
    }

    /// Awaits the next item and stores it. At the end of the iteration goes to `end`, leaving
    /// the loop's block first if the step is in one.
    pub(super) fn async_next(
        &mut self,
        step: &AsyncNext,
        target: &Expr,
        leaves_loop: bool,
        end: Label,
    ) -> Result<()> {
        self.unit.use_next_block(step.next);
        self.unit.jump(Opcode::SetupExcept, step.except);
        self.push_frame_block(FrameBlock::Except, step.next)?;
        self.op(Opcode::GetAnext);
        self.await_top();
        self.expr(target)?;
        self.op(Opcode::PopBlock);
        self.pop_frame_block();
        self.unit.jump(Opcode::JumpForward, step.after_try);

        self.unit.use_next_block(step.except);
        self.op(Opcode::DupTop);
        self.op_unmangled(Opcode::LoadGlobal, self.names.stop_async_iteration);
        self.op_arg(Opcode::CompareOp, EXCEPTION_MATCH);
        self.unit.jump(Opcode::PopJumpIfFalse, step.try_cleanup);
        self.op(Opcode::PopTop);
        self.op(Opcode::PopTop);
        self.op(Opcode::PopTop);
        self.op(Opcode::PopExcept);
        if leaves_loop {
            self.op(Opcode::PopBlock);
        }
        self.unit.jump(Opcode::JumpAbsolute, end);

        self.unit.use_next_block(step.try_cleanup);
        self.op(Opcode::EndFinally);
        self.unit.use_next_block(step.after_try);
        Ok(())
    }
}

//! `if`, loops and `continue`.
//!
//! Constant conditions are recognised: the dead branch is not compiled at all.
//! Source: CPython 3.5 `compiler_if`, `compiler_for` and so on in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::{Expr, ExprKind, For, NameConstant, Number, Stmt};

use super::{FrameBlock, Generator, Result};

/// The operand of `COMPARE_OP` that tests whether an exception matches.
pub(super) const EXCEPTION_MATCH: usize = 10;

impl Generator<'_> {
    /// The truth value of a condition, if it is known now.
    fn constant_truth(&self, expr: &Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::Ellipsis => Some(true),
            ExprKind::Num(number) => Some(match number {
                Number::Int(value) => value.sign() != num_bigint::Sign::NoSign,
                Number::Float(value) | Number::Imaginary(value) => *value != 0.0,
            }),
            ExprKind::Str(text) => Some(!text.is_empty()),
            ExprKind::Name { id, .. } if *id == self.names.debug => {
                Some(self.options.optimize == 0)
            }
            ExprKind::NameConstant(value) => Some(*value == NameConstant::True),
            _ => None,
        }
    }

    pub(super) fn if_(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Result<()> {
        let end = self.unit.new_block();
        match self.constant_truth(test) {
            Some(false) => self.stmts(orelse)?,
            Some(true) => self.stmts(body)?,
            None => {
                let next = if orelse.is_empty() {
                    end
                } else {
                    self.unit.new_block()
                };
                self.expr(test)?;
                self.unit.jump(Opcode::PopJumpIfFalse, next);
                self.stmts(body)?;
                if !orelse.is_empty() {
                    self.unit.jump(Opcode::JumpForward, end);
                    self.unit.use_next_block(next);
                    self.stmts(orelse)?;
                }
            }
        }
        self.unit.use_next_block(end);
        Ok(())
    }

    pub(super) fn for_(&mut self, node: &For) -> Result<()> {
        let start = self.unit.new_block();
        let cleanup = self.unit.new_block();
        let end = self.unit.new_block();
        self.unit.jump(Opcode::SetupLoop, end);
        self.push_frame_block(FrameBlock::Loop, start)?;
        self.expr(&node.iter)?;
        self.op(Opcode::GetIter);
        self.unit.use_next_block(start);
        self.unit.jump(Opcode::ForIter, cleanup);
        self.expr(&node.target)?;
        self.stmts(&node.body)?;
        self.unit.jump(Opcode::JumpAbsolute, start);
        self.unit.use_next_block(cleanup);
        self.op(Opcode::PopBlock);
        self.pop_frame_block();
        self.stmts(&node.orelse)?;
        self.unit.use_next_block(end);
        Ok(())
    }

    pub(super) fn async_for(&mut self, node: &For) -> Result<()> {
        let step = self.new_async_next();
        let end = self.unit.new_block();
        let after_loop = self.unit.new_block();
        let after_loop_else = self.unit.new_block();

        self.unit.jump(Opcode::SetupLoop, after_loop);
        self.push_frame_block(FrameBlock::Loop, step.next)?;
        self.expr(&node.iter)?;
        self.op(Opcode::GetAiter);
        self.await_top();
        self.async_next(&step, &node.target, true, after_loop_else)?;
        self.stmts(&node.body)?;
        self.unit.jump(Opcode::JumpAbsolute, step.next);
        self.op(Opcode::PopBlock);
        self.pop_frame_block();

        self.unit.use_next_block(after_loop);
        self.unit.jump(Opcode::JumpAbsolute, end);
        self.unit.use_next_block(after_loop_else);
        self.stmts(&node.orelse)?;
        self.unit.use_next_block(end);
        Ok(())
    }

    pub(super) fn while_(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Result<()> {
        let constant = self.constant_truth(test);
        if constant == Some(false) {
            return self.stmts(orelse);
        }
        let start = self.unit.new_block();
        let end = self.unit.new_block();
        let anchor = match constant {
            None => Some(self.unit.new_block()),
            Some(_) => None,
        };
        self.unit.jump(Opcode::SetupLoop, end);
        self.unit.use_next_block(start);
        self.push_frame_block(FrameBlock::Loop, start)?;
        if let Some(anchor) = anchor {
            self.expr(test)?;
            self.unit.jump(Opcode::PopJumpIfFalse, anchor);
        }
        self.stmts(body)?;
        self.unit.jump(Opcode::JumpAbsolute, start);
        if let Some(anchor) = anchor {
            self.unit.use_next_block(anchor);
        }
        self.op(Opcode::PopBlock);
        self.pop_frame_block();
        self.stmts(orelse)?;
        self.unit.use_next_block(end);
        Ok(())
    }

    pub(super) fn continue_(&mut self) -> Result<()> {
        const NOT_IN_LOOP: &str = "'continue' not properly in loop";
        const IN_FINALLY: &str = "'continue' not supported inside 'finally' clause";
        let Some((&(innermost, label), outer)) = self.unit.frame_blocks.split_last() else {
            return self.error(NOT_IN_LOOP);
        };
        match innermost {
            FrameBlock::Loop => self.unit.jump(Opcode::JumpAbsolute, label),
            FrameBlock::FinallyEnd => return self.error(IN_FINALLY),
            FrameBlock::Except | FrameBlock::FinallyTry => {
                let way = outer.iter().rev();
                let found = way
                    .copied()
                    .find(|(kind, _)| matches!(kind, FrameBlock::Loop | FrameBlock::FinallyEnd));
                match found {
                    Some((FrameBlock::Loop, label)) => {
                        self.unit.jump(Opcode::ContinueLoop, label);
                    }
                    Some(_) => return self.error(IN_FINALLY),
                    None => return self.error(NOT_IN_LOOP),
                }
            }
        }
        Ok(())
    }
}

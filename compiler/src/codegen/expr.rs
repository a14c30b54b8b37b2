//! Expressions.
//!
//! An expression that starts further down than the current line starts a new line in the line
//! table; lines never go back. Source: CPython 3.5 `compiler_visit_expr` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::{BoolOp, CmpOp, Expr, ExprContext, ExprKind, NameConstant, Number, Operator};
use crate::ast::{Slice, UnaryOp};
use crate::symtable::BlockKind;

use super::consts::ConstRef;
use super::{Generator, Result, UnitKind};

impl Generator<'_> {
    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    /// Takes over the position of an expression.
    pub(super) fn locate(&mut self, expr: &Expr) {
        if expr.lineno > self.unit.lineno {
            self.unit.lineno = expr.lineno;
            self.unit.lineno_set = false;
        }
        self.unit.col_offset = expr.col_offset;
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        self.locate(expr);
        match &expr.kind {
            ExprKind::Name { id, ctx } => self.name(*id, *ctx),
            ExprKind::Attribute { value, attr, ctx } => {
                self.expr(value)?;
                let opcode = match ctx {
                    ExprContext::Load => Opcode::LoadAttr,
                    ExprContext::Store => Opcode::StoreAttr,
                    ExprContext::Del => Opcode::DeleteAttr,
                };
                self.op_name(opcode, *attr);
            }
            ExprKind::Call {
                func,
                args,
                keywords,
            } => {
                self.expr(func)?;
                return self.call(0, args, keywords);
            }
            ExprKind::Str(text) => self.load_const(ConstRef::Str(text)),
            ExprKind::Num(number) => self.load_const(match number {
                Number::Int(value) => ConstRef::Int(value),
                Number::Float(value) => ConstRef::Float(*value),
                Number::Imaginary(value) => ConstRef::Imaginary(*value),
            }),
            ExprKind::Bytes(bytes) => self.load_const(ConstRef::Bytes(bytes)),
            ExprKind::NameConstant(value) => self.load_const(match value {
                NameConstant::None => ConstRef::None,
                NameConstant::True => ConstRef::True,
                NameConstant::False => ConstRef::False,
            }),
            ExprKind::Ellipsis => self.load_const(ConstRef::Ellipsis),
            ExprKind::Subscript { value, slice, ctx } => {
                self.expr(value)?;
                self.slice(slice)?;
                self.op(match ctx {
                    ExprContext::Load => Opcode::BinarySubscr,
                    ExprContext::Store => Opcode::StoreSubscr,
                    ExprContext::Del => Opcode::DeleteSubscr,
                });
            }
            ExprKind::BinOp { left, op, right } => {
                self.expr(left)?;
                self.expr(right)?;
                self.op(binary_opcode(*op));
            }
            ExprKind::UnaryOp { op, operand } => {
                self.expr(operand)?;
                self.op(match op {
                    UnaryOp::Invert => Opcode::UnaryInvert,
                    UnaryOp::Not => Opcode::UnaryNot,
                    UnaryOp::UAdd => Opcode::UnaryPositive,
                    UnaryOp::USub => Opcode::UnaryNegative,
                });
            }
            ExprKind::BoolOp { op, values } => return self.bool_op(*op, values),
            ExprKind::Compare {
                left,
                ops,
                comparators,
            } => return self.compare(left, ops, comparators),
            ExprKind::IfExp { test, body, orelse } => return self.if_exp(test, body, orelse),
            ExprKind::Lambda { args, body } => return self.lambda(expr, args, body),
            ExprKind::Dict { keys, values } => return self.dict(keys, values),
            ExprKind::Set(elts) => {
                return self.display(
                    elts,
                    Opcode::BuildSet,
                    Opcode::BuildSet,
                    Opcode::BuildSetUnpack,
                );
            }
            ExprKind::List { elts, ctx } => {
                return match ctx {
                    ExprContext::Load => self.display(
                        elts,
                        Opcode::BuildList,
                        Opcode::BuildTuple,
                        Opcode::BuildListUnpack,
                    ),
                    ExprContext::Store => self.unpack(elts),
                    ExprContext::Del => self.exprs(elts),
                };
            }
            ExprKind::Tuple { elts, ctx } => {
                return match ctx {
                    ExprContext::Load => self.display(
                        elts,
                        Opcode::BuildTuple,
                        Opcode::BuildTuple,
                        Opcode::BuildTupleUnpack,
                    ),
                    ExprContext::Store => self.unpack(elts),
                    ExprContext::Del => self.exprs(elts),
                };
            }
            ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::GeneratorExp { .. } => return self.comprehension(expr),
            ExprKind::Yield(value) => return self.yield_(value.as_deref()),
            ExprKind::YieldFrom(value) => return self.yield_from(value),
            ExprKind::Await(value) => return self.await_(value),
            ExprKind::NamedExpr { target, value } => {
                self.expr(value)?;
                self.op(Opcode::DupTop);
                self.expr(target)?;
            }
            ExprKind::JoinedStr(values) => return self.joined_str(values),
            ExprKind::FormattedValue {
                value,
                conversion,
                format_spec,
            } => return self.formatted_value(value, *conversion, format_spec.as_deref()),
            ExprKind::Starred { ctx, .. } => {
                return self.error(match ctx {
                    ExprContext::Store => "starred assignment target must be in a list or tuple",
                    _ => "can't use starred expression here",
                });
            }
        }
        Ok(())
    }

    fn bool_op(&mut self, op: BoolOp, values: &[Expr]) -> Result<()> {
        let opcode = match op {
            BoolOp::And => Opcode::JumpIfFalseOrPop,
            BoolOp::Or => Opcode::JumpIfTrueOrPop,
        };
        let end = self.unit.new_block();
        if let [rest @ .., last] = values {
            for value in rest {
                self.expr(value)?;
                self.unit.jump(opcode, end);
            }
            self.expr(last)?;
        }
        self.unit.use_next_block(end);
        Ok(())
    }

    fn compare(&mut self, left: &Expr, ops: &[CmpOp], comparators: &[Expr]) -> Result<()> {
        self.expr(left)?;
        let count = ops.len().min(comparators.len());
        let Some(last) = count.checked_sub(1) else {
            return Ok(());
        };
        if last == 0 {
            self.expr(&comparators[0])?;
            self.op_arg(Opcode::CompareOp, compare_operand(ops[0]));
            return Ok(());
        }
        let cleanup = self.unit.new_block();
        for (op, comparator) in ops.iter().zip(comparators).take(last) {
            self.expr(comparator)?;
            self.op(Opcode::DupTop);
            self.op(Opcode::RotThree);
            self.op_arg(Opcode::CompareOp, compare_operand(*op));
            self.unit.jump(Opcode::JumpIfFalseOrPop, cleanup);
            self.unit.next_block();
        }
        self.expr(&comparators[last])?;
        self.op_arg(Opcode::CompareOp, compare_operand(ops[last]));
        let end = self.unit.new_block();
        self.unit.jump(Opcode::JumpForward, end);
        self.unit.use_next_block(cleanup);
        self.op(Opcode::RotTwo);
        self.op(Opcode::PopTop);
        self.unit.use_next_block(end);
        Ok(())
    }

    fn if_exp(&mut self, test: &Expr, body: &Expr, orelse: &Expr) -> Result<()> {
        let end = self.unit.new_block();
        let next = self.unit.new_block();
        self.expr(test)?;
        self.unit.jump(Opcode::PopJumpIfFalse, next);
        self.expr(body)?;
        self.unit.jump(Opcode::JumpForward, end);
        self.unit.use_next_block(next);
        self.expr(orelse)?;
        self.unit.use_next_block(end);
        Ok(())
    }

    fn yield_(&mut self, value: Option<&Expr>) -> Result<()> {
        if self.block().kind != BlockKind::Function {
            return self.error("'yield' outside function");
        }
        if self.unit.kind == UnitKind::AsyncFunction && !self.is_new_dialect() {
            return self.error("'yield' inside async function");
        }
        match value {
            Some(value) => self.expr(value)?,
            None => self.load_none(),
        }
        self.op(Opcode::YieldValue);
        Ok(())
    }

    fn yield_from(&mut self, value: &Expr) -> Result<()> {
        if self.block().kind != BlockKind::Function {
            return self.error("'yield' outside function");
        }
        if self.unit.kind == UnitKind::AsyncFunction {
            return self.error("'yield from' inside async function");
        }
        self.expr(value)?;
        self.op(Opcode::GetYieldFromIter);
        self.await_top();
        Ok(())
    }

    fn await_(&mut self, value: &Expr) -> Result<()> {
        if self.block().kind != BlockKind::Function {
            return self.error("'await' outside function");
        }
        if self.unit.kind == UnitKind::Comprehension {
            if !self.is_new_dialect() {
                return self.error("'await' expressions in comprehensions are not supported");
            }
        } else if self.unit.kind != UnitKind::AsyncFunction {
            return self.error("'await' outside async function");
        }
        self.expr(value)?;
        self.op(Opcode::GetAwaitable);
        self.await_top();
        Ok(())
    }

    /// Evaluates what stands between the brackets of a subscript.
    pub(super) fn slice(&mut self, slice: &Slice) -> Result<()> {
        match slice {
            Slice::Index(value) => self.expr(value),
            Slice::Slice { lower, upper, step } => {
                for bound in [lower, upper] {
                    match bound {
                        Some(bound) => self.expr(bound)?,
                        None => self.load_none(),
                    }
                }
                let mut count = 2;
                if let Some(step) = step {
                    count = 3;
                    self.expr(step)?;
                }
                self.op_arg(Opcode::BuildSlice, count);
                Ok(())
            }
            Slice::ExtSlice(dims) => {
                dims.iter().try_for_each(|dim| self.slice(dim))?;
                self.op_arg(Opcode::BuildTuple, dims.len());
                Ok(())
            }
        }
    }
}

fn binary_opcode(op: Operator) -> Opcode {
    match op {
        Operator::Add => Opcode::BinaryAdd,
        Operator::Sub => Opcode::BinarySubtract,
        Operator::Mult => Opcode::BinaryMultiply,
        Operator::MatMult => Opcode::BinaryMatrixMultiply,
        Operator::Div => Opcode::BinaryTrueDivide,
        Operator::Mod => Opcode::BinaryModulo,
        Operator::Pow => Opcode::BinaryPower,
        Operator::LShift => Opcode::BinaryLshift,
        Operator::RShift => Opcode::BinaryRshift,
        Operator::BitOr => Opcode::BinaryOr,
        Operator::BitXor => Opcode::BinaryXor,
        Operator::BitAnd => Opcode::BinaryAnd,
        Operator::FloorDiv => Opcode::BinaryFloorDivide,
    }
}

/// The operand of `COMPARE_OP`.
fn compare_operand(op: CmpOp) -> usize {
    match op {
        CmpOp::Lt => 0,
        CmpOp::LtE => 1,
        CmpOp::Eq => 2,
        CmpOp::NotEq => 3,
        CmpOp::Gt => 4,
        CmpOp::GtE => 5,
        CmpOp::In => 6,
        CmpOp::NotIn => 7,
        CmpOp::Is => 8,
        CmpOp::IsNot => 9,
    }
}

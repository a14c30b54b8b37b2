//! Comprehensions and generator expressions.
//!
//! Each is a function of one argument, the outermost iterator, that is called on the spot.
//! Asynchronous ones (newer dialect) follow CPython 3.6.
//! Source: CPython 3.5 `compiler_comprehension` in `Python/compile.c`.

use ceval_bytecode::{Opcode, flags};

use crate::ast::{Comprehension, Expr, ExprKind};
use crate::symtable::expr_key;

use super::{Generator, Label, Result, UnitKind};

/// What a comprehension makes of each element.
#[derive(Clone, Copy)]
enum Element<'a> {
    Yield(&'a Expr),
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
}

impl Generator<'_> {
    pub(super) fn comprehension(&mut self, expr: &Expr) -> Result<()> {
        let (name, generators, element) = match &expr.kind {
            ExprKind::ListComp { elt, generators } => {
                (self.names.listcomp, generators, Element::List(elt))
            }
            ExprKind::SetComp { elt, generators } => {
                (self.names.setcomp, generators, Element::Set(elt))
            }
            ExprKind::DictComp {
                key,
                value,
                generators,
            } => (self.names.dictcomp, generators, Element::Dict(key, value)),
            ExprKind::GeneratorExp { elt, generators } => {
                (self.names.genexpr, generators, Element::Yield(elt))
            }
            _ => return Ok(()),
        };
        let Some(outermost) = generators.first() else {
            return Ok(());
        };
        let in_async_function = self.unit.kind == UnitKind::AsyncFunction;
        self.enter(UnitKind::Comprehension, name, expr_key(expr), expr.lineno)?;
        let is_generator = matches!(element, Element::Yield(_));
        let is_coroutine = self.block().is_coroutine;
        if is_coroutine && !is_generator && !in_async_function {
            return self.error("asynchronous comprehension outside of an asynchronous function");
        }
        match element {
            Element::Yield(_) => {}
            Element::List(_) => self.op_arg(Opcode::BuildList, 0),
            Element::Set(_) => self.op_arg(Opcode::BuildSet, 0),
            Element::Dict(..) => self.op_arg(Opcode::BuildMap, 0),
        }
        self.generator(generators, 0, element)?;
        if !is_generator {
            self.op(Opcode::ReturnValue);
        }
        let mut finished = self.exit(true)?;
        if is_coroutine {
            finished.code.flags &= !flags::CO_GENERATOR;
            finished.code.flags |= if is_generator {
                flags::CO_ASYNC_GENERATOR
            } else {
                flags::CO_COROUTINE
            };
        }
        self.closure(finished, 0);
        self.expr(&outermost.iter)?;
        self.op_iterator(outermost.is_async);
        self.op_arg(Opcode::CallFunction, 1);
        if is_coroutine && !is_generator {
            self.op(Opcode::GetAwaitable);
            self.await_top();
        }
        Ok(())
    }

    /// One `for` of a comprehension with everything inside it.
    fn generator(
        &mut self,
        generators: &[Comprehension],
        place: usize,
        element: Element<'_>,
    ) -> Result<()> {
        let Some(part) = generators.get(place) else {
            return self.element(place, element);
        };
        if part.is_async {
            return self.async_generator(generators, place, element);
        }
        let start = self.unit.new_block();
        let skip = self.unit.new_block();
        let if_cleanup = self.unit.new_block();
        let anchor = self.unit.new_block();
        self.iterator(part, place)?;
        self.unit.use_next_block(start);
        self.unit.jump(Opcode::ForIter, anchor);
        self.unit.next_block();
        self.expr(&part.target)?;
        self.conditions(part, if_cleanup)?;
        self.generator(generators, place + 1, element)?;
        if place + 1 == generators.len() {
            self.unit.use_next_block(skip);
        }
        self.unit.use_next_block(if_cleanup);
        self.unit.jump(Opcode::JumpAbsolute, start);
        self.unit.use_next_block(anchor);
        Ok(())
    }

    fn async_generator(
        &mut self,
        generators: &[Comprehension],
        place: usize,
        element: Element<'_>,
    ) -> Result<()> {
        let part = &generators[place];
        let step = self.new_async_next();
        let if_cleanup = self.unit.new_block();
        let anchor = self.unit.new_block();
        self.iterator(part, place)?;
        self.async_next(&step, &part.target, false, anchor)?;
        self.conditions(part, if_cleanup)?;
        self.generator(generators, place + 1, element)?;
        self.unit.use_next_block(if_cleanup);
        self.unit.jump(Opcode::JumpAbsolute, step.next);
        self.unit.use_next_block(anchor);
        // The asynchronous iterator is still there.
        self.op(Opcode::PopTop);
        Ok(())
    }

    /// Loads the iterator of a `for`: the outermost one is the argument.
    fn iterator(&mut self, part: &Comprehension, place: usize) -> Result<()> {
        if place == 0 {
            self.unit.argcount = 1;
            self.op_arg(Opcode::LoadFast, 0);
            return Ok(());
        }
        self.expr(&part.iter)?;
        self.op_iterator(part.is_async);
        Ok(())
    }

    /// Makes an iterator of the iterable on the top.
    fn op_iterator(&mut self, is_async: bool) {
        if is_async {
            self.op(Opcode::GetAiter);
            self.await_top();
        } else {
            self.op(Opcode::GetIter);
        }
    }

    fn conditions(&mut self, part: &Comprehension, otherwise: Label) -> Result<()> {
        for condition in &part.ifs {
            self.expr(condition)?;
            self.unit.jump(Opcode::PopJumpIfFalse, otherwise);
            self.unit.next_block();
        }
        Ok(())
    }

    /// The element itself; `depth` loops are around it.
    fn element(&mut self, depth: usize, element: Element<'_>) -> Result<()> {
        match element {
            Element::Yield(elt) => {
                self.expr(elt)?;
                self.op(Opcode::YieldValue);
                self.op(Opcode::PopTop);
            }
            Element::List(elt) => {
                self.expr(elt)?;
                self.op_arg(Opcode::ListAppend, depth + 1);
            }
            Element::Set(elt) => {
                self.expr(elt)?;
                self.op_arg(Opcode::SetAdd, depth + 1);
            }
            Element::Dict(key, value) => {
                // As in `d[k] = v`, the value comes first.
                self.expr(value)?;
                self.expr(key)?;
                self.op_arg(Opcode::MapAdd, depth + 1);
            }
        }
        Ok(())
    }
}

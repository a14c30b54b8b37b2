//! Unwinding: exceptions, and `break`, `continue` and `return` through `finally`.
//!
//! CPython 3.5 `Python/ceval.c`, `fast_block_end` and `END_FINALLY`.

use super::errors::Exc;
use super::frame::{Block, BlockKind, OnReturn};
use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::exception::Exception;

/// Why blocks are unwound, other than for an exception.
pub enum Why<M: ObjectModel> {
    /// `break`.
    Break,
    /// `continue`, at this unit.
    Continue(u32),
    /// `return` with this value.
    Return(V<M>),
}

/// What stands on the stack while a `finally` runs in place of an exception (`enum why_code`).
mod why_code {
    pub const RETURN: i64 = 0x8;
    pub const BREAK: i64 = 0x10;
    pub const CONTINUE: i64 = 0x20;
    pub const SILENCED: i64 = 0x80;
}

impl<M: ObjectModel> Vm<M> {
    /// Carries the exception in `raised` to a handler in this run of the loop
    /// ([`Flow::Next`], registers there) or out of it ([`Flow::Stop`], still raised).
    #[cold]
    pub fn unwind(&mut self, r: &mut Regs<M>) -> Flow {
        loop {
            self.add_traceback(r);
            while self.stacks.blocks.len() > self.frame().block_base as usize {
                let block = self.pop_block();
                match block.kind {
                    BlockKind::Loop => self.unwind_to(r, block.level),
                    BlockKind::ExceptHandler => self.unwind_except_handler(r, block),
                    BlockKind::Except | BlockKind::Finally => {
                        self.unwind_to(r, block.level);
                        self.enter_handler(r, block.handler);
                        return Flow::Next;
                    }
                }
            }
            if let Some(flow) = self.leave_raising(r) {
                return flow;
            }
        }
    }

    /// Starts a handler: saves the exception handled so far, pushes the new one.
    fn enter_handler(&mut self, r: &mut Regs<M>, handler: u32) {
        let level = self.level(r);
        self.stacks.blocks.push(Block {
            kind: BlockKind::ExceptHandler,
            handler: 0,
            level,
        });
        let raised = self.take_raised();
        let before = std::mem::replace(&mut self.handled, raised.clone());
        self.push_triple(r, before);
        self.push_triple(r, raised);
        self.jump_to(r, handler);
    }

    /// Pushes traceback, value and class of an exception; three Nones for none.
    fn push_triple(&mut self, r: &mut Regs<M>, exception: V<M>) {
        if exception.is_null() {
            for _ in 0..3 {
                r.push(V::<M>::none());
            }
            return;
        }
        let traceback = exception
            .get::<Exception<M>>()
            .and_then(|e| e.traceback.get());
        let class = self.type_of(&exception);
        r.push(traceback.unwrap_or_else(V::<M>::none));
        r.push(exception);
        r.push(class);
    }

    /// Ends a handler: drops what it left above the saved exception and restores that.
    pub fn unwind_except_handler(&mut self, r: &mut Regs<M>, block: Block) {
        self.unwind_to(r, block.level + 3);
        drop(r.pop());
        let value = r.pop();
        drop(r.pop());
        let before = if value.is_none() {
            V::<M>::null()
        } else {
            value
        };
        drop(std::mem::replace(&mut self.handled, before));
    }

    /// Leaves the top activation with an exception; `None`: go on unwinding in the caller.
    fn leave_raising(&mut self, r: &mut Regs<M>) -> Option<Flow> {
        let on_return = self.frame().on_return;
        let resume_arg = self.frame().resume_arg;
        let generator = on_return.is_generator();
        if generator {
            self.finish_generator();
            self.convert_stop_iteration();
        }
        self.discard_frame(r);
        match on_return {
            OnReturn::Leave | OnReturn::LeaveGenerator => return Some(Flow::Stop),
            OnReturn::Push | OnReturn::Init | OnReturn::Binary | OnReturn::With => {}
            OnReturn::ForIter if self.raised_is(Exc::StopIteration) => {
                drop(self.take_raised());
                drop(r.pop());
                r.jump_by(self.dispatcher.unit_size, resume_arg);
                return Some(Flow::Next);
            }
            OnReturn::YieldFrom if self.raised_is(Exc::StopIteration) => {
                let stop = self.take_raised();
                let value = self.stop_iteration_value(&stop);
                drop(r.swap(0, value));
                return Some(Flow::Next);
            }
            OnReturn::ForIter | OnReturn::YieldFrom => {}
        }
        self.save(r);
        None
    }

    /// `break`, `continue` or `return`: runs the `finally` clauses between here and the goal.
    pub fn unwind_for(&mut self, r: &mut Regs<M>, why: Why<M>) -> Res<Flow> {
        while self.stacks.blocks.len() > self.frame().block_base as usize {
            let block = *self.stacks.blocks.last().expect("not empty");
            if let (BlockKind::Loop, Why::Continue(target)) = (block.kind, &why) {
                let target = *target;
                self.jump_to(r, target);
                return Ok(Flow::Next);
            }
            self.pop_block();
            if block.kind == BlockKind::ExceptHandler {
                self.unwind_except_handler(r, block);
                continue;
            }
            self.unwind_to(r, block.level);
            match block.kind {
                BlockKind::Loop if matches!(why, Why::Break) => {
                    self.jump_to(r, block.handler);
                    return Ok(Flow::Next);
                }
                BlockKind::Finally => {
                    let code = match why {
                        Why::Break => why_code::BREAK,
                        Why::Continue(target) => {
                            let target = self.new_int(i64::from(target));
                            r.push(target);
                            why_code::CONTINUE
                        }
                        Why::Return(v) => {
                            r.push(v);
                            why_code::RETURN
                        }
                    };
                    let code = self.new_int(code);
                    r.push(code);
                    self.jump_to(r, block.handler);
                    return Ok(Flow::Next);
                }
                _ => {}
            }
        }
        match why {
            Why::Return(v) => self.finish_return(r, v),
            Why::Break | Why::Continue(_) => {
                Err(self.raise(Exc::SystemError, "'break' outside loop"))
            }
        }
    }

    /// `END_FINALLY`.
    pub fn end_finally(&mut self, r: &mut Regs<M>) -> Res<Flow> {
        let status = r.pop();
        if status.is_none() {
            return Ok(Flow::Next);
        }
        if let Some(code) = status.small_int() {
            return match code {
                why_code::RETURN => {
                    let v = r.pop();
                    self.unwind_for(r, Why::Return(v))
                }
                why_code::CONTINUE => {
                    let target = r.pop().small_int().unwrap_or(0);
                    self.unwind_for(r, Why::Continue(target as u32))
                }
                why_code::BREAK => self.unwind_for(r, Why::Break),
                _ => {
                    // An exception that `__exit__` has silenced: its handler block ends here.
                    let block = self.pop_block();
                    self.unwind_except_handler(r, block);
                    Ok(Flow::Next)
                }
            };
        }
        let value = r.pop();
        let traceback = r.pop();
        if let Some(e) = value.get::<Exception<M>>()
            && !traceback.is_none()
        {
            e.traceback.set(traceback);
        }
        self.traceback_is_complete = true;
        Err(self.reraise(value))
    }

    /// `WITH_CLEANUP_START`: calls `__exit__` with the exception or three Nones; pushes the exception
    /// class (or None) and the result.
    pub fn with_cleanup_start(&mut self, r: &mut Regs<M>) -> Res<Flow> {
        let top = r.peek(0).clone();
        let (exit, args) = if top.is_none() {
            // None | exit
            let none = r.pop();
            let exit = r.swap(0, none);
            (exit, [V::<M>::none(), V::<M>::none(), V::<M>::none()])
        } else if let Some(code) = top.small_int() {
            let below = if matches!(code, why_code::RETURN | why_code::CONTINUE) {
                2
            } else {
                1
            };
            let exit = r.peek(below).clone();
            // Close the gap that `__exit__` leaves under the code (and the value).
            let code = r.pop();
            let value = (below == 2).then(|| r.pop());
            drop(r.pop());
            if let Some(v) = value {
                r.push(v);
            }
            r.push(code);
            (exit, [V::<M>::none(), V::<M>::none(), V::<M>::none()])
        } else {
            // type value tb | old type value tb | exit: take `__exit__` out and leave a dead slot
            // (None) in its place, as CPython does by shifting the old triple down.
            let (class, value, traceback) =
                (r.peek(0).clone(), r.peek(1).clone(), r.peek(2).clone());
            let exit = r.peek(6).clone();
            let new = [r.pop(), r.pop(), r.pop()];
            let old = [r.pop(), r.pop(), r.pop()];
            drop(r.pop());
            for v in old.into_iter().rev() {
                r.push(v);
            }
            r.push(V::<M>::null());
            for v in new.into_iter().rev() {
                r.push(v);
            }
            // The handler block's saved triple now stands one lower.
            if let Some(block) = self.stacks.blocks.last_mut() {
                debug_assert!(block.kind == BlockKind::ExceptHandler);
                block.level -= 1;
            }
            (exit, [class, value, traceback])
        };
        r.push(args[0].clone());
        r.push(exit);
        for v in args {
            r.push(v);
        }
        self.call_on_stack(r, 3, 0)
    }

    /// `WITH_CLEANUP_FINISH`: swallows the exception if `__exit__` gave something true.
    pub fn with_cleanup_finish(&mut self, r: &mut Regs<M>) -> Res<()> {
        let result = r.pop();
        let class = r.pop();
        let swallow = !class.is_none() && self.is_true(&result)?;
        if swallow {
            let code = self.new_int(why_code::SILENCED);
            r.push(code);
        }
        Ok(())
    }

    /// Whether an exception class (or instance) is caught by `except target`.
    pub fn exception_matches(&mut self, exception: &V<M>, target: &V<M>) -> Res<bool> {
        let targets = match target.get::<crate::types::tuple::Tuple<M>>() {
            Some(t) => &t.items[..],
            None => std::slice::from_ref(target),
        };
        for t in targets {
            if !self.is_exception_class(t) {
                let m = "catching classes that do not inherit from BaseException is not allowed";
                return Err(self.raise_type_error(m));
            }
        }
        let class = match exception.get::<crate::types::class::Type<M>>() {
            Some(c) => c.id,
            None => exception.tag().class(),
        };
        Ok(targets.iter().any(|t| {
            t.get::<crate::types::class::Type<M>>()
                .is_some_and(|t| self.class_is_subclass(class, t.id))
        }))
    }

    /// Whether a value is a class derived from BaseException.
    pub fn is_exception_class(&self, v: &V<M>) -> bool {
        v.get::<crate::types::class::Type<M>>()
            .is_some_and(|t| self.class_is_subclass(t.id, Exc::BaseException.class()))
    }
}

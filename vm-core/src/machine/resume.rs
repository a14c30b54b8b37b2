//! Generators: resuming, yielding, delegating, finishing.
//!
//! A resumed activation is copied onto the stacks of whoever resumes it and runs in the same
//! loop; a `yield` copies it back. The common cases of both stand in `suspend.rs`. CPython `Objects/genobject.c`, `Python/ceval.c`.

use super::errors::Exc;
use super::frame::{BlockKind, OnReturn};
use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::{Kind, ObjectModel, Raised, Res, V, Value};
use crate::types::generator::{GeneratorState, activation};

impl<M: ObjectModel> Vm<M> {
    /// Pushes a suspended generator's activation on top of the stacks. `sent` goes on its operand
    /// stack unless it has just been created.
    fn push_activation(
        &mut self,
        r: &mut Regs<M>,
        generator: &V<M>,
        sent: Option<V<M>>,
        on_return: OnReturn,
    ) -> Res<()> {
        if let Some(state) = self.try_resume(r, generator, on_return, self.dispatcher.unit_size) {
            if let Some(v) = sent
                && state == GeneratorState::Suspended
            {
                r.push(v);
            }
            return Ok(());
        }
        let Some(a) = activation::<M>(generator) else {
            return Err(self.raise(Exc::SystemError, "not a generator"));
        };
        if self.depth >= self.depth_limit {
            self.depth += 1;
            return Err(self.raise_recursion(""));
        }
        let linked = a.linked();
        if r.sp.wrapping_add(linked.frame_size as usize + 1) > self.stack_limit {
            self.depth += 1;
            return Err(self.raise_recursion(""));
        }
        let created = a.state.get() == GeneratorState::Created;
        a.state.set(GeneratorState::Running);
        r.push(a.function.clone());
        let fp = r.sp;
        let resume = {
            // The buffers stay with the generator for the next suspension.
            let mut s = a.suspended.borrow_mut();
            r.push_from(&mut s.words);
            s.resume
        };
        if let Some(v) = sent
            && !created
        {
            r.push(v);
        }
        self.push_frame(r.ip, fp, linked, a.globals, on_return);
        self.stacks
            .blocks
            .append(&mut a.suspended.borrow_mut().blocks);
        r.fp = fp;
        r.ip = linked
            .entry
            .wrapping_add(resume as usize * self.dispatcher.unit_size);
        let caller_handled = if a.handled.is_some() {
            std::mem::replace(&mut self.handled, a.handled.take())
        } else {
            self.handled.clone()
        };
        let object = a.frame.take();
        let frame = self.frame_mut();
        frame.generator = generator.clone();
        frame.extra = caller_handled;
        if !object.is_null() {
            self.attach_frame_object(object);
        }
        Ok(())
    }

    /// FOR_ITER on a generator: goes on inside it.
    pub fn resume_for_iter(&mut self, r: &mut Regs<M>, displacement: u32) -> Res<Flow> {
        let generator = r.peek(0).clone();
        if generator.kind() != Kind::Generator {
            let m = format!("'{}' object is not iterable", self.type_name(&generator));
            return Err(self.raise_type_error(m));
        }
        match activation::<M>(&generator).map(|a| a.state.get()) {
            Some(GeneratorState::Running) => return Err(self.raise_already_executing(&generator)),
            Some(GeneratorState::Finished) | None => {
                drop(r.pop());
                r.jump_by(self.dispatcher.unit_size, displacement);
                return Ok(Flow::Next);
            }
            _ => {}
        }
        self.push_activation(r, &generator, Some(V::<M>::none()), OnReturn::ForIter)?;
        self.frame_mut().resume_arg = displacement;
        Ok(Flow::Next)
    }

    /// YIELD_FROM: sends the top to the subiterator below it.
    pub fn yield_from(&mut self, r: &mut Regs<M>) -> Res<Flow> {
        let sent = r.pop();
        let sub = r.peek(0).clone();
        if let Some(a) = activation::<M>(&sub)
            && sub.kind() != Kind::AsyncGenerator
        {
            match a.state.get() {
                GeneratorState::Running => return Err(self.raise_already_executing(&sub)),
                GeneratorState::Finished => {
                    let none = V::<M>::none();
                    drop(r.swap(0, none));
                    return Ok(Flow::Next);
                }
                GeneratorState::Created if !sent.is_none() => {
                    let m = "can't send non-None value to a just-started generator";
                    return Err(self.raise_type_error(m));
                }
                _ => {}
            }
            self.push_activation(r, &sub, Some(sent), OnReturn::YieldFrom)?;
            return Ok(Flow::Next);
        }
        let next = if sent.is_none() {
            self.next_or_stop(&sub).map(Some)
        } else {
            self.call_method(&sub, "send", std::slice::from_ref(&sent))
                .map(Some)
        };
        match next {
            Ok(Some(v)) => {
                // Come back to this instruction when resumed.
                r.jump_by(self.dispatcher.unit_size, -1i32 as u32);
                Ok(self.yield_value(r, v))
            }
            Ok(None) => {
                let none = V::<M>::none();
                drop(r.swap(0, none));
                Ok(Flow::Next)
            }
            Err(e) => {
                if !self.raised_is(Exc::StopIteration) {
                    return Err(e);
                }
                let stop = self.take_raised();
                let value = self.stop_iteration_value(&stop);
                drop(r.swap(0, value));
                Ok(Flow::Next)
            }
        }
    }

    /// YIELD_VALUE, and each step of a delegation: suspends the top activation with a value, and
    /// every generator that delegates to it.
    pub fn yield_value(&mut self, r: &mut Regs<M>, v: V<M>) -> Flow {
        loop {
            let on_return = self.frame().on_return;
            if !self.try_suspend(r, self.dispatcher.unit_size) {
                self.suspend(r);
            }
            match on_return {
                OnReturn::ForIter => {
                    r.push(v);
                    return Flow::Next;
                }
                OnReturn::YieldFrom => {
                    // The delegating generator stands at the unit after its YIELD_FROM: go back.
                    r.jump_by(self.dispatcher.unit_size, -1i32 as u32);
                }
                _ => {
                    self.returned = v;
                    self.yielded = true;
                    return Flow::Stop;
                }
            }
        }
    }

    /// Copies the top activation into its generator and leaves it.
    fn suspend(&mut self, r: &mut Regs<M>) {
        let resume = self.unit_index(r);
        let fp = self.frame().fp;
        let entry = self.frame().on_return == OnReturn::LeaveGenerator;
        let generator = std::mem::replace(&mut self.frame_mut().generator, V::<M>::null());
        let caller_handled = std::mem::replace(&mut self.frame_mut().extra, V::<M>::null());
        let base = self.frame().block_base as usize;
        let own_handled = std::mem::replace(&mut self.handled, caller_handled);
        let rare = self.frame_mut().rare.take();
        let depth = (r.sp as usize - fp as usize) / size_of::<V<M>>();
        if let Some(a) = activation::<M>(&generator) {
            {
                let mut s = a.suspended.borrow_mut();
                r.pop_onto(&mut s.words, depth);
                s.blocks.extend(self.stacks.blocks.drain(base..));
                s.resume = resume;
                if s.blocks.iter().any(|b| b.kind == BlockKind::ExceptHandler) {
                    a.handled.set(own_handled);
                }
            }
            a.state.set(GeneratorState::Suspended);
            if let Some(rare) = rare {
                self.detach_frame_object(&rare.object);
                a.frame.set(rare.object);
            }
        }
        let function = r.pop();
        let sp = r.sp;
        if entry {
            self.drop_frame();
            self.sp = sp;
        } else {
            self.pop_frame(r, fp);
            r.sp = sp;
        }
        drop(function);
    }

    /// The top activation is a generator's and ends, by return or exception: restores the caller's
    /// handled exception.
    pub fn finish_generator(&mut self) {
        let generator = self.frame().generator.clone();
        let caller_handled = std::mem::replace(&mut self.frame_mut().extra, V::<M>::null());
        drop(std::mem::replace(&mut self.handled, caller_handled));
        if let Some(a) = activation::<M>(&generator) {
            a.state.set(GeneratorState::Finished);
            drop(a.handled.take());
        }
    }

    /// Resumes a generator from native code. `Some`: it yielded; `None`: it returned, and the
    /// result is in `returned`.
    pub fn resume_generator(&mut self, generator: &V<M>, sent: V<M>) -> Res<Option<V<M>>> {
        if self.native_depth >= super::stacks::MAX_NATIVE {
            return self.resume_native(generator, Some(sent), None);
        }
        let sp = self.sp;
        // SAFETY: `sp` is the first free word; `try_resume` checks for room.
        let mut r = unsafe { Regs::new(self.saved_ip(), sp, sp) };
        let unit_size = self.dispatcher.unit_size;
        let on_return = OnReturn::LeaveGenerator;
        match self.try_resume(&mut r, generator, on_return, unit_size) {
            Some(GeneratorState::Suspended) => r.push(sent),
            Some(_) => {}
            None => return self.resume_native(generator, Some(sent), None),
        }
        self.native_depth += 1;
        self.yielded = false;
        let step = self.run_generator(r);
        self.native_depth -= 1;
        self.sp = sp;
        self.reload_tables();
        step
    }

    /// Runs a resumed generator until it yields or ends; see [`Vm::resume_generator`].
    fn run_generator(&mut self, r: Regs<M>) -> Res<Option<V<M>>> {
        let v = self.run_loop(r)?;
        if std::mem::replace(&mut self.yielded, false) {
            return Ok(Some(v));
        }
        self.returned = v;
        Ok(None)
    }

    /// Raises an exception inside a generator, where it is suspended. As [`Vm::resume_generator`].
    /// An exception thrown into one that has not started finishes it.
    pub fn throw_into_generator(&mut self, generator: &V<M>, exception: V<M>) -> Res<Option<V<M>>> {
        match activation::<M>(generator).map(|a| a.state.get()) {
            Some(GeneratorState::Running) => Err(self.raise_already_executing(generator)),
            Some(GeneratorState::Suspended | GeneratorState::Created) => {
                self.resume_native(generator, None, Some(exception))
            }
            _ => Err(self.reraise(exception)),
        }
    }

    fn resume_native(
        &mut self,
        generator: &V<M>,
        sent: Option<V<M>>,
        thrown: Option<V<M>>,
    ) -> Res<Option<V<M>>> {
        match activation::<M>(generator).map(|a| a.state.get()) {
            Some(GeneratorState::Running) => return Err(self.raise_already_executing(generator)),
            Some(GeneratorState::Finished) | None => {
                self.returned = V::<M>::none();
                return Ok(None);
            }
            _ => {}
        }
        let sp = self.sp;
        // SAFETY: `sp` is the first free word; `push_activation` checks for room.
        let mut r = unsafe { Regs::new(self.saved_ip(), sp, sp) };
        self.native_depth += 1;
        let pushed = if self.native_depth > super::stacks::MAX_NATIVE {
            self.depth += 1;
            Err(self.raise_recursion(" while calling a Python object"))
        } else {
            self.push_activation(&mut r, generator, sent, OnReturn::LeaveGenerator)
        };
        let result = match pushed {
            Err(e) => Err(e),
            Ok(()) => {
                self.yielded = false;
                let go = match thrown {
                    None => Flow::Next,
                    Some(exception) => {
                        self.save(&r);
                        // As `PyErr_Restore`: what is handled inside does not become its context.
                        let _: Raised = self.reraise(exception);
                        self.unwind(&mut r)
                    }
                };
                if go == Flow::Next {
                    self.run_generator(r)
                } else {
                    Err(Raised)
                }
            }
        };
        self.yielded = false;
        self.native_depth -= 1;
        self.sp = sp;
        self.reload_tables();
        result
    }

    #[cold]
    fn raise_already_executing(&mut self, generator: &V<M>) -> Raised {
        let what = if generator.kind() == Kind::Coroutine {
            "coroutine"
        } else {
            "generator"
        };
        self.raise_value_error(format!("{what} already executing"))
    }

    /// Whether the running code may use `yield from` on a coroutine.
    pub fn may_delegate_to_coroutine(&self) -> bool {
        use ceval_bytecode::flags;
        self.linked().flags & (flags::CO_COROUTINE | flags::CO_ITERABLE_COROUTINE) != 0
    }
}

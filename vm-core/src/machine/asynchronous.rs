//! `await`, `async for`: finding the iterators behind them (CPython `Python/ceval.c`,
//! GET_AWAITABLE, GET_AITER, GET_ANEXT; PEP 492).

use super::errors::Exc;
use super::vm::Vm;
use crate::object::{Kind, ObjectModel, Res, V, Value};
use crate::types::generator::asynchronous::{finished_step, is_async_iterator};

impl<M: ObjectModel> Vm<M> {
    /// The iterator of an awaitable: a coroutine itself, a generator marked as coroutine, or what
    /// `__await__` gives.
    pub fn awaitable_iter(&mut self, v: &V<M>) -> Res<V<M>> {
        if v.kind() == Kind::Coroutine {
            if let Some(a) = crate::types::generator::activation::<M>(v)
                && a.yield_from.is_some()
            {
                let m = "coroutine is being awaited already";
                return Err(self.raise(Exc::RuntimeError, m));
            }
            return Ok(v.clone());
        }
        if v.kind() == Kind::Generator && self.is_coroutine_generator(v) {
            return Ok(v.clone());
        }
        let Some(f) = self.slots(v).await_ else {
            let m = format!(
                "object {} can't be used in 'await' expression",
                self.type_name(v)
            );
            return Err(self.raise_type_error(m));
        };
        let it = f(self, v)?;
        if it.kind() == Kind::Coroutine
            || it.kind() == Kind::Generator && self.is_coroutine_generator(&it)
        {
            return Err(self.raise_type_error("__await__() returned a coroutine"));
        }
        if self.slots(&it).iternext.is_none() {
            let m = format!(
                "__await__() returned non-iterator of type '{}'",
                self.type_name(&it)
            );
            return Err(self.raise_type_error(m));
        }
        Ok(it)
    }

    fn is_coroutine_generator(&self, v: &V<M>) -> bool {
        let Some(a) = crate::types::generator::activation::<M>(v) else {
            return false;
        };
        let Some(f) = a.function.get::<crate::types::function::Function<M>>() else {
            return false;
        };
        let code = f.code.load();
        code.get::<crate::types::code::Code<M>>()
            .is_some_and(|c| c.object.flags & ceval_bytecode::flags::CO_ITERABLE_COROUTINE != 0)
    }

    /// GET_AITER: what `__aiter__` gives; 3.5.1 awaits it, later releases take the iterator itself.
    pub fn async_iter(&mut self, v: &V<M>) -> Res<V<M>> {
        let Some(f) = self.slots(v).aiter else {
            let m = format!(
                "'async for' requires an object with __aiter__ method, got {}",
                self.type_name(v)
            );
            return Err(self.raise_type_error(m));
        };
        let it = f(self, v)?;
        match self.awaitable_iter(&it) {
            Ok(awaitable) => Ok(awaitable),
            Err(_) if is_async_iterator(self, &it) => {
                drop(self.take_raised());
                Ok(finished_step(self, &it))
            }
            Err(_) => {
                let m = format!(
                    "'async for' received an invalid object from __aiter__: {}",
                    self.type_name(&it)
                );
                Err(self.raise_from_raised(Exc::TypeError, m))
            }
        }
    }

    /// GET_ANEXT: the awaitable of `__anext__`.
    pub fn async_next(&mut self, it: &V<M>) -> Res<V<M>> {
        let Some(f) = self.slots(it).anext else {
            let m = format!(
                "'async for' requires an iterator with __anext__ method, got {}",
                self.type_name(it)
            );
            return Err(self.raise_type_error(m));
        };
        let next = f(self, it)?;
        match self.awaitable_iter(&next) {
            Ok(a) => Ok(a),
            Err(_) => {
                let m = format!(
                    "'async for' received an invalid object from __anext__: {}",
                    self.type_name(&next)
                );
                Err(self.raise_from_raised(Exc::TypeError, m))
            }
        }
    }
}

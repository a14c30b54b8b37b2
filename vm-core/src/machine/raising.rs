//! `raise`, `with`'s special methods, unbound names, and the traceback of a passing exception.

use super::errors::Exc;
use super::regs::Regs;
use super::vm::Vm;
use crate::object::{ObjectModel, Raised, Res, V, Value, ValueCell};
use crate::types::class::Type;
use crate::types::exception::Exception;
use crate::types::traceback::Traceback;

impl<M: ObjectModel> Vm<M> {
    /// `raise`, `raise exception`, `raise exception from cause`.
    #[cold]
    pub fn raise_statement(&mut self, exception: Option<V<M>>, cause: Option<V<M>>) -> Raised {
        let Some(exception) = exception else {
            if self.handled.is_null() {
                return self.raise(Exc::RuntimeError, "No active exception to reraise");
            }
            let handled = self.handled.clone();
            self.traceback_is_complete = true;
            return self.reraise(handled);
        };
        let value = match self
            .instantiate_exception(&exception, "exceptions must derive from BaseException")
        {
            Ok(v) => v,
            Err(e) => return e,
        };
        if let Some(cause) = cause {
            let cause = if cause.is_none() {
                V::<M>::null()
            } else {
                match self.instantiate_exception(
                    &cause,
                    "exception causes must derive from BaseException",
                ) {
                    Ok(v) => v,
                    Err(e) => return e,
                }
            };
            if let Some(e) = value.get::<Exception<M>>() {
                e.cause.set(cause);
                e.suppress_context.set(true);
            }
        }
        self.raise_value(value)
    }

    /// An exception as it is, or a new instance of an exception class.
    pub fn instantiate_exception(&mut self, v: &V<M>, otherwise: &str) -> Res<V<M>> {
        if self.is_exception_class(v) {
            let value = self.call_values(v, &[])?;
            if value.get::<Exception<M>>().is_none() {
                let class = match v.get::<Type<M>>() {
                    Some(_) => self.repr_text(v)?,
                    None => String::new(),
                };
                let got = self.type_of(&value);
                let got = self.repr_text(&got)?;
                return Err(self.raise_type_error(format!(
                    "calling {class} should have returned an instance of BaseException, not {got}"
                )));
            }
            return Ok(value);
        }
        if v.get::<Exception<M>>().is_some() {
            return Ok(v.clone());
        }
        Err(self.raise_type_error(otherwise))
    }

    /// Adds the running frame to the traceback of the exception in `raised`.
    /// A re-raise in the same frame (`raise`, the end of a `finally`) adds nothing.
    pub fn add_traceback(&mut self, r: &Regs<M>) {
        if std::mem::take(&mut self.traceback_is_complete) {
            return;
        }
        let raised = self.raised.clone();
        let Some(e) = raised.get::<Exception<M>>() else {
            return;
        };
        self.frame_mut().ip = r.ip;
        let Some(frame) = self.frame_object(0) else {
            return;
        };
        let (lasti, lineno) = self.position_of_frame(0);
        let next = e.traceback.take();
        let entry = self.alloc(Traceback {
            next: ValueCell::new(next),
            frame: ValueCell::new(frame),
            lasti,
            lineno,
        });
        e.traceback.set(entry);
    }

    /// A special method of a context manager, bound; AttributeError with its name if absent.
    pub fn with_special(&mut self, manager: &V<M>, name: &V<M>) -> Res<V<M>> {
        match self.lookup_class_attr(manager.tag().class(), name) {
            Some(f) => {
                let owner = self.type_of(manager);
                self.bind(&f, Some(manager), &owner)
            }
            None => {
                let name = self.text_of(name);
                Err(self.raise(Exc::AttributeError, name))
            }
        }
    }

    /// UnboundLocalError for a local's slot.
    #[cold]
    pub fn raise_unbound_local(&mut self, slot: u32) -> Raised {
        let name = self
            .code_object()
            .varnames
            .get(slot as usize)
            .cloned()
            .unwrap_or_default();
        self.raise(
            Exc::UnboundLocalError,
            format!("local variable '{name}' referenced before assignment"),
        )
    }

    /// NameError or UnboundLocalError for a cell.
    #[cold]
    pub fn raise_unbound_deref(&mut self, index: u32) -> Raised {
        let code = self.code_object();
        let cells = code.cellvars.len();
        match code.cellvars.get(index as usize) {
            Some(name) => {
                let m = format!("local variable '{name}' referenced before assignment");
                self.raise(Exc::UnboundLocalError, m)
            }
            None => {
                let name = code
                    .freevars
                    .get(index as usize - cells)
                    .cloned()
                    .unwrap_or_default();
                let m = format!(
                    "free variable '{name}' referenced before assignment in enclosing scope"
                );
                self.raise(Exc::NameError, m)
            }
        }
    }

    /// NameError for a global name.
    #[cold]
    pub fn raise_name_error(&mut self, name: &V<M>) -> Raised {
        let name = self.text_of(name);
        self.raise(Exc::NameError, format!("name '{name}' is not defined"))
    }

    /// The `value` of a StopIteration.
    pub fn stop_iteration_value(&mut self, stop: &V<M>) -> V<M> {
        let args = stop.get::<Exception<M>>().map(|e| e.args.load());
        let first = args.and_then(|a| {
            a.get::<crate::types::tuple::Tuple<M>>()
                .and_then(|t| t.items.first().cloned())
        });
        first.unwrap_or_else(V::<M>::none)
    }

    /// `generator_stop`: a StopIteration that leaves such a generator becomes a RuntimeError.
    pub fn convert_stop_iteration(&mut self) {
        use ceval_bytecode::flags;
        let code_flags = self.linked().flags;
        let strict = code_flags & (flags::CO_COROUTINE | flags::CO_FUTURE_GENERATOR_STOP) != 0;
        if !strict || !self.raised_is(Exc::StopIteration) {
            return;
        }
        let what = if code_flags & flags::CO_COROUTINE != 0 {
            "coroutine"
        } else {
            "generator"
        };
        let _: Raised =
            self.raise_from_raised(Exc::RuntimeError, format!("{what} raised StopIteration"));
    }

    /// Raises a built-in exception in place of the one being raised, which becomes its cause and
    /// context (`_PyErr_FormatFromCause`).
    #[cold]
    pub fn raise_from_raised(&mut self, exc: Exc, message: impl Into<String>) -> Raised {
        let cause = self.take_raised();
        let raised = self.raise(exc, message);
        let error = self.raised.clone();
        if let Some(e) = error.get::<Exception<M>>() {
            e.cause.set(cause.clone());
            e.context.set(cause);
            e.suppress_context.set(true);
        }
        raised
    }
}

//! Raising: exceptions made by native code.

use super::vm::Vm;
use crate::object::{ClassId, ObjectModel, Raised, V, Value, ValueCell};
use crate::text::error::{ErrorKind, OpError, OpResult};
use crate::types::exception::Exception;
use std::cell::Cell;

macro_rules! exceptions { ($($name:ident: $base:ident;)*) => {
    /// The built-in exceptions.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[repr(u8)]
    #[allow(missing_docs)]
    pub enum Exc { BaseException, $($name,)* }

    impl Exc {
        /// Every built-in exception with its base, bases first.
        pub const ALL: &'static [(Exc, &'static str, Exc)] = &[
            (Exc::BaseException, "BaseException", Exc::BaseException),
            $((Exc::$name, stringify!($name), Exc::$base),)*
        ];
    }
} }
exceptions! {
    SystemExit: BaseException;
    KeyboardInterrupt: BaseException;
    GeneratorExit: BaseException;
    Exception: BaseException;
    StopIteration: Exception;
    StopAsyncIteration: Exception;
    ArithmeticError: Exception;
    FloatingPointError: ArithmeticError;
    OverflowError: ArithmeticError;
    ZeroDivisionError: ArithmeticError;
    AssertionError: Exception;
    AttributeError: Exception;
    BufferError: Exception;
    EOFError: Exception;
    ImportError: Exception;
    LookupError: Exception;
    IndexError: LookupError;
    KeyError: LookupError;
    MemoryError: Exception;
    NameError: Exception;
    UnboundLocalError: NameError;
    OSError: Exception;
    BlockingIOError: OSError;
    ChildProcessError: OSError;
    ConnectionError: OSError;
    BrokenPipeError: ConnectionError;
    ConnectionAbortedError: ConnectionError;
    ConnectionRefusedError: ConnectionError;
    ConnectionResetError: ConnectionError;
    FileExistsError: OSError;
    FileNotFoundError: OSError;
    InterruptedError: OSError;
    IsADirectoryError: OSError;
    NotADirectoryError: OSError;
    PermissionError: OSError;
    ProcessLookupError: OSError;
    TimeoutError: OSError;
    ReferenceError: Exception;
    RuntimeError: Exception;
    NotImplementedError: RuntimeError;
    RecursionError: RuntimeError;
    SyntaxError: Exception;
    IndentationError: SyntaxError;
    TabError: IndentationError;
    SystemError: Exception;
    TypeError: Exception;
    ValueError: Exception;
    UnicodeError: ValueError;
    UnicodeDecodeError: UnicodeError;
    UnicodeEncodeError: UnicodeError;
    UnicodeTranslateError: UnicodeError;
    Warning: Exception;
    UserWarning: Warning;
    DeprecationWarning: Warning;
    PendingDeprecationWarning: Warning;
    SyntaxWarning: Warning;
    RuntimeWarning: Warning;
    FutureWarning: Warning;
    ImportWarning: Warning;
    UnicodeWarning: Warning;
    BytesWarning: Warning;
    ResourceWarning: Warning;
}

impl Exc {
    /// Name of the class.
    pub fn name(self) -> &'static str {
        Exc::ALL[self as usize].1
    }

    /// Id of the class: exceptions follow the kinds in the class table, in order; the root
    /// has its kind's id.
    pub fn class(self) -> ClassId {
        match self {
            Exc::BaseException => ClassId(crate::object::Kind::Exception as u32),
            _ => ClassId(crate::object::kinds::KIND_COUNT as u32 + self as u32 - 1),
        }
    }

    /// The exception of that name.
    pub fn from_name(name: &str) -> Option<Exc> {
        Exc::ALL.iter().find(|e| e.1 == name).map(|e| e.0)
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A new exception object of a built-in class with these `args`. No constructor runs.
    pub fn new_exception(&mut self, exc: Exc, args: Vec<V<M>>) -> V<M> {
        let class = self.class_entry(exc.class()).object.clone();
        let args = self.new_tuple(args);
        self.alloc_as(
            &class,
            Exception {
                args: ValueCell::new(args),
                cause: ValueCell::empty(),
                context: ValueCell::empty(),
                traceback: ValueCell::empty(),
                suppress_context: Cell::new(false),
            },
        )
    }

    /// Raises a built-in exception with a message.
    #[cold]
    pub fn raise(&mut self, exc: Exc, message: impl Into<String>) -> Raised {
        let message = self.new_str(message);
        let value = self.new_exception(exc, vec![message]);
        self.raise_value(value)
    }

    /// Raises a built-in exception with any `args`.
    #[cold]
    pub fn raise_with(&mut self, exc: Exc, args: Vec<V<M>>) -> Raised {
        let value = self.new_exception(exc, args);
        self.raise_value(value)
    }

    /// Raises an exception object. Its `__context__` becomes the exception being handled.
    #[cold]
    pub fn raise_value(&mut self, value: V<M>) -> Raised {
        self.set_context(&value);
        self.raised = value;
        Raised
    }

    /// Links the exception being handled behind `value` as `__context__`, without making a cycle.
    pub fn set_context(&mut self, value: &V<M>) {
        if self.handled.is_null() || self.handled.is(value) {
            return;
        }
        let handled = self.handled.clone();
        // Cut the chain where it already holds `value`, as `_PyErr_SetObject` does.
        let mut link = handled.clone();
        while let Some(next) = link.get::<Exception<M>>().and_then(|e| e.context.get()) {
            if next.is(value) {
                if let Some(e) = link.get::<Exception<M>>() {
                    drop(e.context.take());
                }
                break;
            }
            link = next;
        }
        if let Some(e) = value.get::<Exception<M>>() {
            e.context.set(handled);
        }
    }

    /// Raises again what [`Vm::take_raised`] gave, leaving its context alone.
    pub fn reraise(&mut self, value: V<M>) -> Raised {
        self.raised = value;
        Raised
    }

    /// Takes the exception being raised.
    pub fn take_raised(&mut self) -> V<M> {
        std::mem::replace(&mut self.raised, V::<M>::null())
    }

    /// Whether the exception being raised is of class `exc` (or a subclass).
    pub fn raised_is(&self, exc: Exc) -> bool {
        self.is_exception_of(&self.raised, exc)
    }

    /// Whether `value` is an instance of the built-in exception class `exc`.
    pub fn is_exception_of(&self, value: &V<M>, exc: Exc) -> bool {
        if value.is_null() {
            return false;
        }
        self.class_is_subclass(value.tag().class(), exc.class())
    }

    /// Drops the exception being raised if it is of class `exc`, else passes `Raised` on.
    pub fn swallow(&mut self, exc: Exc) -> Result<(), Raised> {
        if self.raised_is(exc) {
            drop(self.take_raised());
            Ok(())
        } else {
            Err(Raised)
        }
    }

    /// TypeError.
    #[cold]
    pub fn raise_type_error(&mut self, message: impl Into<String>) -> Raised {
        self.raise(Exc::TypeError, message)
    }

    /// Raises what an operation of [`crate::text`] or [`crate::number`] asks for.
    #[cold]
    pub fn raise_op(&mut self, e: OpError) -> Raised {
        let exc = match e.kind {
            ErrorKind::Type => Exc::TypeError,
            ErrorKind::Value => Exc::ValueError,
            ErrorKind::Overflow | ErrorKind::Range => Exc::OverflowError,
            ErrorKind::ZeroDivision => Exc::ZeroDivisionError,
            ErrorKind::Index => Exc::IndexError,
            ErrorKind::Key => Exc::KeyError,
            ErrorKind::Lookup => Exc::LookupError,
            ErrorKind::Memory => Exc::MemoryError,
        };
        if e.message.is_empty() {
            return self.raise_with(exc, Vec::new());
        }
        let message = self.new_str(e.message);
        match e.kind {
            ErrorKind::Range => {
                let errno = self.new_int(34);
                self.raise_with(exc, vec![errno, message])
            }
            _ => self.raise_with(exc, vec![message]),
        }
    }

    /// The result of an operation of [`crate::text`] or [`crate::number`], its error raised.
    #[inline]
    pub fn op<T>(&mut self, result: OpResult<T>) -> Result<T, Raised> {
        match result {
            Ok(x) => Ok(x),
            Err(e) => Err(self.raise_op(e)),
        }
    }

    /// ValueError.
    #[cold]
    pub fn raise_value_error(&mut self, message: impl Into<String>) -> Raised {
        self.raise(Exc::ValueError, message)
    }

    /// IndexError.
    #[cold]
    pub fn raise_index_error(&mut self, message: impl Into<String>) -> Raised {
        self.raise(Exc::IndexError, message)
    }

    /// KeyError with the key itself as argument.
    #[cold]
    pub fn raise_key_error(&mut self, key: V<M>) -> Raised {
        self.raise_with(Exc::KeyError, vec![key])
    }

    /// AttributeError as attribute lookup words it.
    #[cold]
    pub fn raise_no_attribute(&mut self, object: &V<M>, name: &V<M>) -> Raised {
        let name = self.text_of(name);
        let message = match object.get::<crate::types::class::Type<M>>() {
            Some(t) => {
                let class = self.text_of(&t.name.load());
                format!("type object '{class}' has no attribute '{name}'")
            }
            None => format!(
                "'{}' object has no attribute '{name}'",
                self.type_name(object)
            ),
        };
        self.raise(Exc::AttributeError, message)
    }

    /// StopIteration with a value (absent: no argument).
    #[cold]
    pub fn raise_stop_iteration(&mut self, value: Option<V<M>>) -> Raised {
        self.raise_with(Exc::StopIteration, value.into_iter().collect())
    }

    /// TypeError for a wrong number of positional arguments, worded as `PyArg_ParseTuple` and
    /// `PyArg_UnpackTuple` do.
    #[cold]
    pub fn raise_arity(&mut self, name: &str, given: usize, min: usize, max: usize) -> Raised {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let message = if min == max {
            match min {
                0 => format!("{name}() takes no arguments ({given} given)"),
                1 => format!("{name}() takes exactly one argument ({given} given)"),
                _ => format!(
                    "{name}() takes exactly {min} argument{} ({given} given)",
                    plural(min)
                ),
            }
        } else if given < min {
            format!(
                "{name}() takes at least {min} argument{} ({given} given)",
                plural(min)
            )
        } else {
            format!(
                "{name}() takes at most {max} argument{} ({given} given)",
                plural(max)
            )
        };
        self.raise_type_error(message)
    }

    /// TypeError for a wrong number of positional arguments, as `PyArg_UnpackTuple` words it.
    #[cold]
    pub fn raise_unpack_arity(
        &mut self,
        name: &str,
        given: usize,
        min: usize,
        max: usize,
    ) -> Raised {
        let (bound, n) = match (min == max, given < min) {
            (true, _) => ("", min),
            (false, true) => ("at least ", min),
            (false, false) => ("at most ", max),
        };
        self.raise_type_error(format!("{name} expected {bound}{n} arguments, got {given}"))
    }
}

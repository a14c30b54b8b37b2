//! Exceptions: one body for all of them.
//!
//! Every exception object is extended: attributes set by programs stand in its attribute store.
//! The special ones of `OSError`, `SyntaxError`, `StopIteration` ... (`errno`, `lineno`, `value`)
//! are reserved slots of that store ([`fields`]), so they are not in `__dict__`, as in CPython.
//! Exceptions that native code raises ([`crate::Vm::new_exception`]) run no constructor: their
//! fields are derived from `args` when they are read. Source: CPython `Objects/exceptions.c`.

pub mod base;
pub mod fields;
pub mod import_error;
pub mod os_error;
pub mod syntax_error;
pub mod unicode_error;

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::slots::{Call, Init, Unary};
use crate::object::{ObjectModel, Trace, V, ValueCell};
use std::cell::Cell;

/// Body of an exception.
pub struct Exception<M: ObjectModel> {
    /// `args`, a tuple.
    pub args: ValueCell<M>,
    /// `__cause__`, or absent.
    pub cause: ValueCell<M>,
    /// `__context__`, or absent.
    pub context: ValueCell<M>,
    /// `__traceback__`, or absent.
    pub traceback: ValueCell<M>,
    /// `__suppress_context__`.
    pub suppress_context: Cell<bool>,
}

impl<M: ObjectModel> Exception<M> {
    /// A body with these `args` (a tuple) and nothing else.
    pub fn new(args: V<M>) -> Self {
        Exception {
            args: ValueCell::new(args),
            cause: ValueCell::empty(),
            context: ValueCell::empty(),
            traceback: ValueCell::empty(),
            suppress_context: Cell::new(false),
        }
    }
}

impl<M: ObjectModel> Trace<M> for Exception<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for c in [&self.args, &self.cause, &self.context, &self.traceback] {
            c.trace(visitor);
        }
    }

    fn clear(&self) {
        drop(self.cause.take());
        drop(self.context.take());
        drop(self.traceback.take());
    }
}

/// What a class of exceptions has of its own.
struct Own<M: ObjectModel> {
    new: Call<M>,
    init: Init<M>,
    str: Option<Unary<M>>,
}

fn own<M: ObjectModel>(exc: Exc) -> Own<M> {
    let plain = Own {
        new: base::new::<M>,
        init: base::init::<M>,
        str: None,
    };
    match exc {
        Exc::BaseException => Own {
            str: Some(base::str::<M>),
            ..plain
        },
        Exc::KeyError => Own {
            str: Some(base::str_of_key_error::<M>),
            ..plain
        },
        Exc::StopIteration => Own {
            new: fields::new::<M, 1>,
            init: base::init_stop_iteration::<M>,
            ..plain
        },
        Exc::SystemExit => Own {
            new: fields::new::<M, 1>,
            init: base::init_system_exit::<M>,
            ..plain
        },
        Exc::ImportError => Own {
            new: fields::new::<M, 3>,
            init: import_error::init::<M>,
            str: Some(import_error::str::<M>),
        },
        Exc::OSError => Own {
            new: os_error::new::<M>,
            init: os_error::init::<M>,
            str: Some(os_error::str::<M>),
        },
        Exc::SyntaxError => Own {
            new: fields::new::<M, 6>,
            init: syntax_error::init::<M>,
            str: Some(syntax_error::str::<M>),
        },
        Exc::UnicodeDecodeError => Own {
            new: fields::new::<M, 5>,
            init: unicode_error::init_decode::<M>,
            str: Some(unicode_error::str_decode::<M>),
        },
        Exc::UnicodeEncodeError => Own {
            new: fields::new::<M, 5>,
            init: unicode_error::init_encode::<M>,
            str: Some(unicode_error::str_encode::<M>),
        },
        Exc::UnicodeTranslateError => Own {
            new: fields::new::<M, 5>,
            init: unicode_error::init_translate::<M>,
            str: Some(unicode_error::str_translate::<M>),
        },
        _ if inherits_constructor(exc) => inherited(exc),
        _ => plain,
    }
}

fn base_of(exc: Exc) -> Exc {
    Exc::ALL[exc as usize].2
}

fn inherits_constructor(exc: Exc) -> bool {
    matches!(base_of(exc), Exc::OSError | Exc::ConnectionError)
        || matches!(exc, Exc::IndentationError | Exc::TabError)
}

/// The constructors of the nearest base that has fields. `str` comes by inheritance of slots.
fn inherited<M: ObjectModel>(exc: Exc) -> Own<M> {
    Own {
        str: None,
        ..own(base_of(exc))
    }
}

/// Fills the classes of all exceptions, bases first.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    for &(exc, _, _) in Exc::ALL {
        let own = own::<M>(exc);
        let mut class = vm.fill_class_id(exc.class()).slots(|s| {
            s.new = Some(own.new);
            s.init = Some(own.init);
            s.str = own.str;
            if exc == Exc::BaseException {
                s.repr = Some(base::repr::<M>);
            }
        });
        if exc == Exc::BaseException {
            class = base::fill(class);
        }
        fields::fill(class, exc).done();
    }
}

//! `function`: code bound to globals, defaults and a closure.

use crate::object::{ObjectModel, Trace, V, ValueCell};

/// Body of a function.
pub struct Function<M: ObjectModel> {
    /// `__code__`, a code object.
    pub code: ValueCell<M>,
    /// `__globals__`, a dict.
    pub globals: V<M>,
    /// `__name__`.
    pub name: ValueCell<M>,
    /// `__qualname__`.
    pub qualname: ValueCell<M>,
    /// `__defaults__`, a tuple or absent.
    pub defaults: ValueCell<M>,
    /// `__kwdefaults__`, a dict or absent.
    pub kwdefaults: ValueCell<M>,
    /// `__closure__`, a tuple of cells or absent.
    pub closure: ValueCell<M>,
    /// `__doc__`.
    pub doc: ValueCell<M>,
    /// `__dict__`, once used.
    pub dict: ValueCell<M>,
    /// `__annotations__`, a dict, once used.
    pub annotations: ValueCell<M>,
    /// `__module__`.
    pub module: ValueCell<M>,
    /// What a call needs, kept beside the code so that a simple call reads one line of memory.
    pub entry: std::cell::Cell<CallEntry<M>>,
}

/// What a call needs of a function's code.
pub struct CallEntry<M: ObjectModel> {
    /// The linked code.
    pub linked: *const crate::types::code::Linked<M>,
    /// Positional arguments that a simple call passes; `u32::MAX` if no call is simple (star
    /// arguments, keyword-only arguments, cells, generators, or not linked yet).
    pub simple_argcount: u32,
}

impl<M: ObjectModel> Clone for CallEntry<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: ObjectModel> Copy for CallEntry<M> {}

impl<M: ObjectModel> CallEntry<M> {
    /// Of a function that was never called.
    pub const UNLINKED: CallEntry<M> = CallEntry {
        linked: std::ptr::null(),
        simple_argcount: u32::MAX,
    };
}

impl<M: ObjectModel> Trace<M> for Function<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        use crate::object::Visitor;
        visitor.visit(&self.globals);
        for c in self.cells() {
            c.trace(visitor);
        }
    }

    fn clear(&self) {
        for c in self.cells().into_iter().skip(1) {
            drop(c.take());
        }
    }
}

impl<M: ObjectModel> Function<M> {
    /// The globals as a dict; functions are only made with a dict.
    #[inline(always)]
    pub fn globals_dict(&self) -> *const crate::types::dict::Dict<M> {
        use crate::object::Value;
        match self.globals.get::<crate::types::dict::Dict<M>>() {
            Some(d) => d,
            None => std::ptr::null(),
        }
    }

    /// The mutable fields; the code first, which `clear` leaves.
    fn cells(&self) -> [&ValueCell<M>; 10] {
        [
            &self.code,
            &self.name,
            &self.qualname,
            &self.defaults,
            &self.kwdefaults,
            &self.closure,
            &self.doc,
            &self.dict,
            &self.annotations,
            &self.module,
        ]
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}

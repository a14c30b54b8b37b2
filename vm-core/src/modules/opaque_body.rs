//! Bodies of the native types that modules define: fields that know how to show their values.
//!
//! ```ignore
//! opaque_body! {
//!     /// `itertools.cycle`
//!     Cycle { iterator: ValueCell<M>, saved: Values<M>, at: Cell<usize>, }
//! }
//! ```
//! makes the struct and its [`crate::object::Opaque`].

use crate::Vm;
use crate::object::native::opaque;
use crate::object::{ObjectModel, Opaque, Res, V, ValueCell, Visitor};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// A field of an opaque body.
pub trait Field<M: ObjectModel> {
    /// Shows every value that the field owns.
    fn trace(&self, visitor: &mut M::Visitor);
    /// Drops the values.
    fn clear(&self);
}

impl<M: ObjectModel> Field<M> for ValueCell<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        ValueCell::trace(self, visitor);
    }
    fn clear(&self) {
        drop(self.take());
    }
}

/// Several values.
pub struct Values<M: ObjectModel>(pub RefCell<Vec<V<M>>>);

impl<M: ObjectModel> Values<M> {
    /// A field with these values.
    pub fn new(values: Vec<V<M>>) -> Self {
        Values(RefCell::new(values))
    }

    /// The value at an index.
    pub fn get(&self, index: usize) -> Option<V<M>> {
        self.0.borrow().get(index).cloned()
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Exchanges the values.
    pub fn replace(&self, values: Vec<V<M>>) -> Vec<V<M>> {
        self.0.replace(values)
    }
}

impl<M: ObjectModel> Field<M> for Values<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.0.borrow().iter() {
            visitor.visit(v);
        }
    }
    fn clear(&self) {
        drop(self.0.take());
    }
}

/// Several values, open at both ends.
pub struct Queue<M: ObjectModel>(pub RefCell<VecDeque<V<M>>>);

impl<M: ObjectModel> Field<M> for Queue<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.0.borrow().iter() {
            visitor.visit(v);
        }
    }
    fn clear(&self) {
        drop(self.0.take());
    }
}

impl<M: ObjectModel, T: Copy> Field<M> for Cell<T> {
    fn trace(&self, _: &mut M::Visitor) {}
    fn clear(&self) {}
}

impl<M: ObjectModel> Field<M> for RefCell<Vec<usize>> {
    fn trace(&self, _: &mut M::Visitor) {}
    fn clear(&self) {}
}

/// Makes the struct of an opaque body.
macro_rules! opaque_body {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty,)* })*) => { $(
        $(#[$doc])*
        struct $name<M: ObjectModel> { $($field: $type,)* }
        impl<M: ObjectModel> $crate::object::Opaque<M> for $name<M> {
            fn trace(&self, visitor: &mut M::Visitor) {
                $($crate::modules::opaque_body::Field::<M>::trace(&self.$field, visitor);)*
            }
            fn clear(&self) {
                $($crate::modules::opaque_body::Field::<M>::clear(&self.$field);)*
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    )* };
}
pub(crate) use opaque_body;

/// The body of a receiver; TypeError if it is of another class.
pub fn body<'a, M: ObjectModel, T: Opaque<M>>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a T> {
    match opaque::<M, T>(v) {
        Some(body) => Ok(body),
        None => {
            let m = format!("unexpected receiver of type '{}'", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

/// TypeError for keyword arguments to a class that takes none, unless a subclass is made.
pub fn refuse_keywords<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    name: &'static str,
    has_keywords: bool,
) -> Res<()> {
    let exact = vm.native_class(name).is_some_and(|c| {
        use crate::object::Value;
        c.is(class)
    });
    if has_keywords && exact {
        return Err(vm.raise_type_error(format!("{name}() does not take keyword arguments")));
    }
    Ok(())
}

//! `itertools`. CPython `Modules/itertoolsmodule.c`.
//!
//! Each iterator is an opaque body with an `iternext`; they are grouped by what they do.

mod combinatoric;
mod combining;
mod grouping;
mod infinite;
mod selecting;

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::object::slots::{Call, Next, Unary};
use crate::object::{NativeFn, ObjectModel, Res, V};
use crate::types::sequence_iterators::iter_self;

/// What an iterator class consists of.
struct IteratorClass<M: ObjectModel> {
    name: &'static str,
    new: Option<Call<M>>,
    next: Next<M>,
    repr: Option<Unary<M>>,
    methods: &'static [(&'static str, NativeFn<M>)],
}

impl<M: ObjectModel> IteratorClass<M> {
    fn new(name: &'static str, new: Call<M>, next: Next<M>) -> Self {
        IteratorClass {
            name,
            new: Some(new),
            next,
            repr: None,
            methods: &[],
        }
    }

    fn make(&self, vm: &mut Vm<M>) -> V<M> {
        let mut class = vm.new_opaque_class(self.name).slots(|s| {
            s.new = self.new;
            s.iter = Some(iter_self::<M>);
            s.iternext = Some(self.next);
            if self.repr.is_some() {
                s.repr = self.repr;
            }
        });
        for &(name, f) in self.methods {
            class = class.method(name, f);
        }
        class.done()
    }
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let mut classes = Vec::new();
    classes.extend(infinite::classes::<M>());
    classes.extend(selecting::classes::<M>());
    classes.extend(combining::classes::<M>());
    classes.extend(combinatoric::classes::<M>());
    classes.extend(grouping::classes::<M>());
    let made: Vec<(&'static str, V<M>)> = classes.iter().map(|c| (c.name, c.make(vm))).collect();
    combining::add_from_iterable(vm);
    let mut module = ModuleBuilder::new(vm, "itertools").function("tee", grouping::tee::<M>);
    for (name, class) in made {
        module = if name.starts_with('_') {
            module.hidden_class(&class)
        } else {
            module.class(name, class)
        };
    }
    Ok(module.done())
}

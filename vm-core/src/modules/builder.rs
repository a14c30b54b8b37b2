//! Making native modules.
//!
//! ```ignore
//! pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
//!     Ok(ModuleBuilder::new(vm, "math")
//!         .function("sqrt", sqrt::<M>)
//!         .constant("pi", |vm| vm.new_float(std::f64::consts::PI))
//!         .done())
//! }
//! ```
//! `make` goes into `vm.interp.native_modules` ([`super::init`]); `import` calls it once.

use crate::Vm;
use crate::object::{NativeFn, ObjectModel, V, Value, ValueCell};
use crate::types::builtin::Builtin;
use crate::types::dict::Dict;
use crate::types::module::Module;

/// A module being made.
pub struct ModuleBuilder<'a, M: ObjectModel> {
    vm: &'a mut Vm<M>,
    name: V<M>,
    module: V<M>,
    dict: V<M>,
}

impl<'a, M: ObjectModel> ModuleBuilder<'a, M> {
    /// A module with `__name__` and the other attributes that every module has.
    pub fn new(vm: &'a mut Vm<M>, name: &'static str) -> Self {
        let dict = vm.new_dict();
        let module = vm.alloc(Module {
            dict: ValueCell::new(dict.clone()),
        });
        let name = vm.intern(name);
        let none = V::<M>::none;
        ModuleBuilder {
            vm,
            name: name.clone(),
            module,
            dict,
        }
        .value("__name__", name)
        .value("__doc__", none())
        .value("__package__", none())
        .value("__loader__", none())
        .value("__spec__", none())
    }

    /// `__doc__`.
    pub fn doc(self, text: &'static str) -> Self {
        self.constant("__doc__", |vm| vm.new_str(text))
    }

    /// A function.
    pub fn function(self, name: &'static str, function: NativeFn<M>) -> Self {
        let f = Builtin {
            name,
            function,
            receiver: V::<M>::null(),
            owner: V::<M>::null(),
            module: ValueCell::new(self.name.clone()),
            doc: "",
            shortcut: crate::machine::shortcuts::Shortcut::Absent,
        };
        let f = self.vm.alloc(f);
        self.value(name, f)
    }

    /// A second name for what is already there.
    pub fn alias(self, name: &str, existing: &str) -> Self {
        let existing = self.vm.intern(existing);
        let hash = self.vm.str_hash(&existing);
        let value = self
            .dict
            .get::<Dict<M>>()
            .and_then(|d| d.table.get_str(&existing, hash));
        match value {
            Some(value) => self.value(name, value),
            None => self,
        }
    }

    /// A value that the machine makes.
    pub fn constant(self, name: &str, make: impl FnOnce(&mut Vm<M>) -> V<M>) -> Self {
        let value = make(self.vm);
        self.value(name, value)
    }

    /// A value at hand.
    pub fn value(self, name: &str, value: V<M>) -> Self {
        let name = self.vm.intern(name);
        let hash = self.vm.str_hash(&name);
        if let Some(d) = self.dict.get::<Dict<M>>() {
            drop(d.table.insert_str(name, hash, value));
        }
        self
    }

    /// A native class, under its own name; its `__module__` becomes this module's name.
    pub fn class(self, name: &str, class: V<M>) -> Self {
        let module = self.name.clone();
        self.named(&class, module).value(name, class)
    }

    /// A native class that another module shows: its `__module__` is that one's name.
    pub fn class_of(self, module: &str, name: &str, class: V<M>) -> Self {
        let module = self.vm.intern(module);
        self.named(&class, module).value(name, class)
    }

    /// A native class that has no name in the module.
    pub fn hidden_class(self, class: &V<M>) -> Self {
        let module = self.name.clone();
        self.named(class, module)
    }

    fn named(self, class: &V<M>, module: V<M>) -> Self {
        let key = self.vm.intern("__module__");
        let hash = self.vm.str_hash(&key);
        if let Some(d) = class
            .get::<crate::types::class::Type<M>>()
            .and_then(|t| t.dict.get::<Dict<M>>())
        {
            drop(d.table.insert_str(key, hash, module));
        }
        self
    }

    /// The module.
    pub fn done(self) -> V<M> {
        self.module
    }
}

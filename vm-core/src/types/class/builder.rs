//! Filling built-in classes, and making further native ones.
//!
//! ```ignore
//! vm.fill_class(Kind::List)
//!     .slots(|s| { s.len = Some(length); s.iter = Some(iter) })
//!     .method("append", append)
//!     .done();
//! ```
//! [`ClassBuilder::done`] adds a wrapper to the class's dict for each special
//! method whose slot was set and inherits the rest (`PyType_Ready`). Bases must
//! be done before the classes derived from them.

use super::Type;
use crate::Vm;
use crate::machine::construct::Constructor;
use crate::machine::shortcuts::Shortcut;
use crate::machine::vm::ClassEntry;
use crate::object::slots::{SLOT_DEFS, Slot};
use crate::object::{ClassId, Kind, NativeFn, ObjectModel, Slots, Tag, V, Value, ValueCell};
use crate::types;
use crate::types::getset::{Getter, Setter};
use std::cell::{Cell, RefCell};

/// A class being filled.
pub struct ClassBuilder<'a, M: ObjectModel> {
    vm: &'a mut Vm<M>,
    class: V<M>,
    id: ClassId,
    no_wrappers: Vec<Slot>,
}

/// What a native class is like, beyond its name.
#[derive(Debug, Clone, Copy)]
pub struct NativeClass {
    /// `__name__`.
    pub name: &'static str,
    /// Layout of instances.
    pub kind: Kind,
    /// The base class.
    pub base: ClassId,
    /// Instances have an attribute store.
    pub has_attrs: bool,
    /// Can be a base class.
    pub is_base: bool,
}

impl<M: ObjectModel> Vm<M> {
    /// Puts an empty class object with this id into the class table; `base` is its base except for
    /// `object` itself. Called at start for every kind and exception, bases first.
    pub fn make_class(&mut self, id: ClassId, def: NativeClass) -> V<M> {
        let dict = self.new_dict();
        let name = self.new_str(def.name);
        let is_root = def.base == id;
        let base = if is_root {
            V::<M>::null()
        } else {
            self.class_entry(def.base).object.clone()
        };
        let has_attrs = def.has_attrs || def.kind == Kind::Instance;
        let inherited = base.get::<Type<M>>().map_or(0, |b| b.reserved);
        let reserved = inherited + types::exception::fields::own_count(id);
        let shape = has_attrs.then(|| {
            self.shapes
                .root(id, reserved, id.0 == Kind::Instance as u32)
        });
        let version = self.shapes.fresh_id();
        let class = self.alloc_tagged(
            Tag::exact(Kind::Type),
            Type {
                id,
                qualname: ValueCell::new(name.clone()),
                name: ValueCell::new(name),
                bases: ValueCell::empty(),
                base: ValueCell::new(base.clone()),
                mro: ValueCell::empty(),
                dict,
                instance_kind: def.kind,
                has_attrs,
                is_heap: false,
                is_base: def.is_base,
                is_abstract: Cell::new(false),
                root_shape: Cell::new(shape),
                version: Cell::new(version),
                constructor: Cell::new(Constructor::UNKNOWN),
                subclasses: RefCell::new(Vec::new()),
                doc: "",
                reserved,
            },
        );
        let mut mro = vec![class.clone()];
        let mut bases = Vec::new();
        if !is_root {
            bases.push(base.clone());
            if let Some(b) = base.get::<Type<M>>() {
                b.subclasses.borrow_mut().push(id);
                if let Some(m) = b.mro.load().get::<types::tuple::Tuple<M>>() {
                    mro.extend(m.items.iter().cloned());
                }
            }
        }
        let (mro, bases) = (self.new_tuple(mro), self.new_tuple(bases));
        if let Some(t) = class.get::<Type<M>>() {
            t.mro.set(mro);
            t.bases.set(bases);
        }
        let entry = ClassEntry {
            object: class.clone(),
            slots: Slots::default(),
        };
        let at = id.0 as usize;
        while self.interp.classes.len() < at {
            let object = V::<M>::null();
            self.interp.classes.push(ClassEntry {
                object,
                slots: Slots::default(),
            });
        }
        if at == self.interp.classes.len() {
            self.interp.classes.push(entry);
        } else {
            self.interp.classes[at] = entry;
        }
        class
    }

    /// Starts to fill the built-in class of a kind.
    pub fn fill_class(&mut self, kind: Kind) -> ClassBuilder<'_, M> {
        self.fill_class_id(ClassId(kind as u32))
    }

    /// Starts to fill a class that is in the class table.
    pub fn fill_class_id(&mut self, id: ClassId) -> ClassBuilder<'_, M> {
        let class = self.class_entry(id).object.clone();
        ClassBuilder {
            vm: self,
            class,
            id,
            no_wrappers: Vec::new(),
        }
    }

    /// A new class id.
    pub fn fresh_class_id(&mut self) -> ClassId {
        self.interp
            .free_classes
            .pop()
            .unwrap_or(ClassId(self.interp.classes.len() as u32))
    }

    /// Makes a further native class (for example of [`Kind::Opaque`]) and starts to fill it.
    /// It is found again by [`Vm::native_class`].
    pub fn new_native_class(&mut self, def: NativeClass) -> ClassBuilder<'_, M> {
        let id = self.fresh_class_id();
        self.make_class(id, def);
        self.interp.named_classes.insert(def.name, id);
        self.fill_class_id(id)
    }

    /// The class of an opaque native type: base `object`, subclassable.
    pub fn new_opaque_class(&mut self, name: &'static str) -> ClassBuilder<'_, M> {
        self.new_native_class(NativeClass {
            name,
            kind: Kind::Opaque,
            base: ClassId(Kind::Instance as u32),
            has_attrs: false,
            is_base: true,
        })
    }

    /// The class that [`Vm::new_native_class`] made under this name.
    pub fn native_class(&self, name: &str) -> Option<V<M>> {
        let id = *self.interp.named_classes.get(name)?;
        Some(self.class_entry(id).object.clone())
    }
}

impl<M: ObjectModel> ClassBuilder<'_, M> {
    /// Sets slots.
    pub fn slots(self, set: impl FnOnce(&mut Slots<M>)) -> Self {
        set(&mut self.vm.interp.classes[self.id.0 as usize].slots);
        self
    }

    /// A slot that shall have no wrapper in the class's dict (internal protocols).
    pub fn hidden(mut self, slot: Slot) -> Self {
        self.no_wrappers.push(slot);
        self
    }

    /// An entry of the class's dict.
    pub fn attr(self, name: &str, value: V<M>) -> Self {
        let name = self.vm.intern(name);
        let hash = self.vm.str_hash(&name);
        if let Some(d) = self
            .class
            .get::<Type<M>>()
            .and_then(|t| t.dict.get::<types::dict::Dict<M>>())
        {
            drop(d.table.insert_str(name, hash, value));
        }
        self
    }

    /// A method; its first argument is the receiver, already checked to be an instance.
    pub fn method(self, name: &'static str, function: NativeFn<M>) -> Self {
        let owner = self.class.clone();
        let kind = owner.get::<Type<M>>().map_or(Kind::Null, |t| match t.id {
            ClassId(n) if (n as usize) < Kind::ALL.len() => Kind::ALL[n as usize],
            _ => Kind::Null,
        });
        let d = types::builtin::MethodDescriptor {
            name,
            function,
            owner,
            doc: "",
            shortcut: Shortcut::of_method(kind, name),
        };
        let d = self.vm.alloc(d);
        self.attr(name, d)
    }

    /// A class method; its first argument is the class.
    pub fn class_method(self, name: &'static str, function: NativeFn<M>) -> Self {
        let owner = self.class.clone();
        let d = types::builtin::ClassMethodDescriptor {
            name,
            function,
            owner,
            doc: "",
        };
        let d = self.vm.alloc(d);
        self.attr(name, d)
    }

    /// A static method.
    pub fn static_method(self, name: &'static str, function: NativeFn<M>) -> Self {
        let f = self.vm.new_builtin(name, function);
        let s = types::property::StaticMethod {
            callable: ValueCell::new(f),
            dict: ValueCell::empty(),
        };
        let s = self.vm.alloc(s);
        self.attr(name, s)
    }

    /// A computed read-only attribute.
    pub fn getter(self, name: &'static str, get: Getter<M>) -> Self {
        self.getset(name, get, None)
    }

    /// A computed attribute that can be written or deleted.
    pub fn getset(self, name: &'static str, get: Getter<M>, set: Option<Setter<M>>) -> Self {
        let owner = self.class.clone();
        let g = self.vm.alloc(types::getset::GetSet {
            name,
            get,
            set,
            owner,
        });
        self.attr(name, g)
    }

    /// Wraps the slots that were set as special methods, inherits the others, and gives the class.
    /// `__new__` becomes a static method (`tp_new_wrapper`).
    pub fn done(self) -> V<M> {
        let ClassBuilder {
            vm,
            class,
            id,
            no_wrappers,
        } = self;
        let own = vm.class_entry(id).slots;
        let Some(ty) = class.get::<Type<M>>() else {
            return class.clone();
        };
        let Some(dict) = ty.dict.get::<types::dict::Dict<M>>() else {
            return class.clone();
        };
        for def in SLOT_DEFS {
            let Some(function) = own.get(def.slot) else {
                continue;
            };
            if no_wrappers.contains(&def.slot) || def.name == "__getattr__" || def.name == "__del__"
            {
                continue;
            }
            let name = vm.intern(def.name);
            let hash = vm.str_hash(&name);
            if dict.table.position_of_str(&name, hash).is_some() {
                continue;
            }
            let w = types::slot_wrapper::SlotWrapper {
                name: def.name,
                slot: def.slot,
                wrap: def.wrap,
                function,
                owner: class.clone(),
            };
            let w = vm.alloc(w);
            dict.table.insert_new(name, hash, w);
        }
        if own.new.is_some() {
            super::build::add_new_wrapper(vm, &class);
        }
        // A class with its own equality but no hash is unhashable.
        let unhashable = own.richcompare.is_some() && own.hash.is_none();
        if let Some(base) = ty.base.get().and_then(|b| b.get::<Type<M>>().map(|t| t.id)) {
            let inherited = vm.class_entry(base).slots;
            let entry = &mut vm.interp.classes[id.0 as usize];
            let without_new = own.new.is_none()
                && base == ClassId(Kind::Instance as u32)
                && ty.instance_kind != Kind::Instance;
            entry.slots.inherit(&inherited);
            if without_new {
                // `object.__new__` would make the wrong body: such a class cannot be called.
                entry.slots.new = None;
            }
            if unhashable {
                entry.slots.hash = None;
            }
        }
        if unhashable {
            let name = vm.intern("__hash__");
            let hash = vm.str_hash(&name);
            drop(dict.table.insert_str(name, hash, V::<M>::none()));
        }
        let version = vm.shapes.fresh_id();
        ty.version.set(version);
        class.clone()
    }
}

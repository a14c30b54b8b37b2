//! Which function stands in which slot of a class made by Python code, and what happens when a
//! class changes.
//!
//! A slot gets a native function directly when every special method that stands for it was found
//! to be a native wrapper of that function (`class A(list): pass` keeps native speed), else the
//! function of [`super::slot_dispatch`] that calls the methods. CPython `Objects/typeobject.c`,
//! `update_one_slot`, `fixup_slot_dispatchers`, `PyType_Modified`.

use super::Type;
use super::slot_dispatch::{at, generic};
use crate::Vm;
use crate::object::slots::{SLOT_DEFS, SlotFn};
use crate::object::{ClassId, Kind, ObjectModel, Slot, V, Value};
use crate::types::builtin::Builtin;
use crate::types::slot_wrapper::SlotWrapper;
use crate::types::str::Str;
use rustc_hash::FxHashSet;

/// Whether a wrapper is `object`'s for attribute access, which an empty slot stands for.
pub fn is_object_wrapper<M: ObjectModel>(w: &SlotWrapper<M>) -> bool {
    matches!(w.slot, Slot::Getattro | Slot::Setattro) && is_object_owner::<M>(&w.owner)
}

/// Whether a class is `object`.
pub fn is_object_owner<M: ObjectModel>(class: &V<M>) -> bool {
    class
        .get::<Type<M>>()
        .is_some_and(|t| t.id == ClassId(Kind::Instance as u32))
}

/// What the special methods of one slot say.
struct Finding<M: ObjectModel> {
    native: Option<SlotFn<M>>,
    is_default: bool,
    is_generic: bool,
    is_none: bool,
    is_found: bool,
}

fn find<M: ObjectModel>(vm: &Vm<M>, class: ClassId, slot: Slot) -> Option<SlotFn<M>> {
    let mut f = Finding {
        native: None,
        is_default: false,
        is_generic: false,
        is_none: false,
        is_found: false,
    };
    for (i, def) in SLOT_DEFS.iter().enumerate() {
        if def.slot != slot {
            continue;
        }
        let name = vm.slot_name(i);
        let Some(attr) = vm.lookup_uncached(class, &name) else {
            continue;
        };
        if attr.is_none() && slot == Slot::Hash {
            f.is_found = true;
            f.is_none = true;
            continue;
        }
        let Some(w) = attr.get::<SlotWrapper<M>>() else {
            f.is_found = true;
            f.is_generic = true;
            continue;
        };
        if w.slot != slot && w.name == def.name {
            // The other form of a name that two slots share.
            continue;
        }
        f.is_found = true;
        let owner = w.owner.get::<Type<M>>().map(|t| t.id);
        let fits = w.slot == slot
            && w.wrap == def.wrap
            && owner.is_some_and(|o| vm.class_is_subclass(class, o));
        match f.native {
            _ if !fits => f.is_generic = true,
            Some(n) if n.address() != w.function.address() => f.is_generic = true,
            _ => {
                f.is_default |= is_object_wrapper(w);
                f.native = Some(w.function);
            }
        }
    }
    if !f.is_found {
        // A slot that a native base fills without a method of its own name.
        let base = vm.class_entry(class).object.get::<Type<M>>()?.base.get()?;
        let base = base.get::<Type<M>>()?.id;
        return vm.class_entry(base).slots.get(slot);
    }
    if f.is_generic {
        return generic(slot);
    }
    if f.is_none || f.is_default {
        return None;
    }
    f.native
}

fn find_new<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId) -> Option<SlotFn<M>> {
    let name = vm.intern("__new__");
    let ty = vm.class_entry(class).object.clone();
    let kind = ty.get::<Type<M>>()?.instance_kind;
    let Some(attr) = vm.lookup_uncached(class, &name) else {
        let base = ty.get::<Type<M>>()?.base.get()?;
        let base = base.get::<Type<M>>()?.id;
        return vm.class_entry(base).slots.get(Slot::New);
    };
    if let Some(b) = attr.get::<Builtin<M>>()
        && super::build::is_new_wrapper(b)
        && let Some(owner) = b.receiver.get::<Type<M>>()
        && owner.instance_kind == kind
    {
        return vm.class_entry(owner.id).slots.get(Slot::New);
    }
    generic(Slot::New)
}

/// Fills every slot of a new class from the special methods on its MRO.
pub fn fill_slots<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId) {
    for &slot in Slot::ALL {
        fill_slot(vm, class, slot);
    }
}

fn fill_slot<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId, slot: Slot) {
    let f = match slot {
        Slot::New => find_new(vm, class),
        _ => find(vm, class, slot),
    };
    vm.interp.classes[class.0 as usize].slots.set(slot, f);
}

/// A class and all that derive from it, each once.
pub fn class_tree<M: ObjectModel>(vm: &Vm<M>, class: ClassId) -> Vec<ClassId> {
    let mut out = vec![class];
    let mut seen = FxHashSet::default();
    let mut next = 0;
    while next < out.len() {
        if let Some(t) = vm.class_entry(out[next]).object.get::<Type<M>>() {
            for &c in t.subclasses.borrow().iter() {
                if seen.insert(c) {
                    out.push(c);
                }
            }
        }
        next += 1;
    }
    out
}

/// Whether instances of a class find the attributes they have by the default rules. A `__getattr__`
/// does not matter: it is asked for those that are not found.
pub fn finds_by_default<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId) -> bool {
    let Some(f) = vm.class_entry(class).slots.getattro else {
        return true;
    };
    let by_methods = generic::<M>(Slot::Getattro).map(|g| g.address());
    if Some(f as usize) != by_methods {
        return false;
    }
    let name = vm.slot_name(const { at("__getattribute__") });
    vm.lookup_class_attr(class, &name)
        .is_some_and(|a| a.get::<SlotWrapper<M>>().is_some_and(is_object_wrapper))
}

/// Tells every cache that a class and those derived from it have changed. `name` is the attribute
/// that was assigned or deleted: the slots it stands for are filled again. No name: all of them.
pub fn class_changed<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId, name: Option<&V<M>>) {
    let tree = class_tree(vm, class);
    let text = name.map(|n| n.get::<Str>().and_then(Str::as_utf8).unwrap_or(""));
    for &c in &tree {
        if vm.class_is_heap(c) {
            match text {
                None => fill_slots(vm, c),
                Some(t) if !t.starts_with("__") => {}
                Some("__new__") => fill_slot(vm, c, Slot::New),
                Some(t) => {
                    for def in SLOT_DEFS.iter().filter(|d| d.name == t) {
                        fill_slot(vm, c, def.slot);
                    }
                }
            }
        }
        retire(vm, c);
    }
}

/// New version for a class, new ids for its shapes.
pub fn retire<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId) {
    let version = vm.shapes.fresh_id();
    let has_finalizer = vm.class_entry(class).slots.finalize.is_some();
    let shape = match vm.class_entry(class).object.get::<Type<M>>() {
        Some(t) => {
            t.version.set(version);
            t.root_shape.get()
        }
        None => None,
    };
    if let Some(shape) = shape {
        vm.shapes.retire(shape, has_finalizer);
    }
}

//! Instance layouts: which classes can be bases together, and which can replace one another.
//!
//! A class is *solid* if its instances differ from its base's in body or in `__slots__`; a dict
//! or weak reference does not count. CPython `Objects/typeobject.c`, `best_base`, `solid_base`,
//! `compatible_for_assignment`.

use super::Type;
use super::mro::class_text;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{ClassId, Kind, ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::getset::Member;
use crate::types::tuple::Tuple;

/// Built-in exceptions whose instances have fields of their own in CPython.
const SOLID_EXCEPTIONS: [Exc; 9] = [
    Exc::SystemExit,
    Exc::StopIteration,
    Exc::ImportError,
    Exc::OSError,
    Exc::SyntaxError,
    Exc::UnicodeDecodeError,
    Exc::UnicodeEncodeError,
    Exc::UnicodeTranslateError,
    Exc::BaseException,
];

impl<M: ObjectModel> Vm<M> {
    /// Whether class object `a` is `b` or derives from it.
    pub fn is_derived(&self, a: &V<M>, b: &V<M>) -> bool {
        match (a.get::<Type<M>>(), b.get::<Type<M>>()) {
            (Some(a), Some(b)) => self.class_is_subclass(a.id, b.id),
            _ => false,
        }
    }

    /// Whether `v` is an instance of a class object, without hooks.
    pub fn is_instance_of_class(&self, v: &V<M>, class: &V<M>) -> bool {
        class
            .get::<Type<M>>()
            .is_some_and(|t| self.class_is_subclass(v.tag().class(), t.id))
    }
}

/// Whether instances have a `__dict__`.
pub fn has_dict<M: ObjectModel>(ty: &Type<M>) -> bool {
    match ty.instance_kind {
        Kind::Type | Kind::Module | Kind::Function | Kind::ClassMethod | Kind::StaticMethod => true,
        _ => ty.has_attrs && ty.root_shape.get().is_some_and(|s| !s.is_closed),
    }
}

/// Whether instances of this kind vary in size in CPython, so that subclasses cannot add slots.
pub fn is_variable_size(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Int | Kind::BigInt | Kind::Bytes | Kind::Tuple | Kind::Type
    )
}

/// Whether instances of the native types of this kind can be referred to weakly.
pub fn is_weak_kind(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Type
            | Kind::Function
            | Kind::Method
            | Kind::Builtin
            | Kind::Set
            | Kind::FrozenSet
            | Kind::Generator
            | Kind::Coroutine
            | Kind::Module
            | Kind::Code
            | Kind::Opaque
    )
}

/// Whether instances can be referred to weakly: a native kind that allows it, or a class on the
/// MRO that added `__weakref__`.
pub fn has_weakref<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId) -> bool {
    let kind = match vm.class_entry(class).object.get::<Type<M>>() {
        Some(t) => t.instance_kind,
        None => return false,
    };
    if is_weak_kind(kind) {
        return true;
    }
    let name = vm.intern("__weakref__");
    vm.lookup_class_attr(class, &name).is_some()
}

fn base_of<M: ObjectModel>(class: &V<M>) -> Option<V<M>> {
    class.get::<Type<M>>()?.base.get()
}

fn is_solid<M: ObjectModel>(class: &V<M>) -> bool {
    let Some(t) = class.get::<Type<M>>() else {
        return false;
    };
    let Some(base) = t.base.get() else {
        return true;
    };
    let Some(b) = base.get::<Type<M>>() else {
        return true;
    };
    t.instance_kind != b.instance_kind
        || t.reserved != b.reserved
        || (!t.is_heap && t.instance_kind == Kind::Opaque)
        || SOLID_EXCEPTIONS.iter().any(|e| e.class() == t.id)
}

/// The nearest class that gives the layout.
pub fn solid_base<M: ObjectModel>(class: &V<M>) -> V<M> {
    let mut c = class.clone();
    while !is_solid::<M>(&c) {
        match base_of::<M>(&c) {
            Some(b) => c = b,
            None => break,
        }
    }
    c
}

/// The base whose layout a class with these bases extends, or CPython's TypeErrors.
pub fn best_base<M: ObjectModel>(vm: &mut Vm<M>, bases: &[V<M>]) -> Res<V<M>> {
    let mut best: Option<(V<M>, V<M>)> = None;
    for b in bases {
        let Some(t) = b.get::<Type<M>>() else {
            return Err(vm.raise_type_error("bases must be types"));
        };
        if !t.is_base {
            let m = format!(
                "type '{}' is not an acceptable base type",
                class_text(vm, b)
            );
            return Err(vm.raise_type_error(m));
        }
        let candidate = solid_base::<M>(b);
        best = match best {
            None => Some((candidate, b.clone())),
            Some((w, _)) if !vm.is_derived(&w, &candidate) => {
                if !vm.is_derived(&candidate, &w) {
                    return Err(
                        vm.raise_type_error("multiple bases have instance lay-out conflict")
                    );
                }
                Some((candidate, b.clone()))
            }
            kept => kept,
        };
    }
    match best {
        Some((_, b)) => Ok(b),
        None => Ok(vm.class_of_kind(Kind::Instance)),
    }
}

/// Names of the members that a class itself added, by slot.
fn own_members<M: ObjectModel>(vm: &Vm<M>, class: &V<M>) -> Vec<(usize, String)> {
    let Some(t) = class.get::<Type<M>>() else {
        return Vec::new();
    };
    let Some(d) = t.dict.get::<Dict<M>>() else {
        return Vec::new();
    };
    let mut out: Vec<(usize, String)> = d
        .table
        .items()
        .iter()
        .filter_map(|(_, _, v)| v.get::<Member<M>>())
        .map(|m| (m.slot, vm.text_of(&m.name)))
        .collect();
    out.sort();
    out
}

/// Whether CPython's cycle collector sees the instances: they are freed in another way then.
fn is_collected<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> bool {
    let Some(t) = class.get::<Type<M>>() else {
        return false;
    };
    match t.instance_kind {
        Kind::Instance => t.reserved > 0 || has_dict(t) || has_weakref(vm, t.id),
        Kind::Int | Kind::Float | Kind::Complex | Kind::Str | Kind::Bytes | Kind::ByteArray => {
            t.is_heap && (t.reserved > 0 || has_dict(t) || has_weakref(vm, t.id))
        }
        _ => true,
    }
}

fn adds_nothing<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Option<V<M>> {
    let t = class.get::<Type<M>>()?;
    let base = t.base.get()?;
    let b = base.get::<Type<M>>()?;
    let same = t.instance_kind == b.instance_kind
        && t.reserved == b.reserved
        && has_dict(t) == has_dict(b)
        && has_weakref(vm, t.id) == has_weakref(vm, b.id);
    if same { Some(base) } else { None }
}

/// Whether instances of class `old` can become instances of `new` (or a base be exchanged for
/// another); TypeError that begins with `attribute` otherwise.
pub fn check_compatible<M: ObjectModel>(
    vm: &mut Vm<M>,
    old: &V<M>,
    new: &V<M>,
    attribute: &str,
) -> Res<()> {
    if is_collected(vm, old) != is_collected(vm, new) {
        let m = format!(
            "{attribute} assignment: '{}' deallocator differs from '{}'",
            class_text(vm, new),
            class_text(vm, old)
        );
        return Err(vm.raise_type_error(m));
    }
    let (mut a, mut b) = (old.clone(), new.clone());
    while let Some(base) = adds_nothing(vm, &a) {
        a = base;
    }
    while let Some(base) = adds_nothing(vm, &b) {
        b = base;
    }
    if a.is(&b) {
        return Ok(());
    }
    if let (Some(x), Some(y)) = (a.get::<Type<M>>(), b.get::<Type<M>>()) {
        let same_base = x.base.bits() == y.base.bits();
        let same_slots = x.instance_kind == y.instance_kind
            && x.reserved == y.reserved
            && has_dict(x) == has_dict(y)
            && has_weakref(vm, x.id) == has_weakref(vm, y.id)
            && own_members(vm, &a) == own_members(vm, &b);
        if same_base && same_slots && x.is_heap && y.is_heap {
            return Ok(());
        }
    }
    let m = format!(
        "{attribute} assignment: '{}' object layout differs from '{}'",
        class_text(vm, new),
        class_text(vm, old)
    );
    Err(vm.raise_type_error(m))
}

/// The classes on an MRO, without the first.
pub fn mro_tail<M: ObjectModel>(class: &V<M>) -> Vec<V<M>> {
    let Some(t) = class.get::<Type<M>>() else {
        return Vec::new();
    };
    match t.mro.load().get::<Tuple<M>>() {
        Some(m) => m.items.iter().skip(1).cloned().collect(),
        None => Vec::new(),
    }
}

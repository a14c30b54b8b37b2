//! The special attributes of some exceptions: reserved slots of the instance's attribute store.
//!
//! An absent slot means that no constructor ran (native code raised the exception): its value
//! is then what the constructor would have taken from `args`.

use super::Exception;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ClassId, ObjectModel, Res, V, Value};
use crate::types::class::builder::ClassBuilder;
use crate::types::tuple::Tuple;

/// Slots by name, of each class that has such attributes; derived classes have them too.
const FIELDS: &[(Exc, &[&str])] = &[
    (Exc::StopIteration, &["value"]),
    (Exc::SystemExit, &["code"]),
    (Exc::ImportError, &["msg", "name", "path"]),
    (
        Exc::OSError,
        &[
            "errno",
            "strerror",
            "filename",
            "filename2",
            "characters_written",
        ],
    ),
    (
        Exc::SyntaxError,
        &[
            "msg",
            "filename",
            "lineno",
            "offset",
            "text",
            "print_file_and_line",
        ],
    ),
    (Exc::UnicodeDecodeError, UNICODE),
    (Exc::UnicodeEncodeError, UNICODE),
    (Exc::UnicodeTranslateError, UNICODE),
];

const UNICODE: &[&str] = &["encoding", "object", "start", "end", "reason"];

/// Slot numbers.
#[allow(missing_docs)]
pub mod slot {
    pub const VALUE: usize = 0;
    pub const CODE: usize = 0;
    pub const MSG: usize = 0;
    pub const NAME: usize = 1;
    pub const PATH: usize = 2;
    pub const ERRNO: usize = 0;
    pub const STRERROR: usize = 1;
    pub const FILENAME: usize = 2;
    pub const FILENAME2: usize = 3;
    pub const CHARACTERS_WRITTEN: usize = 4;
    pub const SOURCE_FILENAME: usize = 1;
    pub const LINENO: usize = 2;
    pub const OFFSET: usize = 3;
    pub const TEXT: usize = 4;
    pub const ENCODING: usize = 0;
    pub const OBJECT: usize = 1;
    pub const START: usize = 2;
    pub const END: usize = 3;
    pub const REASON: usize = 4;
}

/// Slots that the class with this id adds to its base's.
pub fn own_count(id: ClassId) -> usize {
    FIELDS
        .iter()
        .find(|(exc, _)| exc.class() == id)
        .map_or(0, |(_, names)| names.len())
}

/// `__new__` of a class with `N` fields: all of them None.
pub fn new<M: ObjectModel, const N: usize>(
    vm: &mut Vm<M>,
    class: &V<M>,
    args: Args<'_, M>,
) -> Res<V<M>> {
    let v = super::base::new(vm, class, args)?;
    if let Some(attrs) = v.attrs() {
        for slot in 0..N {
            drop(attrs.swap(slot, V::<M>::none()));
        }
    }
    Ok(v)
}

/// Sets a field.
pub fn set<M: ObjectModel>(v: &V<M>, slot: usize, value: V<M>) {
    if let Some(attrs) = v.attrs() {
        drop(attrs.swap(slot, value));
    }
}

/// Reads a field.
pub fn get<M: ObjectModel>(vm: &Vm<M>, v: &V<M>, slot: usize) -> V<M> {
    let Some(attrs) = v.attrs() else {
        return V::<M>::none();
    };
    let x = attrs.load(slot);
    if x.is_null() { derive(vm, v, slot) } else { x }
}

/// A field of an exception whose constructor did not run.
fn derive<M: ObjectModel>(vm: &Vm<M>, v: &V<M>, slot: usize) -> V<M> {
    let Some(args) = v.get::<Exception<M>>().map(|e| e.args.load()) else {
        return V::<M>::none();
    };
    let items: &[V<M>] = match args.get::<Tuple<M>>() {
        Some(t) => &t.items,
        None => &[],
    };
    let at = |i: usize| items.get(i).cloned().unwrap_or_else(V::<M>::none);
    if vm.is_exception_of(v, Exc::StopIteration) {
        return at(0);
    }
    if vm.is_exception_of(v, Exc::SystemExit) {
        return if items.len() > 1 { args.clone() } else { at(0) };
    }
    if vm.is_exception_of(v, Exc::UnicodeTranslateError) {
        return if slot == 0 {
            V::<M>::none()
        } else {
            at(slot - 1)
        };
    }
    if vm.is_exception_of(v, Exc::UnicodeError) {
        return at(slot);
    }
    if vm.is_exception_of(v, Exc::OSError) {
        return if items.len() >= 2 && slot < 2 {
            at(slot)
        } else {
            V::<M>::none()
        };
    }
    let has_message = match vm.is_exception_of(v, Exc::ImportError) {
        true => items.len() == 1,
        false => !items.is_empty(),
    };
    if slot == slot::MSG && has_message {
        at(0)
    } else {
        V::<M>::none()
    }
}

fn getter<M: ObjectModel, const SLOT: usize>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(get(vm, v, SLOT))
}

fn setter<M: ObjectModel, const SLOT: usize>(
    _: &mut Vm<M>,
    v: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    set::<M>(v, SLOT, value.cloned().unwrap_or_else(V::<M>::none));
    Ok(())
}

fn characters_written<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let x = get(vm, v, slot::CHARACTERS_WRITTEN);
    if x.is_none() {
        return Err(vm.raise(Exc::AttributeError, "characters_written"));
    }
    Ok(x)
}

/// Gives a class its fields' attributes.
pub fn fill<M: ObjectModel>(mut class: ClassBuilder<'_, M>, exc: Exc) -> ClassBuilder<'_, M> {
    let Some((_, names)) = FIELDS.iter().find(|(e, _)| *e == exc) else {
        return class;
    };
    for (i, &name) in names.iter().enumerate() {
        if exc == Exc::UnicodeTranslateError && i == slot::ENCODING {
            continue;
        }
        class = match i {
            0 => class.getset(name, getter::<M, 0>, Some(setter::<M, 0>)),
            1 => class.getset(name, getter::<M, 1>, Some(setter::<M, 1>)),
            2 => class.getset(name, getter::<M, 2>, Some(setter::<M, 2>)),
            3 => class.getset(name, getter::<M, 3>, Some(setter::<M, 3>)),
            4 if exc == Exc::OSError => {
                class.getset(name, characters_written::<M>, Some(setter::<M, 4>))
            }
            4 => class.getset(name, getter::<M, 4>, Some(setter::<M, 4>)),
            _ => class.getset(name, getter::<M, 5>, Some(setter::<M, 5>)),
        };
    }
    class
}

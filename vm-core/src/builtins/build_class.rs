//! `__build_class__`: what a `class` statement calls.
//!
//! Finds the metaclass, asks it for the namespace (`__prepare__`), runs the body in it and calls
//! the metaclass; then fills the `__class__` cell of the body's methods. PEP 3115, PEP 3135;
//! CPython 3.5 `Python/bltinmodule.c`, `builtin___build_class__`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::types::cell::CellObject;
use crate::types::class::Type;
use crate::types::class::build::calculate_metaclass;
use crate::types::str::Str;

/// `__build_class__(func, name, *bases, metaclass=None, **kwds)`.
pub fn build_class<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [function, name, bases @ ..] = args.pos else {
        return Err(vm.raise_type_error("__build_class__: not enough arguments"));
    };
    if function.kind() != Kind::Function {
        return Err(vm.raise_type_error("__build_class__: func must be a function"));
    }
    if name.get::<Str>().is_none() {
        return Err(vm.raise_type_error("__build_class__: name is not a string"));
    }
    let mut meta = None;
    let mut keywords: Vec<V<M>> = Vec::new();
    for (key, value) in args.kw_pairs() {
        if key
            .get::<Str>()
            .is_some_and(|k| k.text_bytes() == b"metaclass")
        {
            meta = Some(value.clone());
        } else {
            keywords.extend([key.clone(), value.clone()]);
        }
    }
    let meta = match (meta, bases.first()) {
        // A metaclass that is no class is used as it is.
        (Some(m), _) if m.get::<Type<M>>().is_none() => m,
        (Some(m), _) => calculate_metaclass(vm, &m, bases)?,
        (None, Some(first)) => {
            let m = vm.type_of(first);
            calculate_metaclass(vm, &m, bases)?
        }
        (None, None) => vm.class_of_kind(Kind::Type),
    };
    vm.opaque_natives += 1;
    let class = run_body(vm, &meta, function, name, bases, &keywords);
    vm.opaque_natives -= 1;
    class
}

fn run_body<M: ObjectModel>(
    vm: &mut Vm<M>,
    meta: &V<M>,
    function: &V<M>,
    name: &V<M>,
    bases: &[V<M>],
    keywords: &[V<M>],
) -> Res<V<M>> {
    let bases = vm.new_tuple(bases.to_vec());
    let namespace = match vm.get_attr_str(meta, "__prepare__") {
        Ok(prepare) => {
            let pos = [name.clone(), bases.clone()];
            let given = Args {
                pos: &pos,
                kw: keywords,
            };
            vm.call(&prepare, given)?
        }
        Err(_) => {
            vm.swallow(Exc::AttributeError)?;
            vm.new_dict()
        }
    };
    let cell = vm.call_class_body(function, namespace.clone())?;
    let pos = [name.clone(), bases, namespace];
    let class = vm.call(
        meta,
        Args {
            pos: &pos,
            kw: keywords,
        },
    )?;
    if let Some(c) = cell.get::<CellObject<M>>() {
        c.contents.set(class.clone());
    }
    Ok(class)
}

//! `types.SimpleNamespace`: an object that is nothing but its attributes; `sys.implementation` is one.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::attrs::Attrs;
use crate::object::slots::CompareOp;
use crate::object::{Args, ClassId, Kind, ObjectModel, Res, V, Value};
use crate::types::class::Type;
use crate::types::class::builder::NativeClass;
use crate::types::dict::Dict;
use crate::types::str::Str;

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    let shape = class
        .get::<Type<M>>()
        .and_then(|t| Some((t.id, t.root_shape.get()?)));
    match shape {
        Some((id, shape)) => Ok(vm.new_instance(id, shape)),
        None => Err(vm.raise(Exc::SystemError, "class without attribute store")),
    }
}

fn init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    if !args.pos.is_empty() {
        return Err(vm.raise_type_error("no positional arguments expected"));
    }
    for (key, value) in args.kw_pairs() {
        vm.set_attr(v, key, Some(value))?;
    }
    Ok(())
}

fn dict<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.instance_dict(v).unwrap_or_else(V::<M>::none))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let plain = vm
        .native_class("SimpleNamespace")
        .is_some_and(|c| c.is(&vm.type_of(v)));
    let name = if plain {
        "namespace".to_owned()
    } else {
        vm.type_name(v)
    };
    if vm.repr_guard.contains(&v.bits()) {
        return Ok(vm.new_str(format!("{name}(...)")));
    }
    let mut items = attributes(vm, v);
    items.sort_by(|a, b| a.0.cmp(&b.0));
    vm.repr_guard.push(v.bits());
    let parts: Res<Vec<String>> = vm.holding(|vm| {
        items
            .iter()
            .map(|(key, value)| Ok(format!("{key}={}", vm.repr_text(value)?)))
            .collect()
    });
    vm.repr_guard.pop();
    Ok(vm.new_str(format!("{name}({})", parts?.join(", "))))
}

fn attributes<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Vec<(String, V<M>)> {
    let Some(d) = vm.instance_dict(v) else {
        return Vec::new();
    };
    let Some(d) = d.get::<Dict<M>>() else {
        return Vec::new();
    };
    let items = d.table.items();
    items
        .into_iter()
        .filter(|(_, key, _)| key.get::<Str>().is_some())
        .map(|(_, key, value)| (vm.text_of(&key), value))
        .collect()
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let both = vm
        .native_class("SimpleNamespace")
        .and_then(|c| c.get::<Type<M>>().map(|t| t.id))
        .is_some_and(|id| {
            vm.class_is_subclass(a.tag().class(), id) && vm.class_is_subclass(b.tag().class(), id)
        });
    if !both {
        return Ok(V::<M>::not_implemented());
    }
    let (x, y) = (dict(vm, a)?, dict(vm, b)?);
    vm.compare(op, &x, &y)
}

/// Makes the class.
pub fn make_class<M: ObjectModel>(vm: &mut Vm<M>) -> V<M> {
    let module = vm.intern("types");
    vm.new_native_class(NativeClass {
        name: "SimpleNamespace",
        kind: Kind::Instance,
        base: ClassId(Kind::Instance as u32),
        has_attrs: true,
        is_base: true,
    })
    .slots(|s| {
        s.new = Some(new::<M>);
        s.init = Some(init::<M>);
        s.repr = Some(repr::<M>);
        s.richcompare = Some(compare::<M>);
    })
    .attr("__module__", module)
    .getter("__dict__", dict::<M>)
    .done()
}

impl<M: ObjectModel> Vm<M> {
    /// A namespace with these attributes.
    pub fn new_namespace(&mut self, items: Vec<(&str, V<M>)>) -> V<M> {
        let class = match self.native_class("SimpleNamespace") {
            Some(c) => c,
            None => make_class(self),
        };
        let v = match new(self, &class, Args::new(&[])) {
            Ok(v) => v,
            Err(_) => {
                drop(self.take_raised());
                return V::<M>::none();
            }
        };
        debug_assert!(v.get::<Attrs<M>>().is_some());
        for (name, value) in items {
            let name = self.intern(name);
            if self.generic_set_attr(&v, &name, Some(&value)).is_err() {
                drop(self.take_raised());
            }
        }
        v
    }
}

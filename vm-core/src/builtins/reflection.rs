//! Built-in functions that ask objects about themselves: `isinstance`, `getattr`, `dir`, `vars` ...

use super::arguments::unpack;
use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::types::class::Type;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

/// `isinstance(object, class_or_tuple)`.
pub fn isinstance<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "isinstance", 2, 2)?;
    Ok(V::<M>::bool(vm.is_instance(&args[0], &args[1])?))
}

/// `issubclass(class, class_or_tuple)`.
pub fn issubclass<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "issubclass", 2, 2)?;
    Ok(V::<M>::bool(vm.is_subclass(&args[0], &args[1])?))
}

/// `callable(object)`.
pub fn callable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "callable")?;
    Ok(V::<M>::bool(vm.is_callable(v)))
}

/// `id(object)`.
pub fn id<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "id")?;
    Ok(vm.new_int(v.bits() as i64))
}

fn attribute_name<M: ObjectModel>(vm: &mut Vm<M>, function: &str, name: &V<M>) -> Res<V<M>> {
    if name.get::<Str>().is_none() {
        let m = format!("{function}(): attribute name must be string");
        return Err(vm.raise_type_error(m));
    }
    Ok(vm.intern_value(name))
}

/// `getattr(object, name[, default])`.
pub fn getattr<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "getattr", 2, 3)?;
    let name = attribute_name(vm, "getattr", &args[1])?;
    match args.get(2) {
        Some(default) => Ok(vm
            .attr_or_none(&args[0], &name)?
            .unwrap_or_else(|| default.clone())),
        None => vm.get_attr(&args[0], &name),
    }
}

/// `hasattr(object, name)`.
pub fn hasattr<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "hasattr", 2, 2)?;
    let name = attribute_name(vm, "hasattr", &args[1])?;
    let found = vm.attr_or_none(&args[0], &name)?;
    Ok(V::<M>::bool(found.is_some()))
}

fn assigned_name<M: ObjectModel>(vm: &mut Vm<M>, name: &V<M>) -> Res<V<M>> {
    if name.get::<Str>().is_none() {
        let m = format!(
            "attribute name must be string, not '{}'",
            vm.type_name(name)
        );
        return Err(vm.raise_type_error(m));
    }
    Ok(vm.intern_value(name))
}

/// `setattr(object, name, value)`.
pub fn setattr<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "setattr", 3, 3)?;
    let name = assigned_name(vm, &args[1])?;
    vm.set_attr(&args[0], &name, Some(&args[2]))?;
    Ok(V::<M>::none())
}

/// `delattr(object, name)`.
pub fn delattr<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "delattr", 2, 2)?;
    let name = assigned_name(vm, &args[1])?;
    vm.set_attr(&args[0], &name, None)?;
    Ok(V::<M>::none())
}

/// `globals()`.
pub fn globals<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "globals")?;
    Ok(vm.current_globals().unwrap_or_else(V::<M>::none))
}

/// `locals()`.
pub fn locals<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "locals")?;
    vm.current_locals()
}

/// `vars([object])`.
pub fn vars<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    match unpack(vm, args, "vars", 0, 1)? {
        [v] => match vm.find_attr(v, "__dict__")? {
            Some(d) => Ok(d),
            None => Err(vm.raise_type_error("vars() argument must have __dict__ attribute")),
        },
        _ => vm.current_locals(),
    }
}

/// `dir([object])`.
pub fn dir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let names = match unpack(vm, args, "dir", 0, 1)? {
        [v] => match vm.call_special(v, "__dir__", &[])? {
            Some(names) => names,
            None => default_names(vm, v)?,
        },
        _ => {
            let namespace = vm.current_locals()?;
            vm.call_method(&namespace, "keys", &[])?
        }
    };
    let items = vm.collect_iter(&names)?;
    let list = vm.new_list(items);
    vm.holding(|vm| vm.call_method(&list, "sort", &[]))?;
    Ok(list)
}

/// What `dir` shows of an object whose class has no `__dir__`: its own attributes and those of
/// its class.
fn default_names<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let all = vm.new_dict();
    let mut sources = Vec::new();
    if let Some(own) = vm.find_attr(v, "__dict__")? {
        sources.push(own);
    }
    let class = match v.get::<Type<M>>() {
        Some(_) => v.clone(),
        None => vm.type_of(v),
    };
    if let Some(t) = class.get::<Type<M>>()
        && let Some(mro) = t.mro.load().get::<Tuple<M>>()
    {
        sources.extend(
            mro.items
                .iter()
                .filter_map(|c| c.get::<Type<M>>().map(|t| t.dict.clone())),
        );
    }
    for source in sources {
        for key in vm.collect_iter(&source)? {
            let hash = vm.hash(&key)?;
            if let Some(d) = all.get::<Dict<M>>() {
                drop(d.table.insert(vm, key, hash, V::<M>::none())?);
            }
        }
    }
    Ok(all)
}

impl<M: ObjectModel> Vm<M> {
    /// Whether a value can be called.
    pub fn is_callable(&self, v: &V<M>) -> bool {
        matches!(
            v.kind(),
            Kind::Function | Kind::Builtin | Kind::Method | Kind::MethodDescriptor | Kind::Type
        ) || self.slots(v).call.is_some()
    }
}

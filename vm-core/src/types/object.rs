//! `object`: the root class and default behaviour of instances.
//!
//! An empty `getattro` or `setattro` slot means the default of this class, so that the machine can
//! see at once that a class has it; the wrappers `__getattribute__` and `__setattr__` exist all
//! the same. CPython `Objects/typeobject.c`, `object_*`.

use crate::Vm;
use crate::object::slots::{Slot, SlotFn, Wrap};
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Tag, V, Value, body_ops};
use crate::types::class::layout::check_compatible;
use crate::types::class::methods::{class_names, module_text, qualname_text};
use crate::types::class::mro::class_text;
use crate::types::class::{Type, slot_dispatch};
use crate::types::dict::Dict;
use crate::types::slot_wrapper::SlotWrapper;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

/// Hash of an object by its identity, as CPython makes it of an address.
pub fn identity_hash(bits: u64) -> i64 {
    match bits.rotate_right(4) as i64 {
        -1 => -2,
        h => h,
    }
}

fn has_excess<M: ObjectModel>(args: Args<'_, M>) -> bool {
    !args.pos.is_empty() || !args.kw.is_empty()
}

/// Whether a class takes `__new__` and `__init__` from `object`.
fn defaults<M: ObjectModel>(vm: &Vm<M>, class: &V<M>) -> (bool, bool) {
    let Some(t) = class.get::<Type<M>>() else {
        return (true, true);
    };
    let root = vm.interp.classes[Kind::Instance as usize].slots;
    let own = vm.class_entry(t.id).slots;
    let same =
        |slot| own.get(slot).map(|f| f.address()) == root.get(slot).map(|f: SlotFn<M>| f.address());
    (same(Slot::New), same(Slot::Init))
}

fn object_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some(t) = class.get::<Type<M>>() else {
        return Err(vm.raise_type_error("object.__new__(X): X is not a type object"));
    };
    if has_excess(args) {
        let (new, init) = defaults(vm, class);
        if init || !new {
            return Err(vm.raise_type_error("object() takes no parameters"));
        }
    }
    if t.is_abstract.get() {
        return Err(raise_abstract(vm, class));
    }
    match t.root_shape.get() {
        Some(shape) if t.instance_kind == Kind::Instance => Ok(vm.new_instance(t.id, shape)),
        _ => {
            let name = class_text(vm, class);
            let m = format!("object.__new__({name}) is not safe, use {name}.__new__()");
            Err(vm.raise_type_error(m))
        }
    }
}

#[cold]
fn raise_abstract<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> crate::object::Raised {
    let names = match vm.get_attr_str(class, "__abstractmethods__") {
        Ok(n) => n,
        Err(e) => return e,
    };
    let names = match vm.collect_iter(&names) {
        Ok(n) => n,
        Err(e) => return e,
    };
    let mut names: Vec<String> = names.iter().map(|n| vm.text_of(n)).collect();
    names.sort();
    let m = format!(
        "Can't instantiate abstract class {} with abstract methods {}",
        class_text(vm, class),
        names.join(", ")
    );
    vm.raise_type_error(m)
}

fn object_init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    if has_excess(args) {
        let class = vm.type_of(v);
        let (new, init) = defaults(vm, &class);
        if new || !init {
            return Err(vm.raise_type_error("object.__init__() takes no parameters"));
        }
    }
    Ok(())
}

fn object_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let class = vm.type_of(v);
    let qualname = qualname_text(vm, &class);
    let text = match module_text(vm, &class) {
        Some(m) if m != "builtins" => format!("<{m}.{qualname} object at {:#x}>", v.bits()),
        _ => format!("<{qualname} object at {:#x}>", v.bits()),
    };
    Ok(vm.new_str(text))
}

fn object_str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    vm.repr(v)
}

fn object_hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    Ok(identity_hash(v.bits()))
}

/// Identity, and `!=` as the inverse of the class's own `==`.
fn object_richcompare<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    op: CompareOp,
) -> Res<V<M>> {
    match op {
        CompareOp::Eq if a.is(b) => Ok(V::<M>::bool(true)),
        CompareOp::Ne => {
            let Some(f) = vm.slots(a).richcompare else {
                return Ok(V::<M>::not_implemented());
            };
            let r = f(vm, a, b, CompareOp::Eq)?;
            if r.is_not_implemented() {
                return Ok(r);
            }
            Ok(V::<M>::bool(!vm.is_true(&r)?))
        }
        _ => Ok(V::<M>::not_implemented()),
    }
}

fn get_attribute<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, name: &V<M>) -> Res<V<M>> {
    vm.generic_get_attr(v, name)
}

fn set_attribute<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    name: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    vm.generic_set_attr(v, name, value)
}

fn set_class<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let Some(new) = value else {
        return Err(vm.raise_type_error("can't delete __class__ attribute"));
    };
    let Some(n) = new.get::<Type<M>>() else {
        let m = format!(
            "__class__ must be set to a class, not '{}' object",
            vm.type_name(new)
        );
        return Err(vm.raise_type_error(m));
    };
    let old = vm.type_of(v);
    let module = vm.class_of_kind(Kind::Module);
    let modules = vm.is_derived(new, &module) && vm.is_derived(&old, &module);
    let heap = n.is_heap && old.get::<Type<M>>().is_some_and(|t| t.is_heap);
    if !modules && !heap {
        return Err(vm.raise_type_error(
            "__class__ assignment only supported for heap types or ModuleType subclasses",
        ));
    }
    check_compatible(vm, &old, new, "__class__")?;
    let Some(h) = v.header() else { return Ok(()) };
    if let (Some(attrs), Some(root)) = (v.attrs(), n.root_shape.get()) {
        let shape = attrs.shape();
        let mut next = if shape.is_dict {
            vm.shapes.dict_form(root)
        } else {
            root
        };
        if !shape.is_dict {
            for name in shape.names.iter().skip(shape.reserved()) {
                // As many names fitted the old class's shapes.
                match vm.shapes.with(next, name) {
                    Some(s) => next = s,
                    None => {
                        drop(vm.instance_dict(v));
                        next = vm.shapes.dict_form(root);
                        break;
                    }
                }
            }
        }
        attrs.set_shape(next);
    }
    let tag = h.tag.get();
    h.tag.set(Tag::new(n.id, tag.kind(), tag.is_extended()));
    Ok(())
}

fn format<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [spec] = rest.exact::<1>(vm, "__format__")?;
    let Some(s) = spec.get::<Str>() else {
        let m = format!(
            "__format__() argument 1 must be str, not {}",
            vm.type_name(spec)
        );
        return Err(vm.raise_type_error(m));
    };
    let empty = s.is_empty();
    let text = vm.str(v)?;
    if !empty {
        return Err(vm.raise_type_error("non-empty format string passed to object.__format__"));
    }
    Ok(text)
}

fn dir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "__dir__")?;
    let names = vm.new_dict();
    if let Some(own) = vm.find_attr(v, "__dict__")?
        && let (Some(own), Some(all)) = (own.get::<Dict<M>>(), names.get::<Dict<M>>())
    {
        for (hash, key, _) in own.table.items() {
            if key.get::<Str>().is_some() {
                drop(all.table.insert_str(key, hash, V::<M>::none()));
            }
        }
    }
    if let Some(class) = vm.find_attr(v, "__class__")? {
        class_names::<M>(&class, &names);
    }
    let keys = names
        .get::<Dict<M>>()
        .map_or_else(Vec::new, |d| d.table.keys());
    Ok(vm.new_list(keys))
}

fn sizeof<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "__sizeof__")?;
    let tag = v.tag();
    Ok(vm.new_usize(body_ops::<M>(tag.kind()).size_of(tag.is_extended())))
}

fn subclass_hook<M: ObjectModel>(_: &mut Vm<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(V::<M>::not_implemented())
}

/// `copyreg.__newobj__`.
fn new_object<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some(class) = args.pos.first() else {
        return Err(vm.raise_arity("__newobj__", 0, 1, usize::MAX));
    };
    let new = vm.get_attr_str(class, "__new__")?;
    vm.call(&new, args)
}

/// State of an object for copying: its dict and members, or None.
fn object_state<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if let Some(f) = vm.find_attr(v, "__getstate__")? {
        return vm.call_values(&f, &[]);
    }
    let dict = match vm.find_attr(v, "__dict__")? {
        Some(d) if vm.is_true(&d)? => d,
        _ => V::<M>::none(),
    };
    let members = vm.new_dict();
    let mut order = vec![vm.type_of(v)];
    order.extend(crate::types::class::layout::mro_tail::<M>(&order[0]));
    let mut found = false;
    for class in order {
        let items = class
            .get::<Type<M>>()
            .and_then(|t| t.dict.get::<Dict<M>>().map(|d| d.table.items()))
            .unwrap_or_default();
        for (hash, key, descriptor) in items {
            let Some(m) = descriptor.get::<crate::types::getset::Member<M>>() else {
                continue;
            };
            let x = v.attrs().map_or_else(V::<M>::null, |a| a.load(m.slot));
            if let (false, Some(d)) = (x.is_null(), members.get::<Dict<M>>()) {
                drop(d.table.insert_str(key, hash, x));
                found = true;
            }
        }
    }
    if !found {
        return Ok(dict);
    }
    Ok(vm.new_tuple(vec![dict, members]))
}

/// `__reduce_ex__` of protocol 2 and above: how to make the object anew.
fn reduce_new<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let class = vm.type_of(v);
    let mut args = vec![class];
    if let Some(f) = vm.find_attr(v, "__getnewargs__")? {
        let given = vm.call_values(&f, &[])?;
        match given.get::<Tuple<M>>() {
            Some(t) => args.extend(t.items.iter().cloned()),
            None => {
                let m = format!(
                    "__getnewargs__ should return a tuple, not '{}'",
                    vm.type_name(&given)
                );
                return Err(vm.raise_type_error(m));
            }
        }
    }
    let state = object_state(vm, v)?;
    let list_items = if vm.is_kind_of(v, Kind::List) {
        vm.iter(v)?
    } else {
        V::<M>::none()
    };
    let dict_items = if vm.is_kind_of(v, Kind::Dict) {
        let items = vm.call_method(v, "items", &[])?;
        vm.iter(&items)?
    } else {
        V::<M>::none()
    };
    let maker = vm.new_builtin("__newobj__", new_object);
    let args = vm.new_tuple(args);
    Ok(vm.new_tuple(vec![maker, args, state, list_items, dict_items]))
}

fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.between(vm, "__reduce__", 0, 1)?;
    vm.opaque_natives += 1;
    let r = reduce_new(vm, v);
    vm.opaque_natives -= 1;
    r
}

fn reduce_ex<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.between(vm, "__reduce_ex__", 0, 1)?;
    let name = vm.intern("__reduce__");
    let class = v.tag().class();
    let own = vm.lookup_class_attr(class, &name);
    let root = vm.class_of_kind(Kind::Instance);
    let default = root
        .get::<Type<M>>()
        .and_then(|t| vm.lookup_uncached(t.id, &name));
    if let (Some(f), Some(d)) = (&own, &default)
        && !f.is(d)
    {
        return vm.call_method(v, "__reduce__", &[]);
    }
    vm.opaque_natives += 1;
    let r = reduce_new(vm, v);
    vm.opaque_natives -= 1;
    r
}

/// Fills the class. The first class to be filled: names of the special methods are made here.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.intern_slot_names();
    let object = vm.class_of_kind(Kind::Instance);
    let wrapper = |vm: &mut Vm<M>, def: usize, function: SlotFn<M>, wrap: Wrap| {
        let def = crate::object::slots::SLOT_DEFS[def];
        let w = SlotWrapper {
            name: def.name,
            slot: def.slot,
            wrap,
            function,
            owner: object.clone(),
        };
        vm.alloc(w)
    };
    let set = SlotFn::Assign(set_attribute::<M>);
    let get = SlotFn::Binary(get_attribute::<M>);
    let at = slot_dispatch::at;
    let get_wrapper = wrapper(vm, at("__getattribute__"), get, Wrap::Direct);
    let set_wrapper = wrapper(vm, at("__setattr__"), set, Wrap::Set);
    let delete_wrapper = wrapper(vm, at("__delattr__"), set, Wrap::Delete);
    vm.fill_class(Kind::Instance)
        .slots(|s| {
            s.repr = Some(object_repr);
            s.str = Some(object_str);
            s.hash = Some(object_hash);
            s.richcompare = Some(object_richcompare);
            s.init = Some(object_init);
            s.new = Some(object_new);
        })
        .attr("__getattribute__", get_wrapper)
        .attr("__setattr__", set_wrapper)
        .attr("__delattr__", delete_wrapper)
        .getset("__class__", |vm, v| Ok(vm.type_of(v)), Some(set_class))
        .method("__format__", format)
        .method("__dir__", dir)
        .method("__sizeof__", sizeof)
        .method("__reduce__", reduce)
        .method("__reduce_ex__", reduce_ex)
        .class_method("__subclasshook__", subclass_hook)
        .done();
    let doc = vm.new_str("The most base type");
    let name = vm.intern("__doc__");
    let hash = vm.str_hash(&name);
    if let Some(d) = object
        .get::<Type<M>>()
        .and_then(|t| t.dict.get::<Dict<M>>())
    {
        drop(d.table.insert_str(name, hash, doc));
    }
}

//! What class objects themselves do: calls, attributes, assignment, and the methods of `type`.
//!
//! CPython `Objects/typeobject.c`, `type_call`, `type_getattro`, `type_setattro`, `type_getsets`.

use super::Type;
use super::layout::{best_base, check_compatible};
use super::mro::{class_text, compute};
use super::slot_update::{class_changed, class_tree};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ClassId, Kind, ObjectModel, Raised, Res, Tag, V, Value};
use crate::types::dict::Dict;
use crate::types::mappingproxy::MappingProxy;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

/// `C(...)`: makes an instance and initialises it.
pub fn type_call<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some(t) = class.get::<Type<M>>() else {
        return Err(vm.raise_type_error("not a class"));
    };
    let Some(new) = vm.class_entry(t.id).slots.new else {
        let m = format!("cannot create '{}' instances", class_text(vm, class));
        return Err(vm.raise_type_error(m));
    };
    let object = new(vm, class, args)?;
    // `type(x)` gives a class that must not be initialised.
    if t.id == ClassId(Kind::Type as u32) && args.pos.len() == 1 && args.kw.is_empty() {
        return Ok(object);
    }
    let made = object.tag().class();
    if made != t.id && !vm.class_is_subclass(made, t.id) {
        return Ok(object);
    }
    if let Some(init) = vm.class_entry(made).slots.init {
        // `object.__init__` does nothing for a built-in class that has a `__new__` of its own.
        let object_slots = &vm.class_entry(ClassId(Kind::Instance as u32)).slots;
        if !t.is_heap
            && made == t.id
            && t.id.0 != Kind::Instance as u32
            && object_slots
                .init
                .is_some_and(|f| f as usize == init as usize)
        {
            return Ok(object);
        }
        // These initialisers hold nothing else out of sight while they go through an iterable.
        let goes_through = matches!(object.kind(), Kind::List | Kind::Set | Kind::Dict);
        if goes_through && object.tag() == Tag::exact(object.kind()) {
            vm.showing(|vm| {
                for v in args.pos.iter().chain(args.kw).chain([&object]) {
                    vm.show(v);
                }
                init(vm, &object, args)
            })?;
        } else {
            vm.holding(|vm| init(vm, &object, args))?;
        }
    }
    Ok(object)
}

fn type_init<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<()> {
    if !args.kw.is_empty() {
        return Err(vm.raise_type_error("type.__init__() takes no keyword arguments"));
    }
    if !matches!(args.pos.len(), 1 | 3) {
        return Err(vm.raise_type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(())
}

fn type_getattro<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, name: &V<M>) -> Res<V<M>> {
    match vm.type_find_attr(class, name)? {
        Some(v) => Ok(v),
        None => Err(vm.raise_no_attribute(class, name)),
    }
}

/// `C.name = value`, `del C.name`: the class's dict, then every cache and slot that knew it.
pub fn set_type_attr<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    name: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    let Some(t) = class.get::<Type<M>>() else {
        return Err(vm.raise_no_attribute(class, name));
    };
    if !t.is_heap {
        let m = format!(
            "can't set attributes of built-in/extension type '{}'",
            class_text(vm, class)
        );
        return Err(vm.raise_type_error(m));
    }
    let meta = class.tag().class();
    if let Some(attr) = vm.lookup_class_attr(meta, name)
        && let Some(set) = vm.slots(&attr).descr_set
    {
        set(vm, &attr, class, value)?;
        class_changed(vm, t.id, Some(name));
        return Ok(());
    }
    let hash = vm.str_hash(name);
    let Some(dict) = t.dict.get::<Dict<M>>() else {
        return Err(vm.raise_no_attribute(class, name));
    };
    let old = match value {
        Some(x) => dict.table.insert_str(name.clone(), hash, x.clone()),
        None => match dict.table.remove_str(name, hash) {
            Some(e) => Some(e.value),
            None => {
                let m = vm.text_of(name);
                return Err(vm.raise(Exc::AttributeError, m));
            }
        },
    };
    // The old value dies after no cache can find it any more.
    class_changed(vm, t.id, Some(name));
    drop(old);
    Ok(())
}

fn own<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, name: &str) -> Option<V<M>> {
    let key = vm.intern(name);
    let hash = vm.str_hash(&key);
    class
        .get::<Type<M>>()?
        .dict
        .get::<Dict<M>>()?
        .table
        .get_str(&key, hash)
}

fn set_own<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, name: &str, value: &V<M>) {
    let key = vm.intern(name);
    let hash = vm.str_hash(&key);
    let Some(t) = class.get::<Type<M>>() else {
        return;
    };
    let old = t
        .dict
        .get::<Dict<M>>()
        .and_then(|d| d.table.insert_str(key.clone(), hash, value.clone()));
    class_changed(vm, t.id, Some(&key));
    drop(old);
}

/// `C.__module__` as text; `builtins` for a native class that says nothing else.
pub fn module_text<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Option<String> {
    match own(vm, class, "__module__") {
        Some(m) if m.get::<Str>().is_some() => Some(vm.text_of(&m)),
        Some(_) => None,
        None if class.get::<Type<M>>().is_some_and(|t| !t.is_heap) => Some("builtins".into()),
        None => None,
    }
}

/// `C.__qualname__` as text.
pub fn qualname_text<M: ObjectModel>(vm: &Vm<M>, class: &V<M>) -> String {
    match class.get::<Type<M>>() {
        Some(t) => vm.text_of(&t.qualname.load()),
        None => String::new(),
    }
}

fn type_repr<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    let qualname = qualname_text(vm, class);
    let text = match module_text(vm, class) {
        Some(m) if m != "builtins" => format!("<class '{m}.{qualname}'>"),
        _ => format!("<class '{}'>", class_text(vm, class)),
    };
    Ok(vm.new_str(text))
}

/// TypeError unless the special attribute `name` of the class can be set to something.
fn check_settable<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    value: Option<&'a V<M>>,
    name: &str,
) -> Res<&'a V<M>> {
    let heap = class.get::<Type<M>>().is_some_and(|t| t.is_heap);
    let verb = match value {
        Some(v) if heap => return Ok(v),
        None if heap => "delete",
        _ => "set",
    };
    let m = format!("can't {verb} {}.{name}", class_text(vm, class));
    Err(vm.raise_type_error(m))
}

fn set_text<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    value: Option<&V<M>>,
    name: &str,
) -> Res<V<M>> {
    let v = check_settable(vm, class, value, name)?;
    let Some(s) = v.get::<Str>() else {
        let m = format!(
            "can only assign string to {}.{name}, not '{}'",
            class_text(vm, class),
            vm.type_name(v)
        );
        return Err(vm.raise_type_error(m));
    };
    if name == "__name__" && s.text_bytes().contains(&0) {
        return Err(vm.raise_value_error("type name must not contain null characters"));
    }
    Ok(v.clone())
}

fn set_name<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let v = set_text(vm, class, value, "__name__")?;
    if let Some(t) = class.get::<Type<M>>() {
        t.name.set(v);
    }
    Ok(())
}

fn set_qualname<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let v = set_text(vm, class, value, "__qualname__")?;
    if let Some(t) = class.get::<Type<M>>() {
        t.qualname.set(v);
    }
    Ok(())
}

fn get_module<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    match own(vm, class, "__module__") {
        Some(m) => Ok(m),
        None if class.get::<Type<M>>().is_some_and(|t| !t.is_heap) => Ok(vm.intern("builtins")),
        None => Err(vm.raise(Exc::AttributeError, "__module__")),
    }
}

fn set_module<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let v = check_settable(vm, class, value, "__module__")?;
    set_own(vm, class, "__module__", v);
    Ok(())
}

fn get_doc<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    if let Some(t) = class.get::<Type<M>>()
        && !t.doc.is_empty()
    {
        return Ok(vm.new_str(t.doc));
    }
    match own(vm, class, "__doc__") {
        None => Ok(V::<M>::none()),
        Some(d) => match vm.slots(&d).descr_get {
            Some(get) => get(vm, &d, None, class),
            None => Ok(d),
        },
    }
}

fn set_doc<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let v = check_settable(vm, class, value, "__doc__")?;
    set_own(vm, class, "__doc__", v);
    Ok(())
}

fn get_abstract<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    let is_type = class
        .get::<Type<M>>()
        .is_some_and(|t| t.id == ClassId(Kind::Type as u32));
    match own(vm, class, "__abstractmethods__") {
        Some(v) if !is_type => Ok(v),
        _ => Err(vm.raise(Exc::AttributeError, "__abstractmethods__")),
    }
}

fn set_abstract<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let Some(t) = class.get::<Type<M>>() else {
        return Ok(());
    };
    match value {
        Some(v) => {
            let is_abstract = vm.is_true(v)?;
            set_own(vm, class, "__abstractmethods__", v);
            t.is_abstract.set(is_abstract);
        }
        None => {
            let key = vm.intern("__abstractmethods__");
            let hash = vm.str_hash(&key);
            let old = t
                .dict
                .get::<Dict<M>>()
                .and_then(|d| d.table.remove_str(&key, hash));
            if old.is_none() {
                return Err(vm.raise(Exc::AttributeError, "__abstractmethods__"));
            }
            class_changed(vm, t.id, Some(&key));
            t.is_abstract.set(false);
        }
    }
    Ok(())
}

fn get_bases<M: ObjectModel>(_: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    Ok(class
        .get::<Type<M>>()
        .map_or_else(V::<M>::none, |t| t.bases.load()))
}

fn set_bases<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let v = check_settable(vm, class, value, "__bases__")?;
    let name = class_text(vm, class);
    let Some(bases) = v.get::<Tuple<M>>() else {
        let m = format!(
            "can only assign tuple to {name}.__bases__, not {}",
            vm.type_name(v)
        );
        return Err(vm.raise_type_error(m));
    };
    if bases.items.is_empty() {
        return Err(vm.raise_type_error(format!(
            "can only assign non-empty tuple to {name}.__bases__, not ()"
        )));
    }
    for b in bases.items.iter() {
        if b.get::<Type<M>>().is_none() {
            let m = format!(
                "{name}.__bases__ must be tuple of classes, not '{}'",
                vm.type_name(b)
            );
            return Err(vm.raise_type_error(m));
        }
        if vm.is_derived(b, class) {
            return Err(vm.raise_type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let Some(t) = class.get::<Type<M>>() else {
        return Err(Raised);
    };
    let new_base = best_base(vm, &bases.items)?;
    let old_base = t.base.load();
    check_compatible(vm, &old_base, &new_base, "__bases__")?;
    let old_bases = t.bases.swap(v.clone());
    t.base.set(new_base);
    vm.opaque_natives += 1;
    let r = recompute_orders(vm, t.id);
    vm.opaque_natives -= 1;
    if let Err(e) = r {
        t.bases.set(old_bases);
        t.base.set(old_base);
        return Err(e);
    }
    if let Some(old) = old_bases.get::<Tuple<M>>() {
        for b in old.items.iter().filter_map(|b| b.get::<Type<M>>()) {
            b.subclasses.borrow_mut().retain(|&c| c != t.id);
        }
    }
    for b in bases.items.iter().filter_map(|b| b.get::<Type<M>>()) {
        b.subclasses.borrow_mut().push(t.id);
    }
    class_changed(vm, t.id, None);
    Ok(())
}

/// New MROs for a class and all below it, or none changed.
fn recompute_orders<M: ObjectModel>(vm: &mut Vm<M>, class: ClassId) -> Res<()> {
    let mut done: Vec<(V<M>, V<M>)> = Vec::new();
    for id in class_tree(vm, class) {
        let object = vm.class_entry(id).object.clone();
        match compute(vm, &object) {
            Ok(mro) => {
                if let Some(t) = object.get::<Type<M>>() {
                    let old = t.mro.swap(mro);
                    done.push((object, old));
                }
            }
            Err(e) => {
                for (object, old) in done {
                    if let Some(t) = object.get::<Type<M>>() {
                        t.mro.set(old);
                    }
                }
                return Err(e);
            }
        }
    }
    Ok(())
}

fn get_proxy<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    let mapping = class
        .get::<Type<M>>()
        .map_or_else(V::<M>::none, |t| t.dict.clone());
    Ok(vm.alloc(MappingProxy { mapping }))
}

fn get_flags<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    const HEAP: i64 = 1 << 9;
    const BASE: i64 = 1 << 10;
    const READY: i64 = 1 << 12;
    const HAVE_GC: i64 = 1 << 14;
    const ABSTRACT: i64 = 1 << 20;
    let mut flags = READY | 1 << 18;
    if let Some(t) = class.get::<Type<M>>() {
        if t.is_heap {
            flags |= HEAP | HAVE_GC;
        }
        if t.is_base {
            flags |= BASE;
        }
        if t.is_abstract.get() {
            flags |= ABSTRACT;
        }
        let order = t.mro.load();
        let derives = |kind: Kind| {
            let wanted = vm.class_of_kind(kind);
            order
                .get::<Tuple<M>>()
                .is_some_and(|m| m.items.iter().any(|c| c.is(&wanted)))
        };
        for (bit, kind) in [
            (24, Kind::Int),
            (25, Kind::List),
            (26, Kind::Tuple),
            (27, Kind::Bytes),
            (28, Kind::Str),
            (29, Kind::Dict),
            (30, Kind::Exception),
            (31, Kind::Type),
        ] {
            if derives(kind) {
                flags |= 1 << bit;
            }
        }
    }
    Ok(vm.new_int(flags))
}

fn get_basicsize<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    let size = class.get::<Type<M>>().map_or(0, |t| {
        crate::object::body_ops::<M>(t.instance_kind)
            .size_of(t.has_attrs && t.instance_kind != Kind::Instance)
    });
    Ok(vm.new_usize(size))
}

fn mro_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    rest.exact::<0>(vm, "mro")?;
    let bases = match class.get::<Type<M>>().map(|t| t.bases.load()) {
        Some(b) => b
            .get::<Tuple<M>>()
            .map_or_else(Vec::new, |t| t.items.to_vec()),
        None => Vec::new(),
    };
    let mut order = vec![class.clone()];
    order.extend(super::mro::linearize(vm, &bases)?);
    Ok(vm.new_list(order))
}

fn subclasses<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    rest.exact::<0>(vm, "__subclasses__")?;
    let ids = class
        .get::<Type<M>>()
        .map_or_else(Vec::new, |t| t.subclasses.borrow().clone());
    let list = ids
        .into_iter()
        .map(|id| vm.class_entry(id).object.clone())
        .filter(|c| !c.is_null())
        .collect();
    Ok(vm.new_list(list))
}

fn instancecheck<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let [v] = rest.exact::<1>(vm, "__instancecheck__")?;
    Ok(V::<M>::bool(vm.is_instance_plain(v, class)?))
}

fn subclasscheck<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let [v] = rest.exact::<1>(vm, "__subclasscheck__")?;
    Ok(V::<M>::bool(vm.is_subclass_plain(v, class)?))
}

/// Names of every attribute along a class's MRO.
pub fn class_names<M: ObjectModel>(class: &V<M>, into: &V<M>) {
    let Some(d) = into.get::<Dict<M>>() else {
        return;
    };
    let mut order = vec![class.clone()];
    order.extend(super::layout::mro_tail::<M>(class));
    for c in order {
        let items = c
            .get::<Type<M>>()
            .and_then(|t| t.dict.get::<Dict<M>>().map(|d| d.table.items()))
            .unwrap_or_default();
        for (hash, key, _) in items {
            if key.get::<Str>().is_some() {
                drop(d.table.insert_str(key, hash, V::<M>::none()));
            }
        }
    }
}

fn type_dir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    rest.exact::<0>(vm, "__dir__")?;
    let names = vm.new_dict();
    class_names::<M>(class, &names);
    let keys = names
        .get::<Dict<M>>()
        .map_or_else(Vec::new, |d| d.table.keys());
    Ok(vm.new_list(keys))
}

/// Fills `type`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Type)
        .slots(|s| {
            s.repr = Some(type_repr);
            s.call = Some(type_call);
            s.getattro = Some(type_getattro);
            s.setattro = Some(set_type_attr);
            s.init = Some(type_init);
            s.new = Some(super::build::type_new);
        })
        .getset(
            "__name__",
            |_, c| {
                Ok(c.get::<Type<M>>()
                    .map_or_else(V::<M>::none, |t| t.name.load()))
            },
            Some(set_name),
        )
        .getset(
            "__qualname__",
            |_, c| {
                Ok(c.get::<Type<M>>()
                    .map_or_else(V::<M>::none, |t| t.qualname.load()))
            },
            Some(set_qualname),
        )
        .getset("__module__", get_module, Some(set_module))
        .getset("__doc__", get_doc, Some(set_doc))
        .getset("__bases__", get_bases, Some(set_bases))
        .getset("__abstractmethods__", get_abstract, Some(set_abstract))
        .getter("__base__", |_, c| {
            Ok(c.get::<Type<M>>()
                .and_then(|t| t.base.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("__mro__", |_, c| {
            Ok(c.get::<Type<M>>()
                .and_then(|t| t.mro.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("__dict__", get_proxy)
        .getter("__text_signature__", |_, _| Ok(V::<M>::none()))
        .getter("__flags__", get_flags)
        .getter("__basicsize__", get_basicsize)
        .getter("__itemsize__", |vm, _| Ok(vm.new_int(0)))
        .getter("__dictoffset__", |vm, c| {
            let has = c
                .get::<Type<M>>()
                .is_some_and(|t| super::layout::has_dict(t));
            Ok(vm.new_int(if has { 16 } else { 0 }))
        })
        .getter("__weakrefoffset__", |vm, c| {
            let has = match c.get::<Type<M>>().map(|t| t.id) {
                Some(id) => super::layout::has_weakref(vm, id),
                None => false,
            };
            Ok(vm.new_int(if has { 24 } else { 0 }))
        })
        .method("mro", mro_method)
        .method("__subclasses__", subclasses)
        .method("__instancecheck__", instancecheck)
        .method("__subclasscheck__", subclasscheck)
        .method("__dir__", type_dir)
        .method("__sizeof__", |vm, args| {
            let (class, _) = args.method();
            let n = class
                .get::<Type<M>>()
                .and_then(|t| t.dict.get::<Dict<M>>().map(|d| d.table.len()));
            Ok(vm.new_usize(864 + 48 * n.unwrap_or(0)))
        })
        .class_method("__prepare__", |vm, _| Ok(vm.new_dict()))
        .done();
}

//! Making classes: `type(name, bases, dict)`, `__slots__`, and the `__new__` of native classes.
//!
//! The body of a `class` statement has run before (see `builtins/build_class.rs`). The order of
//! the MRO is in [`super::mro`], the rules on layouts in [`super::layout`], the slots in
//! [`super::slot_update`]. CPython `Objects/typeobject.c`, `type_new`, `tp_new_wrapper`.

use super::Type;
use super::layout::{best_base, has_dict, has_weakref, is_variable_size};
use super::mro::{class_text, compute};
use super::slot_dispatch::generic;
use super::slot_update::{fill_slots, retire};
use crate::Vm;
use crate::machine::construct::Constructor;
use crate::machine::vm::ClassEntry;
use crate::object::{Args, ClassId, Kind, ObjectModel, Res, Slot, Slots, Tag, V, Value, ValueCell};
use crate::types::builtin::Builtin;
use crate::types::dict::Dict;
use crate::types::getset::{GetSet, Getter, Member, Setter};
use crate::types::property::StaticMethod;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use std::cell::{Cell, RefCell};

/// Puts `__new__` into the dict of a native class whose `new` slot is set.
pub fn add_new_wrapper<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) {
    let wrapper = vm.alloc(Builtin {
        name: "__new__",
        function: new_wrapper,
        receiver: class.clone(),
        owner: class.clone(),
        module: ValueCell::empty(),
        doc: "Create and return a new object.  See help(type) for accurate signature.",
        shortcut: crate::machine::shortcuts::Shortcut::Absent,
    });
    let name = vm.intern("__new__");
    set_in_class_dict(vm, class, &name, wrapper);
}

/// Whether a native function is the `__new__` of a native class.
pub fn is_new_wrapper<M: ObjectModel>(b: &Builtin<M>) -> bool {
    b.name == "__new__" && b.receiver.get::<Type<M>>().is_some()
}

/// Writes into a class's dict; no cache is told.
fn set_in_class_dict<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, name: &V<M>, value: V<M>) {
    let hash = vm.str_hash(name);
    if let Some(d) = class.get::<Type<M>>().and_then(|t| t.dict.get::<Dict<M>>()) {
        drop(d.table.insert_str(name.clone(), hash, value));
    }
}

/// `C.__new__(D, ...)` of a native class C.
fn new_wrapper<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (owner, rest) = args.method();
    let name = class_text(vm, owner);
    let Some(class) = rest.pos.first() else {
        return Err(vm.raise_type_error(format!("{name}.__new__(): not enough arguments")));
    };
    if class.get::<Type<M>>().is_none() {
        let m = format!(
            "{name}.__new__(X): X is not a type object ({})",
            vm.type_name(class)
        );
        return Err(vm.raise_type_error(m));
    }
    let sub = class_text(vm, class);
    if !vm.is_derived(class, owner) {
        return Err(vm.raise_type_error(format!(
            "{name}.__new__({sub}): {sub} is not a subtype of {name}"
        )));
    }
    let native = |vm: &Vm<M>, c: &V<M>| {
        c.get::<Type<M>>()
            .and_then(|t| vm.class_entry(t.id).slots.get(Slot::New))
    };
    // The nearest base whose `new` is native must have this very function.
    let by_method = generic::<M>(Slot::New).map(|f| f.address());
    let mut nearest = Some(class.clone());
    while let Some(c) = &nearest {
        if native(vm, c).map(|f| f.address()) != by_method {
            break;
        }
        nearest = c.get::<Type<M>>().and_then(|t| t.base.get());
    }
    if let Some(c) = nearest
        && native(vm, &c).map(|f| f.address()) != native(vm, owner).map(|f| f.address())
    {
        let safe = class_text(vm, &c);
        return Err(vm.raise_type_error(format!(
            "{name}.__new__({sub}) is not safe, use {safe}.__new__()"
        )));
    }
    let new = owner
        .get::<Type<M>>()
        .and_then(|t| vm.class_entry(t.id).slots.new);
    match new {
        Some(f) => f(vm, class, rest.skip(1)),
        None => Err(vm.raise_type_error(format!("cannot create '{name}' instances"))),
    }
}

/// The most derived metaclass of `meta` and those of the bases.
pub fn calculate_metaclass<M: ObjectModel>(
    vm: &mut Vm<M>,
    meta: &V<M>,
    bases: &[V<M>],
) -> Res<V<M>> {
    let mut winner = meta.clone();
    for b in bases {
        let theirs = vm.type_of(b);
        if vm.is_derived(&winner, &theirs) {
            continue;
        }
        if vm.is_derived(&theirs, &winner) {
            winner = theirs;
            continue;
        }
        return Err(vm.raise_type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) \
             subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// `type.__new__(meta, name, bases, dict)`, and `type(x)`.
pub fn type_new<M: ObjectModel>(vm: &mut Vm<M>, meta: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    if args.pos.len() == 1 && args.kw.is_empty() && meta.has_tag(Tag::exact(Kind::Type)) {
        return Ok(vm.type_of(&args.pos[0]));
    }
    if args.pos.len() + args.kw_count() != 3 {
        return Err(vm.raise_type_error("type() takes 1 or 3 arguments"));
    }
    let [name, bases, dict] = args.parse(vm, "type", ["name", "bases", "dict"], 3)?;
    let null = V::<M>::null;
    let (name, bases, dict) = (
        name.unwrap_or_else(null),
        bases.unwrap_or_else(null),
        dict.unwrap_or_else(null),
    );
    if name.get::<Str>().is_none() {
        let m = format!("type() argument 1 must be str, not {}", vm.type_name(&name));
        return Err(vm.raise_type_error(m));
    }
    let Some(base_items) = bases.get::<Tuple<M>>().map(|t| t.items.to_vec()) else {
        let m = format!(
            "type() argument 2 must be tuple, not {}",
            vm.type_name(&bases)
        );
        return Err(vm.raise_type_error(m));
    };
    if dict.get::<Dict<M>>().is_none() {
        let m = format!(
            "type() argument 3 must be dict, not {}",
            vm.type_name(&dict)
        );
        return Err(vm.raise_type_error(m));
    }
    let winner = calculate_metaclass(vm, meta, &base_items)?;
    if !winner.is(meta)
        && let Some(w) = winner.get::<Type<M>>()
        && let Some(new) = vm.class_entry(w.id).slots.new
        && new as usize != type_new::<M> as crate::object::slots::Call<M> as usize
    {
        return new(vm, &winner, args);
    }
    vm.opaque_natives += 1;
    let r = make_heap_class(vm, &winner, &name, base_items, &dict);
    vm.opaque_natives -= 1;
    r
}

/// What `__slots__` and the bases ask for.
struct Layout<M: ObjectModel> {
    /// Mangled names of new members, sorted.
    members: Vec<V<M>>,
    add_dict: bool,
    add_weakref: bool,
}

fn plan_layout<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    bases: &[V<M>],
    base: &V<M>,
    dict: &V<M>,
) -> Res<Layout<M>> {
    let (kind, base_id, may_add_dict) = match base.get::<Type<M>>() {
        Some(t) => (t.instance_kind, t.id, !has_dict(t)),
        None => (Kind::Instance, ClassId(Kind::Instance as u32), true),
    };
    let may_add_weakref = !is_variable_size(kind) && !has_weakref(vm, base_id);
    let mut plan = Layout {
        members: Vec::new(),
        add_dict: may_add_dict,
        add_weakref: may_add_weakref,
    };
    let slots_name = vm.intern("__slots__");
    let Some(slots) = dict_get(vm, dict, &slots_name) else {
        return Ok(plan);
    };
    plan.add_dict = false;
    plan.add_weakref = false;
    let names = if slots.get::<Str>().is_some() {
        vec![slots]
    } else {
        vm.holding(|vm| vm.collect_iter(&slots))?
    };
    if !names.is_empty() && is_variable_size(kind) {
        let m = format!(
            "nonempty __slots__ not supported for subtype of '{}'",
            class_text(vm, base)
        );
        return Err(vm.raise_type_error(m));
    }
    let mut members: Vec<String> = Vec::new();
    for slot in &names {
        let Some(s) = slot.get::<Str>() else {
            let m = format!(
                "__slots__ items must be strings, not '{}'",
                vm.type_name(slot)
            );
            return Err(vm.raise_type_error(m));
        };
        if !crate::text::classify::isidentifier(s.text()) {
            return Err(vm.raise_type_error("__slots__ must be identifiers"));
        }
        let text = vm.text_of(slot);
        match text.as_str() {
            "__dict__" if !may_add_dict || plan.add_dict => {
                return Err(vm.raise_type_error("__dict__ slot disallowed: we already got one"));
            }
            "__dict__" => plan.add_dict = true,
            "__weakref__" if !may_add_weakref || plan.add_weakref => {
                return Err(vm.raise_type_error(
                    "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0",
                ));
            }
            "__weakref__" => plan.add_weakref = true,
            _ => members.push(mangle(name, &text)),
        }
    }
    members.sort();
    for member in members {
        let interned = vm.intern(&member);
        if member != "__qualname__" && dict_get(vm, dict, &interned).is_some() {
            let m = format!("'{member}' in __slots__ conflicts with class variable");
            return Err(vm.raise_value_error(m));
        }
        plan.members.push(interned);
    }
    if bases.len() > 1
        && ((may_add_dict && !plan.add_dict) || (may_add_weakref && !plan.add_weakref))
    {
        for b in bases.iter().filter(|b| !b.is(base)) {
            let Some(t) = b.get::<Type<M>>() else {
                continue;
            };
            if may_add_dict && has_dict(t) {
                plan.add_dict = true;
            }
            if may_add_weakref && has_weakref(vm, t.id) {
                plan.add_weakref = true;
            }
        }
    }
    Ok(plan)
}

/// A private name inside class `class` (`_Py_Mangle`).
fn mangle(class: &str, name: &str) -> String {
    let stripped = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || stripped.is_empty()
    {
        return name.to_owned();
    }
    format!("_{stripped}{name}")
}

fn dict_get<M: ObjectModel>(vm: &Vm<M>, dict: &V<M>, name: &V<M>) -> Option<V<M>> {
    dict.get::<Dict<M>>()?
        .table
        .get_str(name, vm.str_hash(name))
}

fn make_heap_class<M: ObjectModel>(
    vm: &mut Vm<M>,
    meta: &V<M>,
    name: &V<M>,
    mut bases: Vec<V<M>>,
    namespace: &V<M>,
) -> Res<V<M>> {
    if bases.is_empty() {
        bases.push(vm.class_of_kind(Kind::Instance));
    }
    let base = best_base(vm, &bases)?;
    let text = vm.text_of(name);
    let plan = plan_layout(vm, &text, &bases, &base, namespace)?;
    let Some(b) = base.get::<Type<M>>() else {
        return Err(vm.raise_type_error("bases must be types"));
    };
    let qualname_key = vm.intern("__qualname__");
    let qualname = match dict_get(vm, namespace, &qualname_key) {
        Some(q) if q.get::<Str>().is_none() => {
            let m = format!("type __qualname__ must be a str, not {}", vm.type_name(&q));
            return Err(vm.raise_type_error(m));
        }
        Some(q) => q,
        None => name.clone(),
    };
    let dict = match namespace.get::<Dict<M>>() {
        Some(d) => {
            let copy = d.table.copy();
            vm.new_dict_with(copy)
        }
        None => vm.new_dict(),
    };
    if let Some(d) = dict.get::<Dict<M>>() {
        drop(
            d.table
                .remove_str(&qualname_key, vm.str_hash(&qualname_key)),
        );
    }
    let own_dict_field = matches!(
        b.instance_kind,
        Kind::Type | Kind::Module | Kind::ClassMethod | Kind::StaticMethod
    );
    let reserved = b.reserved + plan.members.len();
    let is_open = !own_dict_field && (has_dict(b) || plan.add_dict);
    let has_attrs = b.instance_kind == Kind::Instance || b.has_attrs || is_open || reserved > 0;
    let id = vm.fresh_class_id();
    let shape = has_attrs.then(|| vm.shapes.root(id, reserved, !is_open));
    let version = vm.shapes.fresh_id();
    let bases_tuple = vm.new_tuple(bases.clone());
    let body = Type {
        id,
        name: ValueCell::new(name.clone()),
        qualname: ValueCell::new(qualname),
        bases: ValueCell::new(bases_tuple),
        base: ValueCell::new(base.clone()),
        mro: ValueCell::empty(),
        dict: dict.clone(),
        instance_kind: b.instance_kind,
        has_attrs,
        is_heap: true,
        is_base: true,
        is_abstract: Cell::new(false),
        root_shape: Cell::new(shape),
        version: Cell::new(version),
        constructor: Cell::new(Constructor::UNKNOWN),
        subclasses: RefCell::new(Vec::new()),
        doc: "",
        reserved,
    };
    let class = vm.alloc_as(meta, body);
    let entry = ClassEntry {
        object: class.clone(),
        slots: Slots::default(),
    };
    let at = id.0 as usize;
    if at == vm.interp.classes.len() {
        vm.interp.classes.push(entry);
    } else {
        vm.interp.classes[at] = entry;
    }
    fill_dict(vm, &class, &plan, b.reserved);
    let mro = compute(vm, &class)?;
    if let Some(t) = class.get::<Type<M>>() {
        t.mro.set(mro);
    }
    for c in &bases {
        if let Some(t) = c.get::<Type<M>>() {
            t.subclasses.borrow_mut().push(id);
        }
    }
    fill_slots(vm, id);
    retire(vm, id);
    Ok(class)
}

/// Entries that a class's dict has beside what its body defined.
fn fill_dict<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, plan: &Layout<M>, first_slot: usize) {
    let Some(t) = class.get::<Type<M>>() else {
        return;
    };
    let dict = t.dict.clone();
    let module = vm.intern("__module__");
    if dict_get(vm, &dict, &module).is_none()
        && let Some(globals) = vm.current_globals()
    {
        let key = vm.intern("__name__");
        if let Some(n) = dict_get(vm, &globals, &key) {
            set_in_class_dict(vm, class, &module, n);
        }
    }
    let new = vm.intern("__new__");
    if let Some(f) = dict_get(vm, &dict, &new)
        && f.kind() == Kind::Function
    {
        let s = vm.alloc(StaticMethod {
            callable: ValueCell::new(f),
            dict: ValueCell::empty(),
        });
        set_in_class_dict(vm, class, &new, s);
    }
    for (i, name) in plan.members.iter().enumerate() {
        let m = vm.alloc(Member {
            name: name.clone(),
            slot: first_slot + i,
            owner: class.clone(),
        });
        set_in_class_dict(vm, class, name, m);
    }
    if plan.add_dict {
        add_getset(vm, class, "__dict__", get_dict, Some(set_dict));
    }
    if plan.add_weakref {
        add_getset(
            vm,
            class,
            "__weakref__",
            crate::types::weakref::first_reference,
            None,
        );
    }
    let doc = vm.intern("__doc__");
    if dict_get(vm, &dict, &doc).is_none() {
        set_in_class_dict(vm, class, &doc, V::<M>::none());
    }
    // A class with its own equality but no hash is unhashable.
    let (eq, hash) = (vm.intern("__eq__"), vm.intern("__hash__"));
    if dict_get(vm, &dict, &eq).is_some() && dict_get(vm, &dict, &hash).is_none() {
        set_in_class_dict(vm, class, &hash, V::<M>::none());
    }
}

fn add_getset<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    name: &'static str,
    get: Getter<M>,
    set: Option<Setter<M>>,
) {
    let key = vm.intern(name);
    if let Some(t) = class.get::<Type<M>>()
        && dict_get(vm, &t.dict, &key).is_some()
    {
        return;
    }
    let g = vm.alloc(GetSet {
        name,
        get,
        set,
        owner: class.clone(),
    });
    set_in_class_dict(vm, class, &key, g);
}

/// `x.__dict__`.
pub fn get_dict<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match vm.instance_dict(v) {
        Some(d) => Ok(d),
        None => Err(vm.raise(
            crate::machine::errors::Exc::AttributeError,
            "This object has no __dict__",
        )),
    }
}

/// `x.__dict__ = d`; deletion leaves an empty dict.
pub fn set_dict<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let dict = match value {
        Some(d) if d.get::<Dict<M>>().is_some() => d.clone(),
        Some(d) => {
            let m = format!(
                "__dict__ must be set to a dictionary, not a '{}'",
                vm.type_name(d)
            );
            return Err(vm.raise_type_error(m));
        }
        None => vm.new_dict(),
    };
    if vm.set_instance_dict(v, dict) {
        return Ok(());
    }
    Err(vm.raise(
        crate::machine::errors::Exc::AttributeError,
        "This object has no __dict__",
    ))
}

//! `property`, `classmethod`, `staticmethod`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, Tag, Trace, V, Value, ValueCell};
use std::cell::Cell;

/// Body of a `property`.
pub struct Property<M: ObjectModel> {
    /// `fget` or absent.
    pub get: ValueCell<M>,
    /// `fset` or absent.
    pub set: ValueCell<M>,
    /// `fdel` or absent.
    pub delete: ValueCell<M>,
    /// `__doc__` or absent.
    pub doc: ValueCell<M>,
    /// `__doc__` came from the getter, so that a copy with another getter takes that one's.
    pub doc_of_getter: Cell<bool>,
}

impl<M: ObjectModel> Trace<M> for Property<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.get.trace(visitor);
        self.set.trace(visitor);
        self.delete.trace(visitor);
        self.doc.trace(visitor);
    }
    fn clear(&self) {
        drop(self.get.take());
        drop(self.set.take());
        drop(self.delete.take());
        drop(self.doc.take());
    }
}

/// Body of a `classmethod`.
pub struct ClassMethod<M: ObjectModel> {
    /// `__func__`.
    pub callable: ValueCell<M>,
    /// `__dict__`, once used.
    pub dict: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for ClassMethod<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callable.trace(visitor);
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callable.take());
        drop(self.dict.take());
    }
}

/// Body of a `staticmethod`.
pub struct StaticMethod<M: ObjectModel> {
    /// `__func__`.
    pub callable: ValueCell<M>,
    /// `__dict__`, once used.
    pub dict: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for StaticMethod<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callable.trace(visitor);
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callable.take());
        drop(self.dict.take());
    }
}

fn absent<M: ObjectModel>(v: Option<V<M>>) -> V<M> {
    match v {
        Some(v) if !v.is_none() => v,
        _ => V::<M>::null(),
    }
}

fn property_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(vm.alloc_as(
        class,
        Property {
            get: ValueCell::empty(),
            set: ValueCell::empty(),
            delete: ValueCell::empty(),
            doc: ValueCell::empty(),
            doc_of_getter: Cell::new(false),
        },
    ))
}

fn property_init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let [get, set, delete, doc] = args.parse(vm, "property", ["fget", "fset", "fdel", "doc"], 0)?;
    let Some(p) = v.get::<Property<M>>() else {
        return Ok(());
    };
    let getter = absent::<M>(get);
    p.get.set(getter.clone());
    p.set.set(absent::<M>(set));
    p.delete.set(absent::<M>(delete));
    p.doc_of_getter.set(false);
    let mut doc = absent::<M>(doc);
    if doc.is_null()
        && !getter.is_null()
        && let Some(d) = vm.find_attr(&getter, "__doc__")?
    {
        doc = d;
        p.doc_of_getter.set(true);
    }
    // A subclass's own `__doc__` would hide the field: the instance gets an attribute.
    if !v.has_tag(Tag::exact(Kind::Property)) && p.doc_of_getter.get() {
        let name = vm.intern("__doc__");
        return vm.set_attr(v, &name, Some(&doc));
    }
    p.doc.set(doc);
    Ok(())
}

fn property_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    let (Some(p), Some(v)) = (d.get::<Property<M>>(), object) else {
        return Ok(d.clone());
    };
    match p.get.get() {
        Some(f) => vm.call_values(&f, std::slice::from_ref(v)),
        None => Err(vm.raise(Exc::AttributeError, "unreadable attribute")),
    }
}

fn property_set<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    let Some(p) = d.get::<Property<M>>() else {
        return Ok(());
    };
    match value {
        Some(x) => match p.set.get() {
            Some(f) => vm.call_values(&f, &[object.clone(), x.clone()]).map(drop),
            None => Err(vm.raise(Exc::AttributeError, "can't set attribute")),
        },
        None => match p.delete.get() {
            Some(f) => vm.call_values(&f, std::slice::from_ref(object)).map(drop),
            None => Err(vm.raise(Exc::AttributeError, "can't delete attribute")),
        },
    }
}

/// `p.getter(f)` and its kin: a copy with function `at` (0, 1, 2) replaced.
fn property_copy<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    at: usize,
) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [f] = rest.exact::<1>(vm, name)?;
    let Some(p) = v.get::<Property<M>>() else {
        return Ok(V::<M>::none());
    };
    let or_none = |c: &ValueCell<M>| c.get().unwrap_or_else(V::<M>::none);
    let mut parts = vec![or_none(&p.get), or_none(&p.set), or_none(&p.delete)];
    if !f.is_none() {
        parts[at] = f.clone();
    }
    let doc = if p.doc_of_getter.get() && !parts[0].is_none() {
        V::<M>::none()
    } else {
        or_none(&p.doc)
    };
    parts.push(doc);
    let class = vm.type_of(v);
    vm.call_values(&class, &parts)
}

/// The truth of `callable.__isabstractmethod__`.
fn is_abstract<M: ObjectModel>(vm: &mut Vm<M>, callable: Option<V<M>>) -> Res<bool> {
    match callable {
        None => Ok(false),
        Some(f) => match vm.find_attr(&f, "__isabstractmethod__")? {
            Some(flag) => vm.is_true(&flag),
            None => Ok(false),
        },
    }
}

fn property_is_abstract<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(p) = v.get::<Property<M>>() else {
        return Ok(V::<M>::bool(false));
    };
    for f in [p.get.get(), p.set.get(), p.delete.get()] {
        if is_abstract(vm, f)? {
            return Ok(V::<M>::bool(true));
        }
    }
    Ok(V::<M>::bool(false))
}

fn one_callable<M: ObjectModel>(vm: &mut Vm<M>, name: &str, args: Args<'_, M>) -> Res<V<M>> {
    let m = match args.pos {
        [f] if args.kw.is_empty() => return Ok(f.clone()),
        [_] => format!("{name} does not take keyword arguments"),
        more => format!("{name} expected 1 arguments, got {}", more.len()),
    };
    Err(vm.raise_type_error(m))
}

fn class_method_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    owner: &V<M>,
) -> Res<V<M>> {
    let f = d.get::<ClassMethod<M>>().and_then(|c| c.callable.get());
    let Some(f) = f else {
        return Err(vm.raise(Exc::RuntimeError, "uninitialized classmethod object"));
    };
    let class = match object {
        Some(v) if owner.is_null() => vm.type_of(v),
        _ => owner.clone(),
    };
    Ok(vm.new_method(f, class))
}

fn static_method_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    _: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    match d.get::<StaticMethod<M>>().and_then(|s| s.callable.get()) {
        Some(f) => Ok(f),
        None => Err(vm.raise(Exc::RuntimeError, "uninitialized staticmethod object")),
    }
}

fn read<M: ObjectModel>(c: Option<V<M>>) -> Res<V<M>> {
    Ok(c.unwrap_or_else(V::<M>::none))
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Property)
        .slots(|s| {
            s.new = Some(property_new);
            s.init = Some(property_init);
            s.descr_get = Some(property_get);
            s.descr_set = Some(property_set);
        })
        .getter("fget", |_, v| {
            read::<M>(v.get::<Property<M>>().and_then(|p| p.get.get()))
        })
        .getter("fset", |_, v| {
            read::<M>(v.get::<Property<M>>().and_then(|p| p.set.get()))
        })
        .getter("fdel", |_, v| {
            read::<M>(v.get::<Property<M>>().and_then(|p| p.delete.get()))
        })
        .getset(
            "__doc__",
            |_, v| read::<M>(v.get::<Property<M>>().and_then(|p| p.doc.get())),
            Some(|_, v, doc| {
                if let Some(p) = v.get::<Property<M>>() {
                    p.doc.set(absent::<M>(doc.cloned()));
                }
                Ok(())
            }),
        )
        .getter("__isabstractmethod__", property_is_abstract)
        .method("getter", |vm, args| property_copy(vm, args, "getter", 0))
        .method("setter", |vm, args| property_copy(vm, args, "setter", 1))
        .method("deleter", |vm, args| property_copy(vm, args, "deleter", 2))
        .done();
    vm.fill_class(Kind::ClassMethod)
        .slots(|s| {
            s.new = Some(|vm, class, _| {
                Ok(vm.alloc_as(
                    class,
                    ClassMethod {
                        callable: ValueCell::empty(),
                        dict: ValueCell::empty(),
                    },
                ))
            });
            s.init = Some(|vm, v, args| {
                let f = one_callable(vm, "classmethod", args)?;
                if let Some(c) = v.get::<ClassMethod<M>>() {
                    c.callable.set(f);
                }
                Ok(())
            });
            s.descr_get = Some(class_method_get);
        })
        .getter("__func__", |_, v| {
            read::<M>(v.get::<ClassMethod<M>>().and_then(|c| c.callable.get()))
        })
        .getter("__isabstractmethod__", |vm, v| {
            let f = v.get::<ClassMethod<M>>().and_then(|c| c.callable.get());
            Ok(V::<M>::bool(is_abstract(vm, f)?))
        })
        .getset(
            "__dict__",
            super::class::build::get_dict,
            Some(super::class::build::set_dict),
        )
        .done();
    vm.fill_class(Kind::StaticMethod)
        .slots(|s| {
            s.new = Some(|vm, class, _| {
                Ok(vm.alloc_as(
                    class,
                    StaticMethod {
                        callable: ValueCell::empty(),
                        dict: ValueCell::empty(),
                    },
                ))
            });
            s.init = Some(|vm, v, args| {
                let f = one_callable(vm, "staticmethod", args)?;
                if let Some(c) = v.get::<StaticMethod<M>>() {
                    c.callable.set(f);
                }
                Ok(())
            });
            s.descr_get = Some(static_method_get);
        })
        .getter("__func__", |_, v| {
            read::<M>(v.get::<StaticMethod<M>>().and_then(|c| c.callable.get()))
        })
        .getter("__isabstractmethod__", |vm, v| {
            let f = v.get::<StaticMethod<M>>().and_then(|c| c.callable.get());
            Ok(V::<M>::bool(is_abstract(vm, f)?))
        })
        .getset(
            "__dict__",
            super::class::build::get_dict,
            Some(super::class::build::set_dict),
        )
        .done();
}

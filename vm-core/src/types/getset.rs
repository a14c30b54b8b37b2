//! Computed attributes of native types, and the members that `__slots__` makes.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::Res;
use crate::object::{Kind, ObjectModel, Trace, V, Value, Visitor};
use crate::types::class::mro::class_text;

/// Reads a computed attribute of a value.
pub type Getter<M> = fn(&mut Vm<M>, &V<M>) -> Res<V<M>>;
/// Writes a computed attribute; no value deletes it.
pub type Setter<M> = fn(&mut Vm<M>, &V<M>, Option<&V<M>>) -> Res<()>;

/// A computed attribute.
pub struct GetSet<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// Reads it.
    pub get: Getter<M>,
    /// Writes or deletes it; none: read-only.
    pub set: Option<Setter<M>>,
    /// `__objclass__`.
    pub owner: V<M>,
}

impl<M: ObjectModel> Trace<M> for GetSet<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// An attribute that `__slots__` made.
pub struct Member<M: ObjectModel> {
    /// The name, a str.
    pub name: V<M>,
    /// Index into the instance store.
    pub slot: usize,
    /// `__objclass__`.
    pub owner: V<M>,
}

impl<M: ObjectModel> Trace<M> for Member<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.name);
        visitor.visit(&self.owner);
    }
}

/// TypeError unless a descriptor of `owner` applies to `object`.
pub fn check_applies<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    owner: &V<M>,
    object: &V<M>,
) -> Res<()> {
    if vm.is_instance_of_class(object, owner) {
        return Ok(());
    }
    let m = format!(
        "descriptor '{name}' for '{}' objects doesn't apply to '{}' object",
        class_text(vm, owner),
        vm.type_name(object)
    );
    Err(vm.raise_type_error(m))
}

fn getset_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    let (Some(g), Some(v)) = (d.get::<GetSet<M>>(), object) else {
        return Ok(d.clone());
    };
    check_applies(vm, g.name, &g.owner, v)?;
    (g.get)(vm, v)
}

fn getset_set<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    let Some(g) = d.get::<GetSet<M>>() else {
        return Ok(());
    };
    check_applies(vm, g.name, &g.owner, object)?;
    match g.set {
        Some(set) => set(vm, object, value),
        None => {
            let m = format!(
                "attribute '{}' of '{}' objects is not writable",
                g.name,
                class_text(vm, &g.owner)
            );
            Err(vm.raise(Exc::AttributeError, m))
        }
    }
}

fn member_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    let (Some(m), Some(v)) = (d.get::<Member<M>>(), object) else {
        return Ok(d.clone());
    };
    if !vm.is_instance_of_class(v, &m.owner) {
        let name = vm.text_of(&m.name);
        check_applies(vm, &name, &m.owner, v)?;
    }
    let x = v.attrs().map_or_else(V::<M>::null, |a| a.load(m.slot));
    if x.is_null() {
        let name = vm.text_of(&m.name);
        return Err(vm.raise(Exc::AttributeError, name));
    }
    Ok(x)
}

fn member_set<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    let Some(m) = d.get::<Member<M>>() else {
        return Ok(());
    };
    if !vm.is_instance_of_class(object, &m.owner) {
        let name = vm.text_of(&m.name);
        check_applies(vm, &name, &m.owner, object)?;
    }
    let Some(attrs) = object.attrs() else {
        return Ok(());
    };
    let old = attrs.swap(m.slot, value.cloned().unwrap_or_else(V::<M>::null));
    if value.is_none() && old.is_null() {
        let name = vm.text_of(&m.name);
        return Err(vm.raise(Exc::AttributeError, name));
    }
    Ok(())
}

fn qualname<M: ObjectModel>(vm: &mut Vm<M>, owner: &V<M>, name: &str) -> V<M> {
    let class = crate::types::class::methods::qualname_text(vm, owner);
    vm.new_str(format!("{class}.{name}"))
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::GetSet)
        .slots(|s| {
            s.descr_get = Some(getset_get);
            s.descr_set = Some(getset_set);
            s.repr = Some(|vm, d| {
                let text = d.get::<GetSet<M>>().map_or_else(String::new, |g| {
                    let owner = class_text(vm, &g.owner);
                    format!("<attribute '{}' of '{owner}' objects>", g.name)
                });
                Ok(vm.new_str(text))
            });
        })
        .getter("__name__", |vm, d| {
            Ok(vm.intern(d.get::<GetSet<M>>().map_or("", |g| g.name)))
        })
        .getter("__qualname__", |vm, d| match d.get::<GetSet<M>>() {
            Some(g) => Ok(qualname(vm, &g.owner, g.name)),
            None => Ok(V::<M>::none()),
        })
        .getter("__objclass__", |_, d| {
            Ok(d.get::<GetSet<M>>()
                .map_or_else(V::<M>::none, |g| g.owner.clone()))
        })
        .getter("__doc__", |_, _| Ok(V::<M>::none()))
        .done();
    vm.fill_class(Kind::Member)
        .slots(|s| {
            s.descr_get = Some(member_get);
            s.descr_set = Some(member_set);
            s.repr = Some(|vm, d| {
                let text = d.get::<Member<M>>().map_or_else(String::new, |m| {
                    let (name, owner) = (vm.text_of(&m.name), class_text(vm, &m.owner));
                    format!("<member '{name}' of '{owner}' objects>")
                });
                Ok(vm.new_str(text))
            });
        })
        .getter("__name__", |_, d| {
            Ok(d.get::<Member<M>>()
                .map_or_else(V::<M>::none, |m| m.name.clone()))
        })
        .getter("__qualname__", |vm, d| match d.get::<Member<M>>() {
            Some(m) => {
                let name = vm.text_of(&m.name);
                Ok(qualname(vm, &m.owner, &name))
            }
            None => Ok(V::<M>::none()),
        })
        .getter("__objclass__", |_, d| {
            Ok(d.get::<Member<M>>()
                .map_or_else(V::<M>::none, |m| m.owner.clone()))
        })
        .getter("__doc__", |_, _| Ok(V::<M>::none()))
        .done();
}

//! Bound methods.

use crate::Vm;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, Visitor};
use crate::types::str::Str;

/// A function bound to its receiver.
pub struct Method<M: ObjectModel> {
    /// The callable.
    pub function: V<M>,
    /// `__self__`.
    pub receiver: V<M>,
}

impl<M: ObjectModel> Trace<M> for Method<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.function);
        visitor.visit(&self.receiver);
    }
}

fn method_new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    if !args.kw.is_empty() {
        return Err(vm.raise_type_error("instancemethod does not take keyword arguments"));
    }
    let [function, receiver] = args.pos else {
        let m = format!("method expected 2 arguments, got {}", args.pos.len());
        return Err(vm.raise_type_error(m));
    };
    if vm.slots(function).call.is_none() {
        return Err(vm.raise_type_error("first argument must be callable"));
    }
    if receiver.is_none() {
        return Err(vm.raise_type_error("self must not be None"));
    }
    Ok(vm.new_method(function.clone(), receiver.clone()))
}

/// Attributes that `method` does not have are the function's.
fn method_getattro<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, name: &V<M>) -> Res<V<M>> {
    let class = v.tag().class();
    if let Some(attr) = vm.lookup_class_attr(class, name) {
        let owner = vm.type_of(v);
        return vm.bind(&attr, Some(v), &owner);
    }
    match v.get::<Method<M>>().map(|m| m.function.clone()) {
        Some(f) => vm.get_attr(&f, name),
        None => Err(vm.raise_no_attribute(v, name)),
    }
}

fn method_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(m) = v.get::<Method<M>>() else {
        return Ok(V::<M>::none());
    };
    let (function, receiver) = (m.function.clone(), m.receiver.clone());
    let mut name = vm.find_attr(&function, "__qualname__")?;
    if name.is_none() {
        name = vm.find_attr(&function, "__name__")?;
    }
    let name = match name {
        Some(n) if n.get::<Str>().is_some() => vm.text_of(&n),
        _ => "?".to_owned(),
    };
    let receiver = vm.repr_text(&receiver)?;
    Ok(vm.new_str(format!("<bound method {name} of {receiver}>")))
}

fn method_compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.get::<Method<M>>(), b.get::<Method<M>>()) else {
        return Ok(V::<M>::not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(V::<M>::not_implemented());
    }
    let (f, g) = (x.function.clone(), y.function.clone());
    let (r, s) = (x.receiver.clone(), y.receiver.clone());
    let eq = vm.is_equal(&f, &g)? && vm.is_equal(&r, &s)?;
    Ok(V::<M>::bool(eq == (op == CompareOp::Eq)))
}

fn method_hash<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let Some(m) = v.get::<Method<M>>() else {
        return Ok(0);
    };
    let (function, receiver) = (m.function.clone(), m.receiver.clone());
    let h = vm.hash(&receiver)? ^ vm.hash(&function)?;
    Ok(if h == -1 { -2 } else { h })
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Method)
        .slots(|s| {
            s.new = Some(method_new);
            s.getattro = Some(method_getattro);
            s.repr = Some(method_repr);
            s.richcompare = Some(method_compare);
            s.hash = Some(method_hash);
            s.call = Some(|vm, v, args| vm.call(v, args));
            // A bound method stays bound to what it was bound to.
            s.descr_get = Some(|_, v, _, _| Ok(v.clone()));
        })
        .getter("__func__", |_, v| {
            Ok(v.get::<Method<M>>()
                .map_or_else(V::<M>::none, |m| m.function.clone()))
        })
        .getter("__self__", |_, v| {
            Ok(v.get::<Method<M>>()
                .map_or_else(V::<M>::none, |m| m.receiver.clone()))
        })
        .getter("__doc__", |vm, v| {
            match v.get::<Method<M>>().map(|m| m.function.clone()) {
                Some(f) => Ok(vm.find_attr(&f, "__doc__")?.unwrap_or_else(V::<M>::none)),
                None => Ok(V::<M>::none()),
            }
        })
        .done();
}

//! `_weakref`: references, proxies, and what refers to an object. `weakref` itself is Python
//! (`python/weakref.py`). CPython `Modules/_weakref.c`, `Objects/weakrefobject.c`.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::operators::BinaryOp;
use crate::object::native::opaque;
use crate::object::slots::Slot;
use crate::object::{Args, Kind, ObjectModel, Opaque, Res, V, Value, Visitor};
use std::any::Any;

/// Body of a proxy: acts as its target.
struct Proxy<M: ObjectModel> {
    /// A reference object; holds the callback.
    reference: V<M>,
}

impl<M: ObjectModel> Opaque<M> for Proxy<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.reference);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The target of a proxy, any other value itself; ReferenceError if the target has died.
fn target<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(p) = opaque::<M, Proxy<M>>(v) else {
        return Ok(v.clone());
    };
    match vm.weak_target(&p.reference) {
        Some(t) => Ok(t),
        None => Err(vm.raise(
            Exc::ReferenceError,
            "weakly-referenced object no longer exists",
        )),
    }
}

fn new_proxy<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let a = args.between(vm, "proxy", 1, 2)?;
    let callback = a.get(1).cloned().filter(|c| !c.is_none());
    let name = if vm.slots(&a[0]).call.is_some() {
        "weakcallableproxy"
    } else {
        "weakproxy"
    };
    let class = vm.class_of_kind(Kind::Weakref);
    let reference = vm.new_weakref(&class, &a[0], callback)?;
    match vm.native_class(name) {
        Some(class) => Ok(vm.new_opaque(&class, Proxy { reference })),
        None => Err(vm.raise(Exc::SystemError, "proxies are not ready")),
    }
}

macro_rules! unary {
    ($slot:expr) => {
        Some(|vm, v| {
            let t = target(vm, v)?;
            vm.unary($slot, &t)
        })
    };
}
macro_rules! binary {
    ($op:expr) => {
        Some(|vm, a, b| {
            let (a, b) = (target(vm, a)?, target(vm, b)?);
            vm.binary($op, &a, &b)
        })
    };
}
macro_rules! inplace {
    ($op:expr) => {
        Some(|vm, a, b| {
            let (a, b) = (target(vm, a)?, target(vm, b)?);
            vm.inplace($op, &a, &b)
        })
    };
}

fn make_class<M: ObjectModel>(vm: &mut Vm<M>, name: &'static str, callable: bool) -> V<M> {
    vm.new_opaque_class(name)
        .slots(|s| {
            s.repr = Some(|vm, v| {
                let t = opaque::<M, Proxy<M>>(v).and_then(|p| vm.weak_target(&p.reference));
                let text = match t {
                    Some(t) => format!(
                        "<weakproxy at {:#x} to {} at {:#x}>",
                        v.bits(),
                        vm.type_name(&t),
                        t.bits()
                    ),
                    None => format!("<weakproxy at {:#x} to NoneType at 0x0>", v.bits()),
                };
                Ok(vm.new_str(text))
            });
            s.str = Some(|vm, v| {
                let t = target(vm, v)?;
                vm.str(&t)
            });
            s.getattro = Some(|vm, v, name| {
                let t = target(vm, v)?;
                vm.get_attr(&t, name)
            });
            s.setattro = Some(|vm, v, name, value| {
                let t = target(vm, v)?;
                vm.set_attr(&t, name, value)
            });
            s.richcompare = Some(|vm, a, b, op| {
                let (a, b) = (target(vm, a)?, target(vm, b)?);
                vm.compare(op, &a, &b)
            });
            s.bool = Some(|vm, v| {
                let t = target(vm, v)?;
                vm.is_true(&t)
            });
            s.len = Some(|vm, v| {
                let t = target(vm, v)?;
                vm.len(&t)
            });
            s.getitem = Some(|vm, v, key| {
                let t = target(vm, v)?;
                vm.get_item(&t, key)
            });
            s.setitem = Some(|vm, v, key, value| {
                let t = target(vm, v)?;
                match value {
                    Some(x) => vm.set_item(&t, key, x),
                    None => vm.del_item(&t, key),
                }
            });
            s.contains = Some(|vm, v, item| {
                let t = target(vm, v)?;
                vm.contains(&t, item)
            });
            s.iter = Some(|vm, v| {
                let t = target(vm, v)?;
                vm.iter(&t)
            });
            s.iternext = Some(|vm, v| {
                let t = target(vm, v)?;
                vm.next(&t)
            });
            s.index = Some(|vm, v| {
                let t = target(vm, v)?;
                vm.index(&t)
            });
            s.negative = unary!(Slot::Negative);
            s.positive = unary!(Slot::Positive);
            s.absolute = unary!(Slot::Absolute);
            s.invert = unary!(Slot::Invert);
            s.add = binary!(BinaryOp::Add);
            s.subtract = binary!(BinaryOp::Subtract);
            s.multiply = binary!(BinaryOp::Multiply);
            s.true_divide = binary!(BinaryOp::TrueDivide);
            s.floor_divide = binary!(BinaryOp::FloorDivide);
            s.remainder = binary!(BinaryOp::Remainder);
            s.divmod = binary!(BinaryOp::Divmod);
            s.power = Some(|vm, a, b, modulus| {
                let (a, b) = (target(vm, a)?, target(vm, b)?);
                vm.power(&a, &b, modulus)
            });
            s.lshift = binary!(BinaryOp::Lshift);
            s.rshift = binary!(BinaryOp::Rshift);
            s.and = binary!(BinaryOp::And);
            s.or = binary!(BinaryOp::Or);
            s.xor = binary!(BinaryOp::Xor);
            s.inplace_add = inplace!(BinaryOp::Add);
            s.inplace_subtract = inplace!(BinaryOp::Subtract);
            s.inplace_multiply = inplace!(BinaryOp::Multiply);
            s.inplace_true_divide = inplace!(BinaryOp::TrueDivide);
            s.inplace_floor_divide = inplace!(BinaryOp::FloorDivide);
            s.inplace_remainder = inplace!(BinaryOp::Remainder);
            s.inplace_lshift = inplace!(BinaryOp::Lshift);
            s.inplace_rshift = inplace!(BinaryOp::Rshift);
            s.inplace_and = inplace!(BinaryOp::And);
            s.inplace_or = inplace!(BinaryOp::Or);
            s.inplace_xor = inplace!(BinaryOp::Xor);
            if callable {
                s.call = Some(|vm, v, args| {
                    let t = target(vm, v)?;
                    vm.call(&t, args)
                });
            }
        })
        .done()
}

fn count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "getweakrefcount")?;
    let n = vm.references_to(v).len();
    Ok(vm.new_usize(n))
}

fn all<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "getweakrefs")?;
    let list = vm.references_to(v).into_iter().map(|r| r.0).collect();
    Ok(vm.new_list(list))
}

/// Makes `_weakref`.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let reference = vm.class_of_kind(Kind::Weakref);
    let proxy = make_class(vm, "weakproxy", false);
    let callable = make_class(vm, "weakcallableproxy", true);
    Ok(ModuleBuilder::new(vm, "_weakref")
        .doc("Weak-reference support module.")
        .value("ref", reference.clone())
        .value("ReferenceType", reference)
        .value("ProxyType", proxy)
        .value("CallableProxyType", callable)
        .function("proxy", new_proxy)
        .function("getweakrefcount", count)
        .function("getweakrefs", all)
        .done())
}

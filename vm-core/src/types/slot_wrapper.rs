//! Special methods of built-in types as Python sees them: `int.__add__`, `[].__len__`.
//!
//! Calling one checks the arguments as CPython's `wrap_*` functions do and calls the slot's native
//! function. CPython `Objects/descrobject.c` and `Objects/typeobject.c`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{
    Args, Kind, ObjectModel, Res, Slot, Trace, V, Value, Visitor, slots::SlotFn, slots::Wrap,
};
use crate::types::class::methods::qualname_text;
use crate::types::class::mro::class_text;
use crate::types::str::Str;

/// A slot as an unbound method.
pub struct SlotWrapper<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// Which slot.
    pub slot: Slot,
    /// How the arguments map to it.
    pub wrap: Wrap,
    /// The native function.
    pub function: SlotFn<M>,
    /// `__objclass__`.
    pub owner: V<M>,
}

impl<M: ObjectModel> Trace<M> for SlotWrapper<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// A slot wrapper bound to its receiver.
pub struct MethodWrapper<M: ObjectModel> {
    /// The `SlotWrapper`.
    pub wrapper: V<M>,
    /// `__self__`.
    pub receiver: V<M>,
}

impl<M: ObjectModel> Trace<M> for MethodWrapper<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.wrapper);
        visitor.visit(&self.receiver);
    }
}

/// What a call of a wrapper needs of it, copied out.
struct Wrapped<M: ObjectModel> {
    name: &'static str,
    slot: Slot,
    wrap: Wrap,
    function: SlotFn<M>,
    owner: V<M>,
}

fn copy_out<M: ObjectModel>(w: &SlotWrapper<M>) -> Wrapped<M> {
    Wrapped {
        name: w.name,
        slot: w.slot,
        wrap: w.wrap,
        function: w.function,
        owner: w.owner.clone(),
    }
}

fn expect<'a, M: ObjectModel, const N: usize>(
    vm: &mut Vm<M>,
    args: Args<'a, M>,
) -> Res<&'a [V<M>; N]> {
    match args.pos.try_into() {
        Ok(a) => Ok(a),
        Err(_) => {
            let m = format!("expected {N} arguments, got {}", args.pos.len());
            Err(vm.raise_type_error(m))
        }
    }
}

fn expect_one_or_two<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'a, M>,
) -> Res<(&'a V<M>, Option<&'a V<M>>)> {
    let n = args.pos.len();
    match args.pos {
        [a] => Ok((a, None)),
        [a, b] => Ok((a, Some(b))),
        _ => {
            // `PyArg_UnpackTuple` with an empty function name.
            let (bound, count) = if n < 1 { ("least", 1) } else { ("most", 2) };
            let m = format!(" expected at {bound} {count} arguments, got {n}");
            Err(vm.raise_type_error(m))
        }
    }
}

/// An attribute name argument, interned.
pub fn attribute_name<M: ObjectModel>(vm: &mut Vm<M>, name: &V<M>) -> Res<V<M>> {
    if name.get::<Str>().is_none() {
        let m = format!(
            "attribute name must be string, not '{}'",
            vm.type_name(name)
        );
        return Err(vm.raise_type_error(m));
    }
    Ok(vm.intern_value(name))
}

/// Keeps `object.__setattr__(C, ...)` from going behind a class's back (CPython `hackcheck`).
fn check_setattr<M: ObjectModel>(vm: &mut Vm<M>, w: &Wrapped<M>, v: &V<M>) -> Res<()> {
    let mut class = Some(vm.type_of(v));
    while let Some(c) = &class {
        match c.get::<crate::types::class::Type<M>>() {
            Some(t) if t.is_heap => class = t.base.get(),
            _ => break,
        }
    }
    let native = class
        .as_ref()
        .and_then(|c| c.get::<crate::types::class::Type<M>>())
        .and_then(|t| vm.class_entry(t.id).slots.setattro)
        .map(|f| f as usize);
    let is_default = crate::types::class::slot_update::is_object_owner::<M>(&w.owner);
    if native.is_none() || !is_default || native == Some(w.function.address()) {
        return Ok(());
    }
    let name = class.map_or_else(String::new, |c| class_text(vm, &c));
    let m = format!("can't apply this {} to {name} object", w.name);
    Err(vm.raise_type_error(m))
}

/// Calls the native function behind a wrapper on a receiver that is known to fit.
fn call_wrapped<M: ObjectModel>(
    vm: &mut Vm<M>,
    w: &Wrapped<M>,
    v: &V<M>,
    args: Args<'_, M>,
) -> Res<V<M>> {
    if !args.kw.is_empty() && !matches!(w.function, SlotFn::Call(_) | SlotFn::Init(_)) {
        let m = format!("wrapper {} doesn't take keyword arguments", w.name);
        return Err(vm.raise_type_error(m));
    }
    let none = V::<M>::none();
    match w.function {
        SlotFn::Unary(f) => {
            expect::<M, 0>(vm, args)?;
            f(vm, v)
        }
        SlotFn::Binary(f) => {
            let [x] = expect::<M, 1>(vm, args)?;
            match (w.slot, w.wrap) {
                (Slot::Getattro, _) => {
                    let name = attribute_name(vm, x)?;
                    f(vm, v, &name)
                }
                (_, Wrap::Reflected) => f(vm, x, v),
                _ => f(vm, v, x),
            }
        }
        SlotFn::Ternary(f) => {
            let (x, modulus) = expect_one_or_two(vm, args)?;
            let modulus = modulus.unwrap_or(&none);
            match w.wrap {
                Wrap::Reflected => f(vm, x, v, modulus),
                _ => f(vm, v, x, modulus),
            }
        }
        SlotFn::Inquiry(f) => {
            expect::<M, 0>(vm, args)?;
            Ok(V::<M>::bool(f(vm, v)?))
        }
        SlotFn::Length(f) => {
            expect::<M, 0>(vm, args)?;
            let n = f(vm, v)?;
            Ok(vm.new_usize(n))
        }
        SlotFn::Hash(f) => {
            expect::<M, 0>(vm, args)?;
            let h = f(vm, v)?;
            Ok(vm.new_int(h))
        }
        SlotFn::Assign(f) => {
            let (key, value) = match w.wrap {
                Wrap::Delete => {
                    let [k] = expect::<M, 1>(vm, args)?;
                    (k.clone(), None)
                }
                _ => match args.pos {
                    [k, x] => (k.clone(), Some(x)),
                    more => {
                        let m = format!(" expected 2 arguments, got {}", more.len());
                        return Err(vm.raise_type_error(m));
                    }
                },
            };
            let key = if w.slot == Slot::Setattro {
                check_setattr(vm, w, v)?;
                attribute_name(vm, &key)?
            } else {
                key
            };
            f(vm, v, &key, value)?;
            Ok(none)
        }
        SlotFn::Contains(f) => {
            let [x] = expect::<M, 1>(vm, args)?;
            Ok(V::<M>::bool(f(vm, v, x)?))
        }
        SlotFn::Repeat(f) => {
            let [n] = expect::<M, 1>(vm, args)?;
            let n = vm.index_as_isize(n, Exc::OverflowError)?;
            f(vm, v, n)
        }
        SlotFn::Compare(f) => {
            let [x] = expect::<M, 1>(vm, args)?;
            match w.wrap {
                Wrap::Compare(op) => f(vm, v, x, op),
                _ => Ok(V::<M>::not_implemented()),
            }
        }
        SlotFn::Next(f) => {
            expect::<M, 0>(vm, args)?;
            match f(vm, v)? {
                Some(x) => Ok(x),
                None => Err(vm.raise_stop_iteration(None)),
            }
        }
        SlotFn::Call(f) => f(vm, v, args),
        SlotFn::Init(f) => {
            f(vm, v, args)?;
            Ok(none)
        }
        SlotFn::DescrGet(f) => {
            let (object, owner) = expect_one_or_two(vm, args)?;
            let object = Some(object).filter(|o| !o.is_none());
            let owner = owner.filter(|o| !o.is_none());
            if object.is_none() && owner.is_none() {
                return Err(vm.raise_type_error("__get__(None, None) is invalid"));
            }
            let class = match (owner, object) {
                (Some(o), _) => o.clone(),
                (None, Some(o)) => vm.type_of(o),
                (None, None) => none,
            };
            f(vm, v, object, &class)
        }
        SlotFn::Finalize(f) => {
            expect::<M, 0>(vm, args)?;
            f(vm, v)?;
            Ok(none)
        }
    }
}

fn wrapper_call<M: ObjectModel>(vm: &mut Vm<M>, callee: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some(w) = callee.get::<SlotWrapper<M>>().map(copy_out) else {
        return Ok(V::<M>::none());
    };
    vm.check_receiver(w.name, &w.owner, args)?;
    call_wrapped(vm, &w, &args.pos[0], args.skip(1))
}

fn method_call<M: ObjectModel>(vm: &mut Vm<M>, callee: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some(m) = callee.get::<MethodWrapper<M>>() else {
        return Ok(V::<M>::none());
    };
    let Some(w) = m.wrapper.get::<SlotWrapper<M>>().map(copy_out) else {
        return Ok(V::<M>::none());
    };
    let receiver = m.receiver.clone();
    call_wrapped(vm, &w, &receiver, args)
}

fn wrapper_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    let (Some(w), Some(v)) = (d.get::<SlotWrapper<M>>(), object) else {
        return Ok(d.clone());
    };
    super::getset::check_applies(vm, w.name, &w.owner, v)?;
    Ok(vm.alloc(MethodWrapper {
        wrapper: d.clone(),
        receiver: v.clone(),
    }))
}

fn wrapper_of<M: ObjectModel>(v: &V<M>) -> Option<V<M>> {
    match v.get::<MethodWrapper<M>>() {
        Some(m) => Some(m.wrapper.clone()),
        None => Some(v.clone()),
    }
}

fn name_of<M: ObjectModel>(v: &V<M>) -> &'static str {
    wrapper_of::<M>(v)
        .and_then(|w| w.get::<SlotWrapper<M>>().map(|w| w.name))
        .unwrap_or("")
}

fn owner_of<M: ObjectModel>(v: &V<M>) -> V<M> {
    wrapper_of::<M>(v)
        .and_then(|w| w.get::<SlotWrapper<M>>().map(|w| w.owner.clone()))
        .unwrap_or_else(V::<M>::none)
}

fn get_name<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.intern(name_of::<M>(v)))
}

fn get_qualname<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let owner = owner_of::<M>(v);
    let text = format!("{}.{}", qualname_text(vm, &owner), name_of::<M>(v));
    Ok(vm.new_str(text))
}

fn get_objclass<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(owner_of::<M>(v))
}

fn get_none<M: ObjectModel>(_: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Ok(V::<M>::none())
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::SlotWrapper)
        .slots(|s| {
            s.call = Some(wrapper_call);
            s.descr_get = Some(wrapper_get);
            s.repr = Some(|vm, v| {
                let owner = class_text(vm, &owner_of::<M>(v));
                Ok(vm.new_str(format!(
                    "<slot wrapper '{}' of '{owner}' objects>",
                    name_of::<M>(v)
                )))
            });
        })
        .getter("__name__", get_name)
        .getter("__qualname__", get_qualname)
        .getter("__objclass__", get_objclass)
        .getter("__doc__", get_none)
        .getter("__text_signature__", get_none)
        .done();
    vm.fill_class(Kind::MethodWrapper)
        .slots(|s| {
            s.call = Some(method_call);
            s.repr = Some(|vm, v| {
                let Some(m) = v.get::<MethodWrapper<M>>() else {
                    return Ok(V::<M>::none());
                };
                let text = format!(
                    "<method-wrapper '{}' of {} object at {:#x}>",
                    name_of::<M>(v),
                    vm.type_name(&m.receiver),
                    m.receiver.bits()
                );
                Ok(vm.new_str(text))
            });
            s.richcompare = Some(|vm, a, b, op| {
                use crate::object::CompareOp;
                let (Some(x), Some(y)) = (a.get::<MethodWrapper<M>>(), b.get::<MethodWrapper<M>>())
                else {
                    return Ok(V::<M>::not_implemented());
                };
                let same = x.wrapper.is(&y.wrapper);
                let (x, y) = (x.receiver.clone(), y.receiver.clone());
                match op {
                    CompareOp::Eq | CompareOp::Ne => {
                        let eq = same && vm.is_equal(&x, &y)?;
                        Ok(V::<M>::bool(eq == (op == CompareOp::Eq)))
                    }
                    _ => Ok(V::<M>::not_implemented()),
                }
            });
            s.hash = Some(|vm, v| {
                let Some(m) = v.get::<MethodWrapper<M>>() else {
                    return Ok(0);
                };
                let (w, receiver) = (m.wrapper.bits(), m.receiver.clone());
                let h = vm.hash(&receiver)? ^ super::object::identity_hash(w);
                Ok(if h == -1 { -2 } else { h })
            });
        })
        .getter("__name__", get_name)
        .getter("__qualname__", get_qualname)
        .getter("__objclass__", get_objclass)
        .getter("__self__", |_, v| {
            Ok(v.get::<MethodWrapper<M>>()
                .map_or_else(V::<M>::none, |m| m.receiver.clone()))
        })
        .getter("__doc__", get_none)
        .getter("__text_signature__", get_none)
        .done();
}

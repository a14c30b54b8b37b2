//! Native functions: module functions, bound native methods, and method descriptors.

use crate::Vm;
use crate::machine::shortcuts::Shortcut;
use crate::object::{
    Args, CompareOp, Kind, NativeFn, ObjectModel, Res, Trace, V, Value, ValueCell, Visitor,
};
use crate::types::class::methods::qualname_text;
use crate::types::class::mro::class_text;
use crate::types::dict::Dict;
use crate::types::module::Module;

/// A native function; with a receiver, a bound native method.
pub struct Builtin<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// The code.
    pub function: NativeFn<M>,
    /// `__self__`: put before the arguments unless absent. A module for module functions is in `module`.
    pub receiver: V<M>,
    /// The class that defines the method, for `__qualname__`; or absent.
    pub owner: V<M>,
    /// `__module__`, or absent.
    pub module: ValueCell<M>,
    /// Docstring.
    pub doc: &'static str,
    /// The inline form of its calls.
    pub shortcut: Shortcut,
}

impl<M: ObjectModel> Trace<M> for Builtin<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.receiver);
        visitor.visit(&self.owner);
        self.module.trace(visitor);
    }
    fn clear(&self) {
        drop(self.module.take());
    }
}

/// A native method in the dict of its class.
pub struct MethodDescriptor<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// The code; the receiver is the first argument.
    pub function: NativeFn<M>,
    /// `__objclass__`.
    pub owner: V<M>,
    /// Docstring.
    pub doc: &'static str,
    /// The inline form of its calls.
    pub shortcut: Shortcut,
}

impl<M: ObjectModel> Trace<M> for MethodDescriptor<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// A native class method in the dict of its class (`dict.fromkeys`).
pub struct ClassMethodDescriptor<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// The code; the class is the first argument.
    pub function: NativeFn<M>,
    /// `__objclass__`.
    pub owner: V<M>,
    /// Docstring.
    pub doc: &'static str,
}

impl<M: ObjectModel> Trace<M> for ClassMethodDescriptor<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

fn doc<M: ObjectModel>(vm: &mut Vm<M>, text: &'static str) -> V<M> {
    if text.is_empty() {
        return V::<M>::none();
    }
    vm.new_str(text)
}

/// Whether a native function belongs to a module rather than to a receiver.
fn is_function<M: ObjectModel>(b: &Builtin<M>) -> bool {
    b.receiver.is_null() || b.receiver.get::<Module<M>>().is_some()
}

fn builtin_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(b) = v.get::<Builtin<M>>() else {
        return Ok(V::<M>::none());
    };
    let text = if is_function(b) {
        format!("<built-in function {}>", b.name)
    } else {
        format!(
            "<built-in method {} of {} object at {:#x}>",
            b.name,
            vm.type_name(&b.receiver),
            b.receiver.bits()
        )
    };
    Ok(vm.new_str(text))
}

fn builtin_module<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(b) = v.get::<Builtin<M>>() else {
        return Ok(V::<M>::none());
    };
    match b.module.get() {
        Some(m) => Ok(m),
        None if b.receiver.is_null() => Ok(vm.intern("builtins")),
        None => Ok(V::<M>::none()),
    }
}

fn builtin_self<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(b) = v.get::<Builtin<M>>() else {
        return Ok(V::<M>::none());
    };
    if !b.receiver.is_null() {
        return Ok(b.receiver.clone());
    }
    let name = builtin_module(vm, v)?;
    let hash = vm.hash(&name)?;
    let modules = vm.interp.modules.clone();
    let found = modules
        .get::<Dict<M>>()
        .and_then(|d| d.table.get_str(&name, hash));
    Ok(found.unwrap_or_else(V::<M>::none))
}

fn builtin_qualname<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(b) = v.get::<Builtin<M>>() else {
        return Ok(V::<M>::none());
    };
    if is_function(b) {
        return Ok(vm.intern(b.name));
    }
    let class = if b.receiver.get::<crate::types::class::Type<M>>().is_some() {
        b.receiver.clone()
    } else {
        vm.type_of(&b.receiver)
    };
    let text = format!("{}.{}", qualname_text(vm, &class), b.name);
    Ok(vm.new_str(text))
}

fn builtin_compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.get::<Builtin<M>>(), b.get::<Builtin<M>>()) else {
        return Ok(V::<M>::not_implemented());
    };
    let eq = x.receiver.is(&y.receiver) && x.function as usize == y.function as usize;
    match op {
        CompareOp::Eq => Ok(V::<M>::bool(eq)),
        CompareOp::Ne => Ok(V::<M>::bool(!eq)),
        _ => Ok(V::<M>::not_implemented()),
    }
}

fn builtin_hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let Some(b) = v.get::<Builtin<M>>() else {
        return Ok(0);
    };
    let function = super::object::identity_hash(b.function as usize as u64);
    if b.receiver.is_null() {
        return Ok(function);
    }
    match super::object::identity_hash(b.receiver.bits()) ^ function {
        -1 => Ok(-2),
        h => Ok(h),
    }
}

/// Name and class of a method descriptor of either kind.
fn descriptor<M: ObjectModel>(v: &V<M>) -> Option<(&'static str, V<M>, &'static str)> {
    if let Some(d) = v.get::<MethodDescriptor<M>>() {
        return Some((d.name, d.owner.clone(), d.doc));
    }
    v.get::<ClassMethodDescriptor<M>>()
        .map(|d| (d.name, d.owner.clone(), d.doc))
}

fn descriptor_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = descriptor::<M>(v).map_or_else(String::new, |(name, owner, _)| {
        format!("<method '{name}' of '{}' objects>", class_text(vm, &owner))
    });
    Ok(vm.new_str(text))
}

fn descriptor_name<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.intern(descriptor::<M>(v).map_or("", |d| d.0)))
}

fn descriptor_qualname<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = descriptor::<M>(v).map_or_else(String::new, |(name, owner, _)| {
        format!("{}.{name}", qualname_text(vm, &owner))
    });
    Ok(vm.new_str(text))
}

fn descriptor_owner<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(descriptor::<M>(v).map_or_else(V::<M>::none, |d| d.1))
}

fn descriptor_doc<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(doc(vm, descriptor::<M>(v).map_or("", |d| d.2)))
}

fn descriptor_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    let (Some(m), Some(v)) = (d.get::<MethodDescriptor<M>>(), object) else {
        return Ok(d.clone());
    };
    super::getset::check_applies(vm, m.name, &m.owner, v)?;
    Ok(vm.new_method_for(d, v))
}

fn class_descriptor_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    owner: &V<M>,
) -> Res<V<M>> {
    let Some(m) = d.get::<ClassMethodDescriptor<M>>() else {
        return Ok(d.clone());
    };
    let class = match object {
        Some(v) if owner.is_null() => vm.type_of(v),
        _ => owner.clone(),
    };
    if !vm.is_derived(&class, &m.owner) {
        let text = format!(
            "descriptor '{}' for type '{}' doesn't apply to type '{}'",
            m.name,
            class_text(vm, &m.owner),
            class_text(vm, &class)
        );
        return Err(vm.raise_type_error(text));
    }
    Ok(vm.alloc(Builtin {
        name: m.name,
        function: m.function,
        receiver: class,
        owner: m.owner.clone(),
        module: ValueCell::empty(),
        doc: m.doc,
        shortcut: Shortcut::Absent,
    }))
}

fn class_descriptor_call<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (name, owner, _) = descriptor::<M>(v).unwrap_or(("", V::<M>::none(), ""));
    let owner_name = class_text(vm, &owner);
    let m = match args.pos.first() {
        None => format!("descriptor '{name}' of '{owner_name}' object needs an argument"),
        Some(c) if c.get::<crate::types::class::Type<M>>().is_none() => format!(
            "descriptor '{name}' requires a type but received a '{}'",
            vm.type_name(c)
        ),
        // CPython's message lacks its last quote.
        Some(c) if !vm.is_derived(c, &owner) => format!(
            "descriptor '{name}' requires a subtype of '{owner_name}' but received '{}",
            vm.type_name(c)
        ),
        Some(c) => {
            let bound = class_descriptor_get(vm, v, None, c)?;
            return vm.call(&bound, args.skip(1));
        }
    };
    Err(vm.raise_type_error(m))
}

fn no_signature<M: ObjectModel>(_: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Ok(V::<M>::none())
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Builtin)
        .slots(|s| {
            s.repr = Some(builtin_repr);
            s.richcompare = Some(builtin_compare);
            s.hash = Some(builtin_hash);
            s.call = Some(|vm, v, args| vm.call(v, args));
        })
        .getter("__name__", |vm, v| {
            Ok(vm.intern(v.get::<Builtin<M>>().map_or("", |b| b.name)))
        })
        .getter("__qualname__", builtin_qualname)
        .getter("__doc__", |vm, v| {
            Ok(doc(vm, v.get::<Builtin<M>>().map_or("", |b| b.doc)))
        })
        .getter("__self__", builtin_self)
        .getset(
            "__module__",
            builtin_module,
            Some(|_, v, x| {
                if let Some(b) = v.get::<Builtin<M>>() {
                    b.module.set(x.cloned().unwrap_or_else(V::<M>::null));
                }
                Ok(())
            }),
        )
        .getter("__text_signature__", no_signature)
        .done();
    vm.fill_class(Kind::MethodDescriptor)
        .slots(|s| {
            s.repr = Some(descriptor_repr);
            s.descr_get = Some(descriptor_get);
            s.call = Some(|vm, v, args| vm.call(v, args));
        })
        .getter("__name__", descriptor_name)
        .getter("__qualname__", descriptor_qualname)
        .getter("__objclass__", descriptor_owner)
        .getter("__doc__", descriptor_doc)
        .getter("__text_signature__", no_signature)
        .done();
    vm.fill_class(Kind::ClassMethodDescriptor)
        .slots(|s| {
            s.repr = Some(descriptor_repr);
            s.descr_get = Some(class_descriptor_get);
            s.call = Some(class_descriptor_call);
        })
        .getter("__name__", descriptor_name)
        .getter("__qualname__", descriptor_qualname)
        .getter("__objclass__", descriptor_owner)
        .getter("__doc__", descriptor_doc)
        .getter("__text_signature__", no_signature)
        .done();
}

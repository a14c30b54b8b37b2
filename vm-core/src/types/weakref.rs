//! Weak references.
//!
//! The heap tells when a target has died; which reference objects point at it, and which of them
//! have a callback, is kept in a [`Registry`] of the interpreter. Reference objects in it are
//! themselves held weakly. CPython `Objects/weakrefobject.c`.

use crate::Vm;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::class::layout::has_weakref;
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// Body of a `weakref`.
pub struct Weakref<M: ObjectModel> {
    /// The heap's token of the target.
    pub token: u64,
    /// Callback, or absent.
    pub callback: ValueCell<M>,
    /// Hash of the target, once taken.
    pub hash: Cell<Option<i64>>,
}

impl<M: ObjectModel> Trace<M> for Weakref<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callback.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callback.take());
    }
}

/// A reference object in the registry.
#[derive(Debug, Clone, Copy)]
struct Reference {
    /// The heap's token of the target.
    target: u64,
    /// The heap's token of the reference object.
    object: u64,
    /// It is exactly a `ref` without callback, which further calls of `ref` give again.
    shared: bool,
}

/// The weak references that exist, by target.
#[derive(Debug, Default)]
pub struct Registry {
    /// Bits of a target: its references, oldest first.
    by_target: FxHashMap<u64, Vec<Reference>>,
    /// Token of a target: its bits.
    targets: FxHashMap<u64, u64>,
}

impl<M: ObjectModel> Vm<M> {
    /// The target of a weak reference, if it lives.
    pub fn weak_target(&self, reference: &V<M>) -> Option<V<M>> {
        M::upgrade(&self.heap, reference.get::<Weakref<M>>()?.token)
    }

    /// TypeError unless objects of `v`'s class can be referred to weakly.
    pub fn check_weak(&mut self, v: &V<M>) -> Res<()> {
        if v.is_ptr() && has_weakref(self, v.tag().class()) {
            return Ok(());
        }
        let m = format!(
            "cannot create weak reference to '{}' object",
            self.type_name(v)
        );
        Err(self.raise_type_error(m))
    }

    /// A weak reference of class `class`; the one that exists if it would be the same.
    pub fn new_weakref(
        &mut self,
        class: &V<M>,
        target: &V<M>,
        callback: Option<V<M>>,
    ) -> Res<V<M>> {
        self.check_weak(target)?;
        let plain = class
            .get::<crate::types::class::Type<M>>()
            .is_some_and(|t| t.id.0 == Kind::Weakref as u32);
        let shared = plain && callback.is_none();
        if shared && let Some(known) = self.references_to(target).into_iter().find(|r| r.1) {
            return Ok(known.0);
        }
        let token = M::new_weak(&mut self.heap, target);
        let reference = self.alloc_as(
            class,
            Weakref {
                token,
                callback: ValueCell::new(callback.unwrap_or_else(V::<M>::null)),
                hash: Cell::new(None),
            },
        );
        let object = M::new_weak(&mut self.heap, &reference);
        let registry = &mut self.interp.weakrefs;
        registry.targets.insert(token, target.bits());
        registry
            .by_target
            .entry(target.bits())
            .or_default()
            .push(Reference {
                target: token,
                object,
                shared,
            });
        Ok(reference)
    }

    /// The live reference objects of a live target, and whether each is the shared one.
    pub fn references_to(&mut self, target: &V<M>) -> Vec<(V<M>, bool)> {
        let heap = &self.heap;
        let Some(list) = self.interp.weakrefs.by_target.get_mut(&target.bits()) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        list.retain(|r| {
            // An entry of an object that died at this address has another token.
            if !M::upgrade(heap, r.target).is_some_and(|t| t.is(target)) {
                return true;
            }
            match M::upgrade(heap, r.object) {
                Some(v) => {
                    out.push((v, r.shared));
                    true
                }
                None => false,
            }
        });
        out
    }

    /// Runs the callbacks of references whose targets have died. Called at safepoints. An
    /// exception in a callback is written to the error stream.
    pub fn run_weak_callbacks(&mut self) {
        for token in M::take_dead_weak(&mut self.heap) {
            let Some(bits) = self.interp.weakrefs.targets.remove(&token) else {
                continue;
            };
            let Some(list) = self.interp.weakrefs.by_target.get_mut(&bits) else {
                continue;
            };
            let dead: Vec<Reference> = list.extract_if(.., |r| r.target == token).collect();
            if list.is_empty() {
                self.interp.weakrefs.by_target.remove(&bits);
            }
            for r in dead {
                let Some(reference) = M::upgrade(&self.heap, r.object) else {
                    continue;
                };
                let callback = reference
                    .get::<Weakref<M>>()
                    .map_or_else(V::<M>::null, |w| w.callback.take());
                if callback.is_null() {
                    continue;
                }
                self.opaque_natives += 1;
                let r = self.call_values(&callback, std::slice::from_ref(&reference));
                if r.is_err() {
                    let raised = self.take_raised();
                    self.write_unraisable(&raised, &callback);
                }
                self.opaque_natives -= 1;
            }
        }
    }
}

/// `x.__weakref__`: the first reference to an object, or None.
pub fn first_reference<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let first = vm.references_to(v).into_iter().next();
    Ok(first.map_or_else(V::<M>::none, |r| r.0))
}

fn weakref_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (target, callback) = match args.pos {
        [t] => (t, None),
        [t, c] => (t, Some(c.clone()).filter(|c| !c.is_none())),
        [] => {
            return Err(vm.raise_type_error("__new__ expected at least 1 arguments, got 0"));
        }
        more => {
            let m = format!("__new__ expected at most 2 arguments, got {}", more.len());
            return Err(vm.raise_type_error(m));
        }
    };
    vm.new_weakref(class, target, callback)
}

fn weakref_init<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<()> {
    if args.kw.is_empty() {
        return Ok(());
    }
    Err(vm.raise_type_error("ref() does not take keyword arguments"))
}

fn weakref_call<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "weakref")?;
    Ok(vm.weak_target(v).unwrap_or_else(V::<M>::none))
}

fn weakref_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = match vm.weak_target(v) {
        None => format!("<weakref at {:#x}; dead>", v.bits()),
        Some(t) => {
            let name = match vm.find_attr(&t, "__name__")? {
                Some(n) if n.get::<crate::types::str::Str>().is_some() => {
                    format!(" ({})", vm.text_of(&n))
                }
                _ => String::new(),
            };
            format!(
                "<weakref at {:#x}; to '{}' at {:#x}{name}>",
                v.bits(),
                vm.type_name(&t),
                t.bits()
            )
        }
    };
    Ok(vm.new_str(text))
}

fn weakref_hash<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let Some(w) = v.get::<Weakref<M>>() else {
        return Ok(0);
    };
    if let Some(h) = w.hash.get() {
        return Ok(h);
    }
    match vm.weak_target(v) {
        Some(t) => {
            let h = vm.hash(&t)?;
            w.hash.set(Some(h));
            Ok(h)
        }
        None => Err(vm.raise_type_error("weak object has gone away")),
    }
}

fn weakref_compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let both = a.get::<Weakref<M>>().is_some() && b.get::<Weakref<M>>().is_some();
    if !both || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(V::<M>::not_implemented());
    }
    match (vm.weak_target(a), vm.weak_target(b)) {
        (Some(x), Some(y)) => vm.compare(op, &x, &y),
        _ => Ok(V::<M>::bool(a.is(b) == (op == CompareOp::Eq))),
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Weakref)
        .slots(|s| {
            s.new = Some(weakref_new);
            s.init = Some(weakref_init);
            s.call = Some(weakref_call);
            s.repr = Some(weakref_repr);
            s.hash = Some(weakref_hash);
            s.richcompare = Some(weakref_compare);
        })
        .getter("__callback__", |_, v| {
            Ok(v.get::<Weakref<M>>()
                .and_then(|w| w.callback.get())
                .unwrap_or_else(V::<M>::none))
        })
        .done();
}

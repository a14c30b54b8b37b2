//! What native code receives and provides: arguments, function pointers, opaque bodies.

use super::kinds::Trace;
use super::model::ObjectModel;
use super::value::Value;
use super::{Res, V};
use crate::Vm;
use std::any::Any;

/// A native function: the machine, and its arguments (a method's receiver first).
pub type NativeFn<M> = fn(&mut Vm<M>, Args<'_, M>) -> Res<V<M>>;

/// Arguments of a native call, borrowed from the value stack or from a caller's buffer.
///
/// `kw` alternates interned name and value, as CPython 3.5 pushes them.
pub struct Args<'a, M: ObjectModel> {
    /// Positional arguments.
    pub pos: &'a [V<M>],
    /// Keyword arguments: name, value, name, value ...
    pub kw: &'a [V<M>],
}

impl<M: ObjectModel> Clone for Args<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: ObjectModel> Copy for Args<'_, M> {}

impl<'a, M: ObjectModel> Args<'a, M> {
    /// Positional arguments only.
    pub fn new(pos: &'a [V<M>]) -> Self {
        Args { pos, kw: &[] }
    }

    /// Number of keyword arguments.
    pub fn kw_count(&self) -> usize {
        self.kw.len() / 2
    }

    /// Keyword arguments as pairs (name, value).
    pub fn kw_pairs(&self) -> impl Iterator<Item = (&'a V<M>, &'a V<M>)> + use<'a, M> {
        self.kw.chunks_exact(2).map(|p| (&p[0], &p[1]))
    }

    /// The arguments after the first `n` positional ones.
    pub fn skip(&self, n: usize) -> Args<'a, M> {
        Args {
            pos: &self.pos[n.min(self.pos.len())..],
            kw: self.kw,
        }
    }

    /// Exactly `N` positional arguments and no keywords, or CPython's TypeError for the
    /// function `name`. For a method take `self` off first ([`Args::method`]).
    pub fn exact<const N: usize>(&self, vm: &mut Vm<M>, name: &str) -> Res<&'a [V<M>; N]> {
        self.no_keywords(vm, name)?;
        match self.pos.try_into() {
            Ok(a) => Ok(a),
            Err(_) => Err(vm.raise_arity(name, self.pos.len(), N, N)),
        }
    }

    /// Between `min` and `max` positional arguments and no keywords.
    pub fn between(&self, vm: &mut Vm<M>, name: &str, min: usize, max: usize) -> Res<&'a [V<M>]> {
        self.no_keywords(vm, name)?;
        if (min..=max).contains(&self.pos.len()) {
            Ok(self.pos)
        } else {
            Err(vm.raise_arity(name, self.pos.len(), min, max))
        }
    }

    /// Exactly `N` positional arguments, with the TypeError of `PyArg_UnpackTuple`; keywords are
    /// refused.
    pub fn unpack<const N: usize>(&self, vm: &mut Vm<M>, name: &str) -> Res<&'a [V<M>; N]> {
        self.no_keywords(vm, name)?;
        match self.pos.try_into() {
            Ok(a) => Ok(a),
            Err(_) => Err(vm.raise_unpack_arity(name, self.pos.len(), N, N)),
        }
    }

    /// Between `min` and `max` positional arguments, with the TypeError of `PyArg_UnpackTuple`.
    pub fn unpack_between(
        &self,
        vm: &mut Vm<M>,
        name: &str,
        min: usize,
        max: usize,
    ) -> Res<&'a [V<M>]> {
        self.no_keywords(vm, name)?;
        if (min..=max).contains(&self.pos.len()) {
            Ok(self.pos)
        } else {
            Err(vm.raise_unpack_arity(name, self.pos.len(), min, max))
        }
    }

    /// Splits a method's arguments into receiver and rest. The receiver is always there:
    /// method descriptors check it before the call.
    pub fn method(&self) -> (&'a V<M>, Args<'a, M>) {
        (&self.pos[0], self.skip(1))
    }

    /// TypeError if there are keyword arguments.
    pub fn no_keywords(&self, vm: &mut Vm<M>, name: &str) -> Res<()> {
        if self.kw.is_empty() {
            return Ok(());
        }
        Err(vm.raise_type_error(format!("{name}() takes no keyword arguments")))
    }

    /// Arguments by position or keyword, in the order of `names`; the first `required` must be
    /// there, absent ones are `None`. A name that starts with `$` is keyword-only, one that is
    /// empty is positional-only. Errors as `PyArg_ParseTupleAndKeywords` gives them.
    pub fn parse<const N: usize>(
        &self,
        vm: &mut Vm<M>,
        function: &str,
        names: [&str; N],
        required: usize,
    ) -> Res<[Option<V<M>>; N]> {
        let positional = names.iter().take_while(|n| !n.starts_with('$')).count();
        if self.pos.len() + self.kw_count() > N || self.pos.len() > positional {
            let most = if self.pos.len() > positional {
                positional
            } else {
                N
            };
            let given = if self.pos.len() > positional {
                self.pos.len()
            } else {
                self.pos.len() + self.kw_count()
            };
            return Err(vm.raise_type_error(format!(
                "{function}() takes at most {most} argument{} ({given} given)",
                if most == 1 { "" } else { "s" },
            )));
        }
        let mut out: [Option<V<M>>; N] = std::array::from_fn(|i| self.pos.get(i).cloned());
        for (key, value) in self.kw_pairs() {
            let key = vm.text_of(key);
            let found = names
                .iter()
                .position(|n| !n.is_empty() && n.trim_start_matches('$') == key);
            match found {
                Some(i) if out[i].is_some() => {
                    return Err(vm.raise_type_error(format!(
                        "Argument given by name ('{key}') and position ({})",
                        i + 1
                    )));
                }
                Some(i) => out[i] = Some(value.clone()),
                None => {
                    return Err(vm.raise_type_error(format!(
                        "'{key}' is an invalid keyword argument for this function"
                    )));
                }
            }
        }
        for (i, name) in names.iter().enumerate().take(required) {
            if out[i].is_none() {
                return Err(vm.raise_type_error(format!(
                    "Required argument '{}' (pos {}) not found",
                    name.trim_start_matches('$'),
                    i + 1
                )));
            }
        }
        Ok(out)
    }
}

/// The body of a rare native type that needs no kind of its own (`itertools.count`,
/// `collections.deque`, `functools.partial` ...).
pub trait Opaque<M: ObjectModel>: Any {
    /// Shows every owned value to the visitor.
    fn trace(&self, visitor: &mut M::Visitor);
    /// Drops the edges through which a cycle can pass.
    fn clear(&self) {}
    /// For the downcast in [`OpaqueBody::downcast`]: write `self`.
    fn as_any(&self) -> &dyn Any;
}

/// A boxed [`Opaque`]; the body of [`super::Kind::Opaque`].
pub struct OpaqueBody<M: ObjectModel>(pub Box<dyn Opaque<M>>);

impl<M: ObjectModel> OpaqueBody<M> {
    /// The body as `T`, if it is one.
    pub fn downcast<T: Opaque<M>>(&self) -> Option<&T> {
        self.0.as_any().downcast_ref()
    }
}

impl<M: ObjectModel> Trace<M> for OpaqueBody<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.0.trace(visitor)
    }
    fn clear(&self) {
        self.0.clear()
    }
}

/// The opaque body of `value` as `T`.
pub fn opaque<M: ObjectModel, T: Opaque<M>>(value: &V<M>) -> Option<&T> {
    value.get::<OpaqueBody<M>>()?.downcast()
}

//! Arguments of `str` methods, checked and worded as CPython 3.5 does.

use super::Str;
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::search::Bounds;
use crate::text::slice::StrRef;

/// The text of a receiver, which class checks have made sure of.
#[inline]
pub fn receiver<W: Value>(v: &W) -> StrRef<'_> {
    match v.get::<Str>() {
        Some(s) => s.str_ref(),
        None => StrRef::from(""),
    }
}

/// An operand that must be a `str` (`PyUnicode_FromObject`).
#[inline]
pub fn text<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Str> {
    match v.get::<Str>() {
        Some(s) => Ok(s),
        None => {
            let m = format!(
                "Can't convert '{}' object to str implicitly",
                vm.type_name(v)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

/// A bound of a search: absent for None, else an index clipped to 64 bits.
pub fn bound<M: ObjectModel>(vm: &mut Vm<M>, v: Option<&V<M>>) -> Res<Option<i64>> {
    match v {
        None => Ok(None),
        Some(v) => vm.slice_part(v),
    }
}

/// `(wanted[, start[, end]])` of the search methods.
pub fn search<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'a, M>,
) -> Res<(&'a V<M>, Bounds)> {
    let a = args.between(vm, name, 1, 3)?;
    let start = bound(vm, a.get(1))?;
    let end = bound(vm, a.get(2))?;
    Ok((&a[0], (start, end)))
}

/// TypeError for a method without arguments that was given some.
pub fn none<M: ObjectModel>(vm: &mut Vm<M>, name: &str, args: Args<'_, M>) -> Res<()> {
    args.exact::<0>(vm, name).map(|_| ())
}

/// An optional argument that CPython parses as a `Py_ssize_t`.
pub fn size_or<M: ObjectModel>(vm: &mut Vm<M>, v: Option<&V<M>>, default: i64) -> Res<i64> {
    match v {
        Some(v) => vm.ssize_argument(v),
        None => Ok(default),
    }
}

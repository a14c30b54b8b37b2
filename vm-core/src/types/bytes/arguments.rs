//! Arguments of `bytes` and `bytearray` methods, checked and worded as CPython 3.5 does.

use super::{Data, data};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::bytes as text_bytes;
use crate::text::search::Bounds;

/// An operand that must be bytes-like.
pub fn bytes<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<Data<'a>> {
    match data(v) {
        Some(d) => Ok(d),
        None => {
            let m = format!("a bytes-like object is required, not '{}'", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

/// What a search looks for: bytes, or one byte given as an integer.
pub fn wanted<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Vec<u8>> {
    if let Some(d) = data(v) {
        return Ok(d.to_vec());
    }
    if vm.slots(v).int.is_none() && vm.slots(v).float.is_none() {
        return bytes(vm, v).map(|d| d.to_vec());
    }
    let i = vm.index_as_isize(v, Exc::OverflowError)?;
    let byte = vm.op(text_bytes::element(i as i64, false))?;
    Ok(vec![byte])
}

/// `(wanted[, start[, end]])` of the search methods.
pub fn search<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'a, M>,
) -> Res<(&'a V<M>, Bounds)> {
    crate::types::str::arguments::search(vm, name, args)
}

/// An element of a `bytearray`: an integer from 0 to 255.
pub fn element<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<u8> {
    if !vm.has_index(v) {
        return Err(vm.raise_type_error("an integer is required"));
    }
    let i = vm.index(v)?;
    let i = i.as_int().and_then(|i| i.to_i64()).unwrap_or(-1);
    vm.op(text_bytes::element(i, false))
}

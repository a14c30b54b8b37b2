//! `bytearray`: a mutable sequence of bytes (CPython `Objects/bytearrayobject.c`).
//!
//! What it shares with `bytes` is in `types::bytes`.

mod methods;

use super::bytes::arguments;
use super::bytes::{self, Data};
use super::slice::Slice;
use super::str::Str;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::number::range_math::{SliceIndices, subscript};
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::text::bytes as text_bytes;
use crate::text::repr as text_repr;
use std::cell::RefCell;

/// Body of a `bytearray`.
pub struct ByteArray {
    /// The bytes.
    pub data: RefCell<Vec<u8>>,
}

/// Calls `f` on a receiver's bytes. No Python code may run inside.
fn with<W: Value, T: Default>(v: &W, f: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    match v.get::<ByteArray>() {
        Some(b) => f(&mut b.data.borrow_mut()),
        None => T::default(),
    }
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    if vm.is_builtin_class(class, Kind::ByteArray) {
        return Ok(vm.new_bytearray(Vec::new()));
    }
    let body = ByteArray {
        data: RefCell::default(),
    };
    Ok(vm.alloc_as(class, body))
}

fn init_from<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let contents = bytes::contents(vm, "bytearray", args, false)?;
    with(v, |data| *data = contents);
    Ok(())
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = with(v, |data| text_repr::repr_bytearray(data));
    Ok(vm.new_str(text))
}

/// What is assigned to a slice: bytes-like, or an iterable of integers.
fn assigned<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Vec<u8>> {
    if let Some(d) = bytes::data(v) {
        return Ok(d.to_vec());
    }
    if v.as_int().is_some() || v.get::<Str>().is_some() {
        let m = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
        return Err(vm.raise_type_error(m));
    }
    bytes::iterated(vm, v, false)
}

/// Replaces what a slice selects; the lengths must agree unless the step is 1.
fn assign_slice(data: &mut Vec<u8>, s: SliceIndices, new: &[u8]) -> Result<(), String> {
    let start = s.start.max(0) as usize;
    if s.step == 1 {
        data.splice(start..start + s.count, new.iter().copied());
        return Ok(());
    }
    if s.count != new.len() {
        return Err(format!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            s.count
        ));
    }
    for (i, &b) in new.iter().enumerate() {
        data[(s.start + i as i64 * s.step) as usize] = b;
    }
    Ok(())
}

/// Removes what a slice selects.
fn delete_slice(data: &mut Vec<u8>, s: SliceIndices) {
    if s.count == 0 {
        return;
    }
    let (first, stride) = if s.step > 0 {
        (s.start, s.step)
    } else {
        (s.start + (s.count as i64 - 1) * s.step, -s.step)
    };
    let last = first + (s.count as i64 - 1) * stride;
    let mut i = -1;
    data.retain(|_| {
        i += 1;
        i < first || i > last || (i - first) % stride != 0
    });
}

fn setitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>, value: Option<&V<M>>) -> Res<()> {
    if let Some(slice) = key.get::<Slice<M>>() {
        let new = match value {
            Some(value) => Some(assigned(vm, value)?),
            None => None,
        };
        let parts = vm.slice_parts(slice)?;
        let done = with(v, |data| {
            let s = parts.of(data.len());
            match &new {
                Some(new) => assign_slice(data, s, new).err(),
                None => {
                    delete_slice(data, s);
                    None
                }
            }
        });
        return match done {
            None => Ok(()),
            Some(message) => Err(vm.raise_value_error(message)),
        };
    }
    let i = vm.sequence_index("bytearray", key)?;
    let byte = match value {
        Some(value) => Some(arguments::element(vm, value)?),
        None => None,
    };
    let found = with(v, |data| match (subscript(i, data.len()), byte) {
        (None, _) => false,
        (Some(i), Some(byte)) => {
            data[i] = byte;
            true
        }
        (Some(i), None) => {
            data.remove(i);
            true
        }
    });
    if found {
        Ok(())
    } else {
        Err(vm.raise_index_error("bytearray index out of range"))
    }
}

fn inplace_concat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, other: &V<M>) -> Res<V<M>> {
    let Some(more) = bytes::data(other).map(|d: Data<'_>| d.to_vec()) else {
        let m = format!(
            "can't concat {} to {}",
            vm.type_name(other),
            vm.type_name(v)
        );
        return Err(vm.raise_type_error(m));
    };
    if v.is(other) && !more.is_empty() {
        // The right operand's bytes are held while the left one is resized.
        let m = "Existing exports of data: object cannot be re-sized";
        return Err(vm.raise(Exc::BufferError, m));
    }
    with(v, |data| data.extend_from_slice(&more));
    Ok(v.clone())
}

fn inplace_repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    let repeated = with(v, |data| Some(text_bytes::replace::repeat(data, n as i64)));
    if let Some(repeated) = repeated {
        let repeated = vm.op(repeated)?;
        with(v, |data| *data = repeated);
    }
    Ok(v.clone())
}

#[cold]
fn not_found<M: ObjectModel>(vm: &mut Vm<M>) -> crate::object::Raised {
    vm.raise(Exc::ValueError, "value not found in bytearray")
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let builder = vm.fill_class(Kind::ByteArray);
    let builder = bytes::add_shared(builder).slots(|s| {
        s.new = Some(new::<M>);
        s.init = Some(init_from::<M>);
        s.repr = Some(repr::<M>);
        s.str = Some(repr::<M>);
        s.setitem = Some(setitem::<M>);
        s.inplace_concat = Some(inplace_concat::<M>);
        s.inplace_repeat = Some(inplace_repeat::<M>);
    });
    methods::add(builder).done();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::range_math::slice_indices;

    fn after(
        start: Option<i64>,
        stop: Option<i64>,
        step: Option<i64>,
        new: Option<&[u8]>,
    ) -> Result<Vec<u8>, String> {
        let mut data = b"0123456789".to_vec();
        let s = slice_indices(start, stop, step, data.len()).map_err(|e| e.to_string())?;
        match new {
            Some(new) => assign_slice(&mut data, s, new)?,
            None => delete_slice(&mut data, s),
        }
        Ok(data)
    }

    #[test]
    fn slices() {
        assert_eq!(
            after(Some(2), Some(5), None, Some(b"ab")).as_deref(),
            Ok(&b"01ab56789"[..])
        );
        assert_eq!(
            after(Some(5), Some(2), None, Some(b"-")).as_deref(),
            Ok(&b"01234-56789"[..])
        );
        assert_eq!(
            after(None, None, Some(3), Some(b"abcd")).as_deref(),
            Ok(&b"a12b45c78d"[..])
        );
        assert!(after(None, None, Some(3), Some(b"abc")).is_err());
        assert_eq!(
            after(None, None, Some(-3), None).as_deref(),
            Ok(&b"124578"[..])
        );
        assert_eq!(
            after(Some(1), Some(3), None, None).as_deref(),
            Ok(&b"03456789"[..])
        );
    }
}

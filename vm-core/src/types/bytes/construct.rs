//! Making bytes from other objects: `bytes(...)`, `fromhex`, `maketrans`, `decode`, `hex`.

use super::{data, receiver};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::text::bytes as text_bytes;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::class::builder::ClassBuilder;
use crate::types::str::{Str, codec};

/// The result of `__bytes__`, if the class has it.
pub fn through_method<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(r) = vm.call_special(v, "__bytes__", &[])? else {
        return Ok(None);
    };
    if r.get::<Bytes>().is_none() {
        let m = format!("__bytes__ returned non-bytes (type {})", vm.type_name(&r));
        return Err(vm.raise_type_error(m));
    }
    Ok(Some(r))
}

/// Bytes from an iterable of integers. `bytes` words the ValueError as `bytes` does, else as `bytearray`.
pub fn iterated<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, bytes: bool) -> Res<Vec<u8>> {
    let mut out = Vec::new();
    vm.for_each(v, |vm, x| {
        let byte = if bytes {
            let i = vm.index(&x)?;
            let i = i.as_int().and_then(|i| i.to_i64()).unwrap_or(-1);
            vm.op(text_bytes::element(i, true))?
        } else {
            super::arguments::element(vm, &x)?
        };
        out.push(byte);
        Ok(())
    })?;
    Ok(out)
}

/// Bytes of an object as `PyObject_Bytes` takes them: `__bytes__`, the buffer, or integers. No counts.
pub fn bytes_from_object<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Vec<u8>> {
    if let Some(r) = through_method(vm, v)? {
        return Ok(receiver(&r).to_vec());
    }
    if let Some(d) = data(v) {
        return Ok(d.to_vec());
    }
    if v.get::<Str>().is_some() {
        return Err(vm.raise_type_error("cannot convert unicode object to bytes"));
    }
    iterated(vm, v, true)
}

/// What `bytes(...)` and `bytearray(...)` are given.
pub(crate) fn contents<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    bytes: bool,
) -> Res<Vec<u8>> {
    let [source, encoding, errors] = args.parse(vm, name, ["source", "encoding", "errors"], 0)?;
    let Some(source) = source else {
        if encoding.is_some() || errors.is_some() {
            let m = "encoding or errors without sequence argument";
            return Err(vm.raise_type_error(m));
        }
        return Ok(Vec::new());
    };
    if source.get::<Str>().is_some() {
        if encoding.is_none() {
            return Err(vm.raise_type_error("string argument without an encoding"));
        }
        return codec::encode_object(vm, name, &source, encoding.as_ref(), errors.as_ref());
    }
    if encoding.is_some() || errors.is_some() {
        let m = "encoding or errors without a string argument";
        return Err(vm.raise_type_error(m));
    }
    if bytes && let Some(r) = through_method(vm, &source)? {
        return Ok(receiver(&r).to_vec());
    }
    if vm.has_index(&source) {
        let n = vm.index_as_isize(&source, Exc::OverflowError)?;
        let Ok(n) = usize::try_from(n) else {
            return Err(vm.raise_value_error("negative count"));
        };
        let mut out = Vec::new();
        if out.try_reserve_exact(n).is_err() {
            return Err(vm.raise_with(Exc::MemoryError, Vec::new()));
        }
        out.resize(n, 0);
        return Ok(out);
    }
    if let Some(d) = data(&source) {
        return Ok(d.to_vec());
    }
    iterated(vm, &source, bytes)
}

pub(super) fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let exact = vm.is_builtin_class(class, Kind::Bytes);
    if let ([x], []) = (args.pos, args.kw)
        && exact
        && x.get_exact::<Bytes>().is_some()
    {
        return Ok(x.clone());
    }
    let data = contents(vm, "bytes", args, true)?;
    if exact {
        return Ok(vm.new_bytes(data));
    }
    Ok(vm.alloc_as(class, Bytes { data: data.into() }))
}

fn fromhex<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let [text] = rest.exact::<1>(vm, "fromhex")?;
    let Some(s) = text.get::<Str>() else {
        let m = format!("must be str, not {}", vm.type_name(text));
        return Err(vm.raise_type_error(m));
    };
    let data = vm.op(text_bytes::hex::fromhex(s.text()))?;
    if vm.is_builtin_class(class, Kind::Bytes) {
        return Ok(vm.new_bytes(data));
    }
    if vm.is_builtin_class(class, Kind::ByteArray) {
        return Ok(vm.new_bytearray(data));
    }
    let value = vm.new_bytes(data);
    vm.call_values(class, &[value])
}

fn hex<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "hex")?;
    let text = text_bytes::hex::hex(&receiver(slf));
    Ok(vm.new_str(text))
}

fn maketrans<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [from, to] = args.exact::<2>(vm, "maketrans")?;
    let from = super::arguments::bytes(vm, from)?;
    let to = super::arguments::bytes(vm, to)?;
    let table = vm.op(text_bytes::replace::maketrans(&from, &to))?;
    Ok(vm.new_bytes(table))
}

fn sizeof<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__sizeof__")?;
    let n = match slf.get::<ByteArray>() {
        Some(b) => 57 + b.data.borrow().capacity(),
        None => 33 + receiver(slf).len(),
    };
    Ok(vm.new_usize(n))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .class_method("fromhex", fromhex::<M>)
        .static_method("maketrans", maketrans::<M>)
        .method("hex", hex::<M>)
        .method("decode", codec::decode::<M>)
        .method("__sizeof__", sizeof::<M>)
}

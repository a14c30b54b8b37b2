//! `str.encode`, and decoding into `str` for `str(object, encoding)` and `bytes.decode`.

use super::Str;
use super::arguments::receiver;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Raised, Res, V, Value};
use crate::text::codec::{self, CodecError};
use crate::types::bytes;
use crate::types::class::builder::ClassBuilder;

/// A codec's name and an error handler's, from the arguments of `function`; the first of them is
/// its `position`th.
fn names<M: ObjectModel>(
    vm: &mut Vm<M>,
    function: &str,
    position: usize,
    encoding: Option<&V<M>>,
    errors: Option<&V<M>>,
) -> Res<(String, String)> {
    let encoding = name(vm, function, position, encoding, "utf-8")?;
    let errors = name(vm, function, position + 1, errors, "strict")?;
    Ok((encoding, errors))
}

fn name<M: ObjectModel>(
    vm: &mut Vm<M>,
    function: &str,
    position: usize,
    v: Option<&V<M>>,
    default: &str,
) -> Res<String> {
    match v {
        None => Ok(default.to_owned()),
        Some(v) if v.get::<Str>().is_some() => Ok(vm.text_of(v)),
        Some(v) => {
            let m = format!(
                "{function}() argument {position} must be str, not {}",
                vm.type_name(v)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

/// Raises what a codec reports about `object`.
fn raise<M: ObjectModel>(vm: &mut Vm<M>, object: &V<M>, error: CodecError) -> Raised {
    let (exc, encoding, start, end, reason) = match error {
        CodecError::Op(e) => return vm.raise_op(e),
        CodecError::Encode(e) => (
            Exc::UnicodeEncodeError,
            e.encoding,
            e.start,
            e.end,
            e.reason,
        ),
        CodecError::Decode(e) => (
            Exc::UnicodeDecodeError,
            e.encoding,
            e.start,
            e.end,
            e.reason,
        ),
    };
    let args = [
        vm.new_str(encoding),
        object.clone(),
        vm.new_usize(start),
        vm.new_usize(end),
        vm.new_str(reason),
    ];
    let class = vm.class_of_exc(exc);
    match vm.call_values(&class, &args) {
        Ok(e) => vm.raise_value(e),
        Err(raised) => raised,
    }
}

impl<M: ObjectModel> Vm<M> {
    /// `text.encode(encoding, errors)`; `text` is a `str`.
    pub fn encode_str(&mut self, text: &V<M>, encoding: &str, errors: &str) -> Res<Vec<u8>> {
        match codec::encode(receiver(text).text(), encoding, errors) {
            Ok(bytes) => Ok(bytes),
            Err(e) => Err(raise(self, text, e)),
        }
    }

    /// `data.decode(encoding, errors)`; a `bytes` for the exception is made only if it fails.
    pub fn decode_bytes(&mut self, data: &[u8], encoding: &str, errors: &str) -> Res<V<M>> {
        if data.is_empty() {
            // No codec is looked up: its name may be wrong.
            return Ok(self.new_piece_ref("".into()));
        }
        match codec::decode(data, encoding, errors) {
            Ok(text) => Ok(self.new_text(text)),
            Err(e) => {
                let object = self.new_bytes(data);
                Err(raise(self, &object, e))
            }
        }
    }
}

/// `str(object, encoding, errors)`.
pub(super) fn decode_object<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    encoding: Option<&V<M>>,
    errors: Option<&V<M>>,
) -> Res<V<M>> {
    let (encoding, errors) = names(vm, "str", 2, encoding, errors)?;
    if v.get::<Str>().is_some() {
        return Err(vm.raise_type_error("decoding str is not supported"));
    }
    let Some(data) = bytes::data(v) else {
        let m = format!(
            "coercing to str: need a bytes-like object, {} found",
            vm.type_name(v)
        );
        return Err(vm.raise_type_error(m));
    };
    vm.decode_bytes(&data, &encoding, &errors)
}

/// `bytes.decode(encoding='utf-8', errors='strict')`, of `bytearray` too.
pub fn decode<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [encoding, errors] = rest.parse(vm, "decode", ["encoding", "errors"], 0)?;
    let (encoding, errors) = names(vm, "decode", 1, encoding.as_ref(), errors.as_ref())?;
    match bytes::data(slf) {
        Some(data) => vm.decode_bytes(&data, &encoding, &errors),
        None => Ok(V::<M>::none()),
    }
}

fn encode<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [encoding, errors] = rest.parse(vm, "encode", ["encoding", "errors"], 0)?;
    let (encoding, errors) = names(vm, "encode", 1, encoding.as_ref(), errors.as_ref())?;
    let data = vm.encode_str(slf, &encoding, &errors)?;
    Ok(vm.new_bytes(data))
}

/// `class(text, encoding, errors)`, class being `bytes` or `bytearray`: the text's bytes.
pub fn encode_object<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &str,
    text: &V<M>,
    encoding: Option<&V<M>>,
    errors: Option<&V<M>>,
) -> Res<Vec<u8>> {
    let (encoding, errors) = names(vm, class, 2, encoding, errors)?;
    vm.encode_str(text, &encoding, &errors)
}

/// Adds it to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder.method("encode", encode::<M>)
}

//! `UnicodeDecodeError`, `UnicodeEncodeError`, `UnicodeTranslateError`.

use super::{base, fields};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Raised, Res, V, Value};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use fields::slot;

/// Slots in the order of the constructors' arguments.
const ALL: [usize; 5] = [
    slot::ENCODING,
    slot::OBJECT,
    slot::START,
    slot::END,
    slot::REASON,
];

fn init<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    args: Args<'_, M>,
    slots: &[usize],
    object_kind: Kind,
) -> Res<()> {
    base::init(vm, v, args)?;
    if args.pos.len() != slots.len() {
        let m = format!(
            "function takes exactly {} arguments ({} given)",
            slots.len(),
            args.pos.len()
        );
        return Err(vm.raise_type_error(m));
    }
    for (i, (&s, x)) in slots.iter().zip(args.pos).enumerate() {
        let mut x = x.clone();
        let wanted = match s {
            slot::START | slot::END => {
                x = vm.index(&x)?;
                fields::set::<M>(v, s, x);
                continue;
            }
            slot::OBJECT => object_kind,
            _ => Kind::Str,
        };
        if wanted == Kind::Bytes {
            if let Some(a) = x.get::<ByteArray>() {
                let data = a.data.borrow().clone();
                x = vm.new_bytes(data);
            }
            if x.kind() != Kind::Bytes {
                let m = format!(
                    "a bytes-like object is required, not '{}'",
                    vm.type_name(&x)
                );
                return Err(vm.raise_type_error(m));
            }
        } else if x.kind() != wanted {
            let got = if x.is_none() {
                "None".to_owned()
            } else {
                vm.type_name(&x)
            };
            let m = format!("argument {} must be str, not {got}", i + 1);
            return Err(vm.raise_type_error(m));
        }
        fields::set::<M>(v, s, x);
    }
    Ok(())
}

/// `UnicodeDecodeError.__init__`.
pub fn init_decode<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    init(vm, v, args, &ALL, Kind::Bytes)
}

/// `UnicodeEncodeError.__init__`.
pub fn init_encode<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    init(vm, v, args, &ALL, Kind::Str)
}

/// `UnicodeTranslateError.__init__`.
pub fn init_translate<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    init(vm, v, args, &ALL[1..], Kind::Str)
}

/// What all three messages are made of.
struct Parts {
    encoding: String,
    reason: String,
    start: i64,
    end: i64,
}

fn parts<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Parts> {
    let encoding = fields::get(vm, v, slot::ENCODING);
    let reason = fields::get(vm, v, slot::REASON);
    let number = |x: V<M>| x.as_int().and_then(|i| i.to_i64()).unwrap_or(0);
    Ok(Parts {
        encoding: vm.str_text(&encoding)?,
        reason: vm.str_text(&reason)?,
        start: number(fields::get(vm, v, slot::START)),
        end: number(fields::get(vm, v, slot::END)),
    })
}

/// `str()` of a UnicodeDecodeError.
pub fn str_decode<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let object = fields::get(vm, v, slot::OBJECT);
    let Some(bytes) = object.get::<Bytes>() else {
        return Ok(vm.new_str(""));
    };
    let p = parts(vm, v)?;
    let byte = usize::try_from(p.start)
        .ok()
        .and_then(|i| bytes.data.get(i));
    let text = match byte {
        Some(b) if p.end == p.start + 1 => format!(
            "'{}' codec can't decode byte 0x{b:02x} in position {}: {}",
            p.encoding, p.start, p.reason
        ),
        _ => format!(
            "'{}' codec can't decode bytes in position {}-{}: {}",
            p.encoding,
            p.start,
            p.end - 1,
            p.reason
        ),
    };
    Ok(vm.new_str(text))
}

/// The code point at the start of the range, escaped, if the range is that one alone.
fn single_character<M: ObjectModel>(object: &V<M>, p: &Parts) -> Option<String> {
    let text = object.get::<Str>()?;
    if p.end != p.start + 1 {
        return None;
    }
    let c = text
        .text()
        .code_points()
        .nth(usize::try_from(p.start).ok()?)?
        .to_u32();
    Some(match c {
        0..=0xff => format!("\\x{c:02x}"),
        0x100..=0xffff => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    })
}

/// `str()` of a UnicodeEncodeError.
pub fn str_encode<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let object = fields::get(vm, v, slot::OBJECT);
    if object.kind() != Kind::Str {
        return Ok(vm.new_str(""));
    }
    let p = parts(vm, v)?;
    let text = match single_character::<M>(&object, &p) {
        Some(c) => format!(
            "'{}' codec can't encode character '{c}' in position {}: {}",
            p.encoding, p.start, p.reason
        ),
        None => format!(
            "'{}' codec can't encode characters in position {}-{}: {}",
            p.encoding,
            p.start,
            p.end - 1,
            p.reason
        ),
    };
    Ok(vm.new_str(text))
}

/// `str()` of a UnicodeTranslateError.
pub fn str_translate<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let object = fields::get(vm, v, slot::OBJECT);
    if object.kind() != Kind::Str {
        return Ok(vm.new_str(""));
    }
    let p = parts(vm, v)?;
    let text = match single_character::<M>(&object, &p) {
        Some(c) => {
            format!(
                "can't translate character '{c}' in position {}: {}",
                p.start, p.reason
            )
        }
        None => format!(
            "can't translate characters in position {}-{}: {}",
            p.start,
            p.end - 1,
            p.reason
        ),
    };
    Ok(vm.new_str(text))
}

impl<M: ObjectModel> Vm<M> {
    /// Raises a UnicodeEncodeError or UnicodeDecodeError. `object` is the whole text or bytes,
    /// `range` the part that cannot be converted (code points or bytes).
    #[cold]
    pub fn raise_unicode(
        &mut self,
        exc: Exc,
        encoding: &str,
        object: V<M>,
        range: std::ops::Range<usize>,
        reason: &str,
    ) -> Raised {
        let args = vec![
            self.new_str(encoding),
            object,
            self.new_usize(range.start),
            self.new_usize(range.end),
            self.new_str(reason),
        ];
        self.raise_with(exc, args)
    }
}

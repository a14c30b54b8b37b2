//! Built-in functions from one kind of value to another: `repr`, `chr`, `hex`, `hash`, `round` ...

use super::arguments::unpack;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::operators::BinaryOp;
use crate::number::int_format;
use crate::object::slots::Slot;
use crate::object::{Args, IntRef, ObjectModel, Res, V, Value};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// `repr(object)`.
pub fn repr<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "repr")?;
    vm.repr(v)
}

/// `ascii(object)`.
pub fn ascii<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "ascii")?;
    vm.ascii(v)
}

/// `chr(i)`.
pub fn chr<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "chr")?;
    if v.as_int().is_none() && !vm.has_index(v) {
        let m = format!("an integer is required (got type {})", vm.type_name(v));
        return Err(vm.raise_type_error(m));
    }
    let i = vm.index(v)?;
    let too_far = match i.as_int().map(IntRef::to_i64) {
        None | Some(None) => Some("Python int too large to convert to C long"),
        Some(Some(i)) if i > i64::from(i32::MAX) => Some("signed integer is greater than maximum"),
        Some(Some(i)) if i < i64::from(i32::MIN) => Some("signed integer is less than minimum"),
        _ => None,
    };
    if let Some(message) = too_far {
        return Err(vm.raise(Exc::OverflowError, message));
    }
    let i = i.as_int().and_then(IntRef::to_i64);
    let c = i
        .and_then(|i| u32::try_from(i).ok())
        .and_then(CodePoint::from_u32);
    match c {
        Some(c) => {
            let mut text = Wtf8Buf::new();
            text.push(c);
            Ok(vm.new_text(text))
        }
        None => Err(vm.raise_value_error("chr() arg not in range(0x110000)")),
    }
}

/// `ord(c)`.
pub fn ord<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "ord")?;
    let (length, value) = if let Some(s) = v.get::<Str>() {
        (
            s.len(),
            s.text().code_points().next().map(CodePoint::to_u32),
        )
    } else if let Some(b) = v.get::<Bytes>() {
        (b.data.len(), b.data.first().map(|&b| u32::from(b)))
    } else if let Some(a) = v.get::<ByteArray>() {
        let data = a.data.borrow();
        (data.len(), data.first().map(|&b| u32::from(b)))
    } else {
        let m = format!(
            "ord() expected string of length 1, but {} found",
            vm.type_name(v)
        );
        return Err(vm.raise_type_error(m));
    };
    match value {
        Some(c) if length == 1 => Ok(vm.new_int(i64::from(c))),
        _ => {
            let m = format!("ord() expected a character, but string of length {length} found");
            Err(vm.raise_type_error(m))
        }
    }
}

fn in_base<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    write: fn(int_format::IntRef<'_>) -> String,
) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, name)?;
    let i = vm.index(v)?;
    let text = match i.as_int() {
        Some(IntRef::Small(i)) => write(i.into()),
        Some(IntRef::Big(b)) => write(b.into()),
        None => String::new(),
    };
    Ok(vm.new_str(text))
}

/// `hex(i)`.
pub fn hex<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    in_base(vm, args, "hex", int_format::hex)
}

/// `oct(i)`.
pub fn oct<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    in_base(vm, args, "oct", int_format::oct)
}

/// `bin(i)`.
pub fn bin<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    in_base(vm, args, "bin", int_format::bin)
}

/// `hash(object)`.
pub fn hash<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "hash")?;
    let h = vm.hash(v)?;
    Ok(vm.new_int(h))
}

/// `abs(x)`.
pub fn abs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "abs")?;
    vm.unary(Slot::Absolute, v)
}

/// `divmod(a, b)`.
pub fn divmod<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "divmod", 2, 2)?;
    vm.binary(BinaryOp::Divmod, &args[0], &args[1])
}

/// `pow(x, y[, z])`.
pub fn pow<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "pow", 2, 3)?;
    let none = V::<M>::none();
    vm.power(&args[0], &args[1], args.get(2).unwrap_or(&none))
}

/// `round(number[, ndigits])`.
pub fn round<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [number, digits] = args.parse(vm, "round", ["number", "ndigits"], 1)?;
    let number = number.unwrap_or_else(V::<M>::none);
    let digits: Vec<V<M>> = digits.into_iter().filter(|d| !d.is_none()).collect();
    match vm.call_special(&number, "__round__", &digits)? {
        Some(r) => Ok(r),
        None => {
            let m = format!(
                "type {} doesn't define __round__ method",
                vm.type_name(&number)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

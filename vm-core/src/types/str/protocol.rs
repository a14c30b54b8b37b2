//! The slots of `str`: construction, comparison, sequence operations.

use super::arguments::{self, receiver};
use super::{Str, codec};
use crate::Vm;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, V, Value, ValueCell};
use crate::text::{compare as text_compare, replace, repr as text_repr, search};
use crate::types::class::builder::ClassBuilder;
use crate::types::sequence_iterators::StrIterator;
use crate::types::slice::Slice;
use std::cell::Cell;

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let value = match (args.pos, args.kw) {
        ([], []) => vm.new_piece_ref("".into()),
        ([x], []) => vm.str(x)?,
        _ => {
            let [object, encoding, errors] =
                args.parse(vm, "str", ["object", "encoding", "errors"], 0)?;
            match object {
                None => vm.new_piece_ref("".into()),
                Some(x) if encoding.is_none() && errors.is_none() => vm.str(&x)?,
                Some(x) => codec::decode_object(vm, &x, encoding.as_ref(), errors.as_ref())?,
            }
        }
    };
    if vm.is_builtin_class(class, Kind::Str) {
        return Ok(value);
    }
    let text = receiver(&value);
    let body = Str::copied(text.text(), text.char_len());
    Ok(vm.alloc_as(class, body))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_str(text_repr::repr_str(receiver(v).text())))
}

/// `str(v)`: an exact `str` is itself.
pub(super) fn plain<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if v.get_exact::<Str>().is_some() {
        return Ok(v.clone());
    }
    Ok(vm.new_piece_ref(receiver(v)))
}

fn hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    Ok(v.get::<Str>().map_or(0, Str::hash))
}

fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.get::<Str>(), b.get::<Str>()) else {
        return Ok(V::<M>::not_implemented());
    };
    let holds = match op {
        CompareOp::Eq => x.text_bytes() == y.text_bytes(),
        CompareOp::Ne => x.text_bytes() != y.text_bytes(),
        _ => op.holds(text_compare::cmp_str(x.text(), y.text())),
    };
    Ok(V::<M>::bool(holds))
}

fn length<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<usize> {
    Ok(v.get::<Str>().map_or(0, Str::len))
}

fn contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, item: &V<M>) -> Res<bool> {
    let Some(sub) = item.get::<Str>() else {
        let m = format!(
            "'in <string>' requires string as left operand, not {}",
            vm.type_name(item)
        );
        return Err(vm.raise_type_error(m));
    };
    Ok(search::contains(receiver(v).text(), sub.text()))
}

fn concat<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let y = arguments::text(vm, b)?;
    let x = receiver(a);
    if x.char_len() == 0 && b.get_exact::<Str>().is_some() {
        return Ok(b.clone());
    }
    if y.is_empty() && a.get_exact::<Str>().is_some() {
        return Ok(a.clone());
    }
    match a.get::<Str>().and_then(|x| Str::concat(x, y)) {
        Some(joined) if joined.text_bytes().len() < 2 => Ok(vm.new_piece_ref(joined.str_ref())),
        Some(joined) => Ok(vm.alloc(joined)),
        None => Err(vm.raise_with(crate::machine::errors::Exc::MemoryError, Vec::new())),
    }
}

fn repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    if n == 1 && v.get_exact::<Str>().is_some() {
        return Ok(v.clone());
    }
    let text = receiver(v);
    let result = vm.op(replace::repeat(text.text(), n as i64))?;
    if u32::try_from(result.len()).is_err() {
        return Err(vm.raise_with(crate::machine::errors::Exc::MemoryError, Vec::new()));
    }
    Ok(vm.new_text(result))
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    let text = receiver(v);
    if let Some(slice) = key.get::<Slice<M>>() {
        let s = vm.slice_parts(slice)?.of(text.char_len());
        if s.count == 0 {
            return Ok(vm.new_piece_ref("".into()));
        }
        let start = s.start as usize;
        if s.step == 1 {
            if s.count == text.char_len() && v.get_exact::<Str>().is_some() {
                return Ok(v.clone());
            }
            return Ok(vm.new_piece_ref(text.slice(start, start + s.count)));
        }
        return Ok(vm.new_text(text.slice_step(start, s.step, s.count)));
    }
    let index = match key.small_int() {
        Some(i) => i,
        None if vm.has_index(key) => {
            vm.index_as_isize(key, crate::machine::errors::Exc::IndexError)? as i64
        }
        None => return Err(vm.raise_type_error("string indices must be integers")),
    };
    match crate::number::range_math::subscript(index, text.char_len()).and_then(|i| text.char_at(i))
    {
        Some(c) => Ok(vm.new_piece(c)),
        None => Err(vm.raise_index_error("string index out of range")),
    }
}

fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.alloc(StrIterator {
        sequence: ValueCell::new(v.clone()),
        position: Cell::new(0),
    }))
}

fn getnewargs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    arguments::none(vm, "__getnewargs__", rest)?;
    let text = vm.new_piece_ref(receiver(slf));
    Ok(vm.new_tuple([text]))
}

/// Bytes of the object in CPython, by the widest character (PEP 393).
fn sizeof<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    arguments::none(vm, "__sizeof__", rest)?;
    let text = receiver(slf);
    let widest = text.text().code_points().map(|c| c.to_u32()).max();
    let (head, width) = match widest.unwrap_or(0) {
        0..=0x7f => (48, 1),
        0x80..=0xff => (72, 1),
        0x100..=0xffff => (72, 2),
        _ => (72, 4),
    };
    Ok(vm.new_usize(head + width * (text.char_len() + 1)))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .slots(|s| {
            s.new = Some(new::<M>);
            s.repr = Some(repr::<M>);
            s.str = Some(plain::<M>);
            s.hash = Some(hash::<M>);
            s.richcompare = Some(compare::<M>);
            s.len = Some(length::<M>);
            s.contains = Some(contains::<M>);
            s.concat = Some(concat::<M>);
            s.repeat = Some(repeat::<M>);
            s.getitem = Some(getitem::<M>);
            s.iter = Some(iter::<M>);
            s.remainder = Some(crate::builtins::percent::str_remainder::<M>);
        })
        .method("__getnewargs__", getnewargs::<M>)
        .method("__sizeof__", sizeof::<M>)
}

//! The `%` operator of `str`, `bytes` and `bytearray`: fetches values for the conversions of a template.
//!
//! Template and layout are `crate::text::percent`'s (CPython
//! `Objects/unicodeobject.c`, `PyUnicode_Format`; PEP 461 for bytes).

use crate::Vm;
use crate::machine::errors::Exc;
use crate::number::int_format;
use crate::object::{ObjectModel, Raised, Res, V, Value};
use crate::text::percent::{self, Amount, Conversion, Layout, Percent, Piece};
use crate::text::slice::StrRef;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::{self, Bytes};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use rustpython_wtf8::{Wtf8, Wtf8Buf};
use std::fmt::Write;

/// The values still to be converted.
struct Values<'a, M: ObjectModel> {
    /// The right operand as a sequence of values.
    all: &'a [V<M>],
    used: usize,
    /// The right operand, if keys can be looked up in it.
    mapping: Option<&'a V<M>>,
    /// The value of a key, before it is used.
    keyed: Option<V<M>>,
    /// A key has been looked up: positional values are gone.
    by_key: bool,
}

impl<'a, M: ObjectModel> Values<'a, M> {
    fn of(vm: &Vm<M>, right: &'a V<M>, is_text: fn(&V<M>) -> bool) -> Self {
        let tuple = right.get::<Tuple<M>>();
        let is_mapping = tuple.is_none() && !is_text(right) && vm.slots(right).getitem.is_some();
        Values {
            all: match tuple {
                Some(t) => &t.items,
                None => std::slice::from_ref(right),
            },
            used: 0,
            mapping: is_mapping.then_some(right),
            keyed: None,
            by_key: false,
        }
    }

    fn next(&mut self, vm: &mut Vm<M>) -> Res<V<M>> {
        if self.by_key {
            return match self.keyed.take() {
                Some(v) => Ok(v),
                None => Err(vm.raise_op(percent::not_enough_arguments())),
            };
        }
        match self.all.get(self.used) {
            Some(v) => {
                self.used += 1;
                Ok(v.clone())
            }
            None => Err(vm.raise_op(percent::not_enough_arguments())),
        }
    }

    fn look_up(&mut self, vm: &mut Vm<M>, key: &V<M>) -> Res<()> {
        let Some(mapping) = self.mapping else {
            return Err(vm.raise_op(percent::mapping_required()));
        };
        self.keyed = Some(vm.get_item(mapping, key)?);
        self.by_key = true;
        Ok(())
    }

    fn check_mapping(&self, vm: &mut Vm<M>) -> Res<()> {
        match self.mapping {
            Some(_) => Ok(()),
            None => Err(vm.raise_op(percent::mapping_required())),
        }
    }

    fn star(&mut self, vm: &mut Vm<M>, what: &str) -> Res<i64> {
        let v = self.next(vm)?;
        let Some(i) = v.as_int() else {
            return Err(vm.raise_op(percent::star_wants_int()));
        };
        match i.to_i64() {
            Some(i) => Ok(i),
            None => {
                let m = format!("Python int too large to convert to C {what}");
                Err(vm.raise(Exc::OverflowError, m))
            }
        }
    }

    /// The layout with width and precision filled in.
    fn layout(&mut self, vm: &mut Vm<M>, conversion: &Conversion) -> Res<Layout> {
        let mut layout = conversion.layout;
        match conversion.width {
            Some(Amount::Given(n)) => layout.width = n,
            Some(Amount::Star) => layout.set_width(self.star(vm, "ssize_t")?),
            None => {}
        }
        match conversion.precision {
            Some(Amount::Given(n)) => layout.precision = Some(n),
            Some(Amount::Star) => layout.set_precision(self.star(vm, "int")?),
            None => {}
        }
        Ok(layout)
    }

    /// TypeError if positional values are left over.
    fn finish(&self, vm: &mut Vm<M>, bytes: bool) -> Res<()> {
        let left = if self.by_key {
            self.keyed.is_some()
        } else {
            self.used < self.all.len()
        };
        if left && self.mapping.is_none() {
            return Err(vm.raise_op(percent::not_all_converted(bytes)));
        }
        Ok(())
    }
}

/// A value under `d`, `i`, `u`, `o`, `x` or `X`.
fn integer<M: ObjectModel>(
    vm: &mut Vm<M>,
    conversion: &Conversion,
    layout: &Layout,
    code: char,
    v: &V<M>,
) -> Res<String> {
    let slots = vm.slots(v);
    let is_number = slots.int.is_some() || slots.float.is_some();
    let i = if v.as_int().is_some() {
        Ok(v.clone())
    } else if !is_number {
        Err(Raised)
    } else if matches!(code, 'o' | 'x' | 'X') {
        vm.index(v)
    } else {
        vm.number_int(v)
    };
    let i = match i {
        Ok(i) => i,
        Err(Raised) => {
            if is_number {
                vm.swallow(Exc::TypeError)?;
            }
            let e = conversion.number_required(&vm.type_name(v));
            return Err(vm.raise_op(e));
        }
    };
    let is_decimal = matches!(code, 'd' | 'i' | 'u');
    let text = i.as_int().map(|i| {
        if is_decimal && *layout == Layout::default() {
            return Ok(int_format::decimal(i.into()));
        }
        percent::format_int(i.into(), layout, code)
    });
    match text {
        Some(text) => vm.op(text),
        None => Ok(String::new()),
    }
}

/// A value under a number conversion; `None` for the other conversions.
fn number<M: ObjectModel>(
    vm: &mut Vm<M>,
    conversion: &Conversion,
    layout: &Layout,
    v: &V<M>,
) -> Res<Option<String>> {
    match conversion.code.to_char_lossy() {
        code @ ('d' | 'i' | 'u' | 'o' | 'x' | 'X') => {
            integer(vm, conversion, layout, code, v).map(Some)
        }
        code @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G') => {
            let x = vm.arg_float(v)?;
            vm.op(percent::format_float(x, layout, code)).map(Some)
        }
        _ => Ok(None),
    }
}

fn without_precision(layout: &Layout) -> Layout {
    Layout {
        precision: None,
        ..*layout
    }
}

fn str_piece<M: ObjectModel>(
    vm: &mut Vm<M>,
    template: &Wtf8,
    conversion: &Conversion,
    layout: &Layout,
    v: &V<M>,
    out: &mut Wtf8Buf,
) -> Res<()> {
    let text = match conversion.code.to_char_lossy() {
        's' => vm.str(v)?,
        'r' => vm.repr(v)?,
        'a' => vm.ascii(v)?,
        'c' => {
            let c = match v.get::<Str>() {
                Some(s) if s.len() == 1 => v.clone(),
                Some(_) => return Err(vm.raise_op(percent::char_required())),
                None => {
                    let Some(i) = v.as_int() else {
                        return Err(vm.raise_op(percent::char_required()));
                    };
                    let c = percent::char_of_int(i.to_i64());
                    let c = vm.op(c)?;
                    vm.new_text(c.into())
                }
            };
            return push_text(vm, &c, &without_precision(layout), out);
        }
        'd' if v.small_int().is_some() && *layout == Layout::default() => {
            // Writing to a buffer in memory cannot fail.
            let _ = write!(out, "{}", v.small_int().unwrap_or_default());
            return Ok(());
        }
        _ => {
            let Some(text) = number(vm, conversion, layout, v)? else {
                let index = StrRef::new(&template[..conversion.at]).char_len();
                return Err(vm.raise_op(conversion.unsupported(index)));
            };
            out.push_str(&text);
            return Ok(());
        }
    };
    push_text(vm, &text, layout, out)
}

fn push_text<M: ObjectModel>(
    vm: &mut Vm<M>,
    text: &V<M>,
    layout: &Layout,
    out: &mut Wtf8Buf,
) -> Res<()> {
    let Some(s) = text.get::<Str>() else {
        return Ok(());
    };
    if layout.width == 0 && layout.precision.is_none() {
        out.push_wtf8(s.text());
        return Ok(());
    }
    let laid_out = vm.op(percent::format_text(s.str_ref(), layout))?;
    out.push_wtf8(&laid_out);
    Ok(())
}

/// `template % values` of `str`.
pub fn str_remainder<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let Some(template) = a.get::<Str>() else {
        return Ok(V::<M>::not_implemented());
    };
    let text = vm.holding(|vm| format_str(vm, template.text(), b))?;
    Ok(vm.new_text(text))
}

fn format_str<M: ObjectModel>(vm: &mut Vm<M>, template: &Wtf8, b: &V<M>) -> Res<Wtf8Buf> {
    let mut out = Wtf8Buf::with_capacity(template.len());
    let mut values = Values::of(vm, b, |v| v.get::<Str>().is_some());
    for piece in Percent::of_str(template) {
        let conversion = match vm.op(piece)? {
            Piece::Literal(range) => {
                out.push_wtf8(&template[range]);
                continue;
            }
            Piece::Conversion(c) => c,
        };
        if let Some(key) = conversion.key.clone() {
            values.check_mapping(vm)?;
            let key = vm.new_piece(&template[key]);
            values.look_up(vm, &key)?;
        }
        let layout = values.layout(vm, &conversion)?;
        if conversion.code.to_char() == Some('%') {
            out.push_str("%");
            continue;
        }
        let v = values.next(vm)?;
        str_piece(vm, template, &conversion, &layout, &v, &mut out)?;
    }
    values.finish(vm, false)?;
    Ok(out)
}

/// The bytes of a value under `b` or `s`.
fn bytes_of<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Vec<u8>> {
    if let Some(data) = bytes::data(v) {
        return Ok(data.to_vec());
    }
    if let Some(r) = bytes::through_method(vm, v)? {
        return Ok(bytes::data(&r).map_or_else(Vec::new, |d| d.to_vec()));
    }
    let e = percent::bytes_required(&vm.type_name(v));
    Err(vm.raise_op(e))
}

fn bytes_piece<M: ObjectModel>(
    vm: &mut Vm<M>,
    conversion: &Conversion,
    layout: &Layout,
    v: &V<M>,
    out: &mut Vec<u8>,
) -> Res<()> {
    let text = match conversion.code.to_char_lossy() {
        'b' | 's' => bytes_of(vm, v)?,
        'r' | 'a' => {
            let r = vm.ascii(v)?;
            r.get::<Str>()
                .map_or_else(Vec::new, |s| s.text_bytes().to_vec())
        }
        'c' => {
            let byte = match bytes::data(v).as_deref() {
                Some([b]) => *b,
                Some(_) => return Err(vm.raise_op(percent::byte_required())),
                None => match v.as_int() {
                    Some(i) => {
                        let byte = percent::byte_of_int(i.to_i64());
                        vm.op(byte)?
                    }
                    None => return Err(vm.raise_op(percent::byte_required())),
                },
            };
            let laid_out = percent::format_bytes(&[byte], &without_precision(layout));
            out.extend(vm.op(laid_out)?);
            return Ok(());
        }
        _ => {
            let Some(text) = number(vm, conversion, layout, v)? else {
                return Err(vm.raise_op(conversion.unsupported(conversion.at)));
            };
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
    };
    out.extend(vm.op(percent::format_bytes(&text, layout))?);
    Ok(())
}

fn format_bytes<M: ObjectModel>(vm: &mut Vm<M>, template: &[u8], b: &V<M>) -> Res<Vec<u8>> {
    let mut out = Vec::with_capacity(template.len());
    let is_text = |v: &V<M>| {
        v.get::<Bytes>().is_some() || v.get::<ByteArray>().is_some() || v.get::<Str>().is_some()
    };
    let mut values = Values::of(vm, b, is_text);
    for piece in Percent::of_bytes(template) {
        let conversion = match vm.op(piece)? {
            Piece::Literal(range) => {
                out.extend_from_slice(&template[range]);
                continue;
            }
            Piece::Conversion(c) => c,
        };
        if let Some(key) = conversion.key.clone() {
            values.check_mapping(vm)?;
            let key = vm.new_bytes(&template[key]);
            values.look_up(vm, &key)?;
        }
        let layout = values.layout(vm, &conversion)?;
        if conversion.code.to_char() == Some('%') {
            out.push(b'%');
            continue;
        }
        let v = values.next(vm)?;
        bytes_piece(vm, &conversion, &layout, &v, &mut out)?;
    }
    values.finish(vm, true)?;
    Ok(out)
}

/// `template % values` of `bytes` and `bytearray`.
pub fn bytes_remainder<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let Some(template) = bytes::data(a).map(|d| d.to_vec()) else {
        return Ok(V::<M>::not_implemented());
    };
    let out = vm.holding(|vm| format_bytes(vm, &template, b))?;
    Ok(bytes::new_like(vm, a, out))
}

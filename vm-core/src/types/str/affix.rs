//! `strip` and padding: `lstrip`, `rstrip`, `center`, `ljust`, `rjust`, `zfill`, `expandtabs`.

use super::Str;
use super::arguments::receiver;
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::error::OpResult;
use crate::text::justify;
use crate::text::slice::StrRef;
use crate::text::strip::{self as text_strip, Side};
use crate::types::class::builder::ClassBuilder;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

fn strip_side<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    side: Side,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let text = receiver(slf).text();
    let stripped = match rest.between(vm, name, 0, 1)? {
        [chars] if !chars.is_none() => match chars.get::<Str>() {
            Some(chars) => text_strip::strip_chars(text, chars.text(), side),
            None => {
                return Err(vm.raise_type_error(format!("{name} arg must be None or str")));
            }
        },
        _ => text_strip::strip(text, side),
    };
    Ok(vm.new_part(slf, stripped))
}

fn strip<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    strip_side(vm, "strip", args, Side::Both)
}

fn lstrip<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    strip_side(vm, "lstrip", args, Side::Left)
}

fn rstrip<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    strip_side(vm, "rstrip", args, Side::Right)
}

/// A padded text: the receiver itself where nothing was added.
fn padded<M: ObjectModel>(vm: &mut Vm<M>, slf: &V<M>, text: OpResult<Wtf8Buf>) -> Res<V<M>> {
    let text = vm.op(text)?;
    if text.len() == receiver(slf).text().len() {
        return super::protocol::plain(vm, slf);
    }
    Ok(vm.new_text(text))
}

fn justified<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    f: fn(StrRef<'_>, i64, CodePoint) -> OpResult<Wtf8Buf>,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.between(vm, name, 1, 2)?;
    let width = vm.ssize_argument(&a[0])?;
    let fill = match a.get(1) {
        None => CodePoint::from(b' '),
        Some(fill) => match fill.get::<Str>() {
            Some(fill) => vm.op(justify::fill_char(fill.str_ref()))?,
            None => {
                let m = "The fill character cannot be converted to Unicode";
                return Err(vm.raise_type_error(m));
            }
        },
    };
    padded(vm, slf, f(receiver(slf), width, fill))
}

fn center<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    justified(vm, "center", args, justify::center)
}

fn ljust<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    justified(vm, "ljust", args, justify::ljust)
}

fn rjust<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    justified(vm, "rjust", args, justify::rjust)
}

fn zfill<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [width] = rest.exact::<1>(vm, "zfill")?;
    let width = vm.ssize_argument(width)?;
    padded(vm, slf, justify::zfill(receiver(slf), width))
}

fn expandtabs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [tabsize] = rest.parse(vm, "expandtabs", ["tabsize"], 0)?;
    let tabsize = match tabsize {
        Some(t) => i64::from(vm.arg_c_int(&t)?),
        None => 8,
    };
    let text = vm.op(justify::expandtabs(receiver(slf).text(), tabsize))?;
    Ok(vm.new_text(text))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("strip", strip::<M>)
        .method("lstrip", lstrip::<M>)
        .method("rstrip", rstrip::<M>)
        .method("center", center::<M>)
        .method("ljust", ljust::<M>)
        .method("rjust", rjust::<M>)
        .method("zfill", zfill::<M>)
        .method("expandtabs", expandtabs::<M>)
}

//! `strip` and padding: `lstrip`, `rstrip`, `center`, `ljust`, `rjust`, `zfill`, `expandtabs`.

use super::{arguments, data, new_like, receiver, unchanged};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::bytes::strip as text_strip;
use crate::text::error::OpResult;
use crate::text::strip::Side;
use crate::types::class::builder::ClassBuilder;

/// A changed copy of the receiver, or the receiver if the length is the same.
fn changed<M: ObjectModel>(vm: &mut Vm<M>, slf: &V<M>, data: Vec<u8>) -> V<M> {
    if data.len() == receiver(slf).len() {
        return unchanged(vm, slf);
    }
    new_like(vm, slf, data)
}

fn strip_side<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    side: Side,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let stripped = {
        let set = match rest.between(vm, name, 0, 1)? {
            [set] if !set.is_none() => Some(arguments::bytes(vm, set)?),
            _ => None,
        };
        text_strip::strip(&receiver(slf), set.as_deref(), side).to_vec()
    };
    Ok(changed(vm, slf, stripped))
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

fn justified<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    f: fn(&[u8], i64, u8) -> OpResult<Vec<u8>>,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.between(vm, name, 1, 2)?;
    let width = vm.ssize_argument(&a[0])?;
    let fill = match a.get(1) {
        None => b' ',
        Some(fill) => match data(fill).as_deref() {
            Some([b]) => *b,
            _ => {
                let m = format!(
                    "{name}() argument 2 must be a byte string of length 1, not {}",
                    vm.type_name(fill)
                );
                return Err(vm.raise_type_error(m));
            }
        },
    };
    let padded = f(&receiver(slf), width, fill);
    let padded = vm.op(padded)?;
    Ok(changed(vm, slf, padded))
}

fn center<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    justified(vm, "center", args, text_strip::center)
}

fn ljust<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    justified(vm, "ljust", args, text_strip::ljust)
}

fn rjust<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    justified(vm, "rjust", args, text_strip::rjust)
}

fn zfill<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [width] = rest.exact::<1>(vm, "zfill")?;
    let width = vm.ssize_argument(width)?;
    let padded = text_strip::zfill(&receiver(slf), width);
    let padded = vm.op(padded)?;
    Ok(changed(vm, slf, padded))
}

fn expandtabs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [tabsize] = rest.parse(vm, "expandtabs", ["tabsize"], 0)?;
    let tabsize = match tabsize {
        Some(t) => i64::from(vm.arg_c_int(&t)?),
        None => 8,
    };
    let expanded = text_strip::expandtabs(&receiver(slf), tabsize);
    let expanded = vm.op(expanded)?;
    Ok(new_like(vm, slf, expanded))
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

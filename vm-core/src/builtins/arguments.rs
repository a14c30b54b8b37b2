//! Argument checks of the built-in functions that CPython writes with `PyArg_UnpackTuple`, whose
//! words differ from those of [`Args::between`].

use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V};

/// Between `min` and `max` positional arguments, no keywords.
pub fn unpack<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'a, M>,
    name: &str,
    min: usize,
    max: usize,
) -> Res<&'a [V<M>]> {
    args.no_keywords(vm, name)?;
    let given = args.pos.len();
    if (min..=max).contains(&given) {
        return Ok(args.pos);
    }
    let bound = if given < min { min } else { max };
    let which = match (min == max, given < min) {
        (true, _) => "",
        (_, true) => "at least ",
        (_, false) => "at most ",
    };
    let m = format!("{name} expected {which}{bound} arguments, got {given}");
    Err(vm.raise_type_error(m))
}

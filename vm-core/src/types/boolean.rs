//! `bool`: a subclass of `int` with two immediates.

use super::int;
use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};

fn new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.parse(vm, "bool", ["x"], 0)?;
    let truth = match x {
        Some(x) => vm.is_true(&x)?,
        None => false,
    };
    Ok(V::<M>::bool(truth))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.intern(if v.is_true() { "True" } else { "False" }))
}

/// Two bools give a bool; anything else is `int`'s matter.
macro_rules! logic { ($($name:ident $op:tt)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        if a.kind() == Kind::Bool && b.kind() == Kind::Bool {
            return Ok(V::<M>::bool(a.is_true() $op b.is_true()));
        }
        int::$name(vm, a, b)
    }
)* } }
logic!(and & or | xor ^);

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Bool)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.repr = Some(repr::<M>);
            s.str = Some(repr::<M>);
            s.str = Some(repr::<M>);
            s.and = Some(and::<M>);
            s.or = Some(or::<M>);
            s.xor = Some(xor::<M>);
        })
        .done();
}

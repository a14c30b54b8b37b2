//! The types of `None`, `Ellipsis` and `NotImplemented`.

use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};

fn no_arguments<M: ObjectModel>(vm: &mut Vm<M>, name: &str, args: Args<'_, M>) -> Res<()> {
    if args.pos.is_empty() && args.kw.is_empty() {
        return Ok(());
    }
    Err(vm.raise_type_error(format!("{name} takes no arguments")))
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::None)
        .slots(|s| {
            s.repr = Some(|vm, _| Ok(vm.intern("None")));
            s.bool = Some(|_, _| Ok(false));
            s.new = Some(|vm, _, args| {
                no_arguments(vm, "NoneType", args)?;
                Ok(V::<M>::none())
            });
        })
        .attr("__doc__", V::<M>::none())
        .done();
    vm.fill_class(Kind::Ellipsis)
        .slots(|s| {
            s.repr = Some(|vm, _| Ok(vm.intern("Ellipsis")));
            s.new = Some(|vm, _, args| {
                no_arguments(vm, "EllipsisType", args)?;
                Ok(V::<M>::ellipsis())
            });
        })
        .method("__reduce__", |vm, _| Ok(vm.intern("Ellipsis")))
        .done();
    vm.fill_class(Kind::NotImplemented)
        .slots(|s| {
            s.repr = Some(|vm, _| Ok(vm.intern("NotImplemented")));
            s.new = Some(|vm, _, args| {
                no_arguments(vm, "NotImplementedType", args)?;
                Ok(V::<M>::not_implemented())
            });
        })
        .method("__reduce__", |vm, _| Ok(vm.intern("NotImplemented")))
        .done();
}

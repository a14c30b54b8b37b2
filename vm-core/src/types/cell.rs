//! `cell`: a variable shared by a function and its nested functions.

use crate::Vm;
use crate::object::{CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};

/// Body of a cell.
pub struct CellObject<M: ObjectModel> {
    /// `cell_contents`, or absent.
    pub contents: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for CellObject<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.contents.trace(visitor);
    }
    fn clear(&self) {
        drop(self.contents.take());
    }
}

fn contents<M: ObjectModel>(v: &V<M>) -> Option<V<M>> {
    v.get::<CellObject<M>>()?.contents.get()
}

fn cell_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = match contents::<M>(v) {
        None => format!("<cell at {:#x}: empty>", v.bits()),
        Some(x) => format!(
            "<cell at {:#x}: {} object at {:#x}>",
            v.bits(),
            vm.type_name(&x),
            x.bits()
        ),
    };
    Ok(vm.new_str(text))
}

/// Cells compare by contents; an empty one is less than any other.
fn cell_compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    if a.get::<CellObject<M>>().is_none() || b.get::<CellObject<M>>().is_none() {
        return Ok(V::<M>::not_implemented());
    }
    match (contents::<M>(a), contents::<M>(b)) {
        (Some(x), Some(y)) => vm.compare(op, &x, &y),
        (x, y) => Ok(V::<M>::bool(op.holds(x.is_some().cmp(&y.is_some())))),
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Cell)
        .slots(|s| {
            s.repr = Some(cell_repr);
            s.richcompare = Some(cell_compare);
        })
        .getter("cell_contents", |vm, v| match contents::<M>(v) {
            Some(x) => Ok(x),
            None => Err(vm.raise_value_error("Cell is empty")),
        })
        .done();
}

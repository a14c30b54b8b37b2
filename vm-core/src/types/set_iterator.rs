//! Iterator over a set.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::reclaim::Holds;
use crate::object::{Args, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::sequence_iterators::iter_self;
use crate::types::set::Set;
use crate::types::set::algebra::table_of;
use std::cell::Cell;

/// Body of a `set_iterator`.
pub struct SetIterator<M: ObjectModel> {
    /// The set; absent once exhausted.
    pub set: ValueCell<M>,
    /// Next position in the table.
    pub position: Cell<usize>,
    /// The length at the start; another one raises RuntimeError.
    pub length: usize,
}

impl<M: ObjectModel> Trace<M> for SetIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.set.trace(visitor);
    }
    fn clear(&self) {
        drop(self.set.take());
    }
}

// SAFETY: numbers need no drop; the class is built in and cannot be derived from.
unsafe impl<M: ObjectModel> Holds<M> for SetIterator<M> {
    #[inline(always)]
    fn held(&self) -> &ValueCell<M> {
        &self.set
    }
}

impl<M: ObjectModel> SetIterator<M> {
    /// The next element; `None` at the end, and where the full step has to look.
    #[inline(always)]
    pub fn try_step(&self) -> Option<V<M>> {
        let set = self.set.load_borrowed();
        let table = &set.get_exact::<Set<M>>()?.table;
        let (at, key, _) = table.try_next_from(self.position.get(), self.length)?;
        self.position.set(at + 1);
        Some(key)
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::SetIterator)
        .slots(|s| {
            s.iter = Some(iter_self::<M>);
            s.iternext = Some(next::<M>);
        })
        .method("__length_hint__", length_hint::<M>)
        .done();
}

fn next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<SetIterator<M>>() else {
        return Ok(None);
    };
    let Some(set) = it.set.get() else {
        return Ok(None);
    };
    let Some(table) = table_of::<M>(&set) else {
        return Ok(None);
    };
    if table.len() != it.length {
        it.position.set(usize::MAX);
        return Err(vm.raise(Exc::RuntimeError, "Set changed size during iteration"));
    }
    match table.next_from(it.position.get()) {
        Some((at, key, _)) => {
            it.position.set(at + 1);
            Ok(Some(key))
        }
        None => {
            drop(it.set.take());
            Ok(None)
        }
    }
}

fn length_hint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__length_hint__")?;
    let left = slf.get::<SetIterator<M>>().and_then(|it| {
        let set = it.set.get()?;
        let table = table_of::<M>(&set).filter(|t| t.len() == it.length)?;
        let rest = it.position.get()..table.span();
        Some(rest.filter(|&i| table.at(i).is_some()).count())
    });
    Ok(vm.new_usize(left.unwrap_or(0)))
}

//! `traceback`.

use crate::Vm;
use crate::object::{Kind, ObjectModel, Trace, V, Value, ValueCell};

/// One entry of a traceback.
pub struct Traceback<M: ObjectModel> {
    /// `tb_next`, or absent.
    pub next: ValueCell<M>,
    /// `tb_frame`.
    pub frame: ValueCell<M>,
    /// `tb_lasti`, a bytecode offset.
    pub lasti: u32,
    /// `tb_lineno`.
    pub lineno: u32,
}

impl<M: ObjectModel> Trace<M> for Traceback<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.next.trace(visitor);
        self.frame.trace(visitor);
    }
    fn clear(&self) {
        drop(self.next.take());
        drop(self.frame.take());
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Traceback)
        .getter("tb_next", |_, v| {
            Ok(v.get::<Traceback<M>>()
                .and_then(|t| t.next.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("tb_frame", |_, v| {
            Ok(v.get::<Traceback<M>>()
                .and_then(|t| t.frame.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("tb_lasti", |vm, v| {
            Ok(vm.new_usize(v.get::<Traceback<M>>().map_or(0, |t| t.lasti as usize)))
        })
        .getter("tb_lineno", |vm, v| {
            Ok(vm.new_usize(v.get::<Traceback<M>>().map_or(0, |t| t.lineno as usize)))
        })
        .method("__dir__", |vm, _| {
            let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
            let names = names.iter().map(|n| vm.intern(n)).collect();
            Ok(vm.new_list(names))
        })
        .done();
}

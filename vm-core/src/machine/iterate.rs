//! Loops of native code over Python iterables, and how they keep what they hold visible to the collector.
//!
//! A traced heap cannot see values in Rust variables. Native code that holds some while Python code may run
//! either makes collection wait ([`Vm::holding`]), which is simple but costs memory if it lasts, or
//! shows them ([`Vm::showing`], [`Vm::show`]): that is for what goes over many items. Counted models
//! need neither, and `show` does nothing there.

use super::vm::Vm;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::list::List;
use crate::types::tuple::Tuple;

/// What a native loop takes its items from.
pub enum Source<M: ObjectModel> {
    /// A list or tuple, exactly, and the index of the next item.
    Sequence(V<M>, usize),
    /// An iterator.
    Iterator(V<M>),
}

impl<M: ObjectModel> Source<M> {
    /// The sequence or iterator, to be shown.
    pub fn value(&self) -> &V<M> {
        match self {
            Source::Sequence(v, _) | Source::Iterator(v) => v,
        }
    }
}

impl<M: ObjectModel> Vm<M> {
    /// Runs `f` while collection waits: for native code that holds values in Rust variables across
    /// calls that may run Python code.
    #[inline]
    pub fn holding<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        self.opaque_natives += 1;
        let r = f(self);
        self.opaque_natives -= 1;
        r
    }

    /// Runs `f`; what it shows stays visible until it returns.
    #[inline]
    pub fn showing<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.shown.len();
        let r = f(self);
        self.shown.truncate(before);
        r
    }

    /// Lets a traced heap's collector see a value that a Rust variable holds. Call under [`Vm::showing`].
    #[inline]
    pub fn show(&mut self, v: &V<M>) {
        if M::TRACED {
            self.shown.push(v.clone());
        }
    }

    /// What to take the items of an iterable from: `iter(v)`, or a list or tuple itself.
    pub fn source(&mut self, v: &V<M>) -> Res<Source<M>> {
        if v.get_exact::<List<M>>().is_some() || v.get_exact::<Tuple<M>>().is_some() {
            return Ok(Source::Sequence(v.clone(), 0));
        }
        Ok(Source::Iterator(self.iter(v)?))
    }

    /// The next item; `None` at the end. `held` is all that the caller holds out of the collector's sight.
    #[inline]
    pub fn next_item(&mut self, source: &mut Source<M>, held: &[&V<M>]) -> Res<Option<V<M>>> {
        match source {
            Source::Sequence(sequence, at) => {
                let next = match sequence.get::<List<M>>() {
                    Some(l) => l.items.borrow().get(*at).cloned(),
                    None => sequence
                        .get::<Tuple<M>>()
                        .and_then(|t| t.items.get(*at).cloned()),
                };
                *at += usize::from(next.is_some());
                Ok(next)
            }
            Source::Iterator(it) if !M::TRACED => self.next(it),
            Source::Iterator(it) => self.showing(|vm| {
                vm.show(it);
                held.iter().for_each(|v| vm.show(v));
                vm.next(it)
            }),
        }
    }

    /// Every value of an iterable.
    pub fn collect_iter(&mut self, v: &V<M>) -> Res<Vec<V<M>>> {
        if let Some(l) = v.get_exact::<List<M>>() {
            return Ok(l.items.borrow().clone());
        }
        if let Some(t) = v.get_exact::<Tuple<M>>() {
            return Ok(t.items.to_vec());
        }
        if !M::TRACED {
            let it = self.iter(v)?;
            let mut out = Vec::new();
            while let Some(x) = self.next(&it)? {
                out.push(x);
            }
            return Ok(out);
        }
        // A list that nobody else knows: the collector sees its items. It is made last: `__iter__` may run Python code.
        let mut source = self.source(v)?;
        let list = self.new_list(Vec::new());
        while let Some(x) = self.next_item(&mut source, &[&list])? {
            if let Some(l) = list.get::<List<M>>() {
                l.items.borrow_mut().push(x);
            }
        }
        let items = list.get::<List<M>>().map(|l| l.items.take());
        Ok(items.unwrap_or_default())
    }

    /// Calls `f` with every value of an iterable. Collection waits meanwhile, so `f` may hold values in
    /// Rust variables from one item to the next.
    pub fn for_each(&mut self, v: &V<M>, mut f: impl FnMut(&mut Self, V<M>) -> Res<()>) -> Res<()> {
        let mut source = self.source(v)?;
        self.holding(|vm| {
            while let Some(x) = vm.next_item(&mut source, &[])? {
                f(vm, x)?;
            }
            Ok(())
        })
    }

    /// As [`Vm::for_each`], for an `f` that holds nothing from one item to the next but what is reachable from
    /// `held`: collection waits while it runs, but not while the iterable runs.
    pub fn for_each_into(
        &mut self,
        held: &V<M>,
        v: &V<M>,
        mut f: impl FnMut(&mut Self, V<M>) -> Res<()>,
    ) -> Res<()> {
        let mut source = self.showing(|vm| {
            vm.show(held);
            vm.source(v)
        })?;
        while let Some(x) = self.next_item(&mut source, &[held])? {
            self.holding(|vm| f(vm, x))?;
        }
        Ok(())
    }
}

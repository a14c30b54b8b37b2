//! `_heapq`: the heap operations on lists. CPython `Modules/_heapqmodule.c`.
//!
//! The comparisons are CPython's in number and order. The list is read and
//! written item by item, since `__lt__` may change it: that is a RuntimeError.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, CompareOp, ObjectModel, Res, V, Value};
use crate::types::certain::certain_order;
use crate::types::list::List;

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "_heapq")
        .function("heappush", heappush::<M>)
        .function("heappop", |vm, args| pop(vm, args, "heappop", false))
        .function("_heappop_max", |vm, args| {
            pop(vm, args, "_heappop_max", true)
        })
        .function("heapreplace", |vm, args| {
            replace(vm, args, "heapreplace", false)
        })
        .function("_heapreplace_max", |vm, args| {
            replace(vm, args, "_heapreplace_max", true)
        })
        .function("heappushpop", heappushpop::<M>)
        .function("heapify", |vm, args| heapify(vm, args, "heapify", false))
        .function("_heapify_max", |vm, args| {
            heapify(vm, args, "_heapify_max", true)
        })
        .done())
}

fn heap<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a List<M>> {
    match v.get::<List<M>>() {
        Some(l) => Ok(l),
        None => Err(vm.raise_type_error("heap argument must be a list")),
    }
}

/// Whether `a` goes above `b`.
fn before<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, max: bool) -> Res<bool> {
    let (a, b) = if max { (b, a) } else { (a, b) };
    match certain_order::<M>(a, b) {
        Some(order) => Ok(order.is_lt()),
        None => vm.compare_bool(CompareOp::Lt, a, b),
    }
}

fn at<M: ObjectModel>(l: &List<M>, i: usize) -> V<M> {
    l.items
        .borrow()
        .get(i)
        .cloned()
        .unwrap_or_else(V::<M>::none)
}

fn check_size<M: ObjectModel>(vm: &mut Vm<M>, l: &List<M>, n: usize) -> Res<()> {
    if l.items.borrow().len() == n {
        return Ok(());
    }
    Err(vm.raise(Exc::RuntimeError, "list changed size during iteration"))
}

/// Moves the item at `position` towards `start` until its parent goes before it.
fn sift_down<M: ObjectModel>(
    vm: &mut Vm<M>,
    l: &List<M>,
    start: usize,
    mut position: usize,
    max: bool,
) -> Res<()> {
    let n = l.items.borrow().len();
    let item = at(l, position);
    while position > start {
        let parent_position = (position - 1) >> 1;
        let parent = at(l, parent_position);
        let up = before(vm, &item, &parent, max)?;
        check_size(vm, l, n)?;
        if !up {
            break;
        }
        l.items.borrow_mut().swap(position, parent_position);
        position = parent_position;
    }
    Ok(())
}

/// Moves the item at `position` down to a leaf along the smaller children, then back up.
fn sift_up<M: ObjectModel>(vm: &mut Vm<M>, l: &List<M>, mut position: usize, max: bool) -> Res<()> {
    let n = l.items.borrow().len();
    let start = position;
    while position < n / 2 {
        let mut child = 2 * position + 1;
        if child + 1 < n {
            let (left, right) = (at(l, child), at(l, child + 1));
            let left_first = before(vm, &left, &right, max)?;
            check_size(vm, l, n)?;
            child += usize::from(!left_first);
        }
        l.items.borrow_mut().swap(position, child);
        position = child;
    }
    sift_down(vm, l, start, position, max)
}

fn heappush<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [h, x] = args.unpack::<2>(vm, "heappush")?;
    let l = heap(vm, h)?;
    l.items.borrow_mut().push(x.clone());
    let last = l.items.borrow().len() - 1;
    vm.holding(|vm| sift_down(vm, l, 0, last, false))?;
    Ok(V::<M>::none())
}

fn pop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str, max: bool) -> Res<V<M>> {
    let [h] = args.exact::<1>(vm, name)?;
    let l = heap(vm, h)?;
    let Some(last) = l.items.borrow_mut().pop() else {
        return Err(vm.raise_index_error("index out of range"));
    };
    if l.items.borrow().is_empty() {
        return Ok(last);
    }
    let first = std::mem::replace(&mut l.items.borrow_mut()[0], last);
    vm.holding(|vm| sift_up(vm, l, 0, max))?;
    Ok(first)
}

fn replace<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str, max: bool) -> Res<V<M>> {
    let [h, x] = args.unpack::<2>(vm, name)?;
    let l = heap(vm, h)?;
    if l.items.borrow().is_empty() {
        return Err(vm.raise_index_error("index out of range"));
    }
    let first = std::mem::replace(&mut l.items.borrow_mut()[0], x.clone());
    vm.holding(|vm| sift_up(vm, l, 0, max))?;
    Ok(first)
}

fn heappushpop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [h, x] = args.unpack::<2>(vm, "heappushpop")?;
    let l = heap(vm, h)?;
    if l.items.borrow().is_empty() {
        return Ok(x.clone());
    }
    vm.holding(|vm| {
        let first = at(l, 0);
        if !before(vm, &first, x, false)? {
            return Ok(x.clone());
        }
        let Some(first) = l
            .items
            .borrow_mut()
            .first_mut()
            .map(|place| std::mem::replace(place, x.clone()))
        else {
            return Err(vm.raise_index_error("index out of range"));
        };
        sift_up(vm, l, 0, false)?;
        Ok(first)
    })
}

fn heapify<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str, max: bool) -> Res<V<M>> {
    let [h] = args.exact::<1>(vm, name)?;
    let l = heap(vm, h)?;
    let n = l.items.borrow().len();
    vm.holding(|vm| {
        for i in (0..n / 2).rev() {
            sift_up(vm, l, i, max)?;
        }
        Ok(())
    })?;
    Ok(V::<M>::none())
}

//! `bisect`: insertion points in sorted sequences. CPython `Modules/_bisectmodule.c`.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::object::{Args, CompareOp, ObjectModel, Res, V, Value};
use crate::types::certain::certain_order;
use crate::types::list::List;

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "bisect")
        .function("bisect_right", |vm, args| {
            find(vm, args, "bisect_right", true)
        })
        .function("bisect", |vm, args| find(vm, args, "bisect", true))
        .function("bisect_left", |vm, args| {
            find(vm, args, "bisect_left", false)
        })
        .function("insort_right", |vm, args| {
            insert(vm, args, "insort_right", true)
        })
        .function("insort", |vm, args| insert(vm, args, "insort", true))
        .function("insort_left", |vm, args| {
            insert(vm, args, "insort_left", false)
        })
        .done())
}

/// Sequence, item, and where the item belongs: after equal ones (`right`) or before them.
fn search<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    right: bool,
) -> Res<(V<M>, V<M>, i64)> {
    let [a, x, lo, hi] = args.parse(vm, name, ["a", "x", "lo", "hi"], 2)?;
    let (a, x) = (
        a.unwrap_or_else(V::<M>::none),
        x.unwrap_or_else(V::<M>::none),
    );
    let mut low = match lo {
        Some(lo) => vm.ssize_argument(&lo)?,
        None => 0,
    };
    if low < 0 {
        return Err(vm.raise_value_error("lo must be non-negative"));
    }
    let mut high = match hi {
        Some(hi) if !hi.is_none() => vm.ssize_argument(&hi)?,
        _ => -1,
    };
    if high < 0 {
        high = vm.len(&a)? as i64;
    }
    vm.holding(|vm| {
        while low < high {
            let middle = low + (high - low) / 2;
            let item = match a.get_exact::<List<M>>() {
                Some(l) => l.items.borrow().get(middle as usize).cloned(),
                None => None,
            };
            let item = match item {
                Some(item) => item,
                None => {
                    let i = vm.new_int(middle);
                    vm.get_item(&a, &i)?
                }
            };
            let (p, q) = if right { (&x, &item) } else { (&item, &x) };
            let less = match certain_order::<M>(p, q) {
                Some(order) => order.is_lt(),
                None => vm.compare_bool(CompareOp::Lt, p, q)?,
            };
            if less == right {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(())
    })?;
    Ok((a, x, low))
}

fn find<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str, right: bool) -> Res<V<M>> {
    let (_, _, at) = search(vm, args, name, right)?;
    Ok(vm.new_int(at))
}

fn insert<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str, right: bool) -> Res<V<M>> {
    let (a, x, at) = search(vm, args, name, right)?;
    if let Some(l) = a.get_exact::<List<M>>() {
        let mut items = l.items.borrow_mut();
        let at = (at as usize).min(items.len());
        items.insert(at, x);
        return Ok(V::<M>::none());
    }
    let at = vm.new_int(at);
    vm.call_method(&a, "insert", &[at, x])?;
    Ok(V::<M>::none())
}

//! `list.sort` and `sorted`: keys, fast paths, and the list's state while it is sorted.
//!
//! What is sorted is a permutation of positions, by the keys they stand for:
//! keys that are all integers, all floats or all strings go to Rust's stable
//! sort, since their comparison cannot fail; others to `timsort`,
//! which makes the same comparisons as CPython's `list.sort`, in the same order.

use super::List;
use super::timsort::timsort;
use crate::Vm;
use crate::object::{Args, CompareOp, ObjectModel, Res, V, Value};
use crate::types::certain::{certain_order, plain_int};
use crate::types::str::Str;

/// `list.sort(*, key=None, reverse=False)`.
pub fn sort_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [key, reverse] = rest.parse(vm, "sort", ["key", "reverse"], 0)?;
    if !rest.pos.is_empty() {
        return Err(vm.raise_type_error("must use keyword argument for key function"));
    }
    let reverse = match reverse {
        None => false,
        Some(r) => reverse_flag(vm, &r)?,
    };
    let key = key.filter(|k| !k.is_none());
    sort(vm, slf, key.as_ref(), reverse)?;
    Ok(V::<M>::none())
}

/// The argument `reverse`: an integer (format unit `i`).
fn reverse_flag<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<bool> {
    if v.as_float().is_some() {
        return Err(vm.raise_type_error("integer argument expected, got float"));
    }
    if v.as_int().is_none() && vm.slots(v).int.is_none() {
        let m = format!("an integer is required (got type {})", vm.type_name(v));
        return Err(vm.raise_type_error(m));
    }
    vm.is_true(v)
}

/// Sorts a list in place, stably. While the sort runs the list is empty; changing it is a
/// ValueError at the end. On an error the items are put back in the order reached.
pub fn sort<M: ObjectModel>(
    vm: &mut Vm<M>,
    list: &V<M>,
    key: Option<&V<M>>,
    reverse: bool,
) -> Res<()> {
    let Some(l) = list.get::<List<M>>() else {
        return Ok(());
    };
    // A list that nobody else knows: the collector sees its items.
    let work = vm.new_list(l.items.take());
    let Some(w) = work.get::<List<M>>() else {
        return Ok(());
    };
    let result = vm.showing(|vm| {
        vm.show(list);
        vm.show(&work);
        sort_items(vm, w, key, reverse)
    });
    let meanwhile = l.items.replace(w.items.take());
    let changed = meanwhile.capacity() != 0;
    drop(meanwhile);
    result?;
    if changed {
        return Err(vm.raise_value_error("list modified during sort"));
    }
    Ok(())
}

/// Sorts stably by `key(value)` or by the values themselves. Call under [`Vm::showing`], with the list shown;
/// no Python code must know it.
fn sort_items<M: ObjectModel>(
    vm: &mut Vm<M>,
    list: &List<M>,
    key: Option<&V<M>>,
    reverse: bool,
) -> Res<()> {
    let Some(key) = key else {
        let (order, result) = sorted_order(vm, &list.items.borrow(), reverse);
        permute::<M>(&mut list.items.borrow_mut(), &order);
        return result;
    };
    vm.show(key);
    let count = list.items.borrow().len();
    let keys = vm.new_list(Vec::with_capacity(count));
    vm.show(&keys);
    let Some(keys) = keys.get::<List<M>>() else {
        return Ok(());
    };
    for i in 0..count {
        let x = list.items.borrow()[i].clone();
        let k = vm.call_values(key, std::slice::from_ref(&x))?;
        keys.items.borrow_mut().push(k);
    }
    let (order, result) = sorted_order(vm, &keys.items.borrow(), reverse);
    permute::<M>(&mut list.items.borrow_mut(), &order);
    result
}

fn permute<M: ObjectModel>(items: &mut Vec<V<M>>, order: &[u32]) {
    let sorted = order
        .iter()
        .map(|&i| std::mem::replace(&mut items[i as usize], V::<M>::null()))
        .collect();
    *items = sorted;
}

/// The positions of `keys` in sorted order; after an error, in the order reached.
fn sorted_order<M: ObjectModel>(
    vm: &mut Vm<M>,
    keys: &[V<M>],
    reverse: bool,
) -> (Vec<u32>, Res<()>) {
    let n = keys.len() as u32;
    match keys.first() {
        None => return (Vec::new(), Ok(())),
        Some(k) if plain_int::<M>(k).is_some() => {
            if let Some(ints) = keys.iter().map(plain_int::<M>).collect::<Option<Vec<_>>>() {
                return (order_by(n, reverse, |i, j| ints[i].cmp(&ints[j])), Ok(()));
            }
        }
        Some(k) if k.exact_float().is_some() => {
            let number = |k: &V<M>| k.exact_float().filter(|f| !f.is_nan());
            if let Some(floats) = keys.iter().map(number).collect::<Option<Vec<_>>>() {
                let order = |i: usize, j: usize| {
                    floats[i]
                        .partial_cmp(&floats[j])
                        .unwrap_or(std::cmp::Ordering::Equal)
                };
                return (order_by(n, reverse, order), Ok(()));
            }
        }
        Some(k) if k.get_exact::<Str>().is_some() => {
            let bytes = |k: &'_ V<M>| k.get_exact::<Str>().is_some();
            if keys.iter().all(bytes) {
                let texts: Vec<&[u8]> = keys
                    .iter()
                    .filter_map(|k| k.get_exact::<Str>().map(Str::text_bytes))
                    .collect();
                return (order_by(n, reverse, |i, j| texts[i].cmp(texts[j])), Ok(()));
            }
        }
        Some(_) => {}
    }
    let mut order: Vec<u32> = (0..n).collect();
    if reverse {
        order.reverse();
    }
    let result = timsort(&mut order, &mut |i, j| {
        let (a, b) = (&keys[i as usize], &keys[j as usize]);
        match certain_order::<M>(a, b) {
            Some(order) => Ok(order.is_lt()),
            None => vm.compare_bool(CompareOp::Lt, a, b),
        }
    });
    if reverse {
        order.reverse();
    }
    (order, result)
}

fn order_by(
    n: u32,
    reverse: bool,
    compare: impl Fn(usize, usize) -> std::cmp::Ordering,
) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n).collect();
    if reverse {
        order.sort_by(|&i, &j| compare(j as usize, i as usize));
    } else {
        order.sort_by(|&i, &j| compare(i as usize, j as usize));
    }
    order
}

//! `product`, `permutations`, `combinations`, `combinations_with_replacement`.
//!
//! Each holds its pools and the indices of the tuple given last; the next
//! indices are found by non-generic functions.

use super::IteratorClass;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::modules::opaque_body::{Values, body, opaque_body};
use crate::object::{Args, IntRef, ObjectModel, Res, V, Value};
use crate::types::tuple;
use std::cell::{Cell, RefCell};

/// Whether the first tuple is still to come, or all have been given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    First,
    Next,
    Done,
}

opaque_body! {
    /// All four: one pool for each position (`product`), or one for all; indices; for
    /// `permutations` also the cycles.
    Combinatoric {
        pools: Values<M>,
        indices: RefCell<Vec<usize>>,
        cycles: RefCell<Vec<usize>>,
        stage: Cell<Stage>,
    }
}

pub(super) fn classes<M: ObjectModel>() -> Vec<IteratorClass<M>> {
    vec![
        IteratorClass::new("product", new_product::<M>, |vm, v| {
            next(vm, v, |lengths, indices, _| next_product(lengths, indices))
        }),
        IteratorClass::new("permutations", new_permutations::<M>, |vm, v| {
            next(vm, v, |lengths, indices, cycles| {
                next_permutation(lengths[0], indices, cycles)
            })
        }),
        IteratorClass::new("combinations", new_combinations::<M>, |vm, v| {
            next(vm, v, |lengths, indices, _| {
                next_combination(lengths[0], indices)
            })
        }),
        IteratorClass::new(
            "combinations_with_replacement",
            new_with_replacement::<M>,
            |vm, v| {
                next(vm, v, |lengths, indices, _| {
                    next_with_replacement(lengths[0], indices)
                })
            },
        ),
    ]
}

/// The next indices of a product: the last position turns fastest. False after the last ones.
fn next_product(lengths: &[usize], indices: &mut [usize]) -> bool {
    for (i, length) in indices.iter_mut().zip(lengths).rev() {
        *i += 1;
        if *i < *length {
            return true;
        }
        *i = 0;
    }
    false
}

/// The next permutation of `n` elements taken `cycles.len()` at a time, in lexicographic order.
fn next_permutation(n: usize, indices: &mut [usize], cycles: &mut [usize]) -> bool {
    for i in (0..cycles.len()).rev() {
        cycles[i] -= 1;
        if cycles[i] == 0 {
            indices[i..].rotate_left(1);
            cycles[i] = n - i;
        } else {
            indices.swap(i, n - cycles[i]);
            return true;
        }
    }
    false
}

fn next_combination(n: usize, indices: &mut [usize]) -> bool {
    let r = indices.len();
    let Some(i) = (0..r).rev().find(|&i| indices[i] != i + n - r) else {
        return false;
    };
    let first = indices[i] + 1;
    for (place, index) in indices[i..].iter_mut().zip(first..) {
        *place = index;
    }
    true
}

fn next_with_replacement(n: usize, indices: &mut [usize]) -> bool {
    let Some(i) = indices.iter().rposition(|&index| index + 1 != n) else {
        return false;
    };
    let index = indices[i] + 1;
    indices[i..].fill(index);
    true
}

/// One step: the indices go on by `step(pool lengths, indices, cycles)`.
fn next<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    step: fn(&[usize], &mut [usize], &mut [usize]) -> bool,
) -> Res<Option<V<M>>> {
    let c = body::<M, Combinatoric<M>>(vm, v)?;
    let pools = c.pools.0.borrow();
    match c.stage.get() {
        Stage::Done => return Ok(None),
        Stage::First => c.stage.set(Stage::Next),
        Stage::Next => {
            let lengths: smallvec::SmallVec<[usize; 8]> =
                pools.iter().map(|p| tuple::items::<M>(p).len()).collect();
            let (mut indices, mut cycles) = (c.indices.borrow_mut(), c.cycles.borrow_mut());
            if !step(&lengths, &mut indices, &mut cycles) {
                c.stage.set(Stage::Done);
                return Ok(None);
            }
        }
    }
    let indices = c.indices.borrow();
    // A permutation keeps the indices of all elements, and gives the first few.
    let r = match c.cycles.borrow().len() {
        0 if pools.len() == 1 || indices.len() == pools.len() => indices.len(),
        r => r,
    };
    let items: Vec<V<M>> = (0..r)
        .map(|i| {
            let pool = if pools.len() == 1 {
                &pools[0]
            } else {
                &pools[i]
            };
            tuple::items::<M>(pool)[indices[i]].clone()
        })
        .collect();
    drop(indices);
    drop(pools);
    Ok(Some(vm.new_tuple(items)))
}

fn new_body<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    pools: Vec<V<M>>,
    indices: Vec<usize>,
    cycles: Vec<usize>,
    stage: Stage,
) -> V<M> {
    vm.new_opaque(
        class,
        Combinatoric {
            pools: Values::new(pools),
            indices: RefCell::new(indices),
            cycles: RefCell::new(cycles),
            stage: Cell::new(stage),
        },
    )
}

fn new_product<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let keywords = Args {
        pos: &[],
        kw: args.kw,
    };
    let repeat = match keywords.parse(vm, "product", ["repeat"], 0)? {
        [Some(n)] => vm.ssize_argument(&n)?,
        [None] => 1,
    };
    if repeat < 0 {
        return Err(vm.raise_value_error("repeat argument cannot be negative"));
    }
    vm.holding(|vm| {
        let mut pools = Vec::with_capacity(args.pos.len());
        if repeat > 0 {
            for x in args.pos {
                let items = vm.collect_iter(x)?;
                pools.push(vm.new_tuple(items));
            }
        }
        let once = pools.len();
        let room = once.checked_mul(repeat as usize);
        if room.is_none_or(|n| n > isize::MAX as usize / 16) {
            return Err(vm.raise(Exc::OverflowError, "repeat argument too large"));
        }
        for _ in 1..repeat {
            pools.extend_from_within(..once);
        }
        let empty = pools.iter().any(|p| tuple::items::<M>(p).is_empty());
        let stage = if empty { Stage::Done } else { Stage::First };
        let indices = vec![0; pools.len()];
        Ok(new_body(vm, class, pools, indices, Vec::new(), stage))
    })
}

/// The pool as a tuple, and `r` (`None`: not given).
fn pool_and_r<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    required: usize,
) -> Res<(V<M>, usize, Option<usize>)> {
    let [iterable, r] = args.parse(vm, name, ["iterable", "r"], required)?;
    let items = vm.collect_iter(&iterable.unwrap_or_else(V::<M>::none))?;
    let n = items.len();
    let pool = vm.new_tuple(items);
    let r = match r {
        Some(r) if !(r.is_none() && required == 1) => {
            let r = match r.as_int().map(IntRef::to_i64) {
                Some(Some(r)) => r,
                _ if required == 1 => return Err(vm.raise_type_error("Expected int as r")),
                _ => vm.ssize_argument(&r)?,
            };
            match usize::try_from(r) {
                Ok(r) => Some(r),
                Err(_) => return Err(vm.raise_value_error("r must be non-negative")),
            }
        }
        _ => None,
    };
    Ok((pool, n, r))
}

fn new_permutations<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (pool, n, r) = pool_and_r(vm, args, "permutations", 1)?;
    let r = r.unwrap_or(n);
    if r > n {
        return Ok(new_body(
            vm,
            class,
            vec![pool],
            Vec::new(),
            Vec::new(),
            Stage::Done,
        ));
    }
    let cycles: Vec<usize> = (0..r).map(|i| n - i).collect();
    let indices: Vec<usize> = if r == 0 { Vec::new() } else { (0..n).collect() };
    Ok(new_body(
        vm,
        class,
        vec![pool],
        indices,
        cycles,
        Stage::First,
    ))
}

fn new_combinations<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (pool, n, r) = pool_and_r(vm, args, "combinations", 2)?;
    let r = r.unwrap_or(0);
    let (indices, stage) = if r > n {
        (Vec::new(), Stage::Done)
    } else {
        ((0..r).collect(), Stage::First)
    };
    Ok(new_body(vm, class, vec![pool], indices, Vec::new(), stage))
}

fn new_with_replacement<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    args: Args<'_, M>,
) -> Res<V<M>> {
    let (pool, n, r) = pool_and_r(vm, args, "combinations_with_replacement", 2)?;
    let r = r.unwrap_or(0);
    let (indices, stage) = if n == 0 && r > 0 {
        (Vec::new(), Stage::Done)
    } else {
        (vec![0; r], Stage::First)
    };
    Ok(new_body(vm, class, vec![pool], indices, Vec::new(), stage))
}

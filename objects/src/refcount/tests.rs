//! The counted heap under a scripted mutator.

use super::*;
use crate::mutator::{alloc, append, list, new_heap, tuple};
use crate::{Boxed, Tagged};
use ceval_vm_core::object::Kind;

type M = Refcount<Boxed>;

fn count(v: &RcValue<Boxed>) -> u32 {
    v.header().map_or(0, |h| h.count.get())
}

fn live(heap: &Heap<Boxed>) -> usize {
    heap.pool().live_objects().count()
}

#[test]
fn words_and_heads_have_their_sizes() {
    assert_eq!(size_of::<RcValue<Tagged>>(), 8);
    assert_eq!(size_of::<Option<RcValue<Boxed>>>(), 16);
    assert_eq!(size_of::<alloc::Block>(), 32);
    assert_eq!(Refcount::<Tagged>::NAME, "refcount-tagged");
    assert_eq!(M::NAME, "refcount-boxed");
}

#[test]
fn clone_and_drop_count() {
    let mut heap = new_heap::<M>();
    let a = alloc::<M, f64>(&mut heap, 1.5);
    assert!(a.is_unique() && a.is_easy());
    let b = a.clone();
    assert_eq!(count(&a), 2);
    assert!(!a.is_unique());
    drop(b);
    assert_eq!(count(&a), 1);
    assert_eq!(live(&heap), 1);
    drop(a);
    assert_eq!(live(&heap), 0);
}

#[test]
fn a_freed_cell_is_used_next() {
    let mut heap = new_heap::<M>();
    let a = alloc::<M, i64>(&mut heap, 1);
    let bits = a.bits();
    drop(a);
    let b = alloc::<M, f64>(&mut heap, 2.0);
    assert_eq!(b.bits(), bits);
    assert_eq!(b.exact_float(), Some(2.0));
}

#[test]
fn containers_release_what_they_hold() {
    let mut heap = new_heap::<M>();
    let a = alloc::<M, i64>(&mut heap, 7);
    let l = list::<M>(&mut heap, vec![a.clone(), a.clone()]);
    let t = tuple::<M>(&mut heap, vec![l.clone(), a.clone()]);
    assert_eq!((count(&a), count(&l), live(&heap)), (4, 2, 3));
    assert!(!t.is_easy());
    drop(l);
    drop(t);
    assert_eq!((count(&a), live(&heap)), (1, 1));
}

#[test]
fn a_long_chain_is_dropped_on_a_small_stack() {
    let run = || {
        let mut heap = new_heap::<M>();
        let mut chain = RcValue::none();
        for i in 0..1_000_000 {
            chain = if i % 2 == 0 {
                list::<M>(&mut heap, vec![chain])
            } else {
                tuple::<M>(&mut heap, vec![chain])
            };
        }
        assert_eq!(live(&heap), 1_000_000);
        drop(chain);
        live(&heap)
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run);
    assert_eq!(thread.expect("a thread").join().expect("no overflow"), 0);
}

#[test]
fn a_float_result_takes_a_unique_operand() {
    let mut heap = new_heap::<M>();
    let a = alloc::<M, f64>(&mut heap, 1.0);
    let b = alloc::<M, f64>(&mut heap, 2.0);
    let keep = b.clone();
    let (a_bits, b_bits) = (a.into_bits(), b.into_bits());
    // SAFETY: the bits of two owned words that are floats.
    let r = unsafe { M::float_result(&mut heap, a_bits, b_bits, 3.0) }.expect("unique operand");
    assert_eq!((r.bits(), r.exact_float()), (a_bits, Some(3.0)));
    assert_eq!(keep.exact_float(), Some(2.0));
    assert!(keep.is_unique());
    // Neither is unique: a new cell.
    let (also_r, also_keep) = (r.clone(), keep.clone());
    // SAFETY: as above.
    let s = unsafe { M::float_result(&mut heap, also_keep.into_bits(), also_r.into_bits(), 5.0) }
        .expect("a free cell");
    assert_eq!(
        (r.exact_float(), keep.exact_float(), s.exact_float()),
        (Some(3.0), Some(2.0), Some(5.0))
    );
    assert!(r.is_unique() && keep.is_unique() && s.is_unique());
    // One object twice, and nowhere else.
    let twice = keep.clone();
    // SAFETY: as above.
    let t = unsafe { M::float_result(&mut heap, keep.into_bits(), twice.into_bits(), 4.0) }
        .expect("a free cell");
    assert_eq!(t.exact_float(), Some(4.0));
    drop((r, s, t));
    assert_eq!(live(&heap), 0);
}

#[test]
fn large_objects_have_blocks_of_their_own() {
    let mut heap = new_heap::<M>();
    let sizes = [520, 4096, 40_000, 1 << 20];
    let cells: Vec<_> = sizes
        .iter()
        .map(|&size| {
            // The kind only decides how the body is dropped: an int has nothing to drop.
            let cell = M::allocate(
                &mut heap,
                size,
                Tag::new(ceval_vm_core::object::ClassId(1), Kind::Complex, false),
            );
            // SAFETY: the cell has room for `size` bytes.
            unsafe {
                cell.as_ptr()
                    .cast::<u8>()
                    .add(8)
                    .write_bytes(0xab, size - 8);
                RcValue::<Boxed>::from_bits(cell.as_ptr() as u64)
            }
        })
        .collect();
    assert_eq!(live(&heap), 4);
    assert!(heap.pool().counters.reserved.get() > 1 << 20);
    let mut cells = cells;
    drop(cells.remove(1));
    assert_eq!(live(&heap), 3);
    drop(cells);
    assert_eq!(live(&heap), 0);
}

#[test]
fn weak_references_die_with_their_target() {
    let mut heap = new_heap::<M>();
    let l = list::<M>(&mut heap, vec![]);
    let other = list::<M>(&mut heap, vec![]);
    let token = M::new_weak(&mut heap, &l);
    assert_eq!(M::new_weak(&mut heap, &l), token);
    assert!(M::upgrade(&heap, token).is_some_and(|v| v.is(&l)));
    assert_eq!(count(&l), 1);
    drop(other);
    assert!(M::take_dead_weak(&mut heap).is_empty());
    drop(l);
    assert!(M::upgrade(&heap, token).is_none());
    assert_eq!(M::take_dead_weak(&mut heap), [token]);
    let again = list::<M>(&mut heap, vec![]);
    assert!(M::upgrade(&heap, token).is_none());
    drop(again);
}

#[test]
fn objects_are_those_with_edges() {
    let mut heap = new_heap::<M>();
    let n = alloc::<M, i64>(&mut heap, 1000);
    let l = list::<M>(&mut heap, vec![n]);
    let t = tuple::<M>(&mut heap, vec![]);
    append::<M>(&l, t.clone());
    assert_eq!(M::objects(&heap).len(), 2);
    assert_eq!(
        (M::reference_count(&t), M::reference_count(&RcValue::none())),
        (Some(2), None)
    );
}

#[test]
fn every_size_is_given_and_taken_back() {
    let mut heap = new_heap::<M>();
    let mut cells = Vec::new();
    for round in 0..3 {
        for size in (16..=512).step_by(8) {
            for _ in 0..300 {
                let cell = M::allocate(&mut heap, size, Tag::exact(Kind::Complex));
                // SAFETY: the cell has room for `size` bytes.
                unsafe {
                    cell.as_ptr()
                        .cast::<u8>()
                        .add(8)
                        .write_bytes(size as u8, size - 8);
                    cells.push((RcValue::<Boxed>::from_bits(cell.as_ptr() as u64), size));
                }
            }
        }
        for (v, size) in &cells {
            let bytes = v.bits() as *const u8;
            // SAFETY: the cell is live and has `size` bytes.
            assert!((8..*size).all(|i| unsafe { bytes.add(i).read() } == *size as u8));
        }
        assert_eq!(live(&heap), 300 * 63);
        let reserved = M::stats(&heap).reserved;
        cells.clear();
        assert_eq!(live(&heap), 0, "round {round}");
        assert_eq!(M::stats(&heap).reserved, reserved);
    }
}

/// Collects in a heap without classes.
fn collect(heap: &Heap<Boxed>) -> usize {
    let garbage = trace::find_garbage::<Boxed>(heap.pool(), &[]);
    // SAFETY: just found.
    unsafe { trace::reclaim::<Boxed>(&garbage) };
    garbage.len()
}

#[test]
fn unreachable_cycles_are_found_and_others_kept() {
    let mut heap = new_heap::<M>();
    let n = alloc::<M, i64>(&mut heap, 1000);
    let a = list::<M>(&mut heap, vec![n.clone()]);
    let t = tuple::<M>(&mut heap, vec![a.clone()]);
    append::<M>(&a, t.clone());
    assert_eq!(collect(&heap), 0);
    drop(t);
    assert_eq!(collect(&heap), 0, "a variable still leads to the cycle");
    let outside = list::<M>(&mut heap, vec![a.clone()]);
    drop(a);
    assert_eq!(collect(&heap), 0, "a live list leads to the cycle");
    drop(outside);
    assert_eq!(live(&heap), 3);
    assert_eq!(collect(&heap), 2);
    assert_eq!((live(&heap), count(&n)), (1, 1));
}

#[test]
fn weak_references_to_garbage_die() {
    let mut heap = new_heap::<M>();
    let a = list::<M>(&mut heap, vec![]);
    append::<M>(&a, a.clone());
    let token = M::new_weak(&mut heap, &a);
    drop(a);
    assert!(M::upgrade(&heap, token).is_some());
    assert_eq!(collect(&heap), 1);
    assert!(M::upgrade(&heap, token).is_none());
    assert_eq!(M::take_dead_weak(&mut heap), [token]);
    assert_eq!(live(&heap), 0);
}

#[test]
fn a_large_cycle_is_reclaimed_on_a_small_stack() {
    let run = || {
        let mut heap = new_heap::<M>();
        let first = list::<M>(&mut heap, vec![]);
        let mut last = first.clone();
        for _ in 0..300_000 {
            last = list::<M>(&mut heap, vec![last]);
        }
        append::<M>(&first, last);
        drop(first);
        (collect(&heap), live(&heap))
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run);
    assert_eq!(
        thread.expect("a thread").join().expect("no overflow"),
        (300_001, 0)
    );
}

#[test]
fn growth_asks_for_a_collection() {
    let mut heap = new_heap::<M>();
    let mut all = Vec::new();
    while !M::wants_collection(&heap) {
        all.push(list::<M>(&mut heap, vec![]));
    }
    assert!((alloc::MIN_GROWTH / 2..2 * alloc::MIN_GROWTH).contains(&all.len()));
    collect(&heap);
    assert!(!M::wants_collection(&heap));
}

/// Lists are linked and unlinked at random with a collection at every step; what variables lead to,
/// found by a search in plain Rust, must be all that lives.
#[test]
fn a_random_mutator_with_a_collection_at_every_step() {
    use ceval_vm_core::types::list::List;
    let mut heap = new_heap::<M>();
    let mut variables: Vec<RcValue<Boxed>> = Vec::new();
    let mut seed = 99u64;
    for _ in 0..3000 {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let (choice, at) = ((seed >> 33) as usize % 8, (seed >> 40) as usize);
        let n = variables.len();
        match choice {
            0..3 => variables.push(list::<M>(&mut heap, vec![])),
            3 | 4 if n > 1 => append::<M>(&variables[at % n], variables[at / n % n].clone()),
            5 if n > 1 => {
                let t = tuple::<M>(&mut heap, vec![variables[at % n].clone()]);
                append::<M>(&variables[at / n % n], t);
            }
            6 if n > 4 => drop(variables.swap_remove(at % n)),
            7 if n > 0 => {
                let popped = variables[at % n]
                    .get::<List<M>>()
                    .and_then(|l| l.items.borrow_mut().pop());
                drop(popped);
            }
            _ => {}
        }
        if variables.len() > 30 {
            variables.truncate(10);
        }
        collect(&heap);
        let mut seen = std::collections::HashSet::new();
        let mut work: Vec<RcValue<Boxed>> = variables.clone();
        while let Some(v) = work.pop() {
            if seen.insert(v.bits()) {
                if let Some(l) = v.get::<List<M>>() {
                    work.extend(l.items.borrow().iter().cloned());
                }
                if let Some(t) = v.get::<ceval_vm_core::types::tuple::Tuple<M>>() {
                    work.extend(t.items.iter().cloned());
                }
            }
        }
        assert_eq!(live(&heap), seen.len());
    }
    variables.clear();
    collect(&heap);
    assert_eq!(live(&heap), 0);
}

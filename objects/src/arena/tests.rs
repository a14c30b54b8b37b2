//! The traced heap under a scripted mutator.

use super::alloc::{BLOCK, MIN_BUDGET};
use super::trace::{Finalizers, Marker, clear_weak, finish, mark_waiting, revive_finalizable};
use super::*;
use crate::mutator::{alloc, append, list, new_heap, tuple};
use crate::{Boxed, Tagged};
use ceval_vm_core::object::Visitor;
use ceval_vm_core::types::list::List;
use ceval_vm_core::types::str::Str;

type M = Arena<Boxed>;
type Word = ArenaValue<Boxed>;

/// Collects with these roots.
fn collect(heap: &mut Heap<M>, roots: &[Word], reason: CollectReason) -> usize {
    heap.prepare();
    let mut marker = Marker::new(Vec::new());
    for r in roots {
        marker.visit(r);
    }
    mark_waiting(heap, &mut marker);
    clear_weak(heap);
    revive_finalizable(heap, &mut marker, Finalizers::default(), false);
    finish(heap, &marker, reason)
}

fn length(v: &Word) -> usize {
    v.get::<List<M>>().map_or(0, |l| l.items.borrow().len())
}

#[test]
fn words_and_heads_have_their_sizes() {
    assert_eq!(size_of::<Word>(), 8);
    assert_eq!(size_of::<alloc::Block>(), 8);
    assert!(!std::mem::needs_drop::<Word>());
    assert_eq!(
        (Arena::<Tagged>::NAME, M::NAME),
        ("arena-tagged", "arena-boxed")
    );
}

#[test]
fn a_young_heap_is_allocated_in_order() {
    let mut heap = new_heap::<M>();
    let words: Vec<Word> = (0..100)
        .map(|i| crate::mutator::alloc::<M, i64>(&mut heap, i))
        .collect();
    assert!(words.windows(2).all(|w| w[1].bits() == w[0].bits() + 16));
}

#[test]
fn what_roots_lead_to_survives() {
    let mut heap = new_heap::<M>();
    let n = alloc::<M, i64>(&mut heap, 1000);
    let inner = list::<M>(&mut heap, vec![n]);
    let outer = tuple::<M>(&mut heap, vec![inner, n]);
    let lost = list::<M>(&mut heap, vec![inner]);
    append::<M>(&lost, lost);
    assert_eq!(collect(&mut heap, &[outer], CollectReason::Requested), 1);
    assert_eq!(heap.objects().count(), 3);
    assert_eq!(n.small_int(), Some(1000));
    assert_eq!(length(&inner), 1);
    assert_eq!(collect(&mut heap, &[], CollectReason::Requested), 3);
    assert_eq!(heap.objects().count(), 0);
}

#[test]
fn bodies_of_the_dead_are_dropped_once() {
    let mut heap = new_heap::<M>();
    let keep = list::<M>(&mut heap, vec![]);
    for round in 0..4 {
        for i in 0..10_000 {
            let s = alloc::<M, Str>(&mut heap, Str::new(format!("text {round} {i}").into()));
            if i % 100 == 0 {
                append::<M>(&keep, s);
            }
        }
        collect(&mut heap, &[keep], CollectReason::Pressure);
    }
    let list = keep.get::<List<M>>().expect("a list");
    for (i, s) in list.items.borrow().iter().enumerate() {
        let want = format!("text {} {}", i / 100, i % 100 * 100);
        assert_eq!(s.get::<Str>().map(|s| s.text().to_string()), Some(want));
    }
}

#[test]
fn cells_are_used_again_and_the_heap_stays_small() {
    let mut heap = new_heap::<M>();
    let keep: Vec<Word> = (0..1000)
        .map(|i| alloc::<M, i64>(&mut heap, i + 1000))
        .collect();
    for _ in 0..20 {
        while !heap.wants_collection() {
            for _ in 0..1000 {
                alloc::<M, f64>(&mut heap, 0.5);
                list::<M>(&mut heap, vec![]);
            }
        }
        collect(&mut heap, &keep, CollectReason::Pressure);
    }
    let reserved = M::stats(&heap).reserved as usize;
    assert!(reserved < 2 * MIN_BUDGET + 64 * BLOCK, "{reserved} bytes");
    assert!(
        keep.iter()
            .enumerate()
            .all(|(i, v)| v.small_int() == Some(i as i64 + 1000))
    );
}

/// A list of lists is changed at random, collecting at every step; a model in plain Rust says what must be there.
#[test]
fn a_random_mutator_with_a_collection_at_every_step() {
    let mut heap = new_heap::<M>();
    let root = list::<M>(&mut heap, vec![]);
    let mut model: Vec<Vec<i64>> = Vec::new();
    let mut seed = 12345u64;
    for step in 0..3000 {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let at = (seed >> 33) as usize;
        if model.is_empty() || at.is_multiple_of(5) {
            let l = list::<M>(&mut heap, vec![]);
            append::<M>(&root, l);
            model.push(Vec::new());
        } else if at % 5 == 1 && model.len() > 3 {
            let items = root.get::<List<M>>().expect("a list");
            items.items.borrow_mut().swap_remove(at % model.len());
            let gone = at % model.len();
            model.swap_remove(gone);
        } else {
            let which = at % model.len();
            let n = alloc::<M, i64>(&mut heap, step);
            let boxed = tuple::<M>(&mut heap, vec![n, root]);
            let l = root.get::<List<M>>().expect("a list").items.borrow()[which];
            append::<M>(&l, boxed);
            model[which].push(step);
        }
        let reason = if at.is_multiple_of(2) {
            CollectReason::Pressure
        } else {
            CollectReason::Requested
        };
        collect(&mut heap, &[root], reason);
    }
    let lists = root
        .get::<List<M>>()
        .expect("a list")
        .items
        .borrow()
        .clone();
    assert_eq!(lists.len(), model.len());
    for (l, want) in lists.iter().zip(&model) {
        let items = l.get::<List<M>>().expect("a list").items.borrow().clone();
        let got: Vec<i64> = items
            .iter()
            .map(|t| {
                t.get::<ceval_vm_core::types::tuple::Tuple<M>>()
                    .expect("a tuple")
                    .items[0]
            })
            .map(|n| n.small_int().expect("an int"))
            .collect();
        assert_eq!(&got, want);
    }
    collect(&mut heap, &[root], CollectReason::Requested);
    let numbers: usize = model.iter().map(Vec::len).sum();
    assert_eq!(heap.objects().count(), 1 + model.len() + 2 * numbers);
}

#[test]
fn a_long_chain_is_marked_on_a_small_stack() {
    let run = || {
        let mut heap = new_heap::<M>();
        let mut chain = Word::none();
        for _ in 0..1_000_000 {
            chain = list::<M>(&mut heap, vec![chain]);
        }
        assert_eq!(collect(&mut heap, &[chain], CollectReason::Requested), 0);
        collect(&mut heap, &[], CollectReason::Requested)
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run);
    assert_eq!(
        thread.expect("a thread").join().expect("no overflow"),
        1_000_000
    );
}

#[test]
fn weak_references_die_with_their_target() {
    let mut heap = new_heap::<M>();
    let l = list::<M>(&mut heap, vec![]);
    let token = M::new_weak(&mut heap, &l);
    assert_eq!(M::new_weak(&mut heap, &l), token);
    collect(&mut heap, &[l], CollectReason::Pressure);
    assert!(M::upgrade(&heap, token).is_some_and(|v| v.is(&l)));
    assert!(M::take_dead_weak(&mut heap).is_empty());
    collect(&mut heap, &[], CollectReason::Pressure);
    assert!(M::upgrade(&heap, token).is_none());
    assert_eq!(M::take_dead_weak(&mut heap), [token]);
    assert!(heap.side.is_empty());
}

#[test]
fn what_waits_for_its_finalizer_is_a_root() {
    let mut heap = new_heap::<M>();
    let l = list::<M>(&mut heap, vec![]);
    heap.finalizable.push(l.bits());
    assert_eq!(collect(&mut heap, &[], CollectReason::Requested), 0);
    assert_eq!(M::take_finalizable(&mut heap).len(), 1);
    assert_eq!(collect(&mut heap, &[], CollectReason::Requested), 1);
}

#[test]
fn large_objects_are_reclaimed_too() {
    let mut heap = new_heap::<M>();
    let mut words = Vec::new();
    for size in [520, 40_000, 1 << 20] {
        // The kind only decides how the body is dropped: a complex has nothing to drop.
        let cell = M::allocate(&mut heap, size, Tag::exact(Kind::Complex));
        // SAFETY: the cell has room for `size` bytes.
        unsafe {
            cell.as_ptr()
                .cast::<u8>()
                .add(8)
                .write_bytes(0xab, size - 8)
        };
        words.push(word::<Boxed>(cell.as_ptr() as u64));
    }
    let reserved = M::stats(&heap).reserved;
    assert_eq!(collect(&mut heap, &words[1..], CollectReason::Pressure), 1);
    assert_eq!(heap.objects().count(), 2);
    assert_eq!(collect(&mut heap, &[], CollectReason::Pressure), 2);
    assert!(M::stats(&heap).reserved < reserved);
}

#[test]
fn a_block_of_dead_numbers_is_one_span_again() {
    let mut heap = new_heap::<M>();
    let first: Vec<Word> = (0..5000).map(|i| alloc::<M, i64>(&mut heap, i)).collect();
    assert_eq!(
        collect(&mut heap, &first[4000..4001], CollectReason::Requested),
        4999
    );
    assert_eq!(first[4000].small_int(), Some(4000));
    let again: Vec<Word> = (0..4999).map(|i| alloc::<M, i64>(&mut heap, -i)).collect();
    let mut bits: Vec<u64> = again.iter().map(Value::bits).collect();
    bits.push(first[4000].bits());
    bits.sort_unstable();
    bits.dedup();
    assert_eq!(bits.len(), 5000, "no cell is given out twice");
    assert!(
        again
            .iter()
            .zip(0..)
            .all(|(v, i): (_, i64)| v.small_int() == Some(-i))
    );
    assert_eq!(heap.objects().count(), 5000);
}

/// Lists that are filled after they were made own much more than their cells: the heap must notice.
#[test]
fn memory_that_bodies_own_counts() {
    let mut heap = new_heap::<M>();
    let mut most = 0;
    for round in 0..10 {
        let mut made = 0;
        while !heap.wants_collection() {
            let l = list::<M>(&mut heap, vec![]);
            (0..1000).for_each(|_| append::<M>(&l, Word::none()));
            made += 1;
        }
        collect(&mut heap, &[], CollectReason::Pressure);
        heap.counters.collections += 1;
        if round > 0 {
            most = most.max(made);
        }
    }
    assert!(most < 3000, "{most} lists of 8000 bytes each");
    let before = heap.spent;
    let text = alloc::<M, Str>(&mut heap, Str::new("x".repeat(100_000).into()));
    M::written(&mut heap, NonNull::from(text.header().expect("an object")));
    assert!(heap.spent >= before + 100_000);
}

#[test]
fn the_breaker_asks_for_collections() {
    let options = |collect, stress| HeapOptions {
        breaker: Default::default(),
        collect,
        stress,
    };
    let mut heap = M::new_heap(options(true, false));
    assert!(!M::wants_collection(&heap));
    heap.spend(MIN_BUDGET);
    assert!(M::wants_collection(&heap));
    assert_ne!(
        heap.options
            .breaker
            .load(std::sync::atomic::Ordering::Relaxed),
        0
    );
    assert!(M::set_collecting(&mut heap, false));
    assert!(!M::wants_collection(&heap));
    let mut never = M::new_heap(options(false, false));
    never.spend(100 * MIN_BUDGET);
    assert!(!M::wants_collection(&never));
    let always = M::new_heap(options(true, true));
    assert!(M::wants_collection(&always));
}

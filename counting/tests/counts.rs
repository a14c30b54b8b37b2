//! Programs whose counts are known from their bytecode.

use ceval_cells::{Cell, Program, RunOptions, all};
use ceval_counting::{Counts, Dispatched, count, trace};
use std::sync::{Arc, Mutex};

fn options() -> RunOptions {
    RunOptions {
        stdout: Box::new(std::io::sink()),
        stderr: Box::new(std::io::sink()),
        ..RunOptions::default()
    }
}

fn counts(cell: &Cell, source: &str) -> Counts {
    let program = Program::Command { source, args: &[] };
    let (code, counts) = count(cell, &program, options).expect("a cell of this program");
    assert_eq!(code, 0, "{cell}");
    counts
}

/// What the second program does beyond the first.
fn difference(cell: &Cell, small: &str, large: &str) -> Counts {
    let (a, b) = (counts(cell, small), counts(cell, large));
    Counts {
        dispatches: b.dispatches - a.dispatches,
        full: b.full - a.full,
        increments: b.increments - a.increments,
        decrements: b.decrements - a.decrements,
        allocations: b.allocations - a.allocations,
        allocated_bytes: b.allocated_bytes - a.allocated_bytes,
        collections: b.collections - a.collections,
        collected: b.collected - a.collected,
        cache_hits: b.cache_hits - a.cache_hits,
        cache_misses: b.cache_misses - a.cache_misses,
    }
}

/// The cells that differ in what is counted: each object model with each choice of passes.
fn cells() -> Vec<Cell> {
    all()
        .into_iter()
        .filter(|c| c.dispatch == "switch")
        .collect()
}

#[test]
fn a_loop_has_the_instructions_of_its_bytecode() {
    let text = |n: u32| format!("def f():\n for i in range({n}):\n  x = i\nf()");
    for cell in cells() {
        let found = difference(&cell, &text(1000), &text(3000));
        // FOR_ITER, STORE_FAST, LOAD_FAST, STORE_FAST, JUMP_ABSOLUTE; fused at most into one less than half.
        if cell.superinstructions {
            assert!(
                (2000..10_000).contains(&found.dispatches),
                "{cell}: {found:?}"
            );
        } else {
            assert_eq!(found.dispatches, 10_000, "{cell}: {found:?}");
        }
        assert_eq!((found.cache_hits, found.cache_misses), (0, 0), "{cell}");
    }
}

#[test]
fn the_same_twice() {
    for cell in cells() {
        let text = "print(sum([str(i).count('1') for i in range(500)]))";
        assert_eq!(counts(&cell, text), counts(&cell, text), "{cell}");
    }
}

#[test]
fn caches_hit_after_the_first_time() {
    let text = |n: u32| {
        format!("class C: pass\nc = C(); c.x = 1\ndef f():\n for i in range({n}):\n  c.x\nf()")
    };
    for cell in cells() {
        let found = difference(&cell, &text(100), &text(1100));
        // A global and an attribute in each turn.
        let expected = if cell.caches { 2000 } else { 0 };
        assert_eq!(
            (found.cache_hits, found.cache_misses),
            (expected, 0),
            "{cell}: {found:?}"
        );
    }
}

#[test]
fn references_are_counted_where_there_are_any() {
    let text = |n: u32| format!("def f():\n a = [1]\n for i in range({n}):\n  b = a\nf()");
    for cell in cells() {
        let found = difference(&cell, &text(100), &text(1100));
        if cell.objects.starts_with("refcount") {
            // `b = a` adds one to the list and takes the old value's from it.
            assert!(
                found.increments >= 1000 && found.decrements >= 1000,
                "{cell}: {found:?}"
            );
            let apart = found.increments.abs_diff(found.decrements);
            assert!(apart <= found.allocations, "{cell}: {found:?}");
        } else {
            assert_eq!((found.increments, found.decrements), (0, 0), "{cell}");
        }
    }
}

#[test]
fn allocations_are_counted_one_by_one() {
    let text = |n: u32| format!("def f():\n for i in range({n}):\n  x = [i]\nf()");
    for cell in cells() {
        let found = difference(&cell, &text(100), &text(200));
        // A list each; with boxed integers also those above 256, of which there are none here.
        assert_eq!(found.allocations, 100, "{cell}: {found:?}");
        assert!(found.allocated_bytes >= 1600 && found.allocated_bytes.is_multiple_of(8));
    }
}

#[test]
fn the_trace_is_what_was_dispatched() {
    for cell in cells() {
        let program = Program::Command {
            source: "for i in range(50): i + i",
            args: &[],
        };
        let seen = Arc::new(Mutex::new((0u64, 0u64)));
        let inside = seen.clone();
        let receive = move |d: Dispatched| {
            let mut seen = inside.lock().expect("nobody panics while counting");
            seen.0 += 1;
            seen.1 += u64::from(d.follows);
        };
        let (code, _) = trace(&cell, &program, options, receive).expect("a cell of this program");
        let (_, counts) = count(&cell, &program, options).expect("a cell of this program");
        let (all, following) = *seen.lock().expect("nobody panics while counting");
        assert_eq!((code, all), (0, counts.dispatches), "{cell}");
        assert!(following > 0 && following < all, "{cell}");
    }
}

#[test]
fn cells_that_do_not_exist_are_refused() {
    let cell = Cell {
        dispatch: "switch".into(),
        superinstructions: false,
        caches: false,
        objects: "none-such".into(),
    };
    let program = Program::Command {
        source: "",
        args: &[],
    };
    let error = count(&cell, &program, options).expect_err("no such objects");
    assert!(error.contains("none-such"), "{error}");
    assert!(trace(&cell, &program, options, |_| {}).is_err());
}

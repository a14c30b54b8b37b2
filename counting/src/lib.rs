//! What a cell does, apart from how fast: exact counts, and the trace of its dispatches.
//!
//! [`count`] runs a program over the *counting form* of the cell's object model ([`ceval_objects::Counted`]); [`trace`] runs it with the
//! probe. Both use the match loop: which instructions run, and what they do to references and caches, does not depend on the
//! strategy that sequences them, so one loop a model is enough. The counting forms are
//! instantiated here and nowhere else, so an ordinary run has no part of them, and this crate is compiled with
//! little optimisation (`Cargo.toml` of the workspace), because nothing in it is timed.
#![forbid(unsafe_code)]

mod tally;

use ceval_cells::{Cell, Entry, Program, RunOptions, STACK_BYTES, on_thread, registry};
use ceval_dispatch_switch::Switch;
#[cfg(any(not(one_cell), one_cell = "arena"))]
use ceval_objects::Arena;
#[cfg(not(one_cell))]
use ceval_objects::Boxed;
#[cfg(not(one_cell = "arena"))]
use ceval_objects::Refcount;
use ceval_objects::{Counted, Tagged};
use ceval_vm_core::object::HeapStats;
use ceval_vm_core::probe;
pub use ceval_vm_core::probe::Traffic;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// What a run has done. The machine's start and the import of modules are part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Instructions dispatched, a superinstruction as one.
    pub dispatches: u64,
    /// Dispatches that left the fast path and entered an instruction's full part.
    pub full: u64,
    /// References added.
    pub increments: u64,
    /// References given back.
    pub decrements: u64,
    /// Objects allocated.
    pub allocations: u64,
    /// Bytes of these objects, without the buffers that they own.
    pub allocated_bytes: u64,
    /// Collections: of cycles, or of a traced heap.
    pub collections: u64,
    /// Objects that collections have reclaimed.
    pub collected: u64,
    /// Answers of inline caches.
    pub cache_hits: u64,
    /// Instructions with an inline cache that went without.
    pub cache_misses: u64,
}

impl Counts {
    fn new(dispatches: u64, heap: HeapStats) -> Counts {
        Counts {
            dispatches,
            full: heap.events.full,
            increments: heap.increments,
            decrements: heap.decrements,
            allocations: heap.allocations,
            allocated_bytes: heap.bytes,
            collections: heap.collections,
            collected: heap.collected,
            cache_hits: heap.events.cache_hits,
            cache_misses: heap.events.cache_misses,
        }
    }
}

/// One dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dispatched {
    /// Number of the instruction in the table.
    pub op: u16,
    /// It stands in the unit after the last one's, which cannot jump.
    pub follows: bool,
}

/// The counting form of an object model, with the match loop.
#[cfg(not(one_cell))]
fn counting_form(objects: &str) -> Option<Entry> {
    Some(match objects {
        "refcount-tagged" => Entry::of::<Refcount<Counted<Tagged>>, Switch>(),
        "refcount-boxed" => Entry::of::<Refcount<Counted<Boxed>>, Switch>(),
        "arena-tagged" => Entry::of::<Arena<Counted<Tagged>>, Switch>(),
        #[cfg(feature = "all-cells")]
        "arena-boxed" => Entry::of::<Arena<Counted<Boxed>>, Switch>(),
        _ => return None,
    })
}

/// A build for quick iteration has one model, which stands for all others.
#[cfg(one_cell)]
fn counting_form(_: &str) -> Option<Entry> {
    #[cfg(not(one_cell = "arena"))]
    return Some(Entry::of::<Refcount<Counted<Tagged>>, Switch>());
    #[cfg(one_cell = "arena")]
    return Some(Entry::of::<Arena<Counted<Tagged>>, Switch>());
}

/// Runs a program on the counting form of a cell with a probe; gives its exit code, and what the heap has counted.
fn run_counting(
    cell: &Cell,
    program: &Program<'_>,
    options: impl FnOnce() -> RunOptions + Send,
    probe: impl FnOnce() -> probe::Options + Send,
) -> Result<(i32, HeapStats), String> {
    cell.check()?;
    let entry = counting_form(&cell.objects)
        .ok_or_else(|| format!("'{}' has no counting form in this program", cell.objects))?;
    let heap = Arc::new(Mutex::new(HeapStats::default()));
    let code = on_thread(STACK_BYTES, || {
        let heap = heap.clone();
        let options = RunOptions {
            probe: Some(probe()),
            at_end: Some(Box::new(move |stats| {
                *heap.lock().unwrap_or_else(PoisonError::into_inner) = stats;
            })),
            ..options()
        };
        entry.run(cell, program, options)
    })?;
    let heap = *heap.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((code, heap))
}

/// Runs a program on the counting form of a cell; gives its exit code and the counts.
///
/// # Errors
/// Where the cell does not exist, or its object model has no counting form here.
pub fn count(
    cell: &Cell,
    program: &Program<'_>,
    options: impl FnOnce() -> RunOptions + Send,
) -> Result<(i32, Counts), String> {
    let dispatches = Arc::new(Mutex::new(0));
    let probe = || tally::counting(dispatches.clone());
    let (code, heap) = run_counting(cell, program, options, probe)?;
    let dispatches = *dispatches.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((code, Counts::new(dispatches, heap)))
}

/// Runs a program on the counting form of a cell; gives its exit code, and what each opcode has done, by its number in the
/// instruction table. What is done before the first dispatch and while no code runs is nobody's.
///
/// # Errors
/// As [`count`].
pub fn traffic(
    cell: &Cell,
    program: &Program<'_>,
    options: impl FnOnce() -> RunOptions + Send,
) -> Result<(i32, Vec<Traffic>), String> {
    let place = Arc::new(Mutex::new(Vec::new()));
    let probe = || tally::traffic(place.clone());
    let (code, _) = run_counting(cell, program, options, probe)?;
    let found = std::mem::take(&mut *place.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((code, found))
}

/// Runs a program with a cell's passes and object model and tells `receive` of every dispatch, in order. The loop is a match loop
/// whatever the cell's strategy. Gives the exit code, and `receive` back.
///
/// # Errors
/// Where the cell does not exist.
pub fn trace<R: FnMut(Dispatched) + Send + 'static>(
    cell: &Cell,
    program: &Program<'_>,
    options: impl FnOnce() -> RunOptions + Send,
    receive: R,
) -> Result<(i32, R), String> {
    cell.check()?;
    let entry = registry::find("switch", &cell.objects)
        .ok_or_else(|| format!("there is no 'switch' with '{}'", cell.objects))?;
    let place = Arc::new(Mutex::new(None));
    let code = on_thread(STACK_BYTES, || {
        let options = RunOptions {
            probe: Some(tally::tracing(receive, place.clone())),
            ..options()
        };
        entry.run(cell, program, options)
    })?;
    let receive = place
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
        .ok_or("the program ended without its trace")?;
    Ok((code, receive))
}

//! Entries: one dispatch strategy with one object model each, by name.

use crate::Cell;
use crate::run::{Program, RunOptions, run_program};
#[cfg(not(one_cell))]
use ceval_dispatch_switch::{Oracle, Switch};
use ceval_dispatch_threaded::tail::Tail;
#[cfg(not(one_cell))]
use ceval_dispatch_threaded::{call::Call, closure::Closure, closure_loop::ClosureLoop};
#[cfg(any(not(one_cell), one_cell = "arena"))]
use ceval_objects::Arena;
#[cfg(not(one_cell))]
use ceval_objects::Boxed;
#[cfg(not(one_cell = "arena"))]
use ceval_objects::Refcount;
use ceval_objects::Tagged;
use ceval_vm_core::dispatch::{Dispatch, Dispatcher};
use ceval_vm_core::object::ObjectModel;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The strategy that runs full handlers alone: for tests, not listed among cells.
pub const ORACLE: &str = "oracle";

/// A strategy with an object model, instantiated.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Name of the strategy ([`Dispatch::NAME`]).
    pub dispatch: &'static str,
    /// Name of the object model with its value form ([`ObjectModel::NAME`]).
    pub objects: &'static str,
    /// Whether the strategy has a form that tells the probe of every dispatch.
    pub has_probed: bool,
    pub(crate) run: fn(&Cell, &Program<'_>, RunOptions) -> Result<i32, String>,
}

impl Entry {
    /// The entry of strategy `D` with model `M`.
    pub fn of<M: ObjectModel, D: Dispatch<M>>() -> Entry {
        Entry {
            dispatch: D::NAME,
            objects: M::NAME,
            has_probed: D::PROBED.is_some(),
            run: run_with::<M, D>,
        }
    }

    /// Runs a program on the entry's machine, with the cell's passes. As [`crate::run()`], but for the names of
    /// the cell's strategy and objects, which are not looked at.
    ///
    /// # Errors
    /// Where a probe was given and the strategy has no probed form.
    pub fn run(
        &self,
        cell: &Cell,
        program: &Program<'_>,
        options: RunOptions,
    ) -> Result<i32, String> {
        (self.run)(cell, program, options)
    }
}

fn run_with<M: ObjectModel, D: Dispatch<M>>(
    cell: &Cell,
    program: &Program<'_>,
    options: RunOptions,
) -> Result<i32, String> {
    let dispatcher = match options.probe {
        None => Dispatcher::of::<D>(),
        Some(_) => Dispatcher::probed::<D>()
            .ok_or_else(|| format!("strategy '{}' has no probed form", D::NAME))?,
    };
    Ok(run_program(dispatcher, cell, program, options))
}

#[cfg(not(one_cell))]
fn model<M: ObjectModel>() -> [Entry; 6] {
    [
        Entry::of::<M, Switch>(),
        Entry::of::<M, Closure>(),
        Entry::of::<M, ClosureLoop>(),
        Entry::of::<M, Call>(),
        Entry::of::<M, Tail>(),
        Entry::of::<M, Oracle>(),
    ]
}

/// The built-in entries. Feature `all-cells` adds `arena-boxed`.
#[cfg(not(one_cell))]
fn built_in() -> Vec<Entry> {
    let models = [
        model::<Refcount<Tagged>>(),
        model::<Refcount<Boxed>>(),
        model::<Arena<Tagged>>(),
        #[cfg(feature = "all-cells")]
        model::<Arena<Boxed>>(),
    ];
    models.concat()
}

/// A build for quick iteration has one model and one strategy (`build.rs`), which stand for all others.
#[cfg(one_cell)]
fn built_in() -> Vec<Entry> {
    #[cfg(not(one_cell = "arena"))]
    let entry = Entry::of::<Refcount<Tagged>, Tail>();
    #[cfg(one_cell = "arena")]
    let entry = Entry::of::<Arena<Tagged>, Tail>();
    let mut entries = Vec::new();
    for objects in ["refcount-tagged", "refcount-boxed", "arena-tagged"] {
        for dispatch in ["switch", "closure", "closure-loop", "call", "tail", ORACLE] {
            entries.push(Entry {
                dispatch,
                objects,
                ..entry
            });
        }
    }
    entries
}

fn entries() -> &'static Mutex<Vec<Entry>> {
    static ENTRIES: OnceLock<Mutex<Vec<Entry>>> = OnceLock::new();
    ENTRIES.get_or_init(|| Mutex::new(built_in()))
}

/// Adds an entry. One with the names of an older one takes its place.
pub fn register(entry: Entry) {
    let mut entries = entries().lock().unwrap_or_else(PoisonError::into_inner);
    entries.retain(|e| (e.dispatch, e.objects) != (entry.dispatch, entry.objects));
    entries.push(entry);
}

/// The entry of these names.
pub fn find(dispatch: &str, objects: &str) -> Option<Entry> {
    let entries = entries().lock().unwrap_or_else(PoisonError::into_inner);
    let found = entries
        .iter()
        .find(|e| e.dispatch == dispatch && e.objects == objects);
    found.copied()
}

/// Names of the strategies, without the oracle.
pub fn dispatches() -> Vec<&'static str> {
    names(|e| (e.dispatch != ORACLE).then_some(e.dispatch))
}

/// Names of the object models with their value forms.
pub fn objects() -> Vec<&'static str> {
    names(|e| Some(e.objects))
}

fn names(name: impl Fn(&Entry) -> Option<&'static str>) -> Vec<&'static str> {
    let entries = entries().lock().unwrap_or_else(PoisonError::into_inner);
    let mut names = Vec::new();
    for n in entries.iter().filter_map(name) {
        if !names.contains(&n) {
            names.push(n);
        }
    }
    names
}

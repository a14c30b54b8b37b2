//! The registry of cells: names to machines.
//!
//! A cell is one choice of each factor. [`run()`] turns a [`Cell`] into a machine through the registry: an [`Entry`] is one
//! strategy with one object model, monomorphic from its function pointer on, so nothing measured goes through a
//! virtual call. The built-in strategies and models are instantiated here and nowhere else; a program that has
//! one of its own adds an entry ([`register`]) before it starts the command.
//!
//! - [`cell`]: names; [`registry`]: entries; [`run`](mod@run): programs and their options;
//! - [`sampling`]: the clock of a profile.
#![forbid(unsafe_code)]

pub mod cell;
pub mod registry;
pub mod run;
pub mod sampling;

pub use cell::{Cell, all};
pub use registry::{Entry, register};
pub use run::{Program, RunOptions, STACK_BYTES, Sink, capture, on_thread, run, run_on_thread};

/// The baseline: the cell most like CPython 3.5.
pub const BASELINE: &str = "switch/refcount-boxed";

/// The cell of `ceval FILE` where none is named: the fastest.
pub const DEFAULT: &str = "tail+super+caches/refcount-tagged";

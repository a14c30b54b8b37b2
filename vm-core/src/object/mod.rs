//! Objects as every model sees them: tagged words, headers, bodies, classes' slots.
//!
//! Nothing here allocates or reclaims: that is an [`ObjectModel`]'s job
//! (crate `ceval-objects`). This module fixes the parts on which a model, the
//! handlers and the native types agree: how a word is read ([`Value`]), what
//! stands in front of every heap object ([`Header`]), and which Rust type is
//! the body of which [`Kind`] ([`kinds`]).

pub mod attrs;
pub mod header;
pub mod kinds;
pub mod model;
pub mod native;
pub mod shape;
pub mod slots;
pub mod value;
pub mod value_cell;

pub use header::{ClassId, Header, Kind, Tag};
pub use kinds::{Body, BodyOps, Trace, body_ops};
pub use model::{CollectReason, Event, Events, HeapStats, ObjectModel, Visitor};
pub use native::{Args, NativeFn, Opaque};
pub use slots::{CompareOp, Slot, Slots};
pub use value::{IntRef, Value};
pub use value_cell::ValueCell;

/// The value word of the model `M`.
pub type V<M> = <M as ObjectModel>::Value;

/// A Python exception is set in the thread state ([`crate::Vm::take_raised`]).
///
/// Zero-sized, so that `Result<Flow, Raised>` fits a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Raised;

/// What an operation that can raise gives; the exception is in the thread state.
pub type Res<T> = Result<T, Raised>;

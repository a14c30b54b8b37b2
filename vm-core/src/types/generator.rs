//! Generators, coroutines and asynchronous generators.
//!
//! A suspended activation is copied out of the stacks into its generator
//! object and copied back when it is resumed, so a resumed generator runs in
//! the same loop as any call and the native stack does not grow.

pub mod asynchronous;
pub mod methods;

use crate::machine::frame::Block;
use crate::object::{ObjectModel, Trace, V, ValueCell, Visitor};
use crate::types::code::Linked;
use crate::types::dict::Dict;
use std::cell::{Cell, RefCell};

/// Where a generator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneratorState {
    /// Not started.
    Created,
    /// Suspended at a `yield`.
    Suspended,
    /// Running, or waiting for what it has called.
    Running,
    /// Returned or raised.
    Finished,
}

/// A suspended activation.
pub struct Suspended<M: ObjectModel> {
    /// Locals, cells and operand stack, from the bottom. The capacity is a frame's, so that no later
    /// suspension allocates.
    pub words: Vec<V<M>>,
    /// The block stack.
    pub blocks: Vec<Block>,
    /// Unit index at which to go on.
    pub resume: u32,
}

/// The activation and its state; what all three types have in common.
pub struct Activation<M: ObjectModel> {
    /// The function.
    pub function: V<M>,
    /// The code, as the function had it when it was called.
    pub code: *const Linked<M>,
    /// The globals; the function owns them.
    pub globals: *const Dict<M>,
    /// `__name__`.
    pub name: ValueCell<M>,
    /// `__qualname__`.
    pub qualname: ValueCell<M>,
    /// State.
    pub state: Cell<GeneratorState>,
    /// The stacks' contents while suspended.
    pub suspended: RefCell<Suspended<M>>,
    /// The exception being handled inside, saved while suspended (`f_exc_value`): absent or a value.
    pub handled: ValueCell<M>,
    /// The frame object, if one was made.
    pub frame: ValueCell<M>,
    /// What `yield from` or `await` is delegating to, for `gi_yieldfrom`; absent if nothing.
    pub yield_from: ValueCell<M>,
}

impl<M: ObjectModel> Activation<M> {
    /// The code.
    #[inline(always)]
    pub fn linked(&self) -> &Linked<M> {
        // SAFETY: set when the generator is made; the function's code object owns it, or
        // `Vm::retired` does where the function has been given other code.
        unsafe { &*self.code }
    }
}

impl<M: ObjectModel> Trace<M> for Activation<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.function);
        for v in &self.suspended.borrow().words {
            visitor.visit(v);
        }
        for c in [
            &self.name,
            &self.qualname,
            &self.handled,
            &self.frame,
            &self.yield_from,
        ] {
            c.trace(visitor);
        }
    }

    fn clear(&self) {
        let words = std::mem::take(&mut self.suspended.borrow_mut().words);
        self.state.set(GeneratorState::Finished);
        drop(words);
        drop(self.handled.take());
        drop(self.frame.take());
        drop(self.yield_from.take());
    }
}

macro_rules! activation_bodies { ($($(#[$doc:meta])* $name:ident,)*) => { $(
    $(#[$doc])*
    pub struct $name<M: ObjectModel>(pub Activation<M>);
    impl<M: ObjectModel> Trace<M> for $name<M> {
        fn trace(&self, visitor: &mut M::Visitor) {
            self.0.trace(visitor)
        }
        fn clear(&self) {
            self.0.clear()
        }
    }
)* } }
activation_bodies! {
    /// Body of a generator.
    Generator,
    /// Body of a coroutine.
    Coroutine,
    /// Body of an asynchronous generator.
    AsyncGenerator,
}

/// What `coroutine.__await__` gives: drives the coroutine.
pub struct CoroutineWrapper<M: ObjectModel> {
    /// The coroutine.
    pub coroutine: V<M>,
}

impl<M: ObjectModel> Trace<M> for CoroutineWrapper<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.coroutine);
    }
}

/// The activation of a generator, coroutine or asynchronous generator.
pub fn activation<M: ObjectModel>(value: &V<M>) -> Option<&Activation<M>> {
    use crate::object::{Kind, Value};
    match value.kind() {
        Kind::Generator => value.get::<Generator<M>>().map(|g| &g.0),
        Kind::Coroutine => value.get::<Coroutine<M>>().map(|g| &g.0),
        Kind::AsyncGenerator => value.get::<AsyncGenerator<M>>().map(|g| &g.0),
        _ => None,
    }
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut crate::Vm<M>) {
    methods::init(vm);
}

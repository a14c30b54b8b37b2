//! What `__anext__`, `asend`, `athrow` and `aclose` of an asynchronous generator give: awaitables of one step each
//! (PEP 525). CPython `Objects/genobject.c`.
//!
//! A value that the generator passes on from an `await` inside it and one that it yields come by the same way; they
//! are told apart by where the generator stands: on a YIELD_FROM or behind a YIELD_VALUE. So the instructions know
//! nothing of asynchronous generators.

use super::methods::{delegate_of, send, throw};
use super::{GeneratorState, activation};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::native::opaque;
use crate::object::{Args, Kind, ObjectModel, Opaque, Res, V, Value, ValueCell};
use crate::types::class::builder::ClassBuilder;
use crate::types::sequence_iterators::iter_self;
use std::any::Any;
use std::cell::Cell;

/// What the step does when it is first driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kick {
    /// Sends `Step::what`.
    Send,
    /// Throws the arguments in `Step::what`, a tuple.
    Throw,
    /// Throws GeneratorExit.
    Close,
    /// Nothing: the result is `Step::what`.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Fresh,
    Driven,
    Over,
}

/// The body of a step.
struct Step<M: ObjectModel> {
    generator: ValueCell<M>,
    what: ValueCell<M>,
    kick: Kick,
    stage: Cell<Stage>,
}

impl<M: ObjectModel> Opaque<M> for Step<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.generator.trace(visitor);
        self.what.trace(visitor);
    }
    fn clear(&self) {
        drop(self.generator.take());
        drop(self.what.take());
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

const SEND: &str = "async_generator_asend";
const THROW: &str = "async_generator_athrow";

/// Makes the classes of steps.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    for name in [SEND, THROW] {
        vm.new_opaque_class(name)
            .slots(|s| {
                s.iter = Some(iter_self::<M>);
                s.await_ = Some(iter_self::<M>);
                s.iternext = Some(next::<M>);
            })
            .method("send", send_method::<M>)
            .method("throw", throw_method::<M>)
            .method("close", close_method::<M>)
            .done();
    }
}

/// The methods of asynchronous generators.
pub fn fill<M: ObjectModel>(class: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    class
        .slots(|s| {
            s.aiter = Some(iter_self::<M>);
            s.anext = Some(|vm, v| Ok(new_step(vm, v, V::<M>::none(), Kick::Send)));
        })
        .method("asend", |vm, args| {
            let (v, rest) = args.method();
            let [value] = rest.exact::<1>(vm, "asend")?;
            Ok(new_step(vm, v, value.clone(), Kick::Send))
        })
        .method("athrow", |vm, args| {
            let (v, rest) = args.method();
            let thrown = rest.unpack_between(vm, "athrow", 1, 3)?.to_vec();
            let thrown = vm.new_tuple(thrown);
            Ok(new_step(vm, v, thrown, Kick::Throw))
        })
        .method("aclose", |vm, args| {
            let (v, rest) = args.method();
            rest.exact::<0>(vm, "aclose")?;
            Ok(new_step(vm, v, V::<M>::none(), Kick::Close))
        })
}

fn new_step<M: ObjectModel>(vm: &mut Vm<M>, generator: &V<M>, what: V<M>, kick: Kick) -> V<M> {
    let name = match kick {
        Kick::Throw | Kick::Close => THROW,
        Kick::Send | Kick::Done => SEND,
    };
    let class = vm.native_class(name).unwrap_or_else(V::<M>::none);
    let step = Step {
        generator: ValueCell::new(generator.clone()),
        what: ValueCell::new(what),
        kick,
        stage: Cell::new(Stage::Fresh),
    };
    vm.new_opaque(&class, step)
}

/// An awaitable whose result is at hand: `__aiter__` of later releases gives the iterator itself, 3.5.1 awaits it.
pub fn finished_step<M: ObjectModel>(vm: &mut Vm<M>, result: &V<M>) -> V<M> {
    new_step(vm, &V::<M>::none(), result.clone(), Kick::Done)
}

/// One step as [`Vm::next_or_stop`] wants it, whose StopIteration carries the result; `None`: `v` is no step.
pub fn step_once<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Option<Res<V<M>>> {
    opaque::<M, Step<M>>(v)?;
    Some(drive(vm, v, V::<M>::none()))
}

fn next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    drive(vm, v, V::<M>::none()).map(Some)
}

fn send_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [value] = rest.exact::<1>(vm, "send")?;
    drive(vm, v, value.clone())
}

fn throw_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let thrown = rest.unpack_between(vm, "throw", 1, 3)?;
    let Some(step) = opaque::<M, Step<M>>(v) else {
        return Ok(V::<M>::none());
    };
    if step.stage.get() == Stage::Over {
        return Err(vm.raise_stop_iteration(None));
    }
    step.stage.set(Stage::Driven);
    let generator = step.generator.load();
    let outcome = throw(vm, &generator, thrown);
    settle(vm, step, &generator, outcome)
}

fn close_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "close")?;
    if let Some(step) = opaque::<M, Step<M>>(v) {
        step.stage.set(Stage::Over);
    }
    Ok(V::<M>::none())
}

/// Goes on with the step: gives what an `await` inside passes on, or raises StopIteration with the result.
fn drive<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: V<M>) -> Res<V<M>> {
    let Some(step) = opaque::<M, Step<M>>(v) else {
        return Ok(V::<M>::none());
    };
    let generator = step.generator.load();
    let outcome = match (step.stage.get(), step.kick) {
        (Stage::Over, _) => return Err(vm.raise_stop_iteration(None)),
        (_, Kick::Done) => {
            step.stage.set(Stage::Over);
            let result = step.what.load();
            return Err(vm.raise_stop_iteration(Some(result)));
        }
        (Stage::Driven, _) => send(vm, &generator, value),
        (Stage::Fresh, Kick::Send) => {
            step.stage.set(Stage::Driven);
            let value = if value.is_none() {
                step.what.load()
            } else {
                value
            };
            send(vm, &generator, value)
        }
        (Stage::Fresh, kick) => {
            let state = activation::<M>(&generator).map(|a| a.state.get());
            if state == Some(GeneratorState::Finished) {
                step.stage.set(Stage::Over);
                return Err(match kick {
                    Kick::Close => vm.raise_stop_iteration(None),
                    _ => vm.raise_with(Exc::StopAsyncIteration, Vec::new()),
                });
            }
            step.stage.set(Stage::Driven);
            if kick == Kick::Close {
                let exit = vm.class_of_exc(Exc::GeneratorExit);
                throw(vm, &generator, &[exit])
            } else {
                let thrown = step.what.load();
                throw(vm, &generator, crate::types::tuple::items::<M>(&thrown))
            }
        }
    };
    settle(vm, step, &generator, outcome)
}

/// What the driver of a step gets to see of what the generator did.
fn settle<M: ObjectModel>(
    vm: &mut Vm<M>,
    step: &Step<M>,
    generator: &V<M>,
    outcome: Res<Option<V<M>>>,
) -> Res<V<M>> {
    if let Ok(Some(value)) = &outcome
        && delegate_of::<M>(generator).is_some()
    {
        return Ok(value.clone());
    }
    step.stage.set(Stage::Over);
    let closes = step.kick == Kick::Close;
    match outcome {
        Ok(Some(_)) if closes => {
            Err(vm.raise(Exc::RuntimeError, "async generator ignored GeneratorExit"))
        }
        Ok(Some(value)) => Err(vm.raise_stop_iteration(Some(value))),
        Ok(None) => {
            drop(std::mem::replace(&mut vm.returned, V::<M>::null()));
            match closes {
                true => Err(vm.raise_stop_iteration(None)),
                false => Err(vm.raise_with(Exc::StopAsyncIteration, Vec::new())),
            }
        }
        Err(_) if closes && vm.raised_is(Exc::GeneratorExit) => {
            drop(vm.take_raised());
            Err(vm.raise_stop_iteration(None))
        }
        Err(_) if vm.raised_is(Exc::StopAsyncIteration) => {
            let m = "async generator raised StopAsyncIteration";
            Err(vm.raise_from_raised(Exc::RuntimeError, m.to_owned()))
        }
        Err(_) if vm.raised_is(Exc::StopIteration) => {
            let m = "async generator raised StopIteration";
            Err(vm.raise_from_raised(Exc::RuntimeError, m.to_owned()))
        }
        Err(e) => Err(e),
    }
}

/// Whether an object is an asynchronous iterator.
pub fn is_async_iterator<M: ObjectModel>(vm: &Vm<M>, v: &V<M>) -> bool {
    v.kind() == Kind::AsyncGenerator || vm.slots(v).anext.is_some()
}

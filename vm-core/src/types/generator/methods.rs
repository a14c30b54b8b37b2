//! What generators and coroutines offer to Python code. CPython `Objects/genobject.c`.
//!
//! Resuming is the machine's ([`crate::machine`]'s `resume.rs`); here are the rules of `send`,
//! `throw` and `close`, which reach through `yield from` to the innermost generator.

use super::{Activation, CoroutineWrapper, GeneratorState, activation};
use crate::Vm;
use crate::instr::InstrOp;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::exception::Exception;
use crate::types::frame::{FrameObject, NOT_STARTED};
use crate::types::function::Function;
use crate::types::sequence_iterators::iter_self;
use crate::types::str::Str;
use crate::types::traceback::Traceback;
use crate::types::tuple;
use std::cell::{Cell, RefCell};

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let kinds = [
        (
            Kind::Generator,
            "gi_running",
            "gi_frame",
            "gi_code",
            "gi_yieldfrom",
        ),
        (
            Kind::Coroutine,
            "cr_running",
            "cr_frame",
            "cr_code",
            "cr_await",
        ),
        (
            Kind::AsyncGenerator,
            "ag_running",
            "ag_frame",
            "ag_code",
            "ag_await",
        ),
    ];
    for (kind, running, frame, code, delegate) in kinds {
        let mut class = vm
            .fill_class(kind)
            .slots(|s| {
                s.repr = Some(repr::<M>);
                s.finalize = Some(finalize::<M>);
                match kind {
                    Kind::Generator => {
                        s.iter = Some(iter_self::<M>);
                        s.iternext = Some(next::<M>);
                    }
                    Kind::Coroutine => s.await_ = Some(await_::<M>),
                    _ => {}
                }
            })
            .getset(
                running,
                |_, v| {
                    let state = activation::<M>(v).map(|a| a.state.get());
                    Ok(V::<M>::bool(state == Some(GeneratorState::Running)))
                },
                Some(read_only),
            )
            .getset(frame, frame_object::<M>, Some(read_only))
            .getset(
                code,
                |_, v| {
                    let code = activation::<M>(v).and_then(|a| {
                        let f = a.function.get::<Function<M>>()?;
                        Some(f.code.load())
                    });
                    Ok(code.unwrap_or_else(V::<M>::none))
                },
                Some(read_only),
            )
            .getter(delegate, |_, v| {
                Ok(delegate_of::<M>(v).unwrap_or_else(V::<M>::none))
            })
            .getset(
                "__name__",
                |_, v| Ok(activation::<M>(v).map_or_else(V::<M>::none, |a| a.name.load())),
                Some(|vm, v, value| set_name(vm, v, value, "__name__")),
            )
            .getset(
                "__qualname__",
                |_, v| Ok(activation::<M>(v).map_or_else(V::<M>::none, |a| a.qualname.load())),
                Some(|vm, v, value| set_name(vm, v, value, "__qualname__")),
            );
        if kind == Kind::AsyncGenerator {
            class = super::asynchronous::fill(class);
        } else {
            class = class
                .method("send", send_method::<M>)
                .method("throw", throw_method::<M>)
                .method("close", close_method::<M>);
        }
        if kind == Kind::Generator {
            class = class.method("__next__", next_method::<M>);
        }
        class.done();
    }
    vm.fill_class(Kind::CoroutineWrapper)
        .slots(|s| {
            s.iter = Some(iter_self::<M>);
            s.iternext = Some(next_of_wrapper::<M>);
        })
        .method("__next__", next_method::<M>)
        .method("send", send_method::<M>)
        .method("throw", throw_method::<M>)
        .method("close", close_method::<M>)
        .done();
}

/// The generator or coroutine that a receiver stands for: itself, or the wrapper's coroutine.
fn target<M: ObjectModel>(v: &V<M>) -> V<M> {
    match v.get::<CoroutineWrapper<M>>() {
        Some(w) => w.coroutine.clone(),
        None => v.clone(),
    }
}

/// What a suspended generator delegates to by `yield from` or `await`.
pub fn delegate_of<M: ObjectModel>(v: &V<M>) -> Option<V<M>> {
    let a = activation::<M>(v)?;
    if a.state.get() != GeneratorState::Suspended {
        return None;
    }
    let suspended = a.suspended.borrow();
    let at = suspended.resume as usize;
    let next = a.linked().instructions.get(at);
    if next.is_some_and(|i| i.op == InstrOp::YieldFrom) {
        suspended.words.last().cloned()
    } else {
        None
    }
}

/// Drops the delegate and goes on behind the YIELD_FROM, after the delegate has ended.
fn leave_delegate<M: ObjectModel>(v: &V<M>) {
    if let Some(a) = activation::<M>(v) {
        let delegate = {
            let mut s = a.suspended.borrow_mut();
            s.resume += 1;
            s.words.pop()
        };
        drop(delegate);
    }
}

/// Runs `f` with the generator marked as running.
fn while_running<M: ObjectModel, T>(
    vm: &mut Vm<M>,
    v: &V<M>,
    f: impl FnOnce(&mut Vm<M>) -> Res<T>,
) -> Res<T> {
    let Some(a) = activation::<M>(v) else {
        return f(vm);
    };
    let before = a.state.replace(GeneratorState::Running);
    let r = vm.holding(f);
    a.state.set(before);
    r
}

/// A yielded value, or StopIteration with the returned one.
fn yielded<M: ObjectModel>(vm: &mut Vm<M>, step: Option<V<M>>) -> Res<V<M>> {
    match step {
        Some(v) => Ok(v),
        None => {
            let value = std::mem::replace(&mut vm.returned, V::<M>::null());
            let value = Some(value).filter(|v| !v.is_null() && !v.is_none());
            Err(vm.raise_stop_iteration(value))
        }
    }
}

/// `generator.send(value)`: the value yielded next; `None`: returned, with `vm.returned`.
pub fn send<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: V<M>) -> Res<Option<V<M>>> {
    let state = activation::<M>(v).map(|a| a.state.get());
    if state == Some(GeneratorState::Created) && !value.is_none() {
        let m = format!(
            "can't send non-None value to a just-started {}",
            word_for::<M>(v)
        );
        return Err(vm.raise_type_error(m));
    }
    vm.resume_generator(v, value)
}

fn word_for<M: ObjectModel>(v: &V<M>) -> &'static str {
    match v.kind() {
        Kind::Coroutine => "coroutine",
        Kind::AsyncGenerator => "async generator",
        _ => "generator",
    }
}

fn next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    vm.resume_generator(v, V::<M>::none())
}

/// The end of a wrapped coroutine carries its result: StopIteration is raised for it.
fn next_of_wrapper<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let step = send(vm, &target::<M>(v), V::<M>::none())?;
    yielded(vm, step).map(Some)
}

fn next_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__next__")?;
    let step = vm.resume_generator(&target::<M>(slf), V::<M>::none())?;
    yielded(vm, step)
}

fn send_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [value] = rest.exact::<1>(vm, "send")?;
    let step = send(vm, &target::<M>(slf), value.clone())?;
    yielded(vm, step)
}

fn throw_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let thrown = rest.unpack_between(vm, "throw", 1, 3)?;
    let step = throw(vm, &target::<M>(slf), thrown)?;
    yielded(vm, step)
}

fn close_method<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "close")?;
    close(vm, &target::<M>(slf))?;
    Ok(V::<M>::none())
}

/// `generator.throw(type, value, traceback)`. `None`: returned, with `vm.returned`.
pub fn throw<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, thrown: &[V<M>]) -> Res<Option<V<M>>> {
    if let Some(inner) = delegate_of::<M>(v) {
        if is_generator_exit(vm, &thrown[0]) {
            if while_running(vm, v, |vm| close_iterator(vm, &inner)).is_err() {
                let exception = vm.take_raised();
                return vm.throw_into_generator(v, exception);
            }
        } else if let Some(outcome) = while_running(vm, v, |vm| Ok(throw_into(vm, &inner, thrown)))?
        {
            drop(inner);
            return go_on(vm, v, outcome);
        }
    }
    let exception = thrown_exception(vm, thrown)?;
    vm.throw_into_generator(v, exception)
}

/// Throws into a delegate; `None` if it has no `throw`.
fn throw_into<M: ObjectModel>(
    vm: &mut Vm<M>,
    inner: &V<M>,
    thrown: &[V<M>],
) -> Option<Res<Option<V<M>>>> {
    let t = target::<M>(inner);
    if matches!(t.kind(), Kind::Generator | Kind::Coroutine) {
        return Some(throw(vm, &t, thrown));
    }
    match vm.find_attr(inner, "throw") {
        Ok(Some(method)) => Some(vm.call_values(&method, thrown).map(Some)),
        Ok(None) => None,
        Err(e) => Some(Err(e)),
    }
}

/// After a throw into the delegate: pass on what it yields, or go on with its result or exception.
fn go_on<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    outcome: Res<Option<V<M>>>,
) -> Res<Option<V<M>>> {
    let value = match outcome {
        Ok(Some(value)) => return Ok(Some(value)),
        Ok(None) => std::mem::replace(&mut vm.returned, V::<M>::null()),
        Err(_) => {
            let exception = vm.take_raised();
            leave_delegate::<M>(v);
            if !vm.is_exception_of(&exception, Exc::StopIteration) {
                return vm.throw_into_generator(v, exception);
            }
            let value = vm.stop_iteration_value(&exception);
            return vm.resume_generator(v, value);
        }
    };
    leave_delegate::<M>(v);
    let value = if value.is_null() {
        V::<M>::none()
    } else {
        value
    };
    vm.resume_generator(v, value)
}

fn is_generator_exit<M: ObjectModel>(vm: &Vm<M>, v: &V<M>) -> bool {
    if let Some(t) = v.get::<crate::types::class::Type<M>>() {
        return vm.class_is_subclass(t.id, Exc::GeneratorExit.class());
    }
    vm.is_exception_of(v, Exc::GeneratorExit)
}

/// The exception that the arguments of `throw` stand for.
fn thrown_exception<M: ObjectModel>(vm: &mut Vm<M>, thrown: &[V<M>]) -> Res<V<M>> {
    let none = V::<M>::none();
    let value = thrown.get(1).unwrap_or(&none);
    let traceback = thrown.get(2).unwrap_or(&none);
    if !traceback.is_none() && traceback.get::<Traceback<M>>().is_none() {
        return Err(vm.raise_type_error("throw() third argument must be a traceback object"));
    }
    let class = &thrown[0];
    let exception = if vm.is_exception_class(class) {
        let made = if value.is_none() {
            vm.call_values(class, &[])?
        } else if vm.is_instance(value, class)? {
            value.clone()
        } else if value.get::<tuple::Tuple<M>>().is_some() {
            vm.call_values(class, tuple::items::<M>(value))?
        } else {
            vm.call_values(class, std::slice::from_ref(value))?
        };
        vm.instantiate_exception(&made, "exceptions must derive from BaseException")?
    } else if class.get::<Exception<M>>().is_some() {
        if !value.is_none() {
            return Err(vm.raise_type_error("instance exception may not have a separate value"));
        }
        class.clone()
    } else {
        let m = format!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            vm.type_name(class)
        );
        return Err(vm.raise_type_error(m));
    };
    if !traceback.is_none()
        && let Some(e) = exception.get::<Exception<M>>()
    {
        e.traceback.set(traceback.clone());
    }
    Ok(exception)
}

/// Closes a delegate of any type.
fn close_iterator<M: ObjectModel>(vm: &mut Vm<M>, inner: &V<M>) -> Res<()> {
    let t = target::<M>(inner);
    if matches!(t.kind(), Kind::Generator | Kind::Coroutine) {
        return close(vm, &t);
    }
    if let Some(method) = vm.find_attr(inner, "close")? {
        vm.call_values(&method, &[])?;
    }
    Ok(())
}

/// `generator.close()`.
pub fn close<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<()> {
    let Some(a) = activation::<M>(v) else {
        return Ok(());
    };
    match a.state.get() {
        GeneratorState::Finished => return Ok(()),
        GeneratorState::Created => {
            Trace::<M>::clear(a);
            return Ok(());
        }
        GeneratorState::Suspended | GeneratorState::Running => {}
    }
    let mut exception = V::<M>::null();
    if let Some(inner) = delegate_of::<M>(v)
        && while_running(vm, v, |vm| close_iterator(vm, &inner)).is_err()
    {
        exception = vm.take_raised();
    }
    if exception.is_null() {
        exception = vm.new_exception(Exc::GeneratorExit, Vec::new());
    }
    match vm.throw_into_generator(v, exception) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => {
            let m = format!("{} ignored GeneratorExit", word_for::<M>(v));
            Err(vm.raise(Exc::RuntimeError, m))
        }
        Err(_) if vm.raised_is(Exc::StopIteration) || vm.raised_is(Exc::GeneratorExit) => {
            drop(vm.take_raised());
            Ok(())
        }
        Err(e) => Err(e),
    }
}

/// The last reference is gone: the generator is closed, so that its `finally` blocks run
/// (`_PyGen_Finalize`). A coroutine that nobody has awaited is warned about.
fn finalize<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<()> {
    let Some(a) = activation::<M>(v) else {
        return Ok(());
    };
    if v.kind() == Kind::Coroutine && a.state.get() == GeneratorState::Created {
        let name = vm.text_of(&a.qualname.load());
        let text = vm.new_str(format!("coroutine '{name}' was never awaited"));
        let category = vm.class_of_exc(Exc::RuntimeWarning);
        let warnings = vm.import_module("warnings")?;
        vm.call_method(&warnings, "warn", &[text, category])?;
    }
    close(vm, v)
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let name = activation::<M>(v).map_or_else(V::<M>::none, |a| a.qualname.load());
    let text = format!(
        "<{} object {} at {:#x}>",
        vm.type_name(v),
        vm.text_of(&name),
        v.bits()
    );
    Ok(vm.new_str(text))
}

fn await_<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.alloc(CoroutineWrapper {
        coroutine: v.clone(),
    }))
}

/// What CPython has as a member, not a computed attribute, refuses in these words.
fn read_only<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, _: Option<&V<M>>) -> Res<()> {
    Err(vm.raise(Exc::AttributeError, "readonly attribute"))
}

fn set_name<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>, name: &str) -> Res<()> {
    let Some(value) = value.filter(|x| x.get::<Str>().is_some()) else {
        return Err(vm.raise_type_error(format!("{name} must be set to a string object")));
    };
    if let Some(a) = activation::<M>(v) {
        let place = if name == "__name__" {
            &a.name
        } else {
            &a.qualname
        };
        place.set(value.clone());
    }
    Ok(())
}

/// `gi_frame`: None once finished.
fn frame_object<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(a) = activation::<M>(v) else {
        return Ok(V::<M>::none());
    };
    match a.state.get() {
        GeneratorState::Finished => Ok(V::<M>::none()),
        GeneratorState::Running => {
            let mut below = 0;
            while let Some(frame) = vm.frame_at(below) {
                if frame.generator.is(v) {
                    return Ok(vm.frame_object(below).unwrap_or_else(V::<M>::none));
                }
                below += 1;
            }
            Ok(V::<M>::none())
        }
        GeneratorState::Created | GeneratorState::Suspended => {
            let object = match a.frame.get() {
                Some(object) => object,
                None => {
                    let object = new_frame_object(vm, a);
                    a.frame.set(object.clone());
                    object
                }
            };
            show_locals(&object, a);
            Ok(object)
        }
    }
}

fn new_frame_object<M: ObjectModel>(vm: &mut Vm<M>, a: &Activation<M>) -> V<M> {
    let builtins = vm.interp.builtins.clone();
    vm.alloc(FrameObject {
        function: a.function.clone(),
        back: ValueCell::empty(),
        activation: Cell::new(None),
        lasti: Cell::new(NOT_STARTED),
        locals: RefCell::new(Vec::new()),
        namespace: ValueCell::empty(),
        builtins: ValueCell::new(builtins),
        trace: ValueCell::empty(),
    })
}

/// Copies position and locals of a suspended activation into its frame object.
fn show_locals<M: ObjectModel>(object: &V<M>, a: &Activation<M>) {
    let Some(f) = object.get::<FrameObject<M>>() else {
        return;
    };
    let suspended = a.suspended.borrow();
    let l = a.linked();
    let before = (suspended.resume as usize).checked_sub(1);
    let lasti = before.and_then(|i| l.offsets.get(i).copied());
    let count = (l.nlocals + l.nderefs) as usize;
    f.lasti.set(lasti.unwrap_or(NOT_STARTED));
    let words = suspended.words[..count.min(suspended.words.len())].to_vec();
    drop(suspended);
    let old = f.locals.replace(words);
    drop(old);
}

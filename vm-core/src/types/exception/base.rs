//! `BaseException`: construction, `str`, `repr`, and the attributes that all exceptions share.

use super::{Exception, fields};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value, ValueCell};
use crate::types::class::builder::ClassBuilder;
use crate::types::tuple::{Tuple, shared_items};

/// `__new__`: keeps the positional arguments, whatever `__init__` will say.
pub fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = vm.new_tuple(shared_items::<M>(args.pos));
    Ok(vm.alloc_as(class, Exception::new(args)))
}

/// `__init__`: no keywords.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    refuse_keywords(vm, v, args)?;
    set_args(vm, v, args.pos);
    Ok(())
}

/// TypeError if there are keyword arguments, in the words of `_PyArg_NoKeywords`.
pub fn refuse_keywords<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    if args.kw.is_empty() {
        return Ok(());
    }
    let m = format!("{} does not take keyword arguments", vm.type_name(v));
    Err(vm.raise_type_error(m))
}

/// Sets `args`, unless it holds the same values already (as after `__new__`).
pub fn set_args<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, items: &[V<M>]) {
    let Some(e) = v.get::<Exception<M>>() else {
        return;
    };
    let same = e.args.load_borrowed().get::<Tuple<M>>().is_some_and(|t| {
        t.items.len() == items.len() && t.items.iter().zip(items).all(|(a, b)| a.is(b))
    });
    if !same {
        e.args.set(vm.new_tuple(shared_items::<M>(items)));
    }
}

/// The values of `args`.
pub fn args_of<M: ObjectModel>(v: &V<M>) -> Vec<V<M>> {
    match v.get::<Exception<M>>() {
        Some(e) => match e.args.load().get::<Tuple<M>>() {
            Some(t) => t.items.to_vec(),
            None => Vec::new(),
        },
        None => Vec::new(),
    }
}

/// `StopIteration.__init__`.
pub fn init_stop_iteration<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    init(vm, v, args)?;
    let value = args.pos.first().cloned().unwrap_or_else(V::<M>::none);
    fields::set::<M>(v, fields::slot::VALUE, value);
    Ok(())
}

/// `SystemExit.__init__`.
pub fn init_system_exit<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    init(vm, v, args)?;
    let code = match args.pos {
        [] => return Ok(()),
        [one] => one.clone(),
        many => vm.new_tuple(many.to_vec()),
    };
    fields::set::<M>(v, fields::slot::CODE, code);
    Ok(())
}

/// `str()`: nothing, the one argument's, or the tuple's.
pub fn str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match args_of::<M>(v).as_slice() {
        [] => Ok(vm.new_str("")),
        [one] => vm.str(one),
        many => {
            let t = vm.new_tuple(many.to_vec());
            vm.str(&t)
        }
    }
}

/// `str()` of a KeyError: a single key is quoted, so that the empty string can be seen.
pub fn str_of_key_error<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match args_of::<M>(v).as_slice() {
        [one] => vm.repr(one),
        _ => str(vm, v),
    }
}

/// `repr()`: the class's name and `args` as a tuple.
pub fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let args = match v.get::<Exception<M>>() {
        Some(e) => e.args.load(),
        None => V::<M>::none(),
    };
    let args = vm.repr(&args)?;
    let mut text = rustpython_wtf8::Wtf8Buf::from_string(vm.type_name(v));
    if let Some(s) = args.get::<crate::types::str::Str>() {
        text.push_wtf8(s.text());
    }
    Ok(vm.new_text(text))
}

fn or_none<M: ObjectModel>(cell: &ValueCell<M>) -> V<M> {
    cell.get().unwrap_or_else(V::<M>::none)
}

fn body<M: ObjectModel, T>(v: &V<M>, read: impl FnOnce(&Exception<M>) -> T, other: T) -> T {
    match v.get::<Exception<M>>() {
        Some(e) => read(e),
        None => other,
    }
}

fn get_args<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(body::<M, _>(v, |e| e.args.load(), V::<M>::none()))
}

fn assign_args<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let Some(value) = value else {
        return Err(vm.raise_type_error("args may not be deleted"));
    };
    let items = vm.collect_iter(value)?;
    set_args(vm, v, &items);
    Ok(())
}

fn get_traceback<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(body::<M, _>(v, |e| or_none(&e.traceback), V::<M>::none()))
}

fn assign_traceback<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let Some(value) = value else {
        return Err(vm.raise_type_error("__traceback__ may not be deleted"));
    };
    if !value.is_none() && value.kind() != Kind::Traceback {
        return Err(vm.raise_type_error("__traceback__ must be a traceback or None"));
    }
    if let Some(e) = v.get::<Exception<M>>() {
        e.traceback.set(if value.is_none() {
            V::<M>::null()
        } else {
            value.clone()
        });
    }
    Ok(())
}

fn get_context<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(body::<M, _>(v, |e| or_none(&e.context), V::<M>::none()))
}

fn get_cause<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(body::<M, _>(v, |e| or_none(&e.cause), V::<M>::none()))
}

/// The value for a link to another exception: absent for None.
fn link<M: ObjectModel>(vm: &mut Vm<M>, what: &str, value: Option<&V<M>>) -> Res<V<M>> {
    let Some(value) = value else {
        return Err(vm.raise_type_error(format!("__{what}__ may not be deleted")));
    };
    if value.is_none() {
        return Ok(V::<M>::null());
    }
    if value.get::<Exception<M>>().is_none() {
        let m = format!("exception {what} must be None or derive from BaseException");
        return Err(vm.raise_type_error(m));
    }
    Ok(value.clone())
}

fn assign_context<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let value = link(vm, "context", value)?;
    if let Some(e) = v.get::<Exception<M>>() {
        e.context.set(value);
    }
    Ok(())
}

fn assign_cause<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let value = link(vm, "cause", value)?;
    if let Some(e) = v.get::<Exception<M>>() {
        e.cause.set(value);
        e.suppress_context.set(true);
    }
    Ok(())
}

fn get_suppress<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(V::<M>::bool(body::<M, _>(
        v,
        |e| e.suppress_context.get(),
        false,
    )))
}

fn assign_suppress<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let on = match value {
        Some(x) if x.is_true() || x.is_false() => x.is_true(),
        Some(_) => return Err(vm.raise_type_error("attribute value type must be bool")),
        None => return Err(vm.raise_type_error("can't delete numeric/char attribute")),
    };
    if let Some(e) = v.get::<Exception<M>>() {
        e.suppress_context.set(on);
    }
    Ok(())
}

fn get_dict<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.instance_dict(v).unwrap_or_else(V::<M>::none))
}

fn assign_dict<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    match value {
        Some(d) if d.kind() == Kind::Dict => {
            vm.set_instance_dict(v, d.clone());
            Ok(())
        }
        Some(d) => {
            let m = format!(
                "__dict__ must be set to a dictionary, not a '{}'",
                vm.type_name(d)
            );
            Err(vm.raise_type_error(m))
        }
        None => Err(vm.raise_type_error("cannot delete __dict__")),
    }
}

fn with_traceback<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [traceback] = rest.exact::<1>(vm, "with_traceback")?;
    assign_traceback(vm, v, Some(traceback))?;
    Ok(v.clone())
}

fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "__reduce__")?;
    let mut parts = vec![vm.type_of(v), get_args(vm, v)?];
    let has_attributes = v
        .attrs()
        .is_some_and(|a| a.shape().is_dict || a.shape().names.len() > a.shape().reserved());
    if has_attributes {
        parts.push(get_dict(vm, v)?);
    }
    Ok(vm.new_tuple(parts))
}

fn setstate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [state] = rest.exact::<1>(vm, "__setstate__")?;
    if state.is_none() {
        return Ok(V::<M>::none());
    }
    let Some(d) = state.get::<crate::types::dict::Dict<M>>() else {
        return Err(vm.raise_type_error("state is not a dictionary"));
    };
    for (_, key, value) in d.table.items() {
        let key = vm.intern_value(&key);
        vm.set_attr(v, &key, Some(&value))?;
    }
    Ok(V::<M>::none())
}

/// Gives `BaseException` its methods and attributes.
pub fn fill<M: ObjectModel>(class: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    class
        .getset("args", get_args::<M>, Some(assign_args::<M>))
        .getset(
            "__traceback__",
            get_traceback::<M>,
            Some(assign_traceback::<M>),
        )
        .getset("__context__", get_context::<M>, Some(assign_context::<M>))
        .getset("__cause__", get_cause::<M>, Some(assign_cause::<M>))
        .getset(
            "__suppress_context__",
            get_suppress::<M>,
            Some(assign_suppress::<M>),
        )
        .getset("__dict__", get_dict::<M>, Some(assign_dict::<M>))
        .method("with_traceback", with_traceback::<M>)
        .method("__reduce__", reduce::<M>)
        .method("__setstate__", setstate::<M>)
}

/// The value of a StopIteration: what a generator returned.
pub fn stop_iteration_value<M: ObjectModel>(vm: &Vm<M>, v: &V<M>) -> V<M> {
    debug_assert!(vm.is_exception_of(v, Exc::StopIteration));
    fields::get(vm, v, fields::slot::VALUE)
}

//! `function`: code bound to globals, defaults and a closure.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::cell::CellObject;
use crate::types::code::{Code, Linked};
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

/// Body of a function.
pub struct Function<M: ObjectModel> {
    /// `__code__`, a code object.
    pub code: ValueCell<M>,
    /// `__globals__`, a dict.
    pub globals: V<M>,
    /// `__name__`.
    pub name: ValueCell<M>,
    /// `__qualname__`.
    pub qualname: ValueCell<M>,
    /// `__defaults__`, a tuple or absent.
    pub defaults: ValueCell<M>,
    /// `__kwdefaults__`, a dict or absent.
    pub kwdefaults: ValueCell<M>,
    /// `__closure__`, a tuple of cells or absent.
    pub closure: ValueCell<M>,
    /// `__doc__`.
    pub doc: ValueCell<M>,
    /// `__dict__`, once used.
    pub dict: ValueCell<M>,
    /// `__annotations__`, a dict, once used.
    pub annotations: ValueCell<M>,
    /// `__module__`.
    pub module: ValueCell<M>,
    /// What a call needs, kept beside the code so that a simple call reads one line of memory.
    pub entry: std::cell::Cell<CallEntry<M>>,
}

/// What a call needs of a function's code.
pub struct CallEntry<M: ObjectModel> {
    /// The linked code.
    pub linked: *const Linked<M>,
    /// Positional arguments that a simple call passes; `u32::MAX` if no call is simple (star
    /// arguments, keyword-only arguments, cells, generators, or not linked yet).
    pub simple_argcount: u32,
    /// The same number for a function without free variables; `u32::MAX` for one with.
    pub exact_argcount: u32,
    /// The globals, which a function keeps.
    pub globals: *const Dict<M>,
}

impl<M: ObjectModel> Clone for CallEntry<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: ObjectModel> Copy for CallEntry<M> {}

impl<M: ObjectModel> CallEntry<M> {
    /// Of a function of this code; `closure` is a tuple of cells or absent, `globals` what the function keeps.
    pub fn of(linked: &Linked<M>, closure: &V<M>, globals: *const Dict<M>) -> Self {
        use crate::object::Value;
        use ceval_bytecode::flags::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR};
        let cells = closure.get::<Tuple<M>>().map_or(0, |t| t.items.len());
        let simple = linked.is_plain_signature
            && cells >= linked.nfree as usize
            && linked.nderefs == linked.nfree
            && linked.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) == 0;
        CallEntry {
            linked,
            simple_argcount: if simple { linked.argcount } else { u32::MAX },
            exact_argcount: if simple && linked.nfree == 0 {
                linked.argcount
            } else {
                u32::MAX
            },
            globals,
        }
    }

    /// Of a function that was never called.
    pub const UNLINKED: CallEntry<M> = CallEntry {
        linked: std::ptr::null(),
        simple_argcount: u32::MAX,
        exact_argcount: u32::MAX,
        globals: std::ptr::null(),
    };
}

impl<M: ObjectModel> Trace<M> for Function<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        use crate::object::Visitor;
        visitor.visit(&self.globals);
        for c in self.cells() {
            c.trace(visitor);
        }
    }

    fn clear(&self) {
        for c in self.cells().into_iter().skip(1) {
            drop(c.take());
        }
    }
}

impl<M: ObjectModel> Function<M> {
    /// The globals as a dict; functions are only made with a dict.
    #[inline(always)]
    pub fn globals_dict(&self) -> *const crate::types::dict::Dict<M> {
        use crate::object::Value;
        match self.globals.get::<crate::types::dict::Dict<M>>() {
            Some(d) => d,
            None => std::ptr::null(),
        }
    }

    /// The mutable fields; the code first, which `clear` leaves.
    fn cells(&self) -> [&ValueCell<M>; 10] {
        [
            &self.code,
            &self.name,
            &self.qualname,
            &self.defaults,
            &self.kwdefaults,
            &self.closure,
            &self.doc,
            &self.dict,
            &self.annotations,
            &self.module,
        ]
    }
}

fn part<M: ObjectModel>(v: &V<M>, of: fn(&Function<M>) -> &ValueCell<M>) -> Res<V<M>> {
    Ok(v.get::<Function<M>>()
        .and_then(|f| of(f).get())
        .unwrap_or_else(V::<M>::none))
}

/// Sets a part that must be of one type; `optional` parts can be None or deleted.
fn set_part<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    value: Option<&V<M>>,
    of: fn(&Function<M>) -> &ValueCell<M>,
    (kind, optional, message): (Kind, bool, &str),
) -> Res<()> {
    let Some(f) = v.get::<Function<M>>() else {
        return Ok(());
    };
    match value {
        Some(x) if x.is_none() && optional => of(f).set(V::<M>::null()),
        None if optional => of(f).set(V::<M>::null()),
        Some(x) if vm.is_kind_of(x, kind) => of(f).set(x.clone()),
        _ => return Err(vm.raise_type_error(message)),
    }
    Ok(())
}

fn free_variables<M: ObjectModel>(code: &V<M>) -> Option<usize> {
    Some(code.get::<Code<M>>()?.object.freevars.len())
}

fn set_code<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let Some(f) = v.get::<Function<M>>() else {
        return Ok(());
    };
    let Some((code, wanted)) = value.and_then(|c| Some((c, free_variables::<M>(c)?))) else {
        return Err(vm.raise_type_error("__code__ must be set to a code object"));
    };
    let closure = f.closure.load();
    let has = closure.get::<Tuple<M>>().map_or(0, |t| t.items.len());
    if has != wanted {
        let name = vm.text_of(&f.name.load());
        return Err(vm.raise_value_error(format!(
            "{name}() requires a code object with {has} free vars, not {wanted}"
        )));
    }
    let old = f.code.swap(code.clone());
    f.entry.set(CallEntry::UNLINKED);
    // The old code may be running.
    vm.retired.push(old);
    Ok(())
}

fn get_annotations<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(f) = v.get::<Function<M>>() else {
        return Ok(V::<M>::none());
    };
    if let Some(d) = f.annotations.get() {
        return Ok(d);
    }
    let d = vm.new_dict();
    f.annotations.set(d.clone());
    Ok(d)
}

fn set_dict<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, value: Option<&V<M>>) -> Res<()> {
    if value.is_none() {
        return Err(vm.raise_type_error("cannot delete __dict__"));
    }
    super::class::build::set_dict(vm, v, value)
}

fn function_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let name = v
        .get::<Function<M>>()
        .map_or_else(V::<M>::none, |f| f.qualname.load());
    let text = format!("<function {} at {:#x}>", vm.text_of(&name), v.bits());
    Ok(vm.new_str(text))
}

/// `FunctionType(code, globals, name=None, argdefs=None, closure=None)`.
fn function_new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let names = ["code", "globals", "name", "argdefs", "closure"];
    let [code, globals, name, defaults, closure] = args.parse(vm, "function", names, 2)?;
    let none = V::<M>::none;
    let (code, globals) = (code.unwrap_or_else(none), globals.unwrap_or_else(none));
    let Some(wanted) = free_variables::<M>(&code) else {
        let m = format!(
            "function() argument 1 must be code, not {}",
            vm.type_name(&code)
        );
        return Err(vm.raise_type_error(m));
    };
    if globals.get::<Dict<M>>().is_none() {
        let m = format!(
            "function() argument 2 must be dict, not {}",
            vm.type_name(&globals)
        );
        return Err(vm.raise_type_error(m));
    }
    let name = name.unwrap_or_else(none);
    if !name.is_none() && name.get::<Str>().is_none() {
        return Err(vm.raise_type_error("arg 3 (name) must be None or string"));
    }
    let defaults = defaults.unwrap_or_else(none);
    if !defaults.is_none() && defaults.get::<Tuple<M>>().is_none() {
        return Err(vm.raise_type_error("arg 4 (defaults) must be None or tuple"));
    }
    let closure = closure.unwrap_or_else(none);
    let cells = match closure.get::<Tuple<M>>() {
        Some(t) => t.items.to_vec(),
        None if closure.is_none() && wanted == 0 => Vec::new(),
        None if wanted > 0 => {
            return Err(vm.raise_type_error("arg 5 (closure) must be tuple"));
        }
        None => return Err(vm.raise_type_error("arg 5 (closure) must be None or tuple")),
    };
    let own_name = code
        .get::<Code<M>>()
        .map_or_else(String::new, |c| c.object.name.clone());
    if cells.len() != wanted {
        return Err(vm.raise_value_error(format!(
            "{own_name} requires closure of length {wanted}, not {}",
            cells.len()
        )));
    }
    if let Some(c) = cells.iter().find(|c| c.get::<CellObject<M>>().is_none()) {
        let m = format!("arg 5 (closure) expected cell, found {}", vm.type_name(c));
        return Err(vm.raise_type_error(m));
    }
    let closure = if cells.is_empty() {
        V::<M>::null()
    } else {
        closure
    };
    let qualname = vm.intern(&own_name);
    let function = vm.new_function(&code, globals, &qualname, closure)?;
    if let Some(f) = function.get::<Function<M>>() {
        if !name.is_none() {
            f.name.set(name);
        }
        if !defaults.is_none() {
            f.defaults.set(defaults);
        }
    }
    Ok(function)
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Function)
        .slots(|s| {
            s.new = Some(function_new);
            s.repr = Some(function_repr);
            s.call = Some(|vm, v, args| vm.call_function(v, args));
            s.descr_get = Some(|vm, f, object, _| match object {
                Some(v) => Ok(vm.new_method(f.clone(), v.clone())),
                None => Ok(f.clone()),
            });
        })
        .getset("__code__", |_, v| part::<M>(v, |f| &f.code), Some(set_code))
        .getset(
            "__name__",
            |_, v| part::<M>(v, |f| &f.name),
            Some(|vm, v, x| {
                let message = "__name__ must be set to a string object";
                set_part::<M>(vm, v, x, |f| &f.name, (Kind::Str, false, message))
            }),
        )
        .getset(
            "__qualname__",
            |_, v| part::<M>(v, |f| &f.qualname),
            Some(|vm, v, x| {
                let message = "__qualname__ must be set to a string object";
                set_part::<M>(vm, v, x, |f| &f.qualname, (Kind::Str, false, message))
            }),
        )
        .getset(
            "__defaults__",
            |_, v| part::<M>(v, |f| &f.defaults),
            Some(|vm, v, x| {
                let message = "__defaults__ must be set to a tuple object";
                set_part::<M>(vm, v, x, |f| &f.defaults, (Kind::Tuple, true, message))
            }),
        )
        .getset(
            "__kwdefaults__",
            |_, v| part::<M>(v, |f| &f.kwdefaults),
            Some(|vm, v, x| {
                let message = "__kwdefaults__ must be set to a dict object";
                set_part::<M>(vm, v, x, |f| &f.kwdefaults, (Kind::Dict, true, message))
            }),
        )
        .getset(
            "__annotations__",
            get_annotations,
            Some(|vm, v, x| {
                let message = "__annotations__ must be set to a dict object";
                set_part::<M>(vm, v, x, |f| &f.annotations, (Kind::Dict, true, message))
            }),
        )
        .getset(
            "__doc__",
            |_, v| part::<M>(v, |f| &f.doc),
            Some(|_, v, x| {
                if let Some(f) = v.get::<Function<M>>() {
                    f.doc.set(x.cloned().unwrap_or_else(V::<M>::none));
                }
                Ok(())
            }),
        )
        .getset(
            "__module__",
            |_, v| part::<M>(v, |f| &f.module),
            Some(|_, v, x| {
                if let Some(f) = v.get::<Function<M>>() {
                    f.module.set(x.cloned().unwrap_or_else(V::<M>::none));
                }
                Ok(())
            }),
        )
        .getset("__dict__", super::class::build::get_dict, Some(set_dict))
        .getset(
            "__closure__",
            |_, v| part::<M>(v, |f| &f.closure),
            Some(|vm, _, _| Err(vm.raise(Exc::AttributeError, "readonly attribute"))),
        )
        .getset(
            "__globals__",
            |_, v| {
                Ok(v.get::<Function<M>>()
                    .map_or_else(V::<M>::none, |f| f.globals.clone()))
            },
            Some(|vm, _, _| Err(vm.raise(Exc::AttributeError, "readonly attribute"))),
        )
        .done();
}

//! `co_*` attributes of code objects, their constructor, equality and hash.
//!
//! CPython `Objects/codeobject.c`. Linking code for the machine is not here (`machine/link.rs`).

use super::code::Code;
use crate::Vm;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, V, Value};
use crate::types::bytes::Bytes;
use crate::types::complex::Complex;
use crate::types::set::FrozenSet;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use ceval_bytecode::{CodeObject, Constant};
use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

fn object<M: ObjectModel>(v: &V<M>) -> Option<Arc<CodeObject>> {
    v.get::<Code<M>>().map(|c| c.object.clone())
}

fn number<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, of: fn(&CodeObject) -> u32) -> Res<V<M>> {
    let n = object::<M>(v).map_or(0, |c| of(&c));
    Ok(vm.new_usize(n as usize))
}

fn text<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, of: fn(&CodeObject) -> &str) -> Res<V<M>> {
    match object::<M>(v) {
        Some(c) => Ok(vm.intern(of(&c))),
        None => Ok(V::<M>::none()),
    }
}

fn bytes<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, of: fn(&CodeObject) -> &[u8]) -> Res<V<M>> {
    match object::<M>(v) {
        Some(c) => Ok(vm.new_bytes(of(&c))),
        None => Ok(V::<M>::none()),
    }
}

fn names<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, of: fn(&CodeObject) -> &[String]) -> Res<V<M>> {
    let Some(c) = object::<M>(v) else {
        return Ok(V::<M>::none());
    };
    let items: Vec<V<M>> = of(&c).iter().map(|n| vm.intern(n)).collect();
    Ok(vm.new_tuple(items))
}

fn code_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = object::<M>(v).map_or_else(String::new, |c| {
        format!(
            "<code object {} at {:#x}, file \"{}\", line {}>",
            c.name,
            v.bits(),
            c.filename,
            c.firstlineno
        )
    });
    Ok(vm.new_str(text))
}

/// What equality and hash look at: neither file name, line table nor stack size.
fn same_code(a: &CodeObject, b: &CodeObject) -> bool {
    a.name == b.name
        && a.argcount == b.argcount
        && a.kwonlyargcount == b.kwonlyargcount
        && a.nlocals == b.nlocals
        && a.flags == b.flags
        && a.firstlineno == b.firstlineno
        && a.code == b.code
        && a.names == b.names
        && a.varnames == b.varnames
        && a.freevars == b.freevars
        && a.cellvars == b.cellvars
}

fn same_constants<M: ObjectModel>(vm: &mut Vm<M>, a: &[V<M>], b: &[V<M>]) -> Res<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for (x, y) in a.iter().zip(b) {
        // `1`, `1.0` and `True` are equal but not the same constant.
        if x.tag() != y.tag() || !vm.is_equal(x, y)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn code_compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.get::<Code<M>>(), b.get::<Code<M>>()) else {
        return Ok(V::<M>::not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(V::<M>::not_implemented());
    }
    let eq =
        a.is(b) || (same_code(&x.object, &y.object) && same_constants(vm, &x.consts, &y.consts)?);
    Ok(V::<M>::bool(eq == (op == CompareOp::Eq)))
}

fn code_hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let mut h = rustc_hash::FxHasher::default();
    if let Some(c) = object::<M>(v) {
        c.name.hash(&mut h);
        c.code.hash(&mut h);
        c.names.hash(&mut h);
        c.varnames.hash(&mut h);
        (c.argcount, c.kwonlyargcount, c.nlocals, c.flags).hash(&mut h);
    }
    match h.finish() as i64 {
        -1 => Ok(-2),
        h => Ok(h),
    }
}

/// A value as a constant of the public form; what no literal can make is shown as None there (the
/// machine runs on the values).
fn constant_of<M: ObjectModel>(v: &V<M>) -> Constant {
    if v.is_true() {
        return Constant::True;
    }
    if v.is_false() {
        return Constant::False;
    }
    if v.bits() == V::<M>::ellipsis().bits() {
        return Constant::Ellipsis;
    }
    if let Some(i) = v.as_int() {
        return Constant::Int(i.to_big());
    }
    if let Some(f) = v.as_float() {
        return Constant::Float(f);
    }
    if let Some(c) = v.get::<Complex>() {
        return Constant::Complex(c.re, c.im);
    }
    if let Some(s) = v.get::<Str>() {
        return Constant::Str(s.text().to_owned());
    }
    if let Some(b) = v.get::<Bytes>() {
        return Constant::Bytes(b.data.to_vec());
    }
    if let Some(t) = v.get::<Tuple<M>>() {
        return Constant::Tuple(t.items.iter().map(constant_of::<M>).collect());
    }
    if let Some(s) = v.get::<FrozenSet<M>>() {
        return Constant::FrozenSet(s.table.keys().iter().map(constant_of::<M>).collect());
    }
    match v.get::<Code<M>>() {
        Some(c) => Constant::Code(c.object.clone()),
        None => Constant::None,
    }
}

fn number_argument<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, what: &str) -> Res<u32> {
    if v.as_float().is_some() {
        return Err(vm.raise_type_error("integer argument expected, got float"));
    }
    if v.as_int().is_none() && !vm.has_index(v) {
        let m = format!("an integer is required (got type {})", vm.type_name(v));
        return Err(vm.raise_type_error(m));
    }
    let n = vm.index_as_isize(v, crate::machine::errors::Exc::OverflowError)?;
    match u32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(vm.raise_value_error(format!("code: {what} must not be negative"))),
    }
}

fn text_argument<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, at: usize) -> Res<String> {
    if v.get::<Str>().is_none() {
        let m = format!("code() argument {at} must be str, not {}", vm.type_name(v));
        return Err(vm.raise_type_error(m));
    }
    Ok(vm.text_of(v))
}

fn bytes_argument<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, at: usize) -> Res<Vec<u8>> {
    match v.get::<Bytes>() {
        Some(b) => Ok(b.data.to_vec()),
        None => {
            let m = format!(
                "code() argument {at} must be bytes, not {}",
                vm.type_name(v)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

fn items_argument<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, at: usize) -> Res<Vec<V<M>>> {
    match v.get::<Tuple<M>>() {
        Some(t) => Ok(t.items.to_vec()),
        None => {
            let m = format!(
                "code() argument {at} must be tuple, not {}",
                vm.type_name(v)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

fn names_argument<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, at: usize) -> Res<Vec<String>> {
    let items = items_argument(vm, v, at)?;
    let mut out = Vec::with_capacity(items.len());
    for item in &items {
        if item.get::<Str>().is_none() {
            let m = format!(
                "name tuples must contain only strings, not '{}'",
                vm.type_name(item)
            );
            return Err(vm.raise_type_error(m));
        }
        out.push(vm.text_of(item));
    }
    Ok(out)
}

/// `CodeType(argcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names,
/// varnames, filename, name, firstlineno, lnotab[, freevars[, cellvars]])`.
fn code_new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let a = args.between(vm, "code", 13, 15)?;
    let consts = items_argument(vm, &a[6], 7)?;
    let free = match a.get(13) {
        Some(v) => names_argument(vm, v, 14)?,
        None => Vec::new(),
    };
    let cells = match a.get(14) {
        Some(v) => names_argument(vm, v, 15)?,
        None => Vec::new(),
    };
    let object = CodeObject {
        argcount: number_argument(vm, &a[0], "argcount")?,
        posonlyargcount: 0,
        kwonlyargcount: number_argument(vm, &a[1], "kwonlyargcount")?,
        nlocals: number_argument(vm, &a[2], "nlocals")?,
        stacksize: number_argument(vm, &a[3], "stacksize")?,
        flags: number_argument(vm, &a[4], "flags")?,
        code: bytes_argument(vm, &a[5], 6)?,
        consts: consts.iter().map(constant_of::<M>).collect(),
        names: names_argument(vm, &a[7], 8)?,
        varnames: names_argument(vm, &a[8], 9)?,
        filename: text_argument(vm, &a[9], 10)?,
        name: text_argument(vm, &a[10], 11)?,
        firstlineno: number_argument(vm, &a[11], "firstlineno")?,
        lnotab: bytes_argument(vm, &a[12], 13)?,
        freevars: free,
        cellvars: cells,
    };
    let derefs: Vec<V<M>> = object
        .cellvars
        .iter()
        .chain(&object.freevars)
        .map(|n| vm.intern(n))
        .collect();
    let names: Vec<V<M>> = object.names.iter().map(|n| vm.intern(n)).collect();
    let varnames: Vec<V<M>> = object.varnames.iter().map(|n| vm.intern(n)).collect();
    let name = vm.intern(&object.name);
    Ok(vm.alloc(Code {
        object: Arc::new(object),
        name,
        consts: consts.into(),
        names: names.into(),
        varnames: varnames.into(),
        derefs: derefs.into(),
        linked: OnceCell::new(),
    }))
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Code)
        .slots(|s| {
            s.new = Some(code_new);
            s.repr = Some(code_repr);
            s.richcompare = Some(code_compare);
            s.hash = Some(code_hash);
        })
        .getter("co_argcount", |vm, v| number(vm, v, |c| c.argcount))
        .getter("co_kwonlyargcount", |vm, v| {
            number(vm, v, |c| c.kwonlyargcount)
        })
        .getter("co_nlocals", |vm, v| number(vm, v, |c| c.nlocals))
        .getter("co_stacksize", |vm, v| number(vm, v, |c| c.stacksize))
        .getter("co_flags", |vm, v| number(vm, v, |c| c.flags))
        .getter("co_firstlineno", |vm, v| number(vm, v, |c| c.firstlineno))
        .getter("co_code", |vm, v| bytes(vm, v, |c| &c.code))
        .getter("co_lnotab", |vm, v| bytes(vm, v, |c| &c.lnotab))
        .getter("co_name", |vm, v| text(vm, v, |c| &c.name))
        .getter("co_filename", |vm, v| text(vm, v, |c| &c.filename))
        .getter("co_names", |vm, v| names(vm, v, |c| &c.names))
        .getter("co_varnames", |vm, v| names(vm, v, |c| &c.varnames))
        .getter("co_freevars", |vm, v| names(vm, v, |c| &c.freevars))
        .getter("co_cellvars", |vm, v| names(vm, v, |c| &c.cellvars))
        .getter("co_consts", |vm, v| {
            let items = v
                .get::<Code<M>>()
                .map_or_else(Vec::new, |c| c.consts.to_vec());
            Ok(vm.new_tuple(items))
        })
        .done();
}

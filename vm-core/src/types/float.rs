//! `float`: IEEE doubles (CPython `Objects/floatobject.c`).
//!
//! Integers take part in arithmetic by conversion and in comparisons exactly.

use super::int::arith;
use crate::Vm;
use crate::number::complex_ops::{self, Complex as Number};
use crate::number::float_ops::{self, Power};
use crate::number::{float_format, float_hex, float_parse, hash, int_float};
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, V, Value};
use crate::text::error::{OpError, OpResult};
use crate::text::repr::repr_bytearray;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::str::Str;

impl<M: ObjectModel> Vm<M> {
    /// `float(v)`: `__float__`, then the text of `str`, `bytes` and `bytearray`.
    pub fn number_float(&mut self, v: &V<M>) -> Res<f64> {
        if let Some(x) = v.exact_float() {
            return Ok(x);
        }
        if let Some(f) = self.slots(v).float {
            let r = f(self, v)?;
            return self.checked_float(&r);
        }
        let parsed = if let Some(s) = v.get::<Str>() {
            float_parse::parse(s.text())
        } else if let Some(b) = v.get::<Bytes>() {
            float_parse::parse_bytes(&b.data)
        } else if let Some(b) = v.get::<ByteArray>() {
            let data = b.data.borrow();
            float_parse::parse_bytes(&data).map_err(|_| {
                let shown = repr_bytearray(&data);
                OpError::value(format!("could not convert string to float: {shown}"))
            })
        } else {
            let m = format!(
                "float() argument must be a string or a number, not '{}'",
                self.type_name(v)
            );
            return Err(self.raise_type_error(m));
        };
        self.op(parsed)
    }

    /// An argument that CPython reads with `PyFloat_AsDouble`: `__float__` and no text.
    pub fn arg_float(&mut self, v: &V<M>) -> Res<f64> {
        if let Some(x) = v.as_float() {
            return Ok(x);
        }
        if let Some(i) = v.as_int()
            && v.is_exact_int()
        {
            let x = arith::to_f64(i);
            return self.op(x);
        }
        let Some(f) = self.slots(v).float else {
            return Err(self.raise_type_error("a float is required"));
        };
        let r = f(self, v)?;
        self.checked_float(&r)
    }

    fn checked_float(&mut self, r: &V<M>) -> Res<f64> {
        match r.as_float() {
            Some(x) => Ok(x),
            None => {
                let m = format!("__float__ returned non-float (type {})", self.type_name(r));
                Err(self.raise_type_error(m))
            }
        }
    }
}

/// An operand as a float; `None` for what is neither float nor int.
#[inline]
fn operand<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<f64>> {
    if let Some(x) = v.as_float() {
        return Ok(Some(x));
    }
    match v.as_int() {
        Some(i) => {
            let x = arith::to_f64(i);
            vm.op(x).map(Some)
        }
        None => Ok(None),
    }
}

#[inline]
fn operands<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<Option<(f64, f64)>> {
    let Some(x) = operand(vm, a)? else {
        return Ok(None);
    };
    Ok(operand(vm, b)?.map(|y| (x, y)))
}

fn binary<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    f: fn(f64, f64) -> OpResult<f64>,
) -> Res<V<M>> {
    let Some((x, y)) = operands(vm, a, b)? else {
        return Ok(V::<M>::not_implemented());
    };
    match f(x, y) {
        Ok(z) => Ok(vm.new_float(z)),
        Err(e) => Err(vm.raise_op(e)),
    }
}

macro_rules! binaries { ($($name:ident $f:expr;)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        binary(vm, a, b, $f)
    }
)* } }
binaries! {
    add |x, y| Ok(x + y);
    sub |x, y| Ok(x - y);
    mul |x, y| Ok(x * y);
    true_div float_ops::true_div;
    floor_div float_ops::floor_div;
    modulo float_ops::modulo;
}

fn divmod<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let Some((x, y)) = operands(vm, a, b)? else {
        return Ok(V::<M>::not_implemented());
    };
    let (q, r) = vm.op(float_ops::divmod(x, y))?;
    let pair = [vm.new_float(q), vm.new_float(r)];
    Ok(vm.new_tuple(pair))
}

fn power<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, m: &V<M>) -> Res<V<M>> {
    if !m.is_none() {
        let m = "pow() 3rd argument not allowed unless all arguments are integers";
        return Err(vm.raise_type_error(m));
    }
    let Some((x, y)) = operands(vm, a, b)? else {
        return Ok(V::<M>::not_implemented());
    };
    match vm.op(float_ops::pow(x, y))? {
        Power::Float(z) => Ok(vm.new_float(z)),
        Power::Complex => {
            let z = vm.op(complex_ops::pow(Number::new(x, 0.0), Number::new(y, 0.0)))?;
            Ok(vm.new_complex(z.real, z.imag))
        }
    }
}

/// The float of a receiver, which class checks have made sure of.
#[inline]
fn receiver<W: Value>(v: &W) -> f64 {
    v.as_float().unwrap_or(0.0)
}

fn negative<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_float(-receiver(v)))
}

fn absolute<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_float(receiver(v).abs()))
}

/// The same number as an exact `float`.
fn plain<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if v.exact_float().is_some() {
        return Ok(v.clone());
    }
    Ok(vm.new_float(receiver(v)))
}

fn is_true<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<bool> {
    Ok(receiver(v) != 0.0)
}

fn to_int<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let i = vm.op(int_float::from_f64(receiver(v)))?;
    Ok(vm.new_integer(i))
}

fn hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    Ok(hash::hash_f64(receiver(v)))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_str(float_format::repr(receiver(v))))
}

fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let x = receiver(a);
    let ordering = if let Some(y) = b.as_float() {
        x.partial_cmp(&y)
    } else if let Some(i) = b.as_int() {
        arith::cmp_f64(i, x).map(std::cmp::Ordering::reverse)
    } else {
        return Ok(V::<M>::not_implemented());
    };
    Ok(V::<M>::bool(match ordering {
        Some(ordering) => op.holds(ordering),
        None => op == CompareOp::Ne,
    }))
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.parse(vm, "float", ["x"], 0)?;
    let exact = vm.is_builtin_class(class, Kind::Float);
    let value = match x {
        Some(x) if exact && x.exact_float().is_some() => return Ok(x),
        Some(x) => vm.number_float(&x)?,
        None => 0.0,
    };
    if exact {
        return Ok(vm.new_float(value));
    }
    Ok(vm.alloc_as(class, value))
}

macro_rules! no_argument { ($($function:ident $name:literal $f:expr;)*) => { $(
    fn $function<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let (slf, rest) = args.method();
        rest.exact::<0>(vm, $name)?;
        ($f)(vm, slf)
    }
)* } }
no_argument! {
    conjugate "conjugate" plain;
    trunc "__trunc__" to_int;
    is_integer "is_integer" |_: &mut Vm<M>, v: &V<M>| {
        Ok(V::<M>::bool(float_ops::is_integer(receiver(v))))
    };
    hex "hex" |vm: &mut Vm<M>, v: &V<M>| Ok(vm.new_str(float_hex::hex(receiver(v))));
    as_integer_ratio "as_integer_ratio" |vm: &mut Vm<M>, v: &V<M>| {
        let (n, d) = vm.op(float_ops::as_integer_ratio(receiver(v)))?;
        let pair = [vm.new_big(n), vm.new_big(d)];
        Ok(vm.new_tuple(pair))
    };
    getnewargs "__getnewargs__" |vm: &mut Vm<M>, v: &V<M>| {
        let x = vm.new_float(receiver(v));
        Ok(vm.new_tuple([x]))
    };
}

fn round<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let x = receiver(slf);
    match rest.between(vm, "__round__", 0, 1)? {
        [n] if !n.is_none() => {
            let places = vm.index_clipped(n)?;
            let r = vm.op(float_ops::round_to_places(x, places))?;
            Ok(vm.new_float(r))
        }
        _ => {
            let i = vm.op(float_ops::round_to_int(x))?;
            Ok(vm.new_integer(i))
        }
    }
}

fn fromhex<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let [text] = rest.exact::<1>(vm, "fromhex")?;
    let Some(s) = text.get::<Str>() else {
        return Err(vm.raise_type_error("bad argument type for built-in operation"));
    };
    let x = vm.op(float_hex::fromhex(s.text_bytes()))?;
    let value = vm.new_float(x);
    if vm.is_builtin_class(class, Kind::Float) {
        return Ok(value);
    }
    vm.call_values(class, &[value])
}

fn getformat<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (_, rest) = args.method();
    let [kind] = rest.exact::<1>(vm, "__getformat__")?;
    match vm.text_of(kind).as_str() {
        "double" | "float" if cfg!(target_endian = "big") => Ok(vm.new_str("IEEE, big-endian")),
        "double" | "float" => Ok(vm.new_str("IEEE, little-endian")),
        _ => {
            let m = "__getformat__() argument 1 must be 'double' or 'float'";
            Err(vm.raise_value_error(m))
        }
    }
}

fn zero<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Ok(vm.new_float(0.0))
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Float)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.repr = Some(repr::<M>);
            s.str = Some(repr::<M>);
            s.hash = Some(hash::<M>);
            s.richcompare = Some(compare::<M>);
            s.add = Some(add::<M>);
            s.subtract = Some(sub::<M>);
            s.multiply = Some(mul::<M>);
            s.true_divide = Some(true_div::<M>);
            s.floor_divide = Some(floor_div::<M>);
            s.remainder = Some(modulo::<M>);
            s.divmod = Some(divmod::<M>);
            s.power = Some(power::<M>);
            s.negative = Some(negative::<M>);
            s.positive = Some(plain::<M>);
            s.absolute = Some(absolute::<M>);
            s.bool = Some(is_true::<M>);
            s.int = Some(to_int::<M>);
            s.float = Some(plain::<M>);
        })
        .method("conjugate", conjugate::<M>)
        .method("is_integer", is_integer::<M>)
        .method("hex", hex::<M>)
        .class_method("fromhex", fromhex::<M>)
        .method("as_integer_ratio", as_integer_ratio::<M>)
        .method("__trunc__", trunc::<M>)
        .method("__round__", round::<M>)
        .method("__format__", crate::builtins::format::float_format::<M>)
        .method("__getnewargs__", getnewargs::<M>)
        .class_method("__getformat__", getformat::<M>)
        .getter("real", plain::<M>)
        .getter("imag", zero::<M>)
        .done();
}

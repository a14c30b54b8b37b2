//! `complex`: a pair of floats (CPython `Objects/complexobject.c`).

use super::int::arith as int_arith;
use super::str::Str;
use crate::Vm;
use crate::number::complex_ops::{self, Complex as Number};
use crate::number::{complex_parse, hash};
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, V, Value};
use crate::text::error::{OpError, OpResult};

/// Body of a `complex`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

impl Complex {
    /// A number without imaginary part.
    pub fn real(re: f64) -> Complex {
        Complex { re, im: 0.0 }
    }
}

impl From<Complex> for Number {
    fn from(c: Complex) -> Number {
        Number::new(c.re, c.im)
    }
}

impl From<Number> for Complex {
    fn from(c: Number) -> Complex {
        Complex {
            re: c.real,
            im: c.imag,
        }
    }
}

/// An operand as a complex number; `None` for what is no number.
fn operand<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<Complex>> {
    if let Some(c) = v.get::<Complex>() {
        return Ok(Some(*c));
    }
    if let Some(x) = v.as_float() {
        return Ok(Some(Complex::real(x)));
    }
    match v.as_int() {
        Some(i) => {
            let x = int_arith::to_f64(i);
            Ok(Some(Complex::real(vm.op(x)?)))
        }
        None => Ok(None),
    }
}

fn binary<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    f: fn(Number, Number) -> OpResult<Number>,
) -> Res<V<M>> {
    let Some(x) = operand(vm, a)? else {
        return Ok(V::<M>::not_implemented());
    };
    let Some(y) = operand(vm, b)? else {
        return Ok(V::<M>::not_implemented());
    };
    let z = vm.op(f(x.into(), y.into()))?;
    Ok(vm.alloc(Complex::from(z)))
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
    true_div complex_ops::true_div;
}

macro_rules! refused { ($($name:ident $error:expr;)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        if operand(vm, a)?.is_none() || operand(vm, b)?.is_none() {
            return Ok(V::<M>::not_implemented());
        }
        Err(vm.raise_op($error))
    }
)* } }
refused! {
    floor_div complex_ops::no_floor();
    modulo complex_ops::no_modulo();
    divmod OpError::type_error("can't take floor or mod of complex number.");
}

fn power<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, m: &V<M>) -> Res<V<M>> {
    if !m.is_none() {
        return Err(vm.raise_value_error("complex modulo"));
    }
    binary(vm, a, b, complex_ops::pow)
}

/// The number of a receiver, which class checks have made sure of.
fn receiver<W: Value>(v: &W) -> Complex {
    v.get::<Complex>().copied().unwrap_or(Complex::real(0.0))
}

fn negative<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let c = receiver(v);
    Ok(vm.new_complex(-c.re, -c.im))
}

fn positive<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if v.get_exact::<Complex>().is_some() {
        return Ok(v.clone());
    }
    Ok(vm.alloc(receiver(v)))
}

fn absolute<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let x = vm.op(complex_ops::abs(receiver(v).into()))?;
    Ok(vm.new_float(x))
}

fn is_true<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<bool> {
    Ok(Number::from(receiver(v)).is_true())
}

fn to_int<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Err(vm.raise_type_error("can't convert complex to int"))
}

fn to_float<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Err(vm.raise_type_error("can't convert complex to float"))
}

fn hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let c = receiver(v);
    Ok(hash::hash_complex(c.re, c.im))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_str(complex_ops::repr(receiver(v).into())))
}

fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let c = receiver(a);
    let equal = if let Some(d) = b.get::<Complex>() {
        c == *d
    } else if let Some(x) = b.as_float() {
        c.im == 0.0 && c.re == x
    } else if let Some(i) = b.as_int() {
        c.im == 0.0 && int_arith::cmp_f64(i, c.re).is_some_and(std::cmp::Ordering::is_eq)
    } else {
        return Ok(V::<M>::not_implemented());
    };
    Ok(match op {
        CompareOp::Eq => V::<M>::bool(equal),
        CompareOp::Ne => V::<M>::bool(!equal),
        _ => V::<M>::not_implemented(),
    })
}

/// The result of `__complex__`, if the class has it.
fn through_method<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    if v.get_exact::<Complex>().is_some() || v.as_float().is_some() || v.as_int().is_some() {
        return Ok(None);
    }
    let Some(r) = vm.call_special(v, "__complex__", &[])? else {
        return Ok(None);
    };
    if r.get::<Complex>().is_none() {
        return Err(vm.raise_type_error("__complex__ should return a complex object"));
    }
    Ok(Some(r))
}

impl<M: ObjectModel> Vm<M> {
    /// An argument that CPython reads with `PyComplex_AsCComplex`.
    pub fn arg_complex(&mut self, v: &V<M>) -> Res<Complex> {
        if let Some(c) = v.get::<Complex>() {
            return Ok(*c);
        }
        if let Some(r) = through_method(self, v)? {
            return Ok(receiver(&r));
        }
        self.arg_float(v).map(Complex::real)
    }
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [real, imag] = args.parse(vm, "complex", ["real", "imag"], 0)?;
    let exact = vm.is_builtin_class(class, Kind::Complex);
    let value = match (real, imag) {
        (None, None) => Complex::real(0.0),
        (Some(r), None) if exact && r.get_exact::<Complex>().is_some() => return Ok(r),
        (Some(r), imag) if r.get::<Str>().is_some() => {
            if imag.is_some() {
                let m = "complex() can't take second arg if first is a string";
                return Err(vm.raise_type_error(m));
            }
            let parsed = r.get::<Str>().map(|s| complex_parse::parse(s.text()));
            match parsed {
                Some(parsed) => vm.op(parsed)?.into(),
                None => Complex::real(0.0),
            }
        }
        (real, imag) => from_parts(vm, real, imag)?,
    };
    if exact {
        return Ok(vm.alloc(value));
    }
    Ok(vm.alloc_as(class, value))
}

fn from_parts<M: ObjectModel>(
    vm: &mut Vm<M>,
    real: Option<V<M>>,
    imag: Option<V<M>>,
) -> Res<Complex> {
    if imag.as_ref().is_some_and(|i| i.get::<Str>().is_some()) {
        return Err(vm.raise_type_error("complex() second arg can't be a string"));
    }
    // Parts may be complex themselves: real + imag * 1j, without disturbing signs of zero.
    let (mut re, mut re_im) = (0.0, None);
    if let Some(r) = &real {
        let r = through_method(vm, r)?.unwrap_or_else(|| r.clone());
        match r.get::<Complex>() {
            Some(c) => (re, re_im) = (c.re, Some(c.im)),
            None => {
                check_number(vm, &r, "complex() argument must be a string or a number")?;
                re = vm.arg_float(&r)?;
            }
        }
    }
    let mut im = 0.0;
    if let Some(i) = &imag {
        match i.get::<Complex>() {
            Some(c) => {
                re -= c.im;
                im = c.re;
            }
            None => {
                check_number(vm, i, "complex() second argument must be a number")?;
                im = vm.arg_float(i)?;
            }
        }
    }
    if let Some(part) = re_im {
        im = if imag.is_some() { im + part } else { part };
    }
    Ok(Complex { re, im })
}

fn check_number<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, what: &str) -> Res<()> {
    if vm.slots(v).float.is_some() {
        return Ok(());
    }
    let m = format!("{what}, not '{}'", vm.type_name(v));
    Err(vm.raise_type_error(m))
}

fn conjugate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "conjugate")?;
    let c = receiver(slf);
    Ok(vm.new_complex(c.re, -c.im))
}

fn getnewargs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__getnewargs__")?;
    let c = receiver(slf);
    let pair = [vm.new_float(c.re), vm.new_float(c.im)];
    Ok(vm.new_tuple(pair))
}

fn real<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_float(receiver(v).re))
}

fn imag<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_float(receiver(v).im))
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Complex)
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
            s.positive = Some(positive::<M>);
            s.absolute = Some(absolute::<M>);
            s.bool = Some(is_true::<M>);
            s.int = Some(to_int::<M>);
            s.float = Some(to_float::<M>);
        })
        .method("conjugate", conjugate::<M>)
        .method("__format__", crate::builtins::format::complex_format::<M>)
        .method("__getnewargs__", getnewargs::<M>)
        .getter("real", real::<M>)
        .getter("imag", imag::<M>)
        .done();
}

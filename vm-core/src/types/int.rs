//! `int`: immediate or boxed 64-bit integers that overflow into big ones.
//!
//! The arithmetic is in [`arith`] and `crate::number`; this file gives it its
//! Python face. `bool` and other subclasses take part everywhere, and every
//! result is exactly an `int` (CPython `Objects/longobject.c`).

pub mod arith;
mod methods;

use crate::Vm;
use crate::number::int::Int;
use crate::number::int_pow::IntPower;
use crate::number::{int_format, int_parse};
use crate::object::{Args, CompareOp, IntRef, Kind, ObjectModel, Res, V, Value};
use crate::text::error::OpResult;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::str::Str;

impl<M: ObjectModel> Vm<M> {
    /// An `int` from a result in its smallest form.
    #[inline]
    pub fn new_integer(&mut self, i: Int) -> V<M> {
        match i {
            Int::Small(i) => self.new_int(i),
            Int::Big(b) => self.new_big(b),
        }
    }

    /// `int(v)` for one argument: `__int__`, `__trunc__`, then the text of `str`, `bytes` and `bytearray`.
    pub fn number_int(&mut self, v: &V<M>) -> Res<V<M>> {
        if v.is_exact_int() {
            return Ok(v.clone());
        }
        if let Some(f) = self.slots(v).int {
            let r = f(self, v)?;
            if r.as_int().is_none() {
                let m = format!("__int__ returned non-int (type {})", self.type_name(&r));
                return Err(self.raise_type_error(m));
            }
            return Ok(r);
        }
        if let Some(r) = self.call_special(v, "__trunc__", &[])? {
            if r.as_int().is_some() {
                return Ok(r);
            }
            let Some(f) = self.slots(&r).int else {
                let m = format!(
                    "__trunc__ returned non-Integral (type {})",
                    self.type_name(&r)
                );
                return Err(self.raise_type_error(m));
            };
            return f(self, &r);
        }
        let parsed = if let Some(s) = v.get::<Str>() {
            int_parse::parse(s.text(), 10)
        } else if let Some(b) = v.get::<Bytes>() {
            int_parse::parse_bytes(&b.data, 10)
        } else if let Some(b) = v.get::<ByteArray>() {
            int_parse::parse_bytes(&b.data.borrow(), 10)
        } else {
            let m = format!(
                "int() argument must be a string, a bytes-like object or a number, not '{}'",
                self.type_name(v)
            );
            return Err(self.raise_type_error(m));
        };
        let i = self.op(parsed)?;
        Ok(self.new_integer(i))
    }

    /// An argument that CPython parses as a C `int` (format `i`): no floats, 32 bits.
    pub fn arg_c_int(&mut self, v: &V<M>) -> Res<i32> {
        if v.as_float().is_some() {
            return Err(self.raise_type_error("integer argument expected, got float"));
        }
        if let Some(i) = v.as_int() {
            let i = arith::to_c_int(i);
            return self.op(i);
        }
        let Some(f) = self.slots(v).int else {
            let m = format!("an integer is required (got type {})", self.type_name(v));
            return Err(self.raise_type_error(m));
        };
        let r = f(self, v)?;
        match r.as_int() {
            Some(i) => {
                let i = arith::to_c_int(i);
                self.op(i)
            }
            None => {
                let m = format!("__int__ returned non-int (type {})", self.type_name(&r));
                Err(self.raise_type_error(m))
            }
        }
    }

    /// Whether `class` is exactly the built-in class of `kind`.
    pub fn is_builtin_class(&self, class: &V<M>, kind: Kind) -> bool {
        self.interp.classes[kind as usize].object.is(class)
    }
}

fn binary<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    f: fn(IntRef<'_>, IntRef<'_>) -> OpResult<Int>,
) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::not_implemented());
    };
    match f(x, y) {
        Ok(i) => Ok(vm.new_integer(i)),
        Err(e) => Err(vm.raise_op(e)),
    }
}

macro_rules! binaries { ($($name:ident)*) => { $(
    pub(super) fn $name<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        binary(vm, a, b, arith::$name)
    }
)* } }
binaries!(add sub mul floor_div shl shr and or xor);

/// The remainder as an object: the dividend itself where nothing was divided, even a `bool` or
/// an instance of a subclass (bpo-27792, changed in 3.5.3).
fn remainder_of<M: ObjectModel>(vm: &mut Vm<M>, dividend: &V<M>, remainder: Int) -> V<M> {
    if !dividend.is_exact_int() && arith::copy(receiver(dividend)) == remainder {
        return dividend.clone();
    }
    vm.new_integer(remainder)
}

fn modulo<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::not_implemented());
    };
    let r = arith::modulo(x, y);
    let r = vm.op(r)?;
    Ok(remainder_of(vm, a, r))
}

fn true_div<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::not_implemented());
    };
    let r = arith::true_div(x, y);
    let r = vm.op(r)?;
    Ok(vm.new_float(r))
}

fn divmod<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::not_implemented());
    };
    let r = arith::divmod(x, y);
    let (q, r) = vm.op(r)?;
    let pair = [vm.new_integer(q), remainder_of(vm, a, r)];
    Ok(vm.new_tuple(pair))
}

fn power<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, m: &V<M>) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::not_implemented());
    };
    if m.is_none() {
        let r = arith::pow(x, y);
        return Ok(match vm.op(r)? {
            IntPower::Int(i) => vm.new_integer(i),
            IntPower::Float(f) => vm.new_float(f),
        });
    }
    let Some(z) = m.as_int() else {
        return Ok(V::<M>::not_implemented());
    };
    let r = arith::pow_mod(x, y, z);
    let r = vm.op(r)?;
    Ok(vm.new_integer(r))
}

/// The integer of a receiver, which class checks have made sure of.
fn receiver<W: Value>(v: &W) -> IntRef<'_> {
    v.as_int().unwrap_or(IntRef::Small(0))
}

fn negative<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_integer(arith::neg(receiver(v))))
}

fn invert<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_integer(arith::invert(receiver(v))))
}

fn absolute<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_integer(arith::abs(receiver(v))))
}

/// The same integer as an exact `int`: `+x`, `x.real`, `x.__trunc__()` ...
fn plain<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if v.is_exact_int() {
        return Ok(v.clone());
    }
    Ok(vm.new_int_from(receiver(v)))
}

fn to_float<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let f = arith::to_f64(receiver(v));
    let f = vm.op(f)?;
    Ok(vm.new_float(f))
}

fn is_true<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<bool> {
    Ok(!matches!(arith::copy(receiver(v)), Int::Small(0)))
}

fn hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    Ok(arith::hash(receiver(v)))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_str(int_format::decimal(receiver(v).into())))
}

fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::not_implemented());
    };
    Ok(V::<M>::bool(op.holds(arith::cmp(x, y))))
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let value = if let ([x], []) = (args.pos, args.kw) {
        vm.number_int(x)?
    } else {
        let [x, base] = args.parse(vm, "int", ["x", "base"], 0)?;
        match (x, base) {
            (None, None) => vm.new_int(0),
            (None, Some(_)) => {
                return Err(vm.raise_type_error("int() missing string argument"));
            }
            (Some(x), None) => vm.number_int(&x)?,
            (Some(x), Some(base)) => from_base(vm, &x, &base)?,
        }
    };
    if vm.is_builtin_class(class, Kind::Int) {
        return Ok(value);
    }
    Ok(match arith::copy(receiver(&value)) {
        Int::Small(i) => vm.alloc_as(class, i),
        Int::Big(b) => vm.alloc_as(class, b),
    })
}

fn from_base<M: ObjectModel>(vm: &mut Vm<M>, x: &V<M>, base: &V<M>) -> Res<V<M>> {
    let base = vm.index_clipped(base)?;
    let base = int_parse::check_base(base);
    let base = vm.op(base)?;
    let parsed = if let Some(s) = x.get::<Str>() {
        int_parse::parse(s.text(), base)
    } else if let Some(b) = x.get::<Bytes>() {
        int_parse::parse_bytes(&b.data, base)
    } else if let Some(b) = x.get::<ByteArray>() {
        int_parse::parse_bytes(&b.data.borrow(), base)
    } else {
        let m = "int() can't convert non-string with explicit base";
        return Err(vm.raise_type_error(m));
    };
    let i = vm.op(parsed)?;
    Ok(vm.new_integer(i))
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let builder = vm.fill_class(Kind::Int).slots(|s| {
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
        s.lshift = Some(shl::<M>);
        s.rshift = Some(shr::<M>);
        s.and = Some(and::<M>);
        s.or = Some(or::<M>);
        s.xor = Some(xor::<M>);
        s.negative = Some(negative::<M>);
        s.positive = Some(plain::<M>);
        s.absolute = Some(absolute::<M>);
        s.invert = Some(invert::<M>);
        s.bool = Some(is_true::<M>);
        s.int = Some(plain::<M>);
        s.float = Some(to_float::<M>);
        s.index = Some(plain::<M>);
    });
    methods::add(builder).done();
}

//! Module `math`: glue between values and `crate::number::math` and its neighbours.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::number::fsum::Fsum;
use crate::number::{erf, gamma, math, math_int};
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::error::OpResult;

fn unary<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    f: fn(f64) -> OpResult<f64>,
) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, name)?;
    let x = vm.arg_float(x)?;
    let r = vm.op(f(x))?;
    Ok(vm.new_float(r))
}

macro_rules! unary_functions { ($($name:ident $f:expr;)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        unary(vm, stringify!($name), args, $f)
    }
)* } }
unary_functions! {
    acos math::acos; acosh math::acosh; asin math::asin; asinh math::asinh; atan math::atan;
    atanh math::atanh; cos math::cos; cosh math::cosh; exp math::exp; expm1 math::expm1;
    log1p math::log1p; sin math::sin; sinh math::sinh; sqrt math::sqrt; tan math::tan;
    tanh math::tanh; gamma gamma::gamma; lgamma gamma::lgamma;
    erf |x| Ok(erf::erf(x)); erfc |x| Ok(erf::erfc(x));
    fabs |x| Ok(x.abs()); degrees |x| Ok(math::degrees(x)); radians |x| Ok(math::radians(x));
}

fn binary<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    f: fn(f64, f64) -> OpResult<f64>,
) -> Res<V<M>> {
    let [x, y] = args.exact::<2>(vm, name)?;
    let (x, y) = (vm.arg_float(x)?, vm.arg_float(y)?);
    let r = vm.op(f(x, y))?;
    Ok(vm.new_float(r))
}

macro_rules! binary_functions { ($($name:ident $f:expr;)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        binary(vm, stringify!($name), args, $f)
    }
)* } }
binary_functions! {
    atan2 |y, x| Ok(libm::atan2(y, x)); copysign |x, y| Ok(x.copysign(y)); fmod math::fmod;
    hypot math::hypot; pow math::pow;
}

macro_rules! tests { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let [x] = args.exact::<1>(vm, stringify!($name))?;
        Ok(V::<M>::bool(vm.arg_float(x)?.$name()))
    }
)* } }
trait Classify {
    fn isnan(self) -> bool;
    fn isinf(self) -> bool;
    fn isfinite(self) -> bool;
}
impl Classify for f64 {
    fn isnan(self) -> bool {
        self.is_nan()
    }
    fn isinf(self) -> bool {
        self.is_infinite()
    }
    fn isfinite(self) -> bool {
        self.is_finite()
    }
}
tests!(isnan isinf isfinite);

/// A logarithm of an int of any size, or of a float.
fn logarithm<M: ObjectModel>(vm: &mut Vm<M>, x: &V<M>, log: fn(f64) -> OpResult<f64>) -> Res<f64> {
    if let Some(i) = x.as_int() {
        let r = math_int::log(&i.to_big(), log);
        return vm.op(r);
    }
    let x = vm.arg_float(x)?;
    vm.op(log(x))
}

fn log<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let r = match args.between(vm, "log", 1, 2)? {
        [x, base] => {
            let x = logarithm(vm, x, math::log)?;
            let base = logarithm(vm, base, math::log)?;
            vm.op(math::log_quotient(x, base))?
        }
        a => logarithm(vm, &a[0], math::log)?,
    };
    Ok(vm.new_float(r))
}

fn log2<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "log2")?;
    let r = logarithm(vm, x, math::log2)?;
    Ok(vm.new_float(r))
}

fn log10<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "log10")?;
    let r = logarithm(vm, x, math::log10)?;
    Ok(vm.new_float(r))
}

/// `floor` and `ceil`: the special method, or the float rounded.
fn rounded<M: ObjectModel>(
    vm: &mut Vm<M>,
    x: &V<M>,
    method: &str,
    round: fn(f64) -> OpResult<crate::number::int::Int>,
) -> Res<V<M>> {
    if x.as_float().is_none()
        && let Some(r) = vm.call_special(x, method, &[])?
    {
        return Ok(r);
    }
    let x = vm.arg_float(x)?;
    let r = vm.op(round(x))?;
    Ok(vm.new_integer(r))
}

fn floor<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "floor")?;
    rounded(vm, x, "__floor__", math::floor)
}

fn ceil<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "ceil")?;
    rounded(vm, x, "__ceil__", math::ceil)
}

fn trunc<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "trunc")?;
    match vm.call_special(x, "__trunc__", &[])? {
        Some(r) => Ok(r),
        None => {
            let m = format!("type {} doesn't define __trunc__ method", vm.type_name(x));
            Err(vm.raise_type_error(m))
        }
    }
}

fn factorial<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [n] = args.exact::<1>(vm, "factorial")?;
    let r = if let Some(x) = n.as_float() {
        math_int::factorial_of_float(x)
    } else {
        let n = match (n.as_int().is_some(), vm.slots(n).int) {
            (true, _) | (_, Some(_)) => vm.number_int(n)?,
            (false, None) => {
                let m = format!("an integer is required (got type {})", vm.type_name(n));
                return Err(vm.raise_type_error(m));
            }
        };
        math_int::factorial(&n.as_int().map(|i| i.to_big()).unwrap_or_default())
    };
    let r = vm.op(r)?;
    Ok(vm.new_integer(r))
}

fn gcd<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.exact::<2>(vm, "gcd")?;
    let (a, b) = (vm.index(a)?, vm.index(b)?);
    let (Some(a), Some(b)) = (a.as_int(), b.as_int()) else {
        return Ok(V::<M>::none());
    };
    if let (Some(x), Some(y)) = (a.to_i64(), b.to_i64())
        && let Some(g) = math_int::gcd_i64(x, y)
    {
        return Ok(vm.new_int(g));
    }
    Ok(vm.new_big(math_int::gcd(&a.to_big(), &b.to_big())))
}

fn fsum<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [terms] = args.exact::<1>(vm, "fsum")?;
    let mut sum = Fsum::default();
    vm.for_each(terms, |vm, x| {
        let x = vm.arg_float(&x)?;
        let added = sum.add(x);
        vm.op(added)
    })?;
    let r = vm.op(sum.finish())?;
    Ok(vm.new_float(r))
}

fn frexp<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "frexp")?;
    let (m, e) = math::frexp(vm.arg_float(x)?);
    let pair = [vm.new_float(m), vm.new_int(e.into())];
    Ok(vm.new_tuple(pair))
}

fn ldexp<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x, exponent] = args.exact::<2>(vm, "ldexp")?;
    let x = vm.arg_float(x)?;
    let Some(exponent) = exponent.as_int() else {
        let m = "Expected an int as second argument to ldexp.";
        return Err(vm.raise_type_error(m));
    };
    let limit = if exponent.is_negative() {
        i64::MIN
    } else {
        i64::MAX
    };
    let r = vm.op(math::ldexp(x, exponent.to_i64().unwrap_or(limit)))?;
    Ok(vm.new_float(r))
}

fn modf<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "modf")?;
    let (fraction, whole) = math::modf(vm.arg_float(x)?);
    let pair = [vm.new_float(fraction), vm.new_float(whole)];
    Ok(vm.new_tuple(pair))
}

fn isclose<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let names = ["a", "b", "$rel_tol", "$abs_tol"];
    let values = args.parse(vm, "isclose", names, 2)?;
    let mut numbers = [0.0, 0.0, 1e-9, 0.0];
    for (number, value) in numbers.iter_mut().zip(&values) {
        if let Some(v) = value {
            *number = vm.arg_float(v)?;
        }
    }
    let [a, b, relative, absolute] = numbers;
    let close = vm.op(math::isclose(a, b, relative, absolute))?;
    Ok(V::<M>::bool(close))
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "math")
        .function("acos", acos::<M>)
        .function("acosh", acosh::<M>)
        .function("asin", asin::<M>)
        .function("asinh", asinh::<M>)
        .function("atan", atan::<M>)
        .function("atan2", atan2::<M>)
        .function("atanh", atanh::<M>)
        .function("ceil", ceil::<M>)
        .function("copysign", copysign::<M>)
        .function("cos", cos::<M>)
        .function("cosh", cosh::<M>)
        .function("degrees", degrees::<M>)
        .function("erf", erf::<M>)
        .function("erfc", erfc::<M>)
        .function("exp", exp::<M>)
        .function("expm1", expm1::<M>)
        .function("fabs", fabs::<M>)
        .function("factorial", factorial::<M>)
        .function("floor", floor::<M>)
        .function("fmod", fmod::<M>)
        .function("frexp", frexp::<M>)
        .function("fsum", fsum::<M>)
        .function("gamma", gamma::<M>)
        .function("gcd", gcd::<M>)
        .function("hypot", hypot::<M>)
        .function("isclose", isclose::<M>)
        .function("isfinite", isfinite::<M>)
        .function("isinf", isinf::<M>)
        .function("isnan", isnan::<M>)
        .function("ldexp", ldexp::<M>)
        .function("lgamma", lgamma::<M>)
        .function("log", log::<M>)
        .function("log10", log10::<M>)
        .function("log1p", log1p::<M>)
        .function("log2", log2::<M>)
        .function("modf", modf::<M>)
        .function("pow", pow::<M>)
        .function("radians", radians::<M>)
        .function("sin", sin::<M>)
        .function("sinh", sinh::<M>)
        .function("sqrt", sqrt::<M>)
        .function("tan", tan::<M>)
        .function("tanh", tanh::<M>)
        .function("trunc", trunc::<M>)
        .constant("pi", |vm| vm.new_float(std::f64::consts::PI))
        .constant("e", |vm| vm.new_float(std::f64::consts::E))
        .constant("inf", |vm| vm.new_float(f64::INFINITY))
        .constant("nan", |vm| vm.new_float(f64::NAN))
        .done())
}

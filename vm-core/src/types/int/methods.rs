//! Methods and attributes of `int`.

use super::{arith, plain, receiver};
use crate::Vm;
use crate::number::int_bytes::{self, ByteOrder};
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::types::class::builder::ClassBuilder;

fn bit_length<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "bit_length")?;
    Ok(vm.new_int(arith::bit_length(receiver(slf)) as i64))
}

macro_rules! plain_methods { ($($function:ident $name:literal)*) => { $(
    fn $function<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let (slf, rest) = args.method();
        rest.exact::<0>(vm, $name)?;
        plain(vm, slf)
    }
)* } }
plain_methods!(conjugate "conjugate" trunc "__trunc__" floor "__floor__" ceil "__ceil__");

fn round<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    match rest.between(vm, "__round__", 0, 1)? {
        [n] => {
            let n = vm.index(n)?;
            let r = arith::round(receiver(slf), receiver(&n));
            Ok(vm.new_integer(r))
        }
        _ => plain(vm, slf),
    }
}

fn byte_order<M: ObjectModel>(vm: &mut Vm<M>, function: &str, name: &V<M>) -> Res<ByteOrder> {
    let order = match name.get::<crate::types::str::Str>() {
        Some(s) => ByteOrder::parse(&s.text().to_string_lossy()),
        None => {
            let m = format!(
                "{function}() argument 2 must be str, not {}",
                vm.type_name(name)
            );
            return Err(vm.raise_type_error(m));
        }
    };
    vm.op(order)
}

fn to_bytes<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [length, order, signed] =
        rest.parse(vm, "to_bytes", ["length", "byteorder", "$signed"], 2)?;
    let (Some(length), Some(order)) = (length, order) else {
        return Ok(V::<M>::none());
    };
    let length = vm.ssize_argument(&length)?;
    let order = byte_order(vm, "to_bytes", &order)?;
    let signed = match signed {
        Some(s) => vm.is_true(&s)?,
        None => false,
    };
    let bytes = int_bytes::to_bytes(&receiver(slf).to_big(), length, order, signed);
    let bytes = vm.op(bytes)?;
    Ok(vm.new_bytes(bytes))
}

fn from_bytes<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let [bytes, order, signed] =
        rest.parse(vm, "from_bytes", ["bytes", "byteorder", "$signed"], 2)?;
    let (Some(bytes), Some(order)) = (bytes, order) else {
        return Ok(V::<M>::none());
    };
    let order = byte_order(vm, "from_bytes", &order)?;
    let signed = match signed {
        Some(s) => vm.is_true(&s)?,
        None => false,
    };
    let data = crate::types::bytes::bytes_from_object(vm, &bytes)?;
    let value = vm.new_big(int_bytes::from_bytes(&data, order, signed));
    if vm.is_builtin_class(class, Kind::Int) {
        return Ok(value);
    }
    vm.call_values(class, &[value])
}

fn getnewargs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__getnewargs__")?;
    let i = plain(vm, slf)?;
    Ok(vm.new_tuple([i]))
}

fn sizeof<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__sizeof__")?;
    Ok(vm.new_int(arith::size_in_cpython(receiver(slf))))
}

fn zero<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Ok(vm.new_int(0))
}

fn one<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>) -> Res<V<M>> {
    Ok(vm.new_int(1))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("bit_length", bit_length::<M>)
        .method("conjugate", conjugate::<M>)
        .method("to_bytes", to_bytes::<M>)
        .class_method("from_bytes", from_bytes::<M>)
        .method("__trunc__", trunc::<M>)
        .method("__floor__", floor::<M>)
        .method("__ceil__", ceil::<M>)
        .method("__round__", round::<M>)
        .method("__format__", crate::builtins::format::int_format::<M>)
        .method("__getnewargs__", getnewargs::<M>)
        .method("__sizeof__", sizeof::<M>)
        .getter("real", plain::<M>)
        .getter("imag", zero::<M>)
        .getter("numerator", plain::<M>)
        .getter("denominator", one::<M>)
}

//! Module `_random`: the Mersenne Twister under `random`, with CPython's use of its words.
//!
//! For the same seed the sequences are CPython's. Source: CPython `Modules/_randommodule.c`.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::native::opaque;
use crate::object::{Args, ObjectModel, Opaque, Res, V, Value};
use crate::types::bytes::Bytes;
use num_bigint::{BigInt, BigUint, Sign};
use rand_mt::Mt;
use sha2::{Digest, Sha512};
use std::any::Any;
use std::cell::RefCell;

/// A generator, or its state as `getstate` gives it out.
struct Twister(RefCell<Mt>);

impl<M: ObjectModel> Opaque<M> for Twister {
    fn trace(&self, _: &mut M::Visitor) {}
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn seeded(n: &BigUint) -> Mt {
    let mut key = n.to_u32_digits();
    if key.is_empty() {
        key.push(0);
    }
    Mt::new_with_key(key)
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(vm.new_opaque(class, Twister(RefCell::new(Mt::new(0)))))
}

fn init<M: ObjectModel>(_: &mut Vm<M>, _: &V<M>, _: Args<'_, M>) -> Res<()> {
    Ok(())
}

/// The generator of a receiver.
fn twister<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Twister> {
    match opaque::<M, Twister>(v) {
        Some(t) => Ok(t),
        None => Err(vm.raise_type_error("a Random object is required")),
    }
}

fn seed<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let n = match rest.between(vm, "seed", 0, 1)? {
        [n] if !n.is_none() => match n.as_int() {
            Some(i) => i.to_big().magnitude().clone(),
            None => BigUint::from(vm.hash(n)? as u64),
        },
        _ => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let unique = std::ptr::from_ref(v) as usize as u128;
            BigUint::from(now.map_or(0, |d| d.as_nanos()) ^ unique << 64)
        }
    };
    *twister(vm, v)?.0.borrow_mut() = seeded(&n);
    Ok(V::<M>::none())
}

fn random<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "random")?;
    let mut mt = twister(vm, v)?.0.borrow_mut();
    let (a, b) = (mt.next_u32() >> 5, mt.next_u32() >> 6);
    drop(mt);
    Ok(vm.new_float((f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0))
}

fn getrandbits<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [k] = rest.exact::<1>(vm, "getrandbits")?;
    let k = vm.index_as_isize(k, Exc::OverflowError)?;
    if k <= 0 {
        return Err(vm.raise_value_error("number of bits must be greater than zero"));
    }
    let mut mt = twister(vm, v)?.0.borrow_mut();
    if k <= 32 {
        let r = mt.next_u32() >> (32 - k);
        drop(mt);
        return Ok(vm.new_int(i64::from(r)));
    }
    let mut words = Vec::with_capacity(k as usize / 32 + 1);
    let mut left = k;
    while left > 0 {
        let word = mt.next_u32();
        words.push(if left < 32 { word >> (32 - left) } else { word });
        left -= 32;
    }
    drop(mt);
    Ok(vm.new_big(BigInt::from_slice(Sign::Plus, &words)))
}

/// The state is an object of its own: a copy of the generator.
fn getstate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "getstate")?;
    let copy = twister(vm, v)?.0.borrow().clone();
    let class = vm.native_class("Random").unwrap_or_else(V::<M>::none);
    Ok(vm.new_opaque(&class, Twister(RefCell::new(copy))))
}

fn setstate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [state] = rest.exact::<1>(vm, "setstate")?;
    let copy = twister(vm, state)?.0.borrow().clone();
    *twister(vm, v)?.0.borrow_mut() = copy;
    Ok(V::<M>::none())
}

/// `sha512(data)`: the digest that seeds from text are mixed with.
fn sha512<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [data] = args.exact::<1>(vm, "sha512")?;
    match data.get::<Bytes>() {
        Some(b) => {
            let digest = Sha512::digest(&b.data).to_vec();
            Ok(vm.new_bytes(digest))
        }
        None => Err(vm.raise_type_error("bytes are required")),
    }
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let class = vm
        .new_opaque_class("Random")
        .slots(|s| {
            s.new = Some(new::<M>);
            s.init = Some(init::<M>);
        })
        .method("seed", seed::<M>)
        .method("random", random::<M>)
        .method("getrandbits", getrandbits::<M>)
        .method("getstate", getstate::<M>)
        .method("setstate", setstate::<M>)
        .done();
    Ok(ModuleBuilder::new(vm, "_random")
        .class("Random", class)
        .function("sha512", sha512::<M>)
        .done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_words_as_cpython() {
        // random.seed(42); [random.getrandbits(32) for _ in range(3)] in CPython 3.
        let mut mt = seeded(&BigUint::from(42u32));
        let words: Vec<u32> = (0..3).map(|_| mt.next_u32()).collect();
        assert_eq!(words, [2_746_317_213, 478_163_327, 107_420_369]);
    }
}

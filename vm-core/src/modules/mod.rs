//! Native standard modules, one file a module; and those written in Python ([`sources`]).

pub mod bisect;
pub mod builder;
pub mod collections;
pub mod functools;
pub mod heapq;
pub mod itertools;
pub mod math;
pub mod opaque_body;
pub mod operator;
pub mod sources;

use crate::Vm;
use crate::object::{ObjectModel, Res, V};

/// Makes a module.
type Make<M> = fn(&mut Vm<M>) -> Res<V<M>>;

/// Registers the native modules for `import`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let all: &[(&'static str, Make<M>)] = &[
        ("_collections", collections::make::<M>),
        ("_functools", functools::make::<M>),
        ("_heapq", heapq::make::<M>),
        ("bisect", bisect::make::<M>),
        ("itertools", itertools::make::<M>),
        ("math", math::make::<M>),
        ("operator", operator::make::<M>),
    ];
    for &(name, make) in all {
        vm.interp.native_modules.insert(name, make);
    }
}

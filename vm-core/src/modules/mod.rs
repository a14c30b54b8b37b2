//! Native standard modules, one file a module; and those written in Python ([`sources`]).

pub mod bisect;
pub mod builder;
pub mod collections;
pub mod digest;
pub mod dis;
pub mod functools;
pub mod gc;
pub mod heapq;
pub mod io;
pub mod itertools;
pub mod json;
pub mod math;
pub mod opaque_body;
pub mod operator;
pub mod posix;
pub mod random;
pub mod re;
pub mod simple_namespace;
pub mod sources;
pub mod struct_sequence;
pub mod sys;
pub mod time;
pub mod weakref;

use crate::Vm;
use crate::object::{ObjectModel, Res, V};

/// Makes a module.
type Make<M> = fn(&mut Vm<M>) -> Res<V<M>>;

/// Registers the native modules for `import`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let all: &[(&'static str, Make<M>)] = &[
        ("bisect", bisect::make::<M>),
        ("_collections", collections::make::<M>),
        ("_digest", digest::make::<M>),
        ("_dis", dis::make::<M>),
        ("_functools", functools::make::<M>),
        ("gc", gc::make::<M>),
        ("_heapq", heapq::make::<M>),
        ("io", io::make::<M>),
        ("_io", io::make::<M>),
        ("itertools", itertools::make::<M>),
        ("_json", json::make::<M>),
        ("math", math::make::<M>),
        ("operator", operator::make::<M>),
        ("posix", posix::make::<M>),
        ("_random", random::make::<M>),
        ("_re", re::make::<M>),
        ("sys", sys::make::<M>),
        ("time", time::make::<M>),
        ("_weakref", weakref::make::<M>),
    ];
    for &(name, make) in all {
        vm.interp.native_modules.insert(name, make);
    }
    crate::types::generator::asynchronous::init(vm);
    io::init(vm);
    simple_namespace::make_class(vm);
    sys::start(vm);
}

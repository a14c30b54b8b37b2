//! Native standard modules, one file a module; and those written in Python ([`sources`]).

pub mod builder;
pub mod dis;
pub mod io;
pub mod simple_namespace;
pub mod sources;
pub mod struct_sequence;
pub mod sys;

use crate::Vm;
use crate::object::{ObjectModel, Res, V};

/// Makes a module.
type Make<M> = fn(&mut Vm<M>) -> Res<V<M>>;

/// Registers the native modules for `import`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let all: &[(&'static str, Make<M>)] = &[
        ("_dis", dis::make::<M>),
        ("io", io::make::<M>),
        ("_io", io::make::<M>),
        ("sys", sys::make::<M>),
    ];
    for &(name, make) in all {
        vm.interp.native_modules.insert(name, make);
    }
    io::init(vm);
    simple_namespace::make_class(vm);
    sys::start(vm);
}

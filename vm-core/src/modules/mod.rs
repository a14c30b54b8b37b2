//! Native standard modules, one file a module; and those written in Python ([`sources`]).

pub mod builder;
pub mod sources;

use crate::Vm;
use crate::object::{ObjectModel, Res, V};

/// Makes a module.
type Make<M> = fn(&mut Vm<M>) -> Res<V<M>>;

/// Registers the native modules for `import`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let all: &[(&'static str, Make<M>)] = &[];
    for &(name, make) in all {
        vm.interp.native_modules.insert(name, make);
    }
}

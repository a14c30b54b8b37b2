//! Native standard modules, one file a module.

use crate::Vm;
use crate::object::ObjectModel;

/// Registers the native modules for `import`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let _ = vm;
}

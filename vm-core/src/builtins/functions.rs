//! The built-in functions.

use crate::Vm;
use crate::object::ObjectModel;

/// Fills module `builtins`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let _ = vm;
}

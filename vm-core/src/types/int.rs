//! `int`: immediate or boxed 64-bit integers that overflow into big ones.

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}

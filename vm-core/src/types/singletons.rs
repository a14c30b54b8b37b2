//! The types of `None`, `Ellipsis` and `NotImplemented`.

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}

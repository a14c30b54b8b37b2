//! `bytearray`: a mutable sequence of bytes.

use std::cell::RefCell;

/// Body of a `bytearray`.
pub struct ByteArray {
    /// The bytes.
    pub data: RefCell<Vec<u8>>,
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}

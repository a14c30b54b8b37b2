//! `bytes`: an immutable sequence of bytes.

/// Body of a `bytes`.
pub struct Bytes {
    /// The bytes.
    pub data: Box<[u8]>,
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}

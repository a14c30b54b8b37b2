//! `complex`.

/// Body of a `complex`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}

//! The `ceval` command.
fn main() {}

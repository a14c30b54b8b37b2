//! What a compilation is asked to do.

/// The start symbol: the second argument of `compile()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A file.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement; expression values are printed.
    Single,
}

/// Which syntax is accepted. What 3.5 accepts compiles to the same bytes in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Refuses what CPython 3.5.1 refuses.
    Python35,
    /// Also accepts newer syntax that lowers cleanly: f-strings, `1_000`, variable
    /// annotations, `:=`, positional-only parameters, trailing commas, asynchronous
    /// generators and comprehensions.
    #[default]
    Default,
}

/// Settings of one compilation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The accepted syntax.
    pub dialect: Dialect,
    /// Inherited `CO_FUTURE_*` bits; others are ignored.
    pub flags: u32,
    /// As `-O`: 0 keeps everything, 1 drops `assert` and makes `__debug__` false, 2 also
    /// drops docstrings.
    pub optimize: u8,
}

//! The failure of a non-generic operation: which exception, and the message the program sees.
//!
//! Not an exception object: the machine makes one from this. Codec failures carry more and have their own
//! type, `codec::CodecError`.

use std::borrow::Cow;
use std::fmt;

/// The built-in exception an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `TypeError`
    Type,
    /// `ValueError`
    Value,
    /// `OverflowError`
    Overflow,
    /// `OverflowError` with two arguments, the `errno` 34 (`ERANGE`) and the message.
    Range,
    /// `ZeroDivisionError`
    ZeroDivision,
    /// `IndexError`
    Index,
    /// `KeyError`
    Key,
    /// `LookupError`
    Lookup,
    /// `MemoryError`
    Memory,
}

impl ErrorKind {
    /// The name of the exception class.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Type => "TypeError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Overflow | ErrorKind::Range => "OverflowError",
            ErrorKind::ZeroDivision => "ZeroDivisionError",
            ErrorKind::Index => "IndexError",
            ErrorKind::Key => "KeyError",
            ErrorKind::Lookup => "LookupError",
            ErrorKind::Memory => "MemoryError",
        }
    }
}

/// An exception to raise: its class and its only argument. An empty message means no argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpError {
    /// The class.
    pub kind: ErrorKind,
    /// `str(exception)`, as CPython 3.5.1 words it.
    pub message: Cow<'static, str>,
}

/// What the operations of `text` and `number` return.
pub type OpResult<T> = Result<T, OpError>;

impl OpError {
    /// An error of any kind.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        OpError {
            kind,
            message: message.into(),
        }
    }

    /// `TypeError(message)`
    pub fn type_error(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Type, message)
    }

    /// `ValueError(message)`
    pub fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    /// `OverflowError(message)`
    pub fn overflow(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Overflow, message)
    }

    /// `OverflowError(34, 'Numerical result out of range')`
    pub fn range() -> Self {
        Self::new(ErrorKind::Range, "Numerical result out of range")
    }

    /// `ZeroDivisionError(message)`
    pub fn zero_division(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::ZeroDivision, message)
    }

    /// `IndexError(message)`
    pub fn index(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Index, message)
    }

    /// `LookupError(message)`
    pub fn lookup(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Lookup, message)
    }

    /// `MemoryError()`
    pub fn memory() -> Self {
        Self::new(ErrorKind::Memory, "")
    }
}

impl fmt::Display for OpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            f.write_str(self.kind.name())
        } else if self.kind == ErrorKind::Range {
            write!(f, "OverflowError: (34, '{}')", self.message)
        } else {
            write!(f, "{}: {}", self.kind.name(), self.message)
        }
    }
}

impl std::error::Error for OpError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_as_the_last_line_of_a_traceback() {
        assert_eq!(OpError::value("bad").to_string(), "ValueError: bad");
        assert_eq!(OpError::memory().to_string(), "MemoryError");
        assert_eq!(
            OpError::range().to_string(),
            "OverflowError: (34, 'Numerical result out of range')"
        );
    }
}

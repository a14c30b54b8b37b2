//! How a compilation fails, and what it warns of.
//!
//! The message texts are those that a Python program sees from CPython 3.5.1, so they are
//! part of the behaviour; see `compile()` in the library reference for the attributes.

use std::fmt;

/// The exception class that a [`CompileError`] becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `SyntaxError`
    SyntaxError,
    /// `IndentationError`, a `SyntaxError`
    IndentationError,
    /// `TabError`, an `IndentationError`
    TabError,
    /// `ValueError`, for example null bytes in the source
    ValueError,
    /// `SystemError`, for example too many nested blocks
    SystemError,
    /// `RecursionError`: the source nests too deeply
    RecursionError,
    /// `OverflowError`
    OverflowError,
    /// `MemoryError`: CPython's parser stack is exhausted
    MemoryError,
    /// `UnicodeDecodeError` from a source that is given as bytes
    UnicodeDecodeError,
}

impl ErrorKind {
    /// The name of the exception class.
    #[must_use]
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::TabError => "TabError",
            ErrorKind::ValueError => "ValueError",
            ErrorKind::SystemError => "SystemError",
            ErrorKind::RecursionError => "RecursionError",
            ErrorKind::OverflowError => "OverflowError",
            ErrorKind::MemoryError => "MemoryError",
            ErrorKind::UnicodeDecodeError => "UnicodeDecodeError",
        }
    }

    /// Whether the class derives from `SyntaxError` and so has a position.
    #[must_use]
    pub fn is_syntax_error(self) -> bool {
        matches!(
            self,
            ErrorKind::SyntaxError | ErrorKind::IndentationError | ErrorKind::TabError
        )
    }
}

/// Why a source does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// The exception class.
    pub kind: ErrorKind,
    /// `SyntaxError.msg`, or `str(e)` of the other classes.
    pub message: String,
    /// `SyntaxError.filename`.
    pub filename: String,
    /// `SyntaxError.lineno`, from 1.
    pub line: Option<u32>,
    /// `SyntaxError.offset`; what CPython 3.5.1 stores, which is not always a column from 1.
    pub offset: Option<u32>,
    /// `SyntaxError.text`: the source line.
    pub text: Option<String>,
    /// What was warned of before the error was found.
    pub warnings: Vec<Warning>,
}

impl CompileError {
    /// An error with a position.
    #[must_use]
    pub fn at(
        kind: ErrorKind,
        message: impl Into<String>,
        filename: &str,
        line: u32,
        offset: u32,
    ) -> Self {
        CompileError {
            kind,
            message: message.into(),
            filename: filename.to_owned(),
            line: Some(line),
            offset: Some(offset),
            text: None,
            warnings: Vec::new(),
        }
    }

    /// An error that has no position.
    #[must_use]
    pub fn without_position(kind: ErrorKind, message: impl Into<String>, filename: &str) -> Self {
        CompileError {
            kind,
            message: message.into(),
            filename: filename.to_owned(),
            line: None,
            offset: None,
            text: None,
            warnings: Vec::new(),
        }
    }

    /// The same error with the source line it points at.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} ({}",
            self.kind.class_name(),
            self.message,
            self.filename
        )?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for CompileError {}

/// The warning class of a [`Warning`]. CPython 3.5's compiler has but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WarningKind {
    /// `SyntaxWarning`
    SyntaxWarning,
}

impl WarningKind {
    /// The name of the warning class.
    #[must_use]
    pub fn class_name(self) -> &'static str {
        match self {
            WarningKind::SyntaxWarning => "SyntaxWarning",
        }
    }
}

/// Something suspicious that does not stop the compilation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The warning class.
    pub kind: WarningKind,
    /// The text of the warning.
    pub message: String,
    /// The source's file name.
    pub filename: String,
    /// The line, from 1.
    pub line: u32,
    /// Where the `SyntaxError` stands that takes the warning's place if a filter makes it an error;
    /// `None` if the warning itself is raised then.
    pub error_line: Option<u32>,
}

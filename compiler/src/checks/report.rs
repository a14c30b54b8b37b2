//! Positions and texts of errors that tokenizer and grammar find.
//!
//! CPython counts the offset of such an error from the start of the line on which the current
//! token begins to where reading stopped, in characters. `SyntaxError` itself changes the
//! message if the line looks like a `print` or `exec` statement of Python 2.

use crate::error::{CompileError, ErrorKind};
use crate::tokens::{Kind, LexicalError, Tokenizer};

/// The error for a token that cannot be made.
pub(super) fn lexical_error(
    source: &str,
    filename: &str,
    tokenizer: &Tokenizer<'_>,
    error: LexicalError,
) -> CompileError {
    use ErrorKind::{IndentationError, SyntaxError, TabError};
    let (kind, message) = match error {
        LexicalError::Token => (SyntaxError, "invalid token"),
        LexicalError::EolInString => (SyntaxError, "EOL while scanning string literal"),
        LexicalError::EofInString => (
            SyntaxError,
            "EOF while scanning triple-quoted string literal",
        ),
        LexicalError::TabSpace => (
            TabError,
            "inconsistent use of tabs and spaces in indentation",
        ),
        LexicalError::Dedent => (
            IndentationError,
            "unindent does not match any outer indentation level",
        ),
        LexicalError::TooDeep => (IndentationError, "too many levels of indentation"),
        LexicalError::LineContinuation => (
            SyntaxError,
            "unexpected character after line continuation character",
        ),
        LexicalError::Identifier => (SyntaxError, "invalid character in identifier"),
    };
    positioned(source, filename, tokenizer, kind, message)
}

/// The error for a token that does not fit; `expected` is the only one that would have.
pub(super) fn grammar_error(
    source: &str,
    filename: &str,
    tokenizer: &Tokenizer<'_>,
    found: Kind,
    expected: Option<Kind>,
) -> CompileError {
    use ErrorKind::{IndentationError, SyntaxError};
    let (kind, message) = if tokenizer.is_at_eof() {
        (SyntaxError, "unexpected EOF while parsing")
    } else if expected == Some(Kind::Indent) {
        (IndentationError, "expected an indented block")
    } else if found == Kind::Indent {
        (IndentationError, "unexpected indent")
    } else if found == Kind::Dedent {
        (IndentationError, "unexpected unindent")
    } else {
        (SyntaxError, "invalid syntax")
    };
    positioned(source, filename, tokenizer, kind, message)
}

/// An error where `tokenizer` stopped.
pub(super) fn positioned(
    source: &str,
    filename: &str,
    tokenizer: &Tokenizer<'_>,
    kind: ErrorKind,
    message: &str,
) -> CompileError {
    let (start, end) = tokenizer.error_span();
    let offset = source
        .get(start..end)
        .map_or(end - start, |text| text.chars().count());
    let text = source.get(start..tokenizer.line_end()).unwrap_or("");
    let message = python2_statement(text).unwrap_or(message);
    CompileError::at(kind, message, filename, tokenizer.line(), offset as u32).with_text(text)
}

/// The message if `line` looks like a `print` or `exec` statement, maybe after a colon.
fn python2_statement(line: &str) -> Option<&'static str> {
    let message = |text: &str| {
        let text = text.trim_start();
        if text.starts_with("print ") {
            Some("Missing parentheses in call to 'print'")
        } else if text.starts_with("exec ") {
            Some("Missing parentheses in call to 'exec'")
        } else {
            None
        }
    };
    if line.contains('(') {
        return None;
    }
    message(line).or_else(|| line.split_once(':').and_then(|(_, after)| message(after)))
}

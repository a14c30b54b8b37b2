//! Errors for accepted tokens that the parser proper refuses, and for syntax that no dialect
//! has.
//!
//! The 3.5 grammar takes more than the language does; CPython's `ast.c` sorts the rest out
//! with messages of its own. The parser refuses some of this at a token instead. Which rule
//! was broken follows from the tokens around that place.

use crate::tokens::{Kind, TokenTable, Tokenizer};

/// A message and the token it points at.
pub(crate) type Complaint = (&'static str, usize);

/// How the parser refuses a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It does not fit.
    Unexpected,
    /// A positional argument after a keyword argument.
    PositionalArgument,
    /// `*args` after `**kwargs`.
    UnpackedArgument,
    /// A parameter without a default after one with.
    DefaultArgument,
    /// Something else, for example a lone starred expression in parentheses.
    Other,
}

/// What CPython says about a refusal at token `at`.
pub(crate) fn explain(table: &TokenTable<'_>, refusal: Refusal, at: usize) -> Complaint {
    match refusal {
        Refusal::PositionalArgument => {
            let message = if has_mapping_before(table, at) {
                "positional argument follows keyword argument unpacking"
            } else {
                "positional argument follows keyword argument"
            };
            (message, at)
        }
        Refusal::UnpackedArgument if table.kind(at) == Kind::Star => (
            "iterable argument unpacking follows keyword argument unpacking",
            at,
        ),
        Refusal::UnpackedArgument => ("positional argument follows keyword argument unpacking", at),
        Refusal::DefaultArgument => (
            "non-default argument follows default argument",
            first_parameter(table, at),
        ),
        Refusal::Unexpected => explain_unexpected(table, at),
        Refusal::Other => match table.kind(at) {
            Kind::Star if is_bare_star(table, at) => ("named arguments must follow bare *", at),
            Kind::Star => ("can't use starred expression here", at),
            _ => ("invalid syntax", at),
        },
    }
}

fn explain_unexpected(table: &TokenTable<'_>, at: usize) -> Complaint {
    match table.kind(at) {
        Kind::Equal => {
            let start = start_of_item(table, at);
            let message = if table.kind(start) == Kind::Lambda {
                "lambda cannot contain assignment"
            } else {
                "keyword can't be an expression"
            };
            (message, start)
        }
        Kind::Newline | Kind::Semi if at > 0 && table.kind(at - 1) == Kind::Comma => {
            let import = (0..at)
                .rev()
                .find(|&index| table.kind(index) == Kind::Import);
            (
                "trailing comma not allowed without surrounding parentheses",
                import.map_or(at, |import| import + 1),
            )
        }
        Kind::For | Kind::Async => match enclosing_bracket(table, at) {
            Some(open) if table.kind(open + 1) == Kind::DoubleStar => {
                ("dict unpacking cannot be used in dict comprehension", open)
            }
            Some(open) if table.kind(open + 1) == Kind::Star => (
                "iterable unpacking cannot be used in comprehension",
                open + 1,
            ),
            _ => ("invalid syntax", at),
        },
        Kind::RPar if at > 0 && is_bare_star(table, at - 1) => {
            ("named arguments must follow bare *", at - 1)
        }
        _ => ("invalid syntax", at),
    }
}

/// The innermost bracket that is open before token `at`.
fn enclosing_bracket(table: &TokenTable<'_>, at: usize) -> Option<usize> {
    let mut depth = 0;
    for index in (0..at).rev() {
        let kind = table.kind(index);
        if kind.is_close_bracket() {
            depth += 1;
        } else if kind.is_open_bracket() {
            if depth == 0 {
                return Some(index);
            }
            depth -= 1;
        }
    }
    None
}

/// The first token of the comma-separated item that token `at` is in.
fn start_of_item(table: &TokenTable<'_>, at: usize) -> usize {
    let mut depth = 0;
    for index in (0..at).rev() {
        let kind = table.kind(index);
        if kind.is_close_bracket() {
            depth += 1;
        } else if kind.is_open_bracket() {
            if depth == 0 {
                return index + 1;
            }
            depth -= 1;
        } else if depth == 0 && kind == Kind::Comma && !in_lambda_parameters(table, index) {
            return index + 1;
        }
    }
    0
}

/// Whether the comma at `comma` separates the parameters of a lambda.
fn in_lambda_parameters(table: &TokenTable<'_>, comma: usize) -> bool {
    let mut depth = 0;
    for index in (0..comma).rev() {
        let kind = table.kind(index);
        if kind.is_close_bracket() {
            depth += 1;
        } else if kind.is_open_bracket() {
            if depth == 0 {
                return false;
            }
            depth -= 1;
        } else if depth == 0 && kind == Kind::Colon {
            return false;
        } else if depth == 0 && kind == Kind::Lambda {
            return true;
        }
    }
    false
}

/// Whether a `**mapping` stands before `at` in the same call.
fn has_mapping_before(table: &TokenTable<'_>, at: usize) -> bool {
    let mut depth = 0;
    for index in (0..at).rev() {
        let kind = table.kind(index);
        if kind.is_close_bracket() {
            depth += 1;
        } else if kind.is_open_bracket() {
            if depth == 0 {
                return false;
            }
            depth -= 1;
        } else if depth == 0
            && kind == Kind::DoubleStar
            && index > 0
            && matches!(table.kind(index - 1), Kind::Comma | Kind::LPar)
        {
            return true;
        }
    }
    false
}

/// The first parameter of the list that token `at` is in.
fn first_parameter(table: &TokenTable<'_>, at: usize) -> usize {
    let mut depth = 0;
    for index in (0..at).rev() {
        let kind = table.kind(index);
        if kind.is_close_bracket() {
            depth += 1;
        } else if kind.is_open_bracket() {
            if depth == 0 {
                return index + 1;
            }
            depth -= 1;
        } else if depth == 0 && kind == Kind::Lambda {
            return index + 1;
        }
    }
    at
}

/// Whether token `at` is a `*` in a parameter list that no name follows.
fn is_bare_star(table: &TokenTable<'_>, at: usize) -> bool {
    table.kind(at) == Kind::Star
        && matches!(table.kind(at + 1), Kind::RPar | Kind::Colon | Kind::Comma)
}

/// The message if the refused last token of `table` belongs to syntax newer than the default
/// dialect's.
pub(crate) fn unsupported_syntax(
    table: &TokenTable<'_>,
    tokenizer: &Tokenizer<'_>,
) -> Option<&'static str> {
    let last = table.tokens.len().checked_sub(1)?;
    let start = (0..last)
        .rev()
        .find(|&index| {
            matches!(
                table.kind(index),
                Kind::Newline | Kind::Indent | Kind::Dedent | Kind::Semi
            )
        })
        .map_or(0, |index| index + 1);
    if table.kind(last) == Kind::Star && last > 0 && table.kind(last - 1) == Kind::Except {
        return Some("'except*' is not supported");
    }
    if table.kind(last) == Kind::LSqb
        && last >= 2
        && matches!(table.kind(last - 2), Kind::Def | Kind::Class)
    {
        return Some("type parameters are not supported");
    }
    if start >= last || table.kind(start) != Kind::Name {
        return None;
    }
    let line_end = tokenizer.line_end();
    let line = &table.source[table.tokens[start].start as usize..line_end];
    match table.text(start) {
        "match" if line.trim_end().ends_with(':') => Some("'match' is not supported"),
        "type" if last == start + 1 && table.kind(last) == Kind::Name => {
            Some("'type' statements are not supported")
        }
        _ => None,
    }
}

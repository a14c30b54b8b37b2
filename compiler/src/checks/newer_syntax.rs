//! Syntax that no dialect has: it deserves a better message than "invalid syntax".

use crate::tokens::{Kind, TokenTable, Tokenizer};

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

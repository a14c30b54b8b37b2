//! `with (a as b, c as d,):`, the parentheses around several items that came with 3.9.
//!
//! An LL(1) grammar cannot tell these parentheses from those of a tuple, so the tokens are
//! looked through ahead: no bracket holds an `as` otherwise. `with (a, b):` stays a tuple, as
//! in 3.5. The acceptor does not get to see the parentheses and a last comma.

use crate::tokens::{Kind, Tokenizer};

/// Where the tokens start that the acceptor must not see.
#[derive(Debug, Default)]
pub(super) struct HiddenTokens {
    open: Option<u32>,
    last_comma: Option<u32>,
    close: Option<u32>,
}

impl HiddenTokens {
    /// Looks through the tokens after a `with` that `tokenizer` has just made.
    pub fn after_with(tokenizer: &Tokenizer<'_>) -> Self {
        let mut ahead = tokenizer.clone();
        let mut next = move || ahead.next_token().ok();
        let Some(open) = next().filter(|token| token.kind == Kind::LPar) else {
            return HiddenTokens::default();
        };
        let mut depth = 1;
        let mut has_as = false;
        let mut last_comma = None;
        while let Some(token) = next() {
            match token.kind {
                Kind::EndMarker => break,
                Kind::As if depth == 1 => has_as = true,
                kind if kind.is_open_bracket() => depth += 1,
                kind if kind.is_close_bracket() => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let ends_items = next().is_some_and(|token| token.kind == Kind::Colon);
                if has_as && ends_items {
                    return HiddenTokens {
                        open: Some(open.start),
                        last_comma,
                        close: Some(token.start),
                    };
                }
                break;
            }
            last_comma = (token.kind == Kind::Comma).then_some(token.start);
        }
        HiddenTokens::default()
    }

    /// Whether the token that starts at `start` is hidden.
    pub fn contains(&self, start: u32) -> bool {
        [self.open, self.last_comma, self.close].contains(&Some(start))
    }
}

//! Hands the accepted tokens to `rustpython_parser`.
//!
//! The parser only has to find the structure: it gets token *indices* as positions (twice the
//! index for a start, one more for an end) and neither names nor values, which the conversion
//! reads from the token table by those indices. So the parser copies no text, and line
//! numbers need no search. Three rewrites make its 3.12 grammar parse 3.5:
//! - adjacent string literals are one token;
//! - the parentheses of `with (a, b):` are doubled, so that they do not group items;
//! - `match`, `case`, `type` are never keywords.

use rustpython_parser::Tok;
use rustpython_parser::lexer::LexResult;
use rustpython_parser::text_size::TextRange;
use rustpython_parser::{StringKind, ast::bigint::BigInt};

use crate::tokens::strings::Literal;
use crate::tokens::{Kind, TokenTable};

/// The tokens as the parser takes them.
pub(super) struct Feed<'t, 's> {
    table: &'t TokenTable<'s>,
    next: usize,
    /// Whether the token at `next` was given once and has to be given again.
    doubling: bool,
    /// The closing parentheses to double, innermost last.
    double_at: Vec<usize>,
    /// Inside the head of a function or lambda, names must differ: the parser compares them.
    in_parameters: bool,
}

impl<'t, 's> Feed<'t, 's> {
    /// All tokens of `table`.
    pub fn new(table: &'t TokenTable<'s>) -> Self {
        Feed {
            table,
            next: 0,
            doubling: false,
            double_at: Vec::new(),
            in_parameters: false,
        }
    }

    /// A name stands for itself by its position; where the parser would compare names
    /// (parameters, keywords, handlers) the text is its index.
    fn name(&self, index: usize) -> Tok {
        let is_compared = match self.table.kind(index + 1) {
            Kind::Equal | Kind::Colon => true,
            Kind::Comma | Kind::RPar => self.in_parameters,
            _ => false,
        };
        Tok::Name {
            name: if is_compared {
                index.to_string()
            } else {
                String::new()
            },
        }
    }
}

/// The range of the tokens `first` to `last`.
fn range(first: usize, last: usize) -> TextRange {
    TextRange::new((2 * first as u32).into(), (2 * last as u32 + 1).into())
}

/// The index of the first token in `range`.
pub(super) fn first_token(range: TextRange) -> usize {
    u32::from(range.start()) as usize / 2
}

/// The index of the last token in `range`.
pub(super) fn last_token(range: TextRange) -> usize {
    u32::from(range.end()) as usize / 2
}

impl Iterator for Feed<'_, '_> {
    type Item = LexResult;

    fn next(&mut self) -> Option<LexResult> {
        let first = self.next;
        let kind = self.table.tokens.get(first)?.kind;
        if self.doubling {
            self.doubling = false;
            self.next += 1;
            let tok = if kind == Kind::LPar {
                Tok::Lpar
            } else {
                Tok::Rpar
            };
            return Some(Ok((tok, range(first, first))));
        }
        let mut last = first;
        let tok = match kind {
            Kind::EndMarker => {
                self.next = usize::MAX;
                return None;
            }
            Kind::Name => self.name(first),
            Kind::Number => Tok::Int {
                value: BigInt::default(),
            },
            Kind::Str => {
                while self.table.kind(last + 1) == Kind::Str {
                    last += 1;
                }
                let is_bytes = Literal::new(self.table.text(first)).is_bytes;
                Tok::String {
                    value: String::new(),
                    kind: if is_bytes {
                        StringKind::Bytes
                    } else {
                        StringKind::String
                    },
                    triple_quoted: false,
                }
            }
            Kind::LPar => {
                if first > 0 && self.table.kind(first - 1) == Kind::With {
                    let close = self.table.tokens[first].partner as usize;
                    if self.table.kind(close + 1) == Kind::Colon {
                        self.doubling = true;
                        self.double_at.push(close);
                        return Some(Ok((Tok::Lpar, range(first, first))));
                    }
                }
                Tok::Lpar
            }
            Kind::RPar => {
                if self.double_at.last() == Some(&first) {
                    self.double_at.pop();
                    self.doubling = true;
                    return Some(Ok((Tok::Rpar, range(first, first))));
                }
                Tok::Rpar
            }
            Kind::Def | Kind::Lambda => {
                self.in_parameters = true;
                plain(kind)
            }
            Kind::Newline => {
                self.in_parameters = false;
                Tok::Newline
            }
            _ => plain(kind),
        };
        self.next = last + 1;
        Some(Ok((tok, range(first, last))))
    }
}

/// The parser's token for a kind that has no value.
fn plain(kind: Kind) -> Tok {
    match kind {
        Kind::Newline => Tok::Newline,
        Kind::Indent => Tok::Indent,
        Kind::Dedent => Tok::Dedent,
        Kind::Async => Tok::Async,
        Kind::Await => Tok::Await,
        Kind::LPar => Tok::Lpar,
        Kind::RPar => Tok::Rpar,
        Kind::LSqb => Tok::Lsqb,
        Kind::RSqb => Tok::Rsqb,
        Kind::LBrace => Tok::Lbrace,
        Kind::RBrace => Tok::Rbrace,
        Kind::Colon => Tok::Colon,
        Kind::Comma => Tok::Comma,
        Kind::Semi => Tok::Semi,
        Kind::Plus => Tok::Plus,
        Kind::Minus => Tok::Minus,
        Kind::Star => Tok::Star,
        Kind::Slash => Tok::Slash,
        Kind::VBar => Tok::Vbar,
        Kind::Amper => Tok::Amper,
        Kind::Less => Tok::Less,
        Kind::Greater => Tok::Greater,
        Kind::Equal => Tok::Equal,
        Kind::Dot => Tok::Dot,
        Kind::Percent => Tok::Percent,
        Kind::Tilde => Tok::Tilde,
        Kind::Circumflex => Tok::CircumFlex,
        Kind::At => Tok::At,
        Kind::EqEqual => Tok::EqEqual,
        Kind::NotEqual | Kind::Diamond => Tok::NotEqual,
        Kind::LessEqual => Tok::LessEqual,
        Kind::GreaterEqual => Tok::GreaterEqual,
        Kind::LeftShift => Tok::LeftShift,
        Kind::RightShift => Tok::RightShift,
        Kind::DoubleStar => Tok::DoubleStar,
        Kind::DoubleSlash => Tok::DoubleSlash,
        Kind::PlusEqual => Tok::PlusEqual,
        Kind::MinEqual => Tok::MinusEqual,
        Kind::StarEqual => Tok::StarEqual,
        Kind::SlashEqual => Tok::SlashEqual,
        Kind::PercentEqual => Tok::PercentEqual,
        Kind::AmperEqual => Tok::AmperEqual,
        Kind::VBarEqual => Tok::VbarEqual,
        Kind::CircumflexEqual => Tok::CircumflexEqual,
        Kind::AtEqual => Tok::AtEqual,
        Kind::LeftShiftEqual => Tok::LeftShiftEqual,
        Kind::RightShiftEqual => Tok::RightShiftEqual,
        Kind::DoubleStarEqual => Tok::DoubleStarEqual,
        Kind::DoubleSlashEqual => Tok::DoubleSlashEqual,
        Kind::RArrow => Tok::Rarrow,
        Kind::Ellipsis => Tok::Ellipsis,
        Kind::ColonEqual => Tok::ColonEqual,
        Kind::False => Tok::False,
        Kind::None => Tok::None,
        Kind::True => Tok::True,
        Kind::And => Tok::And,
        Kind::As => Tok::As,
        Kind::Assert => Tok::Assert,
        Kind::Break => Tok::Break,
        Kind::Class => Tok::Class,
        Kind::Continue => Tok::Continue,
        Kind::Def => Tok::Def,
        Kind::Del => Tok::Del,
        Kind::Elif => Tok::Elif,
        Kind::Else => Tok::Else,
        Kind::Except => Tok::Except,
        Kind::Finally => Tok::Finally,
        Kind::For => Tok::For,
        Kind::From => Tok::From,
        Kind::Global => Tok::Global,
        Kind::If => Tok::If,
        Kind::Import => Tok::Import,
        Kind::In => Tok::In,
        Kind::Is => Tok::Is,
        Kind::Lambda => Tok::Lambda,
        Kind::Nonlocal => Tok::Nonlocal,
        Kind::Not => Tok::Not,
        Kind::Or => Tok::Or,
        Kind::Pass => Tok::Pass,
        Kind::Raise => Tok::Raise,
        Kind::Return => Tok::Return,
        Kind::Try => Tok::Try,
        Kind::While => Tok::While,
        Kind::With => Tok::With,
        Kind::Yield => Tok::Yield,
        // Those with a value are made by the caller; `Unknown` is in no grammar.
        Kind::Name | Kind::Number | Kind::Str | Kind::EndMarker | Kind::Unknown => Tok::EndOfFile,
    }
}

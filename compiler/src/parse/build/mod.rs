//! From accepted tokens to the tree: CPython 3.5's `Python/ast.c`, by recursive descent.
//!
//! The grammar acceptor has judged the tokens, so this pass looks at most one token ahead and
//! trusts what it finds; where the acceptor is laxer than the language (newer parameter lists,
//! assignment expressions), a token that does not fit is a plain syntax error. Every node gets
//! the position that `ast.c` gives it:
//! - a string that spans lines is where it ends; that is a property of the token;
//! - a decorated definition is at its first `@`, an `async` statement at the keyword after
//!   `async`, an `elif` at its condition;
//! - in a chain of binary operators of one precedence, each outer node is at its operator;
//! - a tuple or generator expression in parentheses and a list comprehension are at the first
//!   token inside, an expression in parentheses is where it would be without;
//! - a call, attribute or subscript is where its base is.
//!
//! Recursion is bounded by the acceptor's stack; chains are built by loops.

mod atom;
mod call;
mod compound;
mod expr;
mod fstring;
mod import;
mod literal;
mod parameters;
mod stmt;
mod targets;

use unicode_normalization::UnicodeNormalization;

use crate::ast::{Expr, ExprKind, Mod};
use crate::checks::targets::DEBUG;
use crate::error::{CompileError, ErrorKind};
use crate::interner::{Interner, Symbol};
use crate::options::{Dialect, Mode};
use crate::tokens::{Kind, NO_COLUMN, TokenTable};

/// The result of building. Boxed, since a `CompileError` is larger than a node.
type Step<T> = Result<T, Box<CompileError>>;

/// Builds the tree of one token table.
pub(super) struct Builder<'a, 's> {
    table: &'a TokenTable<'s>,
    /// The next token.
    at: usize,
    interner: &'a mut Interner,
    filename: &'a str,
    dialect: Dialect,
    /// Whether the tokens are inside `async def`, where `await` is a keyword.
    in_async_def: bool,
}

impl<'a, 's> Builder<'a, 's> {
    /// A builder at the first token of `table`; names go to `interner`.
    pub fn new(
        table: &'a TokenTable<'s>,
        interner: &'a mut Interner,
        filename: &'a str,
        dialect: Dialect,
    ) -> Self {
        Builder {
            table,
            at: 0,
            interner,
            filename,
            dialect,
            in_async_def: false,
        }
    }

    /// Builds the whole tree.
    ///
    /// # Errors
    /// What `ast.c` refuses, in its words.
    pub fn build(&mut self, mode: Mode) -> Step<Mod> {
        if mode == Mode::Eval {
            return Ok(Mod::Expression(Box::new(self.testlist()?)));
        }
        let mut body = Vec::new();
        loop {
            match self.kind() {
                Kind::Newline => self.at += 1,
                Kind::EndMarker => break,
                _ => self.statement(&mut body)?,
            }
        }
        Ok(match mode {
            Mode::Single => Mod::Interactive(body),
            _ => Mod::Module(body),
        })
    }

    /// The kind of the next token.
    fn kind(&self) -> Kind {
        self.table.kind(self.at)
    }

    /// The kind of the token after the next.
    fn kind_after(&self) -> Kind {
        self.table.kind(self.at + 1)
    }

    /// Steps over the next token if it is a `kind`.
    fn take(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        self.at += usize::from(found);
        found
    }

    /// Steps over the next token, which has to be a `kind`.
    fn expect(&mut self, kind: Kind) -> Step<()> {
        if self.take(kind) {
            Ok(())
        } else {
            Err(self.error(self.at, "invalid syntax"))
        }
    }

    /// Steps over a NAME and gives the identifier.
    fn name(&mut self) -> Step<Symbol> {
        self.expect(Kind::Name)?;
        Ok(self.symbol(self.at - 1))
    }

    /// Steps over a NAME that is bound by something other than an assignment.
    fn binding(&mut self) -> Step<Symbol> {
        if self.kind() == Kind::Name && self.table.text(self.at) == DEBUG {
            return Err(self.error(self.at, "assignment to keyword"));
        }
        self.name()
    }

    /// The identifier that token `index` spells, normalised as PEP 3131 wants it.
    fn symbol(&mut self, index: usize) -> Symbol {
        let text = self.table.text(index);
        if text.is_ascii() {
            return self.interner.intern(text);
        }
        let normalized: String = text.nfkc().collect();
        self.interner.intern(&normalized)
    }

    /// A SyntaxError about the node that starts at token `at`.
    #[cold]
    fn error(&self, at: usize, message: impl Into<String>) -> Box<CompileError> {
        let (line, col) = self
            .table
            .tokens
            .get(at)
            .map_or((1, 0), |token| (token.line, token.col));
        let kind = ErrorKind::SyntaxError;
        let mut error = CompileError::at(kind, message, self.filename, line, col);
        if col == NO_COLUMN {
            error.offset = None;
        }
        Box::new(error)
    }

    /// A node at token `at`.
    fn node(&self, at: usize, kind: ExprKind) -> Expr {
        let token = &self.table.tokens[at];
        Expr {
            kind,
            lineno: token.line,
            col_offset: token.col,
        }
    }

    fn boxed_test(&mut self) -> Step<Box<Expr>> {
        self.test().map(Box::new)
    }
}

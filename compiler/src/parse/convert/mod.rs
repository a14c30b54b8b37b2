//! From the parser's tree to ours.
//!
//! The parser's nodes carry token indices; names, values and positions come from the token
//! table. Every node gets the position that CPython 3.5's `ast.c` gives it, and the checks
//! that `ast.c` makes on the way are made here.

mod arguments;
mod expr;
mod fstring;
mod literal;
mod position;
mod stmt;

use rustpython_parser::ast as rp;
use rustpython_parser::text_size::TextRange;
use unicode_normalization::UnicodeNormalization;

use super::feed::{first_token, last_token};
use crate::ast::{Expr, ExprContext, ExprKind, Mod};
use crate::checks::targets::{DEBUG, check_target};
use crate::error::CompileError;
use crate::interner::{Interner, Symbol};
use crate::tokens::{Kind, TokenTable};

/// The result of a conversion. Boxed, since a `CompileError` is larger than most nodes.
type Step<T> = Result<T, Box<CompileError>>;

/// Converts the tree of one token table.
pub(super) struct Converter<'a, 's> {
    table: &'a TokenTable<'s>,
    interner: &'a mut Interner,
    filename: &'a str,
    /// How many `async def` the conversion is inside of.
    async_depth: u32,
}

impl<'a, 's> Converter<'a, 's> {
    /// A converter that adds names to `interner`.
    pub fn new(table: &'a TokenTable<'s>, interner: &'a mut Interner, filename: &'a str) -> Self {
        Converter {
            table,
            interner,
            filename,
            async_depth: 0,
        }
    }

    /// Converts a whole tree.
    pub fn convert_mod(&mut self, tree: rp::Mod) -> Step<Mod> {
        Ok(match tree {
            rp::Mod::Module(module) => Mod::Module(self.body(module.body)?),
            rp::Mod::Interactive(module) => Mod::Interactive(self.body(module.body)?),
            rp::Mod::Expression(module) => Mod::Expression(self.boxed(*module.body)?),
            rp::Mod::FunctionType(_) => Mod::Module(Vec::new()),
        })
    }

    /// A SyntaxError about the node that starts at token `at`.
    fn error(&self, at: usize, message: impl Into<String>) -> Box<CompileError> {
        super::syntax_error(self.table, at, message, self.filename)
    }

    fn kind(&self, index: usize) -> Kind {
        self.table.kind(index)
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

    /// The identifier at token `index`, which is being bound by something other than an
    /// assignment.
    fn binding(&mut self, index: usize) -> Step<Symbol> {
        if self.table.text(index) == DEBUG {
            return Err(self.error(index, "assignment to keyword"));
        }
        Ok(self.symbol(index))
    }

    /// Checks a converted target; a complaint points at token `at`.
    fn check_target(&self, target: &Expr, ctx: ExprContext, at: usize) -> Step<()> {
        check_target(target, ctx, self.interner).map_err(|message| self.error(at, message))
    }

    /// The first token of an expression that begins at token `at` inside its parentheses, if
    /// it has any. Only right where nothing else can put a parenthesis before it, as in
    /// targets.
    fn outermost(&self, mut at: usize) -> usize {
        while at > 0 && self.kind(at - 1) == Kind::LPar {
            at -= 1;
        }
        at
    }

    fn boxed(&mut self, expr: rp::Expr) -> Step<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    fn optional(&mut self, expr: Option<Box<rp::Expr>>) -> Step<Option<Box<Expr>>> {
        expr.map(|expr| self.boxed(*expr)).transpose()
    }

    fn exprs(&mut self, exprs: Vec<rp::Expr>) -> Step<Vec<Expr>> {
        let mut converted = Vec::with_capacity(exprs.len());
        for expr in exprs {
            converted.push(self.expr(expr)?);
        }
        Ok(converted)
    }

    /// A node at token `at`.
    fn at(&self, at: usize, kind: ExprKind) -> Expr {
        let token = &self.table.tokens[at];
        Expr {
            kind,
            lineno: token.line,
            col_offset: token.col,
        }
    }
}

/// The indices of the first and last token of `range`.
fn span(range: TextRange) -> (usize, usize) {
    (first_token(range), last_token(range))
}

fn context(ctx: rp::ExprContext) -> ExprContext {
    match ctx {
        rp::ExprContext::Load => ExprContext::Load,
        rp::ExprContext::Store => ExprContext::Store,
        rp::ExprContext::Del => ExprContext::Del,
    }
}

//! Compound statements.

use super::{Builder, Step};
use crate::ast::{
    ClassDef, ExceptHandler, Expr, ExprKind, For, FunctionDef, Stmt, StmtKind, Try, WithItem,
};
use crate::checks::targets::DEBUG;
use crate::tokens::Kind;

impl Builder<'_, '_> {
    /// A compound statement, should one be next.
    pub(super) fn compound_statement(&mut self) -> Step<Option<Stmt>> {
        let start = self.at;
        let kind = match self.kind() {
            Kind::If => return self.if_stmt().map(Some),
            Kind::While => {
                self.at += 1;
                let test = Box::new(self.named_test()?);
                StmtKind::While {
                    test,
                    body: self.suite()?,
                    orelse: self.optional_suite(Kind::Else)?,
                }
            }
            Kind::For => StmtKind::For(Box::new(self.for_stmt()?)),
            Kind::Try => StmtKind::Try(Box::new(self.try_stmt()?)),
            Kind::With => {
                let (items, body) = self.with_stmt()?;
                StmtKind::With { items, body }
            }
            Kind::Def => StmtKind::FunctionDef(Box::new(self.function(Vec::new(), false)?)),
            Kind::Class => StmtKind::ClassDef(Box::new(self.class(Vec::new())?)),
            Kind::At => return self.decorated().map(Some),
            Kind::Async => return self.async_stmt().map(Some),
            _ => return Ok(None),
        };
        Ok(Some(self.stmt(start, kind)))
    }

    /// `':' suite`
    fn suite(&mut self) -> Step<Vec<Stmt>> {
        self.expect(Kind::Colon)?;
        let mut body = Vec::new();
        if !self.take(Kind::Newline) {
            self.simple_statements(&mut body)?;
            return Ok(body);
        }
        self.expect(Kind::Indent)?;
        while !self.take(Kind::Dedent) {
            self.statement(&mut body)?;
        }
        Ok(body)
    }

    /// `[keyword ':' suite]`
    fn optional_suite(&mut self, keyword: Kind) -> Step<Vec<Stmt>> {
        if self.take(keyword) {
            self.suite()
        } else {
            Ok(Vec::new())
        }
    }

    /// `if`, in which each `elif` is an `if` in the `else` part of the one before.
    fn if_stmt(&mut self) -> Step<Stmt> {
        let mut links = Vec::new();
        let mut at = self.at;
        self.at += 1;
        loop {
            let test = Box::new(self.named_test()?);
            let body = self.suite()?;
            links.push((at, test, body));
            if !self.take(Kind::Elif) {
                break;
            }
            // CPython 3.5 puts an `elif` at its condition.
            at = self.at;
        }
        let mut orelse = self.optional_suite(Kind::Else)?;
        loop {
            let Some((at, test, body)) = links.pop() else {
                return Err(self.error(at, "invalid syntax"));
            };
            let link = self.stmt(at, StmtKind::If { test, body, orelse });
            if links.is_empty() {
                return Ok(link);
            }
            orelse = vec![link];
        }
    }

    fn for_stmt(&mut self) -> Step<For> {
        self.expect(Kind::For)?;
        let target = self.loop_target()?;
        self.expect(Kind::In)?;
        Ok(For {
            target,
            iter: self.testlist()?,
            body: self.suite()?,
            orelse: self.optional_suite(Kind::Else)?,
        })
    }

    fn try_stmt(&mut self) -> Step<Try> {
        self.expect(Kind::Try)?;
        let body = self.suite()?;
        let mut handlers = Vec::new();
        while self.kind() == Kind::Except {
            handlers.push(self.except_clause()?);
        }
        Ok(Try {
            body,
            handlers,
            orelse: self.optional_suite(Kind::Else)?,
            finalbody: self.optional_suite(Kind::Finally)?,
        })
    }

    fn except_clause(&mut self) -> Step<ExceptHandler> {
        let token = self.table.tokens[self.at];
        self.at += 1;
        let mut typ = None;
        let mut name = None;
        if self.kind() != Kind::Colon {
            typ = Some(self.boxed_test()?);
            if self.take(Kind::As) {
                name = Some(self.binding()?);
            }
        }
        let body = self.suite()?;
        let (lineno, col_offset) = (token.line, token.col);
        Ok(ExceptHandler {
            typ,
            name,
            body,
            lineno,
            col_offset,
        })
    }

    fn with_stmt(&mut self) -> Step<(Vec<WithItem>, Vec<Stmt>)> {
        self.expect(Kind::With)?;
        let close = self.end_of_parenthesized_items();
        self.at += usize::from(close.is_some());
        let mut items = Vec::with_capacity(1);
        loop {
            let start = self.at;
            let context_expr = self.test()?;
            let optional_vars = if self.take(Kind::As) {
                let mut vars = self.expr()?;
                self.store(&mut vars, start)?;
                Some(Box::new(vars))
            } else {
                None
            };
            items.push(WithItem {
                context_expr,
                optional_vars,
            });
            let has_comma = self.take(Kind::Comma);
            if close == Some(self.at) {
                self.at += 1;
                return Ok((items, self.suite()?));
            }
            if !has_comma {
                return Ok((items, self.suite()?));
            }
        }
    }

    /// The closing parenthesis of `(a as b, c as d)`, should that be next; see
    /// `checks::with_items`.
    fn end_of_parenthesized_items(&self) -> Option<usize> {
        if self.kind() != Kind::LPar {
            return None;
        }
        let close = self.table.tokens[self.at].partner as usize;
        let is_items = self.table.kind(close + 1) == Kind::Colon
            && (self.at..close).any(|index| self.table.kind(index) == Kind::As);
        is_items.then_some(close)
    }

    /// `async` statements are at the keyword after it.
    fn async_stmt(&mut self) -> Step<Stmt> {
        self.expect(Kind::Async)?;
        let start = self.at;
        let kind = match self.kind() {
            Kind::For => StmtKind::AsyncFor(Box::new(self.for_stmt()?)),
            Kind::With => {
                let (items, body) = self.with_stmt()?;
                StmtKind::AsyncWith { items, body }
            }
            _ => StmtKind::AsyncFunctionDef(Box::new(self.function(Vec::new(), true)?)),
        };
        Ok(self.stmt(start, kind))
    }

    /// A decorated definition, which is at its first `@`.
    fn decorated(&mut self) -> Step<Stmt> {
        let start = self.at;
        let mut decorators = Vec::with_capacity(1);
        while self.kind() == Kind::At {
            decorators.push(self.decorator()?);
        }
        let kind = match self.kind() {
            Kind::Class => StmtKind::ClassDef(Box::new(self.class(decorators)?)),
            Kind::Async => {
                self.at += 1;
                StmtKind::AsyncFunctionDef(Box::new(self.function(decorators, true)?))
            }
            _ => StmtKind::FunctionDef(Box::new(self.function(decorators, false)?)),
        };
        Ok(self.stmt(start, kind))
    }

    /// `'@' namedexpr_test NEWLINE`. A call without arguments is at the `@`.
    fn decorator(&mut self) -> Step<Expr> {
        let at = self.table.tokens[self.at];
        self.at += 1;
        let begins_with_name = self.kind() == Kind::Name;
        let mut decorator = self.named_test()?;
        if begins_with_name
            && let ExprKind::Call { args, keywords, .. } = &decorator.kind
            && args.is_empty()
            && keywords.is_empty()
        {
            (decorator.lineno, decorator.col_offset) = (at.line, at.col);
        }
        self.expect(Kind::Newline)?;
        Ok(decorator)
    }

    fn function(&mut self, decorator_list: Vec<Expr>, is_async: bool) -> Step<FunctionDef> {
        self.expect(Kind::Def)?;
        let name = self.binding()?;
        self.expect(Kind::LPar)?;
        let args = self.parameters(Kind::RPar)?;
        self.expect(Kind::RPar)?;
        let returns = if self.take(Kind::RArrow) {
            Some(self.boxed_test()?)
        } else {
            None
        };
        let around = std::mem::replace(&mut self.in_async_def, is_async);
        let body = self.suite()?;
        self.in_async_def = around;
        Ok(FunctionDef {
            name,
            args,
            body,
            decorator_list,
            returns,
        })
    }

    fn class(&mut self, decorator_list: Vec<Expr>) -> Step<ClassDef> {
        let after_name = self.at + 3;
        self.expect(Kind::Class)?;
        let name = self.name()?;
        let (bases, keywords) = if self.take(Kind::LPar) {
            let arguments = self.call_arguments()?;
            self.expect(Kind::RPar)?;
            arguments
        } else {
            (Vec::new(), Vec::new())
        };
        let body = self.suite()?;
        if self.interner.name(name) == DEBUG {
            // CPython complains late, and about what follows the name and one more token.
            return Err(self.error(after_name, "assignment to keyword"));
        }
        Ok(ClassDef {
            name,
            bases,
            keywords,
            body,
            decorator_list,
        })
    }
}

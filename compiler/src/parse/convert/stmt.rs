//! Statements.

use rustpython_parser::ast::{self as rp, Ranged};

use super::expr::operator;
use super::{Converter, Step};
use crate::ast::{
    Alias, ClassDef, ExceptHandler, Expr, ExprContext, ExprKind, For, FunctionDef, Stmt, StmtKind,
    Try, WithItem,
};
use crate::interner::Symbol;
use crate::parse::feed::first_token;
use crate::tokens::Kind;

impl Converter<'_, '_> {
    /// Converts the statements of a block.
    pub(super) fn body(&mut self, body: Vec<rp::Stmt>) -> Step<Vec<Stmt>> {
        let mut converted = Vec::with_capacity(body.len());
        for stmt in body {
            converted.push(self.stmt(stmt)?);
        }
        Ok(converted)
    }

    fn stmt_at(&self, at: usize, kind: StmtKind) -> Stmt {
        let token = &self.table.tokens[at];
        Stmt {
            kind,
            lineno: token.line,
            col_offset: token.col,
        }
    }

    fn stmt(&mut self, stmt: rp::Stmt) -> Step<Stmt> {
        let mut at = first_token(stmt.range());
        let kind = match stmt {
            rp::Stmt::Expr(node) => StmtKind::Expr(self.boxed(*node.value)?),
            rp::Stmt::Assign(node) => self.assign(node)?,
            rp::Stmt::AugAssign(node) => {
                let target = self.boxed(*node.target)?;
                self.check_target(&target, ExprContext::Store, at)?;
                if !is_single_target(&target) {
                    let message = "illegal expression for augmented assignment";
                    return Err(self.error(at, message));
                }
                let value = self.boxed(*node.value)?;
                StmtKind::AugAssign {
                    target,
                    op: operator(node.op),
                    value,
                }
            }
            rp::Stmt::AnnAssign(node) => self.annotated_assign(node, at)?,
            rp::Stmt::Return(node) => StmtKind::Return(self.optional(node.value)?),
            rp::Stmt::Delete(node) => StmtKind::Delete(self.delete_targets(node.targets)?),
            rp::Stmt::If(node) => return self.if_chain(node),
            rp::Stmt::While(node) => StmtKind::While {
                test: self.boxed(*node.test)?,
                body: self.body(node.body)?,
                orelse: self.body(node.orelse)?,
            },
            rp::Stmt::For(node) => {
                let node = self.for_loop(*node.target, *node.iter, node.body, node.orelse)?;
                StmtKind::For(Box::new(node))
            }
            rp::Stmt::AsyncFor(node) => {
                at = self.after_async(at);
                let node = self.for_loop(*node.target, *node.iter, node.body, node.orelse)?;
                StmtKind::AsyncFor(Box::new(node))
            }
            rp::Stmt::With(node) => StmtKind::With {
                items: self.with_items(node.items)?,
                body: self.body(node.body)?,
            },
            rp::Stmt::AsyncWith(node) => {
                at = self.after_async(at);
                StmtKind::AsyncWith {
                    items: self.with_items(node.items)?,
                    body: self.body(node.body)?,
                }
            }
            rp::Stmt::FunctionDef(node) => {
                at = self.definition(node.range, &node.decorator_list);
                let def = first_token(node.range);
                let async_depth = std::mem::take(&mut self.async_depth);
                let node = self.function(
                    def,
                    *node.args,
                    node.body,
                    node.decorator_list,
                    node.returns,
                )?;
                self.async_depth = async_depth;
                StmtKind::FunctionDef(Box::new(node))
            }
            rp::Stmt::AsyncFunctionDef(node) => {
                at = self.definition(node.range, &node.decorator_list);
                let def = self.after_async(first_token(node.range));
                self.async_depth += 1;
                let node = self.function(
                    def,
                    *node.args,
                    node.body,
                    node.decorator_list,
                    node.returns,
                )?;
                self.async_depth -= 1;
                StmtKind::AsyncFunctionDef(Box::new(node))
            }
            rp::Stmt::ClassDef(node) => {
                at = self.definition(node.range, &node.decorator_list);
                StmtKind::ClassDef(Box::new(self.class(node)?))
            }
            rp::Stmt::Raise(node) => StmtKind::Raise {
                exc: self.optional(node.exc)?,
                cause: self.optional(node.cause)?,
            },
            rp::Stmt::Try(node) => StmtKind::Try(Box::new(Try {
                body: self.body(node.body)?,
                handlers: self.handlers(node.handlers)?,
                orelse: self.body(node.orelse)?,
                finalbody: self.body(node.finalbody)?,
            })),
            rp::Stmt::Assert(node) => StmtKind::Assert {
                test: self.boxed(*node.test)?,
                msg: self.optional(node.msg)?,
            },
            rp::Stmt::Import(node) => StmtKind::Import(self.aliases(node.names)?),
            rp::Stmt::ImportFrom(node) => self.import_from(node, at)?,
            rp::Stmt::Global(node) => StmtKind::Global(self.names(at, node.names.len())),
            rp::Stmt::Nonlocal(node) => StmtKind::Nonlocal(self.names(at, node.names.len())),
            rp::Stmt::Pass(_) => StmtKind::Pass,
            rp::Stmt::Break(_) => StmtKind::Break,
            rp::Stmt::Continue(_) => StmtKind::Continue,
            rp::Stmt::Match(_) => return Err(self.error(at, "'match' is not supported")),
            rp::Stmt::TypeAlias(_) => {
                return Err(self.error(at, "'type' statements are not supported"));
            }
            rp::Stmt::TryStar(_) => return Err(self.error(at, "'except*' is not supported")),
        };
        Ok(self.stmt_at(at, kind))
    }

    fn assign(&mut self, node: rp::StmtAssign) -> Step<StmtKind> {
        let mut targets = Vec::with_capacity(node.targets.len());
        for target in node.targets {
            let at = self.outermost(first_token(target.range()));
            if self.kind(at) == Kind::Yield {
                let message = "assignment to yield expression not possible";
                return Err(self.error(at, message));
            }
            let target = self.expr(target)?;
            self.check_target(&target, ExprContext::Store, at)?;
            targets.push(target);
        }
        let value = self.boxed(*node.value)?;
        Ok(StmtKind::Assign { targets, value })
    }

    fn annotated_assign(&mut self, node: rp::StmtAnnAssign, at: usize) -> Step<StmtKind> {
        let simple = node.simple && self.kind(at) == Kind::Name;
        let target = self.boxed(*node.target)?;
        match &target.kind {
            ExprKind::List { .. } => {
                return Err(self.error(at, "only single target (not list) can be annotated"));
            }
            ExprKind::Tuple { .. } => {
                return Err(self.error(at, "only single target (not tuple) can be annotated"));
            }
            _ if is_single_target(&target) => {
                self.check_target(&target, ExprContext::Store, at)?;
            }
            _ => return Err(self.error(at, "illegal target for annotation")),
        }
        let annotation = self.boxed(*node.annotation)?;
        let value = self.optional(node.value)?;
        Ok(StmtKind::AnnAssign {
            target,
            annotation,
            value,
            simple,
        })
    }

    fn delete_targets(&mut self, from: Vec<rp::Expr>) -> Step<Vec<Expr>> {
        let mut targets = Vec::with_capacity(from.len());
        for target in from {
            let at = self.outermost(first_token(target.range()));
            let target = self.expr(target)?;
            self.check_target(&target, ExprContext::Del, at)?;
            targets.push(target);
        }
        Ok(targets)
    }

    /// Converts an `if` and its `elif`s, which the parser nests.
    fn if_chain(&mut self, node: rp::StmtIf) -> Step<Stmt> {
        let mut links = Vec::new();
        let mut node = node;
        let mut orelse = loop {
            let at = first_token(node.range);
            // CPython 3.5 puts an `elif` at its condition.
            let at = at + usize::from(self.kind(at) == Kind::Elif);
            let test = self.boxed(*node.test)?;
            let body = self.body(node.body)?;
            links.push((at, test, body));
            let mut rest = node.orelse;
            let is_elif = matches!(&rest[..], [rp::Stmt::If(inner)]
                if self.kind(first_token(inner.range)) == Kind::Elif);
            if !is_elif {
                break self.body(rest)?;
            }
            match rest.pop() {
                Some(rp::Stmt::If(inner)) => node = inner,
                _ => break Vec::new(),
            }
        };
        loop {
            let Some((at, test, body)) = links.pop() else {
                // The loop above makes at least one link.
                return Ok(self.stmt_at(0, StmtKind::Pass));
            };
            let link = self.stmt_at(at, StmtKind::If { test, body, orelse });
            if links.is_empty() {
                return Ok(link);
            }
            orelse = vec![link];
        }
    }

    fn for_loop(
        &mut self,
        target: rp::Expr,
        iter: rp::Expr,
        body: Vec<rp::Stmt>,
        orelse: Vec<rp::Stmt>,
    ) -> Step<For> {
        Ok(For {
            target: self.loop_target(target)?,
            iter: self.expr(iter)?,
            body: self.body(body)?,
            orelse: self.body(orelse)?,
        })
    }

    fn with_items(&mut self, from: Vec<rp::WithItem>) -> Step<Vec<WithItem>> {
        let mut items = Vec::with_capacity(from.len());
        for item in from {
            let at = self.outermost(first_token(item.context_expr.range()));
            let context_expr = self.expr(item.context_expr)?;
            let optional_vars = self.optional(item.optional_vars)?;
            if let Some(vars) = &optional_vars {
                self.check_target(vars, ExprContext::Store, at)?;
            }
            items.push(WithItem {
                context_expr,
                optional_vars,
            });
        }
        Ok(items)
    }

    /// Converts a function whose `def` is at token `def`.
    fn function(
        &mut self,
        def: usize,
        args: rp::Arguments,
        body: Vec<rp::Stmt>,
        decorator_list: Vec<rp::Expr>,
        returns: Option<Box<rp::Expr>>,
    ) -> Step<FunctionDef> {
        let decorator_list = self.decorators(decorator_list)?;
        let name = self.binding(def + 1)?;
        let args = self.parameters(args, def + 3)?;
        let returns = self.optional(returns)?;
        let body = self.body(body)?;
        Ok(FunctionDef {
            name,
            args,
            body,
            decorator_list,
            returns,
        })
    }

    /// Converts decorators. A call without arguments is at its `@`.
    fn decorators(&mut self, from: Vec<rp::Expr>) -> Step<Vec<Expr>> {
        let mut decorators = Vec::with_capacity(from.len());
        for decorator in from {
            let is_bare_call = matches!(&decorator, rp::Expr::Call(call)
                if call.args.is_empty() && call.keywords.is_empty());
            let first = first_token(decorator.range());
            let mut decorator = self.expr(decorator)?;
            if is_bare_call && first > 0 && self.kind(first - 1) == Kind::At {
                let at = self.table.tokens[first - 1];
                (decorator.lineno, decorator.col_offset) = (at.line, at.col);
            }
            decorators.push(decorator);
        }
        Ok(decorators)
    }

    fn class(&mut self, node: rp::StmtClassDef) -> Step<ClassDef> {
        let class = first_token(node.range);
        let decorator_list = self.decorators(node.decorator_list)?;
        let name = self.binding(class + 1)?;
        let (bases, keywords) = self.call_arguments(node.bases, node.keywords, class + 3)?;
        let body = self.body(node.body)?;
        Ok(ClassDef {
            name,
            bases,
            keywords,
            body,
            decorator_list,
        })
    }

    fn handlers(&mut self, from: Vec<rp::ExceptHandler>) -> Step<Vec<ExceptHandler>> {
        let mut handlers = Vec::with_capacity(from.len());
        for rp::ExceptHandler::ExceptHandler(handler) in from {
            let token = self.table.tokens[first_token(handler.range)];
            let typ = self.optional(handler.type_)?;
            // The name's text is its token index: see `Feed::name`.
            let name = match handler.name.and_then(|name| name.as_str().parse().ok()) {
                Some(index) => Some(self.binding(index)?),
                None => None,
            };
            let body = self.body(handler.body)?;
            let (lineno, col_offset) = (token.line, token.col);
            handlers.push(ExceptHandler {
                typ,
                name,
                body,
                lineno,
                col_offset,
            });
        }
        Ok(handlers)
    }

    fn aliases(&mut self, from: Vec<rp::Alias>) -> Step<Vec<Alias>> {
        let mut aliases = Vec::with_capacity(from.len());
        for alias in from {
            let first = first_token(alias.range);
            if self.kind(first) == Kind::Star {
                let name = self.interner.intern("*");
                aliases.push(Alias { name, asname: None });
                continue;
            }
            let (name, end) = self.dotted_name(first);
            let asname = if alias.asname.is_some() {
                Some(self.binding(end + 2)?)
            } else {
                if end == first {
                    self.binding(first)?;
                }
                None
            };
            aliases.push(Alias { name, asname });
        }
        Ok(aliases)
    }

    /// The dotted name that begins at token `first`, and its last token.
    fn dotted_name(&mut self, first: usize) -> (Symbol, usize) {
        let mut end = first;
        while self.kind(end + 1) == Kind::Dot {
            end += 2;
        }
        if end == first {
            return (self.symbol(first), end);
        }
        let mut name = String::new();
        for index in (first..=end).step_by(2) {
            if index > first {
                name.push('.');
            }
            let part = self.symbol(index);
            name.push_str(self.interner.name(part));
        }
        (self.interner.intern(&name), end)
    }

    fn import_from(&mut self, node: rp::StmtImportFrom, from: usize) -> Step<StmtKind> {
        let mut at = from + 1;
        let mut level = 0;
        loop {
            match self.kind(at) {
                Kind::Dot => level += 1,
                Kind::Ellipsis => level += 3,
                _ => break,
            }
            at += 1;
        }
        let module = (self.kind(at) == Kind::Name).then(|| self.dotted_name(at).0);
        let names = self.aliases(node.names)?;
        Ok(StmtKind::ImportFrom {
            module,
            names,
            level,
        })
    }

    /// The `count` names, with commas between, after the keyword at token `at`.
    fn names(&mut self, at: usize, count: usize) -> Vec<Symbol> {
        (0..count)
            .map(|index| self.symbol(at + 1 + 2 * index))
            .collect()
    }
}

fn is_single_target(target: &Expr) -> bool {
    matches!(
        target.kind,
        ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. }
    )
}

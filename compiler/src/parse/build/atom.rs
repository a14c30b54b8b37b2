//! Atoms, what is in brackets, and the trailers after them.

use super::{Builder, Step};
use crate::ast::{Expr, ExprContext, ExprKind, NameConstant, Slice};
use crate::tokens::Kind;
use crate::tokens::numbers::parse_number;

const LOAD: ExprContext = ExprContext::Load;

impl Builder<'_, '_> {
    /// `[AWAIT] atom trailer*`
    pub(super) fn atom_expr(&mut self) -> Step<Expr> {
        let start = self.at;
        if self.take(Kind::Await) {
            let value = Box::new(self.atom_with_trailers()?);
            return Ok(self.node(start, ExprKind::Await(value)));
        }
        self.atom_with_trailers()
    }

    fn atom_with_trailers(&mut self) -> Step<Expr> {
        let mut expr = self.atom()?;
        // The position stays that of the base.
        let (lineno, col_offset) = (expr.lineno, expr.col_offset);
        loop {
            let kind = match self.kind() {
                Kind::Dot => {
                    self.at += 1;
                    let attr = self.name()?;
                    ExprKind::Attribute {
                        value: Box::new(expr),
                        attr,
                        ctx: LOAD,
                    }
                }
                Kind::LPar => {
                    self.at += 1;
                    let (args, keywords) = self.call_arguments()?;
                    self.expect(Kind::RPar)?;
                    ExprKind::Call {
                        func: Box::new(expr),
                        args,
                        keywords,
                    }
                }
                Kind::LSqb => {
                    self.at += 1;
                    let slice = Box::new(self.subscript_list()?);
                    self.expect(Kind::RSqb)?;
                    ExprKind::Subscript {
                        value: Box::new(expr),
                        slice,
                        ctx: LOAD,
                    }
                }
                _ => return Ok(expr),
            };
            expr = Expr {
                kind,
                lineno,
                col_offset,
            };
        }
    }

    fn atom(&mut self) -> Step<Expr> {
        let start = self.at;
        self.at += 1;
        let kind = match self.table.kind(start) {
            Kind::Name => ExprKind::Name {
                id: self.symbol(start),
                ctx: LOAD,
            },
            Kind::Number => ExprKind::Num(parse_number(self.table.text(start))),
            Kind::Str => return self.strings(start),
            Kind::None => ExprKind::NameConstant(NameConstant::None),
            Kind::True => ExprKind::NameConstant(NameConstant::True),
            Kind::False => ExprKind::NameConstant(NameConstant::False),
            Kind::Ellipsis => ExprKind::Ellipsis,
            Kind::LPar => return self.parenthesized(start),
            Kind::LSqb => return self.list(start),
            Kind::LBrace => return self.braces(start),
            _ => return Err(self.error(start, "invalid syntax")),
        };
        Ok(self.node(start, kind))
    }

    /// The rest of `'(' [yield_expr | testlist_comp] ')'`.
    fn parenthesized(&mut self, open: usize) -> Step<Expr> {
        let inside = self.at;
        let expr = match self.kind() {
            Kind::RPar => self.node(
                open,
                ExprKind::Tuple {
                    elts: Vec::new(),
                    ctx: LOAD,
                },
            ),
            Kind::Yield => self.yield_expr()?,
            _ => {
                let first = self.named_or_star()?;
                if self.begins_comp_for() {
                    let elt = self.element(first, inside)?;
                    let generators = self.comp_for()?;
                    self.node(inside, ExprKind::GeneratorExp { elt, generators })
                } else if self.kind() == Kind::Comma {
                    let elts = self.rest_of_list(first, Self::named_or_star)?;
                    self.node(inside, ExprKind::Tuple { elts, ctx: LOAD })
                } else {
                    first
                }
            }
        };
        self.expect(Kind::RPar)?;
        Ok(expr)
    }

    /// The rest of `'[' [testlist_comp] ']'`.
    fn list(&mut self, open: usize) -> Step<Expr> {
        let inside = self.at;
        let expr = if self.kind() == Kind::RSqb {
            self.node(
                open,
                ExprKind::List {
                    elts: Vec::new(),
                    ctx: LOAD,
                },
            )
        } else {
            let first = self.named_or_star()?;
            if self.begins_comp_for() {
                let elt = self.element(first, inside)?;
                let generators = self.comp_for()?;
                self.node(inside, ExprKind::ListComp { elt, generators })
            } else {
                let elts = self.rest_of_list(first, Self::named_or_star)?;
                self.node(open, ExprKind::List { elts, ctx: LOAD })
            }
        };
        self.expect(Kind::RSqb)?;
        Ok(expr)
    }

    /// The element of a comprehension, which began at token `at`.
    pub(super) fn element(&mut self, element: Expr, at: usize) -> Step<Box<Expr>> {
        if matches!(element.kind, ExprKind::Starred { .. }) && self.table.kind(at) == Kind::Star {
            let message = "iterable unpacking cannot be used in comprehension";
            return Err(self.error(at, message));
        }
        Ok(Box::new(element))
    }

    /// The rest of `'{' [dictorsetmaker] '}'`.
    fn braces(&mut self, open: usize) -> Step<Expr> {
        let inside = self.at;
        let kind = match self.kind() {
            Kind::RBrace => ExprKind::Dict {
                keys: Vec::new(),
                values: Vec::new(),
            },
            Kind::DoubleStar => {
                self.at += 1;
                let value = self.expr()?;
                self.dict(open, None, value)?
            }
            _ => {
                let first = self.named_or_star()?;
                if self.take(Kind::Colon) {
                    let value = self.test()?;
                    self.dict(open, Some(first), value)?
                } else if self.begins_comp_for() {
                    let elt = self.element(first, inside)?;
                    let generators = self.comp_for()?;
                    ExprKind::SetComp { elt, generators }
                } else {
                    ExprKind::Set(self.rest_of_list(first, Self::named_or_star)?)
                }
            }
        };
        self.expect(Kind::RBrace)?;
        Ok(self.node(open, kind))
    }

    /// The rest of a dictionary display or comprehension after its first item.
    fn dict(&mut self, open: usize, key: Option<Expr>, value: Expr) -> Step<ExprKind> {
        if self.begins_comp_for() {
            let Some(key) = key else {
                let message = "dict unpacking cannot be used in dict comprehension";
                return Err(self.error(open, message));
            };
            let (key, value) = (Box::new(key), Box::new(value));
            let generators = self.comp_for()?;
            return Ok(ExprKind::DictComp {
                key,
                value,
                generators,
            });
        }
        let mut keys = vec![key];
        let mut values = vec![value];
        while self.take(Kind::Comma) && self.kind() != Kind::RBrace {
            if self.take(Kind::DoubleStar) {
                keys.push(None);
                values.push(self.expr()?);
            } else {
                keys.push(Some(self.test()?));
                self.expect(Kind::Colon)?;
                values.push(self.test()?);
            }
        }
        Ok(ExprKind::Dict { keys, values })
    }

    /// `subscriptlist`. Several without a slice are a tuple, which then is the index.
    fn subscript_list(&mut self) -> Step<Slice> {
        let start = self.at;
        let first = self.subscript()?;
        if self.kind() != Kind::Comma {
            return Ok(first);
        }
        let mut dimensions = vec![first];
        while self.take(Kind::Comma) && self.kind() != Kind::RSqb {
            dimensions.push(self.subscript()?);
        }
        if dimensions
            .iter()
            .any(|dimension| matches!(dimension, Slice::Slice { .. }))
        {
            return Ok(Slice::ExtSlice(dimensions));
        }
        let elts = dimensions
            .into_iter()
            .filter_map(|dimension| match dimension {
                Slice::Index(index) => Some(index),
                Slice::Slice { .. } | Slice::ExtSlice(_) => None,
            })
            .collect();
        Ok(Slice::Index(
            self.node(start, ExprKind::Tuple { elts, ctx: LOAD }),
        ))
    }

    /// `test | [test] ':' [test] [sliceop]`
    fn subscript(&mut self) -> Step<Slice> {
        let lower = if self.kind() == Kind::Colon {
            None
        } else {
            Some(self.named_test()?)
        };
        if !self.take(Kind::Colon) {
            return match lower {
                Some(index) => Ok(Slice::Index(index)),
                None => Err(self.error(self.at, "invalid syntax")),
            };
        }
        let upper = self.slice_bound()?;
        let step = if self.take(Kind::Colon) {
            self.slice_bound()?
        } else {
            None
        };
        Ok(Slice::Slice { lower, upper, step })
    }

    fn slice_bound(&mut self) -> Step<Option<Expr>> {
        match self.kind() {
            Kind::Colon | Kind::Comma | Kind::RSqb => Ok(None),
            _ => self.test().map(Some),
        }
    }
}

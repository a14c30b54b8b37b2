//! Expressions back to source text, as `from __future__ import annotations` stores them
//! (newer dialect).
//!
//! The text is normalised: single blanks, parentheses only where precedence asks for them.
//! Source: CPython 3.7 `Python/ast_unparse.c`.

use ceval_bytecode::repr::{repr_bytes, repr_float, repr_str};
use rustpython_wtf8::{Wtf8, Wtf8Buf};

use crate::ast::{Arg, Arguments, BoolOp, CmpOp, Comprehension, Conversion, Expr, ExprKind};
use crate::ast::{NameConstant, Number, Operator, Slice, UnaryOp};
use crate::interner::Interner;

/// How tightly an expression binds; a part that binds less tightly than its place asks for is
/// put in parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Tuple,
    Named,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Factor,
    Power,
    Await,
    Atom,
}

/// The source text of an expression.
pub(crate) fn unparse(expr: &Expr, interner: &Interner) -> Wtf8Buf {
    let mut unparser = Unparser {
        out: Wtf8Buf::new(),
        interner,
    };
    unparser.expr(expr, Level::Test);
    unparser.out
}

struct Unparser<'a> {
    out: Wtf8Buf,
    interner: &'a Interner,
}

/// The operator, its level, and the levels of its operands.
fn binary(op: Operator) -> (&'static str, Level, Level, Level) {
    use Level::{Atom, BitAnd, BitOr, BitXor, Factor, Power, Product, Shift, Sum};
    match op {
        Operator::Add => (" + ", Sum, Sum, Product),
        Operator::Sub => (" - ", Sum, Sum, Product),
        Operator::Mult => (" * ", Product, Product, Factor),
        Operator::MatMult => (" @ ", Product, Product, Factor),
        Operator::Div => (" / ", Product, Product, Factor),
        Operator::Mod => (" % ", Product, Product, Factor),
        Operator::FloorDiv => (" // ", Product, Product, Factor),
        Operator::LShift => (" << ", Shift, Shift, Sum),
        Operator::RShift => (" >> ", Shift, Shift, Sum),
        Operator::BitOr => (" | ", BitOr, BitOr, BitXor),
        Operator::BitXor => (" ^ ", BitXor, BitXor, BitAnd),
        Operator::BitAnd => (" & ", BitAnd, BitAnd, Shift),
        Operator::Pow => (" ** ", Power, Atom, Factor),
    }
}

fn compare(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}

impl Unparser<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// An expression in a place that asks for at least `place`.
    fn expr(&mut self, expr: &Expr, place: Level) {
        let level = match &expr.kind {
            ExprKind::Tuple { elts, .. } if !elts.is_empty() => Level::Tuple,
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) => Level::Tuple,
            ExprKind::NamedExpr { .. } => Level::Named,
            ExprKind::Lambda { .. } | ExprKind::IfExp { .. } => Level::Test,
            ExprKind::BoolOp { op: BoolOp::Or, .. } => Level::Or,
            ExprKind::BoolOp {
                op: BoolOp::And, ..
            } => Level::And,
            ExprKind::UnaryOp {
                op: UnaryOp::Not, ..
            } => Level::Not,
            ExprKind::UnaryOp { .. } => Level::Factor,
            ExprKind::Compare { .. } => Level::Compare,
            ExprKind::BinOp { op, .. } => binary(*op).1,
            ExprKind::Await(_) => Level::Await,
            _ => Level::Atom,
        };
        let in_parentheses = level < place;
        if in_parentheses {
            self.put("(");
        }
        self.bare(expr);
        if in_parentheses {
            self.put(")");
        }
    }

    fn list(&mut self, exprs: &[Expr]) {
        for (i, expr) in exprs.iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            self.expr(expr, Level::Test);
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::BoolOp { op, values } => {
                let (word, level) = match op {
                    BoolOp::And => (" and ", Level::Not),
                    BoolOp::Or => (" or ", Level::And),
                };
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        self.put(word);
                    }
                    self.expr(value, level);
                }
            }
            ExprKind::NamedExpr { target, value } => {
                self.expr(target, Level::Atom);
                self.put(" := ");
                self.expr(value, Level::Test);
            }
            ExprKind::BinOp { left, op, right } => {
                let (sign, _, left_level, right_level) = binary(*op);
                self.expr(left, left_level);
                self.put(sign);
                self.expr(right, right_level);
            }
            ExprKind::UnaryOp { op, operand } => {
                let (sign, level) = match op {
                    UnaryOp::Invert => ("~", Level::Factor),
                    UnaryOp::Not => ("not ", Level::Not),
                    UnaryOp::UAdd => ("+", Level::Factor),
                    UnaryOp::USub => ("-", Level::Factor),
                };
                self.put(sign);
                self.expr(operand, level);
            }
            ExprKind::Lambda { args, body } => {
                self.put("lambda");
                self.arguments(args);
                self.put(": ");
                self.expr(body, Level::Test);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(body, Level::Or);
                self.put(" if ");
                self.expr(test, Level::Or);
                self.put(" else ");
                self.expr(orelse, Level::Test);
            }
            ExprKind::Dict { keys, values } => {
                self.put("{");
                for (i, (key, value)) in keys.iter().zip(values).enumerate() {
                    if i > 0 {
                        self.put(", ");
                    }
                    match key {
                        Some(key) => {
                            self.expr(key, Level::Test);
                            self.put(": ");
                            self.expr(value, Level::Test);
                        }
                        None => {
                            self.put("**");
                            self.expr(value, Level::BitOr);
                        }
                    }
                }
                self.put("}");
            }
            ExprKind::Set(elts) => self.bracketed("{", elts, "}"),
            ExprKind::List { elts, .. } => self.bracketed("[", elts, "]"),
            ExprKind::Tuple { elts, .. } => match elts.as_slice() {
                [] => self.put("()"),
                [only] => {
                    self.expr(only, Level::Test);
                    self.put(",");
                }
                elts => self.list(elts),
            },
            ExprKind::ListComp { elt, generators } => {
                self.comprehension("[", elt, None, generators, "]");
            }
            ExprKind::SetComp { elt, generators } => {
                self.comprehension("{", elt, None, generators, "}");
            }
            ExprKind::DictComp {
                key,
                value,
                generators,
            } => self.comprehension("{", key, Some(value), generators, "}"),
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension("(", elt, None, generators, ")");
            }
            ExprKind::Await(value) => {
                self.put("await ");
                self.expr(value, Level::Atom);
            }
            ExprKind::Yield(value) => {
                self.put("yield");
                if let Some(value) = value {
                    self.put(" ");
                    self.expr(value, Level::Tuple);
                }
            }
            ExprKind::YieldFrom(value) => {
                self.put("yield from ");
                self.expr(value, Level::Test);
            }
            ExprKind::Compare {
                left,
                ops,
                comparators,
            } => {
                self.expr(left, Level::BitOr);
                for (op, comparator) in ops.iter().zip(comparators) {
                    self.put(compare(*op));
                    self.expr(comparator, Level::BitOr);
                }
            }
            ExprKind::Call {
                func,
                args,
                keywords,
            } => {
                self.expr(func, Level::Atom);
                // A lone generator expression brings its own parentheses.
                if let ([only], []) = (args.as_slice(), keywords.as_slice())
                    && matches!(only.kind, ExprKind::GeneratorExp { .. })
                {
                    self.bare(only);
                    return;
                }
                self.put("(");
                self.list(args);
                for (i, keyword) in keywords.iter().enumerate() {
                    if i > 0 || !args.is_empty() {
                        self.put(", ");
                    }
                    match keyword.arg {
                        Some(name) => {
                            self.put(self.interner.name(name));
                            self.put("=");
                        }
                        None => self.put("**"),
                    }
                    self.expr(&keyword.value, Level::Test);
                }
                self.put(")");
            }
            ExprKind::Num(number) => {
                let text = number_text(number);
                self.put(&text);
            }
            ExprKind::Str(text) => self.put(&repr_str(text)),
            ExprKind::Bytes(bytes) => self.put(&repr_bytes(bytes)),
            ExprKind::JoinedStr(_) | ExprKind::FormattedValue { .. } => {
                let mut body = Wtf8Buf::new();
                self.joined(expr, &mut body);
                self.put("f");
                self.put(&repr_str(&body));
            }
            ExprKind::NameConstant(value) => self.put(match value {
                NameConstant::None => "None",
                NameConstant::True => "True",
                NameConstant::False => "False",
            }),
            ExprKind::Ellipsis => self.put("..."),
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value, Level::Atom);
                // `1.real` would read as a number.
                if matches!(&value.kind, ExprKind::Num(Number::Int(_))) {
                    self.put(" ");
                }
                self.put(".");
                self.put(self.interner.name(*attr));
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value, Level::Atom);
                self.put("[");
                self.slice(slice);
                self.put("]");
            }
            ExprKind::Starred { value, .. } => {
                self.put("*");
                self.expr(value, Level::BitOr);
            }
            ExprKind::Name { id, .. } => self.put(self.interner.name(*id)),
        }
    }

    fn bracketed(&mut self, open: &str, elts: &[Expr], close: &str) {
        self.put(open);
        self.list(elts);
        self.put(close);
    }

    fn comprehension(
        &mut self,
        open: &str,
        elt: &Expr,
        value: Option<&Expr>,
        generators: &[Comprehension],
        close: &str,
    ) {
        self.put(open);
        self.expr(elt, Level::Test);
        if let Some(value) = value {
            self.put(": ");
            self.expr(value, Level::Test);
        }
        for part in generators {
            self.put(if part.is_async {
                " async for "
            } else {
                " for "
            });
            self.expr(&part.target, Level::Tuple);
            self.put(" in ");
            self.expr(&part.iter, Level::Or);
            for condition in &part.ifs {
                self.put(" if ");
                self.expr(condition, Level::Or);
            }
        }
        self.put(close);
    }

    fn slice(&mut self, slice: &Slice) {
        match slice {
            Slice::Index(value) => self.expr(value, Level::Tuple),
            Slice::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, Level::Test);
                }
                self.put(":");
                if let Some(upper) = upper {
                    self.expr(upper, Level::Test);
                }
                if let Some(step) = step {
                    self.put(":");
                    self.expr(step, Level::Test);
                }
            }
            Slice::ExtSlice(dims) => {
                for (i, dim) in dims.iter().enumerate() {
                    if i > 0 {
                        self.put(", ");
                    }
                    self.slice(dim);
                }
                if dims.len() == 1 {
                    self.put(",");
                }
            }
        }
    }

    fn arguments(&mut self, args: &Arguments) {
        let positional: Vec<&Arg> = args.posonlyargs.iter().chain(&args.args).collect();
        let without_default = positional.len() - args.defaults.len().min(positional.len());
        let mut separator = " ";
        let mut next = |out: &mut Wtf8Buf| {
            out.push_str(separator);
            separator = ", ";
        };
        for (i, arg) in positional.iter().enumerate() {
            next(&mut self.out);
            self.put(self.interner.name(arg.arg));
            if let Some(default) = i
                .checked_sub(without_default)
                .and_then(|place| args.defaults.get(place))
            {
                self.put("=");
                self.expr(default, Level::Test);
            }
            if i + 1 == args.posonlyargs.len() {
                next(&mut self.out);
                self.put("/");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            next(&mut self.out);
            self.put("*");
            if let Some(vararg) = &args.vararg {
                self.put(self.interner.name(vararg.arg));
            }
        }
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            next(&mut self.out);
            self.put(self.interner.name(arg.arg));
            if let Some(default) = default {
                self.put("=");
                self.expr(default, Level::Test);
            }
        }
        if let Some(kwarg) = &args.kwarg {
            next(&mut self.out);
            self.put("**");
            self.put(self.interner.name(kwarg.arg));
        }
    }

    /// The inside of an f-string.
    fn joined(&self, expr: &Expr, body: &mut Wtf8Buf) {
        match &expr.kind {
            ExprKind::JoinedStr(values) => {
                values.iter().for_each(|value| self.joined(value, body));
            }
            ExprKind::Str(text) => {
                let doubled = text.replace(Wtf8::new("{"), Wtf8::new("{{"));
                let doubled = doubled.replace(Wtf8::new("}"), Wtf8::new("}}"));
                body.push_wtf8(&doubled);
            }
            ExprKind::FormattedValue {
                value,
                conversion,
                format_spec,
            } => {
                body.push_str("{");
                let mut inner = Unparser {
                    out: Wtf8Buf::new(),
                    interner: self.interner,
                };
                inner.expr(value, Level::Or);
                // Two opening braces would be one literal brace.
                if inner.out.starts_with(Wtf8::new("{")) {
                    body.push_str(" ");
                }
                body.push_wtf8(&inner.out);
                body.push_str(match conversion {
                    Conversion::None => "",
                    Conversion::Str => "!s",
                    Conversion::Repr => "!r",
                    Conversion::Ascii => "!a",
                });
                if let Some(format_spec) = format_spec {
                    body.push_str(":");
                    self.joined(format_spec, body);
                }
                body.push_str("}");
            }
            _ => {}
        }
    }
}

/// A number; infinity is written as a literal that overflows to it.
fn number_text(number: &Number) -> String {
    let float = |value: f64| {
        if value.is_infinite() {
            "1e309".to_owned()
        } else {
            repr_float(value)
        }
    };
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) => float(*value),
        Number::Imaginary(value) => {
            let text = float(*value);
            format!("{}j", text.strip_suffix(".0").unwrap_or(&text))
        }
    }
}

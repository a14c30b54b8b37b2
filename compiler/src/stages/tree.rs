//! The syntax tree as text: a line a node, with its position, indented below its parent.

use ceval_bytecode::repr::{repr_bytes, repr_str};

use crate::ast::{Alias, Arg, Arguments, Ast, Comprehension, ExceptHandler, Expr, ExprKind};
use crate::ast::{Keyword, Mod, Number, Slice, Stmt, StmtKind, WithItem};
use crate::interner::{Interner, Symbol};

/// The whole tree.
pub(super) fn tree(ast: &Ast) -> String {
    let mut printer = Printer {
        out: String::new(),
        depth: 0,
        interner: &ast.interner,
    };
    match &ast.root {
        Mod::Module(body) => printer.group("Module", |p| p.stmts(body)),
        Mod::Interactive(body) => printer.group("Interactive", |p| p.stmts(body)),
        Mod::Expression(body) => printer.group("Expression", |p| p.expr(body)),
    }
    printer.out
}

struct Printer<'a> {
    out: String,
    depth: usize,
    interner: &'a Interner,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(&"  ".repeat(self.depth));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn group(&mut self, title: &str, inside: impl FnOnce(&mut Self)) {
        self.line(title);
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }

    fn text(&self, name: Symbol) -> String {
        self.interner.name(name).to_owned()
    }

    fn texts(&self, names: &[Symbol]) -> String {
        let names: Vec<&str> = names.iter().map(|&name| self.interner.name(name)).collect();
        names.join(", ")
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    /// A named part that is left out when empty.
    fn part(&mut self, title: &str, exprs: &[Expr]) {
        if !exprs.is_empty() {
            self.group(title, |p| p.exprs(exprs));
        }
    }

    fn body(&mut self, title: &str, stmts: &[Stmt]) {
        if !stmts.is_empty() {
            self.group(title, |p| p.stmts(stmts));
        }
    }

    fn optional(&mut self, title: &str, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.group(title, |p| p.expr(expr));
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let place = format!("{}:{}", stmt.lineno, stmt.col_offset);
        let title = |name: &str| format!("{name} {place}");
        match &stmt.kind {
            StmtKind::FunctionDef(def) | StmtKind::AsyncFunctionDef(def) => {
                let is_async = matches!(stmt.kind, StmtKind::AsyncFunctionDef(_));
                let kind = if is_async {
                    "AsyncFunctionDef"
                } else {
                    "FunctionDef"
                };
                let name = self.text(def.name);
                self.group(&title(&format!("{kind} {name}")), |p| {
                    p.part("decorators", &def.decorator_list);
                    p.arguments(&def.args);
                    p.optional("returns", def.returns.as_deref());
                    p.body("body", &def.body);
                });
            }
            StmtKind::ClassDef(class) => {
                let name = self.text(class.name);
                self.group(&title(&format!("ClassDef {name}")), |p| {
                    p.part("decorators", &class.decorator_list);
                    p.part("bases", &class.bases);
                    p.keywords(&class.keywords);
                    p.body("body", &class.body);
                });
            }
            StmtKind::Return(value) => self.group(&title("Return"), |p| {
                value.iter().for_each(|value| p.expr(value));
            }),
            StmtKind::Delete(targets) => self.group(&title("Delete"), |p| p.exprs(targets)),
            StmtKind::Assign { targets, value } => self.group(&title("Assign"), |p| {
                p.part("targets", targets);
                p.expr(value);
            }),
            StmtKind::AugAssign { target, op, value } => {
                self.group(&title(&format!("AugAssign {op:?}")), |p| {
                    p.expr(target);
                    p.expr(value);
                });
            }
            StmtKind::AnnAssign {
                target,
                annotation,
                value,
                simple,
            } => {
                let kind = if *simple { "simple" } else { "complex" };
                self.group(&title(&format!("AnnAssign {kind}")), |p| {
                    p.expr(target);
                    p.optional("annotation", Some(annotation));
                    p.optional("value", value.as_deref());
                });
            }
            StmtKind::For(node) | StmtKind::AsyncFor(node) => {
                let is_async = matches!(stmt.kind, StmtKind::AsyncFor(_));
                self.group(&title(if is_async { "AsyncFor" } else { "For" }), |p| {
                    p.expr(&node.target);
                    p.expr(&node.iter);
                    p.body("body", &node.body);
                    p.body("orelse", &node.orelse);
                });
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                let is_while = matches!(stmt.kind, StmtKind::While { .. });
                self.group(&title(if is_while { "While" } else { "If" }), |p| {
                    p.expr(test);
                    p.body("body", body);
                    p.body("orelse", orelse);
                });
            }
            StmtKind::With { items, body } | StmtKind::AsyncWith { items, body } => {
                let is_async = matches!(stmt.kind, StmtKind::AsyncWith { .. });
                self.group(&title(if is_async { "AsyncWith" } else { "With" }), |p| {
                    items.iter().for_each(|item| p.with_item(item));
                    p.body("body", body);
                });
            }
            StmtKind::Raise { exc, cause } => self.group(&title("Raise"), |p| {
                p.optional("exc", exc.as_deref());
                p.optional("cause", cause.as_deref());
            }),
            StmtKind::Try(node) => self.group(&title("Try"), |p| {
                p.body("body", &node.body);
                node.handlers.iter().for_each(|handler| p.handler(handler));
                p.body("orelse", &node.orelse);
                p.body("finalbody", &node.finalbody);
            }),
            StmtKind::Assert { test, msg } => self.group(&title("Assert"), |p| {
                p.expr(test);
                p.optional("msg", msg.as_deref());
            }),
            StmtKind::Import(names) => {
                let names = self.aliases(names);
                self.line(&title(&format!("Import {names}")));
            }
            StmtKind::ImportFrom {
                module,
                names,
                level,
            } => {
                let dots = ".".repeat(*level as usize);
                let module = module.map(|module| self.text(module)).unwrap_or_default();
                let names = self.aliases(names);
                self.line(&title(&format!("ImportFrom {dots}{module}: {names}")));
            }
            StmtKind::Global(names) => {
                let names = self.texts(names);
                self.line(&title(&format!("Global {names}")));
            }
            StmtKind::Nonlocal(names) => {
                let names = self.texts(names);
                self.line(&title(&format!("Nonlocal {names}")));
            }
            StmtKind::Expr(value) => self.group(&title("Expr"), |p| p.expr(value)),
            StmtKind::Pass => self.line(&title("Pass")),
            StmtKind::Break => self.line(&title("Break")),
            StmtKind::Continue => self.line(&title("Continue")),
        }
    }

    fn aliases(&self, names: &[Alias]) -> String {
        let names: Vec<String> = names
            .iter()
            .map(|alias| match alias.asname {
                Some(asname) => format!("{} as {}", self.text(alias.name), self.text(asname)),
                None => self.text(alias.name),
            })
            .collect();
        names.join(", ")
    }

    fn with_item(&mut self, item: &WithItem) {
        self.group("item", |p| {
            p.expr(&item.context_expr);
            p.optional("as", item.optional_vars.as_deref());
        });
    }

    fn handler(&mut self, handler: &ExceptHandler) {
        let name = handler.name.map(|name| self.text(name) + " ");
        let name = name.unwrap_or_default();
        let place = format!("{}:{}", handler.lineno, handler.col_offset);
        self.group(&format!("ExceptHandler {name}{place}"), |p| {
            p.optional("type", handler.typ.as_deref());
            p.body("body", &handler.body);
        });
    }

    fn arguments(&mut self, args: &Arguments) {
        for (title, list) in [
            ("posonlyarg", &args.posonlyargs),
            ("arg", &args.args),
            ("kwonlyarg", &args.kwonlyargs),
        ] {
            list.iter().for_each(|arg| self.arg(title, arg));
        }
        args.vararg.iter().for_each(|arg| self.arg("vararg", arg));
        args.kwarg.iter().for_each(|arg| self.arg("kwarg", arg));
        self.part("defaults", &args.defaults);
        if args.kw_defaults.iter().any(Option::is_some) {
            self.group("kw_defaults", |p| {
                for default in &args.kw_defaults {
                    match default {
                        Some(default) => p.expr(default),
                        None => p.line("none"),
                    }
                }
            });
        }
    }

    fn arg(&mut self, title: &str, arg: &Arg) {
        let name = self.text(arg.arg);
        let place = format!("{}:{}", arg.lineno, arg.col_offset);
        self.group(&format!("{title} {name} {place}"), |p| {
            arg.annotation
                .iter()
                .for_each(|annotation| p.expr(annotation));
        });
    }

    fn keywords(&mut self, keywords: &[Keyword]) {
        for keyword in keywords {
            let name = match keyword.arg {
                Some(name) => self.text(name),
                None => "**".to_owned(),
            };
            self.group(&format!("keyword {name}"), |p| p.expr(&keyword.value));
        }
    }

    fn generators(&mut self, generators: &[Comprehension]) {
        for part in generators {
            let title = if part.is_async { "async for" } else { "for" };
            self.group(title, |p| {
                p.expr(&part.target);
                p.expr(&part.iter);
                p.part("ifs", &part.ifs);
            });
        }
    }

    fn slice(&mut self, slice: &Slice) {
        match slice {
            Slice::Index(value) => self.group("Index", |p| p.expr(value)),
            Slice::Slice { lower, upper, step } => self.group("Slice", |p| {
                p.optional("lower", lower.as_ref());
                p.optional("upper", upper.as_ref());
                p.optional("step", step.as_ref());
            }),
            Slice::ExtSlice(dims) => self.group("ExtSlice", |p| {
                dims.iter().for_each(|dim| p.slice(dim));
            }),
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let title = self.expr_title(expr);
        let title = format!("{title} {}:{}", expr.lineno, expr.col_offset);
        self.group(&title, |p| p.expr_parts(expr));
    }

    fn expr_title(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::BoolOp { op, .. } => format!("BoolOp {op:?}"),
            ExprKind::NamedExpr { .. } => "NamedExpr".to_owned(),
            ExprKind::BinOp { op, .. } => format!("BinOp {op:?}"),
            ExprKind::UnaryOp { op, .. } => format!("UnaryOp {op:?}"),
            ExprKind::Lambda { .. } => "Lambda".to_owned(),
            ExprKind::IfExp { .. } => "IfExp".to_owned(),
            ExprKind::Dict { .. } => "Dict".to_owned(),
            ExprKind::Set(_) => "Set".to_owned(),
            ExprKind::ListComp { .. } => "ListComp".to_owned(),
            ExprKind::SetComp { .. } => "SetComp".to_owned(),
            ExprKind::DictComp { .. } => "DictComp".to_owned(),
            ExprKind::GeneratorExp { .. } => "GeneratorExp".to_owned(),
            ExprKind::Await(_) => "Await".to_owned(),
            ExprKind::Yield(_) => "Yield".to_owned(),
            ExprKind::YieldFrom(_) => "YieldFrom".to_owned(),
            ExprKind::Compare { ops, .. } => format!("Compare {ops:?}"),
            ExprKind::Call { .. } => "Call".to_owned(),
            ExprKind::Num(Number::Int(value)) => format!("Num {value}"),
            ExprKind::Num(Number::Float(value)) => format!("Num {value:?}"),
            ExprKind::Num(Number::Imaginary(value)) => format!("Num {value:?}j"),
            ExprKind::Str(text) => format!("Str {}", repr_str(text)),
            ExprKind::JoinedStr(_) => "JoinedStr".to_owned(),
            ExprKind::FormattedValue { conversion, .. } => format!("FormattedValue {conversion:?}"),
            ExprKind::Bytes(bytes) => format!("Bytes {}", repr_bytes(bytes)),
            ExprKind::NameConstant(value) => format!("NameConstant {value:?}"),
            ExprKind::Ellipsis => "Ellipsis".to_owned(),
            ExprKind::Attribute { attr, ctx, .. } => {
                format!("Attribute {} {ctx:?}", self.text(*attr))
            }
            ExprKind::Subscript { ctx, .. } => format!("Subscript {ctx:?}"),
            ExprKind::Starred { ctx, .. } => format!("Starred {ctx:?}"),
            ExprKind::Name { id, ctx } => format!("Name {} {ctx:?}", self.text(*id)),
            ExprKind::List { ctx, .. } => format!("List {ctx:?}"),
            ExprKind::Tuple { ctx, .. } => format!("Tuple {ctx:?}"),
        }
    }

    fn expr_parts(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr(values) => self.exprs(values),
            ExprKind::NamedExpr { target, value } => {
                self.expr(target);
                self.expr(value);
            }
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda { args, body } => {
                self.arguments(args);
                self.expr(body);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test);
                self.expr(body);
                self.expr(orelse);
            }
            ExprKind::Dict { keys, values } => {
                for (key, value) in keys.iter().zip(values) {
                    match key {
                        Some(key) => self.expr(key),
                        None => self.line("**"),
                    }
                    self.expr(value);
                }
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.exprs(elts);
            }
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                self.expr(elt);
                self.generators(generators);
            }
            ExprKind::DictComp {
                key,
                value,
                generators,
            } => {
                self.expr(key);
                self.expr(value);
                self.generators(generators);
            }
            ExprKind::Await(value) | ExprKind::YieldFrom(value) => self.expr(value),
            ExprKind::Yield(value) => value.iter().for_each(|value| self.expr(value)),
            ExprKind::Compare {
                left, comparators, ..
            } => {
                self.expr(left);
                self.exprs(comparators);
            }
            ExprKind::Call {
                func,
                args,
                keywords,
            } => {
                self.expr(func);
                self.part("args", args);
                self.keywords(keywords);
            }
            ExprKind::FormattedValue {
                value, format_spec, ..
            } => {
                self.expr(value);
                self.optional("format_spec", format_spec.as_deref());
            }
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => {
                self.expr(value);
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value);
                self.slice(slice);
            }
            ExprKind::Num(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::NameConstant(_)
            | ExprKind::Ellipsis
            | ExprKind::Name { .. } => {}
        }
    }
}

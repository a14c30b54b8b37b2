//! What may be assigned to and deleted: `set_context` and `forbidden_name` of `ast.c`.

use crate::ast::{Expr, ExprContext, ExprKind};
use crate::interner::Interner;

/// The name that nothing may be bound to.
pub(crate) const DEBUG: &str = "__debug__";

/// Checks that `target` can be assigned to or deleted, as `ctx` says.
///
/// # Errors
/// The message for `SyntaxError`.
pub(crate) fn check_target(
    target: &Expr,
    ctx: ExprContext,
    interner: &Interner,
) -> Result<(), String> {
    let what = match &target.kind {
        ExprKind::Attribute { attr: name, .. } | ExprKind::Name { id: name, .. } => {
            if ctx == ExprContext::Store && interner.name(*name) == DEBUG {
                return Err("assignment to keyword".to_owned());
            }
            return Ok(());
        }
        ExprKind::Subscript { .. } => return Ok(()),
        ExprKind::Starred { value, .. } => return check_target(value, ctx, interner),
        ExprKind::List { elts, .. } => return check_each(elts, ctx, interner),
        ExprKind::Tuple { elts, .. } if !elts.is_empty() => {
            return check_each(elts, ctx, interner);
        }
        ExprKind::Tuple { .. } => "()",
        ExprKind::Lambda { .. } => "lambda",
        ExprKind::Call { .. } => "function call",
        ExprKind::BoolOp { .. } | ExprKind::BinOp { .. } | ExprKind::UnaryOp { .. } => "operator",
        ExprKind::GeneratorExp { .. } => "generator expression",
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "yield expression",
        ExprKind::Await(_) => "await expression",
        ExprKind::ListComp { .. } => "list comprehension",
        ExprKind::SetComp { .. } => "set comprehension",
        ExprKind::DictComp { .. } => "dict comprehension",
        ExprKind::Dict { .. }
        | ExprKind::Set(_)
        | ExprKind::Num(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_) => "literal",
        ExprKind::NameConstant(_) => "keyword",
        ExprKind::Ellipsis => "Ellipsis",
        ExprKind::Compare { .. } => "comparison",
        ExprKind::IfExp { .. } => "conditional expression",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue { .. } => "f-string expression",
        ExprKind::NamedExpr { .. } => "named expression",
    };
    let verb = match ctx {
        ExprContext::Del => "delete",
        _ => "assign to",
    };
    Err(format!("can't {verb} {what}"))
}

fn check_each(elts: &[Expr], ctx: ExprContext, interner: &Interner) -> Result<(), String> {
    elts.iter()
        .try_for_each(|elt| check_target(elt, ctx, interner))
}

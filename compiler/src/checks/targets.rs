//! What may be assigned to and deleted: `set_context` and `forbidden_name` of `ast.c`.

use crate::ast::{Expr, ExprContext, ExprKind};
use crate::interner::Interner;
use crate::options::Dialect;

/// The name that nothing may be bound to.
pub(crate) const DEBUG: &str = "__debug__";

/// Makes `target` one that is assigned to or deleted, as `ctx` says.
///
/// # Errors
/// The message for `SyntaxError`.
pub(crate) fn set_context(
    target: &mut Expr,
    ctx: ExprContext,
    interner: &Interner,
    dialect: Dialect,
) -> Result<(), String> {
    let what = match &mut target.kind {
        ExprKind::Attribute {
            attr: name,
            ctx: slot,
            ..
        }
        | ExprKind::Name {
            id: name,
            ctx: slot,
        } => {
            if ctx == ExprContext::Store && interner.name(*name) == DEBUG {
                return Err("assignment to keyword".to_owned());
            }
            *slot = ctx;
            return Ok(());
        }
        ExprKind::Subscript { ctx: slot, .. } => {
            *slot = ctx;
            return Ok(());
        }
        ExprKind::Starred { value, ctx: slot } => {
            *slot = ctx;
            return set_context(value, ctx, interner, dialect);
        }
        ExprKind::Tuple { elts, .. } if elts.is_empty() && dialect == Dialect::Python35 => "()",
        ExprKind::List { elts, ctx: slot } | ExprKind::Tuple { elts, ctx: slot } => {
            *slot = ctx;
            return elts
                .iter_mut()
                .try_for_each(|elt| set_context(elt, ctx, interner, dialect));
        }
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

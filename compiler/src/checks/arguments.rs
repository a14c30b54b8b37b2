//! Limits on the arguments of calls and the parameters of functions, from `ast.c`.

use crate::ast::{Arguments, Expr, Keyword};

/// The most arguments that a call's two operand bytes can count.
const MAX_ARGUMENTS: usize = 255;

const TOO_MANY: &str = "more than 255 arguments";

/// Checks the arguments of a call or class statement. `bare_generators` is the number of
/// generator expressions without parentheses.
///
/// # Errors
/// The message for `SyntaxError`, which is about the whole argument list.
pub(crate) fn check_call(
    args: &[Expr],
    keywords: &[Keyword],
    bare_generators: usize,
) -> Result<(), &'static str> {
    let count = args.len() + keywords.len();
    if bare_generators > 1 || (bare_generators == 1 && count > 1) {
        return Err("Generator expression must be parenthesized if not sole argument");
    }
    if count > MAX_ARGUMENTS {
        return Err(TOO_MANY);
    }
    Ok(())
}

/// Checks the parameters of a function or lambda.
///
/// # Errors
/// The message for `SyntaxError`, which is about the whole parameter list.
pub(crate) fn check_parameters(arguments: &Arguments) -> Result<(), &'static str> {
    let count = arguments.posonlyargs.len() + arguments.args.len() + arguments.kwonlyargs.len();
    if count > MAX_ARGUMENTS {
        return Err(TOO_MANY);
    }
    Ok(())
}

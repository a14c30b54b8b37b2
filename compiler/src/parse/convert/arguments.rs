//! Parameters of functions and lambdas, arguments of calls and class statements.

use rustpython_parser::ast::{self as rp, Ranged};

use super::{Converter, Step};
use crate::ast::{Arg, Arguments, Expr, Keyword};
use crate::checks::arguments::{check_call, check_parameters};
use crate::parse::feed::first_token;
use crate::tokens::Kind;

impl Converter<'_, '_> {
    /// Converts parameters, of which the first is at token `first` if there is one.
    pub(super) fn parameters(&mut self, from: rp::Arguments, first: usize) -> Step<Arguments> {
        let mut to = Arguments::default();
        for parameter in from.posonlyargs {
            to.posonlyargs.push(self.parameter(parameter.def)?);
            if let Some(default) = parameter.default {
                to.defaults.push(self.expr(*default)?);
            }
        }
        to.args.reserve_exact(from.args.len());
        for parameter in from.args {
            to.args.push(self.parameter(parameter.def)?);
            if let Some(default) = parameter.default {
                to.defaults.push(self.expr(*default)?);
            }
        }
        if let Some(vararg) = from.vararg {
            to.vararg = Some(Box::new(self.parameter(*vararg)?));
        }
        for parameter in from.kwonlyargs {
            to.kwonlyargs.push(self.parameter(parameter.def)?);
            let default = parameter.default.map(|default| self.expr(*default));
            to.kw_defaults.push(default.transpose()?);
        }
        if let Some(kwarg) = from.kwarg {
            let name = first_token(kwarg.range);
            let follows_bare_star = to.vararg.is_none()
                && to.kwonlyargs.is_empty()
                && name >= 3
                && self.kind(name - 2) == Kind::Comma
                && self.kind(name - 3) == Kind::Star;
            if follows_bare_star {
                return Err(self.error(name - 1, "named arguments must follow bare *"));
            }
            to.kwarg = Some(Box::new(self.parameter(*kwarg)?));
        }
        check_parameters(&to).map_err(|message| self.error(first, message))?;
        Ok(to)
    }

    fn parameter(&mut self, from: rp::Arg) -> Step<Arg> {
        let at = first_token(from.range);
        let token = self.table.tokens[at];
        Ok(Arg {
            arg: self.binding(at)?,
            annotation: self.optional(from.annotation)?,
            lineno: token.line,
            col_offset: token.col,
        })
    }

    /// Converts the arguments of a call whose first is at token `first` if there is one.
    pub(super) fn call_arguments(
        &mut self,
        from_args: Vec<rp::Expr>,
        from_keywords: Vec<rp::Keyword>,
        first: usize,
    ) -> Step<(Vec<Expr>, Vec<Keyword>)> {
        let mut args = Vec::with_capacity(from_args.len());
        let mut bare_generators = 0;
        for arg in from_args {
            if arg.is_generator_exp_expr()
                && self.inside_parentheses(arg.range()) == first_token(arg.range())
            {
                bare_generators += 1;
            }
            args.push(self.expr(arg)?);
        }
        let mut keywords: Vec<Keyword> = Vec::with_capacity(from_keywords.len());
        let mut repeated = None;
        for keyword in from_keywords {
            let at = first_token(keyword.range);
            let arg = match keyword.arg {
                None => None,
                Some(_) => Some(self.binding(at)?),
            };
            if arg.is_some() && keywords.iter().any(|known| known.arg == arg) {
                repeated = repeated.or(Some(at));
            }
            let value = self.expr(keyword.value)?;
            keywords.push(Keyword { arg, value });
        }
        check_call(&args, &keywords, bare_generators)
            .map_err(|message| self.error(first, message))?;
        if let Some(at) = repeated {
            return Err(self.error(at, "keyword argument repeated"));
        }
        Ok((args, keywords))
    }
}

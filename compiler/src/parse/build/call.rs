//! Arguments of calls and class statements: `ast_for_call`.

use super::{Builder, Step};
use crate::ast::{Expr, ExprKind, Keyword};
use crate::checks::targets::DEBUG;
use crate::error::CompileError;
use crate::tokens::Kind;

/// The most arguments that a call's two operand bytes can count.
const MAX_ARGUMENTS: usize = 255;

/// The arguments so far.
#[derive(Default)]
struct Arguments {
    args: Vec<Expr>,
    keywords: Vec<Keyword>,
    has_mapping: bool,
    bare_generators: usize,
    /// The first thing that is wrong. What is wrong with the whole list is told first.
    error: Option<Box<CompileError>>,
}

impl Builder<'_, '_> {
    /// `[arglist]`, up to the closing parenthesis.
    pub(super) fn call_arguments(&mut self) -> Step<(Vec<Expr>, Vec<Keyword>)> {
        let start = self.at;
        if self.kind() == Kind::RPar {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut arguments = Arguments::default();
        loop {
            if let Err(error) = self.argument(&mut arguments) {
                return Err(arguments.error.unwrap_or(error));
            }
            if !self.take(Kind::Comma) || self.kind() == Kind::RPar {
                break;
            }
        }
        let Arguments {
            args,
            keywords,
            bare_generators,
            error,
            ..
        } = arguments;
        let count = args.len() + keywords.len();
        if bare_generators > 1 || (bare_generators == 1 && count > 1) {
            let message = "Generator expression must be parenthesized if not sole argument";
            return Err(self.error(start, message));
        }
        if count > MAX_ARGUMENTS {
            return Err(self.error(start, "more than 255 arguments"));
        }
        match error {
            Some(error) => Err(error),
            None => Ok((args, keywords)),
        }
    }

    fn argument(&mut self, arguments: &mut Arguments) -> Step<()> {
        let start = self.at;
        let mut complaint = None;
        match self.kind() {
            Kind::Star => {
                self.at += 1;
                if arguments.has_mapping {
                    complaint =
                        Some("iterable argument unpacking follows keyword argument unpacking");
                }
                let value = self.boxed_test()?;
                let ctx = crate::ast::ExprContext::Load;
                let starred = self.node(start, ExprKind::Starred { value, ctx });
                arguments.args.push(starred);
            }
            Kind::DoubleStar => {
                self.at += 1;
                arguments.has_mapping = true;
                let value = self.test()?;
                arguments.keywords.push(Keyword { arg: None, value });
            }
            _ => {
                let test = self.named_test()?;
                if self.take(Kind::Equal) {
                    complaint = self.keyword(test, arguments)?;
                } else if self.begins_comp_for() {
                    let elt = Box::new(test);
                    let generators = self.comp_for()?;
                    let generator = ExprKind::GeneratorExp { elt, generators };
                    arguments.args.push(self.node(start, generator));
                    arguments.bare_generators += 1;
                } else {
                    if arguments.has_mapping {
                        complaint = Some("positional argument follows keyword argument unpacking");
                    } else if !arguments.keywords.is_empty() {
                        complaint = Some("positional argument follows keyword argument");
                    }
                    arguments.args.push(test);
                }
            }
        }
        if let Some(message) = complaint
            && arguments.error.is_none()
        {
            arguments.error = Some(self.error(start, message));
        }
        Ok(())
    }

    /// The rest of `keyword=value` after the `=`; gives what is wrong with the keyword.
    fn keyword(&mut self, keyword: Expr, arguments: &mut Arguments) -> Step<Option<&'static str>> {
        let (arg, complaint) = match keyword.kind {
            ExprKind::Name { id, .. } => {
                // Longer lists are refused as a whole.
                let is_repeated = arguments.keywords.len() <= MAX_ARGUMENTS
                    && arguments.keywords.iter().any(|known| known.arg == Some(id));
                let complaint = if self.interner.name(id) == DEBUG {
                    Some("assignment to keyword")
                } else if is_repeated {
                    Some("keyword argument repeated")
                } else {
                    None
                };
                (Some(id), complaint)
            }
            ExprKind::Lambda { .. } => (None, Some("lambda cannot contain assignment")),
            _ => (None, Some("keyword can't be an expression")),
        };
        let value = self.test()?;
        arguments.keywords.push(Keyword { arg, value });
        Ok(complaint)
    }
}

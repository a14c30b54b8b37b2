//! Parameters of functions and lambdas: `ast_for_arguments`.

use super::{Builder, Step};
use crate::ast::{Arg, Arguments};
use crate::tokens::Kind;

/// The most parameters besides `*args` and `**kwargs`.
const MAX_PARAMETERS: usize = 255;

impl Builder<'_, '_> {
    /// `[typedargslist]` up to a `)` or `[varargslist]` up to a `:`, which `end` tells.
    pub(super) fn parameters(&mut self, end: Kind) -> Step<Arguments> {
        let start = self.at;
        let mut to = Arguments::default();
        let mut after_star = false;
        while self.kind() != end {
            match self.kind() {
                Kind::Star if !after_star => {
                    after_star = true;
                    self.star_parameter(end, &mut to)?;
                }
                Kind::DoubleStar => {
                    self.at += 1;
                    to.kwarg = Some(Box::new(self.parameter(end)?));
                    self.take(Kind::Comma);
                    break;
                }
                Kind::Slash if !after_star && to.posonlyargs.is_empty() && !to.args.is_empty() => {
                    self.at += 1;
                    to.posonlyargs = std::mem::take(&mut to.args);
                }
                _ => {
                    let parameter = self.parameter(end)?;
                    let default = if self.take(Kind::Equal) {
                        Some(self.test()?)
                    } else {
                        None
                    };
                    if after_star {
                        to.kwonlyargs.push(parameter);
                        to.kw_defaults.push(default);
                    } else {
                        to.args.push(parameter);
                        match default {
                            Some(default) => to.defaults.push(default),
                            None if to.defaults.is_empty() => {}
                            None => {
                                let message = "non-default argument follows default argument";
                                return Err(self.error(start, message));
                            }
                        }
                    }
                }
            }
            if !self.take(Kind::Comma) {
                break;
            }
        }
        if self.kind() != end {
            return Err(self.error(self.at, "invalid syntax"));
        }
        let count = to.posonlyargs.len() + to.args.len() + to.kwonlyargs.len();
        if count > MAX_PARAMETERS {
            return Err(self.error(start, "more than 255 arguments"));
        }
        Ok(to)
    }

    /// `'*' [tfpdef]`; without a name, a keyword-only parameter has to follow.
    fn star_parameter(&mut self, end: Kind, to: &mut Arguments) -> Step<()> {
        const BARE: &str = "named arguments must follow bare *";
        let star = self.at;
        self.at += 1;
        match self.kind() {
            Kind::Name => {
                to.vararg = Some(Box::new(self.parameter(end)?));
                Ok(())
            }
            Kind::Comma => match self.kind_after() {
                Kind::Name => Ok(()),
                Kind::DoubleStar => Err(self.error(self.at + 1, BARE)),
                _ => Err(self.error(star, BARE)),
            },
            _ => Err(self.error(star, BARE)),
        }
    }

    /// `NAME [':' test]`; the parameters of a lambda, which end at `:`, have no annotations.
    fn parameter(&mut self, end: Kind) -> Step<Arg> {
        let at = self.at;
        let arg = self.binding()?;
        let annotation = if end != Kind::Colon && self.take(Kind::Colon) {
            Some(self.boxed_test()?)
        } else {
            None
        };
        let token = &self.table.tokens[at];
        Ok(Arg {
            arg,
            annotation,
            lineno: token.line,
            col_offset: token.col,
        })
    }
}

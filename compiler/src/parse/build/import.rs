//! `import` and `from ... import`: `ast_for_import_stmt`.

use super::{Builder, Step};
use crate::ast::{Alias, StmtKind};
use crate::checks::targets::DEBUG;
use crate::interner::Symbol;
use crate::tokens::Kind;

impl Builder<'_, '_> {
    /// The rest of `import` after the keyword.
    pub(super) fn import_name(&mut self) -> Step<StmtKind> {
        let mut names = Vec::with_capacity(1);
        loop {
            let start = self.at;
            let name = self.dotted_name()?;
            let is_dotted = self.at > start + 1;
            names.push(self.alias(start, name, is_dotted)?);
            if !self.take(Kind::Comma) {
                return Ok(StmtKind::Import(names));
            }
        }
    }

    /// The rest of `from` after the keyword.
    pub(super) fn import_from(&mut self) -> Step<StmtKind> {
        let mut level = 0;
        loop {
            match self.kind() {
                Kind::Dot => level += 1,
                Kind::Ellipsis => level += 3,
                _ => break,
            }
            self.at += 1;
        }
        let module = match self.kind() {
            Kind::Name => Some(self.dotted_name()?),
            _ => None,
        };
        self.expect(Kind::Import)?;
        let names = if self.take(Kind::Star) {
            let name = self.interner.intern("*");
            vec![Alias { name, asname: None }]
        } else if self.take(Kind::LPar) {
            let names = self.import_as_names()?.0;
            self.expect(Kind::RPar)?;
            names
        } else {
            let start = self.at;
            let (names, ends_in_comma) = self.import_as_names()?;
            if ends_in_comma {
                let message = "trailing comma not allowed without surrounding parentheses";
                return Err(self.error(start, message));
            }
            names
        };
        Ok(StmtKind::ImportFrom {
            module,
            names,
            level,
        })
    }

    /// `import_as_names`, and whether a comma ends them.
    fn import_as_names(&mut self) -> Step<(Vec<Alias>, bool)> {
        let mut names = Vec::with_capacity(1);
        loop {
            let start = self.at;
            let name = self.name()?;
            names.push(self.alias(start, name, false)?);
            if !self.take(Kind::Comma) {
                return Ok((names, false));
            }
            if self.kind() != Kind::Name {
                return Ok((names, true));
            }
        }
    }

    /// The rest of an alias whose `name` began at token `start`. Without `as`, a plain name
    /// is bound itself.
    fn alias(&mut self, start: usize, name: Symbol, is_dotted: bool) -> Step<Alias> {
        if self.take(Kind::As) {
            let asname = Some(self.binding()?);
            return Ok(Alias { name, asname });
        }
        if !is_dotted && self.interner.name(name) == DEBUG {
            return Err(self.error(start, "assignment to keyword"));
        }
        Ok(Alias { name, asname: None })
    }

    /// `NAME ('.' NAME)*`
    fn dotted_name(&mut self) -> Step<Symbol> {
        let first = self.name()?;
        if self.kind() != Kind::Dot {
            return Ok(first);
        }
        let mut name = self.interner.name(first).to_owned();
        while self.take(Kind::Dot) {
            let part = self.name()?;
            name.push('.');
            name.push_str(self.interner.name(part));
        }
        Ok(self.interner.intern(&name))
    }
}

//! `import` and `from ... import` statements.
//!
//! Source: CPython 3.5 `compiler_import`, `compiler_from_import` in `Python/compile.c`.

use ceval_bytecode::Opcode;
use num_bigint::BigInt;

use crate::ast::{Alias, ExprContext};
use crate::future::LATE_IMPORT;
use crate::interner::Symbol;

use super::consts::ConstRef;
use super::{Generator, Result};

impl Generator<'_> {
    pub(super) fn import(&mut self, names: &[Alias]) {
        for alias in names {
            self.load_const(ConstRef::Int(&BigInt::ZERO));
            self.load_none();
            self.op_name(Opcode::ImportName, alias.name);
            let dotted = self.interner.name(alias.name).to_owned();
            match alias.asname {
                // `import a.b.c as d` walks from `a` to `c`.
                Some(asname) => {
                    for attribute in dotted.split('.').skip(1) {
                        let attribute = self.interner.intern(attribute);
                        self.op_unmangled(Opcode::LoadAttr, attribute);
                    }
                    self.name(asname, ExprContext::Store);
                }
                // `import a.b.c` binds `a`.
                None => {
                    let stored = match dotted.split_once('.') {
                        Some((first, _)) => self.interner.intern(first),
                        None => alias.name,
                    };
                    self.name(stored, ExprContext::Store);
                }
            }
        }
    }

    pub(super) fn import_from(
        &mut self,
        lineno: u32,
        module: Option<Symbol>,
        names: &[Alias],
        level: u32,
    ) -> Result<()> {
        if lineno > self.future.last_line && module == Some(self.names.future) {
            return self.error(LATE_IMPORT);
        }
        self.load_const(ConstRef::Int(&BigInt::from(level)));
        let wanted: Vec<&str> = names
            .iter()
            .map(|alias| self.interner.name(alias.name))
            .collect();
        let place = self.unit.consts.add(ConstRef::Names(&wanted));
        let is_star = wanted.first().is_some_and(|first| first.starts_with('*'));
        self.op_arg(Opcode::LoadConst, place);
        self.op_name(Opcode::ImportName, module.unwrap_or(self.names.empty));
        if is_star {
            self.op(Opcode::ImportStar);
            return Ok(());
        }
        for alias in names {
            self.op_name(Opcode::ImportFrom, alias.name);
            self.name(alias.asname.unwrap_or(alias.name), ExprContext::Store);
        }
        self.op(Opcode::PopTop);
        Ok(())
    }
}

//! Displays of tuples, lists, sets and dicts, with unpacking, and unpacking targets.
//!
//! Runs of plain items between starred ones are packed first, then all are joined.
//! Source: CPython 3.5 `starunpack_helper`, `assignment_helper`, `compiler_dict` in
//! `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::{Expr, ExprKind};

use super::{Generator, Result};

/// How many pairs one `BUILD_MAP` takes.
const MAX_MAP_PAIRS: usize = 0xffff;

impl Generator<'_> {
    /// `single` builds the display if nothing is starred; else `inner` packs the runs of plain
    /// items and `outer` joins everything.
    pub(super) fn display(
        &mut self,
        elts: &[Expr],
        single: Opcode,
        inner: Opcode,
        outer: Opcode,
    ) -> Result<()> {
        let mut parts = 0;
        let mut run = 0;
        for elt in elts {
            if let ExprKind::Starred { value, .. } = &elt.kind {
                if run > 0 {
                    self.op_arg(inner, run);
                    run = 0;
                    parts += 1;
                }
                self.expr(value)?;
                parts += 1;
            } else {
                self.expr(elt)?;
                run += 1;
            }
        }
        if parts == 0 {
            self.op_arg(single, run);
            return Ok(());
        }
        if run > 0 {
            self.op_arg(inner, run);
            parts += 1;
        }
        self.op_arg(outer, parts);
        Ok(())
    }

    /// Unpacks the top into targets, of which one may be starred.
    pub(super) fn unpack(&mut self, elts: &[Expr]) -> Result<()> {
        let mut starred = None;
        for (i, elt) in elts.iter().enumerate() {
            if !matches!(elt.kind, ExprKind::Starred { .. }) {
                continue;
            }
            if starred.is_some() {
                return self.error("two starred expressions in assignment");
            }
            let after = elts.len() - i - 1;
            if i >= 1 << 8 || after >= i32::MAX as usize >> 8 {
                return self.error("too many expressions in star-unpacking assignment");
            }
            self.op_arg(Opcode::UnpackEx, i + (after << 8));
            starred = Some(i);
        }
        if starred.is_none() {
            self.op_arg(Opcode::UnpackSequence, elts.len());
        }
        for elt in elts {
            match &elt.kind {
                ExprKind::Starred { value, .. } => self.expr(value)?,
                _ => self.expr(elt)?,
            }
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, keys: &[Option<Expr>], values: &[Expr]) -> Result<()> {
        let mut dicts = 0usize;
        let mut pairs = 0;
        // After the loop: whether the last item was a `**`.
        let mut is_unpacking = false;
        for (key, value) in keys.iter().zip(values) {
            is_unpacking = key.is_none();
            if pairs == MAX_MAP_PAIRS || pairs > 0 && is_unpacking {
                self.op_arg(Opcode::BuildMap, pairs);
                dicts += 1;
                pairs = 0;
            }
            match key {
                Some(key) => {
                    self.expr(key)?;
                    self.expr(value)?;
                    pairs += 1;
                }
                None => {
                    self.expr(value)?;
                    dicts += 1;
                }
            }
        }
        if pairs > 0 || dicts == 0 {
            self.op_arg(Opcode::BuildMap, pairs);
            dicts += 1;
        }
        // A lone `**` is copied into a new dict.
        while dicts > 1 || is_unpacking {
            let joined = dicts.min(255);
            self.op_arg(Opcode::BuildMapUnpack, joined);
            dicts -= joined - 1;
            is_unpacking = false;
        }
        Ok(())
    }
}

//! Calls, of functions and of the class builder.
//!
//! Plain positional arguments before the first `*` stay on the stack; everything from there
//! on is packed and joined into one sequence, and likewise for keywords and `**`.
//! Source: CPython 3.5 `compiler_call_helper` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::{Expr, ExprKind, Keyword};

use super::{Generator, Result};

impl Generator<'_> {
    /// Evaluates the arguments and calls; `pushed` arguments are on the stack already.
    pub(super) fn call(
        &mut self,
        pushed: usize,
        args: &[Expr],
        keywords: &[Keyword],
    ) -> Result<()> {
        let mut positional = pushed;
        let mut sequences = 0;
        let mut run = 0;
        for arg in args {
            if let ExprKind::Starred { value, .. } = &arg.kind {
                if run > 0 {
                    self.op_arg(Opcode::BuildTuple, run);
                    run = 0;
                    sequences += 1;
                }
                self.expr(value)?;
                sequences += 1;
            } else {
                self.expr(arg)?;
                if sequences > 0 {
                    run += 1;
                } else {
                    positional += 1;
                }
            }
        }
        if run > 0 {
            self.op_arg(Opcode::BuildTuple, run);
            sequences += 1;
        }
        if sequences > 1 {
            self.op_arg(Opcode::BuildListUnpack, sequences);
        }

        let mut pairs = 0;
        let mut mappings = 0;
        run = 0;
        for keyword in keywords {
            match keyword.arg {
                None => {
                    if run > 0 {
                        self.op_arg(Opcode::BuildMap, run);
                        run = 0;
                        mappings += 1;
                    }
                    self.expr(&keyword.value)?;
                    mappings += 1;
                }
                Some(name) => {
                    self.load_symbol(name);
                    self.expr(&keyword.value)?;
                    if mappings > 0 {
                        run += 1;
                    } else {
                        pairs += 1;
                    }
                }
            }
        }
        if run > 0 {
            self.op_arg(Opcode::BuildMap, run);
            mappings += 1;
        }
        if mappings > 1 {
            // The depth of the function is for messages about bad mappings.
            let depth = positional + usize::from(sequences > 0) + pairs + 1;
            self.op_arg(Opcode::BuildMapUnpackWithCall, mappings | depth << 8);
        }
        // The syntax checks allow 255 arguments; a class has two more of its own.
        let opcode = match (sequences > 0, mappings > 0) {
            (false, false) => Opcode::CallFunction,
            (true, false) => Opcode::CallFunctionVar,
            (false, true) => Opcode::CallFunctionKw,
            (true, true) => Opcode::CallFunctionVarKw,
        };
        self.op_arg(opcode, positional | pairs << 8);
        Ok(())
    }
}

//! f-strings, as CPython 3.6 compiles them (newer dialect).

use ceval_bytecode::Opcode;

use crate::ast::{Conversion, Expr};

use super::consts::ConstRef;
use super::{Generator, Result};
use rustpython_wtf8::Wtf8;

impl Generator<'_> {
    pub(super) fn joined_str(&mut self, values: &[Expr]) -> Result<()> {
        match values {
            [] => self.load_const(ConstRef::Str(Wtf8::new(""))),
            [only] => self.expr(only)?,
            values => {
                self.exprs(values)?;
                self.op_arg(Opcode::BuildString, values.len());
            }
        }
        Ok(())
    }

    pub(super) fn formatted_value(
        &mut self,
        value: &Expr,
        conversion: Conversion,
        format_spec: Option<&Expr>,
    ) -> Result<()> {
        self.expr(value)?;
        let mut operand = match conversion {
            Conversion::None => 0,
            Conversion::Str => 1,
            Conversion::Repr => 2,
            Conversion::Ascii => 3,
        };
        if let Some(format_spec) = format_spec {
            self.expr(format_spec)?;
            operand |= 4;
        }
        self.op_arg(Opcode::FormatValue, operand);
        Ok(())
    }
}

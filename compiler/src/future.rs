//! `from __future__ import ...` at the head of a module: which features it turns on.
//!
//! Only the statements that may still hold a future import are looked at; one further down is
//! an error that the code generator raises. Source: CPython 3.5 `Python/future.c`.

use ceval_bytecode::flags;

use crate::ast::{Alias, ExprKind, Mod, StmtKind};
use crate::error::{CompileError, ErrorKind};
use crate::interner::Interner;
use crate::options::Dialect;

/// What the head of a module asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FutureFeatures {
    /// `CO_FUTURE_*` bits.
    pub(crate) flags: u32,
    /// Line of the last future import, 0 if there is none.
    pub(crate) last_line: u32,
}

/// The message for an import that comes too late; the code generator uses it as well.
pub(crate) const LATE_IMPORT: &str =
    "from __future__ imports must occur at the beginning of the file";

/// Reads the future imports of a module.
pub(crate) fn future_features(
    root: &Mod,
    interner: &Interner,
    filename: &str,
    dialect: Dialect,
) -> Result<FutureFeatures, Box<CompileError>> {
    let mut features = FutureFeatures::default();
    let (Mod::Module(body) | Mod::Interactive(body)) = root else {
        return Ok(features);
    };
    let has_docstring = body.first().is_some_and(|first| {
        matches!(&first.kind, StmtKind::Expr(value) if matches!(value.kind, ExprKind::Str(_)))
    });
    let mut done = false;
    let mut previous_line = 0;
    for stmt in body.iter().skip(usize::from(has_docstring)) {
        // After the first other statement only the rest of its line can hold a late import
        // that has to be reported from here.
        if done && stmt.lineno > previous_line {
            break;
        }
        previous_line = stmt.lineno;
        let error = |message: String| {
            Err(Box::new(CompileError {
                line: Some(stmt.lineno),
                ..CompileError::without_position(ErrorKind::SyntaxError, message, filename)
            }))
        };
        match &stmt.kind {
            StmtKind::ImportFrom {
                module: Some(module),
                names,
                ..
            } if interner.name(*module) == "__future__" => {
                if done {
                    return error(LATE_IMPORT.to_owned());
                }
                match feature_flags(names, interner, dialect) {
                    Ok(flags) => features.flags |= flags,
                    Err(message) => return error(message),
                }
                features.last_line = stmt.lineno;
            }
            _ => done = true,
        }
    }
    Ok(features)
}

fn feature_flags(names: &[Alias], interner: &Interner, dialect: Dialect) -> Result<u32, String> {
    let mut flags = 0;
    for alias in names {
        match interner.name(alias.name) {
            // Mandatory since long, so they leave no trace.
            "nested_scopes" | "generators" | "division" | "absolute_import" | "with_statement"
            | "print_function" | "unicode_literals" => {}
            "barry_as_FLUFL" => flags |= flags::CO_FUTURE_BARRY_AS_BDFL,
            "generator_stop" => flags |= flags::CO_FUTURE_GENERATOR_STOP,
            "annotations" if dialect == Dialect::Default => {
                flags |= flags::CO_FUTURE_ANNOTATIONS;
            }
            "braces" => return Err("not a chance".to_owned()),
            // CPython cuts the name at 100 bytes.
            name => {
                let mut end = name.len().min(100);
                while !name.is_char_boundary(end) {
                    end -= 1;
                }
                return Err(format!("future feature {} is not defined", &name[..end]));
            }
        }
    }
    Ok(flags)
}

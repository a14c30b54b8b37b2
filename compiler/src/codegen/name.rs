//! Loading, storing and deleting names, by the scope that the symbol table gave them.
//!
//! Source: CPython 3.5 `compiler_nameop` in `Python/compile.c`.

use ceval_bytecode::Opcode;

use crate::ast::ExprContext;
use crate::interner::Symbol;
use crate::mangle::mangle;
use crate::symtable::{BlockKind, Scope};

use super::Generator;

impl Generator<'_> {
    /// Uses a name as `ctx` says.
    pub(super) fn name(&mut self, name: Symbol, ctx: ExprContext) {
        let mangled = mangle(self.interner, self.unit.private, name);
        let block = self.block();
        let is_function = block.kind == BlockKind::Function;
        let choose = |load, store, del| match ctx {
            ExprContext::Load => load,
            ExprContext::Store => store,
            ExprContext::Del => del,
        };
        // A name without scope is one that the generator introduced, such as `__module__`.
        let (opcode, arg) = match block.scope(mangled) {
            Some(scope @ (Scope::Free | Scope::Cell)) => {
                let load = if block.kind == BlockKind::Class {
                    Opcode::LoadClassderef
                } else {
                    Opcode::LoadDeref
                };
                let opcode = choose(load, Opcode::StoreDeref, Opcode::DeleteDeref);
                (opcode, self.cell_slot(mangled, scope))
            }
            Some(Scope::Local) if is_function => {
                let opcode = choose(Opcode::LoadFast, Opcode::StoreFast, Opcode::DeleteFast);
                (opcode, self.unit.varnames.insert_position(mangled, ()))
            }
            Some(scope)
                if scope == Scope::GlobalExplicit
                    || is_function && scope == Scope::GlobalImplicit =>
            {
                let opcode = choose(
                    Opcode::LoadGlobal,
                    Opcode::StoreGlobal,
                    Opcode::DeleteGlobal,
                );
                (opcode, self.unit.names.insert_position(mangled, ()))
            }
            _ => {
                let opcode = choose(Opcode::LoadName, Opcode::StoreName, Opcode::DeleteName);
                (opcode, self.unit.names.insert_position(mangled, ()))
            }
        };
        self.op_arg(opcode, arg);
    }

    /// The operand of a cell or free variable.
    pub(super) fn cell_slot(&mut self, name: Symbol, scope: Scope) -> usize {
        if scope == Scope::Cell {
            self.unit.cellvars.insert_position(name, ())
        } else {
            self.unit.cellvars.len() + self.unit.freevars.insert_position(name, ())
        }
    }

    /// An instruction whose operand is a name as it stands in `co_names`, mangled.
    pub(super) fn op_name(&mut self, opcode: Opcode, name: Symbol) {
        let mangled = mangle(self.interner, self.unit.private, name);
        self.op_unmangled(opcode, mangled);
    }

    /// An instruction whose operand is a name that is not subject to mangling.
    pub(super) fn op_unmangled(&mut self, opcode: Opcode, name: Symbol) {
        let place = self.unit.names.insert_position(name, ());
        self.op_arg(opcode, place);
    }
}

//! The assembler: from basic blocks to a code object.
//!
//! Blocks are emitted in reverse post-order of a depth-first walk, so unreachable ones vanish.
//! Jump distances and instruction sizes depend on each other through `EXTENDED_ARG`; the
//! offsets are computed again until no new one appears.
//! Source: CPython 3.5 `assemble`, `makecode` in `Python/compile.c`.

mod listing;
mod lnotab;

use std::cell::RefCell;

use ceval_bytecode::{CodeObject, Opcode, flags};

use crate::codegen::{Instr, InstrKind, Label, Unit};
use crate::interner::{Interner, Symbol};
use crate::peephole::optimize;
use crate::stackdepth::stack_depth;
use crate::symbol_map::SymbolMap;
use crate::symtable::{BlockKind, SymbolTable};

use listing::list_blocks;
use lnotab::LineTable;

/// In code of this length no jump needs more than 16 bits.
const MAX_SHORT_CODE: usize = 0xffff;

/// What a code object takes from outside its unit.
pub(crate) struct CodeContext<'a> {
    pub(crate) table: &'a SymbolTable,
    pub(crate) interner: &'a Interner,
    pub(crate) filename: &'a str,
    /// Future flags, inherited and its own.
    pub(crate) flags: u32,
    /// Where to list the basic blocks, if anywhere.
    pub(crate) listing: Option<&'a RefCell<String>>,
}

/// Makes the code object of a unit. Unless its last block returns, a return is added, of
/// `None` if `returns_none`, else of what is on the stack.
pub(crate) fn assemble(
    unit: &mut Unit,
    returns_none: bool,
    context: &CodeContext<'_>,
) -> CodeObject {
    if !unit.blocks[unit.current.0 as usize].returns {
        unit.next_block();
        if returns_none {
            let place = unit.consts.add(crate::codegen::ConstRef::None);
            unit.op_arg(Opcode::LoadConst, place);
        }
        unit.op(Opcode::ReturnValue);
    }
    unit.close();
    if unit.firstlineno == 0 {
        unit.firstlineno = match unit.block_instrs(Label(0)).first() {
            Some(instr) => instr.lineno,
            None => 1,
        };
    }
    let order = reverse_postorder(unit);
    let mut emitted = emit(unit, &order);
    if emitted.code.len() <= MAX_SHORT_CODE {
        emitted.patch_jumps();
    } else {
        resolve_jumps(unit, &order);
        emitted = emit(unit, &order);
    }
    let Emitted {
        mut code,
        mut lnotab,
        ..
    } = emitted;
    let stacksize = stack_depth(unit);
    let code_flags = code_flags(unit, context);

    let mut consts = std::mem::take(&mut unit.consts).into_items();
    optimize(&mut code, &mut lnotab, &mut consts);
    let text = |name: Symbol| context.interner.name(name).to_owned();
    let texts = |names: &SymbolMap<()>| names.symbols().map(text).collect::<Vec<String>>();
    let object = CodeObject {
        name: text(unit.name),
        filename: context.filename.to_owned(),
        firstlineno: unit.firstlineno,
        argcount: unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        nlocals: unit.varnames.len() as u32,
        stacksize,
        flags: code_flags,
        code,
        lnotab,
        consts,
        names: texts(&unit.names),
        varnames: texts(&unit.varnames),
        freevars: texts(&unit.freevars),
        cellvars: texts(&unit.cellvars),
    };
    if let Some(listing) = context.listing {
        listing.borrow_mut().push_str(&list_blocks(unit, &object));
    }
    object
}

fn code_flags(unit: &Unit, context: &CodeContext<'_>) -> u32 {
    let block = context.table.block(unit.block);
    let mut bits = context.flags & (flags::CO_FUTURE_MASK | flags::CO_FUTURE_ANNOTATIONS);
    if block.kind == BlockKind::Function {
        bits |= flags::CO_NEWLOCALS | flags::CO_OPTIMIZED;
        for (is_set, bit) in [
            (block.is_nested, flags::CO_NESTED),
            (block.is_generator, flags::CO_GENERATOR),
            (block.has_varargs, flags::CO_VARARGS),
            (block.has_varkeywords, flags::CO_VARKEYWORDS),
        ] {
            if is_set {
                bits |= bit;
            }
        }
    }
    if unit.freevars.is_empty() && unit.cellvars.is_empty() {
        bits |= flags::CO_NOFREE;
    }
    bits
}

/// The reachable blocks in the order of their code.
fn reverse_postorder(unit: &Unit) -> Vec<Label> {
    let mut seen = vec![false; unit.blocks.len()];
    let mut order = Vec::with_capacity(unit.blocks.len());
    // Each entry: a block, whether its fall-through was visited, its next instruction.
    let mut path = vec![(Label(0), false, unit.blocks[0].start)];
    seen[0] = true;
    while let Some((label, went_on, instr)) = path.last_mut() {
        let block = &unit.blocks[label.0 as usize];
        let mut next = None;
        if !*went_on {
            *went_on = true;
            next = block.next.filter(|next| !seen[next.0 as usize]);
        }
        while next.is_none() && *instr < block.end {
            let target = unit.instrs[*instr as usize].jump_target();
            next = target.filter(|target| !seen[target.0 as usize]);
            *instr += 1;
        }
        match next {
            Some(next) => {
                seen[next.0 as usize] = true;
                path.push((next, false, unit.blocks[next.0 as usize].start));
            }
            None => {
                order.push(*label);
                path.pop();
            }
        }
    }
    order.reverse();
    order
}

/// Sets the operands of all jumps.
fn resolve_jumps(unit: &mut Unit, order: &[Label]) {
    let mut offsets = vec![0u32; unit.blocks.len()];
    let mut extended = 0;
    loop {
        let mut total = 0;
        for &label in order {
            offsets[label.0 as usize] = total;
            total += unit
                .block_instrs(label)
                .iter()
                .map(Instr::size)
                .sum::<u32>();
        }
        let before = extended;
        extended = 0;
        for (block, &start) in unit.blocks.iter().zip(&offsets) {
            let mut offset = start;
            for instr in &mut unit.instrs[block.start as usize..block.end as usize] {
                // Distances count from behind the jump.
                offset += instr.size();
                let target = offsets[instr.target.0 as usize] as i32;
                match instr.kind {
                    InstrKind::JumpAbsolute => instr.arg = target,
                    InstrKind::JumpRelative => instr.arg = target - offset as i32,
                    InstrKind::Plain | InstrKind::Arg => continue,
                }
                if instr.arg > 0xffff {
                    extended += 1;
                }
            }
        }
        if extended == before {
            break;
        }
    }
}

/// Emitted code.
struct Emitted {
    code: Vec<u8>,
    lnotab: Vec<u8>,
    /// The offset of each block.
    offsets: Vec<usize>,
    /// Where the operands of jumps stand, and the jumps.
    jumps: Vec<(usize, Instr)>,
}

impl Emitted {
    /// Sets the operands of all jumps, of which none needs more than 16 bits.
    fn patch_jumps(&mut self) {
        for &(place, instr) in &self.jumps {
            let target = self.offsets[instr.target.0 as usize];
            let arg = match instr.kind {
                InstrKind::JumpRelative => target.wrapping_sub(place + 2),
                _ => target,
            };
            self.code[place..place + 2].copy_from_slice(&(arg as u16).to_le_bytes());
        }
    }
}

/// Emits the blocks in order; jumps get the operands that they have at the moment.
fn emit(unit: &Unit, order: &[Label]) -> Emitted {
    let mut offsets = vec![0; unit.blocks.len()];
    let mut jumps = Vec::new();
    let mut code = Vec::with_capacity(unit.instrs.len() * 3);
    let mut lines = LineTable::new(unit.firstlineno);
    for &label in order {
        offsets[label.0 as usize] = code.len();
        for instr in unit.block_instrs(label) {
            if instr.lineno != 0 {
                lines.add(code.len() as u32, instr.lineno);
            }
            if instr.kind == InstrKind::Plain {
                code.push(instr.opcode as u8);
                continue;
            }
            let [a, b, c, d] = instr.arg.to_le_bytes();
            if instr.size() == 6 {
                code.extend_from_slice(&[Opcode::ExtendedArg as u8, c, d]);
            }
            code.extend_from_slice(&[instr.opcode as u8, a, b]);
            if instr.jump_target().is_some() {
                jumps.push((code.len() - 2, *instr));
            }
        }
    }
    Emitted {
        code,
        lnotab: lines.finish(),
        offsets,
        jumps,
    }
}

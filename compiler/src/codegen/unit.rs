//! The state of one code object while its code is generated: basic blocks, instructions,
//! the tables that operands index, and the statically nested frame blocks.
//!
//! A basic block is filled once, from the moment it becomes current until the next one does,
//! so all instructions of a unit stand in one list and a block is a range of it.
//! Source: CPython 3.5 `struct compiler_unit` and `struct basicblock_` in `Python/compile.c`.

use std::rc::Rc;

use ceval_bytecode::Opcode;

use crate::interner::{Interner, Symbol};
use crate::symbol_map::SymbolMap;
use crate::symtable::{Block, BlockId, Scope, uses};

use super::consts::ConstTable;

/// CPython's `CO_MAXBLOCKS`: how deep loops, `try` and `with` statements may nest.
pub(crate) const MAX_FRAME_BLOCKS: usize = 20;

/// A basic block's number in its unit, in order of creation; 0 is the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label(pub(crate) u32);

/// What the operand of an [`Instr`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstrKind {
    /// There is none.
    Plain,
    /// The number `arg`.
    Arg,
    /// The distance to the block `target`; `arg` holds it once offsets are known.
    JumpRelative,
    /// The offset of the block `target`; `arg` holds it once offsets are known.
    JumpAbsolute,
}

/// An instruction before assembly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instr {
    pub(crate) opcode: Opcode,
    pub(crate) kind: InstrKind,
    /// Distances are negative when a block turns out to be unreachable.
    pub(crate) arg: i32,
    pub(crate) target: Label,
    /// The line that starts here, 0 for none.
    pub(crate) lineno: u32,
}

impl Instr {
    /// Bytes of the assembled instruction.
    pub(crate) fn size(&self) -> u32 {
        match self.kind {
            InstrKind::Plain => 1,
            _ if self.arg > 0xffff => 6,
            _ => 3,
        }
    }

    pub(crate) fn jump_target(&self) -> Option<Label> {
        match self.kind {
            InstrKind::JumpRelative | InstrKind::JumpAbsolute => Some(self.target),
            InstrKind::Plain | InstrKind::Arg => None,
        }
    }
}

/// A basic block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BasicBlock {
    /// Its first instruction in the unit's list.
    pub(crate) start: u32,
    /// Behind its last instruction; kept up to date when the next block becomes current.
    pub(crate) end: u32,
    /// The block reached by falling off the end.
    pub(crate) next: Option<Label>,
    /// Whether it holds a `RETURN_VALUE` anywhere.
    pub(crate) returns: bool,
}

/// Kinds of frame blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameBlock {
    Loop,
    Except,
    FinallyTry,
    FinallyEnd,
}

/// What a unit is the code of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
}

/// The lists of a finished unit, emptied: the next unit fills them again.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    blocks: Vec<BasicBlock>,
    instrs: Vec<Instr>,
}

/// One code object in the making.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) kind: UnitKind,
    /// Its block in the symbol table.
    pub(crate) block: BlockId,
    pub(crate) name: Symbol,
    /// Dotted path from the module; empty for a module.
    pub(crate) qualname: Rc<str>,
    pub(crate) consts: ConstTable,
    pub(crate) names: SymbolMap<()>,
    pub(crate) varnames: SymbolMap<()>,
    pub(crate) cellvars: SymbolMap<()>,
    /// Their operands start behind the cell variables.
    pub(crate) freevars: SymbolMap<()>,
    /// The class whose name mangles private names.
    pub(crate) private: Option<Symbol>,
    pub(crate) argcount: u32,
    pub(crate) posonlyargcount: u32,
    pub(crate) kwonlyargcount: u32,
    pub(crate) blocks: Vec<BasicBlock>,
    pub(crate) instrs: Vec<Instr>,
    pub(crate) current: Label,
    pub(crate) frame_blocks: Vec<(FrameBlock, Label)>,
    /// 0: take the first instruction's.
    pub(crate) firstlineno: u32,
    /// Line of the current statement or expression.
    pub(crate) lineno: u32,
    pub(crate) col_offset: u32,
    /// Whether an instruction carries the current line already.
    pub(crate) lineno_set: bool,
}

impl Unit {
    pub(crate) fn new(
        kind: UnitKind,
        name: Symbol,
        block: BlockId,
        entry: &Block,
        class_cell: Symbol,
        interner: &Interner,
        buffers: Buffers,
    ) -> Unit {
        // Sorted, so that the slots do not depend on the order of use.
        let sorted = |wanted: &dyn Fn(Scope, u16) -> bool| {
            let chosen = entry.symbols.iter();
            let mut chosen: Vec<Symbol> = chosen
                .filter(|(_, info)| wanted(info.scope, info.uses))
                .map(|(name, _)| name)
                .collect();
            if chosen.len() > 1 {
                chosen.sort_by(|&a, &b| interner.name(a).cmp(interner.name(b)));
            }
            chosen.into_iter().collect::<SymbolMap<()>>()
        };
        let mut cellvars = sorted(&|scope, _| scope == Scope::Cell);
        if entry.needs_class_closure {
            cellvars.insert_position(class_cell, ());
        }
        let freevars =
            sorted(&|scope, uses| scope == Scope::Free || uses & uses::DEF_FREE_CLASS != 0);
        let Buffers { mut blocks, instrs } = buffers;
        blocks.push(BasicBlock {
            start: 0,
            end: 0,
            next: None,
            returns: false,
        });
        Unit {
            kind,
            block,
            name,
            qualname: Rc::from(""),
            consts: ConstTable::default(),
            names: SymbolMap::default(),
            varnames: entry.varnames.iter().copied().collect(),
            cellvars,
            freevars,
            private: None,
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            blocks,
            instrs,
            current: Label(0),
            frame_blocks: Vec::new(),
            firstlineno: 0,
            lineno: 0,
            col_offset: 0,
            lineno_set: false,
        }
    }

    /// Ends the unit, keeping its lists.
    pub(crate) fn into_buffers(mut self) -> Buffers {
        self.blocks.clear();
        self.instrs.clear();
        Buffers {
            blocks: self.blocks,
            instrs: self.instrs,
        }
    }

    /// A new block that is not reached yet.
    pub(crate) fn new_block(&mut self) -> Label {
        let label = Label(self.blocks.len() as u32);
        self.blocks.push(BasicBlock {
            start: 0,
            end: 0,
            next: None,
            returns: false,
        });
        label
    }

    /// Makes `label` current; the block before falls through to it.
    pub(crate) fn use_next_block(&mut self, label: Label) {
        let here = self.instrs.len() as u32;
        let before = &mut self.blocks[self.current.0 as usize];
        before.end = here;
        before.next = Some(label);
        let block = &mut self.blocks[label.0 as usize];
        debug_assert!(block.start == block.end, "a block is filled once");
        block.start = here;
        block.end = here;
        self.current = label;
    }

    /// Goes on in a new block.
    pub(crate) fn next_block(&mut self) {
        let label = self.new_block();
        self.use_next_block(label);
    }

    /// Ends the last block, before assembly.
    pub(crate) fn close(&mut self) {
        self.blocks[self.current.0 as usize].end = self.instrs.len() as u32;
    }

    /// The instructions of a block.
    pub(crate) fn block_instrs(&self, label: Label) -> &[Instr] {
        let block = &self.blocks[label.0 as usize];
        &self.instrs[block.start as usize..block.end as usize]
    }

    fn push(&mut self, opcode: Opcode, kind: InstrKind, arg: i32, target: Label) {
        let lineno = if self.lineno_set { 0 } else { self.lineno };
        self.lineno_set = true;
        self.instrs.push(Instr {
            opcode,
            kind,
            arg,
            target,
            lineno,
        });
    }

    /// Adds an instruction without operand.
    pub(crate) fn op(&mut self, opcode: Opcode) {
        if opcode == Opcode::ReturnValue {
            self.blocks[self.current.0 as usize].returns = true;
        }
        self.push(opcode, InstrKind::Plain, 0, Label(0));
    }

    /// Adds an instruction with a number.
    pub(crate) fn op_arg(&mut self, opcode: Opcode, arg: usize) {
        // Operands index things that the source, at most 64 MiB, holds one by one; those that
        // pack two numbers are checked where they are made.
        self.push(opcode, InstrKind::Arg, arg as i32, Label(0));
    }

    /// Adds a jump. Whether it is relative follows from the opcode.
    pub(crate) fn jump(&mut self, opcode: Opcode, target: Label) {
        let kind = match opcode.operand() {
            ceval_bytecode::Operand::JumpAbsolute => InstrKind::JumpAbsolute,
            _ => InstrKind::JumpRelative,
        };
        self.push(opcode, kind, 0, target);
    }

    pub(crate) fn in_loop(&self) -> bool {
        self.frame_blocks
            .iter()
            .any(|(kind, _)| *kind == FrameBlock::Loop)
    }
}

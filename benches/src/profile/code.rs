//! The code that a profile speaks of: rows of the instruction table and linked code, as plain data.
//!
//! The library knows no machine; whoever runs one describes its code here. An instruction has a *number*: its code's
//! first number and its unit's index.

/// A row of the instruction table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Op {
    /// Its name, for example `load_fast`.
    pub name: String,
    /// Numbers of the rows that a superinstruction is made of; empty for others.
    pub parts: Vec<u16>,
    /// It may jump in its fast part.
    pub jumps: bool,
    /// A superinstruction may go on behind it: it does not jump, or jumps only sometimes.
    pub goes_on: bool,
    /// It has an inline cache.
    pub cached: bool,
}

impl Op {
    /// Bytecode instructions that one dispatch stands for.
    pub fn width(&self) -> u32 {
        self.parts.len().max(1) as u32
    }
}

/// An instruction of linked code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instruction {
    /// Its row.
    pub op: u16,
    /// Its operand.
    pub argument: u32,
    /// What the operand means, for example a variable's name; empty if there is nothing to say.
    pub meaning: String,
    /// Byte offset in the code object.
    pub offset: u32,
    /// Source line.
    pub line: u32,
}

/// Linked code of one code object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// The function's name.
    pub name: String,
    /// The source file's name.
    pub file: String,
    /// `co_firstlineno`.
    pub first_line: u32,
    /// Its instructions, a unit each.
    pub instructions: Vec<Instruction>,
}

/// All linked code of a run.
#[derive(Clone, Debug, Default)]
pub struct CodeMap {
    /// The instruction table.
    pub ops: Vec<Op>,
    /// Code objects in the order of their linking.
    pub codes: Vec<Code>,
    first: Vec<u32>,
    total: u32,
}

impl CodeMap {
    /// A map without code.
    pub fn new(ops: Vec<Op>) -> CodeMap {
        CodeMap {
            ops,
            ..CodeMap::default()
        }
    }

    /// Adds code; its number is that of codes so far.
    pub fn add(&mut self, code: Code) {
        self.first.push(self.total);
        self.total += code.instructions.len() as u32;
        self.codes.push(code);
    }

    /// The number of the instruction at a unit.
    pub fn number(&self, code: u32, unit: u32) -> Option<u32> {
        let units = self.codes.get(code as usize)?.instructions.len();
        ((unit as usize) < units).then(|| self.first[code as usize] + unit)
    }

    /// The code and the unit of an instruction.
    pub fn place(&self, number: u32) -> (usize, usize) {
        let code = self.first.partition_point(|&first| first <= number) - 1;
        // Code without instructions has the number of the next one's first.
        (code, (number - self.first[code]) as usize)
    }

    /// The instruction of a number.
    pub fn instruction(&self, number: u32) -> &Instruction {
        let (code, unit) = self.place(number);
        &self.codes[code].instructions[unit]
    }

    /// Instructions in all.
    pub fn total(&self) -> usize {
        self.total as usize
    }
}

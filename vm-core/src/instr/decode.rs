//! From CPython bytecode to instructions.

use super::table::OperandKind;
use super::{Instr, InstrOp};
use ceval_bytecode::opcode::HAVE_ARGUMENT;
use ceval_bytecode::{CodeObject, Opcode};

/// Decoded code.
pub struct Decoded {
    /// The instructions. The last one does not fall through.
    pub instructions: Vec<Instr>,
    /// Bytecode offset of each.
    pub offsets: Vec<u32>,
    /// Whether each is a jump target or a handler.
    pub is_target: Vec<bool>,
    /// Instructions that are none, in order of their number: they stand as `RAISE_VARARGS`, and must not be reached.
    /// CPython's optimiser leaves such behind a `return`, where it can cut an instruction in two.
    pub bad: Vec<(usize, BadBytecode)>,
}

/// Why bytecode cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadBytecode {
    /// Bytecode offset.
    pub offset: u32,
    /// What is wrong there.
    pub reason: String,
}

impl std::fmt::Display for BadBytecode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bad bytecode at offset {}: {}", self.offset, self.reason)
    }
}

/// Decodes the bytecode of a code object. What can be no instruction is noted in [`Decoded::bad`].
pub fn decode(code: &CodeObject) -> Result<Decoded, BadBytecode> {
    let bytes = &code.code;
    let bad = |offset: usize, reason: &str| BadBytecode {
        offset: offset as u32,
        reason: reason.into(),
    };
    let mut instructions = Vec::with_capacity(bytes.len() / 2);
    let mut offsets = Vec::with_capacity(bytes.len() / 2);
    // Instruction index of each byte offset that starts one (its EXTENDED_ARG counts).
    let mut index_at = vec![u32::MAX; bytes.len() + 1];
    let mut jumps: Vec<(usize, usize)> = Vec::new();
    let mut wrong: Vec<(usize, BadBytecode)> = Vec::new();
    let mut at = 0;
    let mut extended = 0u32;
    let mut start = 0;
    while at < bytes.len() {
        if extended == 0 {
            start = at;
        }
        let byte = bytes[at];
        let mut arg = 0;
        let mut next = at + 1;
        let mut is_cut = false;
        if byte >= HAVE_ARGUMENT {
            match bytes.get(at + 1..at + 3) {
                Some(operand) => {
                    arg = u32::from(u16::from_le_bytes([operand[0], operand[1]])) | extended << 16;
                }
                None => is_cut = true,
            }
            next = at + 3;
        }
        let opcode = match Opcode::from_u8(byte) {
            Some(opcode) if !is_cut => opcode,
            found => {
                let reason = match found {
                    Some(_) => "truncated operand".to_owned(),
                    None => format!("unknown opcode {byte}"),
                };
                wrong.push((instructions.len(), bad(at, &reason)));
                Opcode::Nop
            }
        };
        if opcode == Opcode::ExtendedArg {
            index_at[at] = instructions.len() as u32;
            extended = arg;
            at = next;
            continue;
        }
        extended = 0;
        index_at[at] = instructions.len() as u32;
        index_at[start] = instructions.len() as u32;
        let op = instruction_of(opcode, arg).unwrap_or_else(|| {
            wrong.push((instructions.len(), bad(at, "bad operand")));
            InstrOp::Nop
        });
        if op.operand() == OperandKind::Displacement {
            let target = if is_relative(opcode) {
                next + arg as usize
            } else {
                arg as usize
            };
            jumps.push((instructions.len(), target));
        }
        instructions.push(Instr { op, aux: 0, arg });
        offsets.push(at as u32);
        at = next;
    }
    let mut is_target = vec![false; instructions.len()];
    for (from, target) in jumps {
        let offset = offsets[from] as usize;
        let to = index_at
            .get(target)
            .copied()
            .filter(|&i| (i as usize) < instructions.len());
        let Some(to) = to else {
            wrong.push((from, bad(offset, "jump out of the code")));
            continue;
        };
        is_target[to as usize] = true;
        instructions[from].arg = (i64::from(to) - (from as i64 + 1)) as i32 as u32;
    }
    wrong.sort_by_key(|(at, _)| *at);
    for (at, _) in &wrong {
        instructions[*at] = DEAD;
    }
    match instructions.last().map(|i| i.op) {
        Some(
            InstrOp::ReturnValue
            | InstrOp::RaiseVarargs
            | InstrOp::JumpAbsolute
            | InstrOp::JumpForward
            | InstrOp::ContinueLoop
            | InstrOp::BreakLoop,
        ) => {}
        Some(_) => {
            // Dead code can end a code object (the compiler drops an implicit return after a
            // `return`): it must not run off the end either.
            let last = bytes.len();
            instructions.push(DEAD);
            offsets.push(last as u32);
            is_target.push(false);
        }
        None => return Err(bad(0, "no code")),
    }
    Ok(Decoded {
        instructions,
        offsets,
        is_target,
        bad: wrong,
    })
}

/// What stands for an instruction that is never reached.
pub const DEAD: Instr = Instr {
    op: InstrOp::RaiseVarargs,
    aux: 0,
    arg: 0,
};

fn is_relative(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::ForIter
            | Opcode::JumpForward
            | Opcode::SetupLoop
            | Opcode::SetupExcept
            | Opcode::SetupFinally
            | Opcode::SetupWith
            | Opcode::SetupAsyncWith
    )
}

macro_rules! same_names {
    ($opcode:expr, $($name:ident)*) => {
        match $opcode { $(Opcode::$name => Some(InstrOp::$name),)* _ => None }
    };
}

/// The instruction of an opcode; COMPARE_OP splits by its operand.
fn instruction_of(opcode: Opcode, arg: u32) -> Option<InstrOp> {
    if opcode == Opcode::CompareOp {
        return [
            InstrOp::CompareLt,
            InstrOp::CompareLe,
            InstrOp::CompareEq,
            InstrOp::CompareNe,
            InstrOp::CompareGt,
            InstrOp::CompareGe,
            InstrOp::CompareIn,
            InstrOp::CompareNotIn,
            InstrOp::CompareIs,
            InstrOp::CompareIsNot,
            InstrOp::CompareExceptionMatch,
        ]
        .get(arg as usize)
        .copied();
    }
    same_names!(opcode,
        PopTop RotTwo RotThree DupTop DupTopTwo Nop UnaryPositive UnaryNegative UnaryNot UnaryInvert
        BinaryMatrixMultiply InplaceMatrixMultiply BinaryPower BinaryMultiply BinaryModulo BinaryAdd
        BinarySubtract BinarySubscr BinaryFloorDivide BinaryTrueDivide InplaceFloorDivide
        InplaceTrueDivide GetAiter GetAnext BeforeAsyncWith InplaceAdd InplaceSubtract InplaceMultiply
        InplaceModulo StoreSubscr DeleteSubscr BinaryLshift BinaryRshift BinaryAnd BinaryXor BinaryOr
        InplacePower GetIter GetYieldFromIter PrintExpr LoadBuildClass YieldFrom GetAwaitable
        InplaceLshift InplaceRshift InplaceAnd InplaceXor InplaceOr BreakLoop WithCleanupStart
        WithCleanupFinish ReturnValue ImportStar SetupAnnotations YieldValue PopBlock EndFinally
        PopExcept StoreName DeleteName UnpackSequence ForIter UnpackEx StoreAttr DeleteAttr StoreGlobal
        DeleteGlobal LoadConst LoadName BuildTuple BuildList BuildSet BuildMap LoadAttr ImportName
        ImportFrom JumpForward JumpIfFalseOrPop JumpIfTrueOrPop JumpAbsolute PopJumpIfFalse
        PopJumpIfTrue LoadGlobal ContinueLoop SetupLoop SetupExcept SetupFinally LoadFast StoreFast
        DeleteFast RaiseVarargs CallFunction MakeFunction BuildSlice MakeClosure LoadClosure LoadDeref
        StoreDeref DeleteDeref CallFunctionVar CallFunctionKw CallFunctionVarKw SetupWith ListAppend
        SetAdd MapAdd LoadClassderef BuildListUnpack BuildMapUnpack BuildMapUnpackWithCall
        BuildTupleUnpack BuildSetUnpack SetupAsyncWith FormatValue BuildString
    )
}

//! The `caches` pass: instructions that remember what they found.
//!
//! Replaces attribute and global accesses by rows that have an inline cache,
//! and pairs each method load with its call, so that no bound method object is
//! made. Hölzle, Chambers, Ungar: "Optimizing dynamically-typed object-oriented
//! languages with polymorphic inline caches", ECOOP 1991; LOAD_METHOD as in CPython 3.7.

use super::{Instr, InstrOp};

/// An inline cache: two words, all zero when empty. What they mean is the
/// instruction's own affair; `key` is compared first, and no valid key is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct CacheEntry {
    /// What must match: a shape's id, a class version, a dict version.
    pub key: u64,
    /// What was found: a slot, a position, or the bits of an object that `key` keeps alive.
    pub value: u64,
}

/// Entries of a site: receivers of four shapes can alternate without a miss.
pub const WAYS: usize = 4;

/// The largest index of a site's first entry.
const MAX_INDEX: usize = u16::MAX as usize - WAYS;

/// Rewrites `code` in place and returns the number of caches it uses.
/// `is_target[i]` says that instruction `i` is a jump target or handler.
pub fn add_caches(code: &mut [Instr], is_target: &[bool]) -> usize {
    pair_methods(code, is_target);
    let mut count = 0usize;
    for i in code.iter_mut() {
        let cached = match i.op {
            InstrOp::LoadGlobal => InstrOp::LoadGlobalCached,
            InstrOp::LoadName => InstrOp::LoadNameCached,
            InstrOp::LoadAttr => InstrOp::LoadAttrCached,
            InstrOp::StoreAttr => InstrOp::StoreAttrCached,
            InstrOp::LoadMethod => InstrOp::LoadMethod,
            _ => continue,
        };
        // A code object with more sites than `aux` can number leaves the rest uncached;
        // LOAD_METHOD needs its slot, so sites beyond the range share the last one.
        if count > MAX_INDEX && i.op != InstrOp::LoadMethod {
            continue;
        }
        i.op = cached;
        i.aux = count.min(MAX_INDEX) as u16;
        count += match cached {
            InstrOp::LoadGlobalCached | InstrOp::LoadNameCached => 1,
            _ => WAYS,
        };
    }
    count.min(MAX_INDEX + WAYS)
}

/// Turns `LOAD_ATTR ... CALL_FUNCTION` into `LOAD_METHOD ... CALL_METHOD` where the call
/// certainly calls what the load pushed: straight-line code between the two, no jump into it.
fn pair_methods(code: &mut [Instr], is_target: &[bool]) {
    // Positions in `code` whose result is still on the simulated stack, the deepest first.
    // `None`: a value that is no method candidate.
    let mut stack: Vec<Option<usize>> = Vec::new();
    for at in 0..code.len() {
        if is_target[at] {
            stack.clear();
        }
        let Instr { op, arg, .. } = code[at];
        if op == InstrOp::CallFunction {
            let args = ((arg & 0xff) + 2 * (arg >> 8 & 0xff)) as usize;
            if stack.len() > args
                && let Some(load) = stack[stack.len() - 1 - args]
            {
                code[load].op = InstrOp::LoadMethod;
                code[at].op = InstrOp::CallMethod;
            }
        }
        if matches!(
            op,
            InstrOp::RotTwo | InstrOp::RotThree | InstrOp::DupTop | InstrOp::DupTopTwo
        ) || (op.is_jump() && op != InstrOp::CallFunction)
            || matches!(
                op,
                InstrOp::SetupLoop
                    | InstrOp::SetupExcept
                    | InstrOp::SetupFinally
                    | InstrOp::SetupWith
                    | InstrOp::SetupAsyncWith
                    | InstrOp::WithCleanupStart
                    | InstrOp::WithCleanupFinish
                    | InstrOp::EndFinally
                    | InstrOp::PopExcept
                    | InstrOp::PopBlock
                    // These look below what they pop: a pair's second word would stand in the way.
                    | InstrOp::ListAppend
                    | InstrOp::SetAdd
                    | InstrOp::MapAdd
                    | InstrOp::BuildMapUnpackWithCall
            )
        {
            stack.clear();
            continue;
        }
        let (pops, pushes) = op.stack_effect(arg);
        stack.truncate(stack.len().saturating_sub(pops as usize));
        for _ in 0..pushes {
            stack.push(None);
        }
        if op == InstrOp::LoadAttr {
            *stack.last_mut().expect("LOAD_ATTR pushes one value") = Some(at);
        }
    }
}

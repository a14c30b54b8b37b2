//! The `superinstructions` pass.
//!
//! A superinstruction stands in the slot of its first part; the other parts
//! keep their slots. A jump into the middle therefore needs nothing special,
//! and when a later part must take its slow path, dispatch goes on at that
//! part's own slot. Ertl, Gregg: "The structure and performance of efficient
//! interpreters", JILP 5, 2003.

use super::table::FUSED;
use super::{Instr, InstrOp};

/// Puts superinstructions into `code`: at each position the longest pattern that matches.
pub fn fuse(code: &mut [Instr]) {
    fuse_with(code, |_| true)
}

/// As [`fuse`], with the patterns that `enabled` accepts.
pub fn fuse_with(code: &mut [Instr], enabled: impl Fn(InstrOp) -> bool) {
    let original: Vec<InstrOp> = code.iter().map(|i| i.op).collect();
    for (at, instr) in code.iter_mut().enumerate() {
        // Every slot gets its own longest match: slots that an earlier superinstruction covers
        // are reached by jumps and slow paths alone.
        let best = FUSED
            .iter()
            .filter(|(fused, parts)| original[at..].starts_with(parts) && enabled(*fused))
            .max_by_key(|(_, parts)| parts.len());
        if let Some((fused, _)) = best {
            instr.op = *fused;
        }
    }
}

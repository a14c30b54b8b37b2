//! Writing the line table `co_lnotab`.
//!
//! Pairs of (bytecode increment, line increment), each at most 255; larger steps take several
//! pairs, the bytecode increment first. Source: CPython 3.5 `assemble_lnotab` in
//! `Python/compile.c`, `Objects/lnotab_notes.txt`.

/// A line table in the making.
pub(super) struct LineTable {
    pairs: Vec<u8>,
    line: u32,
    offset: u32,
}

impl LineTable {
    pub(super) fn new(firstlineno: u32) -> Self {
        LineTable {
            pairs: Vec::new(),
            line: firstlineno,
            offset: 0,
        }
    }

    /// A line starts at byte `offset`; offsets ascend.
    pub(super) fn add(&mut self, offset: u32, line: u32) {
        let mut bytes = offset - self.offset;
        // Lines do not go back in what the code generator makes; CPython would store the low
        // byte of the difference.
        let mut lines = line as i64 - i64::from(self.line);
        if bytes == 0 && lines == 0 {
            return;
        }
        while bytes > 255 {
            self.pairs.extend_from_slice(&[255, 0]);
            bytes -= 255;
        }
        while lines > 255 {
            self.pairs.extend_from_slice(&[bytes as u8, 255]);
            bytes = 0;
            lines -= 255;
        }
        self.pairs.extend_from_slice(&[bytes as u8, lines as u8]);
        self.line = line;
        self.offset = offset;
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_steps_take_several_pairs() {
        let mut table = LineTable::new(1);
        table.add(0, 1);
        table.add(6, 2);
        table.add(306, 602);
        table.add(306, 602);
        table.add(400, 602);
        assert_eq!(
            table.finish(),
            [6, 1, 255, 0, 45, 255, 0, 255, 0, 90, 94, 0]
        );
    }
}

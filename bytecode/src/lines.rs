//! The line table `co_lnotab`: from bytecode offsets to source lines.
//!
//! Line increments are unsigned in 3.5: lines never go back within one code object.
//! A table of odd length (only a damaged `.pyc` has one) is read up to its last whole pair.
//! Source: CPython 3.5 `Objects/lnotab_notes.txt`, `Objects/codeobject.c`, `Lib/dis.py`.

use crate::code::CodeObject;

/// The source line of the instruction at byte `offset`.
pub(crate) fn line_of(code: &CodeObject, offset: u32) -> u32 {
    let mut line = code.firstlineno;
    let mut address = 0u32;
    for pair in code.lnotab.chunks_exact(2) {
        address = address.saturating_add(u32::from(pair[0]));
        if address > offset {
            break;
        }
        line = line.saturating_add(u32::from(pair[1]));
    }
    line
}

/// Iterator over (byte offset, line) of the places where a new source line starts.
///
/// A place is left out when it has the same line as the place before.
#[derive(Debug, Clone)]
pub struct LineStarts<'a> {
    pairs: std::slice::ChunksExact<'a, u8>,
    last_line: Option<u32>,
    line: u32,
    address: u32,
    ended: bool,
}

impl<'a> LineStarts<'a> {
    pub(crate) fn new(code: &'a CodeObject) -> Self {
        LineStarts {
            pairs: code.lnotab.chunks_exact(2),
            last_line: None,
            line: code.firstlineno,
            address: 0,
            ended: false,
        }
    }
}

impl Iterator for LineStarts<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        while !self.ended {
            let here = (self.address, self.line);
            let fresh = self.last_line != Some(self.line);
            match self.pairs.next() {
                Some(pair) => {
                    let advances = pair[0] != 0;
                    self.address = self.address.saturating_add(u32::from(pair[0]));
                    self.line = self.line.saturating_add(u32::from(pair[1]));
                    if !advances {
                        continue;
                    }
                }
                None => self.ended = true,
            }
            if fresh {
                self.last_line = Some(here.1);
                return Some(here);
            }
        }
        None
    }
}

//! Damage to sources and files that can be repeated from a seed.

use std::path::Path;

/// A small generator of pseudo-random numbers (a linear congruential one, of Knuth's constants).
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`, or 0 for none.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Bytes that mean something in a source.
const TELLING: &[u8] = b"()[]{}:,.=*+-'\"\\\n\t #ab0;@fu\0\xff_";

/// Words that begin or join syntax.
const WORDS: [&str; 24] = [
    "if ",
    "else:",
    "for ",
    " in ",
    "lambda:",
    "yield ",
    "await ",
    "async ",
    "def f(",
    "class C:",
    "return ",
    "global a\n",
    "nonlocal a\n",
    "try:\n",
    "except ",
    "finally:\n",
    "with ",
    "import ",
    "f'{",
    "'''",
    "not ",
    " is ",
    "**",
    ":=",
];

/// Changes one to four places: cuts, removes, repeats, overwrites or puts in words.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let place = random.below(bytes.len() + 1);
        match random.below(6) {
            0 => bytes.truncate(place.max(bytes.len() / 2)),
            1 => {
                let end = (place + random.below(12)).min(bytes.len());
                bytes.drain(place..end);
            }
            2 => {
                let from = random.below(bytes.len() + 1);
                let end = (from + random.below(40)).min(bytes.len());
                let part = bytes[from..end].to_vec();
                bytes.splice(place..place, part);
            }
            3 => {
                let word = WORDS[random.below(WORDS.len())];
                bytes.splice(place..place, word.bytes());
            }
            4 => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = random.below(256) as u8;
                }
            }
            _ => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = TELLING[random.below(TELLING.len())];
                }
            }
        }
    }
}

/// The golden programs and programs with errors of at most `longest` bytes, in order of their paths.
pub fn sources(longest: usize) -> Vec<Vec<u8>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
    let mut paths = Vec::new();
    for folder in ["cases", "errors", "runtime_errors"] {
        let entries = std::fs::read_dir(golden.join(folder)).expect("the golden corpus");
        paths.extend(entries.map(|entry| entry.expect("a directory entry").path()));
    }
    paths.retain(|path| path.extension().is_some_and(|e| e == "py"));
    paths.sort();
    let sources = paths
        .iter()
        .map(|path| std::fs::read(path).expect("a source"));
    sources.filter(|source| source.len() <= longest).collect()
}

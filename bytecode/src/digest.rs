//! Canonical serialisation of code objects and its SHA-256: two code objects are the same
//! exactly if their digests are.
//!
//! The file name is not part of it. Numbers are little endian, floats big endian; the items
//! of a frozenset are sorted, so insertion order does not matter.
//!
//! ```text
//! code     := "co35" str(name) u32(firstlineno) u32(argcount) u32(kwonlyargcount)
//!             u32(nlocals) u32(stacksize) u32(flags) bytes(code) bytes(lnotab)
//!             list(constants) list(names) list(varnames) list(freevars) list(cellvars)
//! constant := 'N' | 'T' | 'F' | 'E' | 'i' str(decimal) | 'f' f64 | 'c' f64 f64 | 's' str
//!           | 'b' bytes | 't' list | 'z' sorted list | 'C' digest
//! ```

use sha2::{Digest as _, Sha256};

use crate::code::{CodeObject, Constant};

/// The SHA-256 of a code object's canonical serialisation.
pub type Digest = [u8; 32];

/// One code object of a tree and its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestEntry {
    /// Its path, as [`crate::dump::walk`] gives it.
    pub path: String,
    /// `co_firstlineno`.
    pub firstlineno: u32,
    /// Its digest, which covers the nested ones.
    pub digest: Digest,
}

/// The digest of a code object with everything in it.
#[must_use]
pub fn digest(code: &CodeObject) -> Digest {
    let mut digests = Vec::new();
    visit(code, &mut digests)
}

/// The digests of a tree of code objects, in pre-order.
#[must_use]
pub fn digest_list(code: &CodeObject) -> Vec<DigestEntry> {
    let mut digests = Vec::new();
    visit(code, &mut digests);
    let mut digests = digests.into_iter();
    let mut list = Vec::new();
    crate::dump::walk(code, &mut |path, code| {
        list.push(DigestEntry {
            path: path.to_owned(),
            firstlineno: code.firstlineno,
            // Both walks are in pre-order, so there is one digest for each code object.
            digest: digests.next().unwrap_or_default(),
        });
    });
    list
}

/// Lower-case hexadecimal digits of some bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)] as char);
        out.push(DIGITS[usize::from(byte & 15)] as char);
    }
    out
}

/// Appends the digests of the tree to `digests` in pre-order and gives the root's.
fn visit(code: &CodeObject, digests: &mut Vec<Digest>) -> Digest {
    let place = digests.len();
    digests.push([0; 32]);
    let mut out = Vec::with_capacity(256 + code.code.len());
    out.extend_from_slice(b"co35");
    put_bytes(&mut out, code.name.as_bytes());
    for number in [
        code.firstlineno,
        code.argcount,
        code.kwonlyargcount,
        code.nlocals,
        code.stacksize,
        code.flags,
    ] {
        put_u32(&mut out, number);
    }
    put_bytes(&mut out, &code.code);
    put_bytes(&mut out, &code.lnotab);
    put_length(&mut out, code.consts.len());
    for constant in &code.consts {
        put_constant(&mut out, constant, digests);
    }
    for names in [&code.names, &code.varnames, &code.freevars, &code.cellvars] {
        put_length(&mut out, names.len());
        for name in names {
            put_bytes(&mut out, name.as_bytes());
        }
    }
    let digest: Digest = Sha256::digest(&out).into();
    digests[place] = digest;
    digest
}

fn put_constant(out: &mut Vec<u8>, constant: &Constant, digests: &mut Vec<Digest>) {
    match constant {
        Constant::None => out.push(b'N'),
        Constant::True => out.push(b'T'),
        Constant::False => out.push(b'F'),
        Constant::Ellipsis => out.push(b'E'),
        Constant::Int(value) => {
            out.push(b'i');
            put_bytes(out, value.to_string().as_bytes());
        }
        Constant::Float(value) => {
            out.push(b'f');
            put_float(out, *value);
        }
        Constant::Complex(real, imag) => {
            out.push(b'c');
            put_float(out, *real);
            put_float(out, *imag);
        }
        Constant::Str(text) => {
            out.push(b's');
            put_bytes(out, text.as_bytes());
        }
        Constant::Bytes(bytes) => {
            out.push(b'b');
            put_bytes(out, bytes);
        }
        Constant::Tuple(items) => {
            out.push(b't');
            put_length(out, items.len());
            for item in items {
                put_constant(out, item, digests);
            }
        }
        Constant::FrozenSet(items) => {
            out.push(b'z');
            put_length(out, items.len());
            let mut parts: Vec<Vec<u8>> = items
                .iter()
                .map(|item| {
                    let mut part = Vec::new();
                    put_constant(&mut part, item, digests);
                    part
                })
                .collect();
            parts.sort();
            for part in parts {
                out.extend_from_slice(&part);
            }
        }
        Constant::Code(code) => {
            out.push(b'C');
            let digest = visit(code, digests);
            out.extend_from_slice(&digest);
        }
    }
}

fn put_u32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    // Nothing in a code object has four milliards of items.
    put_u32(out, length as u32);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn put_float(out: &mut Vec<u8>, value: f64) {
    let bits = if value.is_nan() {
        0x7ff8_0000_0000_0000
    } else {
        value.to_bits()
    };
    out.extend_from_slice(&bits.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    #[test]
    fn the_documented_example() {
        let pair = || vec![Constant::Int(BigInt::from(1)), Constant::Float(2.5)];
        let mut consts = pair();
        consts.push(Constant::None);
        consts.push(Constant::Tuple(pair()));
        let code = CodeObject {
            name: "<module>".into(),
            filename: "any.py".into(),
            firstlineno: 1,
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            nlocals: 0,
            stacksize: 2,
            flags: 0x40,
            code: vec![0x64, 3, 0, 0x5a, 0, 0, 0x64, 2, 0, 0x53],
            lnotab: vec![],
            consts,
            names: vec!["x".into()],
            varnames: vec![],
            freevars: vec![],
            cellvars: vec![],
        };
        assert_eq!(
            hex(&digest(&code)),
            "ba070c1e6cab039879b5a0c56974fd069a8928eebaeea4b5462b513032b4179a"
        );
        let list = digest_list(&code);
        assert_eq!((list.len(), list[0].path.as_str()), (1, "<module>"));
    }
}

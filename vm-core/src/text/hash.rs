//! Hashes of `str` and `bytes`: SipHash-2-4 with a zero key, over the bytes CPython would hash.
//!
//! So they equal CPython 3.5's on a 64-bit little-endian machine under `PYTHONHASHSEED=0`, and runs repeat. CPython stores a text in 1,
//! 2 or 4 bytes a code point, whichever the largest needs, and hashes that array. Source: Aumasson and Bernstein,
//! "SipHash: a fast short-input PRF" (2012).

use rustpython_wtf8::{CodePoint, Wtf8};

/// The hash of `bytes`, `bytearray` slices and ASCII text.
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    // CPython answers 0 for no bytes and never -1, its error mark.
    if bytes.is_empty() {
        return 0;
    }
    not_minus_one(siphash24(bytes) as i64)
}

/// The hash of a `str`.
pub fn hash_str(text: &Wtf8) -> i64 {
    if text.is_ascii() {
        hash_bytes(text.as_bytes())
    } else {
        hash_wide(text)
    }
}

#[cold]
fn hash_wide(text: &Wtf8) -> i64 {
    let points = || text.code_points().map(CodePoint::to_u32);
    let array: Vec<u8> = match points().max() {
        None | Some(0..=0xFF) => points().map(|c| c as u8).collect(),
        Some(0x100..=0xFFFF) => points().flat_map(|c| (c as u16).to_le_bytes()).collect(),
        Some(_) => points().flat_map(u32::to_le_bytes).collect(),
    };
    hash_bytes(&array)
}

/// -1 is what a failed hash function returns, so a hash of -1 becomes -2.
#[inline]
pub fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

fn siphash24(bytes: &[u8]) -> u64 {
    let mut v = [
        0x736f_6d65_7073_6575,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        absorb(&mut v, u64::from_le_bytes(word));
    }
    let mut last = [0; 8];
    let rest = chunks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    last[7] = bytes.len() as u8;
    absorb(&mut v, u64::from_le_bytes(last));
    v[2] ^= 0xFF;
    for _ in 0..4 {
        round(&mut v);
    }
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

#[inline(always)]
fn absorb(v: &mut [u64; 4], word: u64) {
    v[3] ^= word;
    round(v);
    round(v);
    v[0] ^= word;
}

#[inline(always)]
fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[1]);
    v[0] = v[0].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values printed by CPython with `PYTHONHASHSEED=0`.
    #[test]
    fn as_cpython_with_seed_zero() {
        assert_eq!(hash_str(Wtf8::new("")), 0);
        assert_eq!(hash_str(Wtf8::new("a")), -7583489610679606711);
        assert_eq!(hash_str(Wtf8::new("hello world")), 6266945022561323786);
        assert_eq!(hash_str(Wtf8::new("\u{e9}")), 4954367630624915103);
        assert_eq!(hash_str(Wtf8::new("a\u{4e00}")), 4937488792431344241);
        assert_eq!(hash_str(Wtf8::new("a\u{1f600}b")), 2199712620763043091);
        assert_eq!(hash_bytes(b"12345678"), 6766637294834280856);
    }
}

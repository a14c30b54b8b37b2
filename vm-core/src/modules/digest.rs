//! Module `_digest`: what `hashlib`, `binascii` and `base64` compute byte by byte.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

/// The bytes of bytes, a bytearray or what has a buffer.
fn data<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Vec<u8>> {
    if let Some(b) = v.get::<Bytes>() {
        return Ok(b.data.to_vec());
    }
    if let Some(a) = v.get::<ByteArray>() {
        return Ok(a.data.borrow().clone());
    }
    if vm.type_name(v) == "memoryview" {
        let copy = vm.call_method(v, "tobytes", &[])?;
        if let Some(b) = copy.get::<Bytes>() {
            return Ok(b.data.to_vec());
        }
    }
    let m = format!("a bytes-like object is required, not '{}'", vm.type_name(v));
    Err(vm.raise_type_error(m))
}

/// `digest(name, data)`.
fn digest<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name, bytes] = args.exact::<2>(vm, "digest")?;
    let bytes = data(vm, bytes)?;
    let digest = match vm.text_of(name).as_str() {
        "md5" => Md5::digest(&bytes).to_vec(),
        "sha1" => Sha1::digest(&bytes).to_vec(),
        "sha224" => Sha224::digest(&bytes).to_vec(),
        "sha256" => Sha256::digest(&bytes).to_vec(),
        "sha384" => Sha384::digest(&bytes).to_vec(),
        "sha512" => Sha512::digest(&bytes).to_vec(),
        _ => return Err(vm.raise_value_error("unsupported hash type")),
    };
    Ok(vm.new_bytes(digest))
}

/// `crc32(data, crc=0)`.
fn crc32<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = args.between(vm, "crc32", 1, 2)?;
    let bytes = data(vm, &args[0])?;
    let start = match args.get(1) {
        Some(v) => vm.index_as_isize(v, Exc::OverflowError)? as u32,
        None => 0,
    };
    let mut crc = !start;
    for byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let odd = crc & 1 != 0;
            crc >>= 1;
            if odd {
                crc ^= 0xedb8_8320;
            }
        }
    }
    Ok(vm.new_int(i64::from(!crc)))
}

/// `adler32(data, value=1)`.
fn adler32<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    const MODULUS: u32 = 65_521;
    let args = args.between(vm, "adler32", 1, 2)?;
    let bytes = data(vm, &args[0])?;
    let start = match args.get(1) {
        Some(v) => vm.index_as_isize(v, Exc::OverflowError)? as u32,
        None => 1,
    };
    let (mut low, mut high) = (start & 0xffff, start >> 16);
    for byte in bytes {
        low = (low + u32::from(byte)) % MODULUS;
        high = (high + low) % MODULUS;
    }
    Ok(vm.new_int(i64::from(high << 16 | low)))
}

fn hexlify<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [bytes] = args.exact::<1>(vm, "hexlify")?;
    let bytes = data(vm, bytes)?;
    let text = crate::text::bytes::hex::hex(&bytes).into_bytes();
    Ok(vm.new_bytes(text))
}

fn hex_digit(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).map(|d| d as u8)
}

/// `unhexlify(text)`: None if a character is no digit.
fn unhexlify<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [text] = args.exact::<1>(vm, "unhexlify")?;
    let text = data(vm, text)?;
    let bytes: Option<Vec<u8>> = text
        .chunks_exact(2)
        .map(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?))
        .collect();
    Ok(match bytes {
        Some(bytes) => vm.new_bytes(bytes),
        None => V::<M>::none(),
    })
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn b2a_base64<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [bytes] = args.exact::<1>(vm, "b2a_base64")?;
    let bytes = data(vm, bytes)?;
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            out.push(match place <= group.len() {
                true => DIGITS[(word >> (18 - 6 * place) & 63) as usize],
                false => b'=',
            });
        }
    }
    Ok(vm.new_bytes(out))
}

/// The bytes that base64 stands for, other characters passed over; `None` if the last group is incomplete.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut word, mut bits) = (Vec::with_capacity(text.len() / 4 * 3), 0u32, 0u32);
    // Places of the group that is being read, and its padding.
    let (mut place, mut padding) = (0, 0);
    for &c in text {
        if c == b'=' {
            if place >= 2 {
                padding += 1;
                if place + padding >= 4 {
                    return Some(out);
                }
            }
            continue;
        }
        let Some(digit) = DIGITS.iter().position(|&d| d == c) else {
            continue;
        };
        padding = 0;
        place = (place + 1) % 4;
        word = word << 6 | digit as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    (bits == 0).then_some(out)
}

/// `a2b_base64(text)`: None if the last group is incomplete.
fn a2b_base64<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [text] = args.exact::<1>(vm, "a2b_base64")?;
    let text = data(vm, text)?;
    Ok(match from_base64(&text) {
        Some(bytes) => vm.new_bytes(bytes),
        None => V::<M>::none(),
    })
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "_digest")
        .function("digest", digest::<M>)
        .function("crc32", crc32::<M>)
        .function("adler32", adler32::<M>)
        .function("hexlify", hexlify::<M>)
        .function("unhexlify", unhexlify::<M>)
        .function("b2a_base64", b2a_base64::<M>)
        .function("a2b_base64", a2b_base64::<M>)
        .done())
}

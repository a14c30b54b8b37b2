//! `.pyc` files of CPython 3.5: the header and the marshal format, version 4.
//!
//! The writer shares nothing between objects, so its files are a little longer than CPython's
//! but say the same. The reader takes what CPython 3.5 writes for code objects, references
//! included. Files may be damaged or hostile: every length is checked against what is left
//! before anything is allocated, and nesting is limited. Whether a code object that was read
//! makes sense is the business of [`crate::verify`].
//! Source: CPython 3.5.1 `Python/marshal.c`, PEP 3147, PEP 552 (for what 3.5 does not have).

use std::fmt;
use std::sync::Arc;

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::ToPrimitive;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

use crate::code::{CodeObject, Constant};

/// The first four bytes of a `.pyc` file of CPython 3.5.0 to 3.5.2.
pub const MAGIC: [u8; 4] = [0x16, 0x0d, b'\r', b'\n'];

/// The deepest nesting that is read: code objects in tuples in code objects ...
const MAX_DEPTH: u32 = 500;

/// What all references together may expand to, in objects: references to tuples of references
/// would otherwise double with every level.
const MAX_EXPANSION: usize = 1 << 22;

/// Set in a type byte if later references may mean this object.
const FLAG_REF: u8 = 0x80;

/// Why a file could not be read or a code object not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarshalError {
    /// The file does not start with [`MAGIC`]; these four bytes were found.
    BadMagic([u8; 4]),
    /// The data end in the middle of something.
    Truncated,
    /// There are data behind the end.
    TrailingData,
    /// A type byte that does not occur in code objects.
    BadType(u8),
    /// A reference to an object that does not exist or is not finished.
    BadReference(u32),
    /// A value that makes no sense where it stands.
    BadValue(&'static str),
    /// Nesting beyond what is allowed.
    TooDeep,
    /// Something that the format has no place for.
    NotRepresentable(&'static str),
}

impl fmt::Display for MarshalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MarshalError::BadMagic(found) => match python_of(*found) {
                Some(version) => write!(f, "a .pyc file of {version}, not of CPython 3.5"),
                None => write!(f, "not a .pyc file (it begins with the bytes {found:02x?})"),
            },
            MarshalError::Truncated => f.write_str("marshal data too short"),
            MarshalError::TrailingData => f.write_str("data behind the code object"),
            MarshalError::BadType(byte) => write!(f, "bad marshal data (type code {byte:#04x})"),
            MarshalError::BadReference(index) => {
                write!(f, "bad marshal data (reference {index})")
            }
            MarshalError::BadValue(what) => write!(f, "bad marshal data ({what})"),
            MarshalError::TooDeep => f.write_str("marshal data nested too deeply"),
            MarshalError::NotRepresentable(what) => write!(f, "not representable: {what}"),
        }
    }
}

impl std::error::Error for MarshalError {}

/// The releases of CPython by the number with which their `.pyc` files begin: the last number
/// that each release line used, and 3.5.3's, which changed it.
const MAGIC_NUMBERS: [(u16, &str); 18] = [
    (62211, "CPython 2.7"),
    (3131, "CPython 3.0"),
    (3151, "CPython 3.1"),
    (3180, "CPython 3.2"),
    (3230, "CPython 3.3"),
    (3310, "CPython 3.4"),
    (3350, "CPython 3.5"),
    (3351, "CPython 3.5.3 or later"),
    (3379, "CPython 3.6"),
    (3394, "CPython 3.7"),
    (3413, "CPython 3.8"),
    (3425, "CPython 3.9"),
    (3439, "CPython 3.10"),
    (3495, "CPython 3.11"),
    (3531, "CPython 3.12"),
    (3571, "CPython 3.13"),
    (3627, "CPython 3.14"),
    (u16::MAX, "a later CPython"),
];

/// Whose `.pyc` files begin so; development releases count as the release that followed.
fn python_of(magic: [u8; 4]) -> Option<&'static str> {
    let [low, high, b'\r', b'\n'] = magic else {
        return None;
    };
    let number = u16::from_le_bytes([low, high]);
    if number > 62000 {
        return (number <= 62211).then_some(MAGIC_NUMBERS[0].1);
    }
    if number < 3000 {
        return None;
    }
    let mut found = MAGIC_NUMBERS[1..].iter();
    found
        .find(|&&(last, _)| number <= last)
        .map(|&(_, version)| version)
}

/// The header of a `.pyc` file, behind the magic number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PycHeader {
    /// When the source was last changed, in seconds since 1970, modulo 2^32.
    pub mtime: u32,
    /// The size of the source in bytes, modulo 2^32.
    pub source_size: u32,
}

/// The contents of a `.pyc` file.
///
/// # Errors
/// [`MarshalError::NotRepresentable`] for positional-only parameters, which 3.5 has not.
pub fn write_pyc(code: &CodeObject, header: PycHeader) -> Result<Vec<u8>, MarshalError> {
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&header.mtime.to_le_bytes());
    out.extend_from_slice(&header.source_size.to_le_bytes());
    put_code(&mut out, code)?;
    Ok(out)
}

/// The header and the code object of a `.pyc` file.
///
/// # Errors
/// Anything but a whole file of CPython 3.5.
pub fn read_pyc(bytes: &[u8]) -> Result<(PycHeader, CodeObject), MarshalError> {
    let mut reader = Reader::new(bytes);
    let magic = reader.array()?;
    if magic != MAGIC {
        return Err(MarshalError::BadMagic(magic));
    }
    let header = PycHeader {
        mtime: reader.u32()?,
        source_size: reader.u32()?,
    };
    let code = reader.whole()?;
    Ok((header, code))
}

/// A code object as `marshal.dumps` writes it.
///
/// # Errors
/// As [`write_pyc`].
pub fn dumps(code: &CodeObject) -> Result<Vec<u8>, MarshalError> {
    let mut out = Vec::new();
    put_code(&mut out, code)?;
    Ok(out)
}

/// A code object as `marshal.loads` reads it.
///
/// # Errors
/// Anything but one whole code object.
pub fn loads(bytes: &[u8]) -> Result<CodeObject, MarshalError> {
    Reader::new(bytes).whole()
}

fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_length(out: &mut Vec<u8>, length: usize) -> Result<(), MarshalError> {
    // Lengths are read as signed numbers.
    let length = i32::try_from(length)
        .map_err(|_| MarshalError::NotRepresentable("more than 2^31 - 1 items"))?;
    out.extend_from_slice(&length.to_le_bytes());
    Ok(())
}

fn put_code(out: &mut Vec<u8>, code: &CodeObject) -> Result<(), MarshalError> {
    if code.posonlyargcount != 0 {
        return Err(MarshalError::NotRepresentable("positional-only parameters"));
    }
    out.push(b'c');
    for number in [
        code.argcount,
        code.kwonlyargcount,
        code.nlocals,
        code.stacksize,
        code.flags,
    ] {
        put_u32(out, number);
    }
    put_bytes(out, &code.code)?;
    put_tuple_head(out, code.consts.len())?;
    for constant in &code.consts {
        put_constant(out, constant)?;
    }
    for names in [&code.names, &code.varnames, &code.freevars, &code.cellvars] {
        put_tuple_head(out, names.len())?;
        for name in names {
            put_text(out, Wtf8::new(name.as_str()), true)?;
        }
    }
    put_text(out, Wtf8::new(code.filename.as_str()), false)?;
    put_text(out, Wtf8::new(code.name.as_str()), true)?;
    put_u32(out, code.firstlineno);
    put_bytes(out, &code.lnotab)
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), MarshalError> {
    out.push(b's');
    put_length(out, bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(())
}

fn put_tuple_head(out: &mut Vec<u8>, length: usize) -> Result<(), MarshalError> {
    match u8::try_from(length) {
        Ok(length) => out.extend_from_slice(&[b')', length]),
        Err(_) => {
            out.push(b'(');
            put_length(out, length)?;
        }
    }
    Ok(())
}

fn put_text(out: &mut Vec<u8>, text: &Wtf8, is_interned: bool) -> Result<(), MarshalError> {
    let bytes = text.as_bytes();
    let kind = |interned, plain| if is_interned { interned } else { plain };
    match u8::try_from(bytes.len()) {
        Ok(length) if bytes.is_ascii() => {
            out.extend_from_slice(&[kind(b'Z', b'z'), length]);
        }
        _ => {
            out.push(if bytes.is_ascii() {
                kind(b'A', b'a')
            } else {
                kind(b't', b'u')
            });
            put_length(out, bytes.len())?;
        }
    }
    out.extend_from_slice(bytes);
    Ok(())
}

fn put_constant(out: &mut Vec<u8>, constant: &Constant) -> Result<(), MarshalError> {
    match constant {
        Constant::None => out.push(b'N'),
        Constant::True => out.push(b'T'),
        Constant::False => out.push(b'F'),
        Constant::Ellipsis => out.push(b'.'),
        Constant::Int(value) => put_int(out, value)?,
        Constant::Float(value) => {
            out.push(b'g');
            out.extend_from_slice(&value.to_le_bytes());
        }
        Constant::Complex(real, imag) => {
            out.push(b'y');
            out.extend_from_slice(&real.to_le_bytes());
            out.extend_from_slice(&imag.to_le_bytes());
        }
        Constant::Str(text) => put_text(out, text, false)?,
        Constant::Bytes(bytes) => put_bytes(out, bytes)?,
        Constant::Tuple(items) => {
            put_tuple_head(out, items.len())?;
            for item in items {
                put_constant(out, item)?;
            }
        }
        Constant::FrozenSet(items) => {
            out.push(b'>');
            put_length(out, items.len())?;
            for item in items {
                put_constant(out, item)?;
            }
        }
        Constant::Code(code) => put_code(out, code)?,
    }
    Ok(())
}

/// Integers beyond 32 bits are stored in digits of 15 bits.
fn put_int(out: &mut Vec<u8>, value: &BigInt) -> Result<(), MarshalError> {
    if let Some(small) = value.to_i32() {
        out.push(b'i');
        out.extend_from_slice(&small.to_le_bytes());
        return Ok(());
    }
    out.push(b'l');
    let digits = value.magnitude().to_radix_le(1 << 5);
    // Three digits of 5 bits make one of 15.
    let digits: Vec<u16> = digits
        .chunks(3)
        .map(|part| {
            let part = part.iter().rev();
            part.fold(0, |sum, &digit| sum << 5 | u16::from(digit))
        })
        .collect();
    let mut count = i32::try_from(digits.len())
        .map_err(|_| MarshalError::NotRepresentable("an int of 2^31 digits"))?;
    if value.sign() == Sign::Minus {
        count = -count;
    }
    out.extend_from_slice(&count.to_le_bytes());
    for digit in digits {
        out.extend_from_slice(&digit.to_le_bytes());
    }
    Ok(())
}

struct Reader<'a> {
    rest: &'a [u8],
    /// Objects that references may mean; `None` while an object is being read.
    references: Vec<Option<Constant>>,
    /// What references have expanded to so far, in objects.
    expanded: usize,
    depth: u32,
}

/// About how many objects a constant is, a long text counting as several.
fn weight(constant: &Constant) -> usize {
    match constant {
        Constant::Int(value) => 1 + value.bits() as usize / 256,
        Constant::Str(text) => 1 + text.len() / 32,
        Constant::Bytes(bytes) => 1 + bytes.len() / 32,
        Constant::Tuple(items) | Constant::FrozenSet(items) => {
            1 + items.iter().map(weight).sum::<usize>()
        }
        // Shared, not copied; everything else is small.
        _ => 1,
    }
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Reader {
            rest: bytes,
            references: Vec::new(),
            expanded: 0,
            depth: 0,
        }
    }

    fn whole(&mut self) -> Result<CodeObject, MarshalError> {
        let Constant::Code(code) = self.object()? else {
            return Err(MarshalError::BadValue("not a code object"));
        };
        if !self.rest.is_empty() {
            return Err(MarshalError::TrailingData);
        }
        self.references.clear();
        Ok(Arc::unwrap_or_clone(code))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], MarshalError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(MarshalError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MarshalError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(MarshalError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, MarshalError> {
        Ok(self.array::<1>()?[0])
    }

    fn u32(&mut self) -> Result<u32, MarshalError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn f64(&mut self) -> Result<f64, MarshalError> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// A length of things that take at least one byte each.
    fn length(&mut self) -> Result<usize, MarshalError> {
        let length = i32::from_le_bytes(self.array()?);
        let length =
            usize::try_from(length).map_err(|_| MarshalError::BadValue("a negative length"))?;
        if length > self.rest.len() {
            return Err(MarshalError::Truncated);
        }
        Ok(length)
    }

    /// A number that is stored as a signed one and cannot be negative.
    fn count(&mut self) -> Result<u32, MarshalError> {
        let value = i32::from_le_bytes(self.array()?);
        u32::try_from(value).map_err(|_| MarshalError::BadValue("a negative number"))
    }

    fn object(&mut self) -> Result<Constant, MarshalError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(MarshalError::TooDeep);
        }
        let byte = self.u8()?;
        let place = (byte & FLAG_REF != 0).then(|| {
            self.references.push(None);
            self.references.len() - 1
        });
        let object = self.value(byte & !FLAG_REF)?;
        if let Some(place) = place {
            self.references[place] = Some(object.clone());
        }
        self.depth -= 1;
        Ok(object)
    }

    fn value(&mut self, kind: u8) -> Result<Constant, MarshalError> {
        Ok(match kind {
            b'N' => Constant::None,
            b'T' => Constant::True,
            b'F' => Constant::False,
            b'.' => Constant::Ellipsis,
            b'i' => Constant::Int(i32::from_le_bytes(self.array()?).into()),
            b'l' => Constant::Int(self.long()?),
            b'g' => Constant::Float(self.f64()?),
            b'y' => Constant::Complex(self.f64()?, self.f64()?),
            b's' => {
                let length = self.length()?;
                Constant::Bytes(self.take(length)?.to_vec())
            }
            b'z' | b'Z' => {
                let length = usize::from(self.u8()?);
                self.text(length, true)?
            }
            b'a' | b'A' => {
                let length = self.length()?;
                self.text(length, true)?
            }
            b'u' | b't' => {
                let length = self.length()?;
                self.text(length, false)?
            }
            b')' => {
                let length = usize::from(self.u8()?);
                Constant::Tuple(self.items(length)?)
            }
            b'(' => {
                let length = self.length()?;
                Constant::Tuple(self.items(length)?)
            }
            b'>' => {
                let length = self.length()?;
                Constant::FrozenSet(self.items(length)?)
            }
            b'c' => Constant::Code(Arc::new(self.code()?)),
            b'r' => {
                let index = self.u32()?;
                let Some(Some(found)) = self.references.get(index as usize) else {
                    return Err(MarshalError::BadReference(index));
                };
                self.expanded += weight(found);
                if self.expanded > MAX_EXPANSION {
                    return Err(MarshalError::BadValue("references expand too far"));
                }
                found.clone()
            }
            other => return Err(MarshalError::BadType(other)),
        })
    }

    fn items(&mut self, count: usize) -> Result<Vec<Constant>, MarshalError> {
        if count > self.rest.len() {
            return Err(MarshalError::Truncated);
        }
        // Grown step by step: an item takes one byte here but many in memory.
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.object()?);
        }
        Ok(items)
    }

    fn text(&mut self, length: usize, is_ascii: bool) -> Result<Constant, MarshalError> {
        let bytes = self.take(length)?;
        if is_ascii && !bytes.is_ascii() {
            return Err(MarshalError::BadValue("text that is not ASCII"));
        }
        let text = Wtf8Buf::from_bytes(bytes.to_vec());
        text.map(Constant::Str)
            .map_err(|_| MarshalError::BadValue("text that is not UTF-8"))
    }

    fn long(&mut self) -> Result<BigInt, MarshalError> {
        let count = i32::from_le_bytes(self.array()?);
        let sign = if count < 0 { Sign::Minus } else { Sign::Plus };
        let bytes = (count.unsigned_abs() as usize)
            .checked_mul(2)
            .ok_or(MarshalError::Truncated)?;
        let mut digits = Vec::with_capacity(self.rest.len().min(bytes) / 2 * 3);
        for pair in self.take(bytes)?.chunks_exact(2) {
            let digit = u16::from_le_bytes([pair[0], pair[1]]);
            if digit >= 1 << 15 {
                return Err(MarshalError::BadValue("a digit out of range"));
            }
            digits.extend([0, 5, 10].map(|shift| (digit >> shift & 31) as u8));
        }
        if digits.is_empty() {
            return Ok(BigInt::ZERO);
        }
        let magnitude = BigUint::from_radix_le(&digits, 1 << 5)
            .ok_or(MarshalError::BadValue("a digit out of range"))?;
        Ok(BigInt::from_biguint(sign, magnitude))
    }

    fn bytes(&mut self) -> Result<Vec<u8>, MarshalError> {
        match self.object()? {
            Constant::Bytes(bytes) => Ok(bytes),
            _ => Err(MarshalError::BadValue("bytes expected")),
        }
    }

    fn tuple(&mut self) -> Result<Vec<Constant>, MarshalError> {
        match self.object()? {
            Constant::Tuple(items) => Ok(items),
            _ => Err(MarshalError::BadValue("a tuple expected")),
        }
    }

    fn name(&mut self) -> Result<String, MarshalError> {
        let object = self.object()?;
        to_name(object)
    }

    fn names(&mut self) -> Result<Vec<String>, MarshalError> {
        self.tuple()?.into_iter().map(to_name).collect()
    }

    fn code(&mut self) -> Result<CodeObject, MarshalError> {
        Ok(CodeObject {
            argcount: self.count()?,
            posonlyargcount: 0,
            kwonlyargcount: self.count()?,
            nlocals: self.count()?,
            stacksize: self.count()?,
            flags: self.u32()?,
            code: self.bytes()?,
            consts: self.tuple()?,
            names: self.names()?,
            varnames: self.names()?,
            freevars: self.names()?,
            cellvars: self.names()?,
            filename: self.name()?,
            name: self.name()?,
            firstlineno: self.count()?,
            lnotab: self.bytes()?,
        })
    }
}

fn to_name(object: Constant) -> Result<String, MarshalError> {
    let Constant::Str(text) = object else {
        return Err(MarshalError::BadValue("a name expected"));
    };
    text.into_string()
        .map_err(|_| MarshalError::BadValue("a name with surrogates"))
}

//! The constants of one code object in the making, each once.
//!
//! Constants are the same if type, value and the sign of zeros are. Code objects are the same
//! if CPython 3.5.1 calls them equal, which compares *their* constants by value only: two
//! lambdas in one line that differ in `1` and `1.0` become one.
//! Source: CPython 3.5.1 `compiler_add_o` in `Python/compile.c`, `code_richcompare` in
//! `Objects/codeobject.c`.

use std::hash::Hasher;
use std::sync::Arc;

use ceval_bytecode::{CodeObject, Constant};
use hashbrown::HashTable;
use num_bigint::BigInt;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

use crate::constant::{hash_value, is_equal};
use crate::interner::FoldHasher;

/// A constant that may have to be added, without owning it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ConstRef<'a> {
    None,
    True,
    False,
    Ellipsis,
    Int(&'a BigInt),
    Float(f64),
    /// The imaginary part of a complex number whose real part is `0.0`.
    Imaginary(f64),
    Str(&'a Wtf8),
    Bytes(&'a [u8]),
    /// A tuple of strings.
    Names(&'a [&'a str]),
}

impl ConstRef<'_> {
    fn hash(&self) -> u64 {
        let mut hasher = FoldHasher::default();
        match *self {
            ConstRef::None => hasher.write_u8(1),
            ConstRef::True => hasher.write_u8(2),
            ConstRef::False => hasher.write_u8(3),
            ConstRef::Ellipsis => hasher.write_u8(4),
            ConstRef::Int(value) => {
                hasher.write_u8(5);
                value.iter_u64_digits().for_each(|d| hasher.write_u64(d));
            }
            ConstRef::Float(value) => {
                hasher.write_u8(6);
                hasher.write_u64(value.to_bits());
            }
            ConstRef::Imaginary(value) => {
                hasher.write_u8(7);
                hasher.write_u64(value.to_bits());
            }
            ConstRef::Str(text) => {
                hasher.write_u8(8);
                hasher.write(text.as_bytes());
            }
            ConstRef::Bytes(bytes) => {
                hasher.write_u8(9);
                hasher.write(bytes);
            }
            ConstRef::Names(names) => {
                hasher.write_u8(10);
                names.iter().for_each(|name| hasher.write(name.as_bytes()));
            }
        }
        hasher.finish()
    }

    fn is_same(&self, constant: &Constant) -> bool {
        match (*self, constant) {
            (ConstRef::None, Constant::None)
            | (ConstRef::True, Constant::True)
            | (ConstRef::False, Constant::False)
            | (ConstRef::Ellipsis, Constant::Ellipsis) => true,
            (ConstRef::Int(a), Constant::Int(b)) => a == b,
            (ConstRef::Float(a), Constant::Float(b)) => a.to_bits() == b.to_bits(),
            (ConstRef::Imaginary(a), Constant::Complex(_, b)) => a.to_bits() == b.to_bits(),
            (ConstRef::Str(a), Constant::Str(b)) => a.as_bytes() == b.as_bytes(),
            (ConstRef::Bytes(a), Constant::Bytes(b)) => a == b,
            (ConstRef::Names(a), Constant::Tuple(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|(a, b)| matches!(b, Constant::Str(b) if a.as_bytes() == b.as_bytes()))
            }
            _ => false,
        }
    }

    fn to_constant(self) -> Constant {
        match self {
            ConstRef::None => Constant::None,
            ConstRef::True => Constant::True,
            ConstRef::False => Constant::False,
            ConstRef::Ellipsis => Constant::Ellipsis,
            ConstRef::Int(value) => Constant::Int(value.clone()),
            ConstRef::Float(value) => Constant::Float(value),
            ConstRef::Imaginary(value) => Constant::Complex(0.0, value),
            ConstRef::Str(text) => Constant::Str(text.to_wtf8_buf()),
            ConstRef::Bytes(bytes) => Constant::Bytes(bytes.to_vec()),
            ConstRef::Names(names) => {
                let text = |name: &&str| Constant::Str(Wtf8Buf::from(*name));
                Constant::Tuple(names.iter().map(text).collect())
            }
        }
    }
}

/// Up to this many constants a linear search over hashes beats a table.
const LINEAR_LIMIT: usize = 16;

/// The constants so far, in `co_consts` order.
#[derive(Debug, Default)]
pub(crate) struct ConstTable {
    items: Vec<Constant>,
    hashes: Vec<u64>,
    places: HashTable<u32>,
}

impl ConstTable {
    /// The place of a constant, which is added if it is new.
    pub(crate) fn add(&mut self, constant: ConstRef<'_>) -> usize {
        let hash = constant.hash();
        let found = self.find(hash, |item| constant.is_same(item));
        found.unwrap_or_else(|| self.push(hash, constant.to_constant()))
    }

    /// The place of a code object, which is added if none is equal to it.
    pub(crate) fn add_code(&mut self, code: CodeObject) -> usize {
        let mut hasher = FoldHasher::default();
        hasher.write_u8(11);
        hasher.write(&code.code);
        // Functions of one form are common in generated sources.
        hasher.write(code.name.as_bytes());
        hasher.write_u32(code.firstlineno);
        for constant in &code.consts {
            hash_value(constant, &mut hasher);
        }
        for name in code.names.iter().chain(&code.varnames) {
            hasher.write(name.as_bytes());
        }
        let hash = hasher.finish();
        let is_same =
            |item: &Constant| matches!(item, Constant::Code(item) if is_equal_code(item, &code));
        match self.find(hash, is_same) {
            Some(place) => place,
            None => self.push(hash, Constant::Code(Arc::new(code))),
        }
    }

    /// The place of the constant with this hash that `is_same` accepts.
    fn find(&self, hash: u64, is_same: impl Fn(&Constant) -> bool) -> Option<usize> {
        let items = &self.items;
        if items.len() <= LINEAR_LIMIT {
            let mut hashes = self.hashes.iter().zip(items);
            return hashes.position(|(&other, item)| other == hash && is_same(item));
        }
        let found = self
            .places
            .find(hash, |&place| is_same(&items[place as usize]));
        found.map(|&place| place as usize)
    }

    fn push(&mut self, hash: u64, constant: Constant) -> usize {
        let place = self.items.len();
        self.items.push(constant);
        self.hashes.push(hash);
        let hashes = &self.hashes;
        let rehash = |&place: &u32| hashes[place as usize];
        if place == LINEAR_LIMIT {
            for (i, &hash) in hashes.iter().enumerate() {
                self.places.insert_unique(hash, i as u32, rehash);
            }
        } else if place > LINEAR_LIMIT {
            self.places.insert_unique(hash, place as u32, rehash);
        }
        place
    }

    /// The constants, ready to be folded and stored.
    pub(crate) fn into_items(self) -> Vec<Constant> {
        self.items
    }
}

/// Whether CPython 3.5.1's `==` calls two code objects equal: the file name, the stack size
/// and the line table do not count.
pub(crate) fn is_equal_code(a: &CodeObject, b: &CodeObject) -> bool {
    a.name == b.name
        && a.argcount == b.argcount
        && a.posonlyargcount == b.posonlyargcount
        && a.kwonlyargcount == b.kwonlyargcount
        && a.nlocals == b.nlocals
        && a.flags == b.flags
        && a.firstlineno == b.firstlineno
        && a.code == b.code
        && a.consts.len() == b.consts.len()
        && a.consts.iter().zip(&b.consts).all(|(a, b)| is_equal(a, b))
        && a.names == b.names
        && a.varnames == b.varnames
        && a.freevars == b.freevars
        && a.cellvars == b.cellvars
}

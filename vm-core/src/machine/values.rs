//! Making objects.

use super::vm::Vm;
use crate::object::attrs::Attrs;
use crate::object::native::OpaqueBody;
use crate::object::shape::ShapeRef;
use crate::object::value::BIG_INT_TAG;
use crate::object::{
    Body, ClassId, Header, IntRef, Kind, NativeFn, ObjectModel, Opaque, Tag, V, Value, ValueCell,
    body_ops,
};
use crate::types;
use num_bigint::BigInt;
use rustpython_wtf8::Wtf8Buf;
use std::cell::{Cell, RefCell};

/// Objects that every interpreter makes once.
pub struct Once<M: ObjectModel> {
    /// `()`.
    pub empty_tuple: V<M>,
    /// `''`.
    pub empty_str: V<M>,
    /// `b''`.
    pub empty_bytes: V<M>,
    /// One-character strings of Latin-1.
    pub characters: Vec<V<M>>,
    /// Boxed integers -5 to 256; empty in tagged models.
    pub small_ints: Vec<V<M>>,
    /// Interned names of the special methods, by index into [`crate::object::slots::SLOT_DEFS`].
    pub slot_names: Vec<V<M>>,
}

impl<M: ObjectModel> Once<M> {
    /// Nothing made yet.
    pub fn empty() -> Self {
        let null = V::<M>::null;
        Once {
            empty_tuple: null(),
            empty_str: null(),
            empty_bytes: null(),
            characters: Vec::new(),
            small_ints: Vec::new(),
            slot_names: Vec::new(),
        }
    }
}

/// The range of integers that boxed models share (CPython's `NSMALLNEGINTS`, `NSMALLPOSINTS`).
pub const SMALL_INTS: std::ops::RangeInclusive<i64> = -5..=256;

impl<M: ObjectModel> Vm<M> {
    /// Allocates an object: `tag`, and `body` of the tag's kind, not extended.
    pub fn alloc_tagged<B: Body<M>>(&mut self, tag: Tag, body: B) -> V<M> {
        debug_assert!(tag.kind() == B::KIND && !tag.is_extended());
        let size = const { size_of::<Header>() + size_of::<B>().next_multiple_of(8) };
        let cell = M::allocate(&mut self.heap, size, tag);
        // SAFETY: the cell is ours alone and has room for `B` behind its header (model rule 1).
        unsafe { cell.as_ptr().add(1).cast::<B>().write(body) };
        if const { B::KIND.owns_memory() } {
            M::written(&mut self.heap, cell);
        }
        // SAFETY: the word takes over the one reference that the new object has.
        unsafe { V::<M>::from_bits(cell.as_ptr() as u64) }
    }

    /// As [`Vm::alloc`], inline, with the body that `body` makes; `None` where
    /// [`ObjectModel::try_allocate`] has no cell.
    #[inline(always)]
    pub fn try_alloc<B: Body<M>>(&mut self, body: impl FnOnce() -> B) -> Option<V<M>> {
        let size = const { size_of::<Header>() + size_of::<B>().next_multiple_of(8) };
        let cell = M::try_allocate(&mut self.heap, size, Tag::exact(B::KIND))?;
        // SAFETY: as in `alloc_tagged`.
        unsafe {
            cell.as_ptr().add(1).cast::<B>().write(body());
            if const { B::KIND.owns_memory() } {
                M::written(&mut self.heap, cell);
            }
            Some(V::<M>::from_bits(cell.as_ptr() as u64))
        }
    }

    /// Allocates an object of the built-in class of `B`.
    #[inline]
    pub fn alloc<B: Body<M>>(&mut self, body: B) -> V<M> {
        self.alloc_tagged(Tag::exact(B::KIND), body)
    }

    /// Allocates an object of class `class`, which is `B`'s built-in class or a subclass: with an
    /// attribute store if the class has one.
    pub fn alloc_as<B: Body<M>>(&mut self, class: &V<M>, body: B) -> V<M> {
        let Some(ty) = class.get::<types::class::Type<M>>() else {
            return self.alloc(body);
        };
        let (id, shape) = (ty.id, ty.root_shape.get());
        match shape {
            Some(shape) if ty.has_attrs => self.alloc_extended(id, shape, body),
            _ => self.alloc_tagged(Tag::new(id, B::KIND, false), body),
        }
    }

    /// Allocates an object with an attribute store behind its body.
    pub fn alloc_extended<B: Body<M>>(
        &mut self,
        class: ClassId,
        shape: ShapeRef<M>,
        body: B,
    ) -> V<M> {
        let ops = body_ops::<M>(B::KIND);
        let cell = M::allocate(
            &mut self.heap,
            ops.size_of(true),
            Tag::new(class, B::KIND, true),
        );
        // SAFETY: as in `alloc_tagged`; an extended cell also has room for `Attrs` at the offset.
        unsafe {
            cell.as_ptr().add(1).cast::<B>().write(body);
            cell.as_ptr()
                .cast::<u8>()
                .add(ops.attrs_offset)
                .cast::<Attrs<M>>()
                .write(Attrs::new(shape));
            V::<M>::from_bits(cell.as_ptr() as u64)
        }
    }

    /// Allocates a plain instance of a class whose instances are attribute stores.
    pub fn new_instance(&mut self, class: ClassId, shape: ShapeRef<M>) -> V<M> {
        self.alloc_tagged(Tag::new(class, Kind::Instance, false), Attrs::new(shape))
    }

    /// An `int`.
    #[inline]
    pub fn new_int(&mut self, i: i64) -> V<M> {
        if <V<M> as Value>::TAGGED {
            match i.checked_mul(2) {
                Some(doubled) => V::<M>::immediate(doubled as u64 | 1),
                None => self.alloc_tagged(BIG_INT_TAG, BigInt::from(i)),
            }
        } else if SMALL_INTS.contains(&i) && !self.interp.once.small_ints.is_empty() {
            self.interp.once.small_ints[(i - SMALL_INTS.start()) as usize].clone()
        } else {
            self.alloc(i)
        }
    }

    /// An `int` from a length or index.
    pub fn new_usize(&mut self, n: usize) -> V<M> {
        self.new_int(n as i64)
    }

    /// An `int` of any size, in its smallest form.
    pub fn new_big(&mut self, i: BigInt) -> V<M> {
        match i64::try_from(&i) {
            Ok(small) if !<V<M> as Value>::TAGGED || small.checked_mul(2).is_some() => {
                self.new_int(small)
            }
            _ => self.alloc_tagged(BIG_INT_TAG, i),
        }
    }

    /// An `int` equal to another one, exactly of class `int`.
    pub fn new_int_from(&mut self, i: IntRef<'_>) -> V<M> {
        match i {
            IntRef::Small(i) => self.new_int(i),
            IntRef::Big(b) => self.new_big(b.clone()),
        }
    }

    /// A `float`.
    #[inline]
    pub fn new_float(&mut self, f: f64) -> V<M> {
        self.alloc(f)
    }

    /// A `complex`.
    pub fn new_complex(&mut self, re: f64, im: f64) -> V<M> {
        self.alloc(types::complex::Complex { re, im })
    }

    /// A `str` of valid Unicode.
    pub fn new_str(&mut self, text: impl Into<String>) -> V<M> {
        self.new_text(Wtf8Buf::from_string(text.into()))
    }

    /// A `str` that may hold lone surrogates.
    pub fn new_text(&mut self, text: Wtf8Buf) -> V<M> {
        let once = &self.interp.once;
        let shared = match types::str::shared(&text) {
            Some(None) if !once.empty_str.is_null() => Some(&once.empty_str),
            Some(Some(c)) => once.characters.get(usize::from(c)),
            _ => None,
        };
        match shared {
            Some(v) => v.clone(),
            None => self.alloc(types::str::Str::new(text)),
        }
    }

    /// The interned `str` of a text; interned strings live as long as the interpreter.
    pub fn intern(&mut self, text: &str) -> V<M> {
        if let Some(v) = self.interp.interned.get(text.as_bytes()) {
            return v.clone();
        }
        let v = self.new_str(text);
        self.intern_value(&v)
    }

    /// The interned `str` with the text of `v`, which must be a `str`; other values come back as they are.
    pub fn intern_value(&mut self, v: &V<M>) -> V<M> {
        let Some(s) = v.get_exact::<types::str::Str>() else {
            let Some(s) = v.get::<types::str::Str>() else {
                return v.clone();
            };
            let plain = self.new_text(s.text().to_owned());
            return self.intern_value(&plain);
        };
        if s.is_interned() {
            return v.clone();
        }
        if let Some(known) = self.interp.interned.get(s.text_bytes()) {
            return known.clone();
        }
        s.set_interned();
        s.hash();
        self.interp
            .interned
            .insert(s.text_bytes().into(), v.clone());
        v.clone()
    }

    /// A `bytes`.
    pub fn new_bytes(&mut self, data: impl Into<Box<[u8]>>) -> V<M> {
        self.alloc(types::bytes::Bytes { data: data.into() })
    }

    /// A `bytearray`.
    pub fn new_bytearray(&mut self, data: Vec<u8>) -> V<M> {
        self.alloc(types::bytearray::ByteArray {
            data: RefCell::new(data),
        })
    }

    /// A `tuple`.
    pub fn new_tuple(&mut self, items: impl types::tuple::IntoItems<M>) -> V<M> {
        let items = items.into_items();
        if items.is_empty() && !self.interp.once.empty_tuple.is_null() {
            return self.interp.once.empty_tuple.clone();
        }
        self.alloc(types::tuple::Tuple { items })
    }

    /// A `list`.
    pub fn new_list(&mut self, items: Vec<V<M>>) -> V<M> {
        self.alloc(types::list::List {
            items: RefCell::new(items),
        })
    }

    /// An empty `dict`.
    pub fn new_dict(&mut self) -> V<M> {
        self.alloc(types::dict::Dict {
            table: Default::default(),
        })
    }

    /// A `dict` with a table that is already filled.
    pub fn new_dict_with(&mut self, table: types::table::Table<M>) -> V<M> {
        self.alloc(types::dict::Dict { table })
    }

    /// A `set` with a table that is already filled.
    pub fn new_set_with(&mut self, table: types::table::Table<M>) -> V<M> {
        self.alloc(types::set::Set { table })
    }

    /// A `frozenset` with a table that is already filled.
    pub fn new_frozenset_with(&mut self, table: types::table::Table<M>) -> V<M> {
        self.alloc(types::set::FrozenSet {
            table,
            hash: Cell::new(None),
        })
    }

    /// A cell, empty if `contents` is absent.
    pub fn new_cell(&mut self, contents: V<M>) -> V<M> {
        self.alloc(types::cell::CellObject {
            contents: ValueCell::new(contents),
        })
    }

    /// A bound method.
    pub fn new_method(&mut self, function: V<M>, receiver: V<M>) -> V<M> {
        self.alloc(types::method::Method { function, receiver })
    }

    /// A native function, as a module has them.
    pub fn new_builtin(&mut self, name: &'static str, function: NativeFn<M>) -> V<M> {
        self.alloc(types::builtin::Builtin {
            name,
            function,
            receiver: V::<M>::null(),
            owner: V::<M>::null(),
            module: ValueCell::empty(),
            doc: "",
            shortcut: super::shortcuts::Shortcut::Absent,
        })
    }

    /// An object with an opaque native body, of a class made by [`types::class::builder`].
    pub fn new_opaque(&mut self, class: &V<M>, body: impl Opaque<M>) -> V<M> {
        self.alloc_as(class, OpaqueBody(Box::new(body)))
    }

    /// The text of a `str` value for messages; lone surrogates become U+FFFD. Empty for other values.
    pub fn text_of(&self, v: &V<M>) -> String {
        match v.get::<types::str::Str>() {
            Some(s) => s.text().to_string_lossy().into_owned(),
            None => String::new(),
        }
    }
}

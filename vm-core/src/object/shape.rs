//! Shapes (hidden classes): which attribute stands in which slot.
//!
//! Instances made alike share a shape; adding an attribute follows a
//! transition to the next one. An inline cache that has seen a shape's id can
//! go straight to the slot. A class hands out a root shape; when the class (or
//! one of its bases) changes, every shape of its tree gets a new id, so caches
//! that relied on class attributes miss. Chambers, Ungar, Lee: "An efficient
//! implementation of SELF", OOPSLA 1989.

use super::V;
use super::header::ClassId;
use super::model::ObjectModel;
use super::value::Value;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ptr::NonNull;

/// Instances with more attributes than this become dictionaries.
pub const MAX_SLOTS: usize = 64;

/// A node of a class's shape tree. Freed with the interpreter.
pub struct Shape<M: ObjectModel> {
    /// Unique among all shapes and changed with the class; what caches compare.
    pub id: Cell<u64>,
    /// The class whose instances have this shape.
    pub class: ClassId,
    /// The instance's attributes live in a dict object in slot 0.
    pub is_dict: bool,
    /// Instances may have no attributes but these (`__slots__` without `__dict__`).
    pub is_closed: bool,
    /// The class has `__del__`.
    pub has_finalizer: Cell<bool>,
    /// Attribute names in slot order; interned strings. Names of `__slots__` are null:
    /// they are reached through their member descriptors alone.
    pub names: Vec<V<M>>,
    index: FxHashMap<u64, u32>,
    next: RefCell<FxHashMap<u64, ShapeRef<M>>>,
    dict_form: Cell<Option<ShapeRef<M>>>,
}

/// A shape, by address.
pub struct ShapeRef<M: ObjectModel>(NonNull<Shape<M>>, PhantomData<M>);

impl<M: ObjectModel> Clone for ShapeRef<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: ObjectModel> Copy for ShapeRef<M> {}
impl<M: ObjectModel> PartialEq for ShapeRef<M> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<M: ObjectModel> ShapeRef<M> {
    /// The address, below 2^48.
    #[inline(always)]
    pub fn to_bits(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// A shape from its address; `None` for 0.
    ///
    /// # Safety
    /// `bits` must be 0 or come from [`ShapeRef::to_bits`] of a shape of this interpreter.
    #[inline(always)]
    pub unsafe fn from_bits(bits: u64) -> Option<Self> {
        NonNull::new(bits as *mut Shape<M>).map(|p| ShapeRef(p, PhantomData))
    }
}
impl<M: ObjectModel> std::ops::Deref for ShapeRef<M> {
    type Target = Shape<M>;
    #[inline(always)]
    fn deref(&self) -> &Shape<M> {
        // SAFETY: shapes are owned by the interpreter's `Shapes`, which outlives every object.
        unsafe { self.0.as_ref() }
    }
}

/// The interpreter's shapes: owner of all, source of ids.
pub struct Shapes<M: ObjectModel> {
    all: Vec<ShapeRef<M>>,
    next_id: u64,
}

impl<M: ObjectModel> Default for Shapes<M> {
    fn default() -> Self {
        Shapes {
            all: Vec::new(),
            next_id: 1,
        }
    }
}

impl<M: ObjectModel> Shapes<M> {
    /// A number no shape, class version or dict version has had.
    pub fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn add(&mut self, shape: Shape<M>) -> ShapeRef<M> {
        let r = ShapeRef(NonNull::from(Box::leak(Box::new(shape))), PhantomData);
        self.all.push(r);
        r
    }

    /// The first shape of a class whose instances reserve `reserved` slots for `__slots__`.
    pub fn root(&mut self, class: ClassId, reserved: usize, is_closed: bool) -> ShapeRef<M> {
        let id = self.fresh_id();
        self.add(Shape {
            id: Cell::new(id),
            class,
            is_dict: false,
            is_closed,
            has_finalizer: Cell::new(false),
            names: (0..reserved).map(|_| V::<M>::null()).collect(),
            index: FxHashMap::default(),
            next: RefCell::default(),
            dict_form: Cell::new(None),
        })
    }

    /// The shape with `name` (interned) added; `None` when the instance should become a dictionary.
    pub fn with(&mut self, shape: ShapeRef<M>, name: &V<M>) -> Option<ShapeRef<M>> {
        if let Some(&s) = shape.next.borrow().get(&name.bits()) {
            return Some(s);
        }
        if shape.names.len() >= MAX_SLOTS || shape.next.borrow().len() >= 4 * MAX_SLOTS {
            return None;
        }
        let mut names = shape.names.clone();
        let mut index = shape.index.clone();
        index.insert(name.bits(), names.len() as u32);
        names.push(name.clone());
        let id = self.fresh_id();
        let new = self.add(Shape {
            id: Cell::new(id),
            class: shape.class,
            is_dict: false,
            is_closed: shape.is_closed,
            has_finalizer: Cell::new(shape.has_finalizer.get()),
            names,
            index,
            next: RefCell::default(),
            dict_form: Cell::new(None),
        });
        shape.next.borrow_mut().insert(name.bits(), new);
        Some(new)
    }

    /// The shape of the same class whose attributes are in a dict object in slot `reserved`.
    pub fn dict_form(&mut self, root: ShapeRef<M>) -> ShapeRef<M> {
        if let Some(s) = root.dict_form.get() {
            return s;
        }
        let id = self.fresh_id();
        let new = self.add(Shape {
            id: Cell::new(id),
            class: root.class,
            is_dict: true,
            is_closed: false,
            has_finalizer: Cell::new(root.has_finalizer.get()),
            names: root.names.clone(),
            index: FxHashMap::default(),
            next: RefCell::default(),
            dict_form: Cell::new(None),
        });
        root.dict_form.set(Some(new));
        new
    }

    /// Gives every shape below `root` a new id, since the class has changed.
    pub fn retire(&mut self, root: ShapeRef<M>, has_finalizer: bool) {
        let mut work = vec![root];
        while let Some(s) = work.pop() {
            let id = self.fresh_id();
            s.id.set(id);
            s.has_finalizer.set(has_finalizer);
            work.extend(s.next.borrow().values().copied());
            work.extend(s.dict_form.get());
        }
    }
}

impl<M: ObjectModel> Shape<M> {
    /// The slot of an interned attribute name.
    #[inline]
    pub fn slot(&self, name: &V<M>) -> Option<usize> {
        self.index.get(&name.bits()).map(|&i| i as usize)
    }

    /// Slots reserved for `__slots__`; in the dict form the dict stands in the next one.
    pub fn reserved(&self) -> usize {
        self.names.iter().take_while(|n| n.is_null()).count()
    }
}

impl<M: ObjectModel> Drop for Shapes<M> {
    fn drop(&mut self) {
        for s in self.all.drain(..) {
            // SAFETY: `add` leaked this box, and no `ShapeRef` is used after the interpreter.
            drop(unsafe { Box::from_raw(s.0.as_ptr()) });
        }
    }
}

//! Filling and reading inline caches.
//!
//! | instruction | key | value |
//! |---|---|---|
//! | LOAD_GLOBAL, LOAD_NAME | version of the globals' key set | position, and the builtins' version (32 bits) above it |
//! | LOAD_ATTR | `2 * id`: shape, class or module dict version | a slot or position |
//! | LOAD_ATTR | `2 * id + 1`: shape or class version | bits of a value that the class owns |
//! | STORE_ATTR | shape id | a slot (16 bits), and the address of the shape that the store leads to above it, or 0 |
//! | LOAD_METHOD | shape id or class version | bits of the function |
//! | LOAD_METHOD | version of a class or of a module's key set, with a bit that says so | bits of a value, or a position |
//!
//! Ids and versions come from one counter ([`crate::object::shape::Shapes::fresh_id`]), so a
//! key of one kind never equals one of another. An object that a cache names is owned by a
//! class dict for as long as the key matches. What a site's ways do not know, the table of
//! [`super::megamorphic`] may.

use super::megamorphic::Access;
use super::vm::Vm;
use crate::instr::Operands;
use crate::instr::cache::{CacheEntry, WAYS};
use crate::object::attrs::{Attrs, INLINE};
use crate::object::shape::ShapeRef;
use crate::object::{Kind, ObjectModel, Res, Tag, V, Value};
use crate::types::class::Type;
use crate::types::dict::Dict;
use crate::types::getset::Member;
use crate::types::module::Module;

/// Bit of a LOAD_METHOD key: what was found is called without the receiver.
const UNBOUND: u64 = 1 << 63;

/// A word that a class owns, as a value of one's own.
#[inline(always)]
fn share<V: Value>(bits: u64) -> V {
    // SAFETY: callers have compared the key, so the class dict still owns the word.
    unsafe { V::share(bits) }
}

impl<M: ObjectModel> Vm<M> {
    /// Remembers where a global or builtin was found.
    pub fn cache_global(&mut self, index: u32, name: &V<M>) {
        let hash = self.str_hash(name);
        let (globals, builtins) = (self.globals(), self.builtins());
        let shapes = &mut self.shapes;
        let key = globals.table.version(|| shapes.fresh_id());
        let value = if let Some(at) = globals.table.position_of_str(name, hash) {
            at as u64
        } else if self.own_builtins().is_some() {
            return;
        } else if let Some(at) = builtins.table.position_of_str(name, hash) {
            let shapes = &mut self.shapes;
            let version = builtins.table.version(|| shapes.fresh_id());
            if version >> 32 != 0 {
                return;
            }
            version << 32 | at as u64
        } else {
            return;
        };
        self.cache(index).set(CacheEntry { key, value });
    }

    /// What the ways of a site know about `id`; keys are compared without their low `shift` bits.
    #[inline(always)]
    fn known(&self, x: Operands, id: u64, shift: u32) -> Option<CacheEntry> {
        for way in 0..WAYS as u32 {
            let entry = self.cache(x.aux + way).get();
            if entry.key >> shift == id {
                return Some(entry);
            }
        }
        None
    }

    /// As [`Vm::known`], and what the table for all sites knows. The site learns that, in a way that is
    /// empty or one of any age, so that ways with ids of the past do not stay.
    #[inline(always)]
    fn known_anywhere(&self, access: Access, x: Operands, id: u64) -> Option<CacheEntry> {
        if let Some(entry) = self.known(x, id, u32::from(access == Access::Load)) {
            return Some(entry);
        }
        let (key, value) = self.megamorphic.find(access, id, self.name_bits(x.arg))?;
        let entry = CacheEntry { key, value };
        let mut way = 0;
        while way < WAYS as u32 && self.cache(x.aux + way).get().key != 0 {
            way += 1;
        }
        if way == WAYS as u32 {
            way = id as u32 % WAYS as u32;
        }
        self.cache(x.aux + way).set(entry);
        Some(entry)
    }

    /// Puts an entry first; the last way is forgotten.
    fn remember(&self, access: Access, x: Operands, id: u64, entry: CacheEntry) {
        self.remember_here(x, entry);
        let found = (entry.key, entry.value);
        self.megamorphic
            .put(access, id, self.name_bits(x.arg), found);
    }

    /// As [`Vm::remember`], for this site alone.
    fn remember_here(&self, x: Operands, entry: CacheEntry) {
        let is_new = (0..WAYS as u32).all(|way| self.cache(x.aux + way).get().key != entry.key);
        if is_new {
            for way in (1..WAYS as u32).rev() {
                let earlier = self.cache(x.aux + way - 1).get();
                self.cache(x.aux + way).set(earlier);
            }
            self.cache(x.aux).set(entry);
        }
    }

    /// What LOAD_ATTR's cache says about `v`.
    #[inline(always)]
    pub fn cached_attr(&self, v: &V<M>, x: Operands) -> Option<V<M>> {
        if let Some(attrs) = v.get::<Attrs<M>>() {
            let entry = self.known(x, attrs.shape().id.get(), 1)?;
            if entry.key & 1 != 0 {
                return Some(share(entry.value));
            }
            let slot = entry.value as usize;
            if slot >= INLINE {
                return None;
            }
            let found = attrs.load_inline(slot);
            return if found.is_null() { None } else { Some(found) };
        }
        let cache = self.cache(x.aux).get();
        if let Some(class) = v.get_exact::<Type<M>>()
            && cache.key == class.version.get() << 1 | 1
        {
            return Some(share(cache.value));
        }
        None
    }

    /// What LOAD_ATTR's cache and the table for all sites say about `v`, whatever it is.
    #[inline(always)]
    pub fn cached_attr_anywhere(&self, v: &V<M>, x: Operands) -> Option<V<M>> {
        if let Some(attrs) = v.attrs() {
            let entry = self.known_anywhere(Access::Load, x, attrs.shape().id.get())?;
            if entry.key & 1 != 0 {
                return Some(share(entry.value));
            }
            let found = attrs.load(entry.value as usize);
            return if found.is_null() { None } else { Some(found) };
        }
        if let Some(module) = v.get_exact::<Module<M>>() {
            let cache = self.cache(x.aux).get();
            let dict = module.dict.load_borrowed();
            let table = &dict.get::<Dict<M>>()?.table;
            if cache.key != 0 && table.known_version() << 1 == cache.key {
                return table.value_at(cache.value as usize);
            }
        }
        None
    }

    /// Stores `value` into `v`, whose attributes are `attrs`, where STORE_ATTR's cache says, if that is a slot inside
    /// the object whose contents are easy to drop: gives what was there, to be dropped. If that is `v` itself,
    /// the two references that go together may be the last ones: nothing is done.
    #[inline(always)]
    pub fn try_store_inline(
        &self,
        attrs: &Attrs<M>,
        v: &V<M>,
        x: Operands,
        value: V<M>,
    ) -> Option<V<M>> {
        let Some(entry) = self.known(x, attrs.shape().id.get(), 0) else {
            std::mem::forget(value);
            return None;
        };
        let slot = entry.value as u16 as usize;
        if slot >= INLINE || !attrs.is_easy_inline(slot) || attrs.peek_inline(slot) == v.bits() {
            std::mem::forget(value);
            return None;
        }
        let old = attrs.swap_inline(slot, value);
        self.follow(attrs, entry);
        Some(old)
    }

    /// As [`Vm::try_store_inline`], for any slot that has a place, and with the table for all sites.
    #[inline(always)]
    pub fn try_store_anywhere(
        &self,
        attrs: &Attrs<M>,
        v: &V<M>,
        x: Operands,
        value: V<M>,
    ) -> Option<V<M>> {
        let id = attrs.shape().id.get();
        let Some(entry) = self.known_anywhere(Access::Store, x, id) else {
            std::mem::forget(value);
            return None;
        };
        let slot = entry.value as u16 as usize;
        if !attrs.has_easy_place(slot, v) {
            std::mem::forget(value);
            return None;
        }
        let old = attrs.swap_in_place(slot, value);
        self.follow(attrs, entry);
        Some(old)
    }

    /// Gives an instance the shape that a store of STORE_ATTR's cache leads to, if it is another.
    #[inline(always)]
    fn follow(&self, attrs: &Attrs<M>, entry: CacheEntry) {
        // SAFETY: `cache_store` has put the address of a shape or 0 there.
        if let Some(next) = unsafe { ShapeRef::from_bits(entry.value >> 16) } {
            attrs.set_shape(next);
        }
    }

    /// Remembers how `v.name` was found, if a cache can hold it.
    pub fn cache_attr(&mut self, x: Operands, v: &V<M>, name: &V<M>) {
        let Some(entry) = self.attr_entry(v, name) else {
            return;
        };
        self.remember(Access::Load, x, entry.key >> 1, entry);
    }

    fn attr_entry(&mut self, v: &V<M>, name: &V<M>) -> Option<CacheEntry> {
        let hash = self.str_hash(name);
        if let Some(module) = v.get_exact::<Module<M>>() {
            let dict = module.dict.load();
            let table = &dict.get::<Dict<M>>()?.table;
            let at = table.position_of_str(name, hash)?;
            let shapes = &mut self.shapes;
            let version = table.version(|| shapes.fresh_id());
            return Some(CacheEntry {
                key: version << 1,
                value: at as u64,
            });
        }
        if let Some(class) = v.get_exact::<Type<M>>() {
            let meta = v.tag().class();
            if self.lookup_class_attr(meta, name).is_some() {
                return None;
            }
            let found = self.lookup_class_attr(class.id, name)?;
            // What needs no binding is what a class gives as it is.
            if self.slots(&found).descr_get.is_some() && found.kind() != Kind::Function {
                return None;
            }
            return Some(CacheEntry {
                key: class.version.get() << 1 | 1,
                value: found.bits(),
            });
        }
        let attrs = v.attrs()?;
        if !self.has_default_getattr(v) {
            return None;
        }
        let shape = attrs.shape();
        let on_class = self.lookup_class_attr(shape.class, name);
        let id = shape.id.get();
        if let Some(a) = &on_class
            && self.slots(a).descr_set.is_some()
        {
            // What `__slots__` made is a slot like any other.
            let member = a.get_exact::<Member<M>>()?;
            let owner = member.owner.get::<Type<M>>()?.id;
            if !self.class_is_subclass(shape.class, owner) {
                return None;
            }
            return Some(CacheEntry {
                key: id << 1,
                value: member.slot as u64,
            });
        }
        if shape.is_dict {
            return None;
        }
        match shape.slot(name) {
            Some(slot) => Some(CacheEntry {
                key: id << 1,
                value: slot as u64,
            }),
            None => {
                let found = on_class?;
                if self.slots(&found).descr_get.is_some() {
                    return None;
                }
                Some(CacheEntry {
                    key: id << 1 | 1,
                    value: found.bits(),
                })
            }
        }
    }

    /// Whether attribute reads of `v` follow the default rules.
    fn has_default_getattr(&mut self, v: &V<M>) -> bool {
        crate::types::class::slot_update::finds_by_default(self, v.tag().class())
    }

    fn has_default_setattr(&self, v: &V<M>) -> bool {
        let object = crate::object::ClassId(Kind::Instance as u32);
        match (
            self.slots(v).setattro,
            self.class_entry(object).slots.setattro,
        ) {
            (Some(a), Some(b)) => a as usize == b as usize,
            (None, _) => true,
            _ => false,
        }
    }

    /// Remembers the slot that `v.name = ...` has written; `before` is the shape that `v` had.
    pub fn cache_store(&mut self, x: Operands, v: &V<M>, name: &V<M>, before: ShapeRef<M>) {
        let Some(attrs) = v.attrs() else {
            return;
        };
        let shape = attrs.shape();
        if !self.has_default_setattr(v) {
            return;
        }
        let slot = match self.lookup_class_attr(shape.class, name) {
            Some(a) if self.slots(&a).descr_set.is_some() => a
                .get_exact::<Member<M>>()
                .filter(|m| {
                    m.owner
                        .get::<Type<M>>()
                        .is_some_and(|t| self.class_is_subclass(shape.class, t.id))
                })
                .map(|m| m.slot),
            _ if shape.is_dict => None,
            _ => shape.slot(name),
        };
        let Some(slot) = slot else { return };
        let next = if shape == before {
            0
        } else if shape.names.len() == before.names.len() + 1
            && slot == before.names.len()
            && shape.class == before.class
        {
            shape.to_bits()
        } else {
            return;
        };
        if slot > usize::from(u16::MAX) || next >> 48 != 0 {
            return;
        }
        let id = before.id.get();
        let entry = CacheEntry {
            key: id,
            value: next << 16 | slot as u64,
        };
        self.remember(Access::Store, x, id, entry);
    }

    /// STORE_ATTR through the cache where the slot needs a place first, or its old value a
    /// real drop: the full part's first try.
    pub fn store_cached_slot(&self, v: &V<M>, x: Operands, value: &V<M>) -> bool {
        let Some(attrs) = v.attrs() else {
            return false;
        };
        let id = attrs.shape().id.get();
        let Some(entry) = self.known_anywhere(Access::Store, x, id) else {
            return false;
        };
        let old = attrs.swap(entry.value as u16 as usize, value.clone());
        self.follow(attrs, entry);
        drop(old);
        true
    }

    /// What LOAD_METHOD's cache says about `v`.
    #[inline(always)]
    pub fn cached_method(&self, v: &V<M>, x: Operands) -> Option<V<M>> {
        let id = self.method_id(v)?;
        Some(share(self.known(x, id, 0)?.value))
    }

    /// What LOAD_METHOD's cache and the table for all sites say about `v`.
    #[inline(always)]
    pub fn cached_method_anywhere(&self, v: &V<M>, x: Operands) -> Option<V<M>> {
        let id = match v.attrs() {
            Some(attrs) => attrs.shape().id.get(),
            None => self.method_id(v)?,
        };
        Some(share(self.known_anywhere(Access::Method, x, id)?.value))
    }

    /// What LOAD_METHOD's cache says about a module or class: what is called without the receiver.
    #[inline(always)]
    pub fn cached_unbound(&self, v: &V<M>, x: Operands) -> Option<V<M>> {
        if let Some(module) = v.get_exact::<Module<M>>() {
            let dict = module.dict.load_borrowed();
            let table = &dict.get::<Dict<M>>()?.table;
            let entry = self.known(x, table.known_version() | UNBOUND, 0)?;
            return table.value_at(entry.value as usize);
        }
        let class = v.get_exact::<Type<M>>()?;
        let entry = self.known(x, class.version.get() | UNBOUND, 0)?;
        Some(share(entry.value))
    }

    /// What LOAD_METHOD's cache compares: an instance's shape, or the version of a native class.
    #[inline(always)]
    fn method_id(&self, v: &V<M>) -> Option<u64> {
        let h = v.header()?;
        let tag = h.tag.get();
        if tag.kind_byte() == Kind::Instance as u8 {
            return Some(v.get::<Attrs<M>>()?.shape().id.get());
        }
        let class = self.interp.classes.get(tag.class().0 as usize)?;
        if tag.0 as u8 as u32 != tag.class().0 && tag.0 as u8 != Kind::Opaque as u8 {
            return None;
        }
        Some(class.object.get::<Type<M>>()?.version.get())
    }

    /// LOAD_METHOD in full: `Ok` a function to be called with `v` as first argument, `Err` a bound
    /// attribute.
    pub fn load_method(&mut self, x: Operands, v: &V<M>, name: &V<M>) -> Res<Result<V<M>, V<M>>> {
        let class = v.tag().class();
        let is_instance = v.attrs().is_some();
        let is_opaque = v.kind() == Kind::Opaque;
        let plain_native = !is_instance
            && (v.tag() == Tag::exact(v.kind()) || is_opaque)
            && !matches!(
                v.kind(),
                Kind::Type | Kind::Module | Kind::Super | Kind::Function | Kind::Exception
            );
        if (is_instance || plain_native)
            && self.has_default_getattr(v)
            && let Some(f) = self.lookup_class_attr(class, name)
            && matches!(f.kind(), Kind::Function | Kind::MethodDescriptor)
            && self.own_attr(v, name).is_none()
        {
            let key = match v.attrs() {
                Some(a) if a.shape().is_dict => 0,
                Some(a) => a.shape().id.get(),
                None => self
                    .class_entry(class)
                    .object
                    .get::<Type<M>>()
                    .map_or(0, |t| t.version.get()),
            };
            // A slot of that name may be empty now and filled later under the same shape.
            let may_hide = v
                .get::<Attrs<M>>()
                .is_some_and(|a| a.shape().slot(name).is_some());
            if key != 0 && !may_hide {
                let value = f.bits();
                self.remember(Access::Method, x, key, CacheEntry { key, value });
            }
            return Ok(Ok(f));
        }
        let found = self.get_attr(v, name)?;
        // `Class.method(...)`, `module.function(...)`.
        if matches!(v.kind(), Kind::Type | Kind::Module)
            && let Some(entry) = self.attr_entry(v, name)
        {
            let key = entry.key >> 1 | UNBOUND;
            self.remember_here(x, CacheEntry { key, ..entry });
        }
        Ok(Err(found))
    }
}

//! Filling and reading inline caches.
//!
//! | instruction | key | value |
//! |---|---|---|
//! | LOAD_GLOBAL, LOAD_NAME | version of the globals' key set | position, and the builtins' version (32 bits) above it |
//! | LOAD_ATTR | `2 * id`: shape, class or module dict version | a slot or position |
//! | LOAD_ATTR | `2 * id + 1`: shape or class version | bits of a value that the class owns |
//! | STORE_ATTR | shape id | a slot |
//! | LOAD_METHOD | shape id or class version | bits of the function |
//!
//! Ids and versions come from one counter ([`crate::object::shape::Shapes::fresh_id`]), so a
//! key of one kind never equals one of another. An object that a cache names is owned by a
//! class dict for as long as the key matches.

use super::vm::Vm;
use crate::instr::cache::CacheEntry;
use crate::object::attrs::{Attrs, INLINE};
use crate::object::{Kind, ObjectModel, Res, Tag, V, Value};
use crate::types::class::Type;
use crate::types::dict::Dict;
use crate::types::getset::Member;
use crate::types::module::Module;

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
        } else if let Some(at) = builtins.table.position_of_str(name, hash) {
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

    /// The two ways of an attribute cache.
    #[inline(always)]
    fn ways(&self, index: u32) -> [CacheEntry; 2] {
        [self.cache(index).get(), self.cache(index + 1).get()]
    }

    /// Puts an entry first; what was first becomes the second way.
    fn remember(&self, index: u32, entry: CacheEntry) {
        let first = self.cache(index).get();
        if first.key != entry.key {
            self.cache(index + 1).set(first);
        }
        self.cache(index).set(entry);
    }

    /// What LOAD_ATTR's cache says about `v`.
    #[inline(always)]
    pub fn cached_attr(&self, v: &V<M>, index: u32) -> Option<V<M>> {
        let ways = self.ways(index);
        if let Some(attrs) = v.get::<Attrs<M>>() {
            let id = attrs.shape().id.get();
            let entry = if ways[0].key >> 1 == id {
                ways[0]
            } else if ways[1].key >> 1 == id {
                ways[1]
            } else {
                return None;
            };
            if entry.key & 1 != 0 {
                return Some(share(entry.value));
            }
            let found = attrs.load(entry.value as usize);
            return if found.is_null() { None } else { Some(found) };
        }
        let cache = ways[0];
        if let Some(module) = v.get_exact::<Module<M>>() {
            let dict = module.dict.load_borrowed();
            let table = &dict.get::<Dict<M>>()?.table;
            if cache.key != 0 && table.known_version() << 1 == cache.key {
                return table.value_at(cache.value as usize);
            }
            return None;
        }
        if let Some(class) = v.get_exact::<Type<M>>()
            && cache.key == class.version.get() << 1 | 1
        {
            return Some(share(cache.value));
        }
        None
    }

    /// The slot that STORE_ATTR's cache names for `v`, if what it holds is easy to drop.
    #[inline(always)]
    pub fn cached_slot(&self, attrs: &Attrs<M>, index: u32) -> Option<usize> {
        let id = attrs.shape().id.get();
        let ways = self.ways(index);
        let slot = if ways[0].key == id {
            ways[0].value
        } else if ways[1].key == id {
            ways[1].value
        } else {
            return None;
        } as usize;
        if slot < INLINE && attrs.is_easy_inline(slot) {
            Some(slot)
        } else {
            None
        }
    }

    /// Remembers how `v.name` was found, if a cache can hold it.
    pub fn cache_attr(&mut self, index: u32, v: &V<M>, name: &V<M>) {
        let Some(entry) = self.attr_entry(v, name) else {
            return;
        };
        self.remember(index, entry);
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
        let attrs = v.get::<Attrs<M>>()?;
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

    /// Remembers the slot that `v.name = ...` has written.
    pub fn cache_store(&mut self, index: u32, v: &V<M>, name: &V<M>) {
        let Some(attrs) = v.get::<Attrs<M>>() else {
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
        if let Some(slot) = slot {
            let entry = CacheEntry {
                key: shape.id.get(),
                value: slot as u64,
            };
            self.remember(index, entry);
        }
    }

    /// STORE_ATTR through the cache where the slot is not an inline one, or its old value needs a
    /// real drop: the full part's first try.
    pub fn store_cached_slot(&self, v: &V<M>, index: u32, value: &V<M>) -> bool {
        let Some(attrs) = v.get::<Attrs<M>>() else {
            return false;
        };
        let id = attrs.shape().id.get();
        for way in self.ways(index) {
            if way.key == id {
                drop(attrs.swap(way.value as usize, value.clone()));
                return true;
            }
        }
        false
    }

    /// What LOAD_METHOD's cache says about `v`.
    #[inline(always)]
    pub fn cached_method(&self, v: &V<M>, index: u32) -> Option<V<M>> {
        let h = v.header()?;
        let tag = h.tag.get();
        let id = if tag.kind_byte() == Kind::Instance as u8 {
            v.get::<Attrs<M>>()?.shape().id.get()
        } else if tag == Tag::exact(tag.kind()) {
            self.class_entry(tag.class())
                .object
                .get::<Type<M>>()?
                .version
                .get()
        } else {
            return None;
        };
        let ways = self.ways(index);
        if ways[0].key == id {
            Some(share(ways[0].value))
        } else if ways[1].key == id {
            Some(share(ways[1].value))
        } else {
            None
        }
    }

    /// LOAD_METHOD in full: `Ok` a function to be called with `v` as first argument, `Err` a bound
    /// attribute.
    pub fn load_method(&mut self, index: u32, v: &V<M>, name: &V<M>) -> Res<Result<V<M>, V<M>>> {
        let class = v.tag().class();
        let is_instance = v.get::<Attrs<M>>().is_some();
        let plain_native = !is_instance
            && v.tag() == Tag::exact(v.kind())
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
            let key = match v.get::<Attrs<M>>() {
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
                self.remember(
                    index,
                    CacheEntry {
                        key,
                        value: f.bits(),
                    },
                );
            }
            return Ok(Ok(f));
        }
        self.get_attr(v, name).map(Err)
    }
}

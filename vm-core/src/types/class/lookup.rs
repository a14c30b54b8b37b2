//! Attribute lookup: along the MRO with the method cache, and the default
//! `getattr` and `setattr` of instances.
//!
//! CPython `Objects/typeobject.c` (`_PyType_Lookup`) and `Objects/object.c`
//! (`_PyObject_GenericGetAttrWithDict`).

use super::Type;
use crate::Vm;
use crate::object::attrs::Attrs;
use crate::object::{ClassId, Kind, ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;

/// An entry of the interpreter's method cache. All zero when empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct MethodCacheEntry {
    /// Version of the class, unique among classes and times.
    version: u64,
    /// Bits of the interned name.
    name: u64,
    /// Bits of what was found, owned by some class dict on the MRO; the absent value if nothing.
    found: u64,
}

const CACHE_BITS: u32 = 12;

/// An empty method cache of 4096 entries, as CPython's.
pub fn new_method_cache() -> Vec<MethodCacheEntry> {
    vec![MethodCacheEntry::default(); 1 << CACHE_BITS]
}

impl<M: ObjectModel> Vm<M> {
    /// Looks an interned name up along the MRO of a class.
    #[inline]
    pub fn lookup_class_attr(&mut self, class: ClassId, name: &V<M>) -> Option<V<M>> {
        let entry = &self.interp.classes[class.0 as usize];
        let ty = entry.object.get::<Type<M>>()?;
        let version = ty.version.get();
        let at = (version.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (name.bits() >> 3)) as usize
            & ((1 << CACHE_BITS) - 1);
        let cached = self.interp.method_cache[at];
        if cached.version == version && cached.name == name.bits() {
            return revive(cached.found);
        }
        let found = self.lookup_uncached(class, name);
        self.interp.method_cache[at] = MethodCacheEntry {
            version,
            name: name.bits(),
            found: found.as_ref().map_or(V::<M>::null().bits(), V::<M>::bits),
        };
        found
    }

    /// [`Vm::lookup_class_attr`] without the method cache.
    pub fn lookup_uncached(&self, class: ClassId, name: &V<M>) -> Option<V<M>> {
        let ty = self.class_entry(class).object.get::<Type<M>>()?;
        let hash = self.str_hash(name);
        let mro = ty.mro.load();
        for c in mro.get::<Tuple<M>>()?.items.iter() {
            let dict = &c.get::<Type<M>>()?.dict;
            if let Some(v) = dict.get::<Dict<M>>()?.table.get_str(name, hash) {
                return Some(v);
            }
        }
        None
    }

    /// Applies the descriptor protocol: `attr.__get__(object, owner)` if there is one.
    #[inline]
    pub fn bind(&mut self, attr: &V<M>, object: Option<&V<M>>, owner: &V<M>) -> Res<V<M>> {
        match (attr.kind(), object) {
            (Kind::Function | Kind::MethodDescriptor, Some(o)) if !attr.tag().is_extended() => {
                Ok(self.new_method_for(attr, o))
            }
            _ => match self.slots(attr).descr_get {
                Some(f) => f(self, attr, object, owner),
                None => Ok(attr.clone()),
            },
        }
    }

    /// A bound method of a function, or of a native method.
    pub fn new_method_for(&mut self, function: &V<M>, receiver: &V<M>) -> V<M> {
        if let Some(d) = function.get::<crate::types::builtin::MethodDescriptor<M>>() {
            let b = crate::types::builtin::Builtin {
                name: d.name,
                function: d.function,
                receiver: receiver.clone(),
                owner: d.owner.clone(),
                module: crate::object::ValueCell::empty(),
                doc: d.doc,
                shortcut: crate::machine::shortcuts::Shortcut::Absent,
            };
            return self.alloc(b);
        }
        self.new_method(function.clone(), receiver.clone())
    }

    /// The default attribute read of instances. `name` must be interned.
    pub fn generic_get_attr(&mut self, v: &V<M>, name: &V<M>) -> Res<V<M>> {
        match self.generic_find_attr(v, name)? {
            Some(x) => Ok(x),
            None => Err(self.raise_no_attribute(v, name)),
        }
    }

    /// [`Vm::generic_get_attr`] with `None` in place of the AttributeError.
    pub fn generic_find_attr(&mut self, v: &V<M>, name: &V<M>) -> Res<Option<V<M>>> {
        let class = v.tag().class();
        let on_class = self.lookup_class_attr(class, name);
        if let Some(attr) = &on_class
            && self.slots(attr).descr_set.is_some()
            && let Some(get) = self.slots(attr).descr_get
        {
            let owner = self.type_of(v);
            return get(self, attr, Some(v), &owner).map(Some);
        }
        if let Some(x) = self.own_attr(v, name) {
            return Ok(Some(x));
        }
        match on_class {
            Some(attr) => {
                let owner = self.type_of(v);
                self.bind(&attr, Some(v), &owner).map(Some)
            }
            None => Ok(None),
        }
    }

    /// An attribute that the object itself holds, not its class.
    pub fn own_attr(&self, v: &V<M>, name: &V<M>) -> Option<V<M>> {
        if let Some(attrs) = v.attrs()
            && !attrs.shape().is_closed
        {
            return self.attr_in_store(attrs, name);
        }
        let dict = self.dict_field(v)?;
        dict.get::<Dict<M>>()?
            .table
            .get_str(name, self.str_hash(name))
    }

    fn attr_in_store(&self, attrs: &Attrs<M>, name: &V<M>) -> Option<V<M>> {
        let shape = attrs.shape();
        if shape.is_dict {
            let dict = attrs.load(shape.reserved());
            return dict
                .get::<Dict<M>>()?
                .table
                .get_str(name, self.str_hash(name));
        }
        let x = attrs.load(shape.slot(name)?);
        if x.is_null() { None } else { Some(x) }
    }

    /// The dict object in which an object without attribute store keeps its attributes, if it has one now.
    pub fn dict_field(&self, v: &V<M>) -> Option<V<M>> {
        use crate::types;
        match v.kind() {
            Kind::Module => v.get::<types::module::Module<M>>()?.dict.get(),
            Kind::Function => v.get::<types::function::Function<M>>()?.dict.get(),
            Kind::Type => Some(v.get::<Type<M>>()?.dict.clone()),
            Kind::ClassMethod => v.get::<types::property::ClassMethod<M>>()?.dict.get(),
            Kind::StaticMethod => v.get::<types::property::StaticMethod<M>>()?.dict.get(),
            _ => None,
        }
    }

    /// The `__dict__` of an object, made on first use; `None` where it can have none.
    pub fn instance_dict(&mut self, v: &V<M>) -> Option<V<M>> {
        use crate::types;
        if let Some(attrs) = v.attrs()
            && !attrs.shape().is_closed
        {
            let shape = attrs.shape();
            if !shape.is_dict {
                self.move_attrs_to_dict(v);
            }
            let attrs = v.attrs()?;
            return Some(attrs.load(attrs.shape().reserved()));
        }
        if let Some(d) = self.dict_field(v) {
            return Some(d);
        }
        let place = match v.kind() {
            Kind::Function => &v.get::<types::function::Function<M>>()?.dict,
            Kind::ClassMethod => &v.get::<types::property::ClassMethod<M>>()?.dict,
            Kind::StaticMethod => &v.get::<types::property::StaticMethod<M>>()?.dict,
            _ => return None,
        };
        let dict = self.new_dict();
        place.set(dict.clone());
        Some(dict)
    }

    /// Moves an instance's attributes into a dict object.
    fn move_attrs_to_dict(&mut self, v: &V<M>) {
        let Some(attrs) = v.attrs() else { return };
        let shape = attrs.shape();
        let reserved = shape.reserved();
        let dict = self.new_dict();
        let table = &dict.get::<Dict<M>>().expect("just made").table;
        for (i, name) in shape.names.iter().enumerate().skip(reserved) {
            let x = attrs.swap(i, V::<M>::null());
            if !x.is_null() {
                table.insert_new(name.clone(), self.str_hash(name), x);
            }
        }
        let root = self.root_shape(shape.class).unwrap_or(shape);
        let form = self.shapes.dict_form(root);
        attrs.set_shape(form);
        attrs.swap(reserved, dict);
    }

    /// Replaces the `__dict__` of an object that has an attribute store.
    pub fn set_instance_dict(&mut self, v: &V<M>, dict: V<M>) -> bool {
        if self.instance_dict(v).is_none() {
            return false;
        }
        if let Some(attrs) = v.attrs()
            && !attrs.shape().is_closed
        {
            drop(attrs.swap(attrs.shape().reserved(), dict));
            return true;
        }
        use crate::types::{function::Function, property};
        let place = if let Some(f) = v.get::<Function<M>>() {
            &f.dict
        } else if let Some(c) = v.get::<property::ClassMethod<M>>() {
            &c.dict
        } else if let Some(s) = v.get::<property::StaticMethod<M>>() {
            &s.dict
        } else {
            return false;
        };
        place.set(dict);
        true
    }

    /// The shape of a new instance of a class.
    pub fn root_shape(&self, class: ClassId) -> Option<crate::object::shape::ShapeRef<M>> {
        self.class_entry(class)
            .object
            .get::<Type<M>>()?
            .root_shape
            .get()
    }

    /// The default attribute write of instances; no value deletes. `name` must be interned.
    pub fn generic_set_attr(&mut self, v: &V<M>, name: &V<M>, value: Option<&V<M>>) -> Res<()> {
        let class = v.tag().class();
        let on_class = self.lookup_class_attr(class, name);
        if let Some(attr) = &on_class
            && let Some(set) = self.slots(attr).descr_set
        {
            return set(self, attr, v, value);
        }
        if let Some(attrs) = v.attrs()
            && !attrs.shape().is_closed
        {
            return match value {
                Some(x) => {
                    self.store_attr(v, attrs, name, x.clone());
                    Ok(())
                }
                None if self.delete_attr_in_store(attrs, name) => Ok(()),
                None => Err(self.raise_missing_own(name)),
            };
        }
        if v.kind() != Kind::Type
            && let Some(dict) = self.instance_dict(v)
        {
            return self.set_in_dict(v, &dict, name, value);
        }
        Err(match on_class {
            Some(_) => {
                let m = format!(
                    "'{}' object attribute '{}' is read-only",
                    self.type_name(v),
                    self.text_of(name)
                );
                self.raise(crate::machine::errors::Exc::AttributeError, m)
            }
            None => self.raise_no_attribute(v, name),
        })
    }

    /// The deletion's message is the name alone where the attribute is an instance's.
    fn raise_missing_own(&mut self, name: &V<M>) -> crate::object::Raised {
        let m = self.text_of(name);
        self.raise(crate::machine::errors::Exc::AttributeError, m)
    }

    fn set_in_dict(&mut self, v: &V<M>, dict: &V<M>, name: &V<M>, value: Option<&V<M>>) -> Res<()> {
        let hash = self.str_hash(name);
        let Some(d) = dict.get::<Dict<M>>() else {
            return Err(self.raise_no_attribute(v, name));
        };
        match value {
            Some(x) => {
                drop(d.table.insert_str(name.clone(), hash, x.clone()));
                Ok(())
            }
            None => match d.table.remove_str(name, hash) {
                Some(_) => Ok(()),
                None => Err(self.raise_missing_own(name)),
            },
        }
    }

    fn store_attr(&mut self, v: &V<M>, attrs: &Attrs<M>, name: &V<M>, value: V<M>) {
        let shape = attrs.shape();
        if shape.is_dict {
            let dict = attrs.load(shape.reserved());
            if let Some(d) = dict.get::<Dict<M>>() {
                drop(d.table.insert_str(name.clone(), self.str_hash(name), value));
            }
            return;
        }
        if let Some(slot) = shape.slot(name) {
            drop(attrs.swap(slot, value));
            return;
        }
        match self.shapes.with(shape, name) {
            Some(next) => {
                attrs.set_shape(next);
                drop(attrs.swap(next.names.len() - 1, value));
            }
            None => {
                self.move_attrs_to_dict(v);
                if let Some(attrs) = v.attrs() {
                    self.store_attr(v, attrs, name, value);
                }
            }
        }
    }

    fn delete_attr_in_store(&mut self, attrs: &Attrs<M>, name: &V<M>) -> bool {
        let shape = attrs.shape();
        if shape.is_dict {
            let dict = attrs.load(shape.reserved());
            let hash = self.str_hash(name);
            return dict
                .get::<Dict<M>>()
                .is_some_and(|d| d.table.remove_str(name, hash).is_some());
        }
        match shape.slot(name) {
            Some(slot) => !attrs.swap(slot, V::<M>::null()).is_null(),
            None => false,
        }
    }

    /// `type.name` lookup with metaclass and descriptors (`type.__getattribute__`); `None` if absent.
    pub fn type_find_attr(&mut self, class: &V<M>, name: &V<M>) -> Res<Option<V<M>>> {
        let Some(id) = class.get::<Type<M>>().map(|t| t.id) else {
            return Ok(None);
        };
        let meta = class.tag().class();
        let on_meta = self.lookup_class_attr(meta, name);
        if let Some(attr) = &on_meta
            && self.slots(attr).descr_set.is_some()
            && let Some(get) = self.slots(attr).descr_get
        {
            let owner = self.type_of(class);
            return get(self, attr, Some(class), &owner).map(Some);
        }
        if let Some(attr) = self.lookup_class_attr(id, name) {
            return match self.slots(&attr).descr_get {
                Some(get) => get(self, &attr, None, class).map(Some),
                None => Ok(Some(attr)),
            };
        }
        match on_meta {
            Some(attr) => {
                let owner = self.type_of(class);
                self.bind(&attr, Some(class), &owner).map(Some)
            }
            None => Ok(None),
        }
    }
}

/// A cached word as an owned value. The class dict that owns it cannot have changed, since the
/// version has not.
fn revive<V: Value>(bits: u64) -> Option<V> {
    use crate::object::value::word;
    if bits == word::NULL {
        return None;
    }
    // SAFETY: the word belongs to a class dict that still holds it, since the class's version is
    // unchanged.
    Some(unsafe { V::share(bits) })
}

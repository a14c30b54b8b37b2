//! Protocols on any value: truth, hash, repr, iteration, items, attributes, classes.

use super::errors::Exc;
use super::vm::Vm;
use crate::object::{ClassId, IntRef, Kind, ObjectModel, Res, V, Value};
use crate::types::class::Type;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

impl<M: ObjectModel> Vm<M> {
    /// The class of a value, as an object.
    pub fn type_of(&self, v: &V<M>) -> V<M> {
        self.class_entry(v.tag().class()).object.clone()
    }

    /// The name of a value's class, for messages.
    pub fn type_name(&self, v: &V<M>) -> String {
        self.class_name(v.tag().class())
    }

    /// The name of a class by id.
    pub fn class_name(&self, id: ClassId) -> String {
        match self.class_entry(id).object.get::<Type<M>>() {
            Some(t) => self.text_of(&t.name.load()),
            None => String::new(),
        }
    }

    /// Whether class `a` is `b` or derives from it (by MRO).
    pub fn class_is_subclass(&self, a: ClassId, b: ClassId) -> bool {
        if a == b {
            return true;
        }
        let target = self.class_entry(b).object.bits();
        match self.class_entry(a).object.get::<Type<M>>() {
            Some(t) => match t.mro.load_borrowed().get::<Tuple<M>>() {
                Some(mro) => mro.items.iter().any(|c| c.bits() == target),
                None => false,
            },
            None => false,
        }
    }

    /// Whether a class was made by Python code.
    pub fn class_is_heap(&self, id: ClassId) -> bool {
        self.class_entry(id)
            .object
            .get::<Type<M>>()
            .is_some_and(|t| t.is_heap)
    }

    /// The class object of a kind's built-in class.
    pub fn class_of_kind(&self, kind: Kind) -> V<M> {
        self.interp.classes[kind as usize].object.clone()
    }

    /// The class object of a built-in exception.
    pub fn class_of_exc(&self, exc: Exc) -> V<M> {
        self.class_entry(exc.class()).object.clone()
    }

    /// Whether `v`'s class is the built-in class of `kind` or derives from it. No hooks.
    pub fn is_kind_of(&self, v: &V<M>, kind: Kind) -> bool {
        self.class_is_subclass(v.tag().class(), ClassId(kind as u32))
    }

    /// Truth value.
    #[inline]
    pub fn is_true(&mut self, v: &V<M>) -> Res<bool> {
        use crate::object::value::word;
        match v.bits() {
            word::TRUE => return Ok(true),
            word::FALSE | word::NONE => return Ok(false),
            _ => {}
        }
        if let Some(i) = v.small_int() {
            return Ok(i != 0);
        }
        self.is_true_slow(v)
    }

    fn is_true_slow(&mut self, v: &V<M>) -> Res<bool> {
        if let Some(l) = v.get_exact::<List<M>>() {
            return Ok(!l.items.borrow().is_empty());
        }
        if let Some(s) = v.get_exact::<Str>() {
            return Ok(!s.is_empty());
        }
        let slots = self.slots(v);
        if let Some(f) = slots.bool {
            return f(self, v);
        }
        if let Some(f) = slots.len {
            return Ok(f(self, v)? != 0);
        }
        Ok(true)
    }

    /// `hash(v)`.
    #[inline(always)]
    pub fn hash(&mut self, v: &V<M>) -> Res<i64> {
        if let Some(i) = v.small_int() {
            return Ok(crate::number::hash::hash_i64(i));
        }
        match v.get_exact::<Str>() {
            Some(s) => Ok(s.hash()),
            None => self.hash_by_slot(v),
        }
    }

    #[inline(never)]
    fn hash_by_slot(&mut self, v: &V<M>) -> Res<i64> {
        if v.get_exact::<Tuple<M>>().is_some() {
            return crate::types::tuple::hash(self, v);
        }
        match self.slots(v).hash {
            Some(f) => f(self, v),
            None => {
                let m = format!("unhashable type: '{}'", self.type_name(v));
                Err(self.raise_type_error(m))
            }
        }
    }

    /// The hash of a value that is exactly a `str`.
    #[inline(always)]
    pub fn str_hash(&self, v: &V<M>) -> i64 {
        v.get::<Str>().map_or(0, Str::hash)
    }

    /// `repr(v)`, a str value.
    pub fn repr(&mut self, v: &V<M>) -> Res<V<M>> {
        self.enter_native(" while getting the repr of an object")?;
        let r = match self.slots(v).repr {
            Some(f) => f(self, v),
            None => {
                let text = format!("<{} object at {:#x}>", self.type_name(v), v.bits());
                Ok(self.new_str(text))
            }
        };
        self.leave_native();
        let r = r?;
        if r.get::<Str>().is_none() {
            let m = format!("__repr__ returned non-string (type {})", self.type_name(&r));
            return Err(self.raise_type_error(m));
        }
        Ok(r)
    }

    /// `repr(v)` as Rust text; lone surrogates become U+FFFD.
    pub fn repr_text(&mut self, v: &V<M>) -> Res<String> {
        let r = self.repr(v)?;
        Ok(self.text_of(&r))
    }

    /// `str(v)`, a str value.
    pub fn str(&mut self, v: &V<M>) -> Res<V<M>> {
        if v.get_exact::<Str>().is_some() {
            return Ok(v.clone());
        }
        let Some(f) = self.slots(v).str else {
            return self.repr(v);
        };
        self.enter_native(" while getting the str of an object")?;
        let r = f(self, v);
        self.leave_native();
        let r = r?;
        if r.get::<Str>().is_none() {
            let m = format!("__str__ returned non-string (type {})", self.type_name(&r));
            return Err(self.raise_type_error(m));
        }
        Ok(r)
    }

    /// `str(v)` as Rust text; lone surrogates become U+FFFD.
    pub fn str_text(&mut self, v: &V<M>) -> Res<String> {
        let r = self.str(v)?;
        Ok(self.text_of(&r))
    }

    /// `iter(v)`.
    pub fn iter(&mut self, v: &V<M>) -> Res<V<M>> {
        if let Some(f) = self.slots(v).iter {
            let it = f(self, v)?;
            if self.slots(&it).iternext.is_none() {
                let m = format!(
                    "iter() returned non-iterator of type '{}'",
                    self.type_name(&it)
                );
                return Err(self.raise_type_error(m));
            }
            return Ok(it);
        }
        if self.slots(v).getitem.is_some() && v.kind() != Kind::Dict {
            return Ok(
                self.alloc(crate::types::sequence_iterators::SequenceIterator {
                    sequence: crate::object::ValueCell::new(v.clone()),
                    position: std::cell::Cell::new(0),
                }),
            );
        }
        let m = format!("'{}' object is not iterable", self.type_name(v));
        Err(self.raise_type_error(m))
    }

    /// The next value of an iterator; `None` at the end, or where something that the iterator
    /// calls has raised StopIteration (its value is in `returned` then).
    #[inline]
    pub fn next(&mut self, it: &V<M>) -> Res<Option<V<M>>> {
        match self.slots(it).iternext {
            Some(f) => match f(self, it) {
                Err(e) => self.end_by_exception(e),
                step => step,
            },
            None => {
                let m = format!("'{}' object is not an iterator", self.type_name(it));
                Err(self.raise_type_error(m))
            }
        }
    }

    #[cold]
    fn end_by_exception(&mut self, e: crate::object::Raised) -> Res<Option<V<M>>> {
        if !self.raised_is(Exc::StopIteration) {
            return Err(e);
        }
        let stop = self.take_raised();
        self.returned = self.stop_iteration_value(&stop);
        Ok(None)
    }

    /// `len(v)`.
    pub fn len(&mut self, v: &V<M>) -> Res<usize> {
        match self.slots(v).len {
            Some(f) => f(self, v),
            None => {
                let m = format!("object of type '{}' has no len()", self.type_name(v));
                Err(self.raise_type_error(m))
            }
        }
    }

    /// Whether CPython's class of `v` has a `tp_as_sequence`, which decides how some errors are worded.
    fn has_sequence_slots(&self, v: &V<M>) -> bool {
        self.slots(v).len.is_some() || self.class_is_heap(v.tag().class())
    }

    /// `v[key]`.
    pub fn get_item(&mut self, v: &V<M>, key: &V<M>) -> Res<V<M>> {
        match self.slots(v).getitem {
            Some(f) => f(self, v, key),
            None => {
                let what = if self.has_index(key) && self.has_sequence_slots(v) {
                    "does not support indexing"
                } else {
                    "is not subscriptable"
                };
                let m = format!("'{}' object {what}", self.type_name(v));
                Err(self.raise_type_error(m))
            }
        }
    }

    /// `v[key] = value`.
    pub fn set_item(&mut self, v: &V<M>, key: &V<M>, value: &V<M>) -> Res<()> {
        match self.slots(v).setitem {
            Some(f) => f(self, v, key, Some(value)),
            None => {
                let m = format!(
                    "'{}' object does not support item assignment",
                    self.type_name(v)
                );
                Err(self.raise_type_error(m))
            }
        }
    }

    /// `del v[key]`.
    pub fn del_item(&mut self, v: &V<M>, key: &V<M>) -> Res<()> {
        match self.slots(v).setitem {
            Some(f) => f(self, v, key, None),
            None => {
                let verb = if self.has_index(key) && self.has_sequence_slots(v) {
                    "doesn't"
                } else {
                    "does not"
                };
                let m = format!(
                    "'{}' object {verb} support item deletion",
                    self.type_name(v)
                );
                Err(self.raise_type_error(m))
            }
        }
    }

    /// `item in v`.
    pub fn contains(&mut self, v: &V<M>, item: &V<M>) -> Res<bool> {
        if let Some(f) = self.slots(v).contains {
            return f(self, v, item);
        }
        if self.slots(v).iter.is_none() && self.slots(v).getitem.is_none() {
            let m = format!("argument of type '{}' is not iterable", self.type_name(v));
            return Err(self.raise_type_error(m));
        }
        self.contains_by_iteration(v, item)
    }

    /// `item in v` by going through `v`: the item is the left operand of each comparison.
    pub fn contains_by_iteration(&mut self, v: &V<M>, item: &V<M>) -> Res<bool> {
        let it = self.iter(v)?;
        self.opaque_natives += 1;
        let found = loop {
            match self.next(&it) {
                Ok(Some(x)) => match self.is_equal(item, &x) {
                    Ok(false) => {}
                    other => break other,
                },
                Ok(None) => break Ok(false),
                Err(e) => break Err(e),
            }
        };
        self.opaque_natives -= 1;
        found
    }

    /// Whether a value can serve as an index.
    pub fn has_index(&self, v: &V<M>) -> bool {
        v.as_int().is_some() || self.slots(v).index.is_some()
    }

    /// `operator.index(v)`: an int value.
    pub fn index(&mut self, v: &V<M>) -> Res<V<M>> {
        if v.as_int().is_some() {
            return Ok(v.clone());
        }
        let Some(f) = self.slots(v).index else {
            let m = format!(
                "'{}' object cannot be interpreted as an integer",
                self.type_name(v)
            );
            return Err(self.raise_type_error(m));
        };
        let r = f(self, v)?;
        if r.as_int().is_none() {
            let m = format!("__index__ returned non-int (type {})", self.type_name(&r));
            return Err(self.raise_type_error(m));
        }
        Ok(r)
    }

    /// The index as a machine integer, or the exception `too_big` where it does not fit.
    pub fn index_as_isize(&mut self, v: &V<M>, too_big: Exc) -> Res<isize> {
        let i = self.index(v)?;
        match i.as_int().and_then(IntRef::to_i64) {
            Some(i) => Ok(i as isize),
            None => {
                let m = format!(
                    "cannot fit '{}' into an index-sized integer",
                    self.type_name(v)
                );
                Err(self.raise(too_big, m))
            }
        }
    }

    /// The index clipped to the machine's range, for slices and repetition bounds.
    pub fn index_clipped(&mut self, v: &V<M>) -> Res<i64> {
        let i = self.index(v)?;
        let r = i.as_int().map(|i| {
            i.to_i64()
                .unwrap_or(if i.is_negative() { i64::MIN } else { i64::MAX })
        });
        Ok(r.unwrap_or(0))
    }

    /// `v.name`. `name` must be interned.
    #[inline]
    pub fn get_attr(&mut self, v: &V<M>, name: &V<M>) -> Res<V<M>> {
        match self.slots(v).getattro {
            Some(f) => f(self, v, name),
            None => self.generic_get_attr(v, name),
        }
    }

    /// `v.name` by text.
    pub fn get_attr_str(&mut self, v: &V<M>, name: &str) -> Res<V<M>> {
        let name = self.intern(name);
        self.get_attr(v, &name)
    }

    /// `getattr(v, name, None)` in Rust terms: `None` where AttributeError was raised.
    pub fn find_attr(&mut self, v: &V<M>, name: &str) -> Res<Option<V<M>>> {
        let name = self.intern(name);
        self.attr_or_none(v, &name)
    }

    /// `v.name`, or `None` in place of an AttributeError, which is not made where the default rules find nothing.
    pub fn attr_or_none(&mut self, v: &V<M>, name: &V<M>) -> Res<Option<V<M>>> {
        let found = match self.slots(v).getattro {
            Some(f) => f(self, v, name).map(Some),
            None => self.generic_find_attr(v, name),
        };
        match found {
            Err(_) => {
                self.swallow(Exc::AttributeError)?;
                Ok(None)
            }
            found => found,
        }
    }

    /// `v.name = value`, or `del v.name`. `name` must be interned.
    pub fn set_attr(&mut self, v: &V<M>, name: &V<M>, value: Option<&V<M>>) -> Res<()> {
        match self.slots(v).setattro {
            Some(f) => f(self, v, name, value),
            None => self.generic_set_attr(v, name, value),
        }
    }

    /// Calls `v.name(*args)`.
    pub fn call_method(&mut self, v: &V<M>, name: &str, args: &[V<M>]) -> Res<V<M>> {
        let f = self.get_attr_str(v, name)?;
        self.call_values(&f, args)
    }

    /// Looks a special method up on the class of `v` and binds it; `None` if the class has none.
    /// The instance's own attributes do not count.
    pub fn special_method(&mut self, v: &V<M>, name: &str) -> Res<Option<V<M>>> {
        let name = self.intern(name);
        let class = v.tag().class();
        let Some(f) = self.lookup_class_attr(class, &name) else {
            return Ok(None);
        };
        let owner = self.type_of(v);
        self.bind(&f, Some(v), &owner).map(Some)
    }

    /// Calls the special method `name` of `v`'s class; `None` if there is none.
    pub fn call_special(&mut self, v: &V<M>, name: &str, args: &[V<M>]) -> Res<Option<V<M>>> {
        match self.special_method(v, name)? {
            Some(f) => self.call_values(&f, args).map(Some),
            None => Ok(None),
        }
    }

    /// `isinstance(v, class)` with `__instancecheck__` and tuples.
    pub fn is_instance(&mut self, v: &V<M>, class: &V<M>) -> Res<bool> {
        if self.class_entry(v.tag().class()).object.is(class) {
            return Ok(true);
        }
        if let Some(t) = class.get::<Tuple<M>>() {
            self.enter_native(" in __instancecheck__")?;
            let mut found = Ok(false);
            for c in t.items.iter() {
                found = self.is_instance(v, c);
                if !matches!(found, Ok(false)) {
                    break;
                }
            }
            self.leave_native();
            return found;
        }
        // Classes whose metaclass is exactly `type` need no hook.
        if !class.has_tag(crate::object::Tag::exact(Kind::Type))
            && let Some(f) = self.special_method(class, "__instancecheck__")?
        {
            let r = self.call_values(&f, std::slice::from_ref(v))?;
            return self.is_true(&r);
        }
        self.is_instance_plain(v, class)
    }

    /// `isinstance` without hooks (`type.__instancecheck__`).
    pub fn is_instance_plain(&mut self, v: &V<M>, class: &V<M>) -> Res<bool> {
        let Some(t) = class.get::<Type<M>>() else {
            let m = "isinstance() arg 2 must be a type or tuple of types";
            return Err(self.raise_type_error(m));
        };
        let target = t.id;
        if self.class_is_subclass(v.tag().class(), target) {
            return Ok(true);
        }
        // `__class__` may be overridden by a property (proxies).
        if self.class_is_heap(v.tag().class())
            && let Some(c) = self.find_attr(v, "__class__")?
            && let Some(ct) = c.get::<Type<M>>()
            && ct.id != v.tag().class()
        {
            return Ok(self.class_is_subclass(ct.id, target));
        }
        Ok(false)
    }

    /// `issubclass(class, of)` with `__subclasscheck__` and tuples.
    pub fn is_subclass(&mut self, class: &V<M>, of: &V<M>) -> Res<bool> {
        if let Some(t) = of.get::<Tuple<M>>() {
            for c in t.items.iter() {
                if self.is_subclass(class, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if !of.has_tag(crate::object::Tag::exact(Kind::Type))
            && let Some(f) = self.special_method(of, "__subclasscheck__")?
        {
            let r = self.call_values(&f, std::slice::from_ref(class))?;
            return self.is_true(&r);
        }
        self.is_subclass_plain(class, of)
    }

    /// `issubclass` without hooks (`type.__subclasscheck__`).
    pub fn is_subclass_plain(&mut self, class: &V<M>, of: &V<M>) -> Res<bool> {
        let Some(a) = class.get::<Type<M>>() else {
            return Err(self.raise_type_error("issubclass() arg 1 must be a class"));
        };
        let Some(b) = of.get::<Type<M>>() else {
            return Err(
                self.raise_type_error("issubclass() arg 2 must be a class or tuple of classes")
            );
        };
        Ok(self.class_is_subclass(a.id, b.id))
    }

    /// Counts a native re-entry against the recursion limit. `what` ends the error message.
    #[inline]
    pub fn enter_native(&mut self, what: &str) -> Res<()> {
        self.depth += 1;
        if self.depth > self.depth_limit {
            return Err(self.raise_recursion(what));
        }
        Ok(())
    }

    /// Ends what [`Vm::enter_native`] began.
    #[inline]
    pub fn leave_native(&mut self) {
        self.depth -= 1;
    }

    /// RecursionError, with some more depth allowed until the stack has unwound. Undoes one
    /// `depth` increment.
    #[cold]
    pub fn raise_recursion(&mut self, what: &str) -> crate::object::Raised {
        self.depth -= 1;
        let old = self.depth_limit;
        self.depth_limit = old + 50;
        let r = self.raise(
            Exc::RecursionError,
            format!("maximum recursion depth exceeded{what}"),
        );
        self.depth_limit = old;
        r
    }
}

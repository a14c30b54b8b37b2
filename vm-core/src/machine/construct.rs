//! Calls of classes: making an instance and entering its `__init__` in the same loop.
//!
//! Only for classes whose instances are plain ([`Kind::Instance`]) and whose `__new__` is `object`'s. What
//! a call needs is kept in the class ([`Constructor`]), valid for one version of it.

use super::frame::OnReturn;
use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::attrs::Attrs;
use crate::object::shape::ShapeRef;
use crate::object::value::word;
use crate::object::{Args, ClassId, Header, Kind, ObjectModel, Res, Slot, Tag, V, Value};
use crate::types::class::Type;
use crate::types::class::slot_dispatch::generic;
use crate::types::function::Function;
use std::mem::ManuallyDrop;

/// What a call of a class needs, as found by the last one that went all the way.
#[derive(Debug, Clone, Copy)]
pub struct Constructor {
    /// The class's version then; 0: nothing is known.
    pub version: u64,
    /// Bits of `__init__`, a Python function that a class dict owns as long as the version is the
    /// class's; the absent value where `__init__` is `object`'s.
    pub init: u64,
}

impl Constructor {
    /// Nothing is known.
    pub const UNKNOWN: Constructor = Constructor {
        version: 0,
        init: word::NULL,
    };
}

impl<M: ObjectModel> Vm<M> {
    /// Calls the class below `argc` arguments if the call is simple: what it needs is known, its
    /// `__init__` is simple to call, and there is a free cell.
    #[inline(always)]
    pub fn try_construct(&mut self, r: &mut Regs<M>, argc: usize) -> Flow {
        let callee = r.peek_borrowed(argc);
        let Some(class) = callee.get_exact::<Type<M>>() else {
            return Flow::Slow;
        };
        let known = class.constructor.get();
        let Some(shape) = class.root_shape.get() else {
            return Flow::Slow;
        };
        if known.version == 0 || known.version != class.version.get() || !callee.is_easy() {
            return Flow::Slow;
        }
        // SAFETY: the version has not changed, so the class dict still owns the word.
        let init = ManuallyDrop::new(unsafe { V::<M>::from_bits(known.init) });
        let Some(function) = init.get_exact::<Function<M>>() else {
            if !init.is_null() || argc != 0 {
                return Flow::Slow;
            }
            let Some(instance) = self.try_instance(class.id, shape) else {
                return Flow::Slow;
            };
            let class = r.swap(0, instance);
            Regs::<M>::drop_easy(class);
            return Flow::Next;
        };
        let fp = r.sp.wrapping_sub(argc);
        let Some(call) = self.simple_call(function, fp, argc + 1) else {
            return Flow::Slow;
        };
        let Some(instance) = self.try_instance(class.id, shape) else {
            return Flow::Slow;
        };
        let class = r.swap(argc, (*init).clone());
        Regs::<M>::drop_easy(class);
        r.open_gap_inline(argc, instance.clone());
        self.enter_simple(r, call, fp, argc + 1, OnReturn::Init, instance);
        Flow::Next
    }

    /// A new instance without attributes, if there is a free cell for it.
    #[inline(always)]
    fn try_instance(&mut self, class: ClassId, shape: ShapeRef<M>) -> Option<V<M>> {
        let size = const { size_of::<Header>() + size_of::<Attrs<M>>() };
        let tag = Tag::new(class, Kind::Instance, false);
        let cell = M::try_allocate(&mut self.heap, size, tag)?;
        // SAFETY: the cell is ours alone and has room for the body behind its header (model rule 1);
        // the word takes over the one reference that the new object has.
        unsafe {
            cell.as_ptr()
                .add(1)
                .cast::<Attrs<M>>()
                .write(Attrs::new(shape));
            Some(V::<M>::from_bits(cell.as_ptr() as u64))
        }
    }

    /// `Class(...)` for a class whose `__new__` is `object`'s and whose `__init__` is a Python
    /// function, or `object`'s: makes the instance and enters `__init__` in the same loop.
    pub fn instantiate(
        &mut self,
        r: &mut Regs<M>,
        class: &V<M>,
        argc: usize,
        kwargs: usize,
    ) -> Res<Option<Flow>> {
        let Some(ty) = class.get::<Type<M>>() else {
            return Ok(None);
        };
        if ty.constructor.get().version != ty.version.get() {
            let Some(init) = self.find_constructor(ty) else {
                return self.initialize(r, class, argc, kwargs);
            };
            ty.constructor.set(Constructor {
                version: ty.version.get(),
                init,
            });
        }
        let Some(shape) = ty.root_shape.get() else {
            return Ok(None);
        };
        let init = ty.constructor.get().init;
        let words = argc + 2 * kwargs;
        if init == word::NULL {
            if words != 0 {
                // `object.__init__` has its own words for this.
                return Ok(None);
            }
            let instance = self.new_instance(ty.id, shape);
            drop(r.swap(0, instance));
            return Ok(Some(Flow::Next));
        }
        // SAFETY: as in `try_construct`.
        let init = unsafe { V::<M>::share(init) };
        let instance = self.new_instance(ty.id, shape);
        drop(r.swap(words, init));
        r.open_gap(words, instance.clone());
        let flow = self.enter_function(r, argc + 1, kwargs, OnReturn::Init)?;
        self.frame_mut().extra = instance;
        Ok(Some(flow))
    }

    /// `Class(...)` for a class whose `__new__` is a built-in class's and whose `__init__` is a Python
    /// function: an exception of the program's own, a subclass of `dict`.
    fn initialize(
        &mut self,
        r: &mut Regs<M>,
        class: &V<M>,
        argc: usize,
        kwargs: usize,
    ) -> Res<Option<Flow>> {
        let Some(ty) = class.get::<Type<M>>().filter(|t| t.is_heap) else {
            return Ok(None);
        };
        let by_method = generic::<M>(Slot::New).map(|f| f.address());
        let Some(new) = self.class_entry(ty.id).slots.new else {
            return Ok(None);
        };
        if Some(new as usize) == by_method || ty.instance_kind == Kind::Type {
            return Ok(None);
        }
        let name = self.names_once.init.clone();
        let Some(init) = self.lookup_class_attr(ty.id, &name) else {
            return Ok(None);
        };
        if init.kind() != Kind::Function {
            return Ok(None);
        }
        let words = argc + 2 * kwargs;
        let all = r.top_slice(words);
        let args = Args {
            pos: &all[..argc],
            kw: &all[argc..],
        };
        let instance = new(self, class, args)?;
        let made = instance.tag().class();
        if made != ty.id {
            if self.class_is_subclass(made, ty.id)
                && let Some(init) = self.class_entry(made).slots.init
            {
                self.opaque_natives += 1;
                let initialised = init(self, &instance, args);
                self.opaque_natives -= 1;
                initialised?;
            }
            r.drop_top(words);
            drop(r.swap(0, instance));
            return Ok(Some(Flow::Next));
        }
        drop(r.swap(words, init));
        r.open_gap(words, instance.clone());
        let flow = self.enter_function(r, argc + 1, kwargs, OnReturn::Init)?;
        self.frame_mut().extra = instance;
        Ok(Some(flow))
    }

    /// [`Constructor::init`] of a class, if calls of it can be made in the loop.
    fn find_constructor(&mut self, class: &Type<M>) -> Option<u64> {
        let object = ClassId(Kind::Instance as u32);
        let slots = &self.class_entry(class.id).slots;
        let base = &self.class_entry(object).slots;
        let same_new = match (slots.new, base.new) {
            (Some(a), Some(b)) => a as usize == b as usize,
            _ => false,
        };
        let same_init = match (slots.init, base.init) {
            (Some(a), Some(b)) => a as usize == b as usize,
            (None, None) => true,
            _ => false,
        };
        if !same_new
            || class.instance_kind != Kind::Instance
            || !class.is_heap
            || class.is_abstract.get()
            || class.root_shape.get().is_none()
        {
            return None;
        }
        if same_init {
            return Some(word::NULL);
        }
        let name = self.names_once.init.clone();
        let init = self.lookup_class_attr(class.id, &name)?;
        (init.kind() == Kind::Function).then(|| init.bits())
    }
}

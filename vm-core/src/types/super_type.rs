//! `super`.

use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, Tag, Trace, V, Value, ValueCell};
use crate::types::class::Type;
use crate::types::class::mro::class_text;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;

/// Body of a `super` object.
pub struct Super<M: ObjectModel> {
    /// `__thisclass__`.
    pub class: ValueCell<M>,
    /// `__self__`, or absent.
    pub object: ValueCell<M>,
    /// `__self_class__`, or absent.
    pub object_class: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Super<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.class.trace(visitor);
        self.object.trace(visitor);
        self.object_class.trace(visitor);
    }
    fn clear(&self) {
        drop(self.class.take());
        drop(self.object.take());
        drop(self.object_class.take());
    }
}

/// The class in whose MRO `super(class, object)` looks (CPython `supercheck`).
fn start_class<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, object: &V<M>) -> Res<V<M>> {
    if object.get::<Type<M>>().is_some() && vm.is_derived(object, class) {
        return Ok(object.clone());
    }
    let own = vm.type_of(object);
    if vm.is_derived(&own, class) {
        return Ok(own);
    }
    // A proxy may say that it is an instance of another class.
    if let Some(claimed) = vm.find_attr(object, "__class__")?
        && claimed.get::<Type<M>>().is_some()
        && !claimed.is(&own)
        && vm.is_derived(&claimed, class)
    {
        return Ok(claimed);
    }
    Err(vm.raise_type_error("super(type, obj): obj must be an instance or subtype of type"))
}

fn super_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(vm.alloc_as(
        class,
        Super {
            class: ValueCell::empty(),
            object: ValueCell::empty(),
            object_class: ValueCell::empty(),
        },
    ))
}

fn super_init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    if !args.kw.is_empty() {
        return Err(vm.raise_type_error("super does not take keyword arguments"));
    }
    let (class, object) = match args.pos {
        [] => {
            let (class, object) = vm.super_context()?;
            (class, Some(object))
        }
        [class] => (class.clone(), None),
        [class, object] => (class.clone(), Some(object.clone()).filter(|o| !o.is_none())),
        more => return Err(vm.raise_arity("super", more.len(), 0, 2)),
    };
    if class.get::<Type<M>>().is_none() {
        let m = format!(
            "super() argument 1 must be type, not {}",
            vm.type_name(&class)
        );
        return Err(vm.raise_type_error(m));
    }
    let Some(s) = v.get::<Super<M>>() else {
        return Ok(());
    };
    let start = match &object {
        Some(o) => start_class(vm, &class, o)?,
        None => V::<M>::null(),
    };
    s.class.set(class);
    s.object.set(object.unwrap_or_else(V::<M>::null));
    s.object_class.set(start);
    Ok(())
}

/// Looks `name` up behind `class` on the MRO of `start`: what `super(class, object).name` finds,
/// not bound. `None` if there is nothing.
pub fn lookup_behind<M: ObjectModel>(
    vm: &Vm<M>,
    class: &V<M>,
    start: &V<M>,
    name: &V<M>,
) -> Option<V<M>> {
    let mro = start.get::<Type<M>>()?.mro.load();
    let items = &mro.get::<Tuple<M>>()?.items;
    let hash = vm.str_hash(name);
    let at = items.iter().position(|c| c.is(class))?;
    items[at + 1..]
        .iter()
        .filter_map(|c| c.get::<Type<M>>()?.dict.get::<Dict<M>>())
        .find_map(|d| d.table.get_str(name, hash))
}

fn super_getattro<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, name: &V<M>) -> Res<V<M>> {
    let Some(s) = v.get::<Super<M>>() else {
        return vm.generic_get_attr(v, name);
    };
    let (Some(class), Some(object), Some(start)) =
        (s.class.get(), s.object.get(), s.object_class.get())
    else {
        return vm.generic_get_attr(v, name);
    };
    let is_class_attr = name
        .get::<crate::types::str::Str>()
        .is_some_and(|n| n.text_bytes() == b"__class__");
    if !is_class_attr && let Some(attr) = lookup_behind(vm, &class, &start, name) {
        let bound = if object.is(&start) {
            None
        } else {
            Some(&object)
        };
        return vm.bind(&attr, bound, &start);
    }
    vm.generic_get_attr(v, name)
}

fn super_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    d: &V<M>,
    object: Option<&V<M>>,
    _: &V<M>,
) -> Res<V<M>> {
    let (Some(s), Some(o)) = (d.get::<Super<M>>(), object.filter(|o| !o.is_none())) else {
        return Ok(d.clone());
    };
    if s.object.is_some() {
        return Ok(d.clone());
    }
    let class = s.class.get().unwrap_or_else(V::<M>::none);
    if !d.has_tag(Tag::exact(Kind::Super)) {
        let own = vm.type_of(d);
        return vm.call_values(&own, &[class, o.clone()]);
    }
    let start = start_class(vm, &class, o)?;
    Ok(vm.alloc(Super {
        class: ValueCell::new(class),
        object: ValueCell::new(o.clone()),
        object_class: ValueCell::new(start),
    }))
}

fn super_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let Some(s) = v.get::<Super<M>>() else {
        return Ok(V::<M>::none());
    };
    let class = s
        .class
        .get()
        .map_or("NULL".to_owned(), |c| class_text(vm, &c));
    let text = match s.object_class.get() {
        Some(c) => format!(
            "<super: <class '{class}'>, <{} object>>",
            class_text(vm, &c)
        ),
        None => format!("<super: <class '{class}'>, NULL>"),
    };
    Ok(vm.new_str(text))
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Super)
        .slots(|s| {
            s.new = Some(super_new);
            s.init = Some(super_init);
            s.getattro = Some(super_getattro);
            s.descr_get = Some(super_get);
            s.repr = Some(super_repr);
        })
        .getter("__thisclass__", |_, v| {
            Ok(v.get::<Super<M>>()
                .and_then(|s| s.class.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("__self__", |_, v| {
            Ok(v.get::<Super<M>>()
                .and_then(|s| s.object.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("__self_class__", |_, v| {
            Ok(v.get::<Super<M>>()
                .and_then(|s| s.object_class.get())
                .unwrap_or_else(V::<M>::none))
        })
        .done();
}

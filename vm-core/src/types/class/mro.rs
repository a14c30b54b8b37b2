//! The method resolution order: C3 linearisation over the bases' orders.
//!
//! Barrett et al.: "A monotonic superclass linearization for Dylan", OOPSLA 1996;
//! CPython `Objects/typeobject.c`, `mro_implementation`, `mro_internal`.

use super::Type;
use crate::Vm;
use crate::object::{ClassId, Kind, ObjectModel, Res, Tag, V, Value};
use crate::types::tuple::Tuple;

/// The name of a class, for messages.
pub fn class_text<M: ObjectModel>(vm: &Vm<M>, class: &V<M>) -> String {
    match class.get::<Type<M>>() {
        Some(t) => vm.text_of(&t.name.load()),
        None => String::new(),
    }
}

/// The order of a class with these bases, without the class itself. `bases` are classes.
pub fn linearize<M: ObjectModel>(vm: &mut Vm<M>, bases: &[V<M>]) -> Res<Vec<V<M>>> {
    for (i, b) in bases.iter().enumerate() {
        if bases[..i].iter().any(|a| a.is(b)) {
            let m = format!("duplicate base class {}", class_text(vm, b));
            return Err(vm.raise_type_error(m));
        }
    }
    let mut lists: Vec<Vec<V<M>>> = Vec::with_capacity(bases.len() + 1);
    for b in bases {
        let mro = b.get::<Type<M>>().map(|t| t.mro.load());
        match mro.as_ref().and_then(|m| m.get::<Tuple<M>>()) {
            Some(t) => lists.push(t.items.to_vec()),
            None => {
                let m = format!("Cannot extend an incomplete type '{}'", class_text(vm, b));
                return Err(vm.raise_type_error(m));
            }
        }
    }
    lists.push(bases.to_vec());
    let mut at = vec![0; lists.len()];
    let mut out: Vec<V<M>> = Vec::new();
    loop {
        let mut candidate = None;
        let mut is_empty = true;
        for (list, &i) in lists.iter().zip(&at) {
            let Some(c) = list.get(i) else { continue };
            is_empty = false;
            let in_a_tail = lists
                .iter()
                .zip(&at)
                .any(|(l, &j)| l.iter().skip(j + 1).any(|x| x.is(c)));
            if !in_a_tail {
                candidate = Some(c.clone());
                break;
            }
        }
        if is_empty {
            return Ok(out);
        }
        let Some(c) = candidate else {
            return Err(raise_inconsistent(vm, &lists, &at));
        };
        for (list, i) in lists.iter().zip(&mut at) {
            if list.get(*i).is_some_and(|x| x.is(&c)) {
                *i += 1;
            }
        }
        out.push(c);
    }
}

#[cold]
fn raise_inconsistent<M: ObjectModel>(
    vm: &mut Vm<M>,
    lists: &[Vec<V<M>>],
    at: &[usize],
) -> crate::object::Raised {
    let mut heads: Vec<V<M>> = Vec::new();
    for (list, &i) in lists.iter().zip(at) {
        if let Some(c) = list.get(i)
            && !heads.iter().any(|h| h.is(c))
        {
            heads.push(c.clone());
        }
    }
    let names: Vec<String> = heads.iter().map(|c| class_text(vm, c)).collect();
    vm.raise_type_error(format!(
        "Cannot create a consistent method resolution\norder (MRO) for bases {}",
        names.join(", ")
    ))
}

/// Whether the metaclass's `mro` is not `type`'s.
fn has_own_mro<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> bool {
    if class.has_tag(Tag::exact(Kind::Type)) {
        return false;
    }
    let name = vm.intern("mro");
    let own = vm.lookup_class_attr(class.tag().class(), &name);
    let native = vm.lookup_class_attr(ClassId(Kind::Type as u32), &name);
    match (own, native) {
        (Some(a), Some(b)) => !a.is(&b),
        _ => false,
    }
}

/// The class's order as a tuple, through the metaclass's `mro` if it has its own.
pub fn compute<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>) -> Res<V<M>> {
    let bases = class
        .get::<Type<M>>()
        .map_or_else(V::<M>::null, |t| t.bases.load());
    let bases: Vec<V<M>> = match bases.get::<Tuple<M>>() {
        Some(t) => t.items.to_vec(),
        None => Vec::new(),
    };
    if !has_own_mro(vm, class) {
        let mut order = vec![class.clone()];
        order.extend(linearize(vm, &bases)?);
        return Ok(vm.new_tuple(order));
    }
    let Some(f) = vm.special_method(class, "mro")? else {
        return Ok(vm.new_tuple(vec![class.clone()]));
    };
    let order = vm.call_values(&f, &[])?;
    let order = vm.holding(|vm| vm.collect_iter(&order))?;
    // The class has no order yet: where it is solid itself, its base stands for it.
    let base = class.get::<Type<M>>().and_then(|t| t.base.get());
    let mine = match super::layout::solid_base::<M>(class) {
        own if own.is(class) => base.map_or(own, |b| super::layout::solid_base::<M>(&b)),
        mine => mine,
    };
    for c in &order {
        if c.get::<Type<M>>().is_none() {
            let m = format!("mro() returned a non-class ('{}')", vm.type_name(c));
            return Err(vm.raise_type_error(m));
        }
        if c.is(class) {
            continue;
        }
        let theirs = super::layout::solid_base::<M>(c);
        if !vm.is_derived(&mine, &theirs) {
            let m = format!(
                "mro() returned base with unsuitable layout ('{}')",
                class_text(vm, c)
            );
            return Err(vm.raise_type_error(m));
        }
    }
    Ok(vm.new_tuple(order))
}

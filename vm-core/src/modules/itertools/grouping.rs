//! `groupby` and `tee`: several iterators over one.

use super::IteratorClass;
use crate::Vm;
use crate::modules::opaque_body::{Values, body, opaque_body};
use crate::object::native::opaque;
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};
use std::cell::Cell;

opaque_body! {
    /// `groupby`: the current element and its key, and the key of the group last given.
    GroupBy {
        iterator: ValueCell<M>,
        function: ValueCell<M>,
        target: ValueCell<M>,
        key: ValueCell<M>,
        value: ValueCell<M>,
    }
    /// One group: gives elements while the key stays the same.
    Group { parent: ValueCell<M>, target: ValueCell<M>, }
    /// One of the iterators that `tee` gives: a place in a chain of links.
    Tee { link: ValueCell<M>, at: Cell<usize>, }
    /// Some elements that were taken from the source, and the link with the next ones.
    Link { source: ValueCell<M>, values: Values<M>, next: ValueCell<M>, }
}

/// Elements in a link: long chains shall not be long chains of objects.
const LINK_LENGTH: usize = 57;

pub(super) fn classes<M: ObjectModel>() -> Vec<IteratorClass<M>> {
    vec![
        IteratorClass::new("groupby", new_groupby::<M>, next_groupby::<M>),
        IteratorClass {
            new: None,
            ..IteratorClass::new("_grouper", new_groupby::<M>, next_group::<M>)
        },
        IteratorClass {
            methods: &[("__copy__", copy_tee)],
            ..IteratorClass::new("_tee", new_tee::<M>, next_tee::<M>)
        },
        IteratorClass {
            new: None,
            ..IteratorClass::new("_tee_dataobject", new_groupby::<M>, |_, _| Ok(None))
        },
    ]
}

fn new_groupby<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [iterable, key] = args.parse(vm, "groupby", ["iterable", "key"], 1)?;
    let iterator = vm.iter(&iterable.unwrap_or_else(V::<M>::none))?;
    Ok(vm.new_opaque(
        class,
        GroupBy {
            iterator: ValueCell::new(iterator),
            function: ValueCell::new(key.filter(|k| !k.is_none()).unwrap_or_else(V::<M>::null)),
            target: ValueCell::empty(),
            key: ValueCell::empty(),
            value: ValueCell::empty(),
        },
    ))
}

/// Takes the next element of the source into `value`, its key into `key`; false at the end.
fn advance<M: ObjectModel>(vm: &mut Vm<M>, g: &GroupBy<M>) -> Res<bool> {
    let Some(x) = vm.next(&g.iterator.load())? else {
        return Ok(false);
    };
    let key = match g.function.get() {
        Some(f) => vm.holding(|vm| vm.call_values(&f, std::slice::from_ref(&x)))?,
        None => x.clone(),
    };
    g.value.set(x);
    g.key.set(key);
    Ok(true)
}

fn next_groupby<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let g = body::<M, GroupBy<M>>(vm, v)?;
    // Skip what is left of the group given last.
    loop {
        match (g.key.get(), g.target.get()) {
            (Some(_), None) => break,
            (Some(key), Some(target)) => {
                if !vm.holding(|vm| vm.is_equal(&target, &key))? {
                    break;
                }
            }
            (None, _) => {}
        }
        if !advance(vm, g)? {
            return Ok(None);
        }
    }
    let key = g.key.load();
    g.target.set(key.clone());
    let Some(class) = vm.native_class("_grouper") else {
        return Ok(None);
    };
    let group = vm.new_opaque(
        &class,
        Group {
            parent: ValueCell::new(v.clone()),
            target: ValueCell::new(key.clone()),
        },
    );
    Ok(Some(vm.new_tuple([key, group])))
}

fn next_group<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let group = body::<M, Group<M>>(vm, v)?;
    let parent = group.parent.load();
    let Some(g) = opaque::<M, GroupBy<M>>(&parent) else {
        return Ok(None);
    };
    if !g.value.is_some() && !advance(vm, g)? {
        return Ok(None);
    }
    let (target, key) = (group.target.load(), g.key.load());
    if !vm.holding(|vm| vm.is_equal(&target, &key))? {
        return Ok(None);
    }
    let x = g.value.take();
    Ok(if x.is_null() { None } else { Some(x) })
}

/// The link at the end of a chain over an iterator, still without elements.
fn new_link<M: ObjectModel>(vm: &mut Vm<M>, source: V<M>) -> Res<V<M>> {
    let Some(class) = vm.native_class("_tee_dataobject") else {
        return Ok(V::<M>::none());
    };
    Ok(vm.new_opaque(
        &class,
        Link {
            source: ValueCell::new(source),
            values: Values::new(Vec::new()),
            next: ValueCell::empty(),
        },
    ))
}

fn new_tee_at<M: ObjectModel>(vm: &mut Vm<M>, link: V<M>, at: usize) -> V<M> {
    let class = vm.native_class("_tee").unwrap_or_else(V::<M>::none);
    vm.new_opaque(
        &class,
        Tee {
            link: ValueCell::new(link),
            at: Cell::new(at),
        },
    )
}

/// An iterator of a `tee` over any iterable; over another one, a copy of it.
fn tee_of<M: ObjectModel>(vm: &mut Vm<M>, iterable: &V<M>) -> Res<V<M>> {
    if let Some(t) = opaque::<M, Tee<M>>(iterable) {
        let (link, at) = (t.link.load(), t.at.get());
        return Ok(new_tee_at(vm, link, at));
    }
    let source = vm.iter(iterable)?;
    let link = new_link(vm, source)?;
    Ok(new_tee_at(vm, link, 0))
}

fn new_tee<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [iterable] = args.unpack::<1>(vm, "_tee")?;
    tee_of(vm, iterable)
}

fn copy_tee<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__copy__")?;
    tee_of(vm, slf)
}

fn next_tee<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let t = body::<M, Tee<M>>(vm, v)?;
    let mut link = t.link.load();
    if t.at.get() == LINK_LENGTH {
        let next = match body::<M, Link<M>>(vm, &link)? {
            l if l.next.is_some() => l.next.load(),
            l => {
                let source = l.source.load();
                let next = new_link(vm, source)?;
                if let Some(l) = opaque::<M, Link<M>>(&link) {
                    l.next.set(next.clone());
                }
                next
            }
        };
        t.link.set(next.clone());
        t.at.set(0);
        link = next;
    }
    let l = body::<M, Link<M>>(vm, &link)?;
    let at = t.at.get();
    let x = match l.values.get(at) {
        Some(x) => x,
        None => {
            let Some(x) = vm.next(&l.source.load())? else {
                return Ok(None);
            };
            l.values.0.borrow_mut().push(x.clone());
            x
        }
    };
    t.at.set(at + 1);
    Ok(Some(x))
}

/// `tee(iterable, n=2)`.
pub(super) fn tee<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let a = args.between(vm, "tee", 1, 2)?;
    let n = match a.get(1) {
        Some(n) => vm.ssize_argument(n)?,
        None => 2,
    };
    if n < 0 {
        return Err(vm.raise_value_error("n must be >= 0"));
    }
    if n == 0 {
        return Ok(vm.new_tuple([]));
    }
    let first = tee_of(vm, &a[0])?;
    let mut all = vec![first.clone()];
    for _ in 1..n {
        all.push(tee_of(vm, &first)?);
    }
    Ok(vm.new_tuple(all))
}

//! Operations on the tables of sets. Call those that make a table under [`Vm::holding`]: the
//! collector does not see it yet.

use super::{FrozenSet, Set};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Kind, ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::table::Table;

/// The table of a `set` or `frozenset`, subclasses included.
#[inline]
pub fn table_of<M: ObjectModel>(v: &V<M>) -> Option<&Table<M>> {
    match v.get::<Set<M>>() {
        Some(s) => Some(&s.table),
        None => v.get::<FrozenSet<M>>().map(|s| &s.table),
    }
}

/// The table of what can be searched by hash: a set, or a dict for its keys.
fn searchable<M: ObjectModel>(v: &V<M>) -> Option<&Table<M>> {
    table_of::<M>(v).or_else(|| v.get_exact::<Dict<M>>().map(|d| &d.table))
}

/// The hash of a frozenset with these members, independent of their order.
pub fn hash_of_members<M: ObjectModel>(members: &Table<M>) -> i64 {
    let shuffle = |h: u64| ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
    let mut hash: u64 = 0;
    let mut position = 0;
    while position < members.span() {
        if let Some((h, _, _)) = members.at(position) {
            hash ^= shuffle(h as u64);
        }
        position += 1;
    }
    hash ^= (members.len() as u64 + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX {
        590_923_713
    } else {
        hash as i64
    }
}

/// The hash of a value that is looked up: a `set` is hashed as a frozenset.
pub fn element_hash<M: ObjectModel>(vm: &mut Vm<M>, x: &V<M>) -> Res<i64> {
    match vm.hash(x) {
        Err(e) if x.kind() == Kind::Set && vm.raised_is(Exc::TypeError) => match table_of::<M>(x) {
            Some(t) => {
                drop(vm.take_raised());
                Ok(hash_of_members(t))
            }
            None => Err(e),
        },
        r => r,
    }
}

/// Adds every element of an iterable.
pub fn add_all<M: ObjectModel>(vm: &mut Vm<M>, t: &Table<M>, iterable: &V<M>) -> Res<()> {
    if let Some(other) = searchable::<M>(iterable) {
        if std::ptr::eq(other, t) {
            return Ok(());
        }
        if t.is_empty() && table_of::<M>(iterable).is_some() {
            t.replace_with(other.copy());
            return Ok(());
        }
        return vm.holding(|vm| {
            let mut position = 0;
            while position < other.span() {
                if let Some((hash, key, _)) = other.at(position) {
                    t.insert(vm, key, hash, V::<M>::null())?;
                }
                position += 1;
            }
            Ok(())
        });
    }
    vm.for_each(iterable, |vm, x| add(vm, t, x))
}

/// Adds every element of an iterable to the table of `owner`.
pub fn add_all_to<M: ObjectModel>(
    vm: &mut Vm<M>,
    owner: &V<M>,
    t: &Table<M>,
    iterable: &V<M>,
) -> Res<()> {
    if searchable::<M>(iterable).is_some() {
        return add_all(vm, t, iterable);
    }
    vm.for_each_into(owner, iterable, |vm, x| add(vm, t, x))
}

fn add<M: ObjectModel>(vm: &mut Vm<M>, t: &Table<M>, x: V<M>) -> Res<()> {
    let hash = vm.hash(&x)?;
    t.insert(vm, x, hash, V::<M>::null())?;
    Ok(())
}

/// Whether every member of `a` is in `b`.
pub fn is_subset<M: ObjectModel>(vm: &mut Vm<M>, a: &Table<M>, b: &Table<M>) -> Res<bool> {
    vm.holding(|vm| {
        let mut position = 0;
        while position < a.span() {
            if let Some((hash, key, _)) = a.at(position)
                && b.find(vm, &key, hash)?.is_none()
            {
                return Ok(false);
            }
            position += 1;
        }
        Ok(true)
    })
}

/// `a | b`.
pub fn union<M: ObjectModel>(vm: &mut Vm<M>, a: &Table<M>, b: &V<M>) -> Res<Table<M>> {
    let result = a.copy();
    add_all(vm, &result, b)?;
    Ok(result)
}

/// `a & b`. Elements come from the one that is iterated: the smaller set, or the iterable.
pub fn intersection<M: ObjectModel>(vm: &mut Vm<M>, a: &Table<M>, b: &V<M>) -> Res<Table<M>> {
    let result = Table::default();
    if let Some(other) = table_of::<M>(b) {
        let (walked, asked) = if other.len() > a.len() {
            (a, other)
        } else {
            (other, a)
        };
        for (hash, key, _) in walked.items() {
            // Members of one set differ, so that nothing has to be asked here.
            if asked.find(vm, &key, hash)?.is_some() {
                result.insert_new(key, hash, V::<M>::null());
            }
        }
        return Ok(result);
    }
    vm.for_each(b, |vm, x| {
        let hash = vm.hash(&x)?;
        if a.find(vm, &x, hash)?.is_some() {
            result.insert(vm, x, hash, V::<M>::null())?;
        }
        Ok(())
    })?;
    Ok(result)
}

/// `a - b`.
pub fn difference<M: ObjectModel>(vm: &mut Vm<M>, a: &Table<M>, b: &V<M>) -> Res<Table<M>> {
    if let Some(other) = searchable::<M>(b) {
        let result = Table::default();
        for (hash, key, _) in a.items() {
            if other.find(vm, &key, hash)?.is_none() {
                result.insert_new(key, hash, V::<M>::null());
            }
        }
        return Ok(result);
    }
    let result = a.copy();
    vm.for_each(b, |vm, x| {
        let hash = vm.hash(&x)?;
        drop(result.remove(vm, &x, hash)?);
        Ok(())
    })?;
    Ok(result)
}

/// `a ^ b`.
pub fn symmetric_difference<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &Table<M>,
    b: &V<M>,
) -> Res<Table<M>> {
    let result = a.copy();
    let other = Table::default();
    add_all(vm, &other, b)?;
    for (hash, key, _) in other.items() {
        match result.find(vm, &key, hash)? {
            Some(at) => drop(result.remove_at(at)),
            None => result.insert_new(key, hash, V::<M>::null()),
        }
    }
    Ok(result)
}

//! Slices of exact `str`, `list` and `tuple` with plain parts: what `a[b:c]` mostly is, without asking any slot.
//!
//! The protocols (`list.rs`, `tuple.rs`, `str/protocol.rs`) have every case; these give up on all but plain ones.

use crate::Vm;
use crate::number::range_math::{SliceIndices, slice_indices};
use crate::object::{ObjectModel, V, Value};
use crate::types::list::List;
use crate::types::slice::Slice;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

impl<M: ObjectModel> Slice<M> {
    /// What the slice selects of `length` elements, if its parts are None or small ints and its step is not zero.
    #[inline]
    fn quick_indices(&self, length: usize) -> Option<SliceIndices> {
        let part = |v: &V<M>| match v.small_int() {
            Some(i) => Some(Some(i)),
            None => v.is_none().then_some(None),
        };
        if let Some((start, stop)) = self.quick_range(length) {
            return Some(SliceIndices {
                start: start as i64,
                stop: stop as i64,
                step: 1,
                count: stop - start,
            });
        }
        slice_indices(
            part(&self.start)?,
            part(&self.stop)?,
            part(&self.step)?,
            length,
        )
        .ok()
    }
}

impl<M: ObjectModel> Vm<M> {
    /// `v[slice]`, if that is a plain case.
    pub fn quick_slice(&mut self, v: &V<M>, slice: &Slice<M>) -> Option<V<M>> {
        if let Some(s) = v.get_exact::<Str>() {
            let (start, stop) = slice.quick_range(s.len())?;
            return Some(match stop - start {
                1 if s.is_ascii() => {
                    let byte = s.text_bytes()[start];
                    self.interp.once.characters[byte as usize].clone()
                }
                length if length == s.len() => v.clone(),
                _ => self.new_piece_ref(s.str_ref().slice(start, stop)),
            });
        }
        if let Some(l) = v.get_exact::<List<M>>() {
            let items = {
                let items = l.items.try_borrow().ok()?;
                selected::<M>(&items, slice.quick_indices(items.len())?)
            };
            return Some(self.new_list(items));
        }
        let t = v.get_exact::<Tuple<M>>()?;
        let s = slice.quick_indices(t.items.len())?;
        if s.step == 1 && s.count == t.items.len() {
            return Some(v.clone());
        }
        Some(self.new_tuple(selected::<M>(t.items.as_slice(), s)))
    }
}

/// The items that a slice selects.
pub fn selected<M: ObjectModel>(items: &[V<M>], s: SliceIndices) -> Vec<V<M>> {
    let start = s.start as usize;
    if s.count == 0 {
        return Vec::new();
    }
    match s.step {
        1 => items[start..start + s.count].to_vec(),
        // Slices know their length, which a stepping iterator does not.
        -1 => {
            let mut out = Vec::with_capacity(s.count);
            out.extend(items[start + 1 - s.count..=start].iter().rev().cloned());
            out
        }
        step => (0..s.count as i64)
            .map(|i| items[(s.start + i * step) as usize].clone())
            .collect(),
    }
}

/// `target[slice] = value`, if both are lists, or the value a tuple, and as many items go as come.
pub fn replace_slice<M: ObjectModel>(target: &V<M>, slice: &Slice<M>, value: &V<M>) -> bool {
    let Some(l) = target.get_exact::<List<M>>() else {
        return false;
    };
    // Items that are not to be dropped while the list is borrowed.
    let mut later = Vec::new();
    let mut replace = |new: &[V<M>]| {
        let Ok(mut items) = l.items.try_borrow_mut() else {
            return false;
        };
        let Some((start, stop)) = slice.quick_range(items.len()) else {
            return false;
        };
        if stop - start != new.len() {
            return false;
        }
        for (place, v) in items[start..stop].iter_mut().zip(new) {
            let old = std::mem::replace(place, v.clone());
            if old.is_easy() {
                // SAFETY: just tested.
                unsafe { old.drop_easy() };
            } else {
                later.push(old);
            }
        }
        true
    };
    if let Some(new) = value.get_exact::<List<M>>() {
        return match new.items.try_borrow() {
            Ok(new) if !value.is(target) => replace(&new),
            _ => false,
        };
    }
    match value.get_exact::<Tuple<M>>() {
        Some(new) => replace(new.items.as_slice()),
        None => false,
    }
}

//! Subscripts, displays, comprehension accumulators, unpacking.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::set::Set;
use crate::types::slice::Slice;
use crate::types::slicing::replace_slice;
use crate::types::str::Str;
use crate::types::table::Table;
use crate::types::tuple::{Items, Tuple};
use rustpython_wtf8::Wtf8Buf;

/// `a[b]`.
pub struct BinarySubscr;
impl Op for BinarySubscr {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        let (a, b) = (r.peek(1), r.peek(0));
        let Some(i) = b.small_int() else {
            return Flow::Slow;
        };
        let item = if let Some(l) = a.get_exact::<List<M>>() {
            let Ok(items) = l.items.try_borrow() else {
                return Flow::Slow;
            };
            item_at::<M>(&items, i)
        } else if let Some(t) = a.get_exact::<Tuple<M>>() {
            item_at::<M>(&t.items, i)
        } else if let Some(s) = a.get_exact::<Str>() {
            if !s.is_ascii() {
                return Flow::Slow;
            }
            let bytes = s.text_bytes();
            let i = if i < 0 { i + bytes.len() as i64 } else { i };
            let Some(&byte) = bytes.get(i as usize) else {
                return Flow::Slow;
            };
            vm.interp.once.characters.get(byte as usize).cloned()
        } else {
            None
        };
        subscript_done(r, item)
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let (a, b) = (r.peek(1), r.peek(0));
        let item = a.get_exact::<Dict<M>>().and_then(|d| d.table.quick_get(b));
        subscript_done(r, item)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        if let Some(slice) = r.peek(0).get_exact::<Slice<M>>()
            && let Some(v) = vm.quick_slice(r.peek(1), slice)
        {
            drop(r.pop());
            drop(r.swap(0, v));
            return Ok(Flow::Next);
        }
        if let Some(flow) = vm.enter_subscript(r)? {
            return Ok(flow);
        }
        let (b, a) = (r.pop(), r.pop());
        if let Some(d) = a.get_exact::<Dict<M>>() {
            let hash = vm.hash(&b)?;
            let Some(v) = d.table.get(vm, &b, hash)? else {
                return Err(vm.raise_key_error(b));
            };
            r.push(v);
            return Ok(Flow::Next);
        }
        let v = vm.get_item(&a, &b)?;
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `a[b] = c`.
pub struct StoreSubscr;
impl Op for StoreSubscr {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let (a, b) = (r.peek(1), r.peek(0));
        if !a.is_easy() || !b.is_easy() {
            return Flow::Slow;
        }
        let Some(i) = b.small_int() else {
            return Flow::Slow;
        };
        let Some(l) = a.get_exact::<List<M>>() else {
            return Flow::Slow;
        };
        let Ok(mut items) = l.items.try_borrow_mut() else {
            return Flow::Slow;
        };
        let i = if i < 0 { i + items.len() as i64 } else { i } as usize;
        let Some(place) = items.get_mut(i) else {
            return Flow::Slow;
        };
        if !place.is_easy() {
            return Flow::Slow;
        }
        let value = r.saved().take(2);
        // Stack from the top: index, list, value. The value moves; its slot is forgotten below.
        let old = std::mem::replace(place, value);
        drop(items);
        Regs::<M>::drop_easy(old);
        let b = r.pop();
        Regs::<M>::drop_easy(b);
        let a = r.pop();
        Regs::<M>::drop_easy(a);
        r.forget(1);
        Flow::Next
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let (a, b) = (r.peek(1), r.peek(0));
        if !a.is_easy() || !b.is_easy() {
            return Flow::Slow;
        }
        match a.get_exact::<Dict<M>>() {
            Some(d) if d.table.quick_replace(b, r.peek(2)) => {}
            _ => return Flow::Slow,
        }
        for _ in 0..3 {
            // The value is in the dict now too.
            let v = r.pop();
            Regs::<M>::drop_easy(v);
        }
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a, c) = (r.pop(), r.pop(), r.pop());
        if let Some(d) = a.get_exact::<Dict<M>>() {
            let hash = vm.hash(&b)?;
            let old = d.table.insert(vm, b, hash, c)?;
            drop(old);
            return Ok(Flow::Next);
        }
        if let Some(slice) = b.get_exact::<Slice<M>>()
            && replace_slice::<M>(&a, slice, &c)
        {
            return Ok(Flow::Next);
        }
        vm.set_item(&a, &b, &c)?;
        Ok(Flow::Next)
    }
}

/// `del a[b]`.
pub struct DeleteSubscr;
impl Op for DeleteSubscr {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        vm.del_item(&a, &b)?;
        Ok(Flow::Next)
    }
}

/// `BUILD_TUPLE`.
pub struct BuildTuple;
impl Op for BuildTuple {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let n = x.arg as usize;
        if n != 2 && n != 3 {
            return Flow::Slow;
        }
        let mut from = r.saved();
        let tuple = vm.try_alloc(|| {
            // The words move into the object, which holds up to three itself.
            let (a, b) = (from.take(n - 1), from.take(n - 2));
            let c = if n == 3 { from.take(0) } else { V::<M>::null() };
            Tuple {
                items: Items::<M>::from_buf_and_len([a, b, c], n),
            }
        });
        let Some(tuple) = tuple else {
            return Flow::Slow;
        };
        r.forget(n - 1);
        r.overwrite(0, tuple);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let items = r.pop_items(x.arg as usize);
        let v = vm.new_tuple(items);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_LIST`.
pub struct BuildList;
impl Op for BuildList {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if x.arg != 0 {
            return Flow::Slow;
        }
        let list = vm.try_alloc(|| List {
            items: Default::default(),
        });
        let Some(list) = list else {
            return Flow::Slow;
        };
        r.push(list);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let items = r.pop_vec(x.arg as usize);
        let v = vm.new_list(items);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_SET`.
pub struct BuildSet;
impl Op for BuildSet {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let items = r.top_slice(x.arg as usize);
        let table = Table::default();
        for item in items {
            let hash = vm.hash(item)?;
            table.insert(vm, item.clone(), hash, V::<M>::null())?;
        }
        let v = vm.new_set_with(table);
        r.drop_top(x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_MAP`.
pub struct BuildMap;
impl Op for BuildMap {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let pairs = r.top_slice(2 * x.arg as usize);
        let table = Table::with_capacity(x.arg as usize);
        for pair in pairs.chunks_exact(2) {
            let hash = vm.hash(&pair[0])?;
            table.insert(vm, pair[0].clone(), hash, pair[1].clone())?;
        }
        let v = vm.new_dict_with(table);
        r.drop_top(2 * x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_SLICE`.
pub struct BuildSlice;
impl Op for BuildSlice {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if x.arg != 2 {
            return Flow::Slow;
        }
        let mut from = r.saved();
        let slice = vm.try_alloc(|| Slice {
            start: from.take(1),
            stop: from.take(0),
            step: V::<M>::none(),
        });
        let Some(slice) = slice else {
            return Flow::Slow;
        };
        r.forget(1);
        r.overwrite(0, slice);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let step = if x.arg == 3 { r.pop() } else { V::<M>::none() };
        let (stop, start) = (r.pop(), r.pop());
        let v = vm.alloc(Slice { start, stop, step });
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_STRING`.
pub struct BuildString;
impl Op for BuildString {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let mut text = Wtf8Buf::new();
        for part in r.top_slice(x.arg as usize) {
            if let Some(s) = part.get::<Str>() {
                text.push_wtf8(s.text());
            }
        }
        let v = vm.new_text(text);
        r.drop_top(x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `FORMAT_VALUE`.
pub struct FormatValue;
impl Op for FormatValue {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let spec = if x.arg & 4 != 0 {
            r.pop()
        } else {
            vm.new_str("")
        };
        let v = r.pop();
        let v = match x.arg & 3 {
            1 => vm.str(&v)?,
            2 => vm.repr(&v)?,
            3 => vm.ascii(&v)?,
            _ => v,
        };
        let text = vm.format(&v, &spec)?;
        r.push(text);
        Ok(Flow::Next)
    }
}

/// `BUILD_LIST_UNPACK`.
pub struct BuildListUnpack;
impl Op for BuildListUnpack {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let mut items = Vec::new();
        vm.opaque_natives += 1;
        let joined = join_iterables(vm, r.top_slice(x.arg as usize), &mut items);
        vm.opaque_natives -= 1;
        joined?;
        let v = vm.new_list(items);
        r.drop_top(x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_TUPLE_UNPACK`.
pub struct BuildTupleUnpack;
impl Op for BuildTupleUnpack {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let mut items = Vec::new();
        vm.opaque_natives += 1;
        let joined = join_iterables(vm, r.top_slice(x.arg as usize), &mut items);
        vm.opaque_natives -= 1;
        joined?;
        let v = vm.new_tuple(items);
        r.drop_top(x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_SET_UNPACK`.
pub struct BuildSetUnpack;
impl Op for BuildSetUnpack {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let table = Table::default();
        for iterable in r.top_slice(x.arg as usize) {
            vm.for_each(iterable, |vm, item| {
                let hash = vm.hash(&item)?;
                table.insert(vm, item, hash, V::<M>::null()).map(drop)
            })?;
        }
        let v = vm.new_set_with(table);
        r.drop_top(x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_MAP_UNPACK`.
pub struct BuildMapUnpack;
impl Op for BuildMapUnpack {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = vm.new_dict();
        for mapping in r.top_slice(x.arg as usize) {
            vm.merge_mapping(&v, mapping)?;
        }
        r.drop_top(x.arg as usize);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `BUILD_MAP_UNPACK_WITH_CALL`.
pub struct BuildMapUnpackWithCall;
impl Op for BuildMapUnpackWithCall {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        // The high byte says how far below the mappings the called function stands.
        let count = (x.arg & 0xff) as usize;
        let function = r.peek(count + (x.arg >> 8) as usize - 1).clone();
        let v = vm.new_dict();
        for mapping in r.top_slice(count) {
            vm.merge_keywords(&function, &v, mapping)?;
        }
        r.drop_top(count);
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `LIST_APPEND`.
pub struct ListAppend;
impl Op for ListAppend {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let Some(l) = r.peek(x.arg as usize).get_exact::<List<M>>() else {
            return Flow::Slow;
        };
        let Ok(mut items) = l.items.try_borrow_mut() else {
            return Flow::Slow;
        };
        if items.len() == items.capacity() {
            return Flow::Slow;
        }
        let v = r.saved().take(0);
        // There is room, so this does not call the allocator.
        items.push(v);
        drop(items);
        r.forget(1);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        if let Some(l) = r.peek(x.arg as usize - 1).get::<List<M>>() {
            l.items.borrow_mut().push(v);
        }
        let _ = vm;
        Ok(Flow::Next)
    }
}

/// `SET_ADD`.
pub struct SetAdd;
impl Op for SetAdd {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        let set = r.peek(x.arg as usize - 1).clone();
        let hash = vm.hash(&v)?;
        if let Some(s) = set.get::<Set<M>>() {
            s.table.insert(vm, v, hash, V::<M>::null())?;
        }
        Ok(Flow::Next)
    }
}

/// `MAP_ADD`.
pub struct MapAdd;
impl Op for MapAdd {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        // 3.5 evaluates the value first: the key is on top.
        let (key, value) = (r.pop(), r.pop());
        let dict = r.peek(x.arg as usize - 1).clone();
        let hash = vm.hash(&key)?;
        if let Some(d) = dict.get::<Dict<M>>() {
            d.table.insert(vm, key, hash, value)?;
        }
        Ok(Flow::Next)
    }
}

/// `UNPACK_SEQUENCE`.
pub struct UnpackSequence;
impl Op for UnpackSequence {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let n = x.arg as usize;
        let v = r.peek(0);
        let Some(t) = v.get_exact::<Tuple<M>>() else {
            return Flow::Slow;
        };
        if t.items.len() != n || n != 2 || !v.is_easy() {
            return Flow::Slow;
        }
        let (first, second) = (t.items[0].clone(), t.items[1].clone());
        let old = r.swap(0, second);
        Regs::<M>::drop_easy(old);
        r.push(first);
        Flow::Next
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let n = x.arg as usize;
        let v = &r.top_slice(1)[0];
        if let Some(t) = v.get_exact::<Tuple<M>>() {
            if t.items.len() != n || n == 0 {
                return Flow::Slow;
            }
            if !v.is_easy() {
                return vm.try_unpack_own(r, n);
            }
            let tuple = r.pop();
            for item in t.items.iter().rev() {
                r.push(item.clone());
            }
            // The items do not need it, and somebody else holds it.
            Regs::<M>::drop_easy(tuple);
            return Flow::Next;
        }
        let Some(l) = v.get_exact::<List<M>>().filter(|_| v.is_easy()) else {
            return Flow::Slow;
        };
        let Ok(items) = l.items.try_borrow() else {
            return Flow::Slow;
        };
        if items.len() != n || n == 0 {
            return Flow::Slow;
        }
        let list = r.pop();
        for item in items.iter().rev() {
            r.push(item.clone());
        }
        drop(items);
        Regs::<M>::drop_easy(list);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        let n = x.arg as usize;
        if let Some(t) = v.get_exact::<Tuple<M>>()
            && t.items.len() == n
        {
            t.items.iter().rev().for_each(|item| r.push(item.clone()));
            return Ok(Flow::Next);
        }
        if let Some(l) = v.get_exact::<List<M>>()
            && l.items.borrow().len() == n
        {
            let items = l.items.borrow();
            items.iter().rev().for_each(|item| r.push(item.clone()));
            return Ok(Flow::Next);
        }
        for item in vm.unpack(&v, n, None)?.into_iter().rev() {
            r.push(item);
        }
        Ok(Flow::Next)
    }
}

/// `UNPACK_EX`.
pub struct UnpackEx;
impl Op for UnpackEx {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        let (before, after) = ((x.arg & 0xff) as usize, (x.arg >> 8) as usize);
        let items = vm.unpack(&v, before, Some(after))?;
        for item in items.into_iter().rev() {
            r.push(item);
        }
        Ok(Flow::Next)
    }
}

/// `PRINT_EXPR`.
pub struct PrintExpr;
impl Op for PrintExpr {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        vm.display(&v)?;
        Ok(Flow::Next)
    }
}

/// Ends `a[b]` with `item`, a word of its own, if the operands are easy to drop.
#[inline(always)]
fn subscript_done<M: ObjectModel>(r: &mut Regs<M>, item: Option<V<M>>) -> Flow {
    let Some(item) = item else {
        return Flow::Slow;
    };
    if !r.peek(1).is_easy() || !r.peek(0).is_easy() {
        // The original is certainly still held elsewhere.
        Regs::<M>::drop_easy(item);
        return Flow::Slow;
    }
    let b = r.pop();
    Regs::<M>::drop_easy(b);
    let a = r.swap(0, item);
    Regs::<M>::drop_easy(a);
    Flow::Next
}

#[inline(always)]
fn item_at<M: ObjectModel>(items: &[V<M>], i: i64) -> Option<V<M>> {
    let i = if i < 0 { i + items.len() as i64 } else { i };
    items.get(i as usize).cloned()
}

fn join_iterables<M: ObjectModel>(
    vm: &mut Vm<M>,
    iterables: &[V<M>],
    out: &mut Vec<V<M>>,
) -> Res<()> {
    for iterable in iterables {
        let mut items = vm.collect_iter(iterable)?;
        out.append(&mut items);
    }
    Ok(())
}

//! `split`, `rsplit`, `splitlines`, `partition`, `rpartition`, `join`.

use super::Str;
use super::arguments::{self, receiver};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::error::OpResult;
use crate::text::split as text_split;
use crate::types::class::builder::ClassBuilder;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

type BySpace = fn(&Wtf8, i64) -> Vec<&Wtf8>;
type BySeparator = for<'a> fn(&'a Wtf8, &Wtf8, i64) -> OpResult<Vec<&'a Wtf8>>;

fn list_of<M: ObjectModel>(vm: &mut Vm<M>, whole: &V<M>, pieces: &[&Wtf8]) -> V<M> {
    let items = match pieces {
        [one] => vec![vm.new_part(whole, one)],
        _ => pieces.iter().map(|p| vm.new_piece(p)).collect(),
    };
    vm.new_list(items)
}

fn split_by<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    by_space: BySpace,
    by_separator: BySeparator,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [separator, maxsplit] = rest.parse(vm, name, ["sep", "maxsplit"], 0)?;
    let maxsplit = arguments::size_or(vm, maxsplit.as_ref(), -1)?;
    let text = receiver(slf).text();
    let pieces = match separator.filter(|s| !s.is_none()) {
        None => by_space(text, maxsplit),
        Some(separator) => {
            let separator = arguments::text(vm, &separator)?;
            vm.op(by_separator(text, separator.text(), maxsplit))?
        }
    };
    Ok(list_of(vm, slf, &pieces))
}

fn split<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let by_space = text_split::split_whitespace;
    split_by(vm, "split", args, by_space, text_split::split)
}

fn rsplit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let by_space = text_split::rsplit_whitespace;
    split_by(vm, "rsplit", args, by_space, text_split::rsplit)
}

fn splitlines<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [keepends] = rest.parse(vm, "splitlines", ["keepends"], 0)?;
    let keepends = match keepends {
        Some(k) => vm.arg_c_int(&k)? != 0,
        None => false,
    };
    let pieces = text_split::splitlines(receiver(slf).text(), keepends);
    Ok(list_of(vm, slf, &pieces))
}

fn partition<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [sep] = rest.exact::<1>(vm, "partition")?;
    let separator = arguments::text(vm, sep)?.text();
    let parts = text_split::partition(receiver(slf).text(), separator);
    let items = match vm.op(parts)? {
        Some((before, after)) => [
            vm.new_piece(before),
            super::protocol::plain(vm, sep)?,
            vm.new_piece(after),
        ],
        None => {
            let empty = vm.new_piece_ref("".into());
            [super::protocol::plain(vm, slf)?, empty.clone(), empty]
        }
    };
    Ok(vm.new_tuple(items))
}

fn rpartition<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [sep] = rest.exact::<1>(vm, "rpartition")?;
    let separator = arguments::text(vm, sep)?.text();
    let parts = text_split::rpartition(receiver(slf).text(), separator);
    let items = match vm.op(parts)? {
        Some((before, after)) => [
            vm.new_piece(before),
            super::protocol::plain(vm, sep)?,
            vm.new_piece(after),
        ],
        None => {
            let empty = vm.new_piece_ref("".into());
            [empty.clone(), empty, super::protocol::plain(vm, slf)?]
        }
    };
    Ok(vm.new_tuple(items))
}

/// The texts joined with their length in code points, or the position of the first item that is no `str`.
fn joined<M: ObjectModel>(
    separator: crate::text::slice::StrRef<'_>,
    items: &[V<M>],
) -> Result<(Wtf8Buf, usize), usize> {
    let gaps = items.len().saturating_sub(1);
    let (mut bytes, mut length) = (separator.text().len() * gaps, separator.char_len() * gaps);
    for (i, item) in items.iter().enumerate() {
        let s = item.get::<Str>().ok_or(i)?;
        bytes += s.text_bytes().len();
        length += s.len();
    }
    let mut out = Wtf8Buf::with_capacity(bytes);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_wtf8(separator.text());
        }
        if let Some(s) = item.get::<Str>() {
            out.push_wtf8(s.text());
        }
    }
    Ok((out, length))
}

impl<M: ObjectModel> Vm<M> {
    /// `separator.join(items)`; `separator` is a `str`.
    pub fn join_str(&mut self, separator: &V<M>, items: &[V<M>]) -> Res<V<M>> {
        if let [one] = items
            && one.get_exact::<Str>().is_some()
        {
            return Ok(one.clone());
        }
        match joined::<M>(receiver(separator), items) {
            Ok((text, _)) if text.len() < 2 => Ok(self.new_text(text)),
            Ok((text, length)) => Ok(self.alloc(Str::with_len(text, length))),
            Err(i) => {
                let m = format!(
                    "sequence item {i}: expected str instance, {} found",
                    self.type_name(&items[i])
                );
                Err(self.raise_type_error(m))
            }
        }
    }
}

fn join<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [iterable] = rest.exact::<1>(vm, "join")?;
    if let Some(l) = iterable.get_exact::<List<M>>() {
        return vm.join_str(slf, &l.items.borrow());
    }
    if let Some(t) = iterable.get_exact::<Tuple<M>>() {
        return vm.join_str(slf, &t.items);
    }
    if vm.slots(iterable).iter.is_none() && vm.slots(iterable).getitem.is_none() {
        return Err(vm.raise_type_error("can only join an iterable"));
    }
    let items = vm.collect_iter(iterable)?;
    vm.join_str(slf, &items)
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("split", split::<M>)
        .method("rsplit", rsplit::<M>)
        .method("splitlines", splitlines::<M>)
        .method("partition", partition::<M>)
        .method("rpartition", rpartition::<M>)
        .method("join", join::<M>)
}

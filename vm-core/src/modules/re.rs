//! Module `_re`: compiled patterns and searching with them, the part of `re` that works on characters.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::native::opaque;
use crate::object::{Args, ObjectModel, Opaque, Res, V, Value};
use crate::text::regex::{Anchor, Input, Regex, Spans};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use rustpython_wtf8::{CodePoint, Wtf8Buf};
use std::any::Any;

/// A compiled pattern.
struct Program {
    regex: Regex,
    is_bytes: bool,
}

impl<M: ObjectModel> Opaque<M> for Program {
    fn trace(&self, _: &mut M::Visitor) {}
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What is searched in, in the shortest form of its characters.
enum Subject {
    Ascii(Vec<u8>),
    Points(Vec<u32>),
    Bytes(Vec<u8>),
}

impl Subject {
    fn of<M: ObjectModel>(v: &V<M>) -> Option<Subject> {
        if let Some(s) = v.get::<Str>() {
            let bytes = s.text_bytes();
            return Some(match bytes.is_ascii() {
                true => Subject::Ascii(bytes.to_vec()),
                false => Subject::Points(s.text().code_points().map(CodePoint::to_u32).collect()),
            });
        }
        if let Some(b) = v.get::<Bytes>() {
            return Some(Subject::Bytes(b.data.to_vec()));
        }
        let b = v.get::<ByteArray>()?;
        Some(Subject::Bytes(b.data.borrow().to_vec()))
    }

    fn length(&self) -> usize {
        match self {
            Subject::Ascii(bytes) | Subject::Bytes(bytes) => bytes.len(),
            Subject::Points(points) => points.len(),
        }
    }

    fn find(&self, regex: &Regex, start: usize, end: usize, anchor: Anchor) -> Option<Spans> {
        fn on<I: Input + ?Sized>(
            input: &I,
            regex: &Regex,
            (start, end): (usize, usize),
            anchor: Anchor,
        ) -> Option<Spans> {
            regex.find(input, start, end, anchor)
        }
        match self {
            Subject::Ascii(b) | Subject::Bytes(b) => on(b.as_slice(), regex, (start, end), anchor),
            Subject::Points(p) => on(p.as_slice(), regex, (start, end), anchor),
        }
    }

    /// A part as a string of the subject's kind; empty for a group that took no part.
    fn part<M: ObjectModel>(&self, vm: &mut Vm<M>, span: Option<(usize, usize)>) -> V<M> {
        let (a, b) = span.unwrap_or((0, 0));
        match self {
            Subject::Bytes(bytes) => vm.new_bytes(bytes[a..b].to_vec()),
            Subject::Ascii(bytes) => {
                let text: String = bytes[a..b].iter().map(|&b| char::from(b)).collect();
                vm.new_str(text)
            }
            Subject::Points(points) => {
                let points = points[a..b].iter().copied();
                let text: Wtf8Buf = points.filter_map(CodePoint::from_u32).collect();
                vm.new_text(text)
            }
        }
    }
}

/// Pattern and subject of a call, checked against each other.
fn operands<'a, M: ObjectModel>(
    vm: &mut Vm<M>,
    program: &'a V<M>,
    subject: &V<M>,
) -> Res<(&'a Program, Subject)> {
    let Some(program) = opaque::<M, Program>(program) else {
        return Err(vm.raise_type_error("a compiled pattern is required"));
    };
    let message = match Subject::of::<M>(subject) {
        None => "expected string or bytes-like object",
        Some(Subject::Bytes(_)) if !program.is_bytes => {
            "cannot use a string pattern on a bytes-like object"
        }
        Some(Subject::Ascii(_) | Subject::Points(_)) if program.is_bytes => {
            "cannot use a bytes pattern on a string-like object"
        }
        Some(subject) => return Ok((program, subject)),
    };
    Err(vm.raise_type_error(message))
}

/// A position argument, which is cut to the subject's length.
fn position<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, length: usize) -> Res<usize> {
    let i = vm.index_as_isize(v, Exc::OverflowError)?;
    Ok(usize::try_from(i).unwrap_or(0).min(length))
}

/// A match as values: starts and ends of all groups in one tuple (-1 for none), and the last group or None.
fn shown<M: ObjectModel>(vm: &mut Vm<M>, found: &Spans) -> V<M> {
    let mut ends = Vec::with_capacity(found.spans.len() * 2);
    for span in &found.spans {
        let (a, b) = span.map_or((-1, -1), |(a, b)| (a as i64, b as i64));
        ends.push(vm.new_int(a));
        ends.push(vm.new_int(b));
    }
    let ends = vm.new_tuple(ends);
    let last = match found.last_index {
        Some(last) => vm.new_int(last as i64),
        None => V::<M>::none(),
    };
    vm.new_tuple(vec![ends, last])
}

/// `compile(pattern, flags)`: the program; or, for a bad pattern, a tuple of message, position and whether it is a
/// ValueError.
fn compile<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [pattern, flags] = args.exact::<2>(vm, "compile")?;
    let flags = vm.index_as_isize(flags, Exc::OverflowError)? as u32;
    let (points, is_bytes) = match Subject::of::<M>(pattern) {
        None => {
            return Err(vm.raise_type_error("first argument must be string or compiled pattern"));
        }
        Some(Subject::Bytes(b)) => (b.into_iter().map(u32::from).collect(), true),
        Some(Subject::Ascii(b)) => (b.into_iter().map(u32::from).collect(), false),
        Some(Subject::Points(p)) => (p, false),
    };
    let points: Vec<u32> = points;
    match Regex::new(&points, is_bytes, flags) {
        Ok(regex) => {
            let class = vm.native_class("SRE_Program").unwrap_or_else(V::<M>::none);
            Ok(vm.new_opaque(&class, Program { regex, is_bytes }))
        }
        Err(error) => {
            let message = vm.new_str(error.message);
            let position = match error.position {
                Some(position) => vm.new_int(position as i64),
                None => V::<M>::none(),
            };
            let is_value_error = V::<M>::bool(error.is_value_error);
            Ok(vm.new_tuple(vec![message, position, is_value_error]))
        }
    }
}

/// `info(program)`: flags, number of groups, pairs of name and number.
fn info<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [program] = args.exact::<1>(vm, "info")?;
    let Some(program) = opaque::<M, Program>(program) else {
        return Err(vm.raise_type_error("a compiled pattern is required"));
    };
    let mut names = Vec::new();
    for (name, group) in &program.regex.names {
        let pair = vec![vm.new_str(name.clone()), vm.new_int(*group as i64)];
        names.push(vm.new_tuple(pair));
    }
    let items = vec![
        vm.new_int(i64::from(program.regex.flags)),
        vm.new_int(program.regex.groups as i64),
        vm.new_tuple(names),
    ];
    Ok(vm.new_tuple(items))
}

/// `find(program, subject, pos, endpos, anchor)`: a match, or None. Anchor 0: at `pos`; 1: the whole; 2: anywhere.
fn find<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [program, subject, pos, end, anchor] = args.exact::<5>(vm, "find")?;
    let (program, subject) = operands(vm, program, subject)?;
    let pos = position(vm, pos, subject.length())?;
    let end = position(vm, end, subject.length())?;
    let anchor = match vm.index_as_isize(anchor, Exc::OverflowError)? {
        0 => Anchor::Match,
        1 => Anchor::Full,
        _ => Anchor::Search,
    };
    match subject.find(&program.regex, pos, end, anchor) {
        Some(found) => Ok(shown(vm, &found)),
        None => Ok(V::<M>::none()),
    }
}

/// Calls `each` on all matches from left to right, until it says no. After an empty match the search goes on one
/// character further.
fn scan(
    program: &Program,
    subject: &Subject,
    (pos, end): (usize, usize),
    mut each: impl FnMut(Spans) -> bool,
) {
    let mut pos = pos;
    while pos <= end {
        let Some(found) = subject.find(&program.regex, pos, end, Anchor::Search) else {
            return;
        };
        let (a, b) = found.spans[0].unwrap_or((pos, pos));
        pos = if a == b { b + 1 } else { b };
        if !each(found) {
            return;
        }
    }
}

/// `scan(program, subject, pos, endpos)`: the list of all matches.
fn scan_all<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [program, subject, pos, end] = args.exact::<4>(vm, "scan")?;
    let (program, subject) = operands(vm, program, subject)?;
    let pos = position(vm, pos, subject.length())?;
    let end = position(vm, end, subject.length())?;
    let mut all = Vec::new();
    scan(program, &subject, (pos, end), |found| {
        all.push(shown(vm, &found));
        true
    });
    Ok(vm.new_list(all))
}

/// `findall(program, subject, pos, endpos)`: as `re.findall`.
fn find_all<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [program, subject, pos, end] = args.exact::<4>(vm, "findall")?;
    let (program, subject) = operands(vm, program, subject)?;
    let pos = position(vm, pos, subject.length())?;
    let end = position(vm, end, subject.length())?;
    let mut all = Vec::new();
    scan(program, &subject, (pos, end), |found| {
        let item = match found.spans.as_slice() {
            [whole] => subject.part(vm, *whole),
            [_, only] => subject.part(vm, *only),
            [_, groups @ ..] => {
                let groups: Vec<V<M>> = groups.iter().map(|g| subject.part(vm, *g)).collect();
                vm.new_tuple(groups)
            }
            [] => V::<M>::none(),
        };
        all.push(item);
        true
    });
    Ok(vm.new_list(all))
}

/// `pieces(program, subject, count)`: for `sub`: texts between matches and matches in turn, at most `count` of these
/// (0: all). An empty match where the last one ended is passed over.
fn pieces<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [program, subject, count] = args.exact::<3>(vm, "pieces")?;
    let (program, subject) = operands(vm, program, subject)?;
    let count = usize::try_from(vm.index_as_isize(count, Exc::OverflowError)?).unwrap_or(0);
    let end = subject.length();
    let (mut all, mut done, mut last) = (Vec::new(), 0, 0);
    scan(program, &subject, (0, end), |found| {
        let (a, b) = found.spans[0].unwrap_or((last, last));
        if !(a == b && a == last && done > 0) {
            all.push(subject.part(vm, Some((last, a))));
            all.push(shown(vm, &found));
            (last, done) = (b, done + 1);
        }
        count == 0 || done < count
    });
    all.push(subject.part(vm, Some((last, end))));
    Ok(vm.new_list(all))
}

/// `empty(subject)`: an empty string of the kind of the subject.
fn empty<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [subject] = args.exact::<1>(vm, "empty")?;
    match Subject::of::<M>(subject) {
        Some(subject) => Ok(subject.part(vm, None)),
        None => Err(vm.raise_type_error("expected string or bytes-like object")),
    }
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let class = vm.new_opaque_class("SRE_Program").done();
    Ok(ModuleBuilder::new(vm, "_re")
        .hidden_class(&class)
        .function("compile", compile::<M>)
        .function("info", info::<M>)
        .function("find", find::<M>)
        .function("scan", scan_all::<M>)
        .function("findall", find_all::<M>)
        .function("pieces", pieces::<M>)
        .function("empty", empty::<M>)
        .done())
}

//! `SyntaxError` and its subclasses: where and what.

use super::{base, fields};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Raised, Res, V, Value};
use crate::types::str::Str;
use ceval_compiler::{CompileError, ErrorKind};
use fields::slot;

/// `SyntaxError.__init__`: `(msg[, (filename, lineno, offset, text)])`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    base::init(vm, v, args)?;
    if let Some(message) = args.pos.first() {
        fields::set::<M>(v, slot::MSG, message.clone());
    }
    if let [_, details] = args.pos {
        let details = vm.collect_iter(details)?;
        let [filename, line, offset, text] = details.as_slice() else {
            return Err(vm.raise_index_error("tuple index out of range"));
        };
        fields::set::<M>(v, slot::SOURCE_FILENAME, filename.clone());
        fields::set::<M>(v, slot::LINENO, line.clone());
        fields::set::<M>(v, slot::OFFSET, offset.clone());
        fields::set::<M>(v, slot::TEXT, text.clone());
    }
    Ok(())
}

/// `str()`: the message, with the file's base name and the line where they are known.
pub fn str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let message = fields::get(vm, v, slot::MSG);
    let filename = fields::get(vm, v, slot::SOURCE_FILENAME);
    let line = fields::get(vm, v, slot::LINENO);
    let file = filename.get::<Str>().map(|s| {
        let text = s.text().to_string_lossy().into_owned();
        match text.rfind('/') {
            Some(at) => text[at + 1..].to_owned(),
            None => text,
        }
    });
    let line = if line.is_exact_int() {
        line.as_int().and_then(|i| i.to_i64())
    } else {
        None
    };
    let message = vm.str(&message)?;
    let place = match (file, line) {
        (Some(f), Some(l)) => format!(" ({f}, line {l})"),
        (Some(f), None) => format!(" ({f})"),
        (None, Some(l)) => format!(" (line {l})"),
        (None, None) => return Ok(message),
    };
    let mut text = match message.get::<Str>() {
        Some(s) => s.text().to_owned(),
        None => rustpython_wtf8::Wtf8Buf::new(),
    };
    text.push_str(&place);
    Ok(vm.new_text(text))
}

fn class_of(kind: ErrorKind) -> Exc {
    match kind {
        ErrorKind::SyntaxError => Exc::SyntaxError,
        ErrorKind::IndentationError => Exc::IndentationError,
        ErrorKind::TabError => Exc::TabError,
        ErrorKind::ValueError => Exc::ValueError,
        ErrorKind::SystemError => Exc::SystemError,
        ErrorKind::RecursionError => Exc::RecursionError,
        ErrorKind::OverflowError => Exc::OverflowError,
        ErrorKind::MemoryError => Exc::MemoryError,
        ErrorKind::UnicodeDecodeError => Exc::UnicodeDecodeError,
    }
}

impl<M: ObjectModel> Vm<M> {
    /// Raises what the compiler found. `line_text` is the source line for errors that carry none.
    #[cold]
    pub fn raise_compile_error(
        &mut self,
        error: &CompileError,
        line_text: Option<String>,
    ) -> Raised {
        let exc = class_of(error.kind);
        if !error.kind.is_syntax_error() {
            return match (exc, error.message.is_empty()) {
                (_, true) => self.raise_with(exc, Vec::new()),
                (Exc::UnicodeDecodeError, _) => self.raise(
                    Exc::SyntaxError,
                    format!("(unicode error) {}", error.message),
                ),
                _ => self.raise(exc, error.message.clone()),
            };
        }
        let none = V::<M>::none;
        let message = self.new_str(error.message.clone());
        let filename = self.new_str(error.filename.clone());
        let line = error.line.map_or_else(none, |n| self.new_int(i64::from(n)));
        let offset = error
            .offset
            .map_or_else(none, |n| self.new_int(i64::from(n)));
        let text = match error.text.clone().or(line_text) {
            Some(t) => self.new_str(t),
            None => none(),
        };
        let details = self.new_tuple(vec![
            filename.clone(),
            line.clone(),
            offset.clone(),
            text.clone(),
        ]);
        let e = self.new_exception(exc, vec![message.clone(), details]);
        fields::set::<M>(&e, slot::MSG, message);
        fields::set::<M>(&e, slot::SOURCE_FILENAME, filename);
        fields::set::<M>(&e, slot::LINENO, line);
        fields::set::<M>(&e, slot::OFFSET, offset);
        fields::set::<M>(&e, slot::TEXT, text);
        self.raise_value(e)
    }
}

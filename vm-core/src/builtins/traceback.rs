//! What is printed for an exception that nobody catches, and by module `traceback`.
//!
//! CPython `Python/pythonrun.c` (`print_exception_recursive`) and `Python/traceback.c`.
//! Nothing recurses: a chain of causes and contexts is walked first and printed from its start.

use super::source_lines::find_line;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{ObjectModel, V, Value};
use crate::types::class::Type;
use crate::types::code::Code;
use crate::types::exception::Exception;
use crate::types::frame::FrameObject;
use crate::types::function::Function;
use crate::types::str::Str;
use crate::types::traceback::Traceback;
use std::fmt::Write;

/// Entries of a traceback that are shown; earlier ones are left out (`sys.tracebacklimit`).
const LIMIT: usize = 1000;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// One entry of a traceback.
#[derive(Debug, Clone)]
pub struct TracebackLine {
    /// `co_filename`.
    pub filename: String,
    /// `tb_lineno`.
    pub line: u32,
    /// `co_name`.
    pub name: String,
}

/// The code object of a frame object.
pub fn code_of_frame<M: ObjectModel>(frame: &V<M>) -> Option<V<M>> {
    let f = frame.get::<FrameObject<M>>()?;
    Some(f.function.get::<Function<M>>()?.code.load())
}

/// The entries of a traceback object, outermost first.
pub fn entries<M: ObjectModel>(traceback: &V<M>) -> Vec<TracebackLine> {
    let mut out = Vec::new();
    let mut at = traceback.clone();
    loop {
        let next = match at.get::<Traceback<M>>() {
            Some(tb) => {
                let code = code_of_frame::<M>(&tb.frame.load());
                if let Some(c) = code.as_ref().and_then(|c| c.get::<Code<M>>()) {
                    out.push(TracebackLine {
                        filename: c.object.filename.clone(),
                        line: tb.lineno,
                        name: c.object.name.clone(),
                    });
                }
                tb.next.load()
            }
            None => return out,
        };
        at = next;
    }
}

/// One entry as text, with its source line where it can be read.
pub fn format_entry(entry: &TracebackLine, path: &[String]) -> String {
    let TracebackLine {
        filename,
        line,
        name,
    } = entry;
    let mut text = format!("  File \"{filename}\", line {line}, in {name}\n");
    if let Some(source) = find_line(filename, *line, path) {
        let source = source.trim_start_matches([' ', '\t', '\x0c']);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    {source}");
    }
    text
}

impl<M: ObjectModel> Vm<M> {
    /// An uncaught exception with its traceback and everything it is chained to.
    pub fn format_uncaught(&mut self, value: &V<M>) -> String {
        let mut text = String::new();
        for (link, before) in chain::<M>(value) {
            text.push_str(before);
            text.push_str(&self.format_one(&link));
        }
        text
    }

    /// One exception: traceback and message, without its chain.
    pub fn format_one(&mut self, value: &V<M>) -> String {
        let traceback = value.get::<Exception<M>>().and_then(|e| e.traceback.get());
        let mut text = match traceback {
            Some(tb) => self.format_traceback(&tb),
            None => String::new(),
        };
        text.push_str(&self.format_exception_only(value));
        text
    }

    /// A traceback object as text, with its heading.
    pub fn format_traceback(&mut self, traceback: &V<M>) -> String {
        let entries = entries::<M>(traceback);
        let mut text = "Traceback (most recent call last):\n".to_owned();
        let path = self.options.path.clone();
        for entry in &entries[entries.len().saturating_sub(LIMIT)..] {
            text.push_str(&format_entry(entry, &path));
        }
        text
    }

    /// The last line or lines: class and message, before them a SyntaxError's place.
    pub fn format_exception_only(&mut self, value: &V<M>) -> String {
        let mut text = String::new();
        let mut shown = value.clone();
        if self.is_exception_of(value, Exc::SyntaxError)
            && let Some(message) = self.format_place(value, &mut text)
        {
            shown = message;
        }
        text.push_str(&self.qualified_class_name(value));
        if !shown.is_none() {
            match self.str_text(&shown) {
                Ok(s) if s.is_empty() => {}
                Ok(s) => {
                    text.push_str(": ");
                    text.push_str(&s);
                }
                Err(_) => {
                    drop(self.take_raised());
                    text.push_str(": <exception str() failed>");
                }
            }
        }
        text.push('\n');
        text
    }

    /// The class's name with its module, unless that is `builtins`.
    fn qualified_class_name(&mut self, value: &V<M>) -> String {
        let class = self.type_of(value);
        let name = match class.get::<Type<M>>() {
            Some(t) => self.text_of(&t.name.load()),
            None => String::new(),
        };
        let module = match self.find_attr(&class, "__module__") {
            Ok(m) => m,
            Err(_) => {
                drop(self.take_raised());
                None
            }
        };
        match module {
            Some(m) if m.get::<Str>().is_some() => match self.text_of(&m).as_str() {
                "builtins" => name,
                module => format!("{module}.{name}"),
            },
            _ => format!("<unknown>.{name}"),
        }
    }

    /// Writes file, line, source text and caret of a SyntaxError; gives its message. Nothing
    /// is written if the attributes are not what they should be.
    fn format_place(&mut self, value: &V<M>, out: &mut String) -> Option<V<M>> {
        let mut field = |name| match self.find_attr(value, name) {
            Ok(v) => v,
            Err(_) => {
                drop(self.take_raised());
                None
            }
        };
        let message = field("msg")?;
        let filename = field("filename")?;
        let line = field("lineno")?.as_int()?.to_i64()?;
        let offset = field("offset")?;
        let text = field("text")?;
        let offset = if offset.is_none() {
            -1
        } else {
            offset.as_int()?.to_i64()?
        };
        let filename = if filename.is_none() {
            "<string>".to_owned()
        } else {
            self.text_of(&filename)
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  File \"{filename}\", line {line}");
        if text.get::<Str>().is_some() {
            let text = self.text_of(&text);
            write_text_and_caret(out, &text, offset);
        }
        Some(message)
    }

    /// Prints an exception that nobody can catch: one of a finalizer or a callback, `source`.
    pub fn write_unraisable(&mut self, error: &V<M>, source: &V<M>) {
        let source = match self.repr_text(source) {
            Ok(text) => text,
            Err(_) => {
                drop(self.take_raised());
                format!("<{}>", self.type_name(source))
            }
        };
        let text = format!("Exception ignored in: {source}\n{}", self.format_one(error));
        self.write_error(&text);
    }

    /// Prints an exception that nobody has caught: through `sys.excepthook` if a program has
    /// replaced it, else to standard error.
    pub fn print_uncaught(&mut self, value: &V<M>) {
        let hook = self.sys_attr("excepthook");
        let original = self.sys_attr("__excepthook__");
        if let (Some(hook), Some(original)) = (hook, original)
            && !hook.is(&original)
        {
            let traceback = value.get::<Exception<M>>().and_then(|e| e.traceback.get());
            let args = [
                self.type_of(value),
                value.clone(),
                traceback.unwrap_or_else(V::<M>::none),
            ];
            if self.call_values(&hook, &args).is_ok() {
                return;
            }
            let second = self.take_raised();
            let text = format!(
                "Error in sys.excepthook:\n{}\nOriginal exception was:\n",
                self.format_uncaught(&second)
            );
            self.write_error(&text);
        }
        let text = self.format_uncaught(value);
        self.write_error(&text);
    }
}

/// The exceptions to print, first to last, each with the words that come before it.
fn chain<M: ObjectModel>(value: &V<M>) -> Vec<(V<M>, &'static str)> {
    let mut links = vec![value.clone()];
    let mut words = Vec::new();
    let mut at = value.clone();
    while let Some(e) = at.get::<Exception<M>>() {
        let (next, word) = match (e.cause.get(), e.context.get()) {
            (Some(cause), _) => (cause, CAUSE),
            (None, Some(context)) if !e.suppress_context.get() => (context, CONTEXT),
            _ => break,
        };
        if links.iter().any(|l| l.is(&next)) {
            break;
        }
        links.push(next.clone());
        words.push(word);
        at = next;
    }
    words.insert(0, "");
    // `words[i]` leads from link `i` up to link `i - 1`; printing goes from the last link down.
    let mut out = Vec::new();
    let count = links.len();
    for (i, link) in links.into_iter().enumerate().rev() {
        let before = if i + 1 == count { "" } else { words[i + 1] };
        out.push((link, before));
    }
    out
}

/// The source line of a SyntaxError and, unless `offset` is -1, a caret below its column.
fn write_text_and_caret(out: &mut String, text: &str, mut offset: i64) {
    let mut rest = text;
    if offset >= 0 {
        if offset > 0 && offset as usize == rest.len() && rest.ends_with('\n') {
            offset -= 1;
        }
        while let Some(newline) = rest.find('\n') {
            if newline as i64 >= offset {
                break;
            }
            offset -= newline as i64 + 1;
            rest = &rest[newline + 1..];
        }
        let trimmed = rest.trim_start_matches([' ', '\t', '\x0c']);
        offset -= (rest.len() - trimmed.len()) as i64;
        rest = trimmed;
    }
    out.push_str("    ");
    out.push_str(rest);
    if !rest.ends_with('\n') {
        out.push('\n');
    }
    if offset == -1 {
        return;
    }
    out.push_str("    ");
    out.extend(std::iter::repeat_n(' ', (offset - 1).max(0) as usize));
    out.push_str("^\n");
}

#[cfg(test)]
mod tests {
    use super::write_text_and_caret;

    fn shown(text: &str, offset: i64) -> String {
        let mut out = String::new();
        write_text_and_caret(&mut out, text, offset);
        out
    }

    #[test]
    fn carets() {
        assert_eq!(shown("import\n", 7), "    import\n         ^\n");
        assert_eq!(shown("yield x\n", 0), "    yield x\n    ^\n");
        assert_eq!(shown("  break\n", 6), "    break\n       ^\n");
        assert_eq!(shown("global a", -1), "    global a\n");
        assert_eq!(shown("a\nb c\n", 5), "    b c\n      ^\n");
        assert_eq!(shown("", 9), "    \n            ^\n");
    }
}

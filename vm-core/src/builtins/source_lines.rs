//! Lines of source files, for tracebacks, warnings and syntax errors.

use std::fs::File;
use std::io::{BufRead, BufReader};

/// Line `number` (from 1) of a file, without its line end; `None` if there is none or the file
/// cannot be read. Costs a read of the file up to the line.
pub fn line_of_file(filename: &str, number: u32) -> Option<String> {
    if filename.starts_with('<') || number == 0 {
        return None;
    }
    let line = read_line(filename, number)?;
    let text = line.strip_suffix(b"\n").unwrap_or(&line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    Some(to_text(text))
}

/// The bytes of a line with its end, without a byte order mark.
fn read_line(filename: &str, number: u32) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(File::open(filename).ok()?);
    let mut line = Vec::new();
    for _ in 0..number {
        line.clear();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
    }
    if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
        line.drain(..3);
    }
    Some(line)
}

fn to_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(t) => t.to_owned(),
        // An encoding declaration is not looked for: the line is shown, not interpreted.
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

/// Bytes of a line that CPython reads at once for the text of a SyntaxError.
const CHUNK: usize = 999;

/// The `text` of a SyntaxError that the compiler proper finds: the line without its indentation.
/// Of a long line CPython keeps what the last of several reads gave.
pub fn error_line(filename: &str, number: u32) -> Option<String> {
    if filename.starts_with('<') || number == 0 {
        return None;
    }
    let line = read_line(filename, number)?;
    let last = line.chunks(CHUNK).next_back()?;
    let text = to_text(last);
    Some(text.trim_start_matches([' ', '\t', '\x0c']).to_owned())
}

/// Line `number` of the file of that name, or of the file's base name in one of the `path` folders.
pub fn find_line(filename: &str, number: u32, path: &[String]) -> Option<String> {
    if let Some(line) = line_of_file(filename, number) {
        return Some(line);
    }
    if std::path::Path::new(filename).exists() || filename.starts_with('<') {
        return None;
    }
    let tail = filename.rsplit('/').next()?;
    path.iter().find_map(|folder| {
        let file = std::path::Path::new(folder).join(tail);
        line_of_file(&file.to_string_lossy(), number)
    })
}

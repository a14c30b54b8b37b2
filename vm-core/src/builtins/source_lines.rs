//! Lines of source files, for tracebacks, warnings and syntax errors.

use std::fs::File;
use std::io::{BufRead, BufReader};

/// Line `number` (from 1) of a file, without its line end; `None` if there is none or the file
/// cannot be read. Costs a read of the file up to the line.
pub fn line_of_file(filename: &str, number: u32) -> Option<String> {
    if filename.starts_with('<') || number == 0 {
        return None;
    }
    let mut reader = BufReader::new(File::open(filename).ok()?);
    let mut line = Vec::new();
    for _ in 0..number {
        line.clear();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
    }
    let text = match line.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) if number == 1 => rest,
        _ => &line,
    };
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    Some(match std::str::from_utf8(text) {
        Ok(t) => t.to_owned(),
        // An encoding declaration is not looked for: the line is shown, not interpreted.
        Err(_) => text.iter().map(|&b| char::from(b)).collect(),
    })
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
    path.iter()
        .find_map(|folder| line_of_file(&format!("{folder}/{tail}"), number))
}

//! The encoding declaration of PEP 263: `# -*- coding: NAME -*-` in the first two lines.

/// A declaration.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cookie {
    /// The encoding's name; the common spellings of UTF-8 and Latin-1 are made one.
    pub name: String,
    /// The line it stands on, from 1.
    pub line: u32,
}

/// Finds the declaration, if there is one. The second line only counts if the first holds
/// nothing but white space and a comment.
pub(super) fn find_cookie(source: &[u8]) -> Option<Cookie> {
    let mut lines = source.split(|&c| c == b'\n' || c == b'\r');
    let first = lines.next()?;
    if let Some(name) = declared_name(first) {
        return Some(Cookie { name, line: 1 });
    }
    if !is_blank_or_comment(first) {
        return None;
    }
    let mut second = lines.next()?;
    if second.is_empty() && source.get(first.len()..first.len() + 2) == Some(b"\r\n") {
        second = lines.next()?;
    }
    declared_name(second).map(|name| Cookie { name, line: 2 })
}

fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\x0c')
}

fn is_blank_or_comment(line: &[u8]) -> bool {
    line.iter()
        .find(|&&c| !is_space(c))
        .is_none_or(|&c| c == b'#')
}

/// The name after `coding:` or `coding=` in a comment that has the line for itself.
fn declared_name(line: &[u8]) -> Option<String> {
    let hash = line.iter().position(|&c| !is_space(c))?;
    if line[hash] != b'#' {
        return None;
    }
    let mut rest = &line[hash..];
    loop {
        let at = memchr::memmem::find(rest, b"coding")?;
        rest = &rest[at + b"coding".len()..];
        if !matches!(rest.first(), Some(b':' | b'=')) {
            continue;
        }
        let value = &rest[1..];
        let start = value
            .iter()
            .position(|&c| !matches!(c, b' ' | b'\t'))
            .unwrap_or(value.len());
        let value = &value[start..];
        let length = value
            .iter()
            .position(|&c| !(c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.')))
            .unwrap_or(value.len());
        if length > 0 {
            return Some(normal_name(&String::from_utf8_lossy(&value[..length])));
        }
    }
}

/// The usual spellings of UTF-8 and Latin-1 made one, others as they are.
fn normal_name(name: &str) -> String {
    let start: String = name
        .chars()
        .take(12)
        .map(|c| {
            if c == '_' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let is = |known: &str| {
        start
            .strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if is("utf-8") {
        "utf-8".to_owned()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(source: &str) -> Option<String> {
        find_cookie(source.as_bytes()).map(|cookie| cookie.name)
    }

    #[test]
    fn declarations() {
        assert_eq!(
            name("# -*- coding: UTF_8-unix -*-\n").as_deref(),
            Some("utf-8")
        );
        assert_eq!(
            name("#!x\r\n# vim: fileencoding=cp1252\r\n").as_deref(),
            Some("cp1252")
        );
        assert_eq!(name(" \t# coding:Latin-1").as_deref(), Some("iso-8859-1"));
        assert_eq!(name("# coding coding: koi8-r").as_deref(), Some("koi8-r"));
        assert_eq!(name("x = 1\n# coding: cp1252\n"), None);
        assert_eq!(name("\n\n# coding: cp1252\n"), None);
        assert_eq!(name("x = 1 # coding: cp1252\n"), None);
        assert_eq!(name("# coding:\n"), None);
    }
}

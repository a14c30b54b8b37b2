//! `isalpha` and its kin, `upper` and its kin, of `bytes`.

use super::is_space;

fn all(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&b| test(b))
}

/// `bytes.isalpha()`
pub fn isalpha(bytes: &[u8]) -> bool {
    all(bytes, |b| b.is_ascii_alphabetic())
}

/// `bytes.isalnum()`
pub fn isalnum(bytes: &[u8]) -> bool {
    all(bytes, |b| b.is_ascii_alphanumeric())
}

/// `bytes.isdigit()`
pub fn isdigit(bytes: &[u8]) -> bool {
    all(bytes, |b| b.is_ascii_digit())
}

/// `bytes.isspace()`
pub fn isspace(bytes: &[u8]) -> bool {
    all(bytes, is_space)
}

/// `bytes.isupper()`
pub fn isupper(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
}

/// `bytes.islower()`
pub fn islower(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
}

/// `bytes.istitle()`
pub fn istitle(bytes: &[u8]) -> bool {
    let (mut cased, mut previous_cased) = (false, false);
    for &b in bytes {
        // An upper case letter must start a word, a lower case one must not.
        if b.is_ascii_alphabetic() && b.is_ascii_uppercase() == previous_cased {
            return false;
        }
        previous_cased = b.is_ascii_alphabetic();
        cased |= previous_cased;
    }
    cased
}

/// `bytes.upper()`
pub fn upper(bytes: &[u8]) -> Vec<u8> {
    bytes.to_ascii_uppercase()
}

/// `bytes.lower()`
pub fn lower(bytes: &[u8]) -> Vec<u8> {
    bytes.to_ascii_lowercase()
}

/// `bytes.swapcase()`
pub fn swapcase(bytes: &[u8]) -> Vec<u8> {
    // The cases of an ASCII letter differ in one bit.
    bytes
        .iter()
        .map(|&b| if b.is_ascii_alphabetic() { b ^ 0x20 } else { b })
        .collect()
}

/// `bytes.capitalize()`
pub fn capitalize(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// `bytes.title()`
pub fn title(bytes: &[u8]) -> Vec<u8> {
    let mut previous_cased = false;
    let convert = |&b: &u8| {
        let out = if previous_cased {
            b.to_ascii_lowercase()
        } else {
            b.to_ascii_uppercase()
        };
        previous_cased = b.is_ascii_alphabetic();
        out
    };
    bytes.iter().map(convert).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests() {
        assert!(
            isalpha(b"aB")
                && !isalpha(b"")
                && !isalpha(b"\xe9")
                && isalnum(b"a1")
                && isdigit(b"12")
                && isspace(b" \x0c")
        );
        assert!(isupper(b"A1") && !isupper(b"1") && islower(b"a1") && !islower(b"aB"));
        assert!(istitle(b"A1B Cd") && !istitle(b"AB") && !istitle(b"a") && !istitle(b"1"));
    }

    #[test]
    fn conversions() {
        assert_eq!(title(b"they're x1a"), b"They'Re X1A");
        assert_eq!(swapcase(b"aB\xe9"), b"Ab\xe9");
        assert_eq!(
            (
                capitalize(b"aBC"),
                capitalize(b""),
                upper(b"a\xe9"),
                lower(b"A")
            ),
            (b"Abc".to_vec(), vec![], b"A\xe9".to_vec(), b"a".to_vec())
        );
    }
}

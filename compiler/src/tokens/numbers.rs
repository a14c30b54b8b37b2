//! The values of numeric literals, as CPython 3.5's `parsenumber` in `Python/ast.c`.

use ceval_bytecode::int_digits::parse_digits;
use num_bigint::BigInt;

use crate::ast::Number;

/// The value of the NUMBER token `text`. Underscores are skipped: the tokenizer has checked
/// where they stand. Floats too large become infinite, as in CPython.
pub(crate) fn parse_number(text: &str) -> Number {
    if text.len() < 19 && text.bytes().all(|c| c.is_ascii_digit()) {
        let value = text.bytes().fold(0u64, |n, c| n * 10 + u64::from(c - b'0'));
        return Number::Int(BigInt::from(value));
    }
    let without_underscores;
    let text = if text.contains('_') {
        without_underscores = text.replace('_', "");
        &without_underscores
    } else {
        text
    };
    let bytes = text.as_bytes();
    let radix = match bytes {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 10,
    };
    if radix != 10 {
        return Number::Int(parse_digits(&bytes[2..], radix).into());
    }
    if let Some(imaginary) = text.strip_suffix(['j', 'J']) {
        return Number::Imaginary(parse_float(imaginary));
    }
    if bytes.iter().all(u8::is_ascii_digit) {
        return Number::Int(parse_digits(bytes, 10).into());
    }
    Number::Float(parse_float(text))
}

fn parse_float(text: &str) -> f64 {
    text.parse()
        .expect("the tokenizer only makes numbers that Rust reads too")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_their_values() {
        let int = |n: i64| Number::Int(BigInt::from(n));
        assert_eq!(parse_number("0"), int(0));
        assert_eq!(parse_number("00"), int(0));
        assert_eq!(
            parse_number("999999999999999999"),
            int(999_999_999_999_999_999)
        );
        assert_eq!(parse_number("0xFf"), int(255));
        assert_eq!(parse_number("0O17"), int(15));
        assert_eq!(parse_number("0b_101"), int(5));
        assert_eq!(parse_number("1_000"), int(1000));
        assert_eq!(parse_number("1."), Number::Float(1.0));
        assert_eq!(parse_number(".5e-1"), Number::Float(0.05));
        assert_eq!(parse_number("1e999"), Number::Float(f64::INFINITY));
        assert_eq!(parse_number("1_0.2_5"), Number::Float(10.25));
        assert_eq!(parse_number("3J"), Number::Imaginary(3.0));
        assert_eq!(parse_number("0077.5j"), Number::Imaginary(77.5));
        assert_eq!(
            parse_number("100000000000000000000").clone(),
            Number::Int(BigInt::from(10u8).pow(20))
        );
    }
}

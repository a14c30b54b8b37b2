//! Folding of `'...' % constant`: printf-style formatting of constants.
//!
//! Bytes are handled as text of code points below 256. `None` stands for every error, and
//! leaves the expression for run time. Source: CPython 3.5 `PyUnicode_Format` in
//! `Objects/unicodeobject.c`, `_PyBytes_Format` in `Objects/bytesobject.c`.

use ceval_bytecode::Constant;
use ceval_bytecode::float_format::{FloatFlags, double_to_string};
use ceval_bytecode::repr::{ascii_str, repr_constant};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rustpython_wtf8::{CodePoint, Wtf8Buf};

use super::fold::{as_float, as_int};

/// Wider or more precise fields are left for run time: the result would be too long anyway.
const MAX_WIDTH: usize = 200;

/// `template % arguments` for a `str` or `bytes` template.
pub(super) fn interpolate(template: &Constant, arguments: &Constant) -> Option<Constant> {
    let (text, is_bytes) = match template {
        Constant::Str(text) => (code_points(text), false),
        Constant::Bytes(bytes) => (bytes.iter().map(|&b| u32::from(b)).collect(), true),
        _ => return None,
    };
    let (arguments, may_be_left) = match arguments {
        Constant::Tuple(items) => (items.as_slice(), false),
        // Bytes can be subscripted, and then need not be used up, like a dict.
        Constant::Bytes(_) if !is_bytes => (std::slice::from_ref(arguments), true),
        single => (std::slice::from_ref(single), false),
    };
    let mut formatter = Formatter {
        text: &text,
        place: 0,
        arguments: arguments.iter(),
        is_bytes,
        out: Vec::new(),
    };
    formatter.run()?;
    if !may_be_left && formatter.arguments.next().is_some() {
        return None;
    }
    let out = formatter.out;
    if is_bytes {
        let bytes = out.into_iter().map(u8::try_from);
        return bytes.collect::<Result<_, _>>().ok().map(Constant::Bytes);
    }
    let out: Option<Wtf8Buf> = out.into_iter().map(CodePoint::from_u32).collect();
    out.map(Constant::Str)
}

fn code_points(text: &rustpython_wtf8::Wtf8) -> Vec<u32> {
    text.code_points().map(CodePoint::to_u32).collect()
}

fn ascii(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

#[derive(Default)]
struct Spec {
    left: bool,
    sign: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

struct Formatter<'a> {
    text: &'a [u32],
    place: usize,
    arguments: std::slice::Iter<'a, Constant>,
    is_bytes: bool,
    out: Vec<u32>,
}

impl Formatter<'_> {
    fn next_char(&mut self) -> Option<char> {
        let code_point = *self.text.get(self.place)?;
        self.place += 1;
        char::from_u32(code_point)
    }

    fn run(&mut self) -> Option<()> {
        while let Some(&code_point) = self.text.get(self.place) {
            self.place += 1;
            if code_point == u32::from('%') {
                self.field()?;
            } else {
                self.out.push(code_point);
            }
        }
        Some(())
    }

    /// A number in the template, or `*` for the next argument.
    fn size(&mut self, mut c: char) -> Option<(i64, char)> {
        if c == '*' {
            let value = match self.arguments.next()? {
                value @ (Constant::Int(_) | Constant::True | Constant::False) => as_int(value)?,
                _ => return None,
            };
            return Some((value.to_i64()?, self.next_char()?));
        }
        let mut value = 0i64;
        while let Some(digit) = c.to_digit(10) {
            value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
            c = self.next_char()?;
        }
        Some((value, c))
    }

    fn field(&mut self) -> Option<()> {
        let mut spec = Spec::default();
        let mut c = self.next_char()?;
        loop {
            match c {
                '-' => spec.left = true,
                '+' => spec.sign = true,
                ' ' => spec.blank = true,
                '#' => spec.alternate = true,
                '0' => spec.zero = true,
                _ => break,
            }
            c = self.next_char()?;
        }
        let width;
        (width, c) = self.size(c)?;
        spec.left |= width < 0;
        spec.width = usize::try_from(width.unsigned_abs()).ok()?;
        if c == '.' {
            c = self.next_char()?;
            let precision;
            (precision, c) = self.size(c)?;
            spec.precision = Some(usize::try_from(precision.max(0)).ok()?);
        }
        if spec.width > MAX_WIDTH || spec.precision.is_some_and(|p| p > MAX_WIDTH) {
            return None;
        }
        if matches!(c, 'h' | 'l' | 'L') {
            c = self.next_char()?;
        }
        if c == '%' {
            self.out.push(u32::from('%'));
            return Some(());
        }
        let argument = self.arguments.next()?;
        let is_number = !matches!(c, 's' | 'r' | 'a' | 'b' | 'c');
        let body = match c {
            's' | 'r' | 'a' | 'b' => {
                let mut body = self.text_of(c, argument)?;
                body.truncate(spec.precision.unwrap_or(usize::MAX));
                body
            }
            'c' => vec![self.character(argument)?],
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => ascii(&integer(c, argument, &spec)?),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => ascii(&float(c, argument, &spec)?),
            _ => return None,
        };
        self.pad(body, c, is_number, &spec);
        Some(())
    }

    fn text_of(&self, conversion: char, argument: &Constant) -> Option<Vec<u32>> {
        if self.is_bytes {
            return match (conversion, argument) {
                ('s' | 'b', Constant::Bytes(bytes)) => {
                    Some(bytes.iter().map(|&byte| u32::from(byte)).collect())
                }
                ('r' | 'a', _) => Some(ascii(&to_ascii(argument))),
                _ => None,
            };
        }
        match (conversion, argument) {
            ('s', Constant::Str(text)) => Some(code_points(text)),
            ('s' | 'r', _) => Some(ascii(&repr_constant(argument))),
            ('a', _) => Some(ascii(&to_ascii(argument))),
            _ => None,
        }
    }

    fn character(&self, argument: &Constant) -> Option<u32> {
        let limit = if self.is_bytes { 0x100 } else { 0x11_0000 };
        match argument {
            Constant::Str(text) if !self.is_bytes => match code_points(text).as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            Constant::Bytes(bytes) if self.is_bytes => match bytes.as_slice() {
                [only] => Some(u32::from(*only)),
                _ => None,
            },
            other => as_int(other)?.to_u32().filter(|&value| value < limit),
        }
    }

    /// Appends a field, padded to its width. A sign and a base prefix come before zeros.
    fn pad(&mut self, mut body: Vec<u32>, conversion: char, is_number: bool, spec: &Spec) {
        let mut head = Vec::new();
        if is_number {
            match body.first().copied().and_then(char::from_u32) {
                Some(sign @ ('-' | '+')) => {
                    head.push(u32::from(sign));
                    body.remove(0);
                }
                _ if spec.sign => head.push(u32::from('+')),
                _ if spec.blank => head.push(u32::from(' ')),
                _ => {}
            }
            if spec.alternate && matches!(conversion, 'x' | 'X' | 'o') {
                head.extend(body.drain(..2));
            }
        }
        let fill = spec.width.saturating_sub(head.len() + body.len());
        let padding = |c: char| std::iter::repeat_n(u32::from(c), fill);
        if spec.left {
            self.out.extend(head);
            self.out.extend(body);
            self.out.extend(padding(' '));
        } else if is_number && spec.zero {
            self.out.extend(head);
            self.out.extend(padding('0'));
            self.out.extend(body);
        } else {
            self.out.extend(padding(' '));
            self.out.extend(head);
            self.out.extend(body);
        }
    }
}

fn to_ascii(constant: &Constant) -> String {
    match constant {
        Constant::Str(text) => ascii_str(text),
        other => {
            let repr = repr_constant(other);
            let mut out = String::new();
            for c in repr.chars() {
                match u32::from(c) {
                    0..0x80 => out.push(c),
                    code @ 0x80..0x100 => out.push_str(&format!("\\x{code:02x}")),
                    code @ 0x100..0x1_0000 => out.push_str(&format!("\\u{code:04x}")),
                    code => out.push_str(&format!("\\U{code:08x}")),
                }
            }
            out
        }
    }
}

fn integer(conversion: char, argument: &Constant, spec: &Spec) -> Option<String> {
    let value = match (conversion, argument) {
        ('d' | 'i' | 'u', Constant::Float(value)) => BigInt::from_f64(value.trunc())?,
        _ => as_int(argument)?,
    };
    let digits = match conversion {
        'o' => value.magnitude().to_str_radix(8),
        'x' => value.magnitude().to_str_radix(16),
        'X' => value.magnitude().to_str_radix(16).to_uppercase(),
        _ => value.magnitude().to_string(),
    };
    let sign = if value.sign() == num_bigint::Sign::Minus {
        "-"
    } else {
        ""
    };
    let prefix = match conversion {
        'o' | 'x' | 'X' if spec.alternate => format!("0{conversion}"),
        _ => String::new(),
    };
    let precision = spec.precision.unwrap_or(0);
    Some(format!("{sign}{prefix}{digits:0>precision$}"))
}

fn float(conversion: char, argument: &Constant, spec: &Spec) -> Option<String> {
    let flags = FloatFlags {
        alternate: spec.alternate,
        add_dot_0: false,
    };
    let precision = spec.precision.unwrap_or(6);
    Some(double_to_string(
        as_float(argument)?,
        conversion,
        precision,
        flags,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(template: &str, arguments: Vec<Constant>) -> Option<String> {
        match interpolate(&Constant::Str(template.into()), &Constant::Tuple(arguments)) {
            Some(Constant::Str(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    #[test]
    fn fields() {
        let int = |value: i64| Constant::Int(value.into());
        let float = Constant::Float;
        for (template, argument, expected) in [
            ("%d", int(-5), "-5"),
            ("%05d|", int(-42), "-0042|"),
            ("%-5d|", int(42), "42   |"),
            ("%+d % d", int(1), ""),
            ("%#x", int(255), "0xff"),
            ("%#08X", int(255), "0X0000FF"),
            ("%.3d", int(7), "007"),
            ("%s", Constant::None, "None"),
            ("%r", Constant::Str("a'b".into()), "\"a'b\""),
            ("%.2s", Constant::Str("abc".into()), "ab"),
            ("%a", Constant::Str("\u{e9}".into()), "'\\xe9'"),
            ("%c", int(0x20ac), "\u{20ac}"),
            ("%f", float(1.5), "1.500000"),
            ("%.0f", float(2.5), "2"),
            ("%e", float(12345.678), "1.234568e+04"),
            ("%g", float(0.0001), "0.0001"),
            ("%g", float(1e-5), "1e-05"),
            ("%g", float(1234567.0), "1.23457e+06"),
            ("%#g", float(1.0), "1.00000"),
            ("%d", float(3.9), "3"),
            ("100%% %d", int(1), "100% 1"),
        ] {
            let found = formatted(template, vec![argument]);
            let expected = (!expected.is_empty()).then(|| expected.to_owned());
            assert_eq!(found, expected, "{template}");
        }
        assert_eq!(formatted("%x", vec![float(1.0)]), None);
        assert_eq!(
            formatted("%*d", vec![int(4), int(7)]),
            Some("   7".to_owned())
        );
        assert_eq!(formatted("x", vec![int(4)]), None);
    }
}

//! Expected values are CPython's.

use super::*;

/// Formats one value by a template of one conversion without stars.
fn with(template: &str, format: impl Fn(&Layout, char) -> OpResult<String>) -> String {
    let mut out = String::new();
    for piece in Percent::of_str(Wtf8::new(template)) {
        match piece.unwrap() {
            Piece::Literal(range) => out.push_str(&template[range]),
            Piece::Conversion(c) => {
                let mut layout = c.layout;
                if let Some(Amount::Given(width)) = c.width {
                    layout.width = width;
                }
                if let Some(Amount::Given(precision)) = c.precision {
                    layout.precision = Some(precision);
                }
                out.push_str(&format(&layout, c.code.to_char_lossy()).unwrap());
            }
        }
    }
    out
}

fn int(template: &str, value: i64) -> String {
    with(template, |layout, code| {
        format_int(value.into(), layout, code)
    })
}

fn float(template: &str, x: f64) -> String {
    with(template, |layout, code| format_float(x, layout, code))
}

fn text(template: &str, text: &str) -> String {
    with(template, |layout, _| {
        format_text(text.into(), layout).map(|t| t.to_string_lossy().into_owned())
    })
}

fn error(template: &str) -> String {
    let found = Percent::of_str(Wtf8::new(template)).find_map(Result::err);
    found.map_or(String::new(), |e| e.message.into_owned())
}

#[test]
fn integers() {
    for (template, value, expected) in [
        ("<%d>", -3, "<-3>"),
        ("%05d", -3, "-0003"),
        ("%+d", 4, "+4"),
        ("% d", 5, " 5"),
        ("% +d", 5, "+5"),
        ("%#o", 8, "0o10"),
        ("%#x", 255, "0xff"),
        ("%#X", 255, "0XFF"),
        ("%-5d|", 6, "6    |"),
        ("%#.5x", 255, "0x000ff"),
        ("%.5d", -42, "-00042"),
        ("%+.3x", 10, "+00a"),
        ("%-#8o|", 8, "0o10    |"),
        ("%#08X", 255, "0X0000FF"),
        ("%08.3d", 5, "00000005"),
        ("%-05d|", 3, "3    |"),
        ("%#08x", 255, "0x0000ff"),
        ("%.d", 3, "3"),
        ("%ld", 7, "7"),
        ("%x", -255, "-ff"),
        ("%i%%", 50, "50%"),
    ] {
        assert_eq!(int(template, value), expected, "{template}");
    }
}

#[test]
fn floats() {
    for (template, x, expected) in [
        ("%f", 1.5, "1.500000"),
        ("%.0f", 2.5, "2"),
        ("%#.0f", 2.5, "2."),
        ("%08.3f", 3.24159, "0003.242"),
        ("%-11.3e|", 3.24159, "3.242e+00  |"),
        ("%g", 1e20, "1e+20"),
        ("%#g", 1.0, "1.00000"),
        ("%G", 1e-10, "1E-10"),
        ("%05f", f64::INFINITY, "00inf"),
        ("%+f", f64::NAN, "+nan"),
        ("% f", f64::INFINITY, " inf"),
        ("%-8f|", f64::NEG_INFINITY, "-inf    |"),
        ("%07.1f", -2.25, "-0002.2"),
        ("%.f", 1.5, "2"),
    ] {
        assert_eq!(float(template, x), expected, "{template}");
    }
}

#[test]
fn texts() {
    for (template, value, expected) in [
        ("%s", "abc", "abc"),
        ("%5s|", "\u{e9}", "    \u{e9}|"),
        ("%-5s|", "ab", "ab   |"),
        ("%.2s", "abc", "ab"),
        ("%05s", "x", "    x"),
        ("%.s", "abc", ""),
    ] {
        assert_eq!(text(template, value), expected, "{template}");
    }
    let layout = Layout {
        width: 4,
        precision: Some(2),
        ..Layout::default()
    };
    assert_eq!(format_bytes(b"abc", &layout), Ok(b"  ab".to_vec()));
    assert_eq!(
        format_bytes(
            b"abc",
            &Layout {
                left: true,
                ..layout
            }
        ),
        Ok(b"ab  ".to_vec())
    );
}

#[test]
fn parsing() {
    let pieces: Vec<Piece> = Percent::of_str(Wtf8::new("%(a(b)c)-*.*lq"))
        .map(|p| p.unwrap())
        .collect();
    let [Piece::Conversion(c)] = pieces.as_slice() else {
        panic!("{pieces:?}")
    };
    assert_eq!(
        (c.key.clone(), c.width, c.precision, c.at),
        (Some(2..8 - 1), Some(Amount::Star), Some(Amount::Star), 13)
    );
    assert!(c.layout.left && !c.layout.zero);
    assert_eq!(
        c.unsupported(13).message,
        "unsupported format character 'q' (0x71) at index 13"
    );
    for (template, message) in [
        ("a%", "incomplete format"),
        ("%(a", "incomplete format key"),
        ("%(a)", "incomplete format"),
        ("%5", "incomplete format"),
        ("%5.", "incomplete format"),
        ("%l", "incomplete format"),
        ("%99999999999999999999d", "width too big"),
        ("%.2147483648d", "precision too big"),
        ("100%%", ""),
    ] {
        assert_eq!(error(template), message, "{template}");
    }
    let prec = Percent::of_bytes(b"%.99999999999d").next();
    assert_eq!(prec, Some(Err(OpError::value("prec too big"))));
}

#[test]
fn odd_codes() {
    let mut template = Percent::of_str(Wtf8::new("\u{e9}%\u{e9}"));
    template.next();
    let Some(Ok(Piece::Conversion(c))) = template.next() else {
        panic!()
    };
    assert_eq!(
        (&*c.unsupported(2).message, c.at),
        ("unsupported format character '?' (0xe9) at index 2", 3)
    );
    let Some(Ok(Piece::Conversion(c))) = Percent::of_bytes(b"%\xe9").next() else {
        panic!()
    };
    assert_eq!(
        (&*c.unsupported(c.at).message, c.at),
        ("unsupported format character '?' (0xe9) at index 1", 1)
    );
    let Some(Ok(Piece::Conversion(c))) = Percent::of_str(Wtf8::new("%x")).next() else {
        panic!()
    };
    assert_eq!(
        c.number_required("str").message,
        "%x format: an integer is required, not str"
    );
    let Some(Ok(Piece::Conversion(c))) = Percent::of_str(Wtf8::new("%5%")).next() else {
        panic!()
    };
    assert!(c.code == '%');
}

#[test]
fn stars() {
    let mut layout = Layout::default();
    layout.set_width(-5);
    layout.set_precision(-2);
    assert_eq!(
        (layout.left, layout.width, layout.precision),
        (true, 5, Some(0))
    );
    layout.set_width(i64::MIN);
    assert_eq!(format_int(1.into(), &layout, 'd'), Err(OpError::memory()));
    assert_eq!(
        char_of_int(Some(-1)).unwrap_err().to_string(),
        "OverflowError: %c arg not in range(0x110000)"
    );
    assert_eq!(
        (
            char_of_int(Some(233)),
            byte_of_int(Some(255)),
            byte_of_int(Some(256)).is_err()
        ),
        (Ok('\u{e9}'.into()), Ok(255), true)
    );
}

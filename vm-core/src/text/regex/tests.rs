use super::*;

fn points(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

/// The texts of the groups of the first match anywhere, joined; `-` for none.
fn found(pattern: &str, flags: u32, text: &str) -> String {
    let regex = match Regex::new(&points(pattern), false, flags) {
        Ok(regex) => regex,
        Err(e) => return format!("{} at {:?}", e.message, e.position),
    };
    let input = points(text);
    match regex.find(input.as_slice(), 0, input.len(), Anchor::Search) {
        None => "none".to_owned(),
        Some(found) => {
            let groups = found.spans.iter().map(|span| match span {
                Some((a, b)) => text.chars().skip(*a).take(b - a).collect(),
                None => "-".to_owned(),
            });
            groups.collect::<Vec<String>>().join(",")
        }
    }
}

#[test]
fn matches() {
    for (pattern, flags, text, expected) in [
        ("a*b", 0, "xaab", "aab"),
        ("(a|ab)(c|bcd)(d*)", 0, "abcd", "abcd,a,bcd,"),
        ("(a+)(b)?", 0, "aac", "aa,aa,-"),
        ("a.*?c", 0, "abcabc", "abc"),
        ("a{2,3}?", 0, "aaaa", "aa"),
        ("(?:ab){2,}", 0, "ababab", "ababab"),
        (r"(\w+) \1", 0, "the the", "the the,the"),
        ("(?P<q>['\"]).*?(?P=q)", 0, "x'a\"b'", "'a\"b',',"),
        ("(?<=a)b", 0, "cab", "b"),
        ("(?<!a)b", 0, "abb", "b"),
        ("a(?=(b))", 0, "ab", "a,b"),
        ("a(?!b)", 0, "abac", "a"),
        ("(a)?b(?(1)c|d)", 0, "bd", "bd,-"),
        ("(?i)HeLLo", 0, "hello", "hello"),
        ("[^a-c]+", 0, "abxyc", "xy"),
        ("[]a]+", 0, "b]a", "]a"),
        ("^b$", MULTILINE, "a\nb\nc", "b"),
        ("b$", 0, "ab\n", "b"),
        (r"b\Z", 0, "ab\n", "none"),
        ("(a*)*", 0, "aa", "aa,"),
        ("(a*)+", 0, "aa", "aa,"),
        ("(?:a|(b))*", 0, "aba", "aba,b"),
        (" a  # words\n b", VERBOSE, "ab", "ab"),
        ("x{,2}y{3", 0, "xy{3", "xy{3"),
        ("(x+x+)+y", 0, "xxxxxxxxxy", "xxxxxxxxxy,xxxxxxxxx"),
        (r"\bfoo\b", 0, "a foo", "foo"),
        ("é", IGNORECASE, "É", "É"),
        ("é", IGNORECASE | ASCII, "É", "none"),
    ] {
        let expected = expected.trim_end_matches(',');
        let got = found(pattern, flags, text);
        assert_eq!(got.trim_end_matches(','), expected, "{pattern} in {text}");
    }
}

#[test]
fn refusals() {
    for (pattern, message, position) in [
        ("a)", "unbalanced parenthesis", Some(1)),
        ("(a", "missing ), unterminated subpattern", Some(0)),
        ("*a", "nothing to repeat", Some(0)),
        ("a**", "multiple repeat", Some(2)),
        ("[a", "unterminated character set", Some(0)),
        ("[b-a]", "bad character range b-a", Some(1)),
        ("a{3,2}", "min repeat greater than max repeat", Some(2)),
        (r"\", "bad escape (end of pattern)", Some(0)),
        (r"(a)\2", "invalid group reference", Some(4)),
        ("(?<=a*)b", "look-behind requires fixed-width pattern", None),
        ("(?P<1>a)", "bad character in group name '1'", Some(4)),
        ("(?z)", "unknown extension ?z", Some(1)),
    ] {
        let error = Regex::new(&points(pattern), false, 0).expect_err(pattern);
        assert_eq!(
            (error.message.as_str(), error.position),
            (message, position),
            "{pattern}"
        );
    }
}

#[test]
fn long_texts_take_no_native_stack() {
    let text = "ab".repeat(200_000);
    assert_eq!(found("(?:ab)*", 0, &text).len(), text.len());
    assert_eq!(found("(?:a|b)*?$", 0, &text).len(), text.len());
    assert_eq!(found("(?:(a)|(b))*$", 0, &text).len(), text.len() + 4);
}

//! Small sources and what CPython says of them up to its tree builder: one error each, or none.
//!
//! The errors were read off CPython 3.6.15, where it agrees with 3.5.1 on these.

use ceval_compiler::parse::parse;
use ceval_compiler::{Dialect, Mode};

/// A source, and `class|message|line|offset` or `OK`.
const SNIPPETS: &[(&str, &str)] = &[
    (
        "f(**k, *a, 1)\n",
        "SyntaxError|iterable argument unpacking follows keyword argument unpacking|1|7",
    ),
    (
        "f((a)=1, a=2)\n",
        "SyntaxError|keyword argument repeated|1|9",
    ),
    (
        "x = 'a\\\nb\n",
        "SyntaxError|EOL while scanning string literal|2|10",
    ),
    (
        "if x:\n\ty\n        z\n",
        "TabError|inconsistent use of tabs and spaces in indentation|3|10",
    ),
    (
        "def f():\n    x\n   y\n",
        "IndentationError|unindent does not match any outer indentation level|3|5",
    ),
    (
        "import a as __debug__\n",
        "SyntaxError|assignment to keyword|1|12",
    ),
    ("del f(), x\n", "SyntaxError|can't delete function call|1|4"),
    ("x = y = 1 = z\n", "SyntaxError|can't assign to literal|1|8"),
    ("1e+x\n", "SyntaxError|invalid token|1|3"),
    ("x = 'é' $\n", "SyntaxError|invalid syntax|1|9"),
    ("print x, (y)\n", "SyntaxError|invalid syntax|1|7"),
    (
        "if a: exec x\n",
        "SyntaxError|Missing parentheses in call to 'exec'|1|12",
    ),
    ("x = 1\\", "OK"),
    ("1 <> 2\n", "SyntaxError|invalid syntax|1|4"),
    (
        "'''a\nb\\\n",
        "SyntaxError|EOF while scanning triple-quoted string literal|2|8",
    ),
    (
        "x = (1,\n\n# c\n",
        "SyntaxError|unexpected EOF while parsing|3|4",
    ),
    (
        "def f(a, *, **k): pass\n",
        "SyntaxError|named arguments must follow bare *|1|12",
    ),
    (
        "lambda *: 1\n",
        "SyntaxError|named arguments must follow bare *|1|7",
    ),
    ("def f(a=1, *, b, c=2, d, **k): pass\n", "OK"),
    ("class A(x for x in y): pass\n", "OK"),
    ("f(x for x in y, )\n", "OK"),
    ("[x for x in y if lambda: 1]\n", "OK"),
    ("with (yield): pass\n", "OK"),
    ("x = *a, *b\n", "OK"),
    ("*a\n", "OK"),
    ("del *a\n", "OK"),
    ("for x in *a, b: pass\n", "SyntaxError|invalid syntax|1|10"),
    ("return\n", "OK"),
    ("(*a)\n", "OK"),
    (
        "(yield) = 1\n",
        "SyntaxError|can't assign to yield expression|1|0",
    ),
    (
        "x = yield = 1\n",
        "SyntaxError|assignment to yield expression not possible|1|4",
    ),
    (
        "a, b += 1\n",
        "SyntaxError|illegal expression for augmented assignment|1|0",
    ),
    ("None.x = 1\n", "OK"),
    (
        "f() = g() = 1\n",
        "SyntaxError|can't assign to function call|1|0",
    ),
    (
        "f(a for a in b, c=1)\n",
        "SyntaxError|Generator expression must be parenthesized if not sole argument|1|2",
    ),
    (
        "[a, f()] = 1\n",
        "SyntaxError|can't assign to function call|1|0",
    ),
    ("`a`\n", "SyntaxError|invalid syntax|1|1"),
    ("x = 0xfg\n", "SyntaxError|invalid syntax|1|8"),
    ("00\n", "OK"),
    ("09\n", "SyntaxError|invalid token|1|2"),
    ("09.5\n", "OK"),
    (
        "u'a' b'b'\n",
        "SyntaxError|cannot mix bytes and nonbytes literals|1|0",
    ),
    (
        "b'é'\n",
        "SyntaxError|bytes can only contain ASCII literal characters.|1|0",
    ),
    ("br'\\x'\n", "OK"),
    ("ur'a'\n", "SyntaxError|invalid syntax|1|5"),
    ("a.True\n", "SyntaxError|invalid syntax|1|6"),
    ("def f(x): global x\n", "OK"),
    ("f(__debug__=1)\n", "SyntaxError|assignment to keyword|1|2"),
    (
        "def __debug__(): pass\n",
        "SyntaxError|assignment to keyword|1|4",
    ),
    (
        "from a import __debug__\n",
        "SyntaxError|assignment to keyword|1|14",
    ),
    ("from a import (b)\n", "OK"),
    (
        "from a import b as __debug__\n",
        "SyntaxError|assignment to keyword|1|19",
    ),
    ("import __debug__.a\n", "OK"),
    (
        "try: pass\nexcept E as __debug__: pass\n",
        "SyntaxError|assignment to keyword|2|12",
    ),
    ("x.__debug__ = 1\n", "SyntaxError|assignment to keyword|1|0"),
    (
        "for __debug__ in x: pass\n",
        "SyntaxError|assignment to keyword|1|4",
    ),
    (
        "if 1:\n  x\n y\n",
        "IndentationError|unindent does not match any outer indentation level|3|3",
    ),
    ("  x\n", "IndentationError|unexpected indent|1|2"),
    ("x\n  y\n", "IndentationError|unexpected indent|2|2"),
    ("if x:\n", "SyntaxError|unexpected EOF while parsing|1|6"),
    ("if x:\n  y\n  ", "OK"),
    ("\\\nx = 1\n", "OK"),
    ("x = \\\n  1\n", "OK"),
    ("\\\n", "OK"),
    (
        "x\\y\n",
        "SyntaxError|unexpected character after line continuation character|1|4",
    ),
    ("(\n\\\n", "SyntaxError|unexpected EOF while parsing|2|2"),
    (
        "async def f():\n  await = 1\n",
        "SyntaxError|invalid syntax|2|9",
    ),
    ("async def f(): pass\nawait = 1\n", "OK"),
    ("async def f(x=await y): pass\n", "OK"),
    (
        "def f():\n  async with x: pass\n",
        "SyntaxError|invalid syntax|2|12",
    ),
    ("async\n", "OK"),
    ("async x\n", "SyntaxError|invalid syntax|1|7"),
    ("x = [async, await]\n", "OK"),
    ("\x0cx\n", "OK"),
    ("if x:\n\x0c  y\n", "OK"),
    ("\ty\n", "IndentationError|unexpected indent|1|1"),
    ("é = 1\n", "OK"),
    ("x = €\n", "SyntaxError|invalid character in identifier|1|5"),
    ("€\n", "SyntaxError|invalid character in identifier|1|1"),
    ("a€b\n", "SyntaxError|invalid character in identifier|1|3"),
    (
        "aé€ = 1\n",
        "SyntaxError|invalid character in identifier|1|3",
    ),
    ("x = 1;;\n", "SyntaxError|invalid syntax|1|7"),
    ("a b\n", "SyntaxError|invalid syntax|1|3"),
    ("@a\n\ndef f(): pass\n", "OK"),
    ("@a\nclass A: pass\n", "OK"),
    (
        "@a.b().c\ndef f(): pass\n",
        "SyntaxError|invalid syntax|1|7",
    ),
    ("not = 1\n", "SyntaxError|invalid syntax|1|5"),
    ("a not b\n", "SyntaxError|invalid syntax|1|7"),
    ("a is is b\n", "SyntaxError|invalid syntax|1|7"),
    (
        "x = {**a for b in c}\n",
        "SyntaxError|dict unpacking cannot be used in dict comprehension|1|4",
    ),
    (
        "{*a for b in c}\n",
        "SyntaxError|iterable unpacking cannot be used in comprehension|1|1",
    ),
    (
        "(*a for b in c)\n",
        "SyntaxError|iterable unpacking cannot be used in comprehension|1|1",
    ),
    ("{**a, **b}\n", "OK"),
    ("{a, **b}\n", "SyntaxError|invalid syntax|1|6"),
    ("{a: b, c}\n", "SyntaxError|invalid syntax|1|9"),
    (
        "{a: b for c in d, e: f}\n",
        "SyntaxError|invalid syntax|1|17",
    ),
    ("f(**a for b in c)\n", "SyntaxError|invalid syntax|1|9"),
    ("f(*a for b in c)\n", "SyntaxError|invalid syntax|1|8"),
    (
        "lambda x=1, y: 1\n",
        "SyntaxError|non-default argument follows default argument|1|7",
    ),
    ("lambda (x): 1\n", "SyntaxError|invalid syntax|1|8"),
    ("print\n", "OK"),
    ("print >>x\n", "OK"),
    ("print >>x, y\n", "OK"),
    (
        "exec 'a' in b\n",
        "SyntaxError|Missing parentheses in call to 'exec'|1|8",
    ),
    ("x print y\n", "SyntaxError|invalid syntax|1|7"),
    ("raise a, b\n", "SyntaxError|invalid syntax|1|8"),
    ("a = 5 if b\n", "SyntaxError|invalid syntax|1|11"),
    ("assert (a, b)\n", "OK"),
    ("def f(a, a): pass\n", "OK"),
];

#[test]
fn snippets_are_judged_as_by_cpython() {
    for (source, expected) in SNIPPETS {
        let found = match parse(source, "f.py", Mode::Exec, Dialect::Python35, 0) {
            Ok(_) => "OK".to_owned(),
            Err(error) => {
                let number = |n: Option<u32>| n.map_or("None".to_owned(), |n| n.to_string());
                let (line, offset) = (number(error.line), number(error.offset));
                format!(
                    "{}|{}|{line}|{offset}",
                    error.kind.class_name(),
                    error.message
                )
            }
        };
        assert_eq!(&found, expected, "{source:?}");
    }
}

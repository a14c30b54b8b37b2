"""Writes mod.rs beside this file: the Unicode 8.0 properties CPython 3.5's str methods use.

    python3.6 make_tables.py > mod.rs

CPython 3.6 carries Unicode 9.0. Code points that 9.0 added are taken out again with perl's
Present_In property; no mapping of an older code point leads to one of them.
"""
import subprocess

PERL = r'''binmode(STDOUT, ":ascii");
for my $c (0 .. 0x10FFFF) { next if $c >= 0xD800 && $c <= 0xDFFF; print "$c\n" if chr($c) =~ /\p{Present_In: 8.0}/ }'''
present = set(map(int, subprocess.check_output(["perl", "-e", PERL]).split()))
points = [c for c in range(0x80, 0x110000) if c in present]


def ranges(test):
    out = []
    for c in points:
        if test(chr(c)):
            if out and out[-1][1] == c - 1:
                out[-1][1] = c
            else:
                out.append([c, c])
    return out


def rows(items, width):
    for i in range(0, len(items), width):
        print("    " + " ".join(items[i:i + width]))


def emit_ranges(name, doc, test):
    print("/// %s" % doc)
    print("pub(super) static %s: &[(u32, u32)] = &[" % name)
    rows(["(%d, %d)," % tuple(r) for r in ranges(test)], 10)
    print("];\n")


def emit_map(name, doc, method):
    single, special = [], []
    for c in points:
        out = method(chr(c))
        if out == chr(c):
            continue
        if len(out) > 1:
            special.append((c, [ord(x) for x in out]))
        else:
            single.append((c, ord(out) - c))
    runs = []
    for c, delta in single:
        if runs and runs[-1][3] == delta:
            start, end, step, _ = runs[-1]
            if start == end and c - end in (1, 2):
                runs[-1] = (start, c, c - end, delta)
                continue
            if start != end and c - end == step:
                runs[-1] = (start, c, step, delta)
                continue
        runs.append((c, c, 1, delta))
    print("/// %s: code points `start, start+step ..= end` map to themselves plus `delta`." % doc)
    print("pub(super) static %s: &[(u32, u32, u32, i32)] = &[" % name)
    rows(["(%d, %d, %d, %d)," % r for r in runs], 6)
    print("];\n")
    print("/// %s, where one code point becomes two or three (0 fills up)." % doc)
    print("pub(super) static %s_SPECIAL: &[(u32, [u32; 3])] = &[" % name)
    rows(["(%d, %s)," % (c, (out + [0])[:3]) for c, out in special], 5)
    print("];\n")


print('''//! Unicode 8.0 properties of the code points above ASCII, as CPython 3.5 sees them.
//!
//! Written by make_tables.py in this folder; do not edit. Only data: `classify` and `case` look things up.
//! Ranges are inclusive and sorted.
''')
emit_ranges("ALPHA", "Letters (Lm, Lt, Lu, Ll, Lo): `str.isalpha`.", str.isalpha)
print("/// The zeros of the decimal digit runs: each is followed by the digits one to nine.")
print("pub(super) static DECIMAL_ZEROS: &[u32] = &[")
import unicodedata
zeros = [c for c in points if chr(c).isdecimal() and unicodedata.decimal(chr(c)) == 0]
decimals = [c for c in points if chr(c).isdecimal()]
assert all(unicodedata.decimal(chr(z + i)) == i for z in zeros for i in range(10))
assert len(decimals) == 10 * len(zeros)
rows(["%d," % z for z in zeros], 16)
print("];\n")
emit_ranges("DIGIT", "`str.isdigit`.", str.isdigit)
emit_ranges("NUMERIC", "`str.isnumeric`.", str.isnumeric)
emit_ranges("SPACE", "`str.isspace`.", str.isspace)
emit_ranges("UPPER", "Derived property Uppercase.", str.isupper)
emit_ranges("LOWER", "Derived property Lowercase.", str.islower)
emit_ranges("TITLE", "Category Lt.", lambda c: unicodedata.category(c) == "Lt")
emit_ranges("CASE_IGNORABLE", "Derived property Case_Ignorable (read off the final sigma rule).",
            lambda c: ("A" + c + "\u03a3").lower()[-1] == "\u03c2" and (c + "\u03a3").lower()[-1] == "\u03c3")
emit_ranges("PRINTABLE", "`str.isprintable`: what `repr` leaves as it is.", str.isprintable)
emit_ranges("XID_START", "What can start an identifier.", str.isidentifier)
emit_ranges("XID_CONTINUE", "What can go on in an identifier.", lambda c: ("a" + c).isidentifier())
emit_map("UPPER_MAP", "`str.upper`", str.upper)
emit_map("LOWER_MAP", "`str.lower`", str.lower)
emit_map("TITLE_MAP", "`str.title` of a first letter", str.title)
emit_map("FOLD_MAP", "`str.casefold`", str.casefold)

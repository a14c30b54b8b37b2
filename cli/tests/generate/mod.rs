//! Random Python programs: every run of one gives the same output, on any correct machine.
//!
//! They end, raise only what they catch, and print nothing that depends on addresses or hash order. Values
//! stay small: each turn of a loop clips them. The aim is breadth for few lines: the operations that
//! have fast paths, on operands that fit them and on operands that do not.

use std::fmt::Write;

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PRELUDE: &str = "\
def clip(v):
    if isinstance(v, int) and not -10 ** 24 < v < 10 ** 24:
        return v % 997
    if isinstance(v, str):
        return v[:24]
    if isinstance(v, (list, tuple)):
        return type(v)(len(x) if isinstance(x, (list, tuple, dict)) else x for x in v[:5])
    return v


def show(v):
    return repr(v)[:200]


class Base:
    kind = 'base'

    def __init__(self, x):
        self.x = x

    def get(self):
        return self.x

    def put(self, x, *more, key=0):
        self.x = x
        self.n = len(more) + key
        return self


class Derived(Base):
    kind = 'derived'

    def get(self):
        return super().get()

    def __add__(self, other):
        return other

    def __getattr__(self, name):
        return name


def count(n):
    for i in range(n):
        got = yield i
        if got:
            yield got


def make(n):
    total = n

    def step(by=1):
        nonlocal total
        total += by
        return total

    return step


def choose(a, b=2, *rest, c=3, **named):
    return (a, b, rest, c, sorted(named))


";

/// The variables that programs use; all exist from the start.
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// A program under construction.
pub struct Program {
    random: Random,
    text: String,
    indent: usize,
    loops: usize,
}

/// The program of this number.
pub fn program(seed: u64) -> String {
    let mut p = Program {
        random: Random(seed),
        text: PRELUDE.to_owned(),
        indent: 0,
        loops: 0,
    };
    let functions = 1 + p.random.below(3);
    for number in 0..functions {
        p.line(&format!("def f{number}(a, b, c, d=1, e=2.5, f='s'):"));
        p.indent += 1;
        p.line("o = Base(a)");
        p.line("q = Derived(b)");
        p.line("s = make(3)");
        p.line("l = [1, 2, 3]");
        p.line("m = {1: 2, 'k': 'v'}");
        p.block(2, 9);
        p.line("return show((a, b, c, d, e, f, l, sorted(map(show, m.items())), o.x, q.x, s()))");
        p.indent -= 1;
        p.line("");
        p.line("");
    }
    for number in 0..functions {
        for _ in 0..3 {
            let arguments: Vec<String> = (0..3).map(|_| p.constant()).collect();
            p.line("try:");
            p.line(&format!("    print(f{number}({}))", arguments.join(", ")));
            p.line("except Exception as error:");
            p.line("    print(type(error).__name__, error)");
        }
    }
    p.text
}

impl Program {
    fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", self.indent));
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn name(&mut self) -> &'static str {
        self.random.one_of(&NAMES)
    }

    fn constant(&mut self) -> String {
        let numbers = [
            "0",
            "1",
            "-1",
            "2",
            "3",
            "7",
            "10",
            "255",
            "256",
            "257",
            "-5",
            "-6",
            "1.5",
            "0.1",
            "-0.0",
            "2.0",
            "True",
            "4611686018427387903",
            "4611686018427387904",
            "-4611686018427387904",
            "9223372036854775807",
            "10 ** 20",
        ];
        let others = [
            "None",
            "''",
            "'s'",
            "'text'",
            "1e300",
            "(1, 2)",
            "()",
            "[1, 2, 3]",
            "{'k': 1}",
            "False",
        ];
        let few = self.random.below(5) == 0;
        self.random
            .one_of(if few { &others } else { &numbers })
            .to_owned()
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.random.below(3) == 0 {
                self.constant()
            } else {
                self.name().to_owned()
            };
        }
        let deeper = depth - 1;
        match self.random.below(22) {
            0..=5 => {
                let operator = self
                    .random
                    .one_of(&["+", "-", "*", "//", "%", "/", "&", "|", "^", "+", "-", "+"]);
                format!(
                    "({} {operator} {})",
                    self.expression(deeper),
                    self.expression(deeper)
                )
            }
            6 => {
                let operator = self.random.one_of(&["<<", ">>", "**"]);
                format!("({} {operator} {})", self.name(), self.random.below(5))
            }
            7 | 8 => {
                let operator = self.random.one_of(&[
                    "<", "<=", "==", "!=", ">", ">=", "is", "is not", "in", "not in",
                ]);
                let operator = if operator.starts_with("is") {
                    "=="
                } else {
                    operator
                };
                format!(
                    "({} {operator} {})",
                    self.expression(deeper),
                    self.expression(deeper)
                )
            }
            9 => format!(
                "({} < {} <= {})",
                self.name(),
                self.expression(deeper),
                self.name()
            ),
            10 => format!(
                "({} {} {})",
                self.expression(deeper),
                self.random.one_of(&["and", "or"]),
                self.expression(deeper)
            ),
            11 => format!(
                "({} if {} else {})",
                self.expression(deeper),
                self.expression(deeper),
                self.expression(deeper)
            ),
            12 => format!(
                "({}{})",
                self.random.one_of(&["-", "not ", "~", "+"]),
                self.expression(deeper)
            ),
            13 => format!("l[{}]", self.expression(deeper)),
            14 => format!("l[{}:{}]", self.random.below(4), self.name()),
            15 => format!("m.get({}, {})", self.expression(deeper), self.name()),
            16 => self
                .random
                .one_of(&[
                    "o.x",
                    "q.x",
                    "o.get()",
                    "q.get()",
                    "o.kind",
                    "q.kind",
                    "q.missing",
                    "s()",
                    "s(2)",
                ])
                .into(),
            17 => format!("len({})", self.expression(deeper)),
            18 => format!(
                "[i for i in range({}) if i != {}]",
                self.random.below(6),
                self.expression(deeper)
            ),
            19 => format!(
                "choose({}, {}, c={})",
                self.expression(deeper),
                self.name(),
                self.name()
            ),
            20 => format!(
                "sum(i for i in {})",
                self.random
                    .one_of(&["l", "range(5)", "count(4)", "(1, 2.5)"])
            ),
            _ => format!("({}, {})", self.expression(deeper), self.name()),
        }
    }

    fn block(&mut self, depth: usize, most: usize) {
        for _ in 0..1 + self.random.below(most) {
            self.statement(depth);
        }
    }

    /// Statements one level further in.
    fn inner(&mut self, depth: usize) {
        self.indent += 1;
        self.block(depth - 1, 3);
        self.indent -= 1;
    }

    /// A loop's body, which ends by clipping the values.
    fn body(&mut self, depth: usize) {
        self.inner(depth);
        self.line("    a, b, c, d, e, f = map(clip, (a, b, c, d, e, f))");
        self.line("    l = [clip(x) for x in l[:9]]");
    }

    /// A statement, mostly with its errors caught, so that what follows runs.
    fn statement(&mut self, depth: usize) {
        if self.random.below(10) < 6 {
            self.line("try:");
            self.indent += 1;
            self.bare_statement(depth);
            self.indent -= 1;
            self.line("except Exception as error:");
            self.line("    print(type(error).__name__, error)");
        } else {
            self.bare_statement(depth);
        }
    }

    fn bare_statement(&mut self, depth: usize) {
        let choices = if depth == 0 { 12 } else { 20 };
        match self.random.below(choices) {
            0..=3 => {
                let text = format!("{} = {}", self.name(), self.expression(2));
                self.line(&text);
            }
            4 | 5 => {
                let operator = self
                    .random
                    .one_of(&["+=", "-=", "*=", "//=", "%=", "|=", "&=", "^="]);
                let text = format!("{} {operator} {}", self.name(), self.expression(1));
                self.line(&text);
            }
            6 => {
                let text = format!(
                    "{}, {} = {}, {}",
                    self.name(),
                    self.name(),
                    self.expression(1),
                    self.expression(1)
                );
                self.line(&text);
            }
            7 => {
                let target = self.random.one_of(&[
                    "o.x", "q.x", "m[1]", "m['z']", "l[0]", "l[-1]", "q.other", "l[1:2]",
                ]);
                let value = if target.contains(':') {
                    "[4, 5]".to_owned()
                } else {
                    self.expression(1)
                };
                self.line(&format!("{target} = {value}"));
            }
            8 => {
                let text = format!("l.append({})", self.expression(1));
                self.line(&text);
            }
            9 => {
                let text = format!("print(show({}))", self.expression(2));
                self.line(&text);
            }
            10 => {
                let text = format!(
                    "{} = o.put({}, 1, key={}).get()",
                    self.name(),
                    self.expression(1),
                    self.random.below(3)
                );
                self.line(&text);
            }
            11 => {
                let text = format!("{}, *{} = {}", self.name(), self.name(), self.expression(1));
                self.line(&text);
            }
            12 | 13 => {
                let times = 2 + self.random.below(9);
                let over = match self.random.below(5) {
                    0 => format!("count({times})"),
                    1 => "list(l)".to_owned(),
                    2 => "(1, 'x', 2.5)".to_owned(),
                    3 => "sorted(map(show, m))".to_owned(),
                    _ => format!("range({times})"),
                };
                let text = format!("for {} in {over}:", self.name());
                self.line(&text);
                self.body(depth);
                if self.random.below(4) == 0 {
                    self.line("    if s() > 40: break");
                    self.line("else:");
                    self.line("    a = s(3)");
                }
            }
            14 => {
                // A variable of its own: nested loops do not set each other back.
                self.loops += 1;
                let w = format!("w{}", self.loops);
                self.line(&format!("{w} = 0"));
                let text = format!("while {w} < {}:", 2 + self.random.below(12));
                self.line(&text);
                self.line(&format!("    {w} += 1"));
                self.body(depth);
            }
            15 | 16 => {
                let text = format!("if {}:", self.expression(2));
                self.line(&text);
                self.inner(depth);
                if self.random.below(2) == 0 {
                    self.line("else:");
                    self.inner(depth);
                }
            }
            _ => {
                self.line("try:");
                self.inner(depth);
                match self.random.below(4) {
                    0 => {
                        self.line("finally:");
                        self.line("    s()");
                    }
                    1 => {
                        self.line("except (TypeError, KeyError):");
                        self.inner(depth);
                        self.line("else:");
                        self.line("    d = s()");
                    }
                    kind => {
                        let mut header = String::new();
                        let class = if kind == 2 { "Exception" } else { "TypeError" };
                        write!(header, "except {class} as error:").expect("a string");
                        self.line(&header);
                        self.line("    print(type(error).__name__, error)");
                    }
                }
            }
        }
    }
}

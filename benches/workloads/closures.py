"""Closures: Church numerals, counters and parser combinators.

Numbers are functions; counters keep state in cells; an arithmetic grammar is assembled from functions that
return functions. Stresses closure creation, free variables and calls of unknown targets. The size is a scale
of all three parts.

Source: Church 1941; Hutton and Meijer, "Monadic Parser Combinators", 1996.
"""

SIZES = {"test": 150, "quick": 3200, "default": 32000}
RESULTS = {"test": "3150 12000 -622799", "quick": "67200 255990 896038", "default": "672000 2559990 10848035"}


def zero(f):
    return lambda x: x


def successor(n):
    return lambda f: lambda x: f(n(f)(x))


def plus(m, n):
    return lambda f: lambda x: m(f)(n(f)(x))


def times(m, n):
    return lambda f: m(n(f))


def church(number):
    n = zero
    for _ in range(number):
        n = successor(n)
    return n


def to_int(n):
    return n(lambda k: k + 1)(0)


def make_counter(step):
    value = 0

    def bump(times=1):
        nonlocal value
        value += step * times
        return value

    def read():
        return value

    return bump, read


# A parser takes a text and a position, and answers (value, next position) or None.

def symbol(expected):
    def parse(text, at):
        if at < len(text) and text[at] == expected:
            return expected, at + 1
        return None
    return parse


def digits(text, at):
    start = at
    while at < len(text) and text[at].isdigit():
        at += 1
    if at == start:
        return None
    return int(text[start:at]), at


def either(first, second):
    def parse(text, at):
        found = first(text, at)
        return second(text, at) if found is None else found
    return parse


def sequence(parsers, combine):
    def parse(text, at):
        values = []
        for parser in parsers:
            found = parser(text, at)
            if found is None:
                return None
            value, at = found
            values.append(value)
        return combine(*values), at
    return parse


def chain(operand, operator):
    """operand (operator operand)*, from the left; the operator's value is a function."""
    def parse(text, at):
        found = operand(text, at)
        while found is not None:
            left, at = found
            sign = operator(text, at)
            if sign is None:
                return found
            right = operand(text, sign[1])
            if right is None:
                return found
            found = sign[0](left, right[0]), right[1]
        return None
    return parse


def meaning(parser, function):
    return sequence([parser], lambda _: function)


def make_grammar():
    def later(text, at):
        return expression(text, at)

    group = sequence([symbol('('), later, symbol(')')], lambda left, inner, right: inner)
    sign = either(meaning(symbol('+'), lambda a, b: a + b), meaning(symbol('-'), lambda a, b: a - b))
    factor = either(digits, group)
    term = chain(factor, meaning(symbol('*'), lambda a, b: a * b % 9973))
    expression = chain(term, sign)
    return expression


def run(size):
    three, four = church(3), church(4)
    numeral = 0
    for _ in range(size // 10):
        numeral += to_int(times(plus(three, four), times(three, church(10))))
    bumps = [make_counter(step) for step in range(1, 5)]
    for turn in range(size * 4):
        for bump, _ in bumps:
            bump()
            bump(times=turn % 3)
    counted = sum([read() for _, read in bumps])
    grammar = make_grammar()
    total = 0
    for i in range(size):
        total += grammar('(%d+2)*3-4*(5-%d)+((7))' % (i, i % 11), 0)[0]
    return '%d %d %d' % (numeral, counted, total)


def verify(size, result):
    counted = 10 * sum([1 + turn % 3 for turn in range(size * 4)])
    total = sum([(i + 2) * 3 % 9973 - 4 * (5 - i % 11) % 9973 + 7 for i in range(size)])
    return result == '%d %d %d' % (210 * (size // 10), counted, total)


# Driver: the same lines end every workload. `FILE [SIZE] [ITERATIONS]` prints a line an iteration.
if __name__ == '__main__':
    import sys
    import time
    cpu_clock = getattr(time, 'process_time', time.perf_counter)
    size = sys.argv[1] if len(sys.argv) > 1 else 'default'
    size = SIZES[size] if size in SIZES else int(size)
    known = {SIZES[name]: RESULTS[name] for name in SIZES}
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        start, cpu = time.perf_counter(), cpu_clock()
        result = run(size)
        cpu, stop = cpu_clock() - cpu, time.perf_counter()
        if not verify(size, result) or result != known.get(size, result):
            sys.exit('wrong result for size %d: %s' % (size, result))
        check = time.perf_counter() - stop
        print('ITERATION %d %d %d RESULT %s' % ((stop - start) * 1e9, cpu * 1e9, check * 1e9, result))

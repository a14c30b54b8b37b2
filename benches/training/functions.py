# Functions as values: decorators, memories, folds, counters, partial application.


def counted(f):
    calls = 0

    def wrapper(*args):
        nonlocal calls
        calls += 1
        return f(*args)

    wrapper.calls = lambda: calls
    return wrapper


def remembered(f):
    known = {}

    def wrapper(key):
        if key not in known:
            known[key] = f(key)
        return known[key]

    return wrapper


def fold(f, items, start):
    result = start
    for item in items:
        result = f(result, item)
    return result


def compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x

    return composed


def adder(n):
    return lambda x: x + n


@counted
def step(n):
    return n // 2 if n % 2 == 0 else 3 * n + 1


@remembered
def partitions(key):
    n, most = key
    if n == 0:
        return 1
    if most == 0 or n < 0:
        return 0
    return partitions((n, most - 1)) + partitions((n - most, most))


def main():
    longest = 0
    for start in range(1, 120):
        n, length = start, 0
        while n != 1:
            n = step(n)
            length += 1
        if length > longest:
            longest = length
    print(longest, step.calls(), partitions((40, 40)))
    chain = compose(adder(3), adder(-1), lambda x: x * 2)
    print(fold(lambda a, b: (a * 31 + chain(b)) % 10007, range(900), 7))


main()

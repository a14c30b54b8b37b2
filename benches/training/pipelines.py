# Iterators by hand and by generator: chains of filters, a merge, groups, batches.


class Countdown:
    def __init__(self, start):
        self.left = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.left <= 0:
            raise StopIteration
        self.left -= 1
        return self.left


def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def kept(test, source):
    for x in source:
        if test(x):
            yield x


def scaled(source, factor):
    for x in source:
        yield x * factor


def batches(source, size):
    batch = []
    for x in source:
        batch.append(x)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def both(a, b):
    a, b = iter(a), iter(b)
    x, y = next(a, None), next(b, None)
    while x is not None or y is not None:
        if y is None or (x is not None and x <= y):
            yield x
            x = next(a, None)
        else:
            yield y
            y = next(b, None)


def grouped(source, key):
    groups = {}
    for x in source:
        groups.setdefault(key(x), []).append(x)
    return groups


def main():
    odd = kept(lambda x: x % 2 == 1, numbers(1500))
    total = 0
    for batch in batches(scaled(odd, 3), 16):
        total += max(batch) - min(batch)
    print(total, sum(Countdown(800)))
    mixed = both(scaled(numbers(500), 2), scaled(numbers(400), 3))
    groups = grouped(mixed, lambda x: x % 10)
    print(sorted((key, len(group)) for key, group in groups.items()))


main()

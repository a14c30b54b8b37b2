# Calls, generators, exceptions, closures, classes: everything that changes frames or unwinds.
def add(a, b=1, *rest, c=2):
    return a + b + c


def numbers(n):
    for i in range(n):
        yield i


def outer():
    x = 0

    def inner():
        nonlocal x
        x += 1
        return x

    return inner


class Counter:
    def __init__(self):
        self.n = 0

    def step(self, by):
        self.n += by
        return self

    def __add__(self, other):
        return self.n + other


def run(n):
    total = 0
    inner = outer()
    counter = Counter()
    for i in numbers(n):
        total += add(i) + add(i, 2) + add(i, c=3)
        total += inner()
        counter.step(i).step(1)
        total += counter + 1
        try:
            if i % 3 == 0:
                raise KeyError(i)
            total += 1
        except KeyError as e:
            total += len(e.args)
        finally:
            total += 2
        for j in (1, 2):
            if j == 2:
                break
        else:
            total += 1000
    return total, counter.n, inner()


print(run(200000))

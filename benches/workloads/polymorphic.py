"""Polymorphic objects: expression trees that evaluate, differentiate and simplify themselves.

Nine node classes answer the same five methods, so that each call site sees many receivers. Stresses attribute
lookup where one cache entry is not enough, inheritance, properties and `isinstance`. The size is the number of trees.

Source: symbolic differentiation after McCarthy, "Recursive Functions of Symbolic Expressions", CACM 3(4), 1960.
"""

SIZES = {"test": 50, "quick": 800, "default": 8000}
RESULTS = {"test": "100 agreements, 2195 nodes saved, 211145308", "quick": "1600 agreements, 38623 nodes saved, 537993894", "default": "16000 agreements, 381418 nodes saved, 376555094"}

PRIME = 1000003


class Node:
    is_constant = False

    def depends(self):
        return True

    def size(self):
        return 1


class Constant(Node):
    is_constant = True

    def __init__(self, number):
        self.number = number % PRIME

    def evaluate(self, x):
        return self.number

    def derive(self):
        return Constant(0)

    def simplify(self):
        return self

    def depends(self):
        return False


class Unknown(Node):
    def evaluate(self, x):
        return x

    def derive(self):
        return Constant(1)

    def simplify(self):
        return self


class Unary(Node):
    def __init__(self, inner):
        self.inner = inner

    def depends(self):
        return self.inner.depends()

    def size(self):
        return 1 + self.inner.size()

    def simplify(self):
        inner = self.inner.simplify()
        node = type(self)(inner)
        return Constant(node.evaluate(0)) if inner.is_constant else node


class Negation(Unary):
    def evaluate(self, x):
        return -self.inner.evaluate(x) % PRIME

    def derive(self):
        return Negation(self.inner.derive())


class Square(Unary):
    def evaluate(self, x):
        value = self.inner.evaluate(x)
        return value * value % PRIME

    def derive(self):
        return Product(Product(Constant(2), self.inner), self.inner.derive())


class Cube(Unary):
    def evaluate(self, x):
        value = self.inner.evaluate(x)
        return value * value * value % PRIME

    def derive(self):
        return Product(Product(Constant(3), Square(self.inner)), self.inner.derive())


class Binary(Node):
    def __init__(self, left, right):
        self.left = left
        self.right = right

    @property
    def parts(self):
        return self.left, self.right

    def depends(self):
        return self.left.depends() or self.right.depends()

    def size(self):
        return 1 + self.left.size() + self.right.size()

    def simplify(self):
        left, right = [part.simplify() for part in self.parts]
        if left.is_constant and right.is_constant:
            return Constant(type(self)(left, right).evaluate(0))
        return self.reduced(left, right)

    def reduced(self, left, right):
        return type(self)(left, right)


class Sum(Binary):
    def evaluate(self, x):
        return (self.left.evaluate(x) + self.right.evaluate(x)) % PRIME

    def derive(self):
        return Sum(self.left.derive(), self.right.derive())

    def reduced(self, left, right):
        if left.is_constant and left.number == 0:
            return right
        if right.is_constant and right.number == 0:
            return left
        return Sum(left, right)


class Difference(Binary):
    def evaluate(self, x):
        return (self.left.evaluate(x) - self.right.evaluate(x)) % PRIME

    def derive(self):
        return Difference(self.left.derive(), self.right.derive())

    def reduced(self, left, right):
        if right.is_constant and right.number == 0:
            return left
        return Difference(left, right)


class Product(Binary):
    def evaluate(self, x):
        return self.left.evaluate(x) * self.right.evaluate(x) % PRIME

    def derive(self):
        return Sum(Product(self.left.derive(), self.right), Product(self.left, self.right.derive()))

    def reduced(self, left, right):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Constant):
                if one.number == 0:
                    return one
                if one.number == 1:
                    return other
        return Product(left, right)


class Blend(Binary):
    """Twice the left less the right."""

    def evaluate(self, x):
        return (2 * self.left.evaluate(x) - self.right.evaluate(x)) % PRIME

    def derive(self):
        return Blend(self.left.derive(), self.right.derive())


BINARIES = [Sum, Difference, Product, Blend]
UNARIES = [Negation, Square, Cube]


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) % 2147483648
        return (self.state >> 12) % limit


def make_tree(random, depth):
    if depth == 0:
        return Unknown() if random.below(2) else Constant(random.below(5))
    if random.below(3) == 0:
        return UNARIES[random.below(3)](make_tree(random, depth - 1))
    return BINARIES[random.below(4)](make_tree(random, depth - 1), make_tree(random, depth - 1))


def run(size):
    random = Random(35)
    checksum = nodes = agreements = 0
    for i in range(size):
        tree = make_tree(random, 5)
        slope = tree.derive()
        short = slope.simplify()
        nodes += slope.size() - short.size()
        for x in (2, 11):
            value = slope.evaluate(x)
            agreements += value == short.evaluate(x)
            checksum = (checksum * 31 + value + tree.depends()) % 1000000007
    return '%d agreements, %d nodes saved, %d' % (agreements, nodes, checksum)


def verify(size, result):
    return result.startswith('%d agreements' % (2 * size))


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

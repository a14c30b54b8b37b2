# Calls, attributes and instances: each form often enough for caches to fill, then what makes the caches wrong.
import sys

TURNS = 12


def raises(exception, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as error:
        return str(error)
    raise AssertionError('nothing raised')


# More shapes at one site than it has ways; a change of one class; an attribute deleted and set again.
class Shape:
    kind = 'shape'

    def name(self):
        return 'shape'


def make_class(i):
    class Made(Shape):
        def __init__(self, value):
            if i % 2:
                self.before = i
            self.value = value

        def name(self):
            return 'made %d' % i
    return Made


CLASSES = [make_class(i) for i in range(7)]
OBJECTS = [c(i) for i, c in enumerate(CLASSES)]


def visit(objects):
    return [(o.value, o.name(), o.kind) for o in objects]


def assign(objects, value):
    for o in objects:
        o.value = value
        o.extra = value


for _ in range(TURNS):
    assert visit(OBJECTS) == [(i, 'made %d' % i, 'shape') for i in range(7)]
Shape.kind = 'changed'
CLASSES[3].name = lambda self: 'replaced'
assert [t[1:] for t in visit(OBJECTS)][2:5] == [('made 2', 'changed'), ('replaced', 'changed'), ('made 4', 'changed')]
del OBJECTS[5].value
assert 'value' in raises(AttributeError, visit, OBJECTS)
for turn in range(TURNS):
    assign(OBJECTS, turn)
    assert {o.value for o in OBJECTS} == {turn} == {o.extra for o in OBJECTS}
OBJECTS[2].name = lambda: 'own'
assert OBJECTS[2].name() == 'own' and visit(OBJECTS)[2][1] == 'own'


class Wide:
    def __init__(self):
        self.a = self.b = self.c = self.d = self.e = self.f = self.g = 0


for turn in range(TURNS):
    wide = Wide()
    wide.f = wide.g = turn
    wide.h = [turn]
    wide.f += 1
    assert (wide.a, wide.e, wide.f, wide.g, wide.h) == (0, 0, turn + 1, turn, [turn])


class Guarded:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)


def set_size(o, n):
    o.size = n
    return o.size


class Plain:
    pass


for turn in range(TURNS):
    assert set_size(Plain(), turn) == turn and set_size(Guarded(), turn) == 2 * turn
Plain.size = property(lambda self: 'fixed', lambda self, value: None)
assert set_size(Plain(), 5) == 'fixed'
del Plain.size


# Making instances: wrong numbers, a replaced __init__, a later __new__, what __init__ returns, no __init__ at all.
class Point:
    def __init__(self, x, y=2, *, z=3):
        self.x, self.y, self.z = x, y, z


class Pair:
    def __init__(self, a, b=7):
        for self.a in (a,):
            self.b = b
            return


def pair(*args):
    return Pair(*args)


def two(a, b):
    return Pair(a, b)


for turn in range(TURNS):
    assert (Point(1).y, Point(1, y=turn).y, Point(1, z=turn).z) == (2, turn, turn)
    p = two(turn, [turn])
    assert (p.a, p.b, pair(turn).b) == (turn, [turn], 7)
    assert Plain().__class__ is Plain and Plain() is not Plain()
assert 'missing 1 required positional argument' in raises(TypeError, Pair)
assert 'takes from 2 to 3' in raises(TypeError, Pair, 1, 2, 3)
raises(TypeError, Plain, 1)
Pair.__init__ = lambda self, a, b: setattr(self, 'a', (b, a))
assert two(1, 2).a == (2, 1)
Pair.__init__ = lambda self, a, b: 5
assert '__init__() should return None' in raises(TypeError, two, 1, 2)
Pair.__new__ = staticmethod(lambda cls, a, b: 'made by new')
assert two(1, 2) == 'made by new'


class Late:
    pass


for _ in range(TURNS):
    Late()
Late.__init__ = lambda self: setattr(self, 'ready', True)
assert Late().ready


class Problem(Exception):
    def __init__(self, code):
        Exception.__init__(self, 'problem %d' % code)
        self.code = code


class Table(dict):
    def __init__(self, n):
        self.n = n
        self[n] = n


for turn in range(TURNS):
    try:
        raise Problem(turn)
    except Problem as problem:
        assert (problem.code, str(problem), problem.args) == (turn, 'problem %d' % turn, ('problem %d' % turn,))
    assert Table(turn) == {turn: turn} and Table(turn).n == turn


# Defaults and keywords; defaults that change; cells among the parameters.
def f(a, b=1, c=2):
    return a, b, c


def cells(a, b=4):
    return [lambda: (a, b)][0]


for turn in range(TURNS):
    assert f(turn) == (turn, 1, 2) and f(turn, 5) == (turn, 5, 2) and f(c=turn, a=0) == (0, 1, turn)
    assert f(0, c=turn) == (0, 1, turn) and cells(turn)() == (turn, 4) and cells(turn, b=1)() == (turn, 1)
f.__defaults__ = (8, 9)
assert f(0) == (0, 8, 9)
f.__defaults__ = None
assert 'missing 2 required' in raises(TypeError, f, 0)
assert 'multiple values' in raises(TypeError, f, 0, 1, 2, a=3)
assert 'unexpected keyword' in raises(TypeError, f, 0, 1, 2, d=3)


# Natives that are done inline, and what looks like them.
class MyList(list):
    def append(self, x):
        list.append(self, (x,))

    def __len__(self):
        return 99


class Meta(type):
    def __instancecheck__(cls, x):
        return x == 'one of us'


class Hooked(metaclass=Meta):
    pass


class Proxy:
    __class__ = property(lambda self: int)


def natives(lists):
    out = []
    for l in lists:
        l.append(1)
        out.append((len(l), isinstance(l, list), isinstance(l, MyList), isinstance(l, (int, list))))
        out.append(l.pop())
    return out


for _ in range(TURNS):
    assert natives([[], MyList(), [0]]) == [
        (1, True, False, True), 1, (99, True, True, True), (1,), (2, True, False, True), 1]
    assert isinstance('one of us', Hooked) and not isinstance(1, Hooked)
    assert isinstance(Proxy(), int) and not isinstance(Plain(), int) and isinstance(True, int)
    assert (len('äb'), len((1, 2)), len({1: 2}), len(b'abc'), len(range(5))) == (2, 2, 1, 3, 5)
assert 'pop from empty list' in raises(IndexError, lambda: [].pop())
assert 'has no len()' in raises(TypeError, lambda: len(5))
raises(TypeError, lambda: isinstance(5, 5))
grown = []
for i in range(1000):
    grown.append(i)
assert len(grown) == 1000 and sum(grown) == 499500


# Operators, calls, properties and `with` through methods in Python.
class Number:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return Number(self.n + other.n) if isinstance(other, Number) else NotImplemented

    def __neg__(self):
        return Number(-self.n)

    def __sub__(self, other):
        del self, other
        return NotImplemented

    def __mul__(self, other):
        yield self.n * other

    def __call__(self, *args, **kwargs):
        return (self.n,) + args + tuple(sorted(kwargs.items()))

    @property
    def double(self):
        return self.n * 2

    @property
    def broken(self):
        return self.missing


class Right:
    def __radd__(self, other):
        return 'radd'

    def __rsub__(self, other):
        return 'rsub'


class Special(Number):
    def __radd__(self, other):
        return 'special'


class Fallback(Number):
    def __getattr__(self, name):
        return 'fallback ' + name


def add(a, b):
    return a + b


def add_to(a, b):
    a += b
    return a


for turn in range(TURNS):
    n = Number(turn)
    assert add(n, n).n == 2 * turn and add_to(n, Number(1)).n == turn + 1 and (-n).n == -turn
    assert add(n, Right()) == 'radd' and add(n, Special(1)) == 'special' and n - Right() == 'rsub'
    assert list(n * 3) == [3 * turn] and n(1, k=2) == (turn, 1, ('k', 2)) and n.double == 2 * turn
    assert 'unsupported operand type(s) for +:' in raises(TypeError, add, n, 1)
    assert 'unsupported operand type(s) for +=:' in raises(TypeError, add_to, n, 1)
    assert 'unsupported operand type(s) for -:' in raises(TypeError, lambda: n - n)
    assert 'missing' in raises(AttributeError, lambda: n.broken)
    assert Fallback(turn).broken == 'fallback missing' and Fallback(turn).double == 2 * turn


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow
        self.seen = []

    def __enter__(self):
        if self.swallow is None:
            raise KeyError('enter')
        return self

    def __exit__(self, kind, value, traceback):
        self.seen.append(kind)
        return self.swallow


def leave(manager, how):
    for i in range(3):
        while True:
            with manager as m:
                assert m is manager
                if how == 'return':
                    return 'returned'
                if how == 'raise':
                    raise ValueError(how)
                break
    return 'ended'


for _ in range(TURNS):
    m = Manager(False)
    assert leave(m, 'return') == 'returned' and leave(m, 'break') == 'ended' and m.seen == [None] * 4
    assert raises(ValueError, leave, m, 'raise') == 'raise' and m.seen[4] is ValueError
    assert 'enter' in raises(KeyError, leave, Manager(None), 'break')


def lines():
    """The lines of a traceback, relative to this function's."""
    def inner(depth):
        if depth:
            try:
                inner(depth - 1)
            finally:
                depth = 0
        return Number(1).broken
    try:
        inner(2)
    except AttributeError:
        traceback = sys.exc_info()[2]
    out = []
    while traceback is not None:
        out.append(traceback.tb_lineno - lines.__code__.co_firstlineno)
        traceback = traceback.tb_next
    return out


assert lines()[:4] == [10, 5, 5, 8] and len(lines()) == 5
print('ok')

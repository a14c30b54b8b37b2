def t(f, *a, **k):
    try:
        r = f(*a, **k)
        print(repr(r))
    except Exception as e:
        print(type(e).__name__, ':', e)
class D:
    def __init__(self, n): self.n = n
    def __get__(self, o, c): return (self.n, o is None, c.__name__)
    def __set__(self, o, v): print('set', self.n, v)
    def __delete__(self, o): print('del', self.n)
class ND:
    def __get__(self, o, c=None): return 'nd'
class A:
    "doc of A"
    x = D('x'); y = ND()
    def m(self): "doc m"; return 'm'
    @staticmethod
    def s(a): return ('s', a)
    @classmethod
    def c(cls, a): return (cls.__name__, a)
    @property
    def p(self): "doc p"; return self._p
    @p.setter
    def p(self, v): self._p = v
    @p.deleter
    def p(self): del self._p
a = A(); print(a.x, A.x); a.x = 3; del a.x; print(a.y); a.y = 5; print(a.y, a.__dict__); a.__dict__['x'] = 1; print(a.x)
a.p = 4; print(a.p); del a.p; t(lambda: a.p); print(A.p.__doc__, A.__doc__, A.m.__doc__, a.m.__doc__, A.s(1), a.s(2), A.c(3), a.c(4), A.p.fget.__name__)
class RO:
    @property
    def q(self): return 1
t(setattr, RO(), 'q', 2)
t(delattr, RO(), 'q')
t(setattr, RO(), 3, 4)
t(getattr, RO(), 'zz')
t(getattr, RO(), 'zz', 'dflt')
t(delattr, RO(), 'zz')
t(hasattr, RO(), 'q')
t(hasattr, RO(), 3)
t(getattr, 1)
t(setattr, 1, 'a', 2)
t(setattr, int, 'a', 2)
t(delattr, int, 'real')
t(setattr, object(), 'a', 1)
print(A.__name__, A.__qualname__, A.__module__, A.__bases__, A.__mro__, A.__class__, type(a), a.__class__, A.__dict__['m'], sorted(k for k in A.__dict__)) if 0 else print(A.__name__, A.__qualname__, A.__module__, A.__bases__, A.__mro__)
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw): print('prepare', name, bases, kw); return {'pre': 1}
    def __new__(mcs, name, bases, ns, **kw): print('new', name, sorted(k for k in ns if not k.startswith('__')), kw); return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw): print('init', name, kw); super().__init__(name, bases, ns)
    def __call__(cls, *a, **k): print('call', a, k); return super().__call__(*a, **k)
    def __getattr__(cls, n): return 'meta ' + n
    def __len__(cls): return 42
    def __iter__(cls): return iter([1, 2])
    def __contains__(cls, x): return x == 3
    def __instancecheck__(cls, o): return o == 'inst'
    def __subclasscheck__(cls, o): return o is int
    def __getitem__(cls, k): return ('item', k)
    def __repr__(cls): return '<M %s>' % cls.__name__
    def __eq__(cls, o): return o == 5
    def __hash__(cls): return 7
class B(metaclass=Meta, k=1):
    v = 2
    def __init__(self, z): self.z = z
b = B(9); print(b.z, B.foo, len(B), list(B), 3 in B, isinstance('inst', B), isinstance(b, B), issubclass(int, B), B[5], B, B == 5, hash(B), B.pre, type(B) is Meta)
class C(B): pass
t(C)
t(C, 1, 2)
t(type, 'X', (int, str), {})
t(type, 'X', (bool,), {})
t(type, 'X', (3,), {})
t(type, 'X', (object, object), {})
t(type, 1, 2)
t(type)
t(type, 1, 2, 3, 4)
X = type('X', (A,), {'f': lambda self: 'f', '__doc__': 'dyn'}); print(X().f(), X.__doc__, X.__qualname__, X.__name__)
def mro_fail():
    class P: pass
    class Q(P): pass
    class R(P, Q): pass
t(mro_fail)
def mc():
    class M1(type): pass
    class M2(type): pass
    class X1(metaclass=M1): pass
    class X2(metaclass=M2): pass
    class X3(X1, X2): pass
t(mc)
class Sl:
    __slots__ = ('a', 'b', '__weakref__')
    z = 3
s = Sl(); s.a = 1; t(lambda: s.a); t(lambda: s.b); t(setattr, s, 'c', 1); t(lambda: s.__dict__); t(setattr, s, 'z', 1); t(delattr, s, 'b'); del s.a; t(lambda: s.a); print(Sl.__slots__, type(Sl.a).__name__, Sl.a.__name__)
def sl2(): 
    class Z:
        __slots__ = 'a'
        a = 1
t(sl2)
def sl3():
    class Z(int):
        __slots__ = 'a'
    return Z(3)
t(sl3)
def sl4():
    class Z: __slots__ = ['1a']
t(sl4)
def sl5():
    class Z: __slots__ = [3]
t(sl5)
class Sub(Sl): pass
q = Sub(); q.c = 1; q.a = 2; print(q.__dict__, q.a)
class Op:
    def __init__(s, n): s.n = n
    def __add__(s, o): return NotImplemented if isinstance(o, str) else 'add'
    def __radd__(s, o): return 'radd %r' % o
    def __iadd__(s, o): return 'iadd'
    def __lt__(s, o): return 'lt'
    def __getitem__(s, k): return ('gi', k)
    def __setitem__(s, k, v): print('si', k, v)
    def __delitem__(s, k): print('di', k)
    def __call__(s, *a, **k): return (a, sorted(k.items()))
    def __contains__(s, k): return k
    def __matmul__(s, o): return 'mm'
    def __rmatmul__(s, o): return 'rmm'
    def __imatmul__(s, o): return 'imm'
    def __rpow__(s, o): return 'rpow'
    def __ror__(s, o): return 'ror'
    def __rlshift__(s, o): return 'rls'
    def __rfloordiv__(s, o): return 'rfd'
    def __invert__(s): return 'inv'
    def __pos__(s): return 'pos'
    def __enter__(s): return 'ent'
    def __exit__(s, *a): print('exit', a[0]); return True
    def __dir__(s): return ['z', 'a']
    def __sizeof__(s): return 1
    def __bytes__(s): return b'by'
    def __reversed__(s): return 'rev'
    def __divmod__(s, o): return 'dm'
    def __floor__(s): return 'floor'
    def __ceil__(s): return 'ceil'
    def __del__(s): print('del', s.n)
o = Op(1); print(o + 1, 1 + o, o < 1, 1 > o, o[1], o[1:2], o[1, ...], o(1, a=2), 3 in o, [] in o, o @ 1, 1 @ o, 2 ** o, 2 | o, 2 << o, 2 // o, ~o, +o, dir(o), bytes(o), reversed(o), divmod(o, 1)); t(lambda: o + 'a'); t(lambda: o > 1) if 0 else 0; t(lambda: o - 1); t(lambda: -o); t(lambda: o @ o)
o[1] = 2; o[1:2] = 3; del o[1]; del o[::2]
with o as e: print(e); raise ValueError
p = o; p += 1; print(p); p = o; p @= 1; print(p); o = None; p = None
import gc; gc.collect()  # where nothing is counted, this is when it goes
class G:
    def __getattr__(s, n):
        if n == 'bad': raise AttributeError('nope')
        return 'ga ' + n
    def __setattr__(s, n, v): print('sa', n, v); object.__setattr__(s, n, v)
    def __delattr__(s, n): print('da', n)
g = G(); print(g.x); g.y = 1; print(g.y); del g.y; t(lambda: g.bad); print(getattr(g, 'bad', 'dd'), hasattr(g, 'bad'))
class GA:
    z = 1
    def __getattribute__(s, n):
        if n.startswith('q'): return 'q!'
        return object.__getattribute__(s, n)
print(GA().qq, GA().z)
t(lambda: GA().nope)
class E1:
    def __eq__(s, o): return True
t(hash, E1())
print(E1() == 3, 3 == E1(), E1() != 3, E1.__hash__)
class Base:
    def f(self): return ['Base']
    @classmethod
    def k(cls): return 'k' + cls.__name__
class Le(Base):
    def f(self): return ['Le'] + super().f()
class Ri(Base):
    def f(self): return ['Ri'] + super().f()
    @classmethod
    def k(cls): return super().k() + '!'
class Bo(Le, Ri):
    def f(self): return ['Bo'] + super().f()
print(Bo().f(), Bo.k(), [c.__name__ for c in Bo.__mro__], Bo.mro() == list(Bo.__mro__), super(Le, Bo()).f(), super(Ri, Bo).k(), [c.__name__ for c in Base.__subclasses__()], Bo.__base__.__name__)
t(super)
t(lambda: super().f())
t(super, int, 'a')
t(super, 3)
t(lambda: super(int, 3).nope)
t(Base, 1)
t(Base.f)
t(Base().f, 1)
t(object, 1)
t(object.__new__)
t(object.__new__, 3)
t(object.__new__, int)
t(int.__new__, str)
t(int.__new__, bool, 3)
t(Base.__new__, Base, 1) 
t(object.__init__, 1, 2) 
t(str.upper, 3)
t(list.append, (), 1)
t(dict.get, 1)
t(int.__add__, 1, 'a')
t(int.__add__, 'a', 1)
t([].append.__call__, 1)
t(list.append)
class Call: __call__ = 3
t(Call())
t(3)
t(lambda: None())
t(lambda: 'a'())
t(lambda: 3 .x())
t(lambda: None.x)
class Nw:
    def __new__(cls, *a): print('new', a); return super().__new__(cls)
    def __init__(self, *a): print('init', a)
Nw(1, 2)
class Other:
    def __new__(cls): return 5
print(Other())
class InitRet:
    def __init__(self): return 3
t(InitRet)
def abst():
    import abc
    class Ab(metaclass=abc.ABCMeta):
        @abc.abstractmethod
        def foo(self): pass
        @abc.abstractmethod
        def bar(self): pass
    t(Ab)
    class Co(Ab):
        def foo(self): return 1
    t(Co)
    class Ok(Co):
        def bar(self): return super().bar()
    print(Ok().foo(), Ok().bar(), Ab.__abstractmethods__ == {'foo', 'bar'}, isinstance(Ok(), Ab))
    Ab.register(int)
    print(isinstance(3, Ab), issubclass(bool, Ab))
abst()
def outer():
    class In:
        def meth(self):
            def inner(): pass
            return inner
        class Nest: pass
    return In
I = outer(); print(I.__qualname__, I.meth.__qualname__, I().meth().__qualname__, I.Nest.__qualname__, (lambda: 0).__qualname__, I.meth.__name__)
def fa(a, b=2, *c, d, e=5, **f): "fdoc"; x = 1; return lambda: (a, x)
print(fa.__defaults__, fa.__kwdefaults__, fa.__code__.co_varnames, fa.__code__.co_argcount, fa.__code__.co_kwonlyargcount, fa.__code__.co_name, fa.__code__.co_cellvars, fa(1, d=3).__closure__[0].cell_contents, fa(1, d=3).__code__.co_freevars, fa.__doc__, fa.__name__, fa.__module__, fa.__dict__, fa.__annotations__, fa.__globals__ is globals())
fa.attr = 1
print(fa.__dict__)
fa.__name__ = 'zz'
fa.__defaults__ = (7, 8)
print(fa.__name__, fa(d=1)())
t(setattr, fa, '__name__', 3)
t(setattr, fa, '__defaults__', 3)
t(setattr, fa, '__code__', 3)
t(setattr, fa, '__closure__', 3)
t(fa)
t(fa, 1)
t(fa, 1, d=1, a=3)
t(lambda a, b: 0, 1)
t(lambda a: 0, 1, 2)
t(lambda: 0, x=1)
t(lambda *, k: 0, 1)
t(lambda a, *, k: 0, 1, 2, k=3)
t(lambda a, b=1: 0, 1, 2, 3)
t(lambda a, b, c: 0)
t(lambda *, a, b: 0)
t(lambda a: 0, **{'a': 1, 'z': 2})
t(lambda **k: k, **{'a': 1})
t(lambda: fa(**3))
t(lambda: print(a=1))
t(lambda: fa(1, *(), d=1, **{'d': 2}))
t(lambda: len(x=1))
t(lambda: len(*[1, 2]))
t(lambda: dict(**{'a': 1}, **{'a': 2}))
t(lambda: (lambda **k: 0)(**{'a': 1}, **{'a': 2}))
import weakref
class W: pass
w = W(); r = weakref.ref(w); print(r() is w); t(weakref.ref, 3); t(weakref.ref, []); pw = weakref.proxy(w); w.q = 3; print(pw.q); wd = weakref.WeakValueDictionary(); wd['a'] = w; print(len(wd), list(wd)); del w
import gc; gc.collect(); print(r(), len(wd)); t(lambda: pw.q)
import copy
class Cp:
    def __init__(s): s.l = [1, [2]]; s.me = s
    def __copy__(s): return 'cp'
    def __deepcopy__(s, m): return 'dcp'
c = Cp(); print(copy.copy(c), copy.deepcopy(c), copy.deepcopy([c, [1]]))
class Cq:
    def __init__(s): s.l = [1, [2]]; s.me = s
c = Cq(); d = copy.copy(c); e = copy.deepcopy(c); print(d.l is c.l, d.me is c, e.l == c.l, e.l is c.l, e.me is e); l = [1]; l.append(l); m = copy.deepcopy(l); print(m[1] is m, m); print(copy.deepcopy({'a': (1, [2])}), copy.copy({1, 2}), copy.deepcopy((1, 2)), copy.copy(len) is len, copy.deepcopy(Cq) is Cq)

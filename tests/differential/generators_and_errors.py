def t(f, *a, **k):
    try:
        r = f(*a, **k)
        print(repr(r))
    except BaseException as e:
        print(type(e).__name__, ':', e)
def g():
    try:
        x = yield 1
        print('got', x)
        y = yield 2
        print('y', y)
    except ValueError as e:
        print('caught', e)
        yield 'c'
    finally: print('fin')
    return 'ret'
i = g(); t(i.send, 3); t(next, i); t(i.send, 'a'); t(i.throw, ValueError('v')); t(next, i); t(next, i); i = g(); next(i); i.close(); i.close(); t(i.throw, KeyError); i = g(); t(i.throw, KeyError('k')); i = g(); next(i); t(i.throw, KeyError, 'm'); t(i.throw, 3); t(g().throw, int); t(g().send); t(g().throw)
def bad():
    try: yield 1
    except GeneratorExit: yield 2
b = bad(); next(b); t(b.close)
def si(): yield; raise StopIteration('x')
def sub():
    try: r = yield 'a'; print('r', r)
    except KeyError: print('ke')
    return 'subret'
def deleg():
    v = yield from sub(); print('v', v)
    w = yield from [1, 2]; print(w)
    yield from ()
    return v
d = deleg(); print(next(d), d.send('s'), d.gi_yieldfrom is not None, next(d)); t(next, d); t(next, d); d = deleg(); next(d); print(d.throw(KeyError)); d.close(); t(lambda: list((yield from 3) for _ in [1])) if 0 else 0
def yf():
    yield from 3
t(next, yf())
def rec():
    yield next(me)
me = rec(); t(next, me)
print(i.__name__, g.__name__, type(i).__name__, i.gi_running, i.gi_frame, i.gi_code.co_name, g().gi_frame.f_lineno > 0, repr(i)[:18])
print(list(x * y for x in range(3) for y in range(x) if x), {k: v for k, v in zip('ab', [1, 2])}, {x % 3 for x in range(9)} == {0, 1, 2}, sum(x for x in range(4)), [[j for j in range(i)] for i in range(3)])
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
import itertools
print(list(itertools.islice(fib(), 10)), list(itertools.takewhile(lambda x: x < 50, fib())))
for z in (itertools.chain([1], 'ab'), itertools.chain.from_iterable(['ab', [3]]), itertools.accumulate([1, 2, 3]), itertools.accumulate([1, 2, 3], lambda a, b: a * b), itertools.combinations('abc', 2), itertools.combinations_with_replacement('ab', 2), itertools.permutations([1, 2, 3], 2), itertools.product('ab', [1, 2]), itertools.product([0, 1], repeat=2), itertools.compress('abc', [1, 0, 1]), itertools.dropwhile(str.isalpha, 'ab1c'), itertools.filterfalse(str.isalpha, 'a1'), itertools.groupby('aab'), itertools.repeat(3, 2), itertools.starmap(pow, [(2, 3)]), itertools.zip_longest('ab', 'c', fillvalue='-'), itertools.islice(itertools.count(3, 2), 1, 6, 2), itertools.islice(itertools.cycle('ab'), 5), itertools.tee([1, 2])[1]):
    print(type(z).__name__, [(k, list(v)) for k, v in z] if isinstance(z, itertools.groupby) else list(z))
t(itertools.islice, [1], -1)
t(itertools.combinations, 'a', -1)
t(itertools.count, 'a')
t(itertools.repeat, 1, 'a')
t(repr, itertools.count(2))
t(repr, itertools.repeat(1, 3))
t(itertools.product, 3)
t(itertools.permutations, 'abc', -1)
t(itertools.zip_longest, 'a', foo=3)
class CM:
    def __init__(s, n, sup=False): s.n, s.sup = n, sup
    def __enter__(s): print('enter', s.n); return s.n
    def __exit__(s, et, ev, tb): print('exit', s.n, et and et.__name__, ev, tb is not None); return s.sup
with CM(1) as a, CM(2, True) as b: print(a, b); raise ValueError('q')
def cmret():
    with CM(3): return 'r'
print(cmret())
for i in range(3):
    with CM(i):
        if i == 1: break
        continue
class NoExit:
    def __enter__(s): pass
def ne():
    with NoExit(): pass
def ne2():
    with 3: pass
t(ne)
import contextlib
@contextlib.contextmanager
def cm(x):
    print('in', x)
    try: yield x * 2
    except KeyError as e: print('swallowed', e)
    finally: print('out')
with cm(2) as v: print(v)
with cm(3): raise KeyError('k')
def cmr():
    with cm(1): raise ValueError('v')
t(cmr)
@cm(5)
def deco(): print('deco')
deco()
with contextlib.suppress(ZeroDivisionError, KeyError): 1 / 0
import io
buf = io.StringIO()
with contextlib.redirect_stdout(buf): print('hidden')
print(repr(buf.getvalue()))
with contextlib.ExitStack() as st:
    st.enter_context(cm(7)); st.callback(print, 'cb', end='!\n'); st.push(lambda *a: print('push', a[0]))
with contextlib.closing(io.StringIO()) as c: pass
print(c.closed)
@contextlib.contextmanager
def noyield():
    if 0: yield
def ny():
    with noyield(): pass
t(ny)
@contextlib.contextmanager
def two():
    yield 1; yield 2
def tw():
    with two(): pass
t(tw)
def exc():
    try:
        try: 1 / 0
        except ZeroDivisionError as e: raise KeyError('a') from e
    except KeyError as k:
        print(repr(k.__cause__), repr(k.__context__), k.__suppress_context__, k.__traceback__.tb_lineno > 0, k.args)
    try:
        try: 1 / 0
        except ZeroDivisionError: raise KeyError('a') from None
    except KeyError as k: print(k.__cause__, repr(k.__context__), k.__suppress_context__)
    try: raise
    except RuntimeError as r: print(r)
    try: raise 3
    except TypeError as r: print(r)
    try: raise int
    except TypeError as r: print(r)
    try: raise ValueError from 3
    except TypeError as r: print(r)
    try:
        try: raise ValueError(1)
        except 3: pass
    except TypeError as r: print(r)
    try:
        try: raise ValueError
        finally: 1 / 0
    except ZeroDivisionError as z: print(repr(z.__context__))
    def f():
        try: return 1
        finally: return 2
    print(f())
    def h():
        for i in range(3):
            try: continue
            finally: print('f', i)
        else: return 'else'
    print(h())
    try: pass
    except: pass
    else: print('else')
    finally: print('finally')
    try: assert 1 == 2, 'msg'
    except AssertionError as a: print(repr(a))
    try: x
    except NameError as n: print(n)
    def ub():
        print(y)
        y = 1
    t(ub)
    def fr():
        def inner(): return q
        inner()
        q = 1
    t(fr)
    import sys
    try: 1 / 0
    except ZeroDivisionError: print(sys.exc_info()[0].__name__, str(sys.exc_info()[1]))
    print(sys.exc_info())
exc()
for E in [Exception, ValueError, KeyError, OSError, StopIteration, SystemExit, UnicodeDecodeError, SyntaxError, ImportError]:
    for a in [(), ('a',), (1, 2), (2, 'x', 'f')]:
        try:
            e = E(*a); print(repr(e), str(e), e.args)
        except TypeError as z: print(E.__name__, z)
print(OSError(2, 'x').__class__.__name__, OSError(2, 'No', 'f').filename, OSError(2, 'No', 'f'), OSError(13, 'a').__class__, OSError(17, 'b').errno, StopIteration(5).value, SystemExit(3).code, KeyError('a b'), str(KeyError(1, 2)), ImportError('m', name='n').name, IOError is OSError, EnvironmentError is OSError)
class MyE(Exception):
    def __init__(s, a, b): super().__init__(a); s.b = b
    def __str__(s): return 'MyE(%s)' % s.b
try: raise MyE(1, 2)
except MyE as e: print(e, repr(e), e.args, e.b, e.with_traceback(None) is e)
t(lambda: ValueError().with_traceback(3))
t(setattr, ValueError(), '__cause__', 3)
t(setattr, ValueError(), 'args', 3)
t(ValueError, a=1)
def recur(n): return recur(n + 1)
t(recur, 0)
class RR:
    def __repr__(s): return repr(s)
    def __eq__(s, o): return s == o
    def __getattr__(s, n): return s.zz
l = []
for _ in range(100000): l = [l]
t(repr, l)
t(lambda: l == l[:]) 
t(exec, '1 +')
t(eval, '')
t(compile, 'x', 'f', 'bogus')
t(eval, 3)
t(exec, 'x=1; print(x)', {})
t(eval, '1+1')
t(eval, 'z', {'z': 5})
t(eval, 'z+y', {'z': 5}, {'y': 2})
t(eval, ' 1')
t(compile, 'a\x00', 'f', 'exec')
t(exec, 'def f(): return __name__\nprint(f())', {'__name__': 'nn'})
t(eval, compile('3*4', 'f', 'eval'))
ns = {}
exec('a = 1\nclass Q: pass', ns)
print(sorted(ns), ns['Q'].__module__)
t(exec, 'print(len([1]))', {'__builtins__': {'print': print, 'len': lambda x: 'mylen'}})
t(eval, 'open', {'__builtins__': {}})
t(eval, 'x', {'__builtins__': {'x': 3}})
t(exec, 'import os', {'__builtins__': {}})
t(exec, 'class A: pass', {'__builtins__': {}})
t(eval, 'f()', {'f': lambda: len('abc'), '__builtins__': {}})
t(exec, 'def f(): return max(1,2)\nprint(f())', {'__builtins__': {'max': min, 'print': print}})
t(exec, 'print(sorted(k for k in globals() if k[0] != "_"), locals() is globals())', {'q': 1})
t(eval, 'locals()', {}, {'a': 1})
t(exec, 'a = 1', 3)
t(eval, '1', {}, 3)
t(exec, 'global zz; zz = 1', ns)
print(ns.get('zz'))
class NS(dict):
    def __missing__(s, k): return 'miss ' + k
t(eval, 'foo', {}, NS())
t(eval, 'foo', NS())
def lo(a, b=2):
    c = 3
    print(sorted(locals().items()), vars() == locals(), dir())
    del c
    print(sorted(locals()))
lo(1); t(vars, 3); t(dir, 1, 2); print(sorted(vars(type('V', (), {'a': 1})()))); t(globals, 1); t(locals, 1)

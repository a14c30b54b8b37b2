x, y, w = 3, 'é', 10
class P:
    def __format__(self, s): return 'P<' + s + '>'
    def __repr__(self): return 'P()'
p = P()
print(f'{x} {x!r} {y!s} {y!a} {x:5}|{x:<5}|{x:>{w}}|{x:{w}.{2}f}|{p:abc}|{p!r:>8}|{{}}{x}}}{{')
print(f'{x + 1} {x if x else 0} {(lambda a: a * 2)(4)} {[i for i in range(3)]} { {"a": 1}["a"] } {"nested " + f"{x}"} {x:{"0"}>{w}}')
print(f'''multi
{x
 + 1}
end''', f"{'a' 'b'}", rf'\n{x}', fr"\{x}", F'{x}', f'' f'{x}' 'plain' f'{y}')
print(f'{x=}' f' {x = }' f' {x+1=!s} {y=} {x=:>5} {x = !r:>5}')
print(f'{3.14159:.2f} {10**6:,} {255:#x} {0.5:%} {"a":*^5} {1_000_000:_} {x!r:^{w}}|')
def f(a): return f'{a!r}' + f'{a:>{len(str(a)) + 2}}'
print(f('q'), f(12), f'{x:{x}}', f'{"{"}', f'{x:%d}' if 0 else '')
print(1_000, 0x_ff, 0b1_0, 0o7_7, 1_0.5_0, 1e1_0, 1_0j, format(1234567, '_'), format(0xabcdef12, '_x'))
a: int = 3
b: 'str'
class C:
    c: int = 1
    d: list
    def m(self, q: int) -> str:
        self.z: int = 5
        loc: int
        return q
print(__annotations__, C.__annotations__, C.m.__annotations__, C().m(3))
(par): int = 4
print(par, __annotations__)
if (n := len('abc')) > 2: print(n)
print([(k := i * 2, k + 1) for i in range(3)], k, (m := 5) + m)
while (n := n - 1): print('w', n)
print({(j := 3): j}, [j, (j := 4), j], f'{(q := 7)} {q}')
def total(): return (s := 0, [s := s + i for i in range(4)], s)
print(total())
def po(a, b=2, /, c=3, *, d=4): return (a, b, c, d)
print(po(1), po(1, 5, c=6, d=7))
for call in ('po()', 'po(a=1)', 'po(1, 2, 3, 4)', 'po(1, b=3)', 'po(1, e=3)'):
    try: print(eval(call))
    except TypeError as e: print(call, type(e).__name__)
def pk(a, /, **k): return (a, k)
print(pk(1, a=2), (lambda x, /, y: (x, y))(1, y=2))
def star(*args, **kw): return args, kw
print(star(*[1], *[2], **{'a': 1}, **{'b': 2},), [*range(3), *'ab'], {**{'a': 1}, 'b': 2}, {*[1], *[2]} == {1, 2}, (*[1], 2))
def tc(a, b, *args, c, **kwargs,): return a
print(tc(1, 2, c=3,))
def ret(): t = 1, 2; return *t, 3
def yi(): t = 1, 2; yield *t, 3
print(ret(), list(yi()))
print(f'{x!r}' '{x}', f'{{{x}}}', f'{x}' % () if 0 else '', f"{'%s' % x}", f'{y.upper()}' f'{[1, 2][0]}' f"{dict(a=1)['a']}", f'\N{LATIN SMALL LETTER A} \u0041{x}')
for bad in ("f'{}'", "f'{'", "f'}'", "f'{x!z}'", "f'{x!}'", "f'{a b}'", "f'{#}'", "f'{\\n}'", '1__0', '1_', '0_x1', '(a, b): int', '[x]: int', 'x: int: int', 'def f(a, /, b, /): 0', 'def f(/, a): 0', '(a := 1) = 2', 'x := 1', 'f(a := 1, b = 2)', '[a := 1 for a in b]', 'async def f(): yield 1; return 2', 'def f(*,): 0', "f'{x:{y:{z}}}'"):
    try: compile(bad, 'f', 'exec'); print(bad, 'ok')
    except SyntaxError as e: print(bad, type(e).__name__)

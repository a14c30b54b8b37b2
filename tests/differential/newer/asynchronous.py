import sys
def run(coro):
    try:
        while True: coro.send(None)
    except StopIteration as e: return e.value
class Susp:
    def __await__(self): yield 'susp'; return 'awaited'
async def agen(n):
    for i in range(n):
        await Susp()
        got = yield i
        if got: print('got', got)
class AIter:
    def __init__(self, n): self.i, self.n = 0, n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n: raise StopAsyncIteration
        self.i += 1
        return self.i
class ACM:
    async def __aenter__(self): print('aenter'); return 'acm'
    async def __aexit__(self, *a): print('aexit', a[0] and a[0].__name__); return True
async def main():
    print([x async for x in agen(3)], {x async for x in agen(2)}, {x: x * 2 async for x in AIter(2)}, [x async for x in agen(6) if x % 2], [await Susp() for _ in range(2)])
    g = (x * 10 async for x in agen(3))
    print([y async for y in g], type(g).__name__)
    async for x in agen(2): print('for', x)
    else: print('else')
    async with ACM() as a, ACM() as b:
        print(a, b)
        raise ValueError('x')
    a = agen(3)
    print(await a.__anext__(), await a.asend('hi'), await a.asend(None))
    try: await a.__anext__()
    except StopAsyncIteration as e: print('stop', e.args)
    a = agen(3); await a.__anext__()
    try: await a.athrow(KeyError('k'))
    except KeyError as e: print('ke', e)
    a = agen(3); await a.__anext__(); await a.aclose(); print('closed')
    async def cleanup():
        try:
            yield 1
            yield 2
        finally: print('cleanup')
    c = cleanup(); print(await c.__anext__()); await c.aclose()
    async def nested():
        async for x in agen(2):
            async for y in agen(2):
                yield x, y
    print([z async for z in nested()])
    print([x for x in [y async for y in agen(2)]])
    f = lambda: (yield)
    print(type(f()).__name__)
    return 'done'
print(run(main()))
async def co(): return 1
c = co(); print(type(c).__name__, c.cr_running, c.cr_code.co_name, c.__name__); c.close()
print(type(agen(1)).__name__, agen(1).ag_code.co_name)
try: run(main)
except AttributeError as e: print('AttributeError')
async def bad():
    async for x in [1]: pass
try: run(bad())
except TypeError: print('TypeError')
async def bad2():
    async with 3: pass
try: run(bad2())
except AttributeError: print('AttributeError')
async def bad3(): await 3
try: run(bad3())
except TypeError as e: print(e)
class Ctl:
    def __await__(self): return (yield from inner())
def inner():
    x = yield 1
    return x
async def use(): return await Ctl()
c = use(); print(c.send(None))
try: c.send('val')
except StopIteration as e: print(e.value)
c = use(); c.send(None)
try: c.throw(ValueError('thrown'))
except ValueError as e: print(e)

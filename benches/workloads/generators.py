"""Generators: pipelines, recursive delegation and coroutines.

Numbers flow through map, filter, batch and running-sum stages; a binary tree is walked with
`yield from`; a coroutine receives values with `send`. Stresses suspending and resuming frames.
The size is the number of items.

Source: PEP 255, PEP 342, PEP 380.
"""

SIZES = {"test": 17000, "quick": 280000, "default": 2600000}
RESULTS = {"test": "1091681450111 3196310250 36112253", "quick": "4878169955648889 14291054172500 9799790003", "default": "3905775524445311111 11442655520887500 844998050003"}


def count_up(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def squares(items):
    for item in items:
        yield item * item


def keep(items, modulus):
    for item in items:
        if item % modulus:
            yield item


def batches(items, length):
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == length:
            yield batch
            batch = []
    if batch:
        yield batch


def running_sums(items):
    total = 0
    for item in items:
        total += item
        yield total


def in_order(low, high):
    """The numbers low..high-1 as a walk over a balanced tree."""
    if low < high:
        middle = (low + high) // 2
        yield from in_order(low, middle)
        yield middle
        yield from in_order(middle + 1, high)


def smoother():
    """Receives numbers, answers the mean of the last four, and returns how many came."""
    window = [0, 0, 0, 0]
    seen = 0
    answer = None
    while True:
        number = yield answer
        if number is None:
            return seen
        window[seen % 4] = number
        seen += 1
        answer = sum(window) // 4


def smooth(limit):
    total = 0
    coroutine = smoother()
    next(coroutine)
    for n in range(limit):
        total += coroutine.send(n)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        total += stop.value
    return total


def run(size):
    last = 0
    for last in running_sums(sum(batch) for batch in batches(keep(squares(count_up(size)), 3), 8)):
        pass
    walked = 0
    for position, number in enumerate(in_order(0, size // 8)):
        walked += position * number
    return '%d %d %d' % (last, walked, smooth(size // 2))


def verify(size, result):
    kept = sum([n * n for n in range(size) if n % 3])
    walk = size // 8
    walked = (walk - 1) * walk * (2 * walk - 1) // 6
    half = size // 2
    smoothed = half
    for n in range(half):
        smoothed += sum(range(max(0, n - 3), n + 1)) // 4
    return result == '%d %d %d' % (kept, walked, smoothed)


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

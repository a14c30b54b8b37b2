"""Recursion: Takeuchi's function, Ackermann's function, the towers of Hanoi and deep mutual recursion.

Stresses deep stacks, several arguments, keyword and default arguments. The size is a number of rounds.

Sources: Takeuchi 1978 (as McCarthy's variant); Ackermann 1928 in Peter's form; Lucas 1883.
"""

SIZES = {"test": 13, "quick": 180, "default": 1800}
RESULTS = {"test": 7306, "quick": 101160, "default": 1011600}


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(disks, source='a', target='c', spare='b'):
    if disks == 0:
        return 0
    return (hanoi(disks - 1, source, spare, spare=target) + 1
            + hanoi(disks - 1, source=spare, target=target, spare=source))


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def run(size):
    total = 0
    for turn in range(size):
        total += tak(10, 6, 2) + ackermann(2, 20) + hanoi(9)
        for n in range(300, 310):
            total += is_even(n + turn % 2)
    return total


def verify(size, result):
    # tak(10, 6, 2) is 3, as the well-known tak(18, 12, 6) is 7; A(2, n) = 2n + 3; Hanoi takes 2^n - 1 moves.
    return result == size * (3 + 43 + 511 + 5)


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

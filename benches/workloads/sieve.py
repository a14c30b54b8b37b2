"""Sieve of Eratosthenes: count the primes below n.

A list of booleans, crossed out by nested while loops. Stresses integer arithmetic, comparisons and
list stores. The size is n.

Counts: OEIS A006880, and Legendre's sum formula for other sizes.
"""

SIZES = {"test": 80000, "quick": 1000000, "default": 8000000}
RESULTS = {"test": "7837 primes, last 79999", "quick": "78498 primes, last 999983", "default": "539777 primes, last 7999993"}


def run(size):
    is_prime = [True] * size
    is_prime[0] = is_prime[1] = False
    candidate = 2
    while candidate * candidate < size:
        if is_prime[candidate]:
            multiple = candidate * candidate
            while multiple < size:
                is_prime[multiple] = False
                multiple += candidate
        candidate += 1
    count = last = 0
    for number in range(size):
        if is_prime[number]:
            count += 1
            last = number
    return '%d primes, last %d' % (count, last)


def count_primes(limit):
    """Primes up to limit without a table of flags (Lucy Hedgehog's form of Legendre's formula)."""
    root = 1
    while (root + 1) * (root + 1) <= limit:
        root += 1
    values = [limit // i for i in range(1, root + 1)]
    values += range(values[-1] - 1, 0, -1)
    counts = {}
    for v in values:
        counts[v] = v - 1
    for p in range(2, root + 1):
        if counts[p] > counts[p - 1]:
            below = counts[p - 1]
            for v in values:
                if v < p * p:
                    break
                counts[v] -= counts[v // p] - below
    return counts[limit]


def verify(size, result):
    return int(result.split()[0]) == count_primes(size - 1)


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

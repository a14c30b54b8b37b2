"""Spectral norm of the infinite matrix a(i, j) = 1 / ((i + j)(i + j + 1) / 2 + i + 1), cut to n rows.

The power method: ten rounds of multiplying by the matrix and by its transpose.
Stresses calls of a small function, float division and list building. The size is n.

Problem: Computer Language Benchmarks Game, spectral-norm, after Hundred-Dollar Digit Challenge 3
(Trefethen, SIAM News 2002); the limit is 1.274224152...
"""

SIZES = {"test": 32, "quick": 120, "default": 360}
RESULTS = {"test": "1.274118144", "quick": "1.274221700", "default": "1.274224055"}


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def multiply(vector):
    n = len(vector)
    product = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += element(i, j) * vector[j]
        product.append(total)
    return product


def multiply_transposed(vector):
    n = len(vector)
    product = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += element(j, i) * vector[j]
        product.append(total)
    return product


def run(size):
    u = [1.0] * size
    v = u
    for _ in range(10):
        v = multiply_transposed(multiply(u))
        u = multiply_transposed(multiply(v))
    above = below = 0.0
    for x, y in zip(u, v):
        above += x * y
        below += y * y
    return '%.9f' % (above / below) ** 0.5


def verify(size, result):
    if size == 100:
        return result == '1.274219991'
    if size < 10:
        return 1.0 <= float(result) < 1.2742242
    return 1.2718 < float(result) < 1.2742242


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

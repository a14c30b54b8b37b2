"""Matrix multiplication on lists of lists, integers and floats.

The schoolbook product, row by column. Stresses nested loops, list indexing and multiply-add. The size is
the side of the matrices.

The check is Freivalds' (1979): A(Bx) = Cx for a vector x, which costs n^2 instead of n^3.
"""

SIZES = {"test": 37, "quick": 88, "default": 200}
RESULTS = {"test": "128014733 32003683.25", "quick": "1668643276 417160819.00", "default": "19538019712 4884504928.00"}


def make_matrix(size, seed, scale):
    rows = []
    for _ in range(size):
        row = []
        for _ in range(size):
            seed = (seed * 1103515245 + 12345) % 2147483648
            row.append((seed >> 16) % 100 * scale)
        rows.append(row)
    return rows


def multiply(a, b):
    size = len(a)
    product = []
    for i in range(size):
        row = a[i]
        out = [0] * size
        for j in range(size):
            total = 0
            for k in range(size):
                total += row[k] * b[k][j]
            out[j] = total
        product.append(out)
    return product


def apply(a, vector):
    return [sum([x * y for x, y in zip(row, vector)]) for row in a]


def run(size):
    answers = []
    for scale in (1, 0.5):
        a, b = make_matrix(size, 1, scale), make_matrix(size, 2, scale)
        c = multiply(a, b)
        vector = [i % 7 + 1 for i in range(size)]
        if apply(c, vector) != apply(a, apply(b, vector)):
            return 'product is wrong'
        answers.append(sum([sum(row) for row in c]))
    return '%d %.2f' % tuple(answers)


def verify(size, result):
    """The sum of all elements of AB is the column sums of A times the row sums of B."""
    a, b = make_matrix(size, 1, 1), make_matrix(size, 2, 1)
    total = 0
    for k in range(size):
        total += sum([a[i][k] for i in range(size)]) * sum(b[k])
    return result == '%d %.2f' % (total, total / 4)


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

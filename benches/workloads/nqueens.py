"""N queens: count the ways to place n queens that do not attack each other.

Backtracking over columns with three tables of free rows and diagonals. Stresses
recursion, list indexing and branches. The size is n.

Algorithm: Wirth, "Program Development by Stepwise Refinement", CACM 14(4), 1971; counts: OEIS A000170.
"""

SIZES = {"test": 9, "quick": 11, "default": 12}
RESULTS = {"test": 352, "quick": 2680, "default": 14200}

SOLUTIONS = [1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14200, 73712]


def place(column, size, free_row, free_up, free_down):
    if column == size:
        return 1
    found = 0
    for row in range(size):
        if free_row[row] and free_up[row + column] and free_down[row - column]:
            free_row[row] = free_up[row + column] = free_down[row - column] = False
            found += place(column + 1, size, free_row, free_up, free_down)
            free_row[row] = free_up[row + column] = free_down[row - column] = True
    return found


def run(size):
    # A negative index wraps round: row - column uses the 2n - 1 entries without a shift.
    return place(0, size, [True] * size, [True] * (2 * size), [True] * (2 * size))


def verify(size, result):
    return size < len(SOLUTIONS) and result == SOLUTIONS[size]


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

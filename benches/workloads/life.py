"""Life: the R-pentomino on an unbounded board, kept as a set of cells.

Neighbours are counted in a dict keyed by coordinate pairs. Stresses tuples, hashing, dicts and sets. The size is
the number of generations.

Source: Conway's game, Gardner, Scientific American, October 1970; the R-pentomino settles at generation 1,103 with
116 cells.
"""

SIZES = {"test": 70, "quick": 400, "default": 3000}
RESULTS = {"test": "53 cells, 1143 born, 198890489", "quick": "195 cells, 18419 born, 636922571", "default": "116 cells, 100994 born, 376316797"}


def step(cells):
    neighbours = {}
    for x, y in cells:
        for cell in ((x - 1, y - 1), (x, y - 1), (x + 1, y - 1), (x - 1, y),
                     (x + 1, y), (x - 1, y + 1), (x, y + 1), (x + 1, y + 1)):
            neighbours[cell] = neighbours.get(cell, 0) + 1
    alive = set()
    for cell, count in neighbours.items():
        if count == 3 or (count == 2 and cell in cells):
            alive.add(cell)
    return alive


def run(size):
    cells = {(1, 0), (2, 0), (0, 1), (1, 1), (1, 2)}
    born = 0
    for _ in range(size):
        after = step(cells)
        born += len(after - cells)
        cells = after
    checksum = 0
    for x, y in sorted(cells):
        checksum = (checksum * 31 + x * 1009 + y) % 1000000007
    return '%d cells, %d born, %d' % (len(cells), born, checksum)


def verify(size, result):
    if size == 1103:
        return result.startswith('116 cells')
    return 0 < int(result.split()[0]) < 400


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

"""Mandelbrot: escape times over a grid of the complex plane.

At most 50 iterations a point, with real and imaginary parts as two floats. Stresses
float arithmetic in one tight loop that allocates nothing else. The size is the side of the grid.

Source: Mandelbrot 1980; the grid is [-1.5, 0.5] x [-1, 1] as in the Computer Language Benchmarks Game.
The area of the set, 1.5066 (OEIS A098403), is what the check relies on for sizes without a stored result.
"""

SIZES = {"test": 50, "quick": 185, "default": 590}
RESULTS = {"test": "992 inside, 60987 steps", "quick": "13614 inside, 835846 steps", "default": "138212 inside, 8495027 steps"}

LIMIT = 50


def escape_time(re, im):
    x = y = 0.0
    for step in range(LIMIT):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return step
        y = 2.0 * x * y + im
        x = xx - yy + re
    return LIMIT


def run(size):
    inside = 0
    steps = 0
    for row in range(size):
        im = 2.0 * row / size - 1.0
        for column in range(size):
            time = escape_time(2.0 * column / size - 1.5, im)
            steps += time
            if time == LIMIT:
                inside += 1
    return '%d inside, %d steps' % (inside, steps)


def verify(size, result):
    inside, steps = [int(part.split()[0]) for part in result.split(', ')]
    # A grid of cells 2/n wide covers about 0.38 of the square; 50 steps overestimate a little.
    return abs(inside / (size * size) - 0.40) < 0.06 and inside * LIMIT <= steps <= size * size * LIMIT


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

"""Exceptions: raise, match, re-raise, clean up, in a loop.

Built-in errors from failing operations, classes of the program's own, `finally`, `else`, chaining, and unwinding
through several frames and `with` blocks. The size is the number of turns.

Source: PEP 343, PEP 3110, PEP 3134.
"""

SIZES = {"test": 1500, "quick": 22000, "default": 220000}
RESULTS = {"test": "3750 8250 3000 1500 3750 5250", "quick": "55000 121000 44000 22000 55000 76996", "default": "550000 1210000 440000 220000 550000 769996"}


class Failure(Exception):
    def __init__(self, weight):
        Exception.__init__(self, 'failure %d' % weight)
        self.weight = weight


class Mild(Failure):
    pass


class Severe(Failure):
    pass


class Guard:
    """Counts its exits, and swallows mild failures."""

    def __init__(self):
        self.exits = 0
        self.swallowed = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.exits += 1
        if kind is not None and issubclass(kind, Mild):
            self.swallowed += value.weight
            return True
        return False


def descend(depth, turn):
    """Raise from the bottom of a few frames, each with work to do on the way out."""
    if depth == 0:
        if turn % 2:
            raise Mild(turn % 10)
        raise Severe(turn % 10)
    try:
        descend(depth - 1, turn)
    finally:
        LOG[depth] += 1


LOG = [0] * 8


def built_in(turn, table, row):
    """One operation of four that fails three times in four."""
    choice = turn % 4
    try:
        if choice == 0:
            return table['missing']
        if choice == 1:
            return row[len(row) + turn]
        if choice == 2:
            return int('x')
        found = table['present']
    except KeyError:
        return 1
    except (IndexError, TypeError):
        return 2
    except ValueError as error:
        return 3 if 'x' in str(error) else 100
    else:
        return found


def chained(turn):
    try:
        try:
            raise KeyError(turn)
        except KeyError as error:
            raise Severe(turn % 10) from error
    except Failure as failure:
        return failure.weight + (1 if isinstance(failure.__cause__, KeyError) else 100)


def run(size):
    for depth in range(len(LOG)):
        LOG[depth] = 0
    guard = Guard()
    table, row = {'present': 4}, [1, 2, 3]
    codes = weights = links = 0
    for turn in range(size):
        codes += built_in(turn, table, row)
        links += chained(turn)
        try:
            with guard:
                descend(1 + turn % 6, turn)
        except Severe as severe:
            weights += severe.weight
    return '%d %d %d %d %d %d' % (codes, links, weights, guard.exits, guard.swallowed, sum(LOG))


def verify(size, result):
    turns = range(size)
    expected = [
        sum([t % 4 + 1 for t in turns]), sum([t % 10 + 1 for t in turns]),
        sum([t % 10 for t in turns if not t % 2]), size,
        sum([t % 10 for t in turns if t % 2]), sum([1 + t % 6 for t in turns])]
    return result == ' '.join([str(number) for number in expected])


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

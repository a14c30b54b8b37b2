"""Digits of pi, one at a time, from an unbounded spigot.

A linear fractional transformation is composed term by term and a digit is produced
whenever it is certain. Stresses big-integer multiplication and division. The size is the number of digits.

Algorithm: Gibbons, "Unbounded Spigot Algorithms for the Digits of Pi", AMM 113(4), 2006.
"""

SIZES = {"test": 480, "quick": 1800, "default": 5400}
RESULTS = {"test": "3141592653...5188575272 987294015", "quick": "3141592653...8608578438 689471539", "default": "3141592653...9882816133 576868982"}


def digits(count):
    """The first digits, as a list of small ints."""
    q, r, t, term = 1, 0, 1, 0
    produced = []
    while len(produced) < count:
        # Take in terms until the digit is the same at both ends of the interval.
        term += 1
        odd = 2 * term + 1
        r = (2 * q + r) * odd
        t *= odd
        q *= term
        if q > r:
            continue
        digit = (3 * q + r) // t
        if (4 * q + r) // t == digit:
            produced.append(digit)
            q *= 10
            r = 10 * (r - digit * t)
    return produced


def run(size):
    text = ''.join([str(digit) for digit in digits(size)])
    checksum = 0
    for i in range(0, size, 9):
        checksum = (checksum * 31 + int(text[i:i + 9])) % 1000000007
    return '%s...%s %d' % (text[:10], text[-10:], checksum)


def inverse_tangent(inverse, unit):
    """unit * arctan(1 / inverse) in integers, by Gregory's series."""
    power = total = unit // inverse
    square = inverse * inverse
    n, sign = 3, -1
    while power:
        power //= square
        total += sign * (power // n)
        n, sign = n + 2, -sign
    return total


def verify(size, result):
    """Machin's formula of 1706, with twelve guard digits, has the same digits at both ends."""
    unit = 10 ** (size + 12)
    pi = 4 * (4 * inverse_tangent(5, unit) - inverse_tangent(239, unit))
    pi //= 10 ** 13
    ends = result.split()[0].split('...')
    return pi % 10 ** 10 == int(ends[1]) and pi // 10 ** (size - min(size, 10)) == int(ends[0])


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

"""Fannkuch: flips of pancakes over all permutations.

For each permutation of 1..n, reverse the first k elements, k being the first element,
until a 1 is on top. Stresses small lists, slices and integer loops. The size is n.

Problem: Anderson and Rettig, "Performing Lisp Analysis of the FANNKUCH Benchmark", 1994, with
the checksum of the Computer Language Benchmarks Game; maximum flips: OEIS A000375.
"""

SIZES = {"test": 7, "quick": 8, "default": 9}
RESULTS = {"test": "228 16", "quick": "1616 22", "default": "8629 30"}

MOST_FLIPS = {1: 0, 2: 1, 3: 2, 4: 4, 5: 7, 6: 10, 7: 16, 8: 22, 9: 30, 10: 38, 11: 51}
CHECKSUMS = {7: 228, 8: 1616, 9: 8629, 10: 73196, 11: 556355}


def count_flips(permutation):
    row = permutation[:]
    flips = 0
    top = row[0]
    while top:
        row[:top + 1] = row[top::-1]
        flips += 1
        top = row[0]
    return flips


def run(size):
    permutation = list(range(size))
    counters = [0] * size
    most = 0
    checksum = 0
    sign = 1
    while True:
        if permutation[0]:
            flips = count_flips(permutation)
            if flips > most:
                most = flips
            checksum += sign * flips
        # The next permutation: swap the first two, or rotate longer prefixes when counters run over.
        if sign > 0:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
            continue
        permutation[1], permutation[2] = permutation[2], permutation[1]
        sign = 1
        i = 2
        while counters[i] == i:
            counters[i] = 0
            i += 1
            if i == size:
                return '%d %d' % (checksum, most)
            permutation.insert(i, permutation.pop(0))
        counters[i] += 1


def verify(size, result):
    checksum, most = [int(word) for word in result.split()]
    return most == MOST_FLIPS[size] and checksum == CHECKSUMS.get(size, checksum)


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

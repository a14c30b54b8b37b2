"""SHA-256 in plain integers.

Stresses shifts, masks and 32-bit arithmetic, and lists of ints. The size is the number of 64-byte blocks hashed.

Algorithm: FIPS 180-4; the constants are derived here from the first primes, as the standard defines them.
"""

SIZES = {"test": 36, "quick": 550, "default": 5500}
RESULTS = {"test": "8d9b2c82de0640c17e8c99bad686f6dfdf5ed4e9ecf5d9d120fc725bb5191d86", "quick": "d8f4028a1b08cdb2b3dfc85438886d0bbf833e22a17f3d61b77bc2c555f1bc30", "default": "328441ba6abc2cc18201f67172e33a5d2fb338741d447d890210c3c742dc152c"}

MASK = 0xFFFFFFFF


def integer_root(number, degree):
    """The largest r with r ** degree <= number."""
    low, high = 0, 1 << 40
    while low < high:
        middle = (low + high + 1) // 2
        if middle ** degree <= number:
            low = middle
        else:
            high = middle - 1
    return low


def first_primes(count):
    primes = []
    number = 2
    while len(primes) < count:
        if all([number % prime for prime in primes]):
            primes.append(number)
        number += 1
    return primes


PRIMES = first_primes(64)
# The first 32 bits of the fractions of square and cube roots.
START = [integer_root(prime << 64, 2) & MASK for prime in PRIMES[:8]]
ROUND = [integer_root(prime << 96, 3) & MASK for prime in PRIMES]


def rotate(word, count):
    return (word >> count | word << (32 - count)) & MASK


def compress(state, block):
    words = []
    for i in range(0, 64, 4):
        words.append(block[i] << 24 | block[i + 1] << 16 | block[i + 2] << 8 | block[i + 3])
    for i in range(16, 64):
        early, late = words[i - 15], words[i - 2]
        small = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
        large = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
        words.append((words[i - 16] + small + words[i - 7] + large) & MASK)
    a, b, c, d, e, f, g, h = state
    for i in range(64):
        first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (e & f ^ ~e & g) + ROUND[i] + words[i]
        second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (a & b ^ a & c ^ b & c)
        h, g, f, e, d, c, b, a = g, f, e, (d + first) & MASK, c, b, a, (first + second) & MASK
    return [(old + new) & MASK for old, new in zip(state, (a, b, c, d, e, f, g, h))]


def digest(message):
    length = len(message) * 8
    padded = list(message) + [0x80]
    while len(padded) % 64 != 56:
        padded.append(0)
    for shift in range(56, -8, -8):
        padded.append(length >> shift & 255)
    state = START
    for start in range(0, len(padded), 64):
        state = compress(state, padded[start:start + 64])
    return ''.join(['%08x' % word for word in state])


def run(size):
    # The last block is the padding.
    return digest(bytes([i * 7 % 256 for i in range(64 * (size - 1))]))


def verify(size, result):
    """Known digests: of b'abc', of the empty message, and those stored for the named sizes."""
    if digest(b'abc') != 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad':
        return False
    if size == 1:
        return result == 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    return len(result) == 64


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

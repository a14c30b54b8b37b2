# Loops over whole numbers in locals: perfect numbers, triangles, digits, palindromes, steps.


def divisor_sum(n):
    total = 1
    d = 2
    while d * d <= n:
        if n % d == 0:
            total += d
            if d != n // d:
                total += n // d
        d += 1
    return total


def triples(limit):
    count = 0
    a = 1
    while a < limit:
        b = a
        while b < limit:
            c2 = a * a + b * b
            c = int(c2 ** 0.5)
            if c * c == c2 and c < limit:
                count += 1
            b += 1
        a += 1
    return count


def reversed_number(n):
    back = 0
    while n > 0:
        back = back * 10 + n % 10
        n = n // 10
    return back


def longest_walk(limit):
    best = where = 0
    for start in range(1, limit):
        n = start
        length = 1
        while n != 1:
            if n & 1:
                n = 3 * n + 1
            else:
                n >>= 1
            length += 1
        if length > best:
            best = length
            where = start
    return best, where


def bits(n):
    count = 0
    while n:
        n &= n - 1
        count += 1
    return count


def root(n):
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        if middle * middle <= n:
            low = middle
        else:
            high = middle
    return low


def main():
    perfect = [n for n in range(2, 520) if divisor_sum(n) == n]
    palindromes = 0
    for n in range(2000):
        if reversed_number(n) == n:
            palindromes += 1
    total = 0
    for i in range(1200):
        total = total + bits(i)
    print(perfect, triples(70), palindromes, longest_walk(250), total)
    print(sum(root(n * 37) for n in range(250)))


main()

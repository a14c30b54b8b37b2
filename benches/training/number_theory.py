# Whole numbers: divisors, modular powers, a primality test, continued fractions.


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def power(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def probably_prime(n):
    if n < 4:
        return n > 1
    if n % 2 == 0:
        return False
    d, r = n - 1, 0
    while d % 2 == 0:
        d //= 2
        r += 1
    for witness in (2, 3, 5, 7):
        if n % witness == 0:
            return n == witness
        x = power(witness, d, n)
        if x == 1 or x == n - 1:
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def factors(n):
    found, p = [], 2
    while p * p <= n:
        while n % p == 0:
            found.append(p)
            n //= p
        p += 1
    if n > 1:
        found.append(n)
    return found


def digits(n, base):
    out = []
    while n:
        n, d = divmod(n, base)
        out.append(d)
    return out[::-1]


def continued(a, b):
    terms = []
    while b != 0:
        q = a // b
        terms.append(q)
        a, b = b, a - q * b
    return terms


def main():
    coprime = 0
    for a in range(1, 60):
        for b in range(1, a):
            if gcd(a, b) == 1:
                coprime += 1
    print(coprime, sum(1 for n in range(1, 500) if probably_prime(n)))
    print(sum(len(factors(n)) for n in range(2, 900)))
    print(sum(sum(digits(n, 7)) for n in range(600)), continued(415, 93))


main()

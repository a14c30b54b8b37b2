# Small functions that call themselves: choices, towers, powers, digit sums, two that call each other.


def choose(n, k):
    if k == 0 or k == n:
        return 1
    return choose(n - 1, k - 1) + choose(n - 1, k)


def moves(n, source, target, spare):
    if n == 0:
        return 0
    before = moves(n - 1, source, spare, target)
    return before + 1 + moves(n - 1, spare, target, source)


def power(x, n):
    if n == 0:
        return 1
    if n % 2 == 1:
        return x * power(x, n - 1)
    half = power(x, n // 2)
    return half * half


def digit_sum(n):
    if n < 10:
        return n
    return n % 10 + digit_sum(n // 10)


def is_even(n):
    if n == 0:
        return True
    return is_odd(n - 1)


def is_odd(n):
    if n == 0:
        return False
    return is_even(n - 1)


def ninety_one(n):
    if n > 100:
        return n - 10
    return ninety_one(ninety_one(n + 11))


def catalan(n):
    if n <= 1:
        return 1
    total = 0
    for i in range(n):
        total += catalan(i) * catalan(n - 1 - i)
    return total


def main():
    print(choose(13, 6), moves(9, "a", "b", "c"), power(3, 300) % 1000)
    print(sum(digit_sum(n) for n in range(600)), is_even(500), catalan(7))
    print(sum(ninety_one(n) for n in range(90, 100)))


main()

# Integer programming by hand: change making and subset sums.


def ways(total, coins):
    table = [0] * (total + 1)
    table[0] = 1
    for coin in coins:
        for amount in range(coin, total + 1):
            table[amount] += table[amount - coin]
    return table[total]


def fewest(total, coins):
    best = [0] + [total + 1] * total
    for amount in range(1, total + 1):
        for coin in coins:
            if coin <= amount:
                count = best[amount - coin] + 1
                if count < best[amount]:
                    best[amount] = count
    return best[total]


def subset_sum(items, target):
    reachable = {0}
    for item in items:
        more = set()
        for value in reachable:
            if value + item <= target:
                more.add(value + item)
        reachable |= more
    return max(reachable)


def main():
    coins = [1, 2, 5, 10, 25, 50]
    print(ways(900, coins), fewest(987, [1, 7, 13, 31]))
    print(subset_sum([3 * n + 7 for n in range(14)], 211))


main()

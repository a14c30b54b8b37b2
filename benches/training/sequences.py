# Tables of two dimensions: edit distance, common subsequences, alignments, Pascal's triangle.


def edits(a, b):
    before = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        now = [i] + [0] * len(b)
        for j in range(1, len(b) + 1):
            if a[i - 1] == b[j - 1]:
                now[j] = before[j - 1]
            else:
                now[j] = 1 + min(before[j], now[j - 1], before[j - 1])
        before = now
    return before[len(b)]


def common(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x == y:
                table[i + 1][j + 1] = table[i][j] + 1
            else:
                up, left = table[i][j + 1], table[i + 1][j]
                table[i + 1][j + 1] = up if up > left else left
    i, j, out = len(a), len(b), []
    while i and j:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1])
            i -= 1
            j -= 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(out))


def longest_rising(items):
    lengths = [1] * len(items)
    for i in range(len(items)):
        for j in range(i):
            if items[j] < items[i] and lengths[j] + 1 > lengths[i]:
                lengths[i] = lengths[j] + 1
    return max(lengths)


def triangle(rows):
    row = [1]
    for _ in range(rows):
        row = [1] + [row[i] + row[i + 1] for i in range(len(row) - 1)] + [1]
    return row


def main():
    a = "".join("acgt"[i * i * 7 % 11 % 4] for i in range(70))
    b = "".join("acgt"[i * i * 5 % 13 % 4] for i in range(65))
    print(edits(a, b), common(a, b))
    print(longest_rising([i * 37 % 101 for i in range(110)]), max(triangle(60)))


main()

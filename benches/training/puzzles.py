# Search with backtracking: magic squares, word ladders, partitions of a set, tilings.


def magic(cells, used, at, found):
    if at == 9:
        found.append(tuple(cells))
        return
    for value in range(1, 10):
        if used[value]:
            continue
        cells[at] = value
        if at % 3 == 2 and cells[at] + cells[at - 1] + cells[at - 2] != 15:
            continue
        if at >= 6 and cells[at] + cells[at - 3] + cells[at - 6] != 15:
            continue
        used[value] = True
        magic(cells, used, at + 1, found)
        used[value] = False


def tilings(width, row, next_row, at, memory):
    if row == 0:
        return 1
    if at == width:
        return tilings(width, row - 1, 0, 0, memory) if not next_row else 0
    key = (row, next_row, at)
    if key in memory:
        return memory[key]
    if next_row >> at & 1:
        total = tilings(width, row, next_row & ~(1 << at), at + 1, memory)
    else:
        total = tilings(width, row, next_row, at + 1, memory)
        if at + 1 < width and not next_row >> at + 1 & 1:
            total += tilings(width, row, next_row, at + 2, memory)
    memory[key] = total
    return total


def neighbours(word, words):
    for other in words:
        if sum(a != b for a, b in zip(word, other)) == 1:
            yield other


def ladder(start, goal, words):
    paths, seen = [[start]], {start}
    while paths:
        longer = []
        for path in paths:
            if path[-1] == goal:
                return path
            for word in neighbours(path[-1], words):
                if word not in seen:
                    seen.add(word)
                    longer.append(path + [word])
        paths = longer
    return []


def main():
    found = []
    magic([0] * 9, [False] * 10, 0, found)
    words = [a + b + c for a in "bcdfh" for b in "aeo" for c in "gtw"]
    print(len(found), found[0], ladder("bag", "how", words), tilings(8, 6, 0, 0, {}))


main()

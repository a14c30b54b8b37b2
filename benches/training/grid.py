# Mazes and boards: flood fill, breadth-first search, sliding windows, spirals.


def carve(width, height, seed):
    rows = []
    for y in range(height):
        row = []
        for x in range(width):
            seed = (seed * 1103515245 + 12345) % 2147483648
            row.append("#" if seed >> 16 & 3 == 0 else ".")
        rows.append(row)
    return rows


def fill(rows, x, y, mark):
    stack, filled = [(x, y)], 0
    while stack:
        x, y = stack.pop()
        if x < 0 or y < 0 or y >= len(rows) or x >= len(rows[y]):
            continue
        if rows[y][x] != ".":
            continue
        rows[y][x] = mark
        filled += 1
        stack.append((x + 1, y))
        stack.append((x - 1, y))
        stack.append((x, y + 1))
        stack.append((x, y - 1))
    return filled


def steps(rows, start, goal):
    distance = {start: 0}
    queue, at = [start], 0
    while at < len(queue):
        x, y = here = queue[at]
        at += 1
        if here == goal:
            return distance[here]
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            there = (x + dx, y + dy)
            if there in distance:
                continue
            if 0 <= there[0] < len(rows[0]) and 0 <= there[1] < len(rows):
                if rows[there[1]][there[0]] != "#":
                    distance[there] = distance[here] + 1
                    queue.append(there)
    return -1


def spiral(n):
    board = [[0] * n for _ in range(n)]
    x = y = 0
    dx, dy = 1, 0
    for value in range(1, n * n + 1):
        board[y][x] = value
        nx, ny = x + dx, y + dy
        if not (0 <= nx < n and 0 <= ny < n) or board[ny][nx]:
            dx, dy = -dy, dx
            nx, ny = x + dx, y + dy
        x, y = nx, ny
    return sum(board[i][i] for i in range(n))


def main():
    for seed in (3, 14, 15):
        rows = carve(24, 16, seed)
        rows[0][0] = rows[15][23] = "."
        print(steps(rows, (0, 0), (23, 15)), fill(rows, 0, 0, "o"), spiral(17 + seed))


main()

# Linear algebra on lists: elimination, determinants, power iteration.


def solve(matrix, right):
    n = len(matrix)
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    for column in range(n):
        pivot = column
        for row in range(column + 1, n):
            if abs(rows[row][column]) > abs(rows[pivot][column]):
                pivot = row
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, n):
            factor = rows[row][column] / rows[column][column]
            for k in range(column, n + 1):
                rows[row][k] -= factor * rows[column][k]
    result = [0.0] * n
    for row in range(n - 1, -1, -1):
        total = rows[row][n]
        for k in range(row + 1, n):
            total -= rows[row][k] * result[k]
        result[row] = total / rows[row][row]
    return result


def norm(vector):
    total = 0.0
    for x in vector:
        total += x * x
    return total ** 0.5


def dominant(matrix, rounds):
    vector = [1.0] * len(matrix)
    for _ in range(rounds):
        image = [sum(a * x for a, x in zip(row, vector)) for row in matrix]
        length = norm(image)
        vector = [x / length for x in image]
    return length


def main():
    n = 14
    matrix = [[1.0 / (1 + abs(i - j)) + (i == j) * 2 for j in range(n)] for i in range(n)]
    for shift in range(6):
        solution = solve(matrix, [float(i + shift) for i in range(n)])
    print("%.6f %.6f" % (norm(solution), dominant(matrix, 30)))


main()

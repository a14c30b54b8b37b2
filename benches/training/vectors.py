# Geometry: vectors with operators, polygons, convex hulls, closest points.


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y

    def cross(self, other):
        return self.x * other.y - self.y * other.x

    def length2(self):
        return self.dot(self)


def area(points):
    total = 0
    for i in range(len(points)):
        total += points[i - 1].cross(points[i])
    return abs(total) / 2


def hull(points):
    points = sorted(points, key=lambda p: (p.x, p.y))

    def half(order):
        chain = []
        for p in order:
            while len(chain) > 1 and (chain[-1] - chain[-2]).cross(p - chain[-1]) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(points) + half(points[::-1])


def closest(points):
    best = None
    for i, p in enumerate(points):
        for j in range(i):
            distance = (p - points[j]).length2()
            if best is None or distance < best:
                best = distance
    return best


def main():
    points, state = [], 11
    for _ in range(90):
        state = (state * 16807) % 2147483647
        points.append(Vector(state % 1000, state // 1000 % 1000))
    outside = hull(points)
    middle = Vector(0, 0)
    for p in points:
        middle = middle + p * 2
    print(len(outside), area(outside), closest(points), middle.x, middle.y)


main()

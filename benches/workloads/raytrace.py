"""Ray tracing: spheres over a chequered floor, with shadows and mirrors.

Vectors are instances with operators. Stresses operator methods, floats in attributes, short-lived objects and
recursion. The size is the side of the picture in pixels.

Source: Whitted, "An Improved Illumination Model for Shaded Display", CACM 23(6), 1980.
"""

SIZES = {"test": 26, "quick": 95, "default": 300}
RESULTS = {"test": "mean 0.345929, 883577626", "quick": "mean 0.345936, 307303994", "default": "mean 0.346324, 368194670"}


class Vector:
    __slots__ = ('x', 'y', 'z')

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def __neg__(self):
        return Vector(-self.x, -self.y, -self.z)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / self.dot(self) ** 0.5)


class Sphere:
    def __init__(self, centre, radius, brightness, mirror):
        self.centre = centre
        self.radius = radius
        self.brightness = brightness
        self.mirror = mirror

    def hit(self, origin, direction):
        """The distance to the first hit in front of the origin, or None."""
        towards = self.centre - origin
        along = towards.dot(direction)
        inside = along * along - towards.dot(towards) + self.radius * self.radius
        if inside < 0.0:
            return None
        root = inside ** 0.5
        for distance in (along - root, along + root):
            if distance > 1e-6:
                return distance
        return None

    def normal(self, point):
        return (point - self.centre) * (1.0 / self.radius)

    def shade(self, point):
        return self.brightness


class Floor:
    mirror = 0.1

    def hit(self, origin, direction):
        if direction.y == 0.0:
            return None
        distance = -origin.y / direction.y
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)

    def shade(self, point):
        return 0.9 if (int(point.x // 1) + int(point.z // 1)) % 2 else 0.3


class Scene:
    def __init__(self):
        self.things = [Floor(),
                       Sphere(Vector(0.0, 1.0, 5.0), 1.0, 0.7, 0.4),
                       Sphere(Vector(-2.0, 0.7, 4.0), 0.7, 0.9, 0.2),
                       Sphere(Vector(1.6, 0.5, 3.5), 0.5, 0.5, 0.6)]
        self.light = Vector(-5.0, 8.0, -3.0)

    def nearest(self, origin, direction):
        best, found = None, None
        for thing in self.things:
            distance = thing.hit(origin, direction)
            if distance is not None and (best is None or distance < best):
                best, found = distance, thing
        return best, found

    def trace(self, origin, direction, depth):
        distance, thing = self.nearest(origin, direction)
        if thing is None:
            return 0.2 + 0.3 * max(direction.y, 0.0)
        point = origin + direction * distance
        normal = thing.normal(point)
        brightness = 0.1
        to_light = (self.light - point).unit()
        facing = normal.dot(to_light)
        if facing > 0.0 and self.nearest(point + normal * 1e-4, to_light)[1] is None:
            brightness += 0.9 * facing
        brightness *= thing.shade(point)
        if depth > 0 and thing.mirror > 0.0:
            mirrored = direction - normal * (2.0 * direction.dot(normal))
            seen = self.trace(point + normal * 1e-4, mirrored, depth - 1)
            brightness = brightness * (1.0 - thing.mirror) + seen * thing.mirror
        return brightness


def run(size):
    scene = Scene()
    eye = Vector(0.0, 1.5, -3.0)
    checksum = 0
    total = 0.0
    for row in range(size):
        for column in range(size):
            direction = Vector((column + 0.5) / size - 0.5, 0.4 - (row + 0.5) / size, 1.0).unit()
            brightness = scene.trace(eye, direction, 2)
            total += brightness
            checksum = (checksum * 31 + int(brightness * 255.0)) % 1000000007
    return 'mean %.6f, %d' % (total / (size * size), checksum)


def verify(size, result):
    return 0.2 < float(result.split()[1][:-1]) < 0.6


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

# A box of bouncing discs and a spring: floats in attributes, small methods, loops over objects.


class Disc:
    def __init__(self, x, y, vx, vy, radius):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy
        self.radius = radius
        self.hits = 0

    def move(self, dt):
        self.x += self.vx * dt
        self.y += self.vy * dt

    def bounce(self, size):
        if self.x < self.radius or self.x > size - self.radius:
            self.vx = -self.vx
            self.hits += 1
        if self.y < self.radius or self.y > size - self.radius:
            self.vy = -self.vy
            self.hits += 1

    def energy(self):
        return 0.5 * (self.vx * self.vx + self.vy * self.vy)

    def touches(self, other):
        dx = self.x - other.x
        dy = self.y - other.y
        reach = self.radius + other.radius
        return dx * dx + dy * dy < reach * reach


class Spring:
    def __init__(self, stiffness, friction):
        self.k = stiffness
        self.c = friction
        self.x = 1.0
        self.v = 0.0

    def step(self, dt):
        force = -self.k * self.x - self.c * self.v
        self.v += force * dt
        self.x += self.v * dt
        return self.x


def main():
    discs = []
    for i in range(14):
        discs.append(Disc(10.0 + 6 * i, 50.0 - 2 * i, 3.0 - i * 0.7, 1.0 + i * 0.3, 2.0))
    touched = 0
    for _ in range(120):
        for disc in discs:
            disc.move(0.25)
            disc.bounce(100.0)
        for i in range(len(discs)):
            for j in range(i + 1, len(discs)):
                if discs[i].touches(discs[j]):
                    touched += 1
    energy = sum(disc.energy() for disc in discs)
    spring, crossings, last = Spring(4.0, 0.1), 0, 1.0
    for _ in range(3000):
        x = spring.step(0.01)
        if x * last < 0:
            crossings += 1
        last = x
    print(touched, "%.6f" % energy, sum(disc.hits for disc in discs), crossings)


main()

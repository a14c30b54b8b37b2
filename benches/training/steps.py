# Differential equations in small steps: pendulum, prey and hunters, an orbit, heat along a rod.
from math import sin


def pendulum(angle, dt, n):
    speed = 0.0
    swings = 0
    for _ in range(n):
        before = speed
        speed = speed - sin(angle) * dt
        angle = angle + speed * dt
        if before < 0.0 <= speed:
            swings += 1
    return angle, swings


def prey(a, b, c, d, dt, n):
    x, y = 10.0, 5.0
    most = x
    for i in range(n):
        dx = a * x - b * x * y
        dy = d * x * y - c * y
        x = x + dx * dt
        y = y + dy * dt
        if x > most:
            most = x
    return x, y, most


def orbit(n):
    x, y, vx, vy = 1.0, 0.0, 0.0, 1.1
    dt = 0.01
    turns = 0
    i = 0
    while i < n:
        r2 = x * x + y * y
        r3 = r2 * r2 ** 0.5
        vx -= x / r3 * dt
        vy -= y / r3 * dt
        old = y
        x += vx * dt
        y += vy * dt
        if old < 0 and y >= 0:
            turns += 1
        i += 1
    return x, y, turns


def heat(points, rounds):
    rod = [0.0] * points
    rod[0] = 100.0
    for _ in range(rounds):
        new = rod[:]
        for i in range(1, points - 1):
            new[i] = rod[i] + 0.25 * (rod[i - 1] - 2.0 * rod[i] + rod[i + 1])
        rod = new
    return rod


def bend(f, low, high):
    while high - low > 1e-9:
        middle = (low + high) * 0.5
        if f(low) * f(middle) <= 0.0:
            high = middle
        else:
            low = middle
    return low


def main():
    print("%.6f %d" % pendulum(0.5, 0.01, 2000))
    print("%.6f %.6f %.6f" % prey(0.6, 0.05, 0.4, 0.02, 0.01, 2000))
    print("%.6f %.6f %d" % orbit(2000))
    print("%.6f" % sum(heat(24, 80)))
    print("%.6f" % bend(lambda x: x * x * x - x - 2, 1.0, 2.0))


main()

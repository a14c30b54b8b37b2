# Numerics with floats: integration, roots, a filter, a Fourier sum, a random walk.
from math import cos, pi, sin


def simpson(f, a, b, n):
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        x = a + i * h
        if i % 2:
            total += 4 * f(x)
        else:
            total += 2 * f(x)
    return total * h / 3


def newton(value):
    guess = value / 2 or 1.0
    while True:
        better = (guess + value / guess) / 2
        if abs(better - guess) < 1e-12:
            return better
        guess = better


def smooth(samples, width):
    out = []
    for i in range(len(samples)):
        low = max(0, i - width)
        window = samples[low:i + width + 1]
        out.append(sum(window) / len(window))
    return out


def spectrum(samples, highest):
    n = len(samples)
    powers = []
    for k in range(highest):
        re = im = 0.0
        step = 2 * pi * k / n
        for i, x in enumerate(samples):
            re += x * cos(step * i)
            im -= x * sin(step * i)
        powers.append((re * re + im * im) / n)
    return powers


def main():
    print("%.9f" % simpson(lambda x: x * x * x - 2 * x + 1, 0.0, 3.0, 2000))
    print("%.9f" % sum(newton(float(k)) for k in range(1, 200)))
    state, x, walk = 17, 0.0, []
    for _ in range(300):
        state = state * 1664525 + 1013904223 & 0xFFFFFFFF
        x += state / 4294967296.0 - 0.5
        walk.append(x)
    calm = smooth(walk, 4)
    print("%.6f %.6f" % (max(calm), spectrum(calm, 12)[1]))


main()

"""N-body: the sun and the four outer planets under gravity.

Symplectic integration with steps of 0.01 days in plain lists of floats. Stresses
float arithmetic, list indexing and unpacking. The size is the number of steps.

Problem: the Computer Language Benchmarks Game, n-body (data: JPL ephemerides);
published energies: -0.169075164 at the start, -0.169087605 after 1,000 steps.
"""

SIZES = {"test": 1200, "quick": 18000, "default": 170000}
RESULTS = {"test": "-0.169075164 -0.169067283", "quick": "-0.169075164 -0.169040692", "default": "-0.169075164 -0.169082392"}

PI = 3.141592653589793
SOLAR_MASS = 4 * PI * PI
DAYS = 365.24

PLANETS = [
    # x, y, z; velocities per day; mass in suns
    [[4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01],
     [1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05],
     9.54791938424326609e-04],
    [[8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01],
     [-2.76742510726411041e-03, 4.99852801234917238e-03, 2.30417297573763929e-05],
     2.85885980666130812e-04],
    [[1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01],
     [2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05],
     4.36624404335156298e-05],
    [[1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01],
     [2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05],
     5.15138902046611451e-05],
]


def make_system():
    bodies = [[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SOLAR_MASS]]
    for position, velocity, mass in PLANETS:
        bodies.append([list(position), [v * DAYS for v in velocity], mass * SOLAR_MASS])
    for axis in range(3):
        momentum = 0.0
        for _, velocity, mass in bodies:
            momentum += velocity[axis] * mass
        bodies[0][1][axis] = -momentum / SOLAR_MASS
    pairs = []
    for i in range(len(bodies)):
        for j in range(i + 1, len(bodies)):
            pairs.append((bodies[i], bodies[j]))
    return bodies, pairs


def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for (p, v, m), (q, w, n) in pairs:
            dx = p[0] - q[0]
            dy = p[1] - q[1]
            dz = p[2] - q[2]
            squared = dx * dx + dy * dy + dz * dz
            pull = dt / (squared * squared ** 0.5)
            there = n * pull
            here = m * pull
            v[0] -= dx * there
            v[1] -= dy * there
            v[2] -= dz * there
            w[0] += dx * here
            w[1] += dy * here
            w[2] += dz * here
        for p, v, _ in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def energy(bodies, pairs):
    total = 0.0
    for _, v, m in bodies:
        total += 0.5 * m * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    for (p, _, m), (q, _, n) in pairs:
        dx = p[0] - q[0]
        dy = p[1] - q[1]
        dz = p[2] - q[2]
        total -= m * n / (dx * dx + dy * dy + dz * dz) ** 0.5
    return total


def run(size):
    bodies, pairs = make_system()
    before = energy(bodies, pairs)
    advance(bodies, pairs, 0.01, size)
    return '%.9f %.9f' % (before, energy(bodies, pairs))


def verify(size, result):
    before, after = result.split()
    if before != '-0.169075164':
        return False
    if size == 1000:
        return after == '-0.169087605'
    return abs(float(after) - float(before)) < 1e-4


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

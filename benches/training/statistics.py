# Means, quantiles, histograms, a regression, a clustering of numbers.


def mean(values):
    return sum(values) / len(values)


def variance(values):
    middle = mean(values)
    total = 0.0
    for v in values:
        total += (v - middle) ** 2
    return total / (len(values) - 1)


def quantile(values, q):
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    part = place - low
    return ordered[low] * (1 - part) + ordered[high] * part


def histogram(values, bins):
    low, high = min(values), max(values)
    width = (high - low) / bins
    counts = [0] * bins
    for v in values:
        i = int((v - low) / width)
        if i == bins:
            i -= 1
        counts[i] += 1
    return counts


def fit(xs, ys):
    mx, my = mean(xs), mean(ys)
    above = below = 0.0
    for x, y in zip(xs, ys):
        above += (x - mx) * (y - my)
        below += (x - mx) * (x - mx)
    slope = above / below
    return slope, my - slope * mx


def clusters(values, centres, rounds):
    for _ in range(rounds):
        groups = [[] for _ in centres]
        for v in values:
            best, near = 0, abs(v - centres[0])
            for i in range(1, len(centres)):
                distance = abs(v - centres[i])
                if distance < near:
                    best, near = i, distance
            groups[best].append(v)
        centres = [mean(group) if group else c for group, c in zip(groups, centres)]
    return centres


def main():
    state, values = 8, []
    for _ in range(500):
        total = 0.0
        for _ in range(4):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            total += state / 2147483648.0
        values.append(total * 10)
    print("%.6f %.6f %.6f" % (mean(values), variance(values), quantile(values, 0.9)))
    print(histogram(values, 8), "%.6f %.6f" % fit(range(len(values)), values))
    print(" ".join("%.4f" % c for c in clusters(values, [5.0, 20.0, 35.0], 6)))


main()

# Intervals: merging, gaps, the busiest moment. Tuples, lists, comparisons, unpacking.


def merged(spans):
    out = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            last = out[-1]
            if end > last[1]:
                out[-1] = (last[0], end)
        else:
            out.append((start, end))
    return out


def gaps(spans):
    found = []
    for i in range(1, len(spans)):
        before, after = spans[i - 1], spans[i]
        if after[0] - before[1] > 1:
            found.append(after[0] - before[1])
    return found


def busiest(spans):
    changes = []
    for start, end in spans:
        changes.append((start, 1))
        changes.append((end, -1))
    changes.sort()
    running = best = 0
    where = None
    for place, change in changes:
        running += change
        if running > best:
            best, where = running, place
    return best, where


def main():
    for seed in range(1, 12):
        spans, state = [], seed
        for _ in range(150):
            state = (state * 16807) % 2147483647
            start = state % 9000
            spans.append((start, start + state % 77))
        whole = merged(spans)
        print(len(whole), sum(gaps(whole)), *busiest(spans))


main()

"""Priority queues in lists. The operations on one heap are native."""

from _heapq import (heapify, heappop, heappush, heappushpop, heapreplace,
                    _heapify_max, _heappop_max, _heapreplace_max)

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge",
           "nlargest", "nsmallest", "heappushpop"]


def merge(*iterables, key=None, reverse=False):
    """Merges sorted iterables into one sorted iterator."""
    heap = []
    if reverse:
        make, pop, replace, direction = _heapify_max, _heappop_max, _heapreplace_max, -1
    else:
        make, pop, replace, direction = heapify, heappop, heapreplace, 1
    for order, it in enumerate(map(iter, iterables)):
        step = it.__next__
        try:
            value = step()
        except StopIteration:
            continue
        rank = value if key is None else key(value)
        heap.append([rank, order * direction, value, step])
    make(heap)
    while len(heap) > 1:
        try:
            while True:
                entry = heap[0]
                yield entry[2]
                value = entry[3]()
                entry[0] = value if key is None else key(value)
                entry[2] = value
                replace(heap, entry)
        except StopIteration:
            pop(heap)
    if heap:
        _, _, value, step = heap[0]
        yield value
        yield from step.__self__


def _best(n, iterable, key, largest):
    """The n best elements, best first; the earlier of equal ones is the better."""
    it = iter(iterable)
    direction = -1 if largest else 1
    make, replace = (heapify, heapreplace) if largest else (_heapify_max, _heapreplace_max)
    heap = []
    order = 0
    for value in it:
        if len(heap) >= n:
            break
        heap.append((value if key is None else key(value), order, value))
        order += direction
    else:
        heap.sort(key=None, reverse=largest)
        return [value for _, _, value in heap]
    make(heap)
    worst = heap[0][0]
    while True:
        rank = value if key is None else key(value)
        if (worst < rank) if largest else (rank < worst):
            replace(heap, (rank, order, value))
            worst = heap[0][0]
            order += direction
        try:
            value = next(it)
        except StopIteration:
            break
    heap.sort(reverse=largest)
    return [value for _, _, value in heap]


def nsmallest(n, iterable, key=None):
    """The n smallest elements, smallest first."""
    return _n_best(n, iterable, key, False)


def nlargest(n, iterable, key=None):
    """The n largest elements, largest first."""
    return _n_best(n, iterable, key, True)


def _n_best(n, iterable, key, largest):
    if n == 1:
        none = object()
        best = (max if largest else min)(iterable, default=none, key=key)
        return [] if best is none else [best]
    try:
        size = len(iterable)
    except (TypeError, AttributeError):
        pass
    else:
        if n >= size:
            return sorted(iterable, key=key, reverse=largest)[:max(n, 0)]
    if n <= 0:
        return []
    return _best(n, iterable, key, largest)

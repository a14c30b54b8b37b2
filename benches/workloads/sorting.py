"""Sorting: heapsort, quicksort and merge sort in Python, and the built-in sort with a key.

Stresses list indexing and swaps, comparisons, recursion, slices and natives that call back. The size is the length of
the lists.

Algorithms: Williams 1964 (heap); Hoare 1962 (partition); von Neumann 1945 (merge), as in Knuth volume 3.
"""

SIZES = {"test": 1500, "quick": 18000, "default": 140000}
RESULTS = {"test": "ordered, same, 229047176", "quick": "ordered, same, 328451707", "default": "ordered, same, 231886269"}


def make_numbers(count):
    seed = 123456789
    numbers = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        numbers.append(seed >> 8)
    return numbers


def sift_down(heap, start, end):
    root = start
    moving = heap[root]
    while True:
        child = 2 * root + 1
        if child >= end:
            break
        if child + 1 < end and heap[child] < heap[child + 1]:
            child += 1
        if heap[child] <= moving:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = moving


def heap_sort(items):
    count = len(items)
    for start in range(count // 2 - 1, -1, -1):
        sift_down(items, start, count)
    for end in range(count - 1, 0, -1):
        items[0], items[end] = items[end], items[0]
        sift_down(items, 0, end)


def quick_sort(items, low, high):
    while low < high:
        pivot = items[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        # Recurse into the shorter side, so that the stack stays shallow.
        if j - low < high - i:
            quick_sort(items, low, j)
            low = i
        else:
            quick_sort(items, i, high)
            high = j


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    merged.extend(left[i:])
    merged.extend(right[j:])
    return merged


def run(size):
    numbers = make_numbers(size)
    heaped, quick = numbers[:], numbers[:]
    heap_sort(heaped)
    quick_sort(quick, 0, size - 1)
    merged = merge_sort(numbers)
    by_digits = sorted(numbers, key=lambda number: (number % 100, -number))
    checksum = 0
    for i in range(size):
        checksum = (checksum * 31 + merged[i] + by_digits[i]) % 1000000007
    ordered = True
    for i in range(1, size):
        if merged[i - 1] > merged[i]:
            ordered = False
    same = heaped == quick == merged
    return '%s, %s, %d' % ('ordered' if ordered else 'disordered', 'same' if same else 'different', checksum)


def verify(size, result):
    return result.startswith('ordered, same, ')


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

"""Binary trees: build, walk and drop many perfect binary trees.

Nodes are instances; one long-lived tree stays while short-lived ones come and go.
Stresses allocation, reclamation and recursion. The size is the depth of the largest tree.

Problem: Ellis, Kovac and Boehm's GCBench, in the shape of the Computer Language Benchmarks Game.
"""

SIZES = {"test": 9, "quick": 13, "default": 15}
RESULTS = {"test": "2047 3968 4088 1023", "quick": "32767 63488 65408 65528 16383", "default": "131071 253952 261632 262112 65535"}


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def build(depth):
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def run(size):
    counts = [count(build(size + 1))]
    kept = build(size)
    depth = 4
    while depth <= size:
        trees = 1 << (size - depth + 2)
        total = 0
        for _ in range(trees):
            total += count(build(depth))
        counts.append(total)
        depth += 4
    counts.append(count(kept))
    return ' '.join([str(number) for number in counts])


def verify(size, result):
    expected = [(1 << (size + 2)) - 1]
    for depth in range(4, size + 1, 4):
        expected.append(((1 << (depth + 1)) - 1) << (size - depth + 2))
    expected.append((1 << (size + 1)) - 1)
    return result == ' '.join([str(number) for number in expected])


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

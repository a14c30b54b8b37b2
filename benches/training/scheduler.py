# Tasks with priorities and dependencies: a heap by hand, an order by dependency, a clock.


class Task:
    def __init__(self, name, length, after=()):
        self.name = name
        self.length = length
        self.after = list(after)
        self.done = False

    def ready(self):
        for task in self.after:
            if not task.done:
                return False
        return True


class Heap:
    def __init__(self):
        self.items = []

    def push(self, priority, item):
        items = self.items
        items.append((priority, item))
        at = len(items) - 1
        while at > 0:
            above = (at - 1) // 2
            if items[above][0] <= items[at][0]:
                break
            items[above], items[at] = items[at], items[above]
            at = above

    def pop(self):
        items = self.items
        top, last = items[0], items.pop()
        if items:
            items[0] = last
            at, n = 0, len(items)
            while True:
                low = 2 * at + 1
                if low >= n:
                    break
                if low + 1 < n and items[low + 1][0] < items[low][0]:
                    low += 1
                if items[at][0] <= items[low][0]:
                    break
                items[at], items[low] = items[low], items[at]
                at = low
        return top

    def __len__(self):
        return len(self.items)


def ordered(tasks):
    out, left = [], list(tasks)
    while left:
        waiting = []
        for task in left:
            if task.ready():
                task.done = True
                out.append(task)
            else:
                waiting.append(task)
        left = waiting
    return out


def main():
    tasks, state = [], 3
    for i in range(80):
        state = (state * 69069 + 5) % 65536
        after = [tasks[state % i]] if i and state & 3 else []
        tasks.append(Task("t%d" % i, 1 + state % 9, after))
    order = ordered(reversed(tasks))
    heap, clock, waited = Heap(), 0, 0
    for number, task in enumerate(order):
        heap.push((task.length, number), task)
    while len(heap):
        (length, number), task = heap.pop()
        waited += clock
        clock += length
        for k in range(3):
            if task.length > 6 and not task.name.endswith("x"):
                heap.push((task.length - 4 + k, number + 1000 * k), Task(task.name + "x", 2))
    print(clock, waited, order[0].name, order[-1].name)


main()

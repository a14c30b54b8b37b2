# Structures of nodes: a search tree, a skew heap, a ring of people, a double-ended queue.


class Node:
    def __init__(self, key, value):
        self.key = key
        self.value = value
        self.left = None
        self.right = None


class Tree:
    def __init__(self):
        self.root = None
        self.size = 0

    def put(self, key, value):
        if self.root is None:
            self.root = Node(key, value)
            self.size = 1
            return
        node = self.root
        while True:
            if key == node.key:
                node.value = value
                return
            if key < node.key:
                if node.left is None:
                    node.left = Node(key, value)
                    break
                node = node.left
            else:
                if node.right is None:
                    node.right = Node(key, value)
                    break
                node = node.right
        self.size += 1

    def get(self, key, default=None):
        node = self.root
        while node is not None:
            if key == node.key:
                return node.value
            node = node.left if key < node.key else node.right
        return default

    def depth(self, node):
        if node is None:
            return 0
        return 1 + max(self.depth(node.left), self.depth(node.right))


def meld(a, b):
    if a is None:
        return b
    if b is None:
        return a
    if b.key < a.key:
        a, b = b, a
    a.right, a.left = a.left, meld(a.right, b)
    return a


class Person:
    def __init__(self, number):
        self.number = number
        self.next = self


def last_of(people, step):
    first = last = Person(1)
    for number in range(2, people + 1):
        last.next = Person(number)
        last = last.next
    last.next = first
    before = last
    while before.next is not before:
        for _ in range(step - 1):
            before = before.next
        before.next = before.next.next
    return before.number


def main():
    tree, heap, state = Tree(), None, 5
    for i in range(400):
        state = state * 75 % 65537
        tree.put(state, i)
        heap = meld(heap, Node(state, i))
    found = sum(1 for key in range(0, 65537, 64) if tree.get(key) is not None)
    taken = []
    while heap is not None and len(taken) < 200:
        taken.append(heap.key)
        heap = meld(heap.left, heap.right)
    print(tree.size, tree.depth(tree.root), found, sum(taken), last_of(300, 4))


main()

# Caches: least recently used by a linked list, a clock, a set-associative one; counters and ratios.


class Link:
    def __init__(self, key, value):
        self.key = key
        self.value = value
        self.before = self.after = None


class Recent:
    def __init__(self, room):
        self.room = room
        self.links = {}
        self.head = Link(None, None)
        self.tail = Link(None, None)
        self.head.after = self.tail
        self.tail.before = self.head
        self.hits = self.misses = 0

    def unlink(self, link):
        link.before.after = link.after
        link.after.before = link.before

    def front(self, link):
        link.after = self.head.after
        link.before = self.head
        self.head.after.before = link
        self.head.after = link

    def get(self, key):
        link = self.links.get(key)
        if link is not None:
            self.hits += 1
            self.unlink(link)
            self.front(link)
            return link.value
        self.misses += 1
        if len(self.links) >= self.room:
            old = self.tail.before
            self.unlink(old)
            del self.links[old.key]
        link = Link(key, key * key)
        self.links[key] = link
        self.front(link)
        return link.value


class Clock:
    def __init__(self, room):
        self.pages = [None] * room
        self.used = [False] * room
        self.hand = 0
        self.misses = 0

    def touch(self, page):
        for i in range(len(self.pages)):
            if self.pages[i] == page:
                self.used[i] = True
                return True
        self.misses += 1
        while self.used[self.hand]:
            self.used[self.hand] = False
            self.hand = (self.hand + 1) % len(self.pages)
        self.pages[self.hand] = page
        self.used[self.hand] = True
        self.hand = (self.hand + 1) % len(self.pages)
        return False


class Lines:
    def __init__(self, sets, ways):
        self.sets = sets
        self.ways = ways
        self.tags = [[] for _ in range(sets)]
        self.hits = 0

    def access(self, address):
        line = address >> 4
        tags = self.tags[line % self.sets]
        if line in tags:
            self.hits += 1
            tags.remove(line)
        elif len(tags) == self.ways:
            tags.pop(0)
        tags.append(line)


def main():
    recent, clock, lines = Recent(40), Clock(16), Lines(16, 2)
    state, total = 31, 0
    for i in range(1800):
        state = (state * 214013 + 2531011) % 4294967296
        key = (state >> 16) % (20 if i % 3 else 90)
        total += recent.get(key)
        lines.access(key * 24)
        if i % 2:
            clock.touch(key)
    print(recent.hits, recent.misses, clock.misses, lines.hits, total)


main()

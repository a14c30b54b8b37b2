# State machines: a pattern matcher, a one-dimensional cellular automaton, a vending machine.


def compile_pattern(pattern):
    fail, j = [0] * len(pattern), 0
    for i in range(1, len(pattern)):
        while j and pattern[i] != pattern[j]:
            j = fail[j - 1]
        if pattern[i] == pattern[j]:
            j += 1
        fail[i] = j
    return fail


def count(text, pattern):
    fail = compile_pattern(pattern)
    found = j = 0
    for c in text:
        while j and c != pattern[j]:
            j = fail[j - 1]
        if c == pattern[j]:
            j += 1
        if j == len(pattern):
            found += 1
            j = fail[j - 1]
    return found


def evolve(cells, rule):
    n = len(cells)
    out = [0] * n
    for i in range(n):
        key = cells[i - 1] * 4 + cells[i] * 2 + cells[(i + 1) % n]
        out[i] = rule >> key & 1
    return out


class Machine:
    IDLE, PAID, BROKEN = range(3)

    def __init__(self):
        self.state = Machine.IDLE
        self.coins = 0
        self.served = 0

    def coin(self):
        if self.state != Machine.BROKEN:
            self.coins += 1
            if self.coins >= 3:
                self.state = Machine.PAID

    def press(self):
        if self.state == Machine.PAID:
            self.coins -= 3
            self.served += 1
            self.state = Machine.IDLE
        elif self.coins > 5:
            self.state = Machine.BROKEN

    def kick(self):
        self.state = Machine.IDLE


def main():
    cells = [0] * 61
    cells[30] = 1
    alive = 0
    for _ in range(60):
        cells = evolve(cells, 110)
        alive += sum(cells)
    text = "".join("ab"[i * i % 7 % 2] for i in range(3000))
    print(alive, count(text, "abba"), count(text, "aaab"))
    machine = Machine()
    for i in range(3000):
        if i % 7 == 3:
            machine.press()
        elif i % 50 == 0:
            machine.kick()
        else:
            machine.coin()
    print(machine.served, machine.coins)


main()

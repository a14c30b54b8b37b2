# An interpreter of a small stack code, and an assembler for it.

SOURCE = """
set n 400
set sum 0
:again
get n
jz end
get sum
get n
get n
mul
add
set sum
get n
push 1
sub
set n
jmp again
:end
get sum
print
"""


def assemble(source):
    code, labels = [], {}
    for line in source.split("\n"):
        line = line.strip()
        if not line:
            continue
        if line[0] == ":":
            labels[line[1:]] = len(code)
            continue
        words = line.split()
        if words[0] == "set" and len(words) == 3:
            code.append(("push", int(words[2])))
            code.append(("set", words[1]))
        elif words[0] == "push":
            code.append(("push", int(words[1])))
        elif len(words) == 2:
            code.append((words[0], words[1]))
        else:
            code.append((words[0], None))
    return [(op, labels[arg] if op in ("jz", "jmp") else arg) for op, arg in code]


def run(code):
    stack, names, out = [], {}, []
    pc = steps = 0
    while pc < len(code):
        op, arg = code[pc]
        pc += 1
        steps += 1
        if op == "push":
            stack.append(arg)
        elif op == "get":
            stack.append(names[arg])
        elif op == "set":
            names[arg] = stack.pop()
        elif op == "add":
            b = stack.pop()
            stack[-1] += b
        elif op == "sub":
            b = stack.pop()
            stack[-1] -= b
        elif op == "mul":
            b = stack.pop()
            stack[-1] *= b
        elif op == "jz":
            if stack.pop() == 0:
                pc = arg
        elif op == "jmp":
            pc = arg
        elif op == "print":
            out.append(stack.pop())
        else:
            raise ValueError(op)
    return steps, out


class Registers:
    def __init__(self, count):
        self.values = [0] * count
        self.pc = 0
        self.zero = False

    def execute(self, program):
        handlers = {"load": self.load, "add": self.add, "dec": self.dec, "jnz": self.jnz}
        steps = 0
        while self.pc < len(program):
            name, a, b = program[self.pc]
            self.pc += 1
            handlers[name](a, b)
            steps += 1
        return steps

    def load(self, a, b):
        self.values[a] = b

    def add(self, a, b):
        self.values[a] += self.values[b]

    def dec(self, a, b):
        self.values[a] -= b
        self.zero = self.values[a] == 0

    def jnz(self, a, b):
        if not self.zero:
            self.pc = b


def main():
    print(run(assemble(SOURCE)))
    machine = Registers(3)
    steps = machine.execute([("load", 0, 700), ("add", 1, 0), ("dec", 0, 1), ("jnz", 0, 1)])
    print(steps, machine.values)


main()

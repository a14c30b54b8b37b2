# A scanner, a parser and an evaluator of a small language: classes for nodes, chains of comparisons.


class Number:
    def __init__(self, value):
        self.value = value

    def evaluate(self, names):
        return self.value


class Name:
    def __init__(self, name):
        self.name = name

    def evaluate(self, names):
        return names[self.name]


class Binary:
    def __init__(self, sign, left, right):
        self.sign = sign
        self.left = left
        self.right = right

    def evaluate(self, names):
        left = self.left.evaluate(names)
        right = self.right.evaluate(names)
        if self.sign == "+":
            return left + right
        if self.sign == "-":
            return left - right
        if self.sign == "*":
            return left * right
        if right == 0:
            raise ValueError("division by zero")
        return left // right


def scan(text):
    tokens, i = [], 0
    while i < len(text):
        c = text[i]
        if c == " ":
            i += 1
        elif "0" <= c <= "9":
            value = 0
            while i < len(text) and "0" <= text[i] <= "9":
                value = value * 10 + ord(text[i]) - 48
                i += 1
            tokens.append(value)
        elif c.isalpha():
            start = i
            while i < len(text) and text[i].isalpha():
                i += 1
            tokens.append(text[start:i])
        else:
            tokens.append(c)
            i += 1
    return tokens


class Parser:
    def __init__(self, tokens):
        self.tokens = tokens
        self.at = 0

    def peek(self):
        if self.at < len(self.tokens):
            return self.tokens[self.at]
        return None

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def total(self):
        node = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            node = Binary(sign, node, self.product())
        return node

    def product(self):
        node = self.atom()
        while self.peek() in ("*", "/"):
            sign = self.take()
            node = Binary(sign, node, self.atom())
        return node

    def atom(self):
        token = self.take()
        if token == "(":
            node = self.total()
            self.take()
            return node
        if isinstance(token, int):
            return Number(token)
        return Name(token)


def main():
    text = "(a + 12) * b - (c / 3 + a * a) * 2 + b * (7 - c) / (a - 5)"
    failed = total = 0
    for _ in range(12):
        tree = Parser(scan(text)).total()
        for a in range(10):
            names = {"a": a, "b": a * 3 - 1, "c": 40 - a}
            try:
                total += tree.evaluate(names)
            except ValueError:
                failed += 1
    print(total, failed)


main()

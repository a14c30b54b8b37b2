# A matcher of wildcards and a small engine for patterns with alternatives: classes, recursion, generators.


def wild(pattern, text, i=0, j=0):
    if i == len(pattern):
        return j == len(text)
    if pattern[i] == "*":
        if wild(pattern, text, i + 1, j):
            return True
        return j < len(text) and wild(pattern, text, i, j + 1)
    if j == len(text):
        return False
    if pattern[i] != "?" and pattern[i] != text[j]:
        return False
    return wild(pattern, text, i + 1, j + 1)


class Char:
    def __init__(self, c):
        self.c = c

    def ends(self, text, at):
        if at < len(text) and text[at] == self.c:
            yield at + 1


class Both:
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def ends(self, text, at):
        for middle in self.first.ends(text, at):
            yield from self.second.ends(text, middle)


class Either:
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def ends(self, text, at):
        yield from self.first.ends(text, at)
        yield from self.second.ends(text, at)


class Many:
    def __init__(self, inner):
        self.inner = inner

    def ends(self, text, at):
        yield at
        for end in self.inner.ends(text, at):
            if end > at:
                for last in self.ends(text, end):
                    yield last


def matches(pattern, text):
    for end in pattern.ends(text, 0):
        if end == len(text):
            return True
    return False


def word(text):
    result = Char(text[0])
    for c in text[1:]:
        result = Both(result, Char(c))
    return result


def main():
    texts = ["abab" * (i % 4) + "c" * (i % 3) + "ab" for i in range(40)]
    pattern = Both(Many(Either(word("ab"), Char("c"))), Many(word("ab")))
    print(sum(matches(pattern, t) for t in texts), sum(wild("a*b?a*b", t) for t in texts))


main()

# Text in and out: ciphers, numbers as words, templates, parsing of options, checks by hand.

ONES = "zero one two three four five six seven eight nine".split()
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class BadInput(ValueError):
    pass


def shifted(text, by):
    out = []
    for c in text:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + by) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)


def guess_shift(text):
    best, most = 0, -1
    for by in range(26):
        candidate = shifted(text, by)
        score = candidate.count("e") + candidate.count("t")
        if score > most:
            best, most = by, score
    return best


def spoken(n):
    return " ".join(ONES[int(d)] for d in str(n))


def fill(template, values):
    out, i = "", 0
    while i < len(template):
        c = template[i]
        if c == "{":
            end = template.index("}", i)
            name = template[i + 1:end]
            if name not in values:
                raise BadInput(name)
            out += str(values[name])
            i = end + 1
        else:
            out += c
            i += 1
    return out


def options(words):
    found, rest = {}, []
    for word in words:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            found[name] = value or True
        elif word.startswith("-"):
            for letter in word[1:]:
                found[letter] = True
        else:
            rest.append(word)
    return found, rest


def luhn(number):
    total = 0
    for i, c in enumerate(reversed(number)):
        d = ord(c) - ord("0")
        if i % 2 == 1:
            d *= 2
            if d > 9:
                d -= 9
        total += d
    return total % 10 == 0


def transposed(text, columns):
    out = []
    for column in range(columns):
        at = column
        while at < len(text):
            out.append(text[at])
            at += columns
    return "".join(out)


def main():
    text = "the quick brown fox jumps over the lazy dog and then rests there " * 3
    print(guess_shift(shifted(text, 11)), transposed(text, 7)[:20])
    failed = 0
    for i in range(60):
        try:
            fill("{who} sent {what} and {more}", {"who": spoken(i), "what": i, "other" if i % 5 else "more": 1})
        except BadInput:
            failed += 1
    print(failed, sum(luhn(str(n)) for n in range(400)))
    print(sorted(options("-ab --size=3 name --quiet -c last".split())[0]))


main()

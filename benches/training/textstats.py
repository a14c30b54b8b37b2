# Words, lines and letters of a text made up on the spot.


def words_of(text):
    word = []
    for letter in text:
        if letter.isalpha():
            word.append(letter.lower())
        elif word:
            yield "".join(word)
            word = []
    if word:
        yield "".join(word)


def frequencies(words):
    counts = {}
    for word in words:
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts


def title(line):
    parts = line.split()
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def is_palindrome(word):
    i, j = 0, len(word) - 1
    while i < j:
        if word[i] != word[j]:
            return False
        i += 1
        j -= 1
    return True


def main():
    sounds = ["ka", "le", "mo", "ri", "su", "an", "ot"]
    lines, state = [], 7
    for _ in range(60):
        line = []
        for _ in range(9):
            state = (state * 69069 + 1) % 4294967296
            line.append(sounds[state % 7] + sounds[state // 49 % 7])
        lines.append(" ".join(line) + ("." if state & 1 else ","))
    text = "\n".join(lines)
    counts = frequencies(words_of(text))
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    for word, count in top:
        print("%-6s %3d" % (word, count))
    print(sum(1 for word in counts if is_palindrome(word)), title(lines[0]))


main()

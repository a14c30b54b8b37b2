"""Strings: build a text of made-up words, then split, count, rank and format them.

Stresses string concatenation, methods, slicing, `%` formatting and dicts with string keys. The size
is the number of words.

Source: word frequencies after Knuth and McIlroy, "Programming Pearls: A Literate Program", CACM 29(6), 1986.
"""

SIZES = {"test": 4500, "quick": 65000, "default": 650000}
RESULTS = {"test": "4500 words, 861 different, first nu, ababa, 272345933", "quick": "65000 words, 910 different, first pa, ababa, 701341883", "default": "650000 words, 910 different, first vu, ababa, 653702654"}

CONSONANTS = 'bdfgklmnprstvz'
VOWELS = 'aeiou'


def make_text(words):
    seed = 20151206
    lines = []
    line = ''
    for _ in range(words):
        word = ''
        seed = (seed * 1664525 + 1013904223) % 4294967296
        bits = seed >> 8
        for _ in range(1 + bits % 3):
            bits //= 3
            word += CONSONANTS[bits % 14] + VOWELS[bits % 5]
        if seed % 7 == 0:
            word = word.capitalize()
        line += word
        if len(line) > 60:
            lines.append(line + '.')
            line = ''
        else:
            line += ' '
    lines.append(line)
    return '\n'.join(lines)


def count_words(text):
    counts = {}
    for line in text.split('\n'):
        for word in line.lower().replace('.', ' ').split():
            counts[word] = counts.get(word, 0) + 1
    return counts


def longest_palindrome(words):
    best = ''
    for word in words:
        # All words begin with a consonant and end in a vowel.
        word = word[1:]
        if len(word) >= len(best) and word == word[::-1] and (len(word) > len(best) or word < best):
            best = word
    return best


def run(size):
    text = make_text(size)
    counts = count_words(text)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    report = '; '.join(['%-6s|%5d' % (word, counts[word]) for word in ranked[:20]])
    letters = {}
    for ch in text:
        if ch in letters:
            letters[ch] += 1
        else:
            letters[ch] = 1
    checksum = 0
    for ch in sorted(letters):
        checksum = (checksum * 131 + ord(ch) * letters[ch]) % 1000000007
    for ch in report:
        checksum = (checksum * 131 + ord(ch)) % 1000000007
    return '%d words, %d different, first %s, %s, %d' % (
        sum(counts.values()), len(counts), ranked[0], longest_palindrome(counts), checksum)


def verify(size, result):
    words, different = [int(part.split()[0]) for part in result.split(', ')[:2]]
    return words == size and 0 < different <= size


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

# Bytes and bits: a dictionary coder, a run coder, checksums, a bit reader.


def lzw(data):
    table = {}
    for i in range(256):
        table[chr(i)] = i
    out, word = [], ""
    for c in data:
        longer = word + c
        if longer in table:
            word = longer
        else:
            out.append(table[word])
            table[longer] = len(table)
            word = c
    if word:
        out.append(table[word])
    return out


def runs(data):
    out, i = [], 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i]:
            j += 1
        out.append((data[i], j - i))
        i = j
    return out


def adler(data):
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            if value & 0x8000:
                value = (value << 1 ^ 0x1021) & 0xFFFF
            else:
                value = value << 1 & 0xFFFF
    return value


class Bits:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def read(self, count):
        value = 0
        for _ in range(count):
            byte = self.data[self.at >> 3]
            value = value << 1 | byte >> 7 - (self.at & 7) & 1
            self.at += 1
        return value


def main():
    text = "the cat and the hat and the bat sat on the mat; " * 30
    codes = lzw(text)
    data = bytes(code & 255 for code in codes)
    print(len(codes), adler(text.encode()), crc(data))
    bits = Bits(data)
    values = [bits.read(3 + i % 5) for i in range(400)]
    print(sum(values), len(runs(sorted(text))))


main()

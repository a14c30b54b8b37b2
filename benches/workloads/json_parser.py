"""JSON: a recursive-descent parser and a serialiser, written in Python.

Parses a generated document, writes it again and sums up what it read. Stresses
string scanning and slicing, dict and list building and method calls. The size is the number of records.

Grammar: RFC 8259.
"""

SIZES = {"test": 80, "quick": 1300, "default": 13000}
RESULTS = {"test": "12458 characters, weight 551503, same", "quick": "203815 characters, weight 97548, same", "default": "2053832 characters, weight 437980, same"}

SPACE = ' \t\n\r'
ESCAPES = {'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
WRITTEN = {'"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t'}


class ParseError(Exception):
    pass


class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def fail(self, expected):
        raise ParseError('%s expected at %d' % (expected, self.at))

    def peek(self):
        """The next character that is not white space, '' at the end."""
        text, at = self.text, self.at
        while at < len(text) and text[at] in SPACE:
            at += 1
        self.at = at
        return text[at] if at < len(text) else ''

    def document(self):
        value = self.value()
        if self.peek():
            self.fail('end')
        return value

    def value(self):
        ch = self.peek()
        if ch == '{':
            return self.object()
        if ch == '[':
            return self.array()
        if ch == '"':
            return self.string()
        if ch == 't':
            return self.word('true', True)
        if ch == 'f':
            return self.word('false', False)
        if ch == 'n':
            return self.word('null', None)
        return self.number()

    def word(self, word, value):
        if self.text[self.at:self.at + len(word)] != word:
            self.fail(word)
        self.at += len(word)
        return value

    def object(self):
        self.at += 1
        members = {}
        if self.peek() == '}':
            self.at += 1
            return members
        while True:
            if self.peek() != '"':
                self.fail('a name')
            name = self.string()
            if self.peek() != ':':
                self.fail(':')
            self.at += 1
            members[name] = self.value()
            ch = self.peek()
            self.at += 1
            if ch == '}':
                return members
            if ch != ',':
                self.fail(', or }')

    def array(self):
        self.at += 1
        items = []
        if self.peek() == ']':
            self.at += 1
            return items
        while True:
            items.append(self.value())
            ch = self.peek()
            self.at += 1
            if ch == ']':
                return items
            if ch != ',':
                self.fail(', or ]')

    def string(self):
        text = self.text
        at = self.at + 1
        parts = []
        start = at
        while True:
            ch = text[at:at + 1]
            if ch == '"':
                parts.append(text[start:at])
                self.at = at + 1
                return ''.join(parts)
            if ch == '\\':
                parts.append(text[start:at])
                kind = text[at + 1:at + 2]
                if kind == 'u':
                    parts.append(chr(int(text[at + 2:at + 6], 16)))
                    at += 6
                elif kind in ESCAPES and kind:
                    parts.append(ESCAPES[kind])
                    at += 2
                else:
                    self.fail('an escape')
                start = at
            elif not ch:
                self.fail('"')
            else:
                at += 1

    def digits(self):
        start = self.at
        while '0' <= self.text[self.at:self.at + 1] <= '9':
            self.at += 1
        if self.at == start:
            self.fail('a digit')

    def number(self):
        text = self.text
        start = self.at
        whole = True
        if text[start:start + 1] == '-':
            self.at += 1
        self.digits()
        if text[self.at:self.at + 1] == '.':
            whole = False
            self.at += 1
            self.digits()
        if text[self.at:self.at + 1] in ('e', 'E'):
            whole = False
            self.at += 1
            if text[self.at:self.at + 1] in ('+', '-'):
                self.at += 1
            self.digits()
        piece = text[start:self.at]
        return int(piece) if whole else float(piece)


def write_string(text):
    parts = ['"']
    for ch in text:
        if ch in WRITTEN:
            parts.append(WRITTEN[ch])
        elif ' ' <= ch <= '~':
            parts.append(ch)
        else:
            parts.append('\\u%04x' % ord(ch))
    parts.append('"')
    return ''.join(parts)


def write(value):
    if value is None:
        return 'null'
    if value is True:
        return 'true'
    if value is False:
        return 'false'
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, list):
        return '[' + ', '.join([write(item) for item in value]) + ']'
    if isinstance(value, dict):
        members = [write_string(name) + ': ' + write(value[name]) for name in sorted(value)]
        return '{' + ', '.join(members) + '}'
    return repr(value)


def make_document(records):
    seed = 2463534242
    people = []
    for i in range(records):
        seed = (seed * 1103515245 + 12345) % 2147483648
        people.append({
            'id': i, 'name': 'N\u00e4me "%d"\n' % (seed % 1000), 'active': seed % 3 == 0,
            'balance': (seed % 100000) / 16, 'parent': None if i % 4 else -i,
            'tags': ['t%d' % (seed >> shift & 15) for shift in range(i % 5)],
            'at': {'x': seed % 360 - 180, 'y': {}, 'z': []},
        })
    return {'people': people, 'count': records, 'scale': 1.5e-05}


def weigh(value):
    """A number that depends on every part of a value."""
    if value is None or isinstance(value, bool):
        return 1 if value else 2
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        total = 3
        for item in value:
            total = (total * 31 + weigh(item)) % 1000003
        return total
    if isinstance(value, dict):
        total = 5
        for name in sorted(value):
            total = (total * 37 + len(name) + weigh(value[name])) % 1000003
        return total
    return int(value * 16) % 1000003


def run(size):
    document = make_document(size)
    text = write(document)
    parsed = Parser(text).document()
    same = parsed == document and write(parsed) == text
    return '%d characters, weight %d, %s' % (len(text), weigh(parsed), 'same' if same else 'different')


def verify(size, result):
    return result.endswith(', same') and int(result.split()[0]) > 100 * size


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

"""Regular expressions. Patterns are compiled and searched for by `_re`."""

import _re

__all__ = [
    'match', 'fullmatch', 'search', 'sub', 'subn', 'split', 'findall', 'finditer', 'compile',
    'purge', 'template', 'escape', 'error', 'A', 'I', 'L', 'M', 'S', 'X', 'U', 'ASCII',
    'IGNORECASE', 'LOCALE', 'MULTILINE', 'DOTALL', 'VERBOSE', 'UNICODE',
]

T = TEMPLATE = 1
I = IGNORECASE = 2
L = LOCALE = 4
M = MULTILINE = 8
S = DOTALL = 16
U = UNICODE = 32
X = VERBOSE = 64
DEBUG = 128
A = ASCII = 256

_ENDLESS = 2 ** 63 - 1


class error(Exception):
    """A pattern or template that is none; says what is wrong and where."""

    __module__ = 'sre_constants'

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        if pattern is not None and pos is not None:
            msg = '%s at position %d' % (msg, pos)
            newline = '\n' if isinstance(pattern, str) else b'\n'
            self.lineno = pattern.count(newline, 0, pos) + 1
            self.colno = pos - pattern.rfind(newline, 0, pos)
            if newline in pattern:
                msg = '%s (line %d, column %d)' % (msg, self.lineno, self.colno)
        else:
            self.lineno = self.colno = None
        super().__init__(msg)


class SRE_Match:
    """A match; made by patterns alone."""

    __module__ = '_sre'
    __slots__ = ('re', 'string', 'pos', 'endpos', '_ends', 'lastindex')

    def _index(self, group):
        if isinstance(group, int):
            index = group
        else:
            index = self.re.groupindex.get(group, -1)
        if not 0 <= index <= self.re.groups:
            raise IndexError('no such group')
        return index

    def _text(self, index, default):
        start = self._ends[2 * index]
        if start < 0:
            return default
        return self.string[start:self._ends[2 * index + 1]]

    def group(self, *groups):
        if not groups:
            return self._text(0, None)
        if len(groups) == 1:
            return self._text(self._index(groups[0]), None)
        return tuple([self._text(self._index(g), None) for g in groups])

    def groups(self, default=None):
        return tuple([self._text(i, default) for i in range(1, self.re.groups + 1)])

    def groupdict(self, default=None):
        return {name: self._text(i, default) for name, i in self.re.groupindex.items()}

    def start(self, group=0):
        return self._ends[2 * self._index(group)]

    def end(self, group=0):
        return self._ends[2 * self._index(group) + 1]

    def span(self, group=0):
        index = self._index(group)
        return self._ends[2 * index], self._ends[2 * index + 1]

    def expand(self, template):
        return _expand(_parse_template(template, self.re), self)

    @property
    def lastgroup(self):
        for name, index in self.re.groupindex.items():
            if index == self.lastindex:
                return name
        return None

    @property
    def regs(self):
        return tuple(zip(self._ends[::2], self._ends[1::2]))

    def __copy__(self):
        raise TypeError('cannot copy this match object')

    def __deepcopy__(self, memo):
        raise TypeError('cannot deepcopy this match object')

    def __repr__(self):
        return '<_sre.SRE_Match object; span=%r, match=%r>' % (self.span(), self.group())


def _match(pattern, string, pos, endpos, found):
    match = SRE_Match.__new__(SRE_Match)
    match.re = pattern
    match.string = string
    match.pos = pos
    match.endpos = endpos
    match._ends, match.lastindex = found
    return match


class SRE_Pattern:
    """A compiled pattern; made by `compile` alone."""

    __module__ = '_sre'
    __slots__ = ('pattern', 'flags', 'groups', 'groupindex', '_program', '__weakref__')

    def _find(self, string, pos, endpos, anchor):
        found = _re.find(self._program, string, pos, endpos, anchor)
        if found is None:
            return None
        length = len(string)
        return _match(self, string, min(max(pos, 0), length), min(max(endpos, 0), length), found)

    def match(self, string, pos=0, endpos=_ENDLESS):
        return self._find(string, pos, endpos, 0)

    def fullmatch(self, string, pos=0, endpos=_ENDLESS):
        return self._find(string, pos, endpos, 1)

    def search(self, string, pos=0, endpos=_ENDLESS):
        return self._find(string, pos, endpos, 2)

    def findall(self, string, pos=0, endpos=_ENDLESS):
        return _re.findall(self._program, string, pos, endpos)

    def finditer(self, string, pos=0, endpos=_ENDLESS):
        all = _re.scan(self._program, string, pos, endpos)
        length = len(string)
        pos, endpos = min(max(pos, 0), length), min(max(endpos, 0), length)
        return map(lambda found: _match(self, string, pos, endpos, found), all)

    def scanner(self, string, pos=0, endpos=_ENDLESS):
        return _Scanner(self, string, pos, endpos)

    def split(self, string, maxsplit=0):
        result = []
        last = 0
        for ends, _ in _re.scan(self._program, string, 0, _ENDLESS):
            if ends[0] == ends[1]:
                continue
            if maxsplit > 0 and maxsplit * (self.groups + 1) <= len(result):
                break
            result.append(string[last:ends[0]])
            for i in range(2, len(ends), 2):
                result.append(None if ends[i] < 0 else string[ends[i]:ends[i + 1]])
            last = ends[1]
        result.append(string[last:])
        return result

    def subn(self, repl, string, count=0):
        if callable(repl):
            parts = None
        else:
            parts = _parse_template(repl, self)
        pieces = _re.pieces(self._program, string, count)
        if parts is not None and len(parts) == 1 and not isinstance(parts[0], int):
            pieces[1::2] = parts * (len(pieces) // 2)
        elif parts is not None and not parts:
            del pieces[1::2]
            return _re.empty(string).join(pieces), max(len(pieces) - 1, 0)
        else:
            length = len(string)
            for i in range(1, len(pieces), 2):
                match = _match(self, string, 0, length, pieces[i])
                if parts is None:
                    new = repl(match)
                    pieces[i] = _re.empty(string) if new is None else new
                else:
                    pieces[i] = _expand(parts, match)
        return _re.empty(string).join(pieces), len(pieces) // 2

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def __copy__(self):
        raise TypeError('cannot copy this pattern object')

    def __deepcopy__(self, memo):
        raise TypeError('cannot deepcopy this pattern object')

    def __repr__(self):
        names = [(IGNORECASE, 'IGNORECASE'), (LOCALE, 'LOCALE'), (MULTILINE, 'MULTILINE'),
                 (DOTALL, 'DOTALL'), (VERBOSE, 'VERBOSE'), (DEBUG, 'DEBUG'), (ASCII, 'ASCII')]
        flags = self.flags
        if isinstance(self.pattern, bytes):
            names.append((UNICODE, 'UNICODE'))
        shown = ['re.' + name for bit, name in names if flags & bit]
        text = repr(self.pattern)[:200]
        return 're.compile(%s)' % ', '.join([text] + (['|'.join(shown)] if shown else []))


class _Scanner:
    """The matches of a pattern one after the other."""

    def __init__(self, pattern, string, pos, endpos):
        self.pattern = pattern
        self._string, self._pos, self._endpos = string, pos, endpos

    def _next(self, anchor):
        if self._pos > len(self._string):
            return None
        match = self.pattern._find(self._string, self._pos, self._endpos, anchor)
        if match is not None:
            start, end = match.span()
            self._pos = end + 1 if start == end else end
        return match

    def match(self):
        return self._next(0)

    def search(self):
        return self._next(2)


def _name_in(template, pos, pattern):
    """The group that `\\g<...>` names, whose `<` is at pos - 1; and where it ends."""
    is_text = isinstance(template, str)
    if template[pos - 1:pos] != ('<' if is_text else b'<'):
        raise error('missing <', template, pos - 1)
    end = template.find('>' if is_text else b'>', pos)
    if end < 0:
        if pos == len(template):
            raise error('missing group name', template, pos)
        raise error('missing >, unterminated name', template, pos)
    name = template[pos:end]
    if not name:
        raise error('missing group name', template, pos)
    name = name if is_text else name.decode('latin-1')
    if name.isidentifier():
        if name not in pattern.groupindex:
            raise IndexError('unknown group name %r' % name)
        return pattern.groupindex[name], end + 1
    try:
        index = int(name)
        if index < 0 or not name.isdigit():
            raise ValueError
    except ValueError:
        raise error('bad character in group name %r' % name, template, pos) from None
    if index > pattern.groups:
        raise error('invalid group reference', template, pos)
    return index, end + 1


_ESCAPES = {'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
            '\\': '\\'}


def _parse_template(template, pattern):
    """Texts and numbers of groups."""
    if isinstance(template, str):
        text, plain = template, str
    else:
        template = bytes(template)
        text, plain = template.decode('latin-1'), lambda s: s.encode('latin-1')
    if '\\' not in text:
        return [template] if template else []
    parts, run, pos = [], [], 0

    def group(index):
        if run:
            parts.append(plain(''.join(run)))
            del run[:]
        parts.append(index)

    while pos < len(text):
        c = text[pos]
        pos += 1
        if c != '\\':
            run.append(c)
            continue
        start = pos - 1
        if pos == len(text):
            raise error('bad escape (end of pattern)', template, start)
        c = text[pos]
        pos += 1
        if c == 'g':
            index, pos = _name_in(template, pos + 1, pattern)
            group(index)
        elif c == '0':
            while pos < len(text) and pos < start + 4 and text[pos] in '01234567':
                pos += 1
            run.append(chr(int(text[start + 1:pos], 8) & 0xff))
        elif '1' <= c <= '9':
            digits = text[start + 1:start + 4]
            if len(digits) == 3 and all('0' <= d <= '7' for d in digits):
                value = int(digits, 8)
                if value > 0o377:
                    raise error('octal escape value \\%s outside of range 0-0o377' % digits,
                                template, start)
                run.append(chr(value))
                pos = start + 4
                continue
            if text[pos:pos + 1].isdigit() and text[pos] in '0123456789':
                pos += 1
            index = int(text[start + 1:pos])
            if index > pattern.groups:
                raise error('invalid group reference', template, start + 1)
            group(index)
        elif c in _ESCAPES:
            run.append(_ESCAPES[c])
        else:
            run.append('\\' + c)
    if run:
        parts.append(plain(''.join(run)))
    return parts


def _expand(parts, match):
    empty = _re.empty(match.string)
    texts = [match._text(p, empty) if isinstance(p, int) else p for p in parts]
    return empty.join(texts)


_cache = {}
_MAX_CACHE = 512


def compile(pattern, flags=0):
    key = type(pattern), pattern, flags
    try:
        return _cache[key]
    except (KeyError, TypeError):
        pass
    if isinstance(pattern, SRE_Pattern):
        if flags:
            raise ValueError('cannot process flags argument with a compiled pattern')
        return pattern
    program = _re.compile(pattern, flags)
    if isinstance(program, tuple):
        message, pos, is_value_error = program
        if is_value_error:
            raise ValueError(message)
        raise error(message, None if pos is None else pattern, pos)
    compiled = SRE_Pattern.__new__(SRE_Pattern)
    compiled.pattern = pattern
    compiled._program = program
    compiled.flags, compiled.groups, names = _re.info(program)
    compiled.groupindex = dict(names)
    if not flags & DEBUG:
        if len(_cache) >= _MAX_CACHE:
            _cache.clear()
        _cache[key] = compiled
    return compiled


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def purge():
    _cache.clear()


def template(pattern, flags=0):
    return compile(pattern, flags | T)


def escape(pattern):
    """Everything but ASCII letters, digits and the underscore behind a backslash."""
    if isinstance(pattern, str):
        plain = frozenset('_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
        return ''.join([c if c in plain else '\\000' if c == '\000' else '\\' + c for c in pattern])
    plain = frozenset(b'_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
    result = bytearray()
    for b in pattern:
        if b in plain:
            result.append(b)
        elif b == 0:
            result += b'\\000'
        else:
            result += b'\\' + bytes([b])
    return bytes(result)

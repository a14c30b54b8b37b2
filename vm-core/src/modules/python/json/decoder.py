"""JSON text to values."""

from _json import scanstring

NaN = float('nan')
PosInf = float('inf')
NegInf = float('-inf')

_constants = {'-Infinity': NegInf, 'Infinity': PosInf, 'NaN': NaN}
_blank = ' \t\n\r'
_digits = '0123456789'


class JSONDecodeError(ValueError):
    """Where and why a text is not JSON."""

    def __init__(self, msg, doc, pos):
        lineno = doc.count('\n', 0, pos) + 1
        colno = pos - doc.rfind('\n', 0, pos)
        ValueError.__init__(self, '%s: line %d column %d (char %d)' % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno

    def __reduce__(self):
        return self.__class__, (self.msg, self.doc, self.pos)


def _skip(s, at):
    while s[at:at + 1] in _blank and at < len(s):
        at += 1
    return at


class JSONDecoder:
    """Decodes a text; hooks make other values of objects, numbers and constants."""

    def __init__(self, object_hook=None, parse_float=None, parse_int=None, parse_constant=None,
                 strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or _constants.__getitem__
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        value, end = self.raw_decode(s, _skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError("Extra data", s, end)
        return value

    def raw_decode(self, s, idx=0):
        """A value that begins at idx, and where it ends."""
        return self._value(s, idx)

    def _string(self, s, at):
        found = scanstring(s, at, self.strict)
        if len(found) == 3:
            raise JSONDecodeError(found[0], s, found[1])
        return found

    def _value(self, s, at):
        c = s[at:at + 1]
        if c == '"':
            return self._string(s, at + 1)
        if c == '{':
            return self._object(s, at + 1)
        if c == '[':
            return self._array(s, at + 1)
        if c and (c in _digits or c == '-'):
            result = self._number(s, at)
            if result is not None:
                return result
        if c == 'n' and s[at:at + 4] == 'null':
            return None, at + 4
        if c == 't' and s[at:at + 4] == 'true':
            return True, at + 4
        if c == 'f' and s[at:at + 5] == 'false':
            return False, at + 5
        for word in _constants:
            if s.startswith(word, at):
                return self.parse_constant(word), at + len(word)
        raise JSONDecodeError("Expecting value", s, at)

    def _number(self, s, at):
        """A number, or None: then something else begins here."""
        end = at + (s[at] == '-')
        first = end
        while s[end:end + 1] in _digits and end < len(s):
            end += 1
            if s[first] == '0':
                break
        if end == first:
            return None
        is_float = False
        if s[end:end + 1] == '.':
            stop = end + 1
            while s[stop:stop + 1] in _digits and stop < len(s):
                stop += 1
            if stop > end + 1:
                end, is_float = stop, True
        if s[end:end + 1] in ('e', 'E'):
            stop = end + 1 + (s[end + 1:end + 2] in ('+', '-'))
            start = stop
            while s[stop:stop + 1] in _digits and stop < len(s):
                stop += 1
            if stop > start:
                end, is_float = stop, True
        return (self.parse_float if is_float else self.parse_int)(s[at:end]), end

    def _array(self, s, at):
        values = []
        at = _skip(s, at)
        if s[at:at + 1] == ']':
            return values, at + 1
        while True:
            value, at = self._value(s, at)
            values.append(value)
            at = _skip(s, at)
            c = s[at:at + 1]
            if c == ']':
                return values, at + 1
            if c != ',':
                raise JSONDecodeError("Expecting ',' delimiter", s, at)
            at = _skip(s, at + 1)

    def _object(self, s, at):
        pairs = []
        at = _skip(s, at)
        if s[at:at + 1] == '}':
            return self._finish(pairs), at + 1
        names = {}
        while True:
            if s[at:at + 1] != '"':
                raise JSONDecodeError("Expecting property name enclosed in double quotes", s, at)
            key, at = self._string(s, at + 1)
            key = names.setdefault(key, key)
            at = _skip(s, at)
            if s[at:at + 1] != ':':
                raise JSONDecodeError("Expecting ':' delimiter", s, at)
            value, at = self._value(s, _skip(s, at + 1))
            pairs.append((key, value))
            at = _skip(s, at)
            c = s[at:at + 1]
            if c == '}':
                return self._finish(pairs), at + 1
            if c != ',':
                raise JSONDecodeError("Expecting ',' delimiter", s, at)
            at = _skip(s, at + 1)

    def _finish(self, pairs):
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs)
        result = dict(pairs)
        return result if self.object_hook is None else self.object_hook(result)

"""Values to JSON text."""

from _json import encode_basestring, encode_basestring_ascii

INFINITY = float('inf')


class JSONEncoder:
    """Encodes None, bools, numbers, strings, lists, tuples and dicts; default() gets the rest."""

    item_separator = ', '
    key_separator = ': '

    def __init__(self, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True,
                 sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ','
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(repr(o) + " is not JSON serializable")

    def encode(self, o):
        return ''.join(self.iterencode(o))

    def iterencode(self, o, _one_shot=False):
        quote = encode_basestring_ascii if self.ensure_ascii else encode_basestring
        indent = self.indent
        if indent is not None and not isinstance(indent, str):
            indent = ' ' * indent
        return self._walk(o, quote, indent, 0, {} if self.check_circular else None)

    def _float(self, x):
        if x != x:
            text = 'NaN'
        elif x == INFINITY:
            text = 'Infinity'
        elif x == -INFINITY:
            text = '-Infinity'
        else:
            return float.__repr__(x)
        if not self.allow_nan:
            raise ValueError("Out of range float values are not JSON compliant")
        return text

    def _scalar(self, o, quote):
        """The text of a value that holds no others, or None."""
        if isinstance(o, str):
            return quote(o)
        if o is None:
            return 'null'
        if o is True:
            return 'true'
        if o is False:
            return 'false'
        if isinstance(o, int):
            return int.__str__(o)
        if isinstance(o, float):
            return self._float(o)
        return None

    def _key(self, key):
        if isinstance(key, str):
            return key
        if isinstance(key, float):
            return self._float(key)
        if key is True:
            return 'true'
        if key is False:
            return 'false'
        if key is None:
            return 'null'
        if isinstance(key, int):
            return int.__str__(key)
        if self.skipkeys:
            return None
        raise TypeError("keys must be a string")

    def _walk(self, o, quote, indent, level, seen):
        text = self._scalar(o, quote)
        if text is not None:
            yield text
            return
        if seen is not None:
            if id(o) in seen:
                raise ValueError("Circular reference detected")
            seen[id(o)] = o
        if isinstance(o, (list, tuple)):
            yield from self._list(o, quote, indent, level, seen)
        elif isinstance(o, dict):
            yield from self._dict(o, quote, indent, level, seen)
        else:
            yield from self._walk(self.default(o), quote, indent, level, seen)
        if seen is not None:
            del seen[id(o)]

    def _breaks(self, indent, level):
        """What stands behind the opening bracket, between items, and before the closing one."""
        if indent is None:
            return '', self.item_separator, ''
        line = '\n' + indent * (level + 1)
        return line, self.item_separator + line, '\n' + indent * level

    def _list(self, items, quote, indent, level, seen):
        if not items:
            yield '[]'
            return
        before, between, after = self._breaks(indent, level)
        lead = '[' + before
        for value in items:
            text = self._scalar(value, quote)
            if text is not None:
                yield lead + text
            else:
                yield lead
                yield from self._walk(value, quote, indent, level + 1, seen)
            lead = between
        yield after + ']'

    def _dict(self, mapping, quote, indent, level, seen):
        if not mapping:
            yield '{}'
            return
        before, between, after = self._breaks(indent, level)
        lead = '{' + before
        items = mapping.items()
        if self.sort_keys:
            items = sorted(items, key=lambda pair: pair[0])
        empty = True
        for key, value in items:
            key = self._key(key)
            if key is None:
                continue
            empty = False
            start = lead + quote(key) + self.key_separator
            text = self._scalar(value, quote)
            if text is not None:
                yield start + text
            else:
                yield start
                yield from self._walk(value, quote, indent, level + 1, seen)
            lead = between
        yield (lead if empty else '') + after + '}'

"""Data structures printed to be read."""

import collections
import sys

__all__ = ['pprint', 'pformat', 'isreadable', 'isrecursive', 'saferepr', 'PrettyPrinter']


class _Key:
    """Orders what cannot be compared by type and id."""

    __slots__ = ('value',)

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        try:
            return self.value < other.value
        except TypeError:
            a, b = self.value, other.value
            return (str(type(a)), id(a)) < (str(type(b)), id(b))


def _pair_key(pair):
    return _Key(pair[0]), _Key(pair[1])


class PrettyPrinter:
    """Prints values with a limit on the width of lines."""

    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False):
        indent, width = int(indent), int(width)
        if indent < 0:
            raise ValueError('indent must be >= 0')
        if depth is not None and depth <= 0:
            raise ValueError('depth must be > 0')
        if not width:
            raise ValueError('width must be != 0')
        self._indent, self._width, self._depth = indent, width, depth
        self._stream = stream
        self._compact = bool(compact)

    def pprint(self, object):
        (self._stream or sys.stdout).write(self.pformat(object) + '\n')

    def pformat(self, object):
        out = []
        self._format(object, out, 0, 0, {}, 0)
        return ''.join(out)

    def isrecursive(self, object):
        return self.format(object, {}, 0, 0)[2]

    def isreadable(self, object):
        _, readable, recursive = self.format(object, {}, 0, 0)
        return readable and not recursive

    def format(self, object, context, maxlevels, level):
        """The text on one line, whether it reads back, and whether it holds itself."""
        return _saferepr(object, context, maxlevels, level)

    def _repr(self, object, context, level):
        return self.format(object, context.copy(), self._depth, level)[0]

    def _format(self, object, out, indent, allowance, context, level):
        key = id(object)
        if key in context:
            out.append(_recursion(object))
            return
        text = self._repr(object, context, level)
        if len(text) > self._width - indent - allowance:
            method = self._methods.get(type(object).__repr__)
            if method is not None:
                context[key] = 1
                method(self, object, out, indent, allowance, context, level + 1)
                del context[key]
                return
        out.append(text)

    def _dict(self, object, out, indent, allowance, context, level):
        out.append('{')
        if self._indent > 1:
            out.append((self._indent - 1) * ' ')
        if object:
            self._pairs(sorted(object.items(), key=_pair_key), out, indent, allowance + 1, context,
                        level)
        out.append('}')

    def _ordered_dict(self, object, out, indent, allowance, context, level):
        if not object:
            out.append(repr(object))
            return
        name = object.__class__.__name__
        out.append(name + '(')
        self._format(list(object.items()), out, indent + len(name) + 1, allowance + 1, context,
                     level)
        out.append(')')

    def _list(self, object, out, indent, allowance, context, level):
        out.append('[')
        self._items(object, out, indent, allowance + 1, context, level)
        out.append(']')

    def _tuple(self, object, out, indent, allowance, context, level):
        out.append('(')
        end = ',)' if len(object) == 1 else ')'
        self._items(object, out, indent, allowance + len(end), context, level)
        out.append(end)

    def _set(self, object, out, indent, allowance, context, level):
        if not object:
            out.append(repr(object))
            return
        if type(object) is set:
            out.append('{')
            end = '}'
        else:
            out.append(object.__class__.__name__ + '({')
            end = '})'
            indent += len(object.__class__.__name__) + 1
        self._items(sorted(object, key=_Key), out, indent, allowance + len(end), context, level)
        out.append(end)

    def _str(self, object, out, indent, allowance, context, level):
        if not object:
            out.append(repr(object))
            return
        chunks = []
        lines = object.splitlines(True)
        if level == 1:
            indent += 1
            allowance += 1
        most = first = self._width - indent
        text = ''
        for i, line in enumerate(lines):
            text = repr(line)
            if i == len(lines) - 1:
                first -= allowance
            if len(text) <= first:
                chunks.append(text)
                continue
            parts = _parts(line)
            current = ''
            for j, part in enumerate(parts):
                longer = current + part
                limit = most
                if j == len(parts) - 1 and i == len(lines) - 1:
                    limit -= allowance
                if len(repr(longer)) > limit:
                    if current:
                        chunks.append(repr(current))
                    current = part
                else:
                    current = longer
            if current:
                chunks.append(repr(current))
        if len(chunks) == 1:
            out.append(text)
            return
        if level == 1:
            out.append('(')
        for i, chunk in enumerate(chunks):
            if i:
                out.append('\n' + ' ' * indent)
            out.append(chunk)
        if level == 1:
            out.append(')')

    def _pairs(self, items, out, indent, allowance, context, level):
        indent += self._indent
        separator = ',\n' + ' ' * indent
        for i, (key, value) in enumerate(items):
            text = self._repr(key, context, level)
            out.append(separator if i else '')
            out.append(text + ': ')
            self._format(value, out, indent + len(text) + 2,
                         allowance if i == len(items) - 1 else 1, context, level)

    def _items(self, items, out, indent, allowance, context, level):
        indent += self._indent
        if self._indent > 1:
            out.append((self._indent - 1) * ' ')
        separator = ',\n' + ' ' * indent
        between = ''
        width = most = self._width - indent + 1
        items = list(items)
        for i, item in enumerate(items):
            is_last = i == len(items) - 1
            if is_last:
                most -= allowance
                width -= allowance
            if self._compact:
                text = self._repr(item, context, level)
                room = len(text) + 2
                if width < room:
                    width = most
                    if between:
                        between = separator
                if width >= room:
                    width -= room
                    out.append(between)
                    between = ', '
                    out.append(text)
                    continue
            out.append(between)
            between = separator
            self._format(item, out, indent, allowance if is_last else 1, context, level)

    _methods = {
        dict.__repr__: _dict, list.__repr__: _list, tuple.__repr__: _tuple, set.__repr__: _set,
        frozenset.__repr__: _set, str.__repr__: _str,
        collections.OrderedDict.__repr__: _ordered_dict,
    }


def _parts(line):
    """Words with the blanks behind them."""
    parts, start, at = [], 0, 0
    while at < len(line):
        while at < len(line) and not line[at].isspace():
            at += 1
        while at < len(line) and line[at].isspace():
            at += 1
        parts.append(line[start:at])
        start = at
    return parts


def _recursion(object):
    return '<Recursion on %s with id=%s>' % (type(object).__name__, id(object))


def _saferepr(object, context, maxlevels, level):
    kind = type(object)
    method = kind.__repr__
    if method is dict.__repr__:
        if not object:
            return '{}', True, False
        marks = '{%s}'
        rows = [(key, value) for key, value in sorted(object.items(), key=_pair_key)]
    elif method in (list.__repr__, tuple.__repr__):
        if method is list.__repr__:
            marks = '[%s]'
            if not object:
                return '[]', True, False
        else:
            if not object:
                return '()', True, False
            marks = '(%s,)' if len(object) == 1 else '(%s)'
        rows = [(item,) for item in object]
    else:
        text = repr(object)
        return text, bool(text) and not text.startswith('<'), False
    key = id(object)
    if maxlevels and level >= maxlevels:
        return marks[:1] + '...' + marks[-1:], False, key in context
    if key in context:
        return _recursion(object), False, True
    context[key] = 1
    readable, recursive = True, False
    shown = []
    for row in rows:
        texts = []
        for item in row:
            text, is_readable, is_recursive = _saferepr(item, context, maxlevels, level + 1)
            readable = readable and is_readable
            recursive = recursive or is_recursive
            texts.append(text)
        shown.append(': '.join(texts))
    del context[key]
    return marks % ', '.join(shown), readable, recursive


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False):
    PrettyPrinter(indent, width, depth, stream, compact=compact).pprint(object)


def pformat(object, indent=1, width=80, depth=None, *, compact=False):
    return PrettyPrinter(indent, width, depth, compact=compact).pformat(object)


def saferepr(object):
    return _saferepr(object, {}, None, 0)[0]


def isreadable(object):
    return PrettyPrinter().isreadable(object)


def isrecursive(object):
    return PrettyPrinter().isrecursive(object)

"""Literals from text. There are no trees of syntax here: `parse` and the node classes are absent."""

__all__ = ['literal_eval']


class _Reader:
    """Reads one literal from the tokens of a text."""

    def __init__(self, text):
        import re
        pattern = (r'''\s*(?:(?P<number>(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+'''
                   r'''|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?))'''
                   r'''|(?P<string>[bBuUrR]{0,2}(?:\'\'\'(?:[^\\]|\\.)*?\'\'\'|"""(?:[^\\]|\\.)*?"""'''
                   r'''|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))'''
                   r'''|(?P<name>[^\W\d]\w*)|(?P<sign>.))''')
        self.tokens = []
        for m in re.compile(pattern, re.DOTALL).finditer(text.rstrip()):
            self.tokens.append((m.lastgroup, m.group(m.lastgroup)))
        self.at = 0

    def peek(self):
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def accept(self, sign):
        if self.peek() == sign and self.tokens[self.at][0] == 'sign':
            self.at += 1
            return True
        return False

    def malformed(self):
        return ValueError('malformed node or string: %r' % self.peek())

    def sum(self):
        value = self.signed()
        while self.peek() in ('+', '-'):
            if not isinstance(value, (int, float, complex)) or isinstance(value, bool):
                raise self.malformed()
            minus = self.peek() == '-'
            self.at += 1
            right = self.signed()
            if not isinstance(right, (int, float, complex)) or isinstance(right, bool):
                raise self.malformed()
            value = value - right if minus else value + right
        return value

    def signed(self):
        if self.peek() in ('+', '-') and self.tokens[self.at][0] == 'sign':
            minus = self.peek() == '-'
            self.at += 1
            value = self.signed()
            if not isinstance(value, (int, float, complex)) or isinstance(value, bool):
                raise self.malformed()
            return -value if minus else +value
        return self.atom()

    def items(self, close, item):
        """Items up to a closing sign, and whether a comma ended or parted them."""
        found, comma = [], False
        while not self.accept(close):
            found.append(item())
            if self.accept(','):
                comma = True
            elif self.peek() != close:
                raise self.malformed()
        return found, comma

    def pair(self):
        key = self.sum()
        if not self.accept(':'):
            return (key,)
        return key, self.sum()

    def atom(self):
        if self.at >= len(self.tokens):
            raise SyntaxError('unexpected EOF while parsing')
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == 'number':
            return eval(text)
        if kind == 'string':
            while self.at < len(self.tokens) and self.tokens[self.at][0] == 'string':
                text += ' ' + self.tokens[self.at][1]
                self.at += 1
            return eval(text)
        if kind == 'name' and text in ('None', 'True', 'False'):
            return {'None': None, 'True': True, 'False': False}[text]
        if text == '[':
            return self.items(']', self.sum)[0]
        if text == '(':
            found, comma = self.items(')', self.sum)
            return tuple(found) if comma or not found else found[0]
        if text == '{':
            found, _ = self.items('}', self.pair)
            sizes = {len(x) for x in found}
            if sizes == {1}:
                return {x[0] for x in found}
            if len(sizes) > 1:
                raise SyntaxError('invalid syntax')
            return dict(found)
        self.at -= 1
        raise self.malformed()


def literal_eval(node_or_string):
    """The value of a text that holds nothing but literals, tuples, lists, dicts, sets, numbers with signs and sums."""
    if not isinstance(node_or_string, str):
        raise ValueError('malformed node or string: %r' % (node_or_string,))
    # What is no expression at all is a SyntaxError, with the compiler's words.
    compile(node_or_string.strip(' \t'), '<unknown>', 'eval')
    reader = _Reader(node_or_string)
    value = reader.sum()
    if reader.peek() == ',':
        found = [value]
        while reader.accept(','):
            if reader.peek() is None:
                break
            found.append(reader.sum())
        value = tuple(found)
    if reader.peek() is not None:
        raise reader.malformed()
    return value

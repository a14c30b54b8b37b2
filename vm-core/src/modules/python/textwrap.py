"""Wrapping and filling of paragraphs."""

import re

__all__ = ['TextWrapper', 'wrap', 'fill', 'dedent', 'indent', 'shorten']

_SPACE = '\t\n\x0b\x0c\r '

# A run of blanks; a dash between words; a word with a hyphen behind letters; any other word.
_CHUNK = re.compile(
    r'(\s+'
    r'|(?<=[\w!"\'&.,?])-{2,}(?=\w)'
    r'|[^\s]*?[^\W\d_]{2,}-(?=[^\W\d_]{2,})'
    r'|\S+?(?=(?<=[\w!"\'&.,?])-{2,}\w)'
    r'|\S+)')
_WORDS = re.compile(r'(\s+)')


class TextWrapper:
    """Breaks paragraphs into lines of at most `width` characters."""

    def __init__(self, width=70, initial_indent='', subsequent_indent='', expand_tabs=True,
                 replace_whitespace=True, fix_sentence_endings=False, break_long_words=True,
                 drop_whitespace=True, break_on_hyphens=True, tabsize=8, *, max_lines=None,
                 placeholder=' [...]'):
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.expand_tabs = expand_tabs
        self.replace_whitespace = replace_whitespace
        self.fix_sentence_endings = fix_sentence_endings
        self.break_long_words = break_long_words
        self.drop_whitespace = drop_whitespace
        self.break_on_hyphens = break_on_hyphens
        self.tabsize = tabsize
        self.max_lines = max_lines
        self.placeholder = placeholder

    def _chunks(self, text):
        if self.expand_tabs:
            text = text.expandtabs(self.tabsize)
        if self.replace_whitespace:
            text = text.translate({ord(c): ' ' for c in _SPACE})
        pattern = _CHUNK if self.break_on_hyphens else _WORDS
        chunks = [c for c in pattern.split(text) if c]
        if self.fix_sentence_endings:
            for i in range(len(chunks) - 1):
                if chunks[i + 1] == ' ' and re.search(r'[a-z][.!?]["\']?\Z', chunks[i]):
                    chunks[i + 1] = '  '
        return chunks

    def wrap(self, text):
        """The lines of a paragraph."""
        if self.width <= 0:
            raise ValueError('invalid width %r (must be > 0)' % self.width)
        if self.max_lines is not None:
            indent = self.subsequent_indent if self.max_lines > 1 else self.initial_indent
            if len(indent) + len(self.placeholder.lstrip()) > self.width:
                raise ValueError('placeholder too large for max width')
        lines = []
        chunks = self._chunks(text)
        at = 0
        while at < len(chunks):
            indent = self.subsequent_indent if lines else self.initial_indent
            width = self.width - len(indent)
            if self.drop_whitespace and chunks[at].strip() == '' and lines:
                at += 1
            line, length = [], 0
            while at < len(chunks) and length + len(chunks[at]) <= width:
                line.append(chunks[at])
                length += len(chunks[at])
                at += 1
            if at < len(chunks) and len(chunks[at]) > width:
                room = max(width - length, 0) if width >= 1 else 1
                if width < 1:
                    room = 1
                if self.break_long_words:
                    line.append(chunks[at][:room])
                    chunks[at] = chunks[at][room:]
                elif not line:
                    line.append(chunks[at])
                    at += 1
                length = sum(map(len, line))
            if self.drop_whitespace and line and line[-1].strip() == '':
                length -= len(line.pop())
            if not line:
                continue
            left = chunks[at:]
            is_last = not left or (self.drop_whitespace and len(left) == 1
                                   and not left[0].strip())
            if (self.max_lines is None or len(lines) + 1 < self.max_lines
                    or is_last and length <= width):
                lines.append(indent + ''.join(line))
                continue
            while line:
                if line[-1].strip() and length + len(self.placeholder) <= width:
                    line.append(self.placeholder)
                    lines.append(indent + ''.join(line))
                    break
                length -= len(line.pop())
            else:
                if lines:
                    previous = lines[-1].rstrip()
                    if len(previous) + len(self.placeholder) <= self.width:
                        lines[-1] = previous + self.placeholder
                        break
                lines.append(indent + self.placeholder.lstrip())
            break
        return lines

    def fill(self, text):
        """The lines of a paragraph as one text."""
        return '\n'.join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).fill(text)


def shorten(text, width, **kwargs):
    """The text on one line, cut to the width."""
    wrapper = TextWrapper(width=width, max_lines=1, **kwargs)
    return wrapper.fill(' '.join(text.strip().split()))


def dedent(text):
    """The text without the blanks with which all its lines begin."""
    lines = text.split('\n')
    margin = None
    for i, line in enumerate(lines):
        body = line.lstrip(' \t')
        if not body:
            lines[i] = ''
            continue
        indent = line[:len(line) - len(body)]
        if margin is None:
            margin = indent
        else:
            common = 0
            while common < min(len(margin), len(indent)) and margin[common] == indent[common]:
                common += 1
            margin = margin[:common]
    if margin:
        lines = [line[len(margin):] if line else line for line in lines]
    return '\n'.join(lines)


def indent(text, prefix, predicate=None):
    """The text with a prefix before lines that are not blank, or that the predicate chooses."""
    if predicate is None:
        predicate = str.strip
    lines = text.splitlines(True)
    return ''.join([prefix + line if predicate(line) else line for line in lines])

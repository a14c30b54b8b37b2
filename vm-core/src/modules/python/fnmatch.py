"""File names and patterns of shells: `*`, `?`, `[...]`, `[!...]`."""

import re
from functools import lru_cache
from posixpath import normcase

__all__ = ['filter', 'fnmatch', 'fnmatchcase', 'translate']


def fnmatch(name, pat):
    """Whether a name fits a pattern."""
    return fnmatchcase(normcase(name), normcase(pat))


@lru_cache(maxsize=256)
def _matcher(pat):
    if isinstance(pat, bytes):
        return re.compile(translate(pat.decode('latin-1')).encode('latin-1')).match
    return re.compile(translate(pat)).match


def fnmatchcase(name, pat):
    """The same, upper and lower case being different."""
    return _matcher(pat)(name) is not None


def filter(names, pat):
    """The names that fit."""
    match = _matcher(normcase(pat))
    return [name for name in names if match(normcase(name))]


def translate(pat):
    """The regular expression for a pattern."""
    out = []
    at, end = 0, len(pat)
    while at < end:
        c = pat[at]
        at += 1
        if c == '*':
            out.append('.*')
        elif c == '?':
            out.append('.')
        elif c == '[':
            close = at
            if pat[close:close + 1] == '!':
                close += 1
            close = pat.find(']', close + 1)
            if close < 0:
                out.append('\\[')
                continue
            inside = pat[at:close].replace('\\', '\\\\')
            at = close + 1
            if inside[0] == '!':
                inside = '^' + inside[1:]
            elif inside[0] == '^':
                inside = '\\' + inside
            out.append('[%s]' % inside)
        else:
            out.append(re.escape(c))
    return ''.join(out) + '\\Z(?ms)'

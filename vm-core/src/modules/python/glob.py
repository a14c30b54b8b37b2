"""Paths that fit a pattern of shells."""

import os
import re
import fnmatch

__all__ = ['escape', 'glob', 'iglob']

_magic = re.compile('([*?[])')


def has_magic(text):
    return _magic.search(text) is not None


def escape(pathname):
    """A pattern that only the path itself fits."""
    return _magic.sub(r'[\1]', pathname)


def glob(pathname, *, recursive=False):
    """A list of the paths."""
    return list(iglob(pathname, recursive=recursive))


def iglob(pathname, *, recursive=False):
    """An iterator over the paths; with `recursive`, `**` is any number of folders."""
    found = _find(pathname, recursive)
    if recursive and os.path.split(pathname)[0] == '' and pathname[:2] == '**':
        return (path for path in found if path)
    return found


def _find(pathname, recursive):
    folder, base = os.path.split(pathname)
    if not has_magic(pathname):
        if os.path.lexists(pathname) if base else os.path.isdir(folder):
            yield pathname
        return
    if folder and folder != pathname and has_magic(folder):
        folders = _find(folder, recursive)
    else:
        folders = [folder]
    for folder in folders:
        for name in _names(folder, base, recursive):
            yield os.path.join(folder, name)


def _names(folder, base, recursive):
    if recursive and base == '**':
        yield ''
        yield from _below(folder)
    elif has_magic(base):
        names = [n for n in _list(folder) if base[:1] == '.' or n[:1] != '.']
        yield from fnmatch.filter(names, base)
    elif base == '':
        if os.path.isdir(folder):
            yield base
    elif os.path.lexists(os.path.join(folder, base)):
        yield base


def _list(folder):
    try:
        return os.listdir(folder or os.curdir)
    except OSError:
        return []


def _below(folder):
    for name in _list(folder):
        if name[:1] == '.':
            continue
        yield name
        path = os.path.join(folder, name) if folder else name
        if os.path.isdir(path):
            for rest in _below(path):
                yield os.path.join(name, rest)

"""Lines of source files, each file read once."""

import sys

__all__ = ["getline", "clearcache", "checkcache"]

cache = {}


def clearcache():
    """Forgets every file."""
    cache.clear()


def checkcache(filename=None):
    """Forgets a file, or all, so that changed ones are read again."""
    for name in [filename] if filename is not None else list(cache):
        cache.pop(name, None)


def getlines(filename, module_globals=None):
    """All lines of a file with their ends; an empty list if it cannot be read."""
    if filename in cache:
        return cache[filename]
    lines = []
    if filename and not (filename.startswith('<') and filename.endswith('>')):
        names = [filename]
        if not filename.startswith('/'):
            names += [folder + '/' + filename for folder in sys.path if isinstance(folder, str)]
        for name in names:
            try:
                with open(name) as f:
                    lines = f.readlines()
                break
            except (OSError, UnicodeError, SyntaxError):
                pass
    if lines and not lines[-1].endswith('\n'):
        lines[-1] += '\n'
    if lines:
        cache[filename] = lines
    return lines


updatecache = getlines


def getline(filename, lineno, module_globals=None):
    """One line with its end; '' if there is none. Never raises."""
    lines = getlines(filename, module_globals)
    if 1 <= lineno <= len(lines):
        return lines[lineno - 1]
    return ''

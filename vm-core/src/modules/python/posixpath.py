"""Paths of POSIX systems."""

import posix

curdir, pardir, extsep, sep, pathsep, defpath, altsep = '.', '..', '.', '/', ':', ':/bin:/usr/bin', None
devnull = '/dev/null'
supports_unicode_filenames = False


def _parts(path):
    """Separator, dot and two dots of the path's kind."""
    if isinstance(path, bytes):
        return b'/', b'.', b'..'
    return '/', '.', '..'


def normcase(s):
    if not isinstance(s, (str, bytes)):
        raise TypeError("normcase() argument must be str or bytes, not '%s'" % type(s).__name__)
    return s


def isabs(s):
    return s.startswith(_parts(s)[0])


def join(a, *p):
    """The parts with separators between; an absolute part forgets those before."""
    slash = _parts(a)[0]
    path = a
    for part in p:
        if type(part) is not type(a) and isinstance(part, (str, bytes)) and (
                isinstance(part, str) is not isinstance(a, str)):
            raise TypeError("Can't mix strings and bytes in path components")
        if not isinstance(part, (str, bytes)):
            raise TypeError('join() argument must be str or bytes, not %r' % type(part).__name__)
        if part.startswith(slash):
            path = part
        elif not path or path.endswith(slash):
            path += part
        else:
            path += slash + part
    return path


def split(p):
    """What is before the last separator, and what behind."""
    slash = _parts(p)[0]
    at = p.rfind(slash) + 1
    head, tail = p[:at], p[at:]
    if head and head != slash * len(head):
        head = head.rstrip(slash)
    return head, tail


def basename(p):
    return split(p)[1]


def dirname(p):
    return split(p)[0]


def splitext(p):
    """The path and its ending, with the dot; dots that begin a name are none."""
    slash, dot, _ = _parts(p)
    start = p.rfind(slash) + 1
    at = p.rfind(dot)
    if at > start and p[start:at].strip(dot):
        return p[:at], p[at:]
    return p, p[:0]


def splitdrive(p):
    return p[:0], p


def _mode(path, stat):
    try:
        return stat(path)[0] & 0o170000
    except (OSError, ValueError):
        return 0


def exists(path):
    return _mode(path, posix.stat) != 0


def lexists(path):
    return _mode(path, posix.lstat) != 0


def isfile(path):
    return _mode(path, posix.stat) == 0o100000


def isdir(s):
    return _mode(s, posix.stat) == 0o040000


def islink(path):
    return _mode(path, posix.lstat) == 0o120000


def getsize(filename):
    return posix.stat(filename)[6]


def getatime(filename):
    return posix.stat(filename)[7]


def getmtime(filename):
    return posix.stat(filename)[8]


def getctime(filename):
    return posix.stat(filename)[9]


def samefile(f1, f2):
    return posix.stat(f1)[1:3] == posix.stat(f2)[1:3]


def expanduser(path):
    if path == '~' or path.startswith('~/'):
        import os
        home = os.environ.get('HOME')
        if home is not None:
            return (home.rstrip('/') + path[1:]) or '/'
    return path


def expandvars(path):
    """The path with the values of $NAME and ${NAME}; unknown names stay."""
    import os
    import re

    def value(found):
        name = found.group(1) or found.group(2)
        return os.environ.get(name, found.group())

    return re.sub(r'\$(?:(\w+)|\{([^}]*)\})', value, path, flags=re.ASCII)


def normpath(path):
    """The path without double separators and dots."""
    slash, dot, dots = _parts(path)
    if not path:
        return dot
    slashes = 0
    if path.startswith(slash):
        slashes = 2 if path.startswith(slash * 2) and not path.startswith(slash * 3) else 1
    parts = []
    for part in path.split(slash):
        if not part or part == dot:
            continue
        if part != dots or not slashes and not parts or parts and parts[-1] == dots:
            parts.append(part)
        elif parts:
            parts.pop()
    return slash * slashes + slash.join(parts) or dot


def abspath(path):
    if not isabs(path):
        folder = posix.getcwd()
        path = join(folder.encode() if isinstance(path, bytes) else folder, path)
    return normpath(path)


def realpath(filename):
    """The path without links."""
    slash, dot, dots = _parts(filename)
    path = slash if isabs(filename) else abspath(dot)
    rest = filename.split(slash)[::-1]
    links = 0
    while rest:
        part = rest.pop()
        if not part or part == dot:
            continue
        if part == dots:
            path = dirname(path)
            continue
        path = join(path, part)
        if islink(path) and links < 40:
            links += 1
            target = posix.readlink(path)
            rest.extend(target.split(slash)[::-1])
            path = slash if isabs(target) else dirname(path)
    return path


def relpath(path, start=None):
    """The path as seen from a folder."""
    if not path:
        raise ValueError('no path specified')
    slash, dot, dots = _parts(path)
    here = [p for p in abspath(dot if start is None else start).split(slash) if p]
    there = [p for p in abspath(path).split(slash) if p]
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    return slash.join([dots] * (len(here) - common) + there[common:]) or dot


def commonprefix(m):
    """The longest text that all begin with."""
    if not m:
        return ''
    low, high = min(m), max(m)
    for i, c in enumerate(low):
        if c != high[i]:
            return low[:i]
    return low


def commonpath(paths):
    """The longest path that all lie in."""
    if not paths:
        raise ValueError('commonpath() arg is an empty sequence')
    slash, dot, _ = _parts(paths[0])
    absolute = {isabs(p) for p in paths}
    if len(absolute) > 1:
        raise ValueError("Can't mix absolute and relative paths")
    split = [[c for c in p.split(slash) if c and c != dot] for p in paths]
    low, high = min(split), max(split)
    common = low
    for i, c in enumerate(low):
        if c != high[i]:
            common = low[:i]
            break
    return (slash if absolute.pop() else slash[:0]) + slash.join(common)

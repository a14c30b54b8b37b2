"""Copying, moving and removing files and folders."""

import os
import sys

__all__ = ['copyfileobj', 'copyfile', 'copymode', 'copystat', 'copy', 'copy2', 'copytree', 'move', 'rmtree', 'Error',
           'SameFileError', 'which', 'get_terminal_size', 'ignore_patterns']


class Error(OSError):
    """Several things went wrong."""


class SameFileError(Error):
    """Source and destination are one file."""


def copyfileobj(fsrc, fdst, length=16 * 1024):
    while True:
        part = fsrc.read(length)
        if not part:
            break
        fdst.write(part)


def copyfile(src, dst, *, follow_symlinks=True):
    """Copies contents; gives `dst`."""
    if os.path.exists(dst) and os.path.abspath(src) == os.path.abspath(dst):
        raise SameFileError('%r and %r are the same file' % (src, dst))
    with open(src, 'rb') as fsrc, open(dst, 'wb') as fdst:
        copyfileobj(fsrc, fdst)
    return dst


def copymode(src, dst, *, follow_symlinks=True):
    """Modes are not changed here."""


def copystat(src, dst, *, follow_symlinks=True):
    """Nor are times."""


def copy(src, dst, *, follow_symlinks=True):
    """Copies a file to a file or into a folder; gives its path."""
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    return copyfile(src, dst)


copy2 = copy


def ignore_patterns(*patterns):
    import fnmatch

    def ignored(path, names):
        return {name for pattern in patterns for name in fnmatch.filter(names, pattern)}
    return ignored


def copytree(src, dst, symlinks=False, ignore=None, copy_function=copy2, ignore_dangling_symlinks=False):
    """Copies a folder with all that is in it; `dst` must not be there."""
    names = os.listdir(src)
    skipped = ignore(src, names) if ignore is not None else ()
    os.makedirs(dst)
    for name in names:
        if name in skipped:
            continue
        source, target = os.path.join(src, name), os.path.join(dst, name)
        if os.path.isdir(source):
            copytree(source, target, symlinks, ignore, copy_function)
        else:
            copy_function(source, target)
    return dst


def rmtree(path, ignore_errors=False, onerror=None):
    """Removes a folder with all that is in it."""
    def failed(function, path):
        if ignore_errors:
            return
        if onerror is None:
            raise
        onerror(function, path, sys.exc_info())
    try:
        if os.path.islink(path):
            raise OSError('Cannot call rmtree on a symbolic link')
        names = os.listdir(path)
    except OSError:
        failed(os.listdir, path)
        return
    for name in names:
        full = os.path.join(path, name)
        if os.path.isdir(full) and not os.path.islink(full):
            rmtree(full, ignore_errors, onerror)
            continue
        try:
            os.unlink(full)
        except OSError:
            failed(os.unlink, full)
    try:
        os.rmdir(path)
    except OSError:
        failed(os.rmdir, path)


def move(src, dst, copy_function=copy2):
    """Moves a file or folder; gives its new path."""
    target = dst
    if os.path.isdir(dst):
        target = os.path.join(dst, os.path.basename(src.rstrip(os.sep)))
        if os.path.exists(target):
            raise Error("Destination path '%s' already exists" % target)
    try:
        os.rename(src, target)
    except OSError:
        if os.path.isdir(src):
            copytree(src, target, copy_function=copy_function)
            rmtree(src)
        else:
            copy_function(src, target)
            os.unlink(src)
    return target


def which(cmd, mode=os.F_OK | os.X_OK, path=None):
    """The file that a command's name stands for."""
    if os.path.dirname(cmd):
        return cmd if os.path.isfile(cmd) else None
    for folder in (path or os.environ.get('PATH', os.defpath)).split(os.pathsep):
        full = os.path.join(folder, cmd)
        if os.path.isfile(full):
            return full
    return None


def get_terminal_size(fallback=(80, 24)):
    """Columns and lines, from the environment."""
    sizes = []
    for name, default in zip(('COLUMNS', 'LINES'), fallback):
        try:
            value = int(os.environ[name])
        except (KeyError, ValueError):
            value = 0
        sizes.append(value if value > 0 else default)
    return _terminal_size()(*sizes)


def _terminal_size():
    from collections import namedtuple
    made = namedtuple('terminal_size', 'columns lines')
    made.__module__ = 'os'
    return made

"""The operating system, as far as programs for many machines need it."""

import posix
import posixpath as path
import sys
from collections import namedtuple
from posix import (_exit, chdir, cpu_count, getcwd, getpid, readlink, rename, rmdir, strerror,
                   unlink, urandom)

name = 'posix'
linesep = '\n'
curdir, pardir, sep, altsep, extsep = '.', '..', '/', None, '.'
pathsep, defpath, devnull = ':', ':/bin:/usr/bin', '/dev/null'
F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4
error = OSError

sys.modules['os.path'] = path
remove = unlink
replace = rename

stat_result = namedtuple('stat_result', 'st_mode st_ino st_dev st_nlink st_uid st_gid st_size '
                                        'st_atime st_mtime st_ctime')
stat_result.__module__ = 'os'


class _Environ(dict):
    """The environment; changes are seen by this process alone."""

    def __setitem__(self, key, value):
        for part in (key, value):
            if not isinstance(part, str):
                raise TypeError('str expected, not %s' % type(part).__name__)
        super().__setitem__(key, value)

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]

    def copy(self):
        return dict(self)

    def __repr__(self):
        return 'environ(%s)' % super().__repr__()


environ = _Environ(posix.environ())


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(key, value):
    environ[key] = value


def stat(path):
    """Facts about a file; links are followed."""
    return stat_result(*posix.stat(path))


def lstat(path):
    """Facts about a file or link."""
    return stat_result(*posix.lstat(path))


def listdir(path='.'):
    return posix.listdir(path)


def mkdir(path, mode=0o777):
    posix.mkdir(path)


def makedirs(name, mode=0o777, exist_ok=False):
    """A folder with all that it lies in."""
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, mode, exist_ok)
        except FileExistsError:
            pass
        if tail == curdir:
            return
    try:
        mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def removedirs(name):
    """An empty folder and those around it that become empty."""
    rmdir(name)
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    while head and tail:
        try:
            rmdir(head)
        except OSError:
            break
        head, tail = path.split(head)


def access(path, mode):
    """Whether a file exists and has a permission for somebody."""
    try:
        bits = stat(path).st_mode
    except OSError:
        return False
    return all(not mode & flag or bits & flag * 0o111 for flag in (X_OK, W_OK, R_OK))


def walk(top, topdown=True, onerror=None, followlinks=False):
    """Folder, its folders and its files, for every folder below."""
    try:
        names = listdir(top)
    except OSError as e:
        if onerror is not None:
            onerror(e)
        return
    dirs = [n for n in names if path.isdir(path.join(top, n))]
    files = [n for n in names if n not in dirs]
    if topdown:
        yield top, dirs, files
    for n in dirs:
        inner = path.join(top, n)
        if followlinks or not path.islink(inner):
            yield from walk(inner, topdown, onerror, followlinks)
    if not topdown:
        yield top, dirs, files


def fsencode(filename):
    return filename if isinstance(filename, bytes) else filename.encode('utf-8', 'surrogateescape')


def fsdecode(filename):
    return filename if isinstance(filename, str) else filename.decode('utf-8', 'surrogateescape')


def get_exec_path(env=None):
    return (environ if env is None else env).get('PATH', defpath).split(pathsep)

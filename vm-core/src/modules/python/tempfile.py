"""Files and folders for a while."""

import os
import shutil
from random import Random

__all__ = ['NamedTemporaryFile', 'TemporaryFile', 'SpooledTemporaryFile', 'TemporaryDirectory', 'mkdtemp', 'mktemp',
           'gettempdir', 'gettempprefix', 'tempdir', 'template', 'TMP_MAX']

TMP_MAX = 10000
template = 'tmp'
tempdir = None
_random = None


def gettempprefix():
    return template


def gettempdir():
    """The folder for such files."""
    global tempdir
    if tempdir is None:
        for name in 'TMPDIR', 'TEMP', 'TMP':
            if os.environ.get(name):
                tempdir = os.path.abspath(os.environ[name])
                break
        else:
            tempdir = '/tmp' if os.path.isdir('/tmp') else os.getcwd()
    return tempdir


def _names(suffix, prefix, dir):
    global _random
    if _random is None:
        _random = Random()
    letters = 'abcdefghijklmnopqrstuvwxyz0123456789_'
    for _ in range(TMP_MAX):
        middle = ''.join(_random.choice(letters) for _ in range(8))
        yield os.path.join(dir or gettempdir(), (template if prefix is None else prefix) + middle + (suffix or ''))


def mktemp(suffix='', prefix=template, dir=None):
    """A path that nothing has yet."""
    for path in _names(suffix, prefix, dir):
        if not os.path.exists(path):
            return path
    raise FileExistsError(17, 'No usable temporary filename found')


def mkdtemp(suffix=None, prefix=None, dir=None):
    """A new folder."""
    for path in _names(suffix, prefix, dir):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        return os.path.abspath(path)
    raise FileExistsError(17, 'No usable temporary directory name found')


class _File:
    """An open file and its name; the file goes when it is closed."""

    def __init__(self, file, name, delete):
        self.file, self.name, self.delete = file, name, delete
        self._gone = False

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, *exc):
        self.close()

    def __iter__(self):
        return iter(self.file)

    def close(self):
        self.file.close()
        if self.delete and not self._gone:
            self._gone = True
            os.unlink(self.name)

    def __del__(self):
        self.close()


def NamedTemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None,
                       delete=True):
    path = os.path.abspath(mktemp(suffix or '', prefix, dir))
    open(path, 'x').close()
    return _File(open(path, mode.replace('x', 'w'), buffering, encoding, newline=newline), path, delete)


def TemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None):
    """An open file without a name."""
    path = mktemp(suffix or '', prefix, dir)
    open(path, 'x').close()
    file = open(path, mode.replace('x', 'w'), buffering, encoding, newline=newline)
    os.unlink(path)
    return file


def SpooledTemporaryFile(max_size=0, mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None,
                         dir=None):
    return TemporaryFile(mode, buffering, encoding, newline, suffix, prefix, dir)


class TemporaryDirectory:
    """A folder that goes with all that is in it."""

    def __init__(self, suffix=None, prefix=None, dir=None):
        self.name = None
        self.name = mkdtemp(suffix, prefix, dir)

    def __repr__(self):
        return '<%s %r>' % (type(self).__name__, self.name)

    def __enter__(self):
        return self.name

    def __exit__(self, exc, value, tb):
        self.cleanup()

    def cleanup(self):
        if self.name is not None and os.path.isdir(self.name):
            shutil.rmtree(self.name)

    def __del__(self):
        self.cleanup()

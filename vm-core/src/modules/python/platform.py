"""What the program runs on."""

import sys

__all__ = ['architecture', 'machine', 'node', 'platform', 'processor', 'python_build', 'python_compiler',
           'python_implementation', 'python_version', 'python_version_tuple', 'release', 'system', 'version']


def _kernel(name):
    try:
        with open('/proc/sys/kernel/' + name) as f:
            return f.read().strip()
    except OSError:
        return ''


def system():
    return {'linux': 'Linux', 'darwin': 'Darwin', 'win32': 'Windows'}.get(sys.platform, '')


def node():
    return _kernel('hostname')


def release():
    return _kernel('osrelease')


def version():
    return _kernel('version')


def machine():
    return _kernel('arch') or 'x86_64'


def processor():
    return machine()


def architecture(executable=None, bits='', linkage=''):
    return bits or '64bit', linkage or 'ELF'


def platform(aliased=0, terse=0):
    return '-'.join(part for part in (system(), release(), machine()) if part)


def python_implementation():
    name = sys.implementation.name
    return 'CPython' if name == 'cpython' else name


def python_version():
    return '%d.%d.%d' % sys.version_info[:3]


def python_version_tuple():
    return tuple(str(part) for part in sys.version_info[:3])


def python_build():
    return 'default', ''


def python_compiler():
    return ''


def python_branch():
    return ''


def python_revision():
    return ''

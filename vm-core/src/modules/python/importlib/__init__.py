"""Importing by name."""

import sys

__all__ = ['__import__', 'import_module', 'invalidate_caches', 'reload']

__import__ = __import__


def _absolute(name, package):
    level = len(name) - len(name.lstrip('.'))
    if not level:
        return name
    if not package:
        raise TypeError("the 'package' argument is required to perform a relative import for {!r}"
                        .format(name))
    parts = package.rsplit('.', level - 1)
    if len(parts) < level:
        raise ValueError('attempted relative import beyond top-level package')
    rest = name[level:]
    return parts[0] + '.' + rest if rest else parts[0]


def import_module(name, package=None):
    """The module of that name; `package` is what a relative name starts from."""
    name = _absolute(name, package)
    __import__(name)
    return sys.modules[name]


def invalidate_caches():
    """Nothing is cached."""


def reload(module):
    """Imports a module anew and moves its names into the old object."""
    if not isinstance(module, type(sys)):
        raise TypeError('reload() argument must be module')
    name = module.__name__
    if sys.modules.get(name) is not module:
        raise ImportError('module {} not in sys.modules'.format(name), name=name)
    del sys.modules[name]
    try:
        __import__(name)
        vars(module).update(vars(sys.modules[name]))
    finally:
        sys.modules[name] = module
    return module

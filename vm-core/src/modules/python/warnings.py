"""Warnings: filters, and writing them to sys.stderr."""

import sys
import linecache

__all__ = ["warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings",
           "simplefilter", "resetwarnings", "catch_warnings"]

# Entries (action, text the message starts with, category, module name, line), first match wins.
filters = []
defaultaction = "default"
onceregistry = {}
_actions = ("error", "ignore", "always", "default", "module", "once")


class WarningMessage:
    """What catch_warnings(record=True) collects."""

    def __init__(self, message, category, filename, lineno, file=None, line=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return ("{message : %r, category : %r, filename : %r, lineno : %s, line : %r}" %
                (self.message, self._category_name, self.filename, self.lineno, self.line))


def formatwarning(message, category, filename, lineno, line=None):
    text = "%s:%s: %s: %s\n" % (filename, lineno, category.__name__, message)
    line = linecache.getline(filename, lineno) if line is None else line
    if line:
        text += "  %s\n" % line.strip()
    return text


def showwarning(message, category, filename, lineno, file=None, line=None):
    if file is None:
        file = sys.stderr
        if file is None:
            return
    try:
        file.write(formatwarning(message, category, filename, lineno, line))
    except OSError:
        pass


def _insert(item, append):
    if append:
        if item not in filters:
            filters.append(item)
    else:
        if item in filters:
            filters.remove(item)
        filters.insert(0, item)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    """Adds a filter. The message and module are literal prefixes: there are no patterns here."""
    assert action in _actions, "invalid action: %r" % (action,)
    _insert((action, message.lower() or None, category, module or None, lineno), append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    assert action in _actions, "invalid action: %r" % (action,)
    _insert((action, None, category, None, lineno), append)


def resetwarnings():
    filters[:] = []


def warn(message, category=None, stacklevel=1):
    if isinstance(message, Warning):
        category = message.__class__
    if category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError("category must be a Warning subclass, not '{:s}'".format(
            type(category).__name__))
    try:
        frame = sys._getframe(stacklevel)
    except ValueError:
        namespace, lineno, filename = sys.__dict__, 1, "sys"
    else:
        namespace, lineno, filename = frame.f_globals, frame.f_lineno, frame.f_code.co_filename
    module = namespace.get('__name__', "<string>")
    registry = namespace.setdefault("__warningregistry__", {})
    warn_explicit(message, category, filename, lineno, module, registry)


def warn_explicit(message, category, filename, lineno, module=None, registry=None,
                  module_globals=None, source=None):
    lineno = int(lineno)
    if module is None:
        module = filename or "<unknown>"
        if module.endswith(".py"):
            module = module[:-3]
    if registry is None:
        registry = {}
    if isinstance(message, Warning):
        text = str(message)
        category = message.__class__
    else:
        text = message
        message = category(message)
    key = (text, category, lineno)
    if registry.get(key):
        return
    for action, prefix, wanted, name, line in filters:
        if ((prefix is None or text.lower().startswith(prefix)) and issubclass(category, wanted)
                and (name is None or module.startswith(name)) and line in (0, lineno)):
            break
    else:
        action = defaultaction
    if action == "ignore":
        registry[key] = 1
        return
    if action == "error":
        raise message
    if action == "once":
        registry[key] = 1
        short = (text, category)
        if onceregistry.get(short):
            return
        onceregistry[short] = 1
    elif action == "module":
        registry[key] = 1
        other = (text, category, 0)
        if registry.get(other):
            return
        registry[other] = 1
    elif action == "default":
        registry[key] = 1
    showwarning(message, category, filename, lineno)


class catch_warnings:
    """Context manager: puts filters and showwarning back; with record=True collects warnings."""

    def __init__(self, *, record=False, module=None):
        self._record = record
        self._module = sys.modules['warnings'] if module is None else module
        self._entered = False

    def __enter__(self):
        if self._entered:
            raise RuntimeError("Cannot enter %r twice" % self)
        self._entered = True
        self._filters = self._module.filters
        self._module.filters = self._filters[:]
        self._showwarning = self._module.showwarning
        if not self._record:
            return None
        log = []

        def collect(*args, **kwargs):
            log.append(WarningMessage(*args, **kwargs))

        self._module.showwarning = collect
        return log

    def __exit__(self, *details):
        if not self._entered:
            raise RuntimeError("Cannot exit %r without entering first" % self)
        self._module.filters = self._filters
        self._module.showwarning = self._showwarning


for _category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, BytesWarning,
                  ResourceWarning):
    simplefilter("ignore", category=_category, append=True)
del _category

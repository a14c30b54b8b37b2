"""Tools for functions and callable objects."""

__all__ = ["update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES",
           "total_ordering", "cmp_to_key", "lru_cache", "reduce", "partial",
           "partialmethod", "singledispatch"]

from _functools import cmp_to_key, partial, reduce

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Makes a wrapper look like what it wraps."""
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            pass
        else:
            setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    # Last, so that it is not overwritten by the update of __dict__.
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """update_wrapper as a decorator of the wrapper."""
    return partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


def _derived(root, negate_first, combine_with_equal):
    """A comparison made of `root`: "not root", joined with "==" or "!=" where told."""
    def compare(self, other):
        result = getattr(type(self), root)(self, other)
        if result is NotImplemented:
            return result
        if negate_first:
            result = not result
        if combine_with_equal == "or equal":
            return result or self == other
        if combine_with_equal == "and unequal":
            return result and self != other
        return result
    return compare


_DERIVATIONS = {
    "__lt__": [("__gt__", True, "and unequal"), ("__le__", False, "or equal"),
               ("__ge__", True, None)],
    "__le__": [("__ge__", True, "or equal"), ("__lt__", False, "and unequal"),
               ("__gt__", True, None)],
    "__gt__": [("__lt__", True, "and unequal"), ("__ge__", False, "or equal"),
               ("__le__", True, None)],
    "__ge__": [("__le__", True, "or equal"), ("__gt__", False, "and unequal"),
               ("__lt__", True, None)],
}


def total_ordering(cls):
    """Adds the comparisons that a class leaves out."""
    roots = [name for name in _DERIVATIONS
             if getattr(cls, name, None) is not getattr(object, name, None)]
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(roots)
    for name, negate_first, combine in _DERIVATIONS[root]:
        if name not in roots:
            compare = _derived(root, negate_first, combine)
            compare.__name__ = name
            compare.__qualname__ = name
            compare.__doc__ = getattr(int, name).__doc__
            setattr(cls, name, compare)
    return cls


class _CacheInfo(tuple):
    """Counts of a cache: hits, misses, maxsize, currsize."""
    __slots__ = ()

    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return "CacheInfo(hits=%r, misses=%r, maxsize=%r, currsize=%r)" % self


_CacheInfo.__name__ = _CacheInfo.__qualname__ = "CacheInfo"


# What is its own key where it is the only argument.
_OWN_KEYS = frozenset((int, str, frozenset, type(None)))
_KEYWORDS = (object(),)


def _make_key(args, kwds, typed):
    key = args
    if kwds:
        key += _KEYWORDS
        for item in sorted(kwds.items()):
            key += item
    if typed:
        key += tuple([type(value) for value in args])
        if kwds:
            key += tuple([type(value) for _, value in sorted(kwds.items())])
    elif len(key) == 1 and type(key[0]) in _OWN_KEYS:
        return key[0]
    return key


def lru_cache(maxsize=128, typed=False):
    """Remembers the results of the calls made last."""
    if maxsize is not None and not isinstance(maxsize, int):
        raise TypeError("Expected maxsize to be an integer or None")

    def decorate(function):
        cache = {}
        hits = misses = 0
        missing = object()

        def plain(*args, **kwds):
            nonlocal hits, misses
            key = _make_key(args, kwds, typed)
            result = cache.get(key, missing)
            if result is not missing:
                hits += 1
                return result
            result = function(*args, **kwds)
            cache[key] = result
            misses += 1
            return result

        def bounded(*args, **kwds):
            nonlocal hits, misses
            key = _make_key(args, kwds, typed)
            result = cache.get(key, missing)
            if result is not missing:
                # The dict is ordered by last use.
                del cache[key]
                cache[key] = result
                hits += 1
                return result
            result = function(*args, **kwds)
            if key not in cache:
                if len(cache) >= maxsize:
                    del cache[next(iter(cache))]
                cache[key] = result
            misses += 1
            return result

        def uncached(*args, **kwds):
            nonlocal misses
            result = function(*args, **kwds)
            misses += 1
            return result

        if maxsize is None:
            wrapper = plain
        elif maxsize <= 0:
            wrapper = uncached
        else:
            wrapper = bounded

        def cache_info():
            return _CacheInfo((hits, misses, maxsize, len(cache)))

        def cache_clear():
            nonlocal hits, misses
            cache.clear()
            hits = misses = 0

        wrapper.cache_info = cache_info
        wrapper.cache_clear = cache_clear
        return update_wrapper(wrapper, function)

    return decorate


class partialmethod:
    """A method with some arguments given in advance."""

    def __init__(self, func, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError("{!r} is not callable or a descriptor".format(func))
        if isinstance(func, partialmethod):
            self.func = func.func
            self.args = func.args + args
            self.keywords = dict(func.keywords, **keywords)
        else:
            self.func = func
            self.args = args
            self.keywords = keywords

    def __repr__(self):
        parts = [repr(self.func)]
        parts += [repr(value) for value in self.args]
        parts += ["{}={!r}".format(name, value) for name, value in self.keywords.items()]
        cls = type(self)
        return "{}.{}({})".format(cls.__module__, cls.__qualname__, ", ".join(parts))

    def _make_unbound_method(self):
        def method(*args, **keywords):
            given = dict(self.keywords, **keywords)
            first, *rest = args
            return self.func(first, *(self.args + tuple(rest)), **given)
        method.__isabstractmethod__ = self.__isabstractmethod__
        method._partialmethod = self
        return method

    def __get__(self, instance, owner):
        get = getattr(self.func, "__get__", None)
        if get is not None:
            bound = get(instance, owner)
            if bound is not self.func:
                result = partial(bound, *self.args, **self.keywords)
                try:
                    result.__self__ = bound.__self__
                except AttributeError:
                    pass
                return result
        return self._make_unbound_method().__get__(instance, owner)

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)


def singledispatch(function):
    """A function that chooses its implementation by the class of its first argument."""
    registry = {object: function}
    cache = {}

    def dispatch(cls):
        try:
            return cache[cls]
        except KeyError:
            pass
        found = None
        for base in cls.__mro__:
            if base in registry:
                found = base
                break
        # An abstract base class that is closer than the class found in the MRO.
        virtual = [c for c in registry
                   if c not in cls.__mro__ and issubclass(cls, c)
                   and (found is None or not issubclass(found, c))]
        virtual = [c for c in virtual
                   if not any(other is not c and issubclass(other, c) for other in virtual)]
        if virtual and found in (None, object):
            if len(virtual) > 1:
                raise RuntimeError("Ambiguous dispatch: {} or {}".format(*virtual[:2]))
            found = virtual[0]
        cache[cls] = registry[found]
        return cache[cls]

    def register(cls, implementation=None):
        if implementation is None:
            return lambda f: register(cls, f)
        registry[cls] = implementation
        cache.clear()
        return implementation

    def wrapper(*args, **kw):
        return dispatch(args[0].__class__)(*args, **kw)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = type(type.__dict__)(registry)
    wrapper._clear_cache = cache.clear
    update_wrapper(wrapper, function)
    return wrapper

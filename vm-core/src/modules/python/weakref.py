"""Weak references: `ref`, `proxy`, and containers that do not keep their members alive."""

from _weakref import (
    CallableProxyType,
    ProxyType,
    ReferenceType,
    getweakrefcount,
    getweakrefs,
    proxy,
    ref,
)

ProxyTypes = (ProxyType, CallableProxyType)


class WeakMethod(ref):
    """A reference to a bound method that dies with the method's receiver."""

    __slots__ = ('_function', '_kind', '__weakref__')

    def __new__(cls, method, callback=None):
        try:
            receiver = method.__self__
            function = method.__func__
        except AttributeError:
            raise TypeError('argument should be a bound method, not {}'
                            .format(type(method))) from None
        self = ref.__new__(cls, receiver, None if callback is None
                           else lambda _: callback(self))
        self._function = ref(function)
        self._kind = type(method)
        return self

    def __init__(self, method, callback=None):
        pass

    def __call__(self):
        receiver = super().__call__()
        function = self._function()
        if receiver is None or function is None:
            return None
        return self._kind(function, receiver)

    def __eq__(self, other):
        if not isinstance(other, WeakMethod):
            return False
        mine, theirs = self(), other()
        if mine is None or theirs is None:
            return self is other
        return mine == theirs

    def __ne__(self, other):
        return not self == other

    __hash__ = ref.__hash__


class _Mapping:
    """What the two weak dictionaries share; `_live` yields the pairs whose members are alive."""

    def __len__(self):
        return sum(1 for _ in self._live())

    def __iter__(self):
        for key, _ in self._live():
            yield key

    def keys(self):
        return iter(self)

    def values(self):
        for _, value in self._live():
            yield value

    def items(self):
        return self._live()

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def pop(self, key, *default):
        try:
            value = self[key]
        except KeyError:
            if default:
                return default[0]
            raise
        del self[key]
        return value

    def popitem(self):
        for key, value in self._live():
            del self[key]
            return key, value
        raise KeyError('dictionary is empty')

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
            return default

    def update(self, other=(), **more):
        pairs = other.items() if hasattr(other, 'items') else other
        for key, value in pairs:
            self[key] = value
        for key, value in more.items():
            self[key] = value

    def clear(self):
        self.data.clear()

    def copy(self):
        new = type(self)()
        for key, value in self._live():
            new[key] = value
        return new

    __copy__ = copy


class WeakValueDictionary(_Mapping):
    """A mapping whose values are held weakly: an entry goes when its value dies."""

    def __init__(self, *args, **more):
        self.data = {}
        self.update(*args, **more)

    def _live(self):
        for key, reference in list(self.data.items()):
            value = reference()
            if value is not None:
                yield key, value

    def __getitem__(self, key):
        value = self.data[key]()
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key, value):
        data = self.data

        def forget(reference):
            if data.get(key) is reference:
                del data[key]

        data[key] = ref(value, forget)

    def __delitem__(self, key):
        del self.data[key]

    def __contains__(self, key):
        reference = self.data.get(key)
        return reference is not None and reference() is not None

    def valuerefs(self):
        return list(self.data.values())

    def __repr__(self):
        return '<%s at %#x>' % (type(self).__name__, id(self))


class WeakKeyDictionary(_Mapping):
    """A mapping whose keys are held weakly: an entry goes when its key dies."""

    def __init__(self, other=None):
        self.data = {}
        if other is not None:
            self.update(other)

    def _forget(self, reference):
        self.data.pop(reference, None)

    def _live(self):
        for reference, value in list(self.data.items()):
            key = reference()
            if key is not None:
                yield key, value

    def __getitem__(self, key):
        return self.data[ref(key)]

    def __setitem__(self, key, value):
        data = self.data
        data[ref(key, lambda reference: data.pop(reference, None))] = value

    def __delitem__(self, key):
        del self.data[ref(key)]

    def __contains__(self, key):
        try:
            reference = ref(key)
        except TypeError:
            return False
        return reference in self.data

    def keyrefs(self):
        return list(self.data)

    def __repr__(self):
        return '<%s at %#x>' % (type(self).__name__, id(self))


class WeakSet:
    """A set that holds its members weakly."""

    def __init__(self, items=None):
        self.data = set()
        if items is not None:
            self.update(items)

    def __iter__(self):
        for reference in list(self.data):
            item = reference()
            if item is not None:
                yield item

    def __len__(self):
        return sum(1 for _ in self)

    def __contains__(self, item):
        try:
            return ref(item) in self.data
        except TypeError:
            return False

    def add(self, item):
        self.data.add(ref(item, self.data.discard))

    def discard(self, item):
        self.data.discard(ref(item))

    def remove(self, item):
        self.data.remove(ref(item))

    def update(self, items):
        for item in items:
            self.add(item)

    def clear(self):
        self.data.clear()

    def pop(self):
        while True:
            try:
                reference = self.data.pop()
            except KeyError:
                raise KeyError('pop from empty WeakSet') from None
            item = reference()
            if item is not None:
                return item

    def copy(self):
        return type(self)(self)

    def union(self, other):
        new = self.copy()
        new.update(other)
        return new

    __or__ = union

    def intersection(self, other):
        return type(self)(item for item in other if item in self)

    __and__ = intersection

    def difference(self, other):
        new = self.copy()
        for item in other:
            new.discard(item)
        return new

    __sub__ = difference

    def issubset(self, other):
        return all(item in other for item in self)

    __le__ = issubset

    def issuperset(self, other):
        return all(item in self for item in other)

    __ge__ = issuperset

    def isdisjoint(self, other):
        return not any(item in self for item in other)

    def __eq__(self, other):
        if not isinstance(other, type(self)):
            return NotImplemented
        return set(self) == set(other)


class finalize:
    """Calls a function when an object dies, once, unless it was called or detached before."""

    __slots__ = ('_key',)
    _registry = {}

    def __init__(self, obj, func, *args, **kwargs):
        registry = finalize._registry
        key = object()
        self._key = key

        def died(_):
            entry = registry.pop(key, None)
            if entry is not None:
                entry[1](*entry[2], **entry[3])

        registry[key] = (ref(obj, died), func, args, kwargs)

    def __call__(self, _=None):
        entry = finalize._registry.pop(self._key, None)
        if entry is not None:
            return entry[1](*entry[2], **entry[3])

    def detach(self):
        entry = finalize._registry.get(self._key)
        target = entry and entry[0]()
        if target is not None and finalize._registry.pop(self._key, None):
            return target, entry[1], entry[2], entry[3]

    def peek(self):
        entry = finalize._registry.get(self._key)
        target = entry and entry[0]()
        if target is not None:
            return target, entry[1], entry[2], entry[3]

    @property
    def alive(self):
        return self._key in finalize._registry


__all__ = ['ref', 'proxy', 'getweakrefcount', 'getweakrefs', 'WeakKeyDictionary',
           'ReferenceType', 'ProxyType', 'CallableProxyType', 'ProxyTypes',
           'WeakValueDictionary', 'WeakSet', 'WeakMethod', 'finalize']

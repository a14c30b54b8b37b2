"""Names for type hints, as programs write them in annotations. Nothing is checked."""

import collections.abc as _abc

__all__ = ['AbstractSet', 'Any', 'AnyStr', 'ByteString', 'Callable', 'ClassVar', 'Container', 'Dict', 'FrozenSet',
           'Generator', 'Generic', 'Hashable', 'IO', 'ItemsView', 'Iterable', 'Iterator', 'KeysView', 'List',
           'Mapping', 'MappingView', 'Match', 'MutableMapping', 'MutableSequence', 'MutableSet', 'NamedTuple',
           'NewType', 'Optional', 'Pattern', 'Reversible', 'Sequence', 'Set', 'Sized', 'SupportsAbs', 'SupportsFloat',
           'SupportsInt', 'SupportsRound', 'Text', 'TextIO', 'BinaryIO', 'Tuple', 'Type', 'TypeVar', 'Union',
           'ValuesView', 'cast', 'get_type_hints', 'no_type_check', 'no_type_check_decorator', 'overload',
           'TYPE_CHECKING', 'Awaitable', 'Coroutine', 'AsyncIterable', 'AsyncIterator', 'DefaultDict']

TYPE_CHECKING = False
Text = str


def _shown(t):
    if isinstance(t, type) and not isinstance(t, _Meta):
        return t.__qualname__ if t.__module__ == 'builtins' else '%s.%s' % (t.__module__, t.__qualname__)
    if t is ...:
        return '...'
    if isinstance(t, list):
        return '[%s]' % ', '.join(map(_shown, t))
    return repr(t)


class _Special:
    """A form such as `Union`: it is subscripted and no more."""

    def __init__(self, name, args=None):
        self._name, self.__args__ = name, args

    def __getitem__(self, args):
        args = args if isinstance(args, tuple) else (args,)
        args = tuple(type(None) if a is None else a for a in args)
        if self._name == 'Optional':
            return Union[args[0], type(None)]
        if self._name == 'Union':
            flat = []
            for a in args:
                inner = a.__args__ if isinstance(a, _Special) and a._name == 'Union' and a.__args__ else (a,)
                flat += [x for x in inner if x not in flat]
            if len(flat) == 1:
                return flat[0]
            args = tuple(flat)
        return _Special(self._name, args)

    def __eq__(self, other):
        if not isinstance(other, _Special) or self._name != other._name:
            return NotImplemented
        if self._name == 'Union' and self.__args__ and other.__args__:
            return set(self.__args__) == set(other.__args__)
        return self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, frozenset(self.__args__ or ())))

    def __call__(self, *args, **kwargs):
        raise TypeError('Cannot instantiate %r' % self)

    def __instancecheck__(self, obj):
        raise TypeError('%r cannot be used with isinstance().' % self)

    def __repr__(self):
        text = 'typing.' + self._name
        return text if self.__args__ is None else '%s[%s]' % (text, ', '.join(map(_shown, self.__args__)))


Any, Union, Optional, ClassVar = map(_Special, ('Any', 'Union', 'Optional', 'ClassVar'))


class TypeVar:
    """A type that is not known yet."""

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        if covariant and contravariant:
            raise ValueError('Bivariant type variables are not supported')
        if len(constraints) == 1:
            raise TypeError('A single constraint is not allowed')
        self.__name__, self.__constraints__, self.__bound__ = name, constraints, bound
        self.__covariant__, self.__contravariant__ = covariant, contravariant

    def __repr__(self):
        return ('+' if self.__covariant__ else '-' if self.__contravariant__ else '~') + self.__name__


AnyStr = TypeVar('AnyStr', bytes, str)


class _Meta(type):
    """The class of generic classes: `C[int]` is another class that acts like C."""

    def __new__(mcls, name, bases, ns, origin=None, args=None, extra=None):
        cls = super().__new__(mcls, name, bases, ns)
        cls.__origin__, cls.__args__ = origin, args
        if extra is not None:
            cls.__extra__ = extra
        return cls

    def __init__(cls, name, bases, ns, **kwargs):
        super().__init__(name, bases, ns)

    def __getitem__(cls, args):
        args = args if isinstance(args, tuple) else (args,)
        if cls.__origin__ is None:
            origin = cls
        else:
            origin, given = cls.__origin__, iter(args)
            args = tuple(next(given) if isinstance(a, TypeVar) else a for a in cls.__args__)
        args = tuple(type(None) if a is None else a for a in args)
        key = (origin, tuple(tuple(a) if isinstance(a, list) else a for a in args))
        try:
            if key in _made:
                return _made[key]
        except TypeError:
            key = None
        ns = {'__module__': cls.__module__, '__qualname__': cls.__qualname__, '__slots__': ()}
        made = type(cls)(cls.__name__, (origin,), ns, origin=origin, args=args)
        if key is not None:
            _made[key] = made
        return made

    def __repr__(cls):
        name = '%s.%s' % (cls.__module__, cls.__qualname__)
        if cls.__args__ is None:
            return name
        if not cls.__args__ or cls.__args__ == ((),):
            return name + '[()]'
        return '%s[%s]' % (name, ', '.join(map(_shown, cls.__args__)))

    def __instancecheck__(cls, obj):
        extra = getattr(cls, '__extra__', None)
        if cls.__origin__ is not None:
            raise TypeError('Parameterized generics cannot be used with class or instance checks')
        if extra is not None and '__extra__' in cls.__dict__:
            return isinstance(obj, extra)
        return super().__instancecheck__(obj)

    def __subclasscheck__(cls, other):
        if cls.__origin__ is not None:
            raise TypeError('Parameterized generics cannot be used with class or instance checks')
        extra = cls.__dict__.get('__extra__')
        if extra is not None:
            try:
                return issubclass(other, extra)
            except TypeError:
                return False
        return super().__subclasscheck__(other)


_made = {}


class Generic(metaclass=_Meta):
    """The base of classes with type variables."""

    __slots__ = ()

    def __new__(cls, *args, **kwds):
        origin = cls
        while origin.__origin__ is not None:
            origin = origin.__origin__
        if object.__new__ is super().__new__:
            made = super().__new__(origin)
        else:
            made = super().__new__(origin, *args, **kwds)
        if origin is not cls:
            # It is no instance of what was called, so that nothing else initialises it.
            made.__init__(*args, **kwds)
        return made


def _generic(name, extra):
    """A generic name for a class; calling it makes one of them if that can be."""
    def refuse(cls, *args, **kwds):
        raise TypeError('Type %s cannot be instantiated; use %s() instead' % (name, extra.__name__))
    bases = (extra,) if extra in (list, dict, set, frozenset, _defaultdict) else ()
    ns = {'__module__': 'typing', '__slots__': ()}
    if bases:
        ns['__new__'] = refuse
    else:
        bases = (Generic,)
    return _Meta(name, bases, ns, extra=extra)


from collections import defaultdict as _defaultdict

List, Dict, Set, FrozenSet = (_generic(n, t) for n, t in (('List', list), ('Dict', dict), ('Set', set),
                                                          ('FrozenSet', frozenset)))
DefaultDict = _generic('DefaultDict', _defaultdict)
for _name in '''Hashable Iterable Iterator Sized Container Callable Mapping MutableMapping Sequence MutableSequence
MutableSet ByteString MappingView KeysView ItemsView ValuesView Generator Awaitable Coroutine AsyncIterable
AsyncIterator'''.split():
    globals()[_name] = _generic(_name, getattr(_abc, _name))
AbstractSet = _generic('AbstractSet', _abc.Set)
Reversible = _generic('Reversible', _abc.Iterable)
Tuple, Type = _generic('Tuple', tuple), _generic('Type', type)
Pattern, Match = _generic('Pattern', object), _generic('Match', object)
IO = _generic('IO', object)
TextIO, BinaryIO = _generic('TextIO', object), _generic('BinaryIO', object)


def _supports(name, method):
    class check(_Meta):
        def __instancecheck__(cls, obj):
            return hasattr(type(obj), method)
    return check(name, (Generic,), {'__module__': 'typing', '__slots__': ()})


SupportsInt, SupportsFloat = _supports('SupportsInt', '__int__'), _supports('SupportsFloat', '__float__')
SupportsAbs, SupportsRound = _supports('SupportsAbs', '__abs__'), _supports('SupportsRound', '__round__')
del _name


def cast(typ, val):
    """The value as it is."""
    return val


def get_type_hints(obj, globalns=None, localns=None):
    """Annotations; those that are text are evaluated."""
    if globalns is None:
        globalns = getattr(obj, '__globals__', {})
    hints = dict(getattr(obj, '__annotations__', None) or {})
    for name, value in hints.items():
        if isinstance(value, str):
            hints[name] = eval(value, globalns, localns)
        elif value is None:
            hints[name] = type(None)
    return hints


def no_type_check(arg):
    return arg


def no_type_check_decorator(decorator):
    return decorator


def _overloaded(*args, **kwds):
    raise NotImplementedError('You should not call an overloaded function. A series of @overload-decorated functions '
                              'outside a stub module should always be followed by an implementation that is not '
                              '@overload-ed.')


def overload(func):
    return _overloaded


def NewType(name, tp):
    """A function that gives back its argument."""
    def new_type(x):
        return x
    new_type.__name__ = name
    new_type.__supertype__ = tp
    return new_type


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, ns):
        if ns.get('_root'):
            return super().__new__(mcls, name, bases, ns)
        types = ns.get('__annotations__', {})
        made = NamedTuple(name, list(types.items()))
        made.__new__.__defaults__ = tuple(ns[n] for n in types if n in ns)
        made.__module__ = ns.get('__module__')
        for key, value in ns.items():
            if key not in types and key not in ('__module__', '__qualname__', '__annotations__'):
                setattr(made, key, value)
        return made


class NamedTuple(metaclass=_NamedTupleMeta):
    """A named tuple whose fields have types."""

    _root = True

    def __new__(cls, typename, fields):
        from collections import namedtuple
        import sys
        fields = [(n, t) for n, t in fields]
        made = namedtuple(typename, [n for n, _ in fields])
        made._field_types = made.__annotations__ = dict(fields)
        made.__module__ = sys._getframe(1).f_globals.get('__name__', '__main__')
        return made

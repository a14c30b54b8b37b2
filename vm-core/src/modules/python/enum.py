"""Enumerations."""

from collections import OrderedDict
from types import DynamicClassAttribute, MappingProxyType

__all__ = ['EnumMeta', 'Enum', 'IntEnum', 'unique']


def _is_descriptor(value):
    return hasattr(value, '__get__') or hasattr(value, '__set__') or hasattr(value, '__delete__')


def _is_special(name, marks):
    """Whether a name has this many underscores around it, no more."""
    inner = name[marks:-marks]
    return (len(name) > 2 * marks and name.startswith('_' * marks) and name.endswith('_' * marks)
            and inner[0] != '_' and inner[-1] != '_')


class _EnumDict(dict):
    """The namespace of a class body that remembers members in order."""

    def __init__(self):
        super().__init__()
        self._member_names = []

    def __setitem__(self, key, value):
        if _is_special(key, 1):
            raise ValueError('_names_ are reserved for future Enum use')
        if _is_special(key, 2):
            pass
        elif key in self._member_names:
            raise TypeError('Attempted to reuse key: %r' % key)
        elif not _is_descriptor(value):
            if key in self:
                raise TypeError('Key already defined as: %r' % self[key])
            self._member_names.append(key)
        super().__setitem__(key, value)


# Set once the class exists: until then nothing is an enumeration.
Enum = None


class EnumMeta(type):
    """The class of enumerations."""

    @classmethod
    def __prepare__(metacls, cls, bases):
        return _EnumDict()

    def __new__(metacls, cls, bases, classdict):
        member_type, first_enum = metacls._bases(bases)
        new, save_new, use_args = metacls._find_new(classdict, member_type, first_enum)
        values = OrderedDict((name, classdict[name]) for name in classdict._member_names)
        for name in values:
            del classdict[name]
        if 'mro' in values:
            raise ValueError('Invalid enum member name: mro')
        enum_class = super().__new__(metacls, cls, bases, dict(classdict))
        enum_class._member_names_ = []
        enum_class._member_map_ = OrderedDict()
        enum_class._member_type_ = member_type
        enum_class._value2member_map_ = {}
        for name, value in values.items():
            args = value if isinstance(value, tuple) else (value,)
            if member_type is tuple:
                args = (args,)
            if use_args:
                member = new(enum_class, *args)
                if not hasattr(member, '_value_'):
                    member._value_ = member_type(*args)
            else:
                member = new(enum_class)
                if not hasattr(member, '_value_'):
                    member._value_ = value
            value = member._value_
            member._name_ = name
            member.__objclass__ = enum_class
            member.__init__(*args)
            for existing in enum_class._member_map_.values():
                if existing._value_ == value:
                    member = existing
                    break
            else:
                enum_class._member_names_.append(name)
            enum_class._member_map_[name] = member
            try:
                enum_class._value2member_map_[value] = member
            except TypeError:
                pass
        # Members show and format as enumeration, whatever the data type does.
        for name in ('__repr__', '__str__', '__format__', '__reduce_ex__'):
            own = getattr(enum_class, name)
            from_type = getattr(member_type, name, None)
            from_enum = getattr(first_enum, name, None)
            if from_type is not None and own is from_type and from_enum is not None:
                setattr(enum_class, name, from_enum)
        if Enum is not None:
            if save_new:
                enum_class.__new_member__ = new
            enum_class.__new__ = Enum.__new__
        return enum_class

    @staticmethod
    def _bases(bases):
        if not bases:
            return object, Enum
        first = bases[-1]
        if not (isinstance(first, EnumMeta) and not getattr(first, '_member_names_', ())):
            if any(isinstance(b, EnumMeta) and b._member_names_ for b in bases):
                raise TypeError('Cannot extend enumerations')
            raise TypeError('new enumerations should be created as '
                            '`EnumName([mixin_type,] enum_type)`')
        for base in bases:
            if isinstance(base, EnumMeta) and base._member_names_:
                raise TypeError('Cannot extend enumerations')
        if not isinstance(bases[0], EnumMeta):
            return bases[0], first
        for base in bases[0].__mro__:
            if base is not object and not isinstance(base, EnumMeta):
                return base, first
        return object, first

    @staticmethod
    def _find_new(classdict, member_type, first_enum):
        new = classdict.get('__new__')
        if first_enum is None:
            return object.__new__, False, False
        if new is not None:
            return getattr(new, '__func__', new), True, True
        inherited = getattr(first_enum, '__new_member__', None)
        if inherited is not None:
            return inherited, False, True
        if member_type is object:
            return object.__new__, False, False
        return member_type.__new__, False, True

    def __bool__(cls):
        return True

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1):
        if names is None:
            return cls.__new__(cls, value)
        return cls._create(value, names, module, qualname, type, start)

    def _create(cls, class_name, names, module, qualname, mixin, start):
        bases = (cls,) if mixin is None else (mixin, cls)
        metacls = cls.__class__
        classdict = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(',', ' ').split()
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            names = [(name, i) for i, name in enumerate(names, start)]
        for item in names:
            name, value = (item, names[item]) if isinstance(item, str) else item
            classdict[name] = value
        enum_class = metacls.__new__(metacls, class_name, bases, classdict)
        if module is None:
            import sys
            module = sys._getframe(2).f_globals.get('__name__')
        if module is not None:
            enum_class.__module__ = module
        if qualname is not None:
            enum_class.__qualname__ = qualname
        return enum_class

    def __contains__(cls, member):
        return isinstance(member, cls) and member._name_ in cls._member_map_

    def __delattr__(cls, attr):
        if attr in cls._member_map_:
            raise AttributeError('%s: cannot delete Enum member.' % cls.__name__)
        super().__delattr__(attr)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get('_member_map_', {}):
            raise AttributeError('Cannot reassign members.')
        super().__setattr__(name, value)

    def __getattr__(cls, name):
        if _is_special(name, 2):
            raise AttributeError(name)
        try:
            return cls._member_map_[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    def __len__(cls):
        return len(cls._member_names_)

    @property
    def __members__(cls):
        return MappingProxyType(cls._member_map_)

    def __dir__(cls):
        return ['__class__', '__doc__', '__members__', '__module__'] + cls._member_names_

    def __repr__(cls):
        return '<enum %r>' % cls.__name__


class Enum(metaclass=EnumMeta):
    """The base of enumerations."""

    def __new__(cls, value):
        if type(value) is cls:
            return value
        try:
            if value in cls._value2member_map_:
                return cls._value2member_map_[value]
        except TypeError:
            for member in cls._member_map_.values():
                if member._value_ == value:
                    return member
        raise ValueError('%r is not a valid %s' % (value, cls.__name__))

    def __repr__(self):
        return '<%s.%s: %r>' % (self.__class__.__name__, self._name_, self._value_)

    def __str__(self):
        return '%s.%s' % (self.__class__.__name__, self._name_)

    def __dir__(self):
        added = [name for cls in self.__class__.mro() for name in cls.__dict__ if name[0] != '_']
        return ['__class__', '__doc__', '__module__'] + added

    def __format__(self, spec):
        if self._member_type_ is object:
            return str.__format__(str(self), spec)
        return self._member_type_.__format__(self._value_, spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    @DynamicClassAttribute
    def name(self):
        """The name of the member."""
        return self._name_

    @DynamicClassAttribute
    def value(self):
        """The value of the member."""
        return self._value_


class IntEnum(int, Enum):
    """Enumerations whose members are ints."""


def unique(enumeration):
    """Class decorator that refuses two names for one value."""
    aliases = ['%s -> %s' % (name, member.name)
               for name, member in enumeration.__members__.items() if name != member.name]
    if aliases:
        raise ValueError('duplicate values found in %r: %s' % (enumeration, ', '.join(aliases)))
    return enumeration

"""Questions about live objects: what they are, their signatures, frames and sources."""

import sys
import dis
import types
import linecache
import collections

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS = 1, 2, 4, 8
CO_NESTED, CO_GENERATOR, CO_NOFREE = 16, 32, 64
CO_COROUTINE, CO_ITERABLE_COROUTINE = 128, 256
TPFLAGS_IS_ABSTRACT = 1 << 20

_WrapperDescriptor = type(type.__call__)
_MethodWrapper = type(all.__call__)
_MethodDescriptor = type(str.join)
_ClassMethodDescriptor = type(dict.__dict__['fromkeys'])
_BuiltinKinds = (_WrapperDescriptor, _MethodWrapper, _MethodDescriptor,
                 _ClassMethodDescriptor, types.BuiltinFunctionType)


# What an object is.

def ismodule(object):
    return isinstance(object, types.ModuleType)


def isclass(object):
    return isinstance(object, type)


def ismethod(object):
    return isinstance(object, types.MethodType)


def isfunction(object):
    return isinstance(object, types.FunctionType)


def _has_flag(object, flag):
    return bool((isfunction(object) or ismethod(object)) and object.__code__.co_flags & flag)


def isgeneratorfunction(object):
    return _has_flag(object, CO_GENERATOR)


def iscoroutinefunction(object):
    return _has_flag(object, CO_COROUTINE)


def isgenerator(object):
    return isinstance(object, types.GeneratorType)


def iscoroutine(object):
    return isinstance(object, types.CoroutineType)


def isawaitable(object):
    return (isinstance(object, types.CoroutineType)
            or isinstance(object, types.GeneratorType)
            and bool(object.gi_code.co_flags & CO_ITERABLE_COROUTINE)
            or hasattr(type(object), '__await__'))


def istraceback(object):
    return isinstance(object, types.TracebackType)


def isframe(object):
    return isinstance(object, types.FrameType)


def iscode(object):
    return isinstance(object, types.CodeType)


def isbuiltin(object):
    return isinstance(object, types.BuiltinFunctionType)


def isroutine(object):
    return (isbuiltin(object) or isfunction(object) or ismethod(object)
            or ismethoddescriptor(object))


def isabstract(object):
    return isclass(object) and bool(getattr(object, '__abstractmethods__', None))


def ismethoddescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    kind = type(object)
    return hasattr(kind, "__get__") and not hasattr(kind, "__set__")


def isdatadescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    kind = type(object)
    return hasattr(kind, "__set__") and hasattr(kind, "__get__")


def ismemberdescriptor(object):
    return isinstance(object, types.MemberDescriptorType)


def isgetsetdescriptor(object):
    return isinstance(object, types.GetSetDescriptorType)


# Members.

def getmembers(object, predicate=None):
    """Sorted pairs (name, value) of an object's attributes."""
    names = dir(object)
    if isclass(object):
        for base in object.__bases__:
            for name, value in base.__dict__.items():
                if isinstance(value, types.DynamicClassAttribute):
                    names.append(name)
    result = []
    seen = set()
    for name in names:
        if name in seen:
            continue
        seen.add(name)
        try:
            value = getattr(object, name)
        except AttributeError:
            for base in getmro(object) if isclass(object) else ():
                if name in base.__dict__:
                    value = base.__dict__[name]
                    break
            else:
                continue
        if predicate is None or predicate(value):
            result.append((name, value))
    result.sort(key=lambda pair: pair[0])
    return result


Attribute = collections.namedtuple('Attribute', 'name kind defining_class object')


def classify_class_attrs(cls):
    """Attributes of a class with where and as what they are defined."""
    result = []
    mro = getmro(cls)
    for name in dir(cls):
        home, value = None, None
        for base in mro + tuple(c for c in type(cls).__mro__ if c not in (type, object)):
            if name in base.__dict__:
                home, value = base, base.__dict__[name]
                break
        if home is None:
            continue
        if isinstance(value, staticmethod):
            kind = "static method"
        elif isinstance(value, (classmethod, _ClassMethodDescriptor)):
            kind = "class method"
        elif isinstance(value, property):
            kind = "property"
        elif isroutine(value):
            kind = "method"
        else:
            kind = "data"
        result.append(Attribute(name, kind, home, value))
    return result


def getmro(cls):
    return cls.__mro__


def unwrap(func, *, stop=None):
    """Follows __wrapped__ to the function that was decorated."""
    first = func
    seen = {id(func)}
    while hasattr(func, '__wrapped__') and not (stop is not None and stop(func)):
        func = func.__wrapped__
        if id(func) in seen:
            raise ValueError('wrapper loop when unwrapping {!r}'.format(first))
        seen.add(id(func))
    return func


_MISSING = object()


def getattr_static(obj, attr, default=_MISSING):
    """An attribute without descriptors, __getattr__ and __getattribute__."""
    places = list(obj.__mro__ if isclass(obj) else type(obj).__mro__)
    if not isclass(obj):
        try:
            own = object.__getattribute__(obj, '__dict__')
        except AttributeError:
            own = {}
        if attr in own:
            return own[attr]
    else:
        places += list(type(obj).__mro__)
    for place in places:
        if attr in place.__dict__:
            return place.__dict__[attr]
    if default is not _MISSING:
        return default
    raise AttributeError(attr)


# Documentation and sources.

def indentsize(line):
    expanded = line.expandtabs()
    return len(expanded) - len(expanded.lstrip())


def cleandoc(doc):
    """A docstring without the indentation of its second and later lines."""
    lines = doc.expandtabs().split('\n')
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.lstrip()),
                 default=None)
    lines[0] = lines[0].lstrip()
    if margin is not None:
        lines[1:] = [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return '\n'.join(lines)


def getdoc(object):
    try:
        doc = object.__doc__
    except AttributeError:
        return None
    if doc is None and isclass(object):
        for base in object.__mro__:
            if base.__doc__ is not None and base is not type(object):
                doc = base.__doc__
                break
    return cleandoc(doc) if isinstance(doc, str) else None


def getfile(object):
    """The file name under which an object's source was compiled."""
    if ismodule(object):
        if getattr(object, '__file__', None):
            return object.__file__
        raise TypeError('{!r} is a built-in module'.format(object))
    if isclass(object):
        module = sys.modules.get(object.__module__)
        if getattr(module, '__file__', None):
            return module.__file__
        raise TypeError('{!r} is a built-in class'.format(object))
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    if istraceback(object):
        object = object.tb_frame
    if isframe(object):
        object = object.f_code
    if iscode(object):
        return object.co_filename
    raise TypeError('{!r} is not a module, class, method, '
                    'function, traceback, frame, or code object'.format(object))


def getsourcefile(object):
    filename = getfile(object)
    return filename if linecache.getlines(filename) else None


getabsfile = getfile


def getmodulename(path):
    name = path.rsplit('/', 1)[-1]
    return name[:-3] if name.endswith('.py') else None


def getmodule(object, _filename=None):
    if ismodule(object):
        return object
    if hasattr(object, '__module__'):
        return sys.modules.get(object.__module__)
    try:
        filename = getfile(object)
    except TypeError:
        return None
    for module in list(sys.modules.values()):
        if ismodule(module) and getattr(module, '__file__', None) == filename:
            return module
    return None


def findsource(object):
    """All lines of the object's file, and the index of its first line."""
    lines = linecache.getlines(getfile(object))
    if not lines:
        raise OSError('could not get source code')
    if ismodule(object):
        return lines, 0
    if isclass(object):
        for number, line in enumerate(lines):
            words = line.replace('(', ' ').replace(':', ' ').split()
            if words[:2] == ['class', object.__name__]:
                return lines, number
        raise OSError('could not find class definition')
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    if istraceback(object):
        object = object.tb_frame
    if isframe(object):
        object = object.f_code
    if iscode(object):
        return lines, object.co_firstlineno - 1
    raise OSError('could not find code object')


def getblock(lines):
    """The lines of the block that the first line opens."""
    depth, quote, end, started = 0, None, 0, False
    margin = indentsize(lines[0])
    for number, line in enumerate(lines):
        text = line.strip()
        fresh = depth == 0 and quote is None
        if fresh and started and text and not text.startswith('#') and indentsize(line) <= margin:
            break
        if text and not (fresh and text.startswith('#') and indentsize(line) <= margin):
            end = number + 1
        i = 0
        while i < len(line):
            rest = line[i:]
            if quote is not None:
                if rest.startswith('\\'):
                    i += 2
                    continue
                if rest.startswith(quote):
                    i += len(quote)
                    quote = None
                    continue
            elif rest.startswith(('"""', "'''")):
                quote = rest[:3]
                i += 3
                continue
            elif rest[0] in '\'"':
                quote = rest[0]
            elif rest[0] == '#':
                break
            elif rest[0] in '([{':
                depth += 1
            elif rest[0] in ')]}':
                depth -= 1
            i += 1
        if quote is not None and len(quote) == 1 and not line.rstrip('\n').endswith('\\'):
            quote = None
        if depth == 0 and quote is None and text and not text.startswith(('@', '#')):
            if not started and not text.split('#')[0].rstrip().endswith(':'):
                if text.startswith(('def ', 'class ', 'async ')) or 'lambda' in text:
                    break
            started = True
    return lines[:end]


def getsourcelines(object):
    object = unwrap(object)
    lines, number = findsource(object)
    if ismodule(object):
        return lines, 0
    return getblock(lines[number:]), number + 1


def getsource(object):
    lines, _ = getsourcelines(object)
    return ''.join(lines)


def getcomments(object):
    try:
        lines, number = findsource(object)
    except (OSError, TypeError):
        return None
    found = []
    while number > 0 and lines[number - 1].lstrip().startswith('#'):
        number -= 1
        found.insert(0, lines[number].lstrip())
    return ''.join(found) or None


# Arguments.

Arguments = collections.namedtuple('Arguments', 'args, varargs, varkw')
ArgSpec = collections.namedtuple('ArgSpec', 'args varargs keywords defaults')
ArgInfo = collections.namedtuple('ArgInfo', 'args varargs keywords locals')
FullArgSpec = collections.namedtuple(
    'FullArgSpec', 'args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, annotations')
ClosureVars = collections.namedtuple('ClosureVars', 'nonlocals globals builtins unbound')


def _parts(co):
    names = co.co_varnames
    count, only = co.co_argcount, co.co_kwonlyargcount
    args, kwonly = list(names[:count]), list(names[count:count + only])
    at = count + only
    varargs = varkw = None
    if co.co_flags & CO_VARARGS:
        varargs = names[at]
        at += 1
    if co.co_flags & CO_VARKEYWORDS:
        varkw = names[at]
    return args, varargs, kwonly, varkw


def getargs(co):
    if not iscode(co):
        raise TypeError('{!r} is not a code object'.format(co))
    args, varargs, kwonly, varkw = _parts(co)
    return Arguments(args + kwonly, varargs, varkw)


def getargspec(func):
    spec = getfullargspec(func)
    if spec.kwonlyargs or spec.annotations:
        raise ValueError("Function has keyword-only arguments or annotations"
                         ", use getfullargspec() API which can support them")
    return ArgSpec(spec.args, spec.varargs, spec.varkw, spec.defaults)


def getfullargspec(func):
    try:
        sig = _signature(func, follow_wrapped=False, skip_bound=False)
    except Exception as e:
        raise TypeError('unsupported callable') from e
    args, kwonly, varargs, varkw = [], [], None, None
    defaults, kwdefaults, annotations = (), {}, {}
    if sig.return_annotation is not sig.empty:
        annotations['return'] = sig.return_annotation
    for param in sig.parameters.values():
        if param.kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
            args.append(param.name)
            if param.default is not param.empty:
                defaults += (param.default,)
        elif param.kind is _VAR_POSITIONAL:
            varargs = param.name
        elif param.kind is _KEYWORD_ONLY:
            kwonly.append(param.name)
            if param.default is not param.empty:
                kwdefaults[param.name] = param.default
        else:
            varkw = param.name
        if param.annotation is not param.empty:
            annotations[param.name] = param.annotation
    return FullArgSpec(args, varargs, varkw, defaults or None, kwonly, kwdefaults or None,
                       annotations)


def getargvalues(frame):
    args, varargs, varkw = getargs(frame.f_code)
    return ArgInfo(args, varargs, varkw, frame.f_locals)


def formatannotation(annotation, base_module=None):
    if isinstance(annotation, type):
        if annotation.__module__ in ('builtins', base_module):
            return annotation.__qualname__
        return annotation.__module__ + '.' + annotation.__qualname__
    return repr(annotation)


def formatargspec(args, varargs=None, varkw=None, defaults=None, kwonlyargs=(),
                  kwonlydefaults={}, annotations={}):
    def named(name):
        if name in annotations:
            return '%s: %s' % (name, formatannotation(annotations[name]))
        return name

    specs = []
    first = len(args) - len(defaults) if defaults else len(args)
    for i, arg in enumerate(args):
        specs.append(named(arg) + ('=' + repr(defaults[i - first]) if i >= first else ''))
    if varargs is not None:
        specs.append('*' + named(varargs))
    elif kwonlyargs:
        specs.append('*')
    for name in kwonlyargs:
        has_default = kwonlydefaults and name in kwonlydefaults
        specs.append(named(name) + ('=' + repr(kwonlydefaults[name]) if has_default else ''))
    if varkw is not None:
        specs.append('**' + named(varkw))
    result = '(' + ', '.join(specs) + ')'
    if 'return' in annotations:
        result += ' -> ' + formatannotation(annotations['return'])
    return result


def getcallargs(*func_and_positional, **named):
    """The parameters' values that a call would give, as a dict."""
    func, *positional = func_and_positional
    if ismethod(func) and func.__self__ is not None:
        positional.insert(0, func.__self__)
        func = func.__func__
    bound = signature(func).bind(*positional, **named)
    bound.apply_defaults()
    return dict(bound.arguments)


def getclosurevars(func):
    if ismethod(func):
        func = func.__func__
    if not isfunction(func):
        raise TypeError("'{!r}' is not a Python function".format(func))
    code = func.__code__
    nonlocals = {}
    if func.__closure__ is not None:
        nonlocals = {name: cell.cell_contents
                     for name, cell in zip(code.co_freevars, func.__closure__)}
    space = func.__globals__
    builtin = space.get("__builtins__", sys.modules['builtins'])
    if ismodule(builtin):
        builtin = builtin.__dict__
    found_globals, found_builtins, unbound = {}, {}, set()
    for name in code.co_names:
        if name in ("None", "True", "False"):
            continue
        if name in space:
            found_globals[name] = space[name]
        elif name in builtin:
            found_builtins[name] = builtin[name]
        else:
            unbound.add(name)
    return ClosureVars(nonlocals, found_globals, found_builtins, unbound)


# Frames.

Traceback = collections.namedtuple('Traceback', 'filename lineno function code_context index')
FrameInfo = collections.namedtuple(
    'FrameInfo', ('frame',) + Traceback._fields)


def getlineno(frame):
    return frame.f_lineno


def getframeinfo(frame, context=1):
    if istraceback(frame):
        lineno = frame.tb_lineno
        frame = frame.tb_frame
    else:
        lineno = frame.f_lineno
    if not isframe(frame):
        raise TypeError('{!r} is not a frame or traceback object'.format(frame))
    filename = getfile(frame)
    lines = index = None
    if context > 0:
        source = linecache.getlines(filename)
        if source:
            start = max(0, min(lineno - 1 - context // 2, len(source) - context))
            lines = source[start:start + context]
            index = lineno - 1 - start
    return Traceback(filename, lineno, frame.f_code.co_name, lines, index)


def getouterframes(frame, context=1):
    result = []
    while frame:
        result.append(FrameInfo(*((frame,) + getframeinfo(frame, context))))
        frame = frame.f_back
    return result


def getinnerframes(tb, context=1):
    result = []
    while tb:
        result.append(FrameInfo(*((tb.tb_frame,) + getframeinfo(tb, context))))
        tb = tb.tb_next
    return result


def currentframe():
    return sys._getframe(1)


def stack(context=1):
    return getouterframes(sys._getframe(1), context)


def trace(context=1):
    return getinnerframes(sys.exc_info()[2], context)


# Generators.

GEN_CREATED, GEN_RUNNING = 'GEN_CREATED', 'GEN_RUNNING'
GEN_SUSPENDED, GEN_CLOSED = 'GEN_SUSPENDED', 'GEN_CLOSED'
CORO_CREATED, CORO_RUNNING = 'CORO_CREATED', 'CORO_RUNNING'
CORO_SUSPENDED, CORO_CLOSED = 'CORO_SUSPENDED', 'CORO_CLOSED'


def _state(prefix, running, frame):
    if running:
        return prefix + 'RUNNING'
    if frame is None:
        return prefix + 'CLOSED'
    return prefix + ('CREATED' if frame.f_lasti == -1 else 'SUSPENDED')


def getgeneratorstate(generator):
    return _state('GEN_', generator.gi_running, generator.gi_frame)


def getcoroutinestate(coroutine):
    return _state('CORO_', coroutine.cr_running, coroutine.cr_frame)


def getgeneratorlocals(generator):
    if not isgenerator(generator):
        raise TypeError("'{!r}' is not a Python generator".format(generator))
    frame = generator.gi_frame
    return frame.f_locals if frame is not None else {}


def getcoroutinelocals(coroutine):
    frame = getattr(coroutine, "cr_frame", None)
    return frame.f_locals if frame is not None else {}


# Signatures (PEP 362).

class _empty:
    """The absence of a default or annotation."""


class _Kind(int):
    def __new__(cls, number, name):
        self = int.__new__(cls, number)
        self._name = name
        return self

    def __str__(self):
        return self._name

    def __repr__(self):
        return '<_ParameterKind: {!r}>'.format(self._name)


_POSITIONAL_ONLY = _Kind(0, 'POSITIONAL_ONLY')
_POSITIONAL_OR_KEYWORD = _Kind(1, 'POSITIONAL_OR_KEYWORD')
_VAR_POSITIONAL = _Kind(2, 'VAR_POSITIONAL')
_KEYWORD_ONLY = _Kind(3, 'KEYWORD_ONLY')
_VAR_KEYWORD = _Kind(4, 'VAR_KEYWORD')


class Parameter:
    """One parameter of a signature."""

    __slots__ = ('_name', '_kind', '_default', '_annotation')

    POSITIONAL_ONLY = _POSITIONAL_ONLY
    POSITIONAL_OR_KEYWORD = _POSITIONAL_OR_KEYWORD
    VAR_POSITIONAL = _VAR_POSITIONAL
    KEYWORD_ONLY = _KEYWORD_ONLY
    VAR_KEYWORD = _VAR_KEYWORD
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        if not isinstance(kind, _Kind):
            raise ValueError("invalid value for 'Parameter.kind' attribute")
        if default is not _empty and kind in (_VAR_POSITIONAL, _VAR_KEYWORD):
            raise ValueError('{} parameters cannot have default values'.format(kind))
        if not isinstance(name, str):
            raise TypeError("name must be a str, not a {!r}".format(name))
        if not name.isidentifier():
            raise ValueError('{!r} is not a valid parameter name'.format(name))
        self._name = name
        self._kind = kind
        self._default = default
        self._annotation = annotation

    name = property(lambda self: self._name)
    kind = property(lambda self: self._kind)
    default = property(lambda self: self._default)
    annotation = property(lambda self: self._annotation)

    def replace(self, **changes):
        values = {'name': self._name, 'kind': self._kind, 'default': self._default,
                  'annotation': self._annotation}
        values.update(changes)
        return type(self)(values.pop('name'), values.pop('kind'), **values)

    def __str__(self):
        text = self._name
        if self._annotation is not _empty:
            text = '{}:{}'.format(text, formatannotation(self._annotation))
        if self._default is not _empty:
            text = '{}={}'.format(text, repr(self._default))
        if self._kind == _VAR_POSITIONAL:
            text = '*' + text
        elif self._kind == _VAR_KEYWORD:
            text = '**' + text
        return text

    def __repr__(self):
        return '<{} "{}">'.format(self.__class__.__name__, self)

    def _key(self):
        return self._name, int(self._kind), self._default, self._annotation

    def __hash__(self):
        return hash(self._key())

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, Parameter):
            return NotImplemented
        return self._key() == other._key()


class BoundArguments:
    """Arguments by parameter name."""

    __slots__ = ('arguments', '_signature')

    def __init__(self, signature, arguments):
        self.arguments = arguments
        self._signature = signature

    signature = property(lambda self: self._signature)

    @property
    def args(self):
        result = []
        for name, param in self._signature.parameters.items():
            if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY) or name not in self.arguments:
                break
            if param.kind == _VAR_POSITIONAL:
                result.extend(self.arguments[name])
            else:
                result.append(self.arguments[name])
        return tuple(result)

    @property
    def kwargs(self):
        result = {}
        started = False
        for name, param in self._signature.parameters.items():
            if not started:
                if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY) or name not in self.arguments:
                    started = True
                if name not in self.arguments or not started:
                    continue
            if name not in self.arguments:
                continue
            if param.kind == _VAR_KEYWORD:
                result.update(self.arguments[name])
            else:
                result[name] = self.arguments[name]
        return result

    def apply_defaults(self):
        filled = collections.OrderedDict()
        for name, param in self._signature.parameters.items():
            if name in self.arguments:
                filled[name] = self.arguments[name]
            elif param.default is not _empty:
                filled[name] = param.default
            elif param.kind is _VAR_POSITIONAL:
                filled[name] = ()
            elif param.kind is _VAR_KEYWORD:
                filled[name] = {}
        self.arguments = filled

    def __eq__(self, other):
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self._signature == other._signature and self.arguments == other.arguments

    def __repr__(self):
        parts = ['{}={!r}'.format(*pair) for pair in self.arguments.items()]
        return '<{} ({})>'.format(self.__class__.__name__, ', '.join(parts))


class Signature:
    """The parameters and the return annotation of a callable."""

    __slots__ = ('_return_annotation', '_parameters')

    empty = _empty
    _parameter_cls = Parameter
    _bound_arguments_cls = BoundArguments

    def __init__(self, parameters=None, *, return_annotation=_empty, __validate_parameters__=True):
        ordered = collections.OrderedDict()
        last, defaults = _POSITIONAL_ONLY, False
        for param in parameters or ():
            if __validate_parameters__:
                if param.kind < last:
                    raise ValueError('wrong parameter order: {!r} before {!r}'.format(
                        last, param.kind))
                if param.kind > last:
                    defaults = False
                    last = param.kind
                if param.kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
                    if param.default is _empty:
                        if defaults:
                            raise ValueError(
                                'non-default argument follows default argument')
                    else:
                        defaults = True
                if param.name in ordered:
                    raise ValueError('duplicate parameter name: {!r}'.format(param.name))
            ordered[param.name] = param
        self._parameters = types.MappingProxyType(ordered)
        self._return_annotation = return_annotation

    @classmethod
    def from_callable(cls, obj, *, follow_wrapped=True):
        return _signature(obj, follow_wrapped)

    @classmethod
    def from_function(cls, func):
        return _of_function(func)

    parameters = property(lambda self: self._parameters)
    return_annotation = property(lambda self: self._return_annotation)

    def replace(self, *, parameters=_MISSING, return_annotation=_MISSING):
        if parameters is _MISSING:
            parameters = self._parameters.values()
        if return_annotation is _MISSING:
            return_annotation = self._return_annotation
        return type(self)(parameters, return_annotation=return_annotation)

    def _key(self):
        params = tuple(p for p in self._parameters.values() if p.kind != _KEYWORD_ONLY)
        only = {p.name: p for p in self._parameters.values() if p.kind == _KEYWORD_ONLY}
        return params, only, self._return_annotation

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self):
        params, only, annotation = self._key()
        return hash((params, frozenset(only.values()), annotation))

    def _bind(self, args, kwargs, partial=False):
        arguments = collections.OrderedDict()
        args, kwargs = list(args), dict(kwargs)
        used = 0
        params = list(self._parameters.values())
        for param in params:
            if param.kind == _VAR_POSITIONAL:
                if used < len(args):
                    arguments[param.name] = tuple(args[used:])
                    used = len(args)
            elif param.kind == _VAR_KEYWORD:
                continue
            elif param.kind != _KEYWORD_ONLY and used < len(args):
                if param.name in kwargs and param.kind != _POSITIONAL_ONLY:
                    raise TypeError('multiple values for argument {arg!r}'.format(arg=param.name))
                arguments[param.name] = args[used]
                used += 1
            elif param.name in kwargs and param.kind != _POSITIONAL_ONLY:
                arguments[param.name] = kwargs.pop(param.name)
            elif param.name in kwargs:
                raise TypeError('{arg!r} parameter is positional only, but was passed as a keyword'
                                .format(arg=param.name))
            elif param.default is _empty and not partial:
                raise TypeError('missing a required argument: {arg!r}'.format(arg=param.name))
        if used < len(args):
            raise TypeError('too many positional arguments')
        if kwargs:
            for param in params:
                if param.kind == _VAR_KEYWORD:
                    arguments[param.name] = kwargs
                    break
            else:
                raise TypeError('got an unexpected keyword argument {arg!r}'.format(
                    arg=next(iter(kwargs))))
        return self._bound_arguments_cls(self, arguments)

    def bind(*args, **kwargs):
        return args[0]._bind(args[1:], kwargs)

    def bind_partial(*args, **kwargs):
        return args[0]._bind(args[1:], kwargs, partial=True)

    def __str__(self):
        result = []
        positional_only, bare_star = False, True
        for param in self._parameters.values():
            if param.kind == _POSITIONAL_ONLY:
                positional_only = True
            elif positional_only:
                result.append('/')
                positional_only = False
            if param.kind == _VAR_POSITIONAL:
                bare_star = False
            elif param.kind == _KEYWORD_ONLY and bare_star:
                result.append('*')
                bare_star = False
            result.append(str(param))
        if positional_only:
            result.append('/')
        text = '({})'.format(', '.join(result))
        if self._return_annotation is not _empty:
            text += ' -> {}'.format(formatannotation(self._return_annotation))
        return text

    def __repr__(self):
        return '<{} {}>'.format(self.__class__.__name__, self)


def _of_function(func):
    co = func.__code__
    args, varargs, kwonly, varkw = _parts(co)
    defaults = func.__defaults__ or ()
    kwdefaults = func.__kwdefaults__ or {}
    notes = func.__annotations__
    params = []
    first = len(args) - len(defaults)
    for i, name in enumerate(args):
        default = defaults[i - first] if i >= first else _empty
        # Comprehensions call their first argument `.0`, which is no identifier.
        kind = _POSITIONAL_OR_KEYWORD
        if name.startswith('.'):
            name, kind = 'implicit' + name[1:], _POSITIONAL_ONLY
        params.append(Parameter(name, kind, default=default, annotation=notes.get(name, _empty)))
    if varargs is not None:
        params.append(Parameter(varargs, _VAR_POSITIONAL, annotation=notes.get(varargs, _empty)))
    for name in kwonly:
        params.append(Parameter(name, _KEYWORD_ONLY, default=kwdefaults.get(name, _empty),
                                annotation=notes.get(name, _empty)))
    if varkw is not None:
        params.append(Parameter(varkw, _VAR_KEYWORD, annotation=notes.get(varkw, _empty)))
    return Signature(params, return_annotation=notes.get('return', _empty),
                     __validate_parameters__=False)


def _without_first(sig):
    params = list(sig.parameters.values())
    if not params or params[0].kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
        raise ValueError('invalid method signature')
    if params[0].kind != _VAR_POSITIONAL:
        params = params[1:]
    return sig.replace(parameters=params)


def _of_partial(obj, follow_wrapped):
    sig = _signature(obj.func, follow_wrapped)
    bound = sig.bind_partial(*obj.args, **obj.keywords or {})
    params = []
    by_name = False
    for param in sig.parameters.values():
        if param.name in bound.arguments and param.kind not in (_VAR_POSITIONAL, _VAR_KEYWORD):
            value = bound.arguments[param.name]
            if param.kind == _POSITIONAL_ONLY or param.name not in (obj.keywords or {}):
                continue
            by_name = True
            param = param.replace(default=value)
        if by_name and param.kind == _POSITIONAL_OR_KEYWORD:
            param = param.replace(kind=_KEYWORD_ONLY)
        elif by_name and param.kind == _VAR_POSITIONAL:
            continue
        params.append(param)
    return sig.replace(parameters=params)


def _signature(obj, follow_wrapped=True, skip_bound=True):
    if not callable(obj):
        raise TypeError('{!r} is not a callable object'.format(obj))
    if isinstance(obj, types.MethodType):
        sig = _signature(obj.__func__, follow_wrapped, skip_bound)
        return _without_first(sig) if skip_bound else sig
    if follow_wrapped:
        obj = unwrap(obj, stop=lambda f: hasattr(f, "__signature__"))
        if isinstance(obj, types.MethodType):
            return _signature(obj, follow_wrapped, skip_bound)
    sig = getattr(obj, '__signature__', None)
    if sig is not None:
        if not isinstance(sig, Signature):
            raise TypeError('unexpected object {!r} in __signature__ attribute'.format(sig))
        return sig
    if isfunction(obj):
        return _of_function(obj)
    if isinstance(obj, _BuiltinKinds):
        raise ValueError("no signature found for builtin {!r}".format(obj))
    functools = sys.modules.get('functools')
    if functools is not None and isinstance(obj, functools.partial):
        return _of_partial(obj, follow_wrapped)
    if isclass(obj):
        call = getattr_static(type(obj), '__call__', None)
        if not isfunction(call):
            call = getattr_static(obj, '__new__', None)
            if isinstance(call, staticmethod):
                call = call.__func__
            if not isfunction(call):
                call = getattr_static(obj, '__init__', None)
        if isfunction(call):
            sig = _signature(call, follow_wrapped, skip_bound)
            return _without_first(sig) if skip_bound else sig
        if obj.__init__ is object.__init__ and obj.__new__ is object.__new__:
            return Signature()
        raise ValueError('no signature found for builtin type {!r}'.format(obj))
    call = getattr_static(type(obj), '__call__', None)
    if isfunction(call):
        sig = _signature(call, follow_wrapped, skip_bound)
        return _without_first(sig) if skip_bound else sig
    raise ValueError('callable {!r} is not supported by signature'.format(obj))


def signature(obj, *, follow_wrapped=True):
    """The Signature of a callable."""
    return _signature(obj, follow_wrapped)

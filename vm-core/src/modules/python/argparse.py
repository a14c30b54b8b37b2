"""Command lines with options, positional arguments, subcommands and help."""

import os as _os
import re as _re
import sys as _sys
import textwrap as _textwrap

__all__ = ['ArgumentParser', 'ArgumentError', 'ArgumentTypeError', 'FileType', 'HelpFormatter',
           'ArgumentDefaultsHelpFormatter', 'RawDescriptionHelpFormatter', 'RawTextHelpFormatter',
           'MetavarTypeHelpFormatter', 'Namespace', 'Action', 'ONE_OR_MORE', 'OPTIONAL', 'PARSER', 'REMAINDER',
           'SUPPRESS', 'ZERO_OR_MORE']

SUPPRESS = '==SUPPRESS=='
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE, PARSER, REMAINDER = '?', '*', '+', 'A...', '...'


class ArgumentTypeError(Exception):
    """What a `type` function raises."""


class ArgumentError(Exception):
    """A wrong argument."""

    def __init__(self, argument, message):
        self.argument_name = _name_of(argument)
        self.message = message

    def __str__(self):
        if self.argument_name is None:
            return self.message
        return 'argument %s: %s' % (self.argument_name, self.message)


def _name_of(action):
    if action is None:
        return None
    if action.option_strings:
        return '/'.join(action.option_strings)
    for name in action.metavar, action.dest:
        if name not in (None, SUPPRESS):
            return name if isinstance(name, str) else '|'.join(name)
    return None


class Namespace:
    """The values."""

    def __init__(self, **kwargs):
        self.__dict__.update(kwargs)

    def __eq__(self, other):
        return vars(self) == vars(other) if isinstance(other, Namespace) else NotImplemented

    def __contains__(self, key):
        return key in self.__dict__

    def __repr__(self):
        return '%s(%s)' % (type(self).__name__, ', '.join('%s=%r' % item for item in sorted(vars(self).items())))

    __hash__ = None


class FileType:
    """A `type` that opens files; `-` is standard input or output."""

    def __init__(self, mode='r', bufsize=-1, encoding=None, errors=None):
        self._mode, self._bufsize, self._encoding, self._errors = mode, bufsize, encoding, errors

    def __call__(self, string):
        if string == '-':
            if 'r' in self._mode:
                return _sys.stdin
            if 'w' in self._mode:
                return _sys.stdout
            raise ValueError('argument "-" with mode %r' % self._mode)
        try:
            return open(string, self._mode, self._bufsize, self._encoding, self._errors)
        except OSError as e:
            raise ArgumentTypeError("can't open '%s': %s" % (string, e))

    def __repr__(self):
        return '%s(%r)' % (type(self).__name__, self._mode)


class HelpFormatter:
    """Lays out usage and help."""

    def __init__(self, prog, indent_increment=2, max_help_position=24, width=None):
        if width is None:
            try:
                width = int(_os.environ['COLUMNS'])
            except (KeyError, ValueError):
                width = 80
            width -= 2
        self._prog, self._width, self._step = prog, width, indent_increment
        self._limit = min(max_help_position, max(width - 20, indent_increment * 2))

    # Texts that subclasses change.
    def _fill_text(self, text, width, indent):
        return _textwrap.fill(' '.join(text.split()), width, initial_indent=indent, subsequent_indent=indent)

    def _split_lines(self, text, width):
        return _textwrap.wrap(' '.join(text.split()), width)

    def _get_help_string(self, action):
        return action.help

    def _get_default_metavar_for_optional(self, action):
        return action.dest.upper()

    def _get_default_metavar_for_positional(self, action):
        return action.dest

    def _metavar(self, action, default):
        if action.metavar is not None:
            name = action.metavar
        elif action.choices is not None:
            name = '{%s}' % ','.join(str(c) for c in action.choices)
        else:
            name = default
        return lambda n: name if isinstance(name, tuple) else (name,) * n

    def _format_args(self, action, default):
        names = self._metavar(action, default)
        n = action.nargs
        if n is None:
            return '%s' % names(1)
        if n == OPTIONAL:
            return '[%s]' % names(1)
        if n == ZERO_OR_MORE:
            return '[%s [%s ...]]' % names(2)
        if n == ONE_OR_MORE:
            return '%s [%s ...]' % names(2)
        if n == REMAINDER:
            return '...'
        if n == PARSER:
            return '%s ...' % names(1)
        return ' '.join('%s' % name for name in names(n))

    def _arguments(self, action):
        if action.option_strings:
            return self._format_args(action, self._get_default_metavar_for_optional(action))
        return self._format_args(action, self._get_default_metavar_for_positional(action))

    def usage(self, parser, prefix='usage: '):
        if parser.usage is SUPPRESS:
            return ''
        if parser.usage is not None:
            return '%s%s\n\n' % (prefix, parser.usage % {'prog': self._prog})
        shown = [a for a in parser._actions if a.help is not SUPPRESS]
        optionals = self._parts([a for a in shown if a.option_strings], parser._exclusive)
        positionals = self._parts([a for a in shown if not a.option_strings], parser._exclusive)
        text = ' '.join([self._prog] + optionals + positionals)
        width = self._width
        if len(prefix) + len(text) > width:
            if len(prefix) + len(self._prog) <= 0.75 * width:
                indent = ' ' * (len(prefix) + len(self._prog) + 1)
                first = [self._prog] + optionals if optionals else [self._prog] + positionals
                lines = self._wrap(first, indent, prefix)
                if optionals:
                    lines += self._wrap(positionals, indent)
            else:
                indent = ' ' * len(prefix)
                lines = self._wrap(optionals + positionals, indent)
                if len(lines) > 1:
                    lines = self._wrap(optionals, indent) + self._wrap(positionals, indent)
                lines = [self._prog] + lines
            text = '\n'.join(lines)
        return '%s%s\n\n' % (prefix, text)

    def _wrap(self, parts, indent, prefix=None):
        lines, line = [], []
        size = len(prefix if prefix is not None else indent) - 1
        for part in parts:
            if line and size + 1 + len(part) > self._width:
                lines.append(indent + ' '.join(line))
                line, size = [], len(indent) - 1
            line.append(part)
            size += len(part) + 1
        if line:
            lines.append(indent + ' '.join(line))
        if prefix is not None and lines:
            lines[0] = lines[0][len(indent):]
        return lines

    def _parts(self, actions, exclusive):
        texts = []
        groups = {id(a): g for g in exclusive for a in g._members}
        at = 0
        while at < len(actions):
            group = groups.get(id(actions[at]))
            if group is not None and actions[at:at + len(group._members)] == group._members:
                inner = [self._part(a, True) for a in group._members]
                text = ' | '.join(inner)
                if group.required:
                    texts.append('(%s)' % text if len(inner) > 1 else text)
                else:
                    texts.append('[%s]' % text)
                at += len(group._members)
            else:
                texts.append(self._part(actions[at], False))
                at += 1
        return texts

    def _part(self, action, bare):
        if not action.option_strings:
            text = self._arguments(action)
            if bare and text[:1] == '[' and text[-1:] == ']':
                text = text[1:-1]
            return text
        text = action.option_strings[0]
        if action.nargs != 0:
            text += ' ' + self._arguments(action)
        return text if action.required or bare else '[%s]' % text

    def _invocation(self, action):
        if not action.option_strings:
            return '%s' % self._metavar(action, self._get_default_metavar_for_positional(action))(1)
        if action.nargs == 0:
            return ', '.join(action.option_strings)
        arguments = self._arguments(action)
        return ', '.join('%s %s' % (name, arguments) for name in action.option_strings)

    def _expanded(self, action):
        values = dict(vars(action), prog=self._prog)
        for key in list(values):
            if values[key] is SUPPRESS:
                del values[key]
            elif hasattr(values[key], '__name__'):
                values[key] = values[key].__name__
        if values.get('choices') is not None:
            values['choices'] = ', '.join(str(c) for c in values['choices'])
        return self._get_help_string(action) % values

    def _subactions(self, action):
        return action._pseudo if isinstance(action, _SubParsersAction) else ()

    def help(self, parser):
        blocks = [self.usage(parser)]
        if parser.description:
            blocks.append(self._text(parser.description))
        entries = []
        for group in parser._groups:
            for action in group._members:
                if action.help is not SUPPRESS:
                    entries.append((action, self._step))
                    entries += [(sub, 2 * self._step) for sub in self._subactions(action)]
        longest = max([len(self._invocation(a)) + indent for a, indent in entries] or [0])
        column = min(longest + self._step, self._limit)
        for group in parser._groups:
            lines = []
            if group.description:
                text = group.description
                lines.append(self._fill_text(text % {'prog': self._prog} if '%(prog)' in text else text,
                                             max(self._width - self._step, 11), ' ' * self._step) + '\n\n')
            for action in group._members:
                if action.help is not SUPPRESS:
                    lines.append(self._entry(action, self._step, column))
                    lines += [self._entry(sub, 2 * self._step, column) for sub in self._subactions(action)]
            body = ''.join(lines)
            if body:
                head = '%s:\n' % group.title if group.title is not None and group.title is not SUPPRESS else ''
                blocks.append('\n' + head + body + '\n')
        if parser.epilog:
            blocks.append('\n' + self._text(parser.epilog))
        text = _re.sub('\n\n\n+', '\n\n', ''.join(blocks))
        return text.strip('\n') + '\n'

    def _text(self, text):
        if '%(prog)' in text:
            text = text % {'prog': self._prog}
        return self._fill_text(text, max(self._width, 11), '') + '\n\n'

    def _entry(self, action, indent, column):
        head = ' ' * indent + self._invocation(action)
        if not action.help:
            return head + '\n'
        lines = self._split_lines(self._expanded(action), max(self._width - column, 11))
        if len(head) <= column - 2:
            text = head.ljust(column) + (lines.pop(0) if lines else '') + '\n'
        else:
            text = head + '\n'
        return text + ''.join(' ' * column + line + '\n' for line in lines)


class RawDescriptionHelpFormatter(HelpFormatter):
    """Descriptions keep their lines."""

    def _fill_text(self, text, width, indent):
        return ''.join(indent + line for line in text.splitlines(keepends=True))


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    """So do helps."""

    def _split_lines(self, text, width):
        return text.splitlines()


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    """Helps tell the default."""

    def _get_help_string(self, action):
        text = action.help
        if '%(default)' not in text and action.default is not SUPPRESS:
            if action.option_strings or action.nargs in (OPTIONAL, ZERO_OR_MORE):
                text += ' (default: %(default)s)'
        return text


class MetavarTypeHelpFormatter(HelpFormatter):
    """The type's name stands for the value."""

    def _get_default_metavar_for_optional(self, action):
        return action.type.__name__

    def _get_default_metavar_for_positional(self, action):
        return action.type.__name__


class Action:
    """What an argument does."""

    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None,
                 required=False, help=None, metavar=None):
        self.option_strings, self.dest, self.nargs, self.const = option_strings, dest, nargs, const
        self.default, self.type, self.choices = default, type, choices
        self.required, self.help, self.metavar = required, help, metavar

    def __repr__(self):
        names = 'option_strings', 'dest', 'nargs', 'const', 'default', 'type', 'choices', 'help', 'metavar'
        return '%s(%s)' % (type(self).__name__, ', '.join('%s=%r' % (n, getattr(self, n)) for n in names))

    def __call__(self, parser, namespace, values, option_string=None):
        raise NotImplementedError('.__call__() not defined')


class _StoreAction(Action):
    def __init__(self, option_strings, dest, nargs=None, const=None, **kwargs):
        if nargs == 0:
            raise ValueError('nargs for store actions must be > 0; if you have nothing to store, actions such as '
                             'store true or store const may be more appropriate')
        if const is not None and nargs != OPTIONAL:
            raise ValueError('nargs must be %r to supply const' % OPTIONAL)
        super().__init__(option_strings, dest, nargs, const, **kwargs)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class _StoreConstAction(Action):
    def __init__(self, option_strings, dest, const, default=None, required=False, help=None, metavar=None):
        super().__init__(option_strings, dest, 0, const, default, required=required, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, self.const)


class _StoreTrueAction(_StoreConstAction):
    def __init__(self, option_strings, dest, default=False, required=False, help=None):
        super().__init__(option_strings, dest, True, default, required, help)


class _StoreFalseAction(_StoreConstAction):
    def __init__(self, option_strings, dest, default=True, required=False, help=None):
        super().__init__(option_strings, dest, False, default, required, help)


def _copied(namespace, dest):
    value = getattr(namespace, dest, None)
    return [] if value is None else list(value)


class _AppendAction(_StoreAction):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, _copied(namespace, self.dest) + [values])


class _AppendConstAction(_StoreConstAction):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, _copied(namespace, self.dest) + [self.const])


class _CountAction(Action):
    def __init__(self, option_strings, dest, default=None, required=False, help=None):
        super().__init__(option_strings, dest, 0, None, default, required=required, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, (getattr(namespace, self.dest, 0) or 0) + 1)


class _HelpAction(Action):
    def __init__(self, option_strings, dest=SUPPRESS, default=SUPPRESS, help=None):
        super().__init__(option_strings, dest, 0, default=default, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        parser.print_help()
        parser.exit()


class _VersionAction(Action):
    def __init__(self, option_strings, version=None, dest=SUPPRESS, default=SUPPRESS,
                 help="show program's version number and exit"):
        super().__init__(option_strings, dest, 0, default=default, help=help)
        self.version = version

    def __call__(self, parser, namespace, values, option_string=None):
        version = parser.version if self.version is None else self.version
        formatter = parser._get_formatter()
        parser._print_message(formatter._text(version).rstrip('\n') + '\n', _sys.stdout)
        parser.exit()


class _SubParsersAction(Action):
    def __init__(self, option_strings, prog, parser_class, dest=SUPPRESS, help=None, metavar=None):
        self._prefix, self._parser_class = prog, parser_class
        self._parsers, self._pseudo = {}, []
        super().__init__(option_strings, dest, PARSER, choices=self._parsers, help=help, metavar=metavar)
        self.required = False

    def add_parser(self, name, **kwargs):
        if kwargs.get('prog') is None:
            kwargs['prog'] = '%s %s' % (self._prefix, name)
        aliases = kwargs.pop('aliases', ())
        if 'help' in kwargs:
            shown = name + (' (%s)' % ', '.join(aliases) if aliases else '')
            self._pseudo.append(Action([], shown, help=kwargs.pop('help'), metavar=shown))
        parser = self._parser_class(**kwargs)
        for key in (name,) + tuple(aliases):
            self._parsers[key] = parser
        return parser

    def __call__(self, parser, namespace, values, option_string=None):
        name, rest = values[0], values[1:]
        if self.dest is not SUPPRESS:
            setattr(namespace, self.dest, name)
        try:
            chosen = self._parsers[name]
        except KeyError:
            raise ArgumentError(self, 'unknown parser %r (choices: %s)' % (name, ', '.join(self._parsers)))
        inner, unknown = chosen.parse_known_args(rest, None)
        for key, value in vars(inner).items():
            setattr(namespace, key, value)
        if unknown:
            vars(namespace).setdefault('_unrecognized_args', []).extend(unknown)


_actions = {None: _StoreAction, 'store': _StoreAction, 'store_const': _StoreConstAction,
            'store_true': _StoreTrueAction, 'store_false': _StoreFalseAction, 'append': _AppendAction,
            'append_const': _AppendConstAction, 'count': _CountAction, 'help': _HelpAction,
            'version': _VersionAction, 'parsers': _SubParsersAction}


class _Container:
    """What arguments are added to."""

    def add_argument(self, *args, **kwargs):
        parser = self._parser
        chars = parser.prefix_chars
        if not args or len(args) == 1 and args[0][0] not in chars:
            if args and 'dest' in kwargs:
                raise ValueError('dest supplied twice for positional argument')
            options = self._positional(*args, **kwargs)
        else:
            options = self._optional(*args, **kwargs)
        if 'default' not in options:
            if options['dest'] in parser._defaults:
                options['default'] = parser._defaults[options['dest']]
            elif parser.argument_default is not None:
                options['default'] = parser.argument_default
        kind = options.pop('action', None)
        make = parser._registry.get(kind, kind)
        if not callable(make):
            raise ValueError('unknown action "%s"' % (make,))
        action = make(**options)
        if action.type is not None and not callable(action.type):
            raise ValueError('%r is not callable' % (action.type,))
        return self._take(action)

    def _positional(self, dest, **kwargs):
        if 'required' in kwargs:
            raise TypeError("'required' is an invalid argument for positionals")
        if kwargs.get('nargs') not in (OPTIONAL, ZERO_OR_MORE):
            kwargs['required'] = True
        if kwargs.get('nargs') == ZERO_OR_MORE and 'default' not in kwargs:
            kwargs['required'] = True
        return dict(kwargs, dest=dest, option_strings=[])

    def _optional(self, *args, **kwargs):
        chars = self._parser.prefix_chars
        for name in args:
            if name[0] not in chars:
                raise ValueError('invalid option string %r: must start with a character %r' % (name, chars))
        dest = kwargs.pop('dest', None)
        if dest is None:
            long = [n for n in args if len(n) > 1 and n[0] in chars and n[1] in chars]
            dest = (long or args)[0].lstrip(chars)
            if not dest:
                raise ValueError('dest= is required for options like %r' % args[0])
            dest = dest.replace('-', '_')
        return dict(kwargs, dest=dest, option_strings=list(args))

    def _take(self, action):
        parser = self._parser
        clash = [n for n in action.option_strings if n in parser._options]
        if clash:
            if parser.conflict_handler != 'resolve':
                raise ArgumentError(action, 'conflicting option string%s: %s'
                                    % ('' if len(clash) == 1 else 's', ', '.join(clash)))
            for name in clash:
                old = parser._options.pop(name)
                old.option_strings.remove(name)
                if not old.option_strings:
                    parser._actions.remove(old)
                    for group in parser._groups:
                        if old in group._members:
                            group._members.remove(old)
        parser._actions.append(action)
        for name in action.option_strings:
            parser._options[name] = action
        self._home(action)._members.append(action)
        return action


class _Group(_Container):
    def __init__(self, parser, title=None, description=None):
        self._parser, self.title, self.description, self._members = parser, title, description, []

    def _home(self, action):
        return self

    def add_mutually_exclusive_group(self, **kwargs):
        return self._parser._exclusive_in(self, **kwargs)


class _Exclusive(_Container):
    def __init__(self, parser, container, required=False):
        self._parser, self._container, self.required, self._members = parser, container, required, []

    def _take(self, action):
        if action.required:
            raise ValueError('mutually exclusive arguments must be optional')
        super()._take(action)
        self._members.append(action)
        return action

    def _home(self, action):
        return self._container._home(action)


class ArgumentParser(_Container):
    """Reads command lines."""

    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=[],
                 formatter_class=HelpFormatter, prefix_chars='-', fromfile_prefix_chars=None,
                 argument_default=None, conflict_handler='error', add_help=True, allow_abbrev=True):
        self._parser = self
        self.prog = _os.path.basename(_sys.argv[0]) if prog is None else prog
        self.usage, self.description, self.epilog = usage, description, epilog
        self.formatter_class, self.prefix_chars = formatter_class, prefix_chars
        self.fromfile_prefix_chars, self.argument_default = fromfile_prefix_chars, argument_default
        self.conflict_handler, self.add_help, self.allow_abbrev = conflict_handler, add_help, allow_abbrev
        self._actions, self._options, self._defaults, self._exclusive = [], {}, {}, []
        self._registry = dict(_actions)
        self._positionals, self._optionals = _Group(self, 'positional arguments'), _Group(self, 'optional arguments')
        self._groups = [self._positionals, self._optionals]
        self._subparsers = None
        if add_help:
            c = '-' if '-' in prefix_chars else prefix_chars[0]
            self.add_argument(c + 'h', c * 2 + 'help', action='help', default=SUPPRESS,
                              help='show this help message and exit')
        for parent in parents:
            homes = {self_group.title: self_group for self_group in self._groups}
            for group in parent._groups:
                home = homes.get(group.title)
                if home is None:
                    home = self.add_argument_group(group.title, group.description)
                for action in group._members:
                    home._take(action)
            self._exclusive += parent._exclusive
            self._defaults.update(parent._defaults)

    def __repr__(self):
        names = 'prog', 'usage', 'description', 'formatter_class', 'conflict_handler', 'add_help'
        return '%s(%s)' % (type(self).__name__, ', '.join('%s=%r' % (n, getattr(self, n)) for n in names))

    def _home(self, action):
        return self._optionals if action.option_strings else self._positionals

    def register(self, registry_name, value, object):
        self._registry[value] = object

    def add_argument_group(self, title=None, description=None):
        group = _Group(self, title, description)
        self._groups.append(group)
        return group

    def add_mutually_exclusive_group(self, **kwargs):
        return self._exclusive_in(self, **kwargs)

    def _exclusive_in(self, container, required=False):
        group = _Exclusive(self, container, required)
        self._exclusive.append(group)
        return group

    def add_subparsers(self, **kwargs):
        if self._subparsers is not None:
            self.error('cannot have multiple subparser arguments')
        kwargs.setdefault('parser_class', type(self))
        home = self._positionals
        if 'title' in kwargs or 'description' in kwargs:
            home = self.add_argument_group(kwargs.pop('title', 'subcommands'), kwargs.pop('description', None))
        if kwargs.get('prog') is None:
            formatter = self._get_formatter()
            positionals = formatter._parts([a for a in self._actions if not a.option_strings], [])
            kwargs['prog'] = ' '.join([self.prog] + positionals)
        self._subparsers = _SubParsersAction(option_strings=[], **kwargs)
        return home._take(self._subparsers)

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)
        for action in self._actions:
            if action.dest in kwargs:
                action.default = kwargs[action.dest]

    def get_default(self, dest):
        for action in self._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._defaults.get(dest)

    def parse_args(self, args=None, namespace=None):
        namespace, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error('unrecognized arguments: %s' % ' '.join(rest))
        return namespace

    def parse_known_args(self, args=None, namespace=None):
        args = list(_sys.argv[1:] if args is None else args)
        namespace = Namespace() if namespace is None else namespace
        for action in self._actions:
            if action.dest is not SUPPRESS and not hasattr(namespace, action.dest):
                if action.default is not SUPPRESS:
                    setattr(namespace, action.dest, action.default)
        for dest, value in self._defaults.items():
            if not hasattr(namespace, dest):
                setattr(namespace, dest, value)
        try:
            rest = self._parse(args, namespace)
        except ArgumentError as e:
            self.error(str(e))
        rest += namespace.__dict__.pop('_unrecognized_args', [])
        return namespace, rest

    def convert_arg_line_to_args(self, arg_line):
        return [arg_line]

    def _from_files(self, args):
        out = []
        for arg in args:
            if not arg or arg[0] not in self.fromfile_prefix_chars:
                out.append(arg)
                continue
            try:
                with open(arg[1:]) as f:
                    lines = f.read().splitlines()
            except OSError as e:
                self.error(str(e))
            out += self._from_files([a for line in lines for a in self.convert_arg_line_to_args(line)])
        return out

    def _parse(self, args, namespace):
        if self.fromfile_prefix_chars is not None:
            args = self._from_files(args)
        # One letter an argument: O option, A anything else, - the mark after which all are A.
        options, letters, marked = {}, [], False
        for at, arg in enumerate(args):
            if marked:
                letters.append('A')
            elif arg == '--':
                letters.append('-')
                marked = True
            else:
                options[at] = self._option(arg)
                if options[at] is None:
                    del options[at]
                letters.append('O' if at in options else 'A')
        pattern = ''.join(letters)
        positionals = [a for a in self._actions if not a.option_strings]
        seen, seen_given, extras = [], [], []

        def take(action, values, option=None):
            seen.append(action)
            got = self._values(action, values)
            if got is not action.default:
                seen_given.append(action)
                for group in self._exclusive:
                    if action in group._members:
                        for other in group._members:
                            if other is not action and other in seen_given:
                                raise ArgumentError(action, 'not allowed with argument %s' % _name_of(other))
            if got is not SUPPRESS:
                action(self, namespace, got, option)

        def take_positionals(at):
            # As many positional arguments as fit, the first ones greedily.
            for count in range(len(positionals), 0, -1):
                m = _re.match(''.join(_pattern(a) for a in positionals[:count]), pattern[at:])
                if m:
                    for action, text in zip(positionals[:count], m.groups()):
                        take(action, args[at:at + len(text)])
                        at += len(text)
                    del positionals[:count]
                    break
            return at

        def take_option(at):
            action, name, explicit = options[at]
            while True:
                if action is None:
                    extras.append(args[at])
                    return at + 1
                if explicit is None:
                    start = at + 1
                    m = _re.match(_pattern(action), pattern[start:])
                    if not m:
                        raise ArgumentError(action, _expected(action))
                    stop = start + len(m.group(1))
                    take(action, args[start:stop], name)
                    return stop
                m = _re.match(_pattern(action), 'A')
                count = len(m.group(1)) if m else 0
                if count == 0 and action.nargs == 0 and name[1:2] not in self.prefix_chars:
                    take(action, [], name)
                    name, letter = name[0] + explicit[0], explicit
                    explicit = explicit[1:] or None
                    if name not in self._options:
                        raise ArgumentError(action, 'ignored explicit argument %r' % letter)
                    action = self._options[name]
                    continue
                if count == 1:
                    take(action, [explicit], name)
                    return at + 1
                raise ArgumentError(action, 'ignored explicit argument %r' % explicit
                                    if action.nargs == 0 else _expected(action))

        at, last = 0, max(options) if options else -1
        while at <= last:
            following = min(i for i in options if i >= at)
            if at != following:
                moved = take_positionals(at)
                if moved > at:
                    at = moved
                    continue
            if at not in options:
                extras += args[at:following]
                at = following
            at = take_option(at)
        at = take_positionals(at)
        extras += args[at:]
        missing = []
        for action in self._actions:
            if action in seen:
                continue
            if action.required:
                missing.append(_name_of(action))
            elif isinstance(action.default, str) and getattr(namespace, action.dest, None) is action.default:
                setattr(namespace, action.dest, self._value(action, action.default))
        if missing:
            self.error('the following arguments are required: %s' % ', '.join(missing))
        for group in self._exclusive:
            if group.required and not any(a in seen_given for a in group._members):
                names = [_name_of(a) for a in group._members if a.help is not SUPPRESS]
                self.error('one of the arguments %s is required' % ' '.join(names))
        return extras

    def _option(self, arg):
        """(action, name, explicit value) of an argument that is an option."""
        if not arg or arg[0] not in self.prefix_chars:
            return None
        if arg in self._options:
            return self._options[arg], arg, None
        if len(arg) == 1:
            return None
        if '=' in arg:
            name, value = arg.split('=', 1)
            if name in self._options:
                return self._options[name], name, value
        found = self._abbreviated(arg) if self.allow_abbrev else []
        if len(found) > 1:
            self.error('ambiguous option: %s could match %s' % (arg, ', '.join(name for _, name, _ in found)))
        if found:
            return found[0]
        if _negative(arg) and not any(_negative(name) for name in self._options):
            return None
        if ' ' in arg:
            return None
        return None, arg, None

    def _abbreviated(self, arg):
        if arg[1] in self.prefix_chars:
            prefix, equals, value = arg.partition('=')
            return [(a, name, value if equals else None) for name, a in self._options.items()
                    if name.startswith(prefix)]
        short, rest = arg[:2], arg[2:]
        found = []
        for name, action in self._options.items():
            if name == short:
                found.append((action, name, rest))
            elif name.startswith(arg):
                found.append((action, name, None))
        return found

    def _values(self, action, args):
        if action.nargs not in (PARSER, REMAINDER) and '--' in args:
            args.remove('--')
        if not args and action.nargs == OPTIONAL:
            value = action.const if action.option_strings else action.default
            if isinstance(value, str):
                value = self._value(action, value)
                self._check(action, value)
            return value
        if not args and action.nargs == ZERO_OR_MORE and not action.option_strings:
            value = args if action.default is None else action.default
            self._check(action, value) if action.default is not None else None
            return value
        if len(args) == 1 and action.nargs in (None, OPTIONAL):
            value = self._value(action, args[0])
            self._check(action, value)
            return value
        values = [self._value(action, a) for a in args]
        if action.nargs == PARSER:
            self._check(action, values[0])
        elif action.nargs != REMAINDER:
            for value in values:
                self._check(action, value)
        return values

    def _value(self, action, text):
        convert = action.type
        if convert is None:
            return text
        try:
            return convert(text)
        except ArgumentTypeError as e:
            raise ArgumentError(action, str(e))
        except (TypeError, ValueError):
            name = getattr(convert, '__name__', repr(convert))
            raise ArgumentError(action, 'invalid %s value: %r' % (name, text))

    def _check(self, action, value):
        if action.choices is not None and value not in action.choices:
            raise ArgumentError(action, 'invalid choice: %r (choose from %s)'
                                % (value, ', '.join(map(repr, action.choices))))

    def _get_formatter(self):
        return self.formatter_class(prog=self.prog)

    def format_usage(self):
        return self._get_formatter().usage(self).strip('\n') + '\n'

    def format_help(self):
        return self._get_formatter().help(self)

    def print_usage(self, file=None):
        self._print_message(self.format_usage(), _sys.stdout if file is None else file)

    def print_help(self, file=None):
        self._print_message(self.format_help(), _sys.stdout if file is None else file)

    def _print_message(self, message, file=None):
        if message:
            (_sys.stderr if file is None else file).write(message)

    def exit(self, status=0, message=None):
        if message:
            self._print_message(message, _sys.stderr)
        _sys.exit(status)

    def error(self, message):
        self.print_usage(_sys.stderr)
        self.exit(2, '%s: error: %s\n' % (self.prog, message))


def _negative(arg):
    return _re.match(r'^-\d+$|^-\d*\.\d+$', arg) is not None


def _expected(action):
    words = {None: 'expected one argument', OPTIONAL: 'expected at most one argument',
             ONE_OR_MORE: 'expected at least one argument'}
    if action.nargs in words:
        return words[action.nargs]
    return 'expected %s argument%s' % (action.nargs, '' if action.nargs == 1 else 's')


def _pattern(action):
    """What letters the values of an action are."""
    n = action.nargs
    if n is None:
        text = '(-*A-*)'
    elif n == OPTIONAL:
        text = '(-*A?-*)'
    elif n == ZERO_OR_MORE:
        text = '(-*[A-]*)'
    elif n == ONE_OR_MORE:
        text = '(-*A[A-]*)'
    elif n == REMAINDER:
        text = '([-AO]*)'
    elif n == PARSER:
        text = '(-*A[-AO]*)'
    else:
        text = '(-*%s-*)' % '-*'.join('A' * n)
    return text.replace('-*', '').replace('-', '') if action.option_strings else text

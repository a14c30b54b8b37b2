"""Character classes, capwords, templates and the machinery of str.format."""

__all__ = ["ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits",
           "hexdigits", "octdigits", "printable", "punctuation", "whitespace",
           "Formatter", "Template"]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Capitalizes every word."""
    return (sep or " ").join(word.capitalize() for word in s.split(sep))


_NAME_START = ascii_letters + "_"
_NAME = _NAME_START + digits


class Template:
    """A text with $name and ${name} in it."""

    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _pieces(self):
        """Pairs (literal, name or None); a name of "" is a wrong placeholder at that offset."""
        text, mark = self.template, self.delimiter
        at = 0
        while True:
            found = text.find(mark, at)
            if found < 0:
                yield text[at:], None, None, found
                return
            literal = text[at:found]
            after = found + len(mark)
            if text.startswith(mark, after):
                yield literal + mark, None, None, found
                at = after + len(mark)
                continue
            start = after + 1 if text.startswith("{", after) else after
            end = start
            while end < len(text) and text[end] in (_NAME if end > start else _NAME_START):
                end += 1
            name = text[start:end]
            braced = start != after
            if not name or braced and not text.startswith("}", end):
                yield literal, "", mark, found
                at = after
                continue
            at = end + 1 if braced else end
            yield literal, name, text[found:at], found

    def _convert(self, mapping, safe):
        out = []
        for literal, name, source, offset in self._pieces():
            out.append(literal)
            if name is None:
                continue
            if name == "":
                if not safe:
                    self._invalid(offset)
                out.append(source)
            elif safe:
                try:
                    out.append(str(mapping[name]))
                except KeyError:
                    out.append(source)
            else:
                out.append(str(mapping[name]))
        return "".join(out)

    def _invalid(self, offset):
        lines = self.template[:offset].splitlines(keepends=True)
        if not lines:
            column, number = 1, 1
        else:
            column = offset - len("".join(lines[:-1]))
            number = len(lines)
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (number, column))

    def substitute(*args, **kws):
        """The text with values put in; KeyError for a missing one."""
        self, mapping = _template_arguments(args, kws)
        return self._convert(mapping, False)

    def safe_substitute(*args, **kws):
        """The text with values put in where there are some."""
        self, mapping = _template_arguments(args, kws)
        return self._convert(mapping, True)


def _template_arguments(args, kws):
    if not args:
        raise TypeError("descriptor 'substitute' of 'Template' object needs an argument")
    self, *args = args
    if len(args) > 1:
        raise TypeError("Too many positional arguments")
    if not args:
        return self, kws
    if kws:
        return self, dict(args[0], **kws)
    return self, args[0]


def _parse_format(text):
    """What str.format sees: tuples (literal, field name, format spec, conversion)."""
    at, literal = 0, ""
    while at < len(text):
        c = text[at]
        if c not in "{}":
            literal += c
            at += 1
        elif text.startswith(c + c, at):
            literal += c
            at += 2
        elif c == "}":
            raise ValueError("Single '}' encountered in format string")
        else:
            depth, end = 1, at + 1
            while end < len(text) and depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            if depth:
                if end == at + 1:
                    raise ValueError("Single '{' encountered in format string")
                raise ValueError("expected '}' before end of string")
            field = text[at + 1:end - 1]
            bracket, cut = False, len(field)
            for i, f in enumerate(field):
                if f == "[":
                    bracket = True
                elif f == "]":
                    bracket = False
                elif f in "!:" and not bracket:
                    cut = i
                    break
            name, rest = field[:cut], field[cut:]
            conversion, spec = None, ""
            if rest.startswith("!"):
                if len(rest) < 2:
                    raise ValueError("end of string while looking for conversion specifier")
                conversion, rest = rest[1], rest[2:]
                if rest and not rest.startswith(":"):
                    raise ValueError("expected ':' after conversion specifier")
            if rest.startswith(":"):
                spec = rest[1:]
            yield literal, name, spec, conversion
            literal, at = "", end
    if literal:
        yield literal, None, None, None


def _split_field(name):
    """The first part of a field name, and pairs (is attribute, key) for the others."""
    end = 0
    while end < len(name) and name[end] not in ".[":
        end += 1
    first, parts = name[:end], []
    while end < len(name):
        if name[end] == ".":
            start = end = end + 1
            while end < len(name) and name[end] not in ".[":
                end += 1
            if start == end:
                raise ValueError("Empty attribute in format string")
            parts.append((True, name[start:end]))
        elif name[end] == "[":
            close = name.find("]", end)
            if close < 0:
                raise ValueError("Missing ']' in format string")
            key = name[end + 1:close]
            if not key:
                raise ValueError("Empty attribute in format string")
            parts.append((False, int(key) if key.isdigit() else key))
            end = close + 1
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
    return (int(first) if first.isdigit() else first), parts


class Formatter:
    """str.format whose steps can be overridden."""

    def format(*args, **kwargs):
        if not args:
            raise TypeError("descriptor 'format' of 'Formatter' object needs an argument")
        self, *args = args
        if args:
            format_string, *args = args
        elif "format_string" in kwargs:
            format_string = kwargs.pop("format_string")
        else:
            raise TypeError("format() missing 1 required positional argument: 'format_string'")
        return self.vformat(format_string, tuple(args), kwargs)

    def vformat(self, format_string, args, kwargs):
        used = set()
        result, _ = self._vformat(format_string, args, kwargs, used, 2)
        self.check_unused_args(used, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, recursion_depth, auto_arg_index=0):
        if recursion_depth < 0:
            raise ValueError("Max string recursion exceeded")
        out = []
        for literal, field, spec, conversion in self.parse(format_string):
            if literal:
                out.append(literal)
            if field is None:
                continue
            if field == "":
                if auto_arg_index is False:
                    raise ValueError("cannot switch from manual field specification "
                                     "to automatic field numbering")
                field = str(auto_arg_index)
                auto_arg_index += 1
            elif field.isdigit():
                if auto_arg_index:
                    raise ValueError("cannot switch from manual field specification "
                                     "to automatic field numbering")
                auto_arg_index = False
            value, used = self.get_field(field, args, kwargs)
            used_args.add(used)
            value = self.convert_field(value, conversion)
            spec, auto_arg_index = self._vformat(spec, args, kwargs, used_args,
                                                 recursion_depth - 1, auto_arg_index)
            out.append(self.format_field(value, spec))
        return "".join(out), auto_arg_index

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion == "s":
            return str(value)
        if conversion == "r":
            return repr(value)
        if conversion == "a":
            return ascii(value)
        raise ValueError("Unknown conversion specifier {0!s}".format(conversion))

    def parse(self, format_string):
        return _parse_format(format_string)

    def get_field(self, field_name, args, kwargs):
        first, parts = _split_field(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in parts:
            value = getattr(value, key) if is_attribute else value[key]
        return value, first

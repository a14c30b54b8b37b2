"""Disassembler of bytecode. The table and the decoding are native (_dis)."""

import sys
import types
import collections
import _dis
from _dis import stack_effect

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts",
           "findlabels", "show_code", "get_instructions", "Instruction", "Bytecode",
           "cmp_op", "hasconst", "hasname", "hasjrel", "hasjabs", "haslocal",
           "hascompare", "hasfree", "hasnargs", "opname", "opmap", "HAVE_ARGUMENT",
           "EXTENDED_ARG", "stack_effect"]

HAVE_ARGUMENT = 90
EXTENDED_ARG = 144
cmp_op = _dis.cmp_op
opmap = {}
opname = ['<%r>' % (number,) for number in range(256)]
hasconst, hasname, hasjrel, hasjabs = [], [], [], []
haslocal, hascompare, hasfree, hasnargs = [], [], [], []

_kinds = {'const': hasconst, 'name': hasname, 'jrel': hasjrel, 'jabs': hasjabs,
          'local': haslocal, 'compare': hascompare, 'free': hasfree, 'nargs': hasnargs}
for _name, _number, _kind in _dis.table:
    opmap[_name] = _number
    opname[_number] = _name
    if _kind:
        _kinds[_kind].append(_number)
del _name, _number, _kind, _kinds

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED", 2: "NEWLOCALS", 4: "VARARGS", 8: "VARKEYWORDS", 16: "NESTED",
    32: "GENERATOR", 64: "NOFREE", 128: "COROUTINE", 256: "ITERABLE_COROUTINE",
}

_holders = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)


def pretty_flags(flags):
    """The flags of a code object in words."""
    return _dis.flags(flags)


def _compile_text(source, name):
    try:
        return compile(source, name, 'eval')
    except SyntaxError:
        return compile(source, name, 'exec')


def _code_in(x):
    if hasattr(x, '__func__'):
        x = x.__func__
    if hasattr(x, '__code__'):
        x = x.__code__
    if hasattr(x, 'gi_code'):
        x = x.gi_code
    return x


def _code_of(x):
    x = _code_in(x)
    if isinstance(x, str):
        x = _compile_text(x, "<disassembly>")
    if hasattr(x, 'co_code'):
        return x
    raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)


_Instruction = collections.namedtuple(
    "_Instruction", "opname opcode arg argval argrepr offset starts_line is_jump_target")


class Instruction(_Instruction):
    """One instruction of a code object."""

    __slots__ = ()

    def _disassemble(self, lineno_width=3, mark_as_current=False):
        parts = []
        if lineno_width:
            if self.starts_line is not None:
                parts.append("%*d" % (lineno_width, self.starts_line))
            else:
                parts.append(" " * lineno_width)
        parts.append("-->" if mark_as_current else "   ")
        parts.append(">>" if self.is_jump_target else "  ")
        parts.append(str(self.offset).rjust(4))
        parts.append(self.opname.ljust(20))
        if self.arg is not None:
            parts.append(str(self.arg).rjust(5))
            if self.argrepr:
                parts.append("(" + self.argrepr + ")")
        return " ".join(parts).rstrip()


def _instructions(code, shift=0):
    for item in _dis.instructions(code):
        line = item[6]
        if shift and line is not None:
            item = item[:6] + (line + shift,) + item[7:]
        yield Instruction(*item)


def get_instructions(x, *, first_line=None):
    """The instructions of a function, method, code object, or source text."""
    code = _code_of(x)
    shift = 0 if first_line is None else first_line - code.co_firstlineno
    return _instructions(code, shift)


def _write(instructions, lasti, width, file, blank_lines):
    for instruction in instructions:
        if blank_lines and instruction.starts_line is not None and instruction.offset > 0:
            print(file=file)
        print(instruction._disassemble(width, instruction.offset == lasti), file=file)


def disassemble(co, lasti=-1, *, file=None):
    """Prints the instructions of a code object, with an arrow at offset lasti."""
    has_lines = next(findlinestarts(co), None) is not None
    _write(_instructions(co), lasti, 3 if has_lines else 0, file, has_lines)


disco = disassemble


def dis(x=None, *, file=None):
    """Prints the instructions of whatever has any: a function, class, module, source text ..."""
    if x is None:
        distb(file=file)
        return
    x = _code_in(x)
    if hasattr(x, '__dict__'):
        for name, value in sorted(x.__dict__.items()):
            if isinstance(value, _holders):
                print("Disassembly of %s:" % name, file=file)
                try:
                    dis(value, file=file)
                except TypeError as problem:
                    print("Sorry:", problem, file=file)
                print(file=file)
    elif hasattr(x, 'co_code'):
        disassemble(x, file=file)
    elif isinstance(x, (bytes, bytearray)):
        _write(_instructions(bytes(x)), -1, 0, file, False)
    elif isinstance(x, str):
        disassemble(_compile_text(x, '<dis>'), file=file)
    else:
        raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)


def distb(tb=None, *, file=None):
    """Prints the instructions where the last exception was raised."""
    if tb is None:
        try:
            tb = sys.last_traceback
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file)


def code_info(x):
    """What a code object says of itself, as text."""
    co = _code_of(x)
    lines = []
    for title, value in (("Name", co.co_name), ("Filename", co.co_filename),
                         ("Argument count", co.co_argcount),
                         ("Kw-only arguments", co.co_kwonlyargcount),
                         ("Number of locals", co.co_nlocals),
                         ("Stack size", co.co_stacksize),
                         ("Flags", pretty_flags(co.co_flags))):
        lines.append("%-18s %s" % (title + ":", value))
    if co.co_consts:
        lines.append("Constants:")
        lines.extend("%4d: %r" % pair for pair in enumerate(co.co_consts))
    for title, names in (("Names", co.co_names), ("Variable names", co.co_varnames),
                         ("Free variables", co.co_freevars), ("Cell variables", co.co_cellvars)):
        if names:
            lines.append(title + ":")
            lines.extend("%4d: %s" % pair for pair in enumerate(names))
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Prints code_info()."""
    print(code_info(co), file=file)


def findlabels(code):
    """Offsets that jumps lead to."""
    return _dis.labels(code)


def findlinestarts(code):
    """Pairs (offset, line) where a new source line starts."""
    yield from _dis.linestarts(code)


class Bytecode:
    """The instructions of an object, to iterate over or to print."""

    def __init__(self, x, *, first_line=None, current_offset=None):
        self.codeobj = co = _code_of(x)
        if first_line is None:
            self.first_line = co.co_firstlineno
            self._shift = 0
        else:
            self.first_line = first_line
            self._shift = first_line - co.co_firstlineno
        self._original_object = x
        self.current_offset = current_offset

    def __iter__(self):
        return _instructions(self.codeobj, self._shift)

    def __repr__(self):
        return "%s(%r)" % (self.__class__.__name__, self._original_object)

    @classmethod
    def from_traceback(cls, tb):
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        return code_info(self.codeobj)

    def dis(self):
        lasti = -1 if self.current_offset is None else self.current_offset
        lines = []
        for instruction in self:
            if instruction.starts_line is not None and instruction.offset > 0:
                lines.append("")
            lines.append(instruction._disassemble(3, instruction.offset == lasti))
        return "\n".join(lines) + "\n"

"""The opcode table under the names of CPython's module opcode."""

from dis import (cmp_op, hasconst, hasname, hasjrel, hasjabs, haslocal, hascompare, hasfree,
                 hasnargs, opname, opmap, HAVE_ARGUMENT, EXTENDED_ARG, stack_effect)

__all__ = ["cmp_op", "hasconst", "hasname", "hasjrel", "hasjabs", "haslocal", "hascompare",
           "hasfree", "opname", "opmap", "HAVE_ARGUMENT", "EXTENDED_ARG", "hasnargs", "stack_effect"]

"""Functions to call when the program ends, last registered first."""

import sys
import traceback

__all__ = ["register", "unregister"]

_functions = []


def register(func, *args, **kwargs):
    if not callable(func):
        raise TypeError("the first argument must be callable")
    _functions.append((func, args, kwargs))
    return func


def unregister(func):
    _functions[:] = [entry for entry in _functions if entry[0] != func]


def _clear():
    del _functions[:]


def _ncallbacks():
    return len(_functions)


def _run_exitfuncs():
    problem = None
    while _functions:
        func, args, kwargs = _functions.pop()
        try:
            func(*args, **kwargs)
        except SystemExit as e:
            problem = e
        except BaseException as e:
            print("Error in atexit._run_exitfuncs:", file=sys.stderr)
            traceback.print_exception(type(e), e, e.__traceback__.tb_next)
            problem = e
    if problem is not None and isinstance(problem, SystemExit):
        raise problem

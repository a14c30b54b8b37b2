"""How long a statement takes."""

import gc
import itertools
import time

__all__ = ['Timer', 'timeit', 'repeat', 'default_timer']

default_timer = time.perf_counter
default_number = 1000000
default_repeat = 3
_globals = globals


def _indented(text, by):
    return text.replace('\n', '\n' + ' ' * by)


class Timer:
    """Times a statement, a text or a function, after a setup that runs once each time."""

    def __init__(self, stmt='pass', setup='pass', timer=default_timer, globals=None):
        self.timer = timer
        space = dict(_globals() if globals is None else globals)
        parts = []
        for name, part in (('setup', setup), ('stmt', stmt)):
            if isinstance(part, str):
                compile(part, '<timeit-src>', 'exec')
                parts.append(part)
            elif callable(part):
                space['_' + name] = part
                parts.append('_%s()' % name)
            else:
                raise ValueError('%s is neither a string nor callable' % name)
        self.src = ('def inner(_it, _timer):\n    %s\n    _t0 = _timer()\n    for _i in _it:\n        %s\n'
                    '    _t1 = _timer()\n    return _t1 - _t0\n'
                    % (_indented(parts[0], 4), _indented(parts[1], 8)))
        exec(compile(self.src, '<timeit-src>', 'exec'), space)
        self.inner = space['inner']

    def print_exc(self, file=None):
        import traceback
        traceback.print_exc(file=file)

    def timeit(self, number=default_number):
        """Seconds for so many runs."""
        enabled = gc.isenabled()
        gc.disable()
        try:
            return self.inner(itertools.repeat(None, number), self.timer)
        finally:
            if enabled:
                gc.enable()

    def repeat(self, repeat=default_repeat, number=default_number):
        """That, several times."""
        return [self.timeit(number) for _ in range(repeat)]


def timeit(stmt='pass', setup='pass', timer=default_timer, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt='pass', setup='pass', timer=default_timer, repeat=default_repeat, number=default_number,
           globals=None):
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)

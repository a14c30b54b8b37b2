"""Options on a command line, as C's getopt reads them."""

import os

__all__ = ['GetoptError', 'error', 'getopt', 'gnu_getopt']


class GetoptError(Exception):
    """An option that is unknown or lacks its argument."""

    def __init__(self, msg, opt=''):
        self.msg = msg
        self.opt = opt
        Exception.__init__(self, msg, opt)

    def __str__(self):
        return self.msg


error = GetoptError


def getopt(args, shortopts, longopts=[]):
    """Pairs of option and value, and the arguments from the first that is no option."""
    return _parse(args, shortopts, longopts, False)


def gnu_getopt(args, shortopts, longopts=[]):
    """The same, with options and arguments in any order."""
    in_order = shortopts.startswith('+')
    if in_order:
        shortopts = shortopts[1:]
    in_order = in_order or bool(os.environ.get('POSIXLY_CORRECT'))
    return _parse(args, shortopts, longopts, not in_order)


def _parse(args, shortopts, longopts, mixed):
    longopts = [longopts] if isinstance(longopts, str) else list(longopts)
    found, rest, args = [], [], list(args)
    while args:
        word = args.pop(0)
        if word == '--':
            rest += args
            break
        if word.startswith('--'):
            args = _long(found, word[2:], longopts, args)
        elif word.startswith('-') and word != '-':
            args = _short(found, word[1:], shortopts, args)
        elif mixed:
            rest.append(word)
        else:
            rest = [word] + args
            break
    return found, rest


def _long(found, word, longopts, args):
    name, equals, value = word.partition('=')
    fits = [o for o in longopts if o.startswith(name)]
    if not fits:
        raise GetoptError('option --%s not recognized' % name, name)
    if name in fits:
        takes = False
    elif name + '=' in fits:
        takes = True
    elif len(fits) > 1:
        raise GetoptError('option --%s not a unique prefix' % name, name)
    else:
        takes = fits[0].endswith('=')
        name = fits[0].rstrip('=')
    if takes and not equals:
        if not args:
            raise GetoptError('option --%s requires argument' % name, name)
        value, args = args[0], args[1:]
    elif equals and not takes:
        raise GetoptError('option --%s must not have an argument' % name, name)
    found.append(('--' + name, value))
    return args


def _short(found, letters, shortopts, args):
    while letters:
        letter, letters = letters[0], letters[1:]
        at = shortopts.find(letter)
        if at < 0 or letter == ':':
            raise GetoptError('option -%s not recognized' % letter, letter)
        value = ''
        if shortopts.startswith(':', at + 1):
            if not letters:
                if not args:
                    raise GetoptError('option -%s requires argument' % letter, letter)
                letters, args = args[0], args[1:]
            value, letters = letters, ''
        found.append(('-' + letter, value))
    return args

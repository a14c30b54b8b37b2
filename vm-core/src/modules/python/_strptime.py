"""Reading dates by a format."""

import re

_names = {
    'a': 'mon tue wed thu fri sat sun'.split(),
    'A': 'monday tuesday wednesday thursday friday saturday sunday'.split(),
    'b': 'jan feb mar apr may jun jul aug sep oct nov dec'.split(),
    'B': 'january february march april may june july august september october november december'.split(),
    'p': ['am', 'pm'],
}
_patterns = {
    'd': r'3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9]', 'f': r'[0-9]{1,6}', 'H': r'2[0-3]|[0-1]\d|\d',
    'I': r'1[0-2]|0[1-9]|[1-9]', 'j': r'36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]',
    'm': r'1[0-2]|0[1-9]|[1-9]', 'M': r'[0-5]\d|\d', 'S': r'6[0-1]|[0-5]\d|\d', 'U': r'5[0-3]|[0-4]\d|\d',
    'w': r'[0-6]', 'W': r'5[0-3]|[0-4]\d|\d', 'y': r'\d\d', 'Y': r'\d\d\d\d', 'z': r'[+-]\d\d[0-5]\d',
    'Z': r'utc|gmt',
}
for _letter, _words in _names.items():
    _patterns[_letter] = '|'.join(sorted(_words, key=len, reverse=True))
_longer = {'c': '%a %b %d %H:%M:%S %Y', 'x': '%m/%d/%y', 'X': '%H:%M:%S', 'D': '%m/%d/%y', 'T': '%H:%M:%S',
           'R': '%H:%M'}
_cache = {}


def _compiled(format):
    out, at = [], 0
    for letter, text in _longer.items():
        format = format.replace('%' + letter, text) if letter in 'cxX' else format
    while at < len(format):
        c = format[at]
        at += 1
        if c.isspace():
            while at < len(format) and format[at].isspace():
                at += 1
            out.append(r'\s+')
        elif c != '%':
            out.append(re.escape(c))
        elif at == len(format):
            raise ValueError("stray %% in format '%s'" % format)
        else:
            letter = format[at]
            at += 1
            if letter == '%':
                out.append('%')
            elif letter in _patterns:
                out.append('(?P<%s>%s)' % (letter, _patterns[letter]))
            else:
                raise ValueError("'%s' is a bad directive in format '%s'" % (letter, format))
    try:
        return re.compile(''.join(out), re.IGNORECASE)
    except re.error as e:
        raise ValueError(str(e)) from None


def fields(text, format):
    """The parts of a text by the letters of the format, as text."""
    for name, value in enumerate((text, format)):
        if not isinstance(value, str):
            raise TypeError('strptime() argument %d must be str, not %s' % (name, type(value)))
    if format not in _cache:
        _cache[format] = _compiled(format)
    found = _cache[format].match(text)
    if not found:
        raise ValueError('time data %r does not match format %r' % (text, format))
    if found.end() != len(text):
        raise ValueError('unconverted data remains: %s' % text[found.end():])
    return found.groupdict()


def parse(text, format):
    """(year, ..., microsecond) and None or (minutes from UTC, name)."""
    from datetime import date
    got = fields(text, format)
    year, month, day = 1900, 1, 1
    has = got.get
    if has('Y'):
        year = int(got['Y'])
    elif has('y'):
        year = int(got['y'])
        year += 2000 if year <= 68 else 1900
    for letter in 'bB':
        if has(letter):
            month = _names[letter].index(got[letter].lower()) + 1
    if has('m'):
        month = int(got['m'])
    if has('d'):
        day = int(got['d'])
    hour = int(has('H') or 0)
    if has('I'):
        hour = int(got['I']) % 12
        if (has('p') or '').lower() == 'pm':
            hour += 12
    micro = int((has('f') or '').ljust(6, '0'))
    weekday = None
    for letter in 'aA':
        if has(letter):
            weekday = _names[letter].index(got[letter].lower())
    if has('w'):
        weekday = (int(got['w']) - 1) % 7
    if has('j'):
        at = date.fromordinal(date(year, 1, 1).toordinal() + int(got['j']) - 1)
        year, month, day = at.year, at.month, at.day
    elif weekday is not None and (has('U') or has('W')):
        first = date(year, 1, 1).weekday()
        if has('U'):
            number = int(got['U'])
            first, weekday = (first + 1) % 7, (weekday + 1) % 7
        else:
            number = int(got['W'])
        days = weekday - first if number == 0 else (7 - first) % 7 + 7 * (number - 1) + weekday
        at = date.fromordinal(date(year, 1, 1).toordinal() + days)
        year, month, day = at.year, at.month, at.day
    zone = None
    if has('z'):
        sign = -1 if got['z'][0] == '-' else 1
        zone = (sign * (int(got['z'][1:3]) * 60 + int(got['z'][3:5])),)
    return (year, month, day, hour, int(has('M') or 0), int(has('S') or 0), micro), zone

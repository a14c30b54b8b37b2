"""Comma-separated values."""


__all__ = ['QUOTE_MINIMAL', 'QUOTE_ALL', 'QUOTE_NONNUMERIC', 'QUOTE_NONE', 'Error', 'Dialect', 'excel', 'excel_tab',
           'field_size_limit', 'reader', 'writer', 'register_dialect', 'get_dialect', 'list_dialects', 'Sniffer',
           'unregister_dialect', 'DictReader', 'DictWriter', 'unix_dialect']

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = range(4)


class Error(Exception):
    """Data that do not fit the dialect."""


class Dialect:
    """How fields are parted and quoted."""

    delimiter = ','
    quotechar = '"'
    escapechar = None
    doublequote = True
    skipinitialspace = False
    lineterminator = '\r\n'
    quoting = QUOTE_MINIMAL
    strict = False


class excel(Dialect):
    """What spreadsheets write."""


class excel_tab(excel):
    delimiter = '\t'


class unix_dialect(Dialect):
    quoting = QUOTE_ALL
    lineterminator = '\n'


_dialects = {}
_limit = 131072
_options = ('delimiter', 'quotechar', 'escapechar', 'doublequote', 'skipinitialspace', 'lineterminator', 'quoting',
            'strict')


def _resolve(dialect, options):
    if isinstance(dialect, str):
        dialect = get_dialect(dialect)
    made = Dialect()
    for name in _options:
        if dialect is not None and hasattr(dialect, name):
            setattr(made, name, getattr(dialect, name))
    for name, value in options.items():
        if name not in _options:
            raise TypeError("'%s' is an invalid keyword argument for this function" % name)
        setattr(made, name, value)
    for name in 'delimiter', 'quotechar', 'escapechar':
        value = getattr(made, name)
        if value is None and name != 'delimiter':
            continue
        if not isinstance(value, str):
            raise TypeError('"%s" must be string, not %s' % (name, type(value).__name__))
        if len(value) != 1:
            raise TypeError('"%s" must be a 1-character string' % name)
    if made.quoting not in range(4):
        raise TypeError('bad "quoting" value')
    if made.quoting != QUOTE_NONE and made.quotechar is None:
        raise TypeError('quotechar must be set if quoting enabled')
    return made


def register_dialect(name, dialect=None, **options):
    if not isinstance(name, str):
        raise TypeError('dialect name must be a string')
    _dialects[name] = _resolve(dialect, options)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    return _dialects[name]


def list_dialects():
    return list(_dialects)


register_dialect('excel', excel)
register_dialect('excel-tab', excel_tab)
register_dialect('unix', unix_dialect)


def field_size_limit(*limit):
    """The longest field that is read."""
    global _limit
    old = _limit
    if limit:
        if not isinstance(limit[0], int):
            raise TypeError('limit must be an integer')
        _limit = limit[0]
    return old


class reader:
    """Lists of fields from lines."""

    def __init__(self, csvfile, dialect='excel', **options):
        self.dialect = _resolve(dialect, options)
        self.line_num = 0
        self._lines = iter(csvfile)

    def __iter__(self):
        return self

    def __next__(self):
        d = self.dialect
        row, field, state, number = [], [], 'start', False
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                if field or state == 'quoted' or state == 'escaped in quotes':
                    if d.strict:
                        raise Error('unexpected end of data') from None
                    break
                raise
            if not isinstance(line, str):
                raise Error('iterator should return strings, not %s (did you open the file in text mode?)'
                            % type(line).__name__)
            if '\0' in line:
                raise Error('line contains NULL byte')
            self.line_num += 1
            if state == 'start' and line in ('\n', '\r', '\r\n', ''):
                return row
            ended = False
            for c in line:
                if ended:
                    if c in '\r\n':
                        continue
                    raise Error('new-line character seen in unquoted field - do you need to open the file in '
                                'universal-newline mode?')
                if state == 'escaped':
                    field.append(c)
                    state = 'plain'
                elif state == 'escaped in quotes':
                    field.append(c)
                    state = 'quoted'
                elif state == 'quoted':
                    if c == d.escapechar:
                        state = 'escaped in quotes'
                    elif c == d.quotechar and d.quoting != QUOTE_NONE:
                        state = 'quote in quotes' if d.doublequote else 'plain'
                    else:
                        field.append(c)
                elif state == 'quote in quotes' and d.quoting != QUOTE_NONE and c == d.quotechar:
                    field.append(c)
                    state = 'quoted'
                elif c in '\r\n':
                    self._save(row, field, number)
                    field, number, ended = [], False, True
                elif c == d.delimiter:
                    self._save(row, field, number)
                    field, number, state = [], False, 'field'
                elif state == 'quote in quotes':
                    if d.strict:
                        raise Error("'%s' expected after '%s'" % (d.delimiter, d.quotechar))
                    field.append(c)
                    state = 'plain'
                elif state in ('start', 'field') and c == d.quotechar and d.quoting != QUOTE_NONE:
                    state = 'quoted'
                elif c == d.escapechar:
                    state = 'escaped'
                elif state in ('start', 'field') and c == ' ' and d.skipinitialspace:
                    state = 'field'
                else:
                    if state in ('start', 'field'):
                        number = d.quoting == QUOTE_NONNUMERIC
                        state = 'plain'
                    field.append(c)
                if len(field) > _limit:
                    raise Error('field larger than field limit (%d)' % _limit)
            if ended:
                return row
            if state in ('quoted', 'escaped in quotes', 'escaped'):
                if state != 'quoted':
                    field.append('\n')
                    state = 'quoted' if state == 'escaped in quotes' else 'plain'
                continue
            break
        self._save(row, field, number)
        return row

    def _save(self, row, field, number):
        text = ''.join(field)
        row.append(float(text) if number else text)


class writer:
    """Writes rows to what has `write`."""

    def __init__(self, csvfile, dialect='excel', **options):
        if not hasattr(csvfile, 'write'):
            raise TypeError('argument 1 must have a "write" method')
        self.dialect = _resolve(dialect, options)
        self._write = csvfile.write

    def _field(self, value, alone):
        d = self.dialect
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) or isinstance(value, bool)
        if value is None:
            text = ''
        elif isinstance(value, float):
            text = repr(value)
        else:
            text = str(value)
        special = {d.delimiter, d.escapechar, d.quotechar} | set(d.lineterminator)
        quoted = d.quoting == QUOTE_ALL or d.quoting == QUOTE_NONNUMERIC and not is_number
        out = []
        for c in text:
            if c in special:
                escape = d.quoting == QUOTE_NONE
                if not escape:
                    if c == d.quotechar:
                        if d.doublequote:
                            out.append(c)
                        else:
                            escape = True
                    if not escape:
                        quoted = True
                if escape:
                    if d.escapechar is None:
                        raise Error('need to escape, but no escapechar set')
                    out.append(d.escapechar)
            out.append(c)
        if not text and alone and not quoted:
            if d.quoting == QUOTE_NONE:
                raise Error('single empty field record must be quoted')
            quoted = True
        text = ''.join(out)
        return d.quotechar + text + d.quotechar if quoted else text

    def writerow(self, row):
        try:
            row = list(row)
        except TypeError:
            raise Error('iterable expected, not %s' % type(row).__name__) from None
        fields = [self._field(value, len(row) == 1) for value in row]
        return self._write(self.dialect.delimiter.join(fields) + self.dialect.lineterminator)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


class DictReader:
    """Rows as dicts, keyed by the first row or by `fieldnames`."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect='excel', *args, **kwds):
        self._fieldnames = fieldnames
        self.restkey, self.restval = restkey, restval
        self.reader = reader(f, dialect, *args, **kwds)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            try:
                self._fieldnames = next(self.reader)
            except StopIteration:
                pass
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def __next__(self):
        names = self.fieldnames
        row = next(self.reader)
        while row == []:
            row = next(self.reader)
        self.line_num = self.reader.line_num
        made = dict(zip(names, row))
        if len(names) < len(row):
            made[self.restkey] = row[len(names):]
        for name in names[len(row):]:
            made[name] = self.restval
        return made


class DictWriter:
    """Writes dicts as rows."""

    def __init__(self, f, fieldnames, restval='', extrasaction='raise', dialect='excel', *args, **kwds):
        self.fieldnames, self.restval = fieldnames, restval
        if extrasaction.lower() not in ('raise', 'ignore'):
            raise ValueError("extrasaction (%s) must be 'raise' or 'ignore'" % extrasaction)
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _row(self, rowdict):
        if self.extrasaction == 'raise':
            wrong = rowdict.keys() - self.fieldnames
            if wrong:
                raise ValueError('dict contains fields not in fieldnames: ' + ', '.join(repr(x) for x in wrong))
        return (rowdict.get(key, self.restval) for key in self.fieldnames)

    def writerow(self, rowdict):
        return self.writer.writerow(self._row(rowdict))

    def writerows(self, rowdicts):
        return self.writer.writerows(map(self._row, rowdicts))


class Sniffer:
    """Guesses a dialect."""

    preferred = [',', '\t', ';', ' ', ':']

    def sniff(self, sample, delimiters=None):
        lines = [line for line in sample.splitlines() if line]
        for candidate in delimiters or self.preferred:
            counts = {line.count(candidate) for line in lines}
            if len(counts) == 1 and counts != {0}:
                class dialect(Dialect):
                    delimiter = candidate
                    skipinitialspace = all(candidate + ' ' in line for line in lines)
                return dialect
        raise Error('Could not determine delimiter')

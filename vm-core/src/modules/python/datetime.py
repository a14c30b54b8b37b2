"""Dates, times and durations in the Gregorian calendar without end."""

import time as _time
import math as _math

MINYEAR = 1
MAXYEAR = 9999

_months = (None, 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')
_days = (None, 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')
_lengths = (None, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year, month):
    return 29 if month == 2 and _is_leap(year) else _lengths[month]


def _before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


def _before_month(year, month):
    return sum(_days_in_month(year, m) for m in range(1, month))


def _ymd2ord(year, month, day):
    return _before_year(year) + _before_month(year, month) + day


def _ord2ymd(n):
    """Year, month and day of a day's number: a guess at the year that is at most one too high."""
    year = min(MAXYEAR, n * 400 // 146097 + 1)
    while _before_year(year) >= n:
        year -= 1
    n -= _before_year(year)
    month = 1
    while n > _days_in_month(year, month):
        n -= _days_in_month(year, month)
        month += 1
    return year, month, n


def _index(value):
    if isinstance(value, float):
        raise TypeError('integer argument expected, got float')
    try:
        return value.__index__()
    except AttributeError:
        raise TypeError('an integer is required (got type %s)' % type(value).__name__) from None


def _check_date(year, month, day):
    year, month, day = _index(year), _index(month), _index(day)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError('year is out of range')
    if not 1 <= month <= 12:
        raise ValueError('month must be in 1..12')
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError('day is out of range for month')
    return year, month, day


def _check_time(hour, minute, second, microsecond):
    values = _index(hour), _index(minute), _index(second), _index(microsecond)
    for value, limit, name in zip(values, (23, 59, 59, 999999), ('hour', 'minute', 'second', 'microsecond')):
        if not 0 <= value <= limit:
            raise ValueError('%s must be in 0..%d' % (name, limit))
    return values


def _check_tzinfo(tz):
    if tz is not None and not isinstance(tz, tzinfo):
        raise TypeError('tzinfo argument must be None or of a tzinfo subclass, not type %r' % type(tz).__name__)


def _half_even(x):
    """The nearest integer to a fraction given as (numerator, denominator); ties go to the even one."""
    n, d = x
    q, r = divmod(n, d)
    if 2 * r > d or 2 * r == d and q % 2:
        q += 1
    return q


def _no_order(a, b, op='<'):
    raise TypeError("can't compare %s to %s" % (type(a).__name__, type(b).__name__))


class timedelta:
    """A duration: days, seconds below a day, microseconds below a second."""

    __slots__ = '_days', '_seconds', '_microseconds', '_hash'

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        whole, parts = 0, 0.0
        for value, unit, name in ((days, 86400000000, 'days'), (seconds, 1000000, 'seconds'),
                                  (microseconds, 1, 'microseconds'), (milliseconds, 1000, 'milliseconds'),
                                  (minutes, 60000000, 'minutes'), (hours, 3600000000, 'hours'),
                                  (weeks, 604800000000, 'weeks')):
            if isinstance(value, int):
                whole += value * unit
            elif isinstance(value, float):
                fraction, integer = _math.modf(value)
                whole += int(integer) * unit
                fraction, integer = _math.modf(fraction * unit)
                whole += int(integer)
                parts += fraction
            else:
                raise TypeError('unsupported type for timedelta %s component: %s' % (name, type(value).__name__))
        if parts:
            fraction, integer = _math.modf(parts)
            whole += int(integer)
            # A tie goes to the even number of all microseconds.
            if abs(fraction) == 0.5:
                if (whole + (1 if fraction > 0 else -1)) % 2 == 0:
                    whole += 1 if fraction > 0 else -1
            else:
                whole += round(fraction)
        return cls._of(whole)

    @classmethod
    def _of(cls, microseconds):
        seconds, microseconds = divmod(microseconds, 1000000)
        days, seconds = divmod(seconds, 86400)
        if abs(days) > 999999999:
            raise OverflowError('days=%d; must have magnitude <= 999999999' % days)
        self = object.__new__(cls)
        self._days, self._seconds, self._microseconds, self._hash = days, seconds, microseconds, None
        return self

    def _all(self):
        return (self._days * 86400 + self._seconds) * 1000000 + self._microseconds

    days = property(lambda self: self._days, doc='Days.')
    seconds = property(lambda self: self._seconds, doc='Seconds below a day.')
    microseconds = property(lambda self: self._microseconds, doc='Microseconds below a second.')

    def total_seconds(self):
        """All of it in seconds."""
        return self._all() / 1000000

    def __repr__(self):
        name = self.__class__.__module__ + '.' + self.__class__.__qualname__
        if self._microseconds:
            return '%s(%d, %d, %d)' % (name, self._days, self._seconds, self._microseconds)
        if self._seconds:
            return '%s(%d, %d)' % (name, self._days, self._seconds)
        return '%s(%d)' % (name, self._days)

    def __str__(self):
        minutes, seconds = divmod(self._seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = '%d:%02d:%02d' % (hours, minutes, seconds)
        if self._days:
            text = '%d day%s, ' % (self._days, '' if abs(self._days) == 1 else 's') + text
        if self._microseconds:
            text += '.%06d' % self._microseconds
        return text

    def __add__(self, other):
        if isinstance(other, timedelta):
            return timedelta._of(self._all() + other._all())
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return timedelta._of(self._all() - other._all())
        return NotImplemented

    def __rsub__(self, other):
        if isinstance(other, timedelta):
            return other - self
        return NotImplemented

    def __neg__(self):
        return timedelta._of(-self._all())

    def __pos__(self):
        return timedelta._of(self._all())

    def __abs__(self):
        return -self if self._days < 0 else +self

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta._of(self._all() * other)
        if isinstance(other, float):
            n, d = other.as_integer_ratio()
            return timedelta._of(_half_even((self._all() * n, d)))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._all() // other._all()
        if isinstance(other, int):
            return timedelta._of(self._all() // other)
        return NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._all() / other._all()
        if isinstance(other, int):
            if other == 0:
                raise ZeroDivisionError('integer division or modulo by zero')
            n, d = self._all(), other
        elif isinstance(other, float):
            n, d = other.as_integer_ratio()
            n, d = self._all() * d, n
            if d == 0:
                raise ZeroDivisionError('division by zero')
        else:
            return NotImplemented
        return timedelta._of(_half_even((-n, -d) if d < 0 else (n, d)))

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return timedelta._of(self._all() % other._all())
        return NotImplemented

    def __divmod__(self, other):
        if isinstance(other, timedelta):
            q, r = divmod(self._all(), other._all())
            return q, timedelta._of(r)
        return NotImplemented

    def __eq__(self, other):
        return self._all() == other._all() if isinstance(other, timedelta) else False

    def __lt__(self, other):
        return self._all() < other._all() if isinstance(other, timedelta) else _no_order(self, other)

    def __le__(self, other):
        return self._all() <= other._all() if isinstance(other, timedelta) else _no_order(self, other)

    def __gt__(self, other):
        return self._all() > other._all() if isinstance(other, timedelta) else _no_order(self, other)

    def __ge__(self, other):
        return self._all() >= other._all() if isinstance(other, timedelta) else _no_order(self, other)

    def __hash__(self):
        if self._hash is None:
            self._hash = hash((self._days, self._seconds, self._microseconds))
        return self._hash

    def __bool__(self):
        return self._all() != 0

    def __reduce__(self):
        return self.__class__, (self._days, self._seconds, self._microseconds)


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(999999999, 86399, 999999)
timedelta.resolution = timedelta(microseconds=1)


class tzinfo:
    """What a time zone has to answer."""

    __slots__ = ()

    def tzname(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement tzname()')

    def utcoffset(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement utcoffset()')

    def dst(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement dst()')

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime instance')
        if dt.tzinfo is not self:
            raise ValueError('fromutc: dt.tzinfo is not self')
        offset = dt.utcoffset()
        if offset is None:
            raise ValueError('fromutc: non-None utcoffset() result required')
        dst = dt.dst()
        if dst is None:
            raise ValueError('fromutc: non-None dst() result required')
        delta = offset - dst
        if delta:
            dt += delta
            dst = dt.dst()
            if dst is None:
                raise ValueError('fromutc: tz.dst() gave inconsistent results; cannot convert')
        return dt + dst


class timezone(tzinfo):
    """A zone at a fixed distance from UTC."""

    __slots__ = '_offset', '_name'

    def __new__(cls, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError('timezone() argument 1 must be datetime.timedelta, not %s' % type(offset).__name__)
        if name is not None and not isinstance(name, str):
            raise TypeError('timezone() argument 2 must be str, not %s' % type(name).__name__)
        if not -timedelta(1) < offset < timedelta(1):
            raise ValueError('offset must be a timedelta strictly between -timedelta(hours=24) and '
                             'timedelta(hours=24), not %r.' % offset)
        if offset._microseconds or offset._seconds % 60:
            raise ValueError('offset must be a timedelta representing a whole number of minutes, not %r.' % offset)
        if name is None and not offset and hasattr(cls, 'utc'):
            return cls.utc
        self = tzinfo.__new__(cls)
        self._offset, self._name = offset, name
        return self

    def utcoffset(self, dt):
        return self._offset

    def dst(self, dt):
        return None

    def tzname(self, dt):
        return 'UTC' + _offset_text(self._offset, True) if self._name is None else self._name

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime instance')
        if dt.tzinfo is not self:
            raise ValueError('fromutc: dt.tzinfo is not self')
        return dt + self._offset

    def __eq__(self, other):
        return isinstance(other, timezone) and self._offset == other._offset

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if self is self.utc:
            return 'datetime.timezone.utc'
        name = '' if self._name is None else ', %r' % self._name
        return 'datetime.timezone(%r%s)' % (self._offset, name)

    def __str__(self):
        return self.tzname(None)

    def __reduce__(self):
        return timezone, (self._offset,) if self._name is None else (self._offset, self._name)


def _offset_text(offset, always=False, colon=':'):
    if offset is None:
        return ''
    minutes = offset._all() // 60000000
    sign = '-' if minutes < 0 else '+'
    return '%s%02d%s%02d' % ((sign,) + divmod(abs(minutes), 60)[:1] + (colon,) + divmod(abs(minutes), 60)[1:])


timezone.utc = timezone(timedelta(0), 'UTC')
timezone.min = timezone(-timedelta(hours=23, minutes=59))
timezone.max = timezone(timedelta(hours=23, minutes=59))


def _strftime(obj, format, fields):
    """`%f`, `%z` and `%Z` are ours, the rest is the system's."""
    out, at = [], 0
    while at < len(format):
        c = format[at]
        at += 1
        if c != '%' or at == len(format):
            out.append(c)
            continue
        kind = format[at]
        at += 1
        if kind == 'f':
            out.append('%06d' % getattr(obj, 'microsecond', 0))
        elif kind == 'z':
            offset = obj.utcoffset() if hasattr(obj, 'utcoffset') else None
            out.append(_offset_text(offset, colon=''))
        elif kind == 'Z':
            name = obj.tzname() if hasattr(obj, 'tzname') else None
            out.append((name or '').replace('%', '%%'))
        else:
            out.append('%' + kind)
    return _time.strftime(''.join(out), fields)


class date:
    """A day."""

    __slots__ = '_year', '_month', '_day', '_hash'

    def __new__(cls, year, month, day):
        year, month, day = _check_date(year, month, day)
        self = object.__new__(cls)
        self._year, self._month, self._day, self._hash = year, month, day, None
        return self

    @classmethod
    def fromtimestamp(cls, timestamp):
        return cls(*_time.localtime(timestamp)[:3])

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromordinal(cls, n):
        n = _index(n)
        if n < 1:
            raise ValueError('ordinal must be >= 1')
        if n > 3652059:
            raise ValueError('year is out of range')
        return cls(*_ord2ymd(n))

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    def __repr__(self):
        name = self.__class__.__module__ + '.' + self.__class__.__qualname__
        return '%s(%d, %d, %d)' % (name, self._year, self._month, self._day)

    def isoformat(self):
        return '%04d-%02d-%02d' % (self._year, self._month, self._day)

    __str__ = isoformat

    def ctime(self):
        return '%s %s %2d 00:00:00 %04d' % (_days[self.isoweekday()], _months[self._month], self._day, self._year)

    def strftime(self, format):
        return _strftime(self, format, self.timetuple())

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError('must be str, not %s' % type(spec).__name__)
        return self.strftime(spec) if spec else str(self)

    def toordinal(self):
        return _ymd2ord(self._year, self._month, self._day)

    def timetuple(self):
        yday = _before_month(self._year, self._month) + self._day
        return _time.struct_time((self._year, self._month, self._day, 0, 0, 0, self.weekday(), yday, -1))

    def replace(self, year=None, month=None, day=None):
        return date(self._year if year is None else year, self._month if month is None else month,
                    self._day if day is None else day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        """Year, week and weekday of ISO 8601: a week belongs to the year that its Thursday is in."""
        thursday = self.toordinal() - self.weekday() + 3
        year = _ord2ymd(thursday)[0] if 1 <= thursday <= 3652059 else self._year + (1 if thursday > 1 else -1)
        return year, (thursday - _before_year(year) - 1) // 7 + 1, self.isoweekday()

    def _key(self):
        return self._year, self._month, self._day

    def _comparable(self, other):
        return isinstance(other, date) and not isinstance(other, datetime)

    def __eq__(self, other):
        return self._key() == other._key() if self._comparable(other) else NotImplemented

    def _order(self, other):
        if self._comparable(other):
            return self._key(), other._key()
        if hasattr(other, 'timetuple') and not isinstance(other, datetime):
            return None
        _no_order(self, other)

    def __lt__(self, other):
        both = self._order(other)
        return NotImplemented if both is None else both[0] < both[1]

    def __le__(self, other):
        both = self._order(other)
        return NotImplemented if both is None else both[0] <= both[1]

    def __gt__(self, other):
        both = self._order(other)
        return NotImplemented if both is None else both[0] > both[1]

    def __ge__(self, other):
        both = self._order(other)
        return NotImplemented if both is None else both[0] >= both[1]

    def __hash__(self):
        if self._hash is None:
            self._hash = hash(self._key())
        return self._hash

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        n = self.toordinal() + other.days
        if not 0 < n <= 3652059:
            raise OverflowError('date value out of range')
        return date.fromordinal(n)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other.days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented

    def __reduce__(self):
        return self.__class__, self._key()


date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(1)


class time:
    """A time of day."""

    __slots__ = '_hour', '_minute', '_second', '_microsecond', '_tzinfo', '_hash'

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        values = _check_time(hour, minute, second, microsecond)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._hour, self._minute, self._second, self._microsecond = values
        self._tzinfo, self._hash = tzinfo, None
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(None)

    def dst(self):
        return None if self._tzinfo is None else self._tzinfo.dst(None)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(None)

    def isoformat(self):
        return _clock(self) + _offset_text(self.utcoffset())

    __str__ = isoformat

    def __repr__(self):
        parts = [self._hour, self._minute]
        if self._second or self._microsecond:
            parts.append(self._second)
        if self._microsecond:
            parts.append(self._microsecond)
        text = ', '.join(map(str, parts))
        if self._tzinfo is not None:
            text += ', tzinfo=%r' % self._tzinfo
        return '%s.%s(%s)' % (self.__class__.__module__, self.__class__.__qualname__, text)

    def strftime(self, format):
        return _strftime(self, format, _time.struct_time(
            (1900, 1, 1, self._hour, self._minute, self._second, 0, 1, -1)))

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError('must be str, not %s' % type(spec).__name__)
        return self.strftime(spec) if spec else str(self)

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True):
        return time(self._hour if hour is None else hour, self._minute if minute is None else minute,
                    self._second if second is None else second,
                    self._microsecond if microsecond is None else microsecond,
                    self._tzinfo if tzinfo is True else tzinfo)

    def _key(self):
        offset = self.utcoffset()
        of_day = ((self._hour * 60 + self._minute) * 60 + self._second) * 1000000 + self._microsecond
        return of_day if offset is None else of_day - offset._all()

    def _order(self, other):
        if not isinstance(other, time):
            _no_order(self, other)
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't compare offset-naive and offset-aware times")
        return self._key(), other._key()

    def __eq__(self, other):
        if not isinstance(other, time) or (self.utcoffset() is None) != (other.utcoffset() is None):
            return False
        return self._key() == other._key()

    def __lt__(self, other):
        a, b = self._order(other)
        return a < b

    def __le__(self, other):
        a, b = self._order(other)
        return a <= b

    def __gt__(self, other):
        a, b = self._order(other)
        return a > b

    def __ge__(self, other):
        a, b = self._order(other)
        return a >= b

    def __hash__(self):
        if self._hash is None:
            self._hash = hash(self._key())
        return self._hash

    def __reduce__(self):
        values = self._hour, self._minute, self._second, self._microsecond
        return time, values if self._tzinfo is None else values + (self._tzinfo,)


def _clock(t):
    text = '%02d:%02d:%02d' % (t.hour, t.minute, t.second)
    return text + '.%06d' % t.microsecond if t.microsecond else text


time.min = time(0, 0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)
_time_class, _tzinfo_class = time, tzinfo


class datetime(date):
    """A day and a time of it."""

    __slots__ = '_hour', '_minute', '_second', '_microsecond', '_tzinfo'

    def __new__(cls, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        y, m, d = _check_date(year, month, day)
        values = _check_time(hour, minute, second, microsecond)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._year, self._month, self._day, self._hash = y, m, d, None
        self._hour, self._minute, self._second, self._microsecond = values
        self._tzinfo = tzinfo
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)

    @classmethod
    def _at(cls, timestamp, convert, tz):
        whole = _math.floor(timestamp)
        # Half microseconds go up, as in 3.5.
        micro = _math.floor((timestamp - whole) * 1e6 + 0.5)
        if micro >= 1000000:
            whole, micro = whole + 1, micro - 1000000
        y, m, d, hh, mm, ss = convert(whole)[:6]
        return cls(y, m, d, hh, mm, min(ss, 59), micro, tz)

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        _check_tzinfo(tz)
        if tz is None:
            return cls._at(timestamp, _time.localtime, None)
        return tz.fromutc(cls._at(timestamp, _time.gmtime, tz))

    @classmethod
    def utcfromtimestamp(cls, timestamp):
        return cls._at(timestamp, _time.gmtime, None)

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.utcfromtimestamp(_time.time())

    @classmethod
    def combine(cls, date, time):
        if not isinstance(date, _date_class):
            raise TypeError('combine() argument 1 must be datetime.date, not %s' % type(date).__name__)
        if not isinstance(time, _time_class):
            raise TypeError('combine() argument 2 must be datetime.time, not %s' % type(time).__name__)
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond,
                   time.tzinfo)

    @classmethod
    def strptime(cls, date_string, format):
        from _strptime import parse
        values, zone = parse(date_string, format)
        tz = None if zone is None else timezone(timedelta(minutes=zone[0]), *zone[1:])
        return cls(*values + (tz,))

    def timetuple(self):
        dst = self.dst()
        dst = -1 if dst is None else 1 if dst else 0
        yday = _before_month(self._year, self._month) + self._day
        return _time.struct_time((self._year, self._month, self._day, self._hour, self._minute, self._second,
                                  self.weekday(), yday, dst))

    def timestamp(self):
        if self._tzinfo is None:
            return _time.mktime(self.timetuple()[:8] + (-1,)) + self._microsecond / 1e6
        return (self - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()

    def utctimetuple(self):
        offset = self.utcoffset()
        at = self - offset if offset else self
        fields = datetime(*at._fields()).timetuple()
        return _time.struct_time(tuple(fields)[:8] + (0,))

    def date(self):
        return _date_class(self._year, self._month, self._day)

    def time(self):
        return _time_class(self._hour, self._minute, self._second, self._microsecond)

    def timetz(self):
        return _time_class(self._hour, self._minute, self._second, self._microsecond, self._tzinfo)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None,
                tzinfo=True):
        given = year, month, day, hour, minute, second, microsecond
        values = [old if new is None else new for old, new in zip(self._fields(), given)]
        return datetime(*values, tzinfo=self._tzinfo if tzinfo is True else tzinfo)

    def astimezone(self, tz=None):
        if tz is None:
            stamp = self.timestamp()
            away = datetime.fromtimestamp(stamp) - datetime.utcfromtimestamp(stamp)
            tz = timezone(away, _time.strftime('%Z', _time.localtime(stamp)))
        elif not isinstance(tz, _tzinfo_class):
            raise TypeError('tz argument must be an instance of tzinfo')
        if tz is self._tzinfo:
            return self
        offset = self.utcoffset()
        if offset is None:
            raise ValueError('astimezone() cannot be applied to a naive datetime')
        return tz.fromutc((self - offset).replace(tzinfo=tz))

    def ctime(self):
        return '%s %s %2d %02d:%02d:%02d %04d' % (_days[self.isoweekday()], _months[self._month], self._day,
                                                  self._hour, self._minute, self._second, self._year)

    def isoformat(self, sep='T'):
        return '%04d-%02d-%02d%s%s%s' % (self._year, self._month, self._day, sep, _clock(self),
                                         _offset_text(self.utcoffset()))

    def __str__(self):
        return self.isoformat(' ')

    def __repr__(self):
        values = list(self._fields())
        while len(values) > 5 and values[-1] == 0:
            values.pop()
        text = ', '.join(map(str, values))
        if self._tzinfo is not None:
            text += ', tzinfo=%r' % self._tzinfo
        return '%s.%s(%s)' % (self.__class__.__module__, self.__class__.__qualname__, text)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(self)

    def dst(self):
        return None if self._tzinfo is None else self._tzinfo.dst(self)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def _fields(self):
        return (self._year, self._month, self._day, self._hour, self._minute, self._second, self._microsecond)

    def _key(self):
        return self._all()

    def _all(self):
        """Microseconds since the first day, by its own clock."""
        of_day = (self._hour * 60 + self._minute) * 60 + self._second
        return (self.toordinal() * 86400 + of_day) * 1000000 + self._microsecond

    def _utc(self):
        offset = self.utcoffset()
        return self._all() if offset is None else self._all() - offset._all()

    def _order(self, other):
        if not isinstance(other, datetime):
            if hasattr(other, 'timetuple') and not isinstance(other, _date_class):
                return None
            _no_order(self, other)
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return self._utc(), other._utc()

    def __eq__(self, other):
        if not isinstance(other, datetime):
            return False if isinstance(other, _date_class) else NotImplemented
        return (self.utcoffset() is None) == (other.utcoffset() is None) and self._utc() == other._utc()

    def __hash__(self):
        if self._hash is None:
            self._hash = hash(self._utc())
        return self._hash

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        days, rest = divmod(self._all() + other._all(), 86400000000)
        if not 0 < days <= 3652059:
            raise OverflowError('date value out of range')
        rest, micro = divmod(rest, 1000000)
        minutes, second = divmod(rest, 60)
        hour, minute = divmod(minutes, 60)
        return datetime(*_ord2ymd(days) + (hour, minute, second, micro), tzinfo=self._tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + -other
        if not isinstance(other, datetime):
            return NotImplemented
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        return timedelta._of(self._utc() - other._utc())

    def __reduce__(self):
        return self.__class__, self._fields() if self._tzinfo is None else self._fields() + (self._tzinfo,)


_date_class = date
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)

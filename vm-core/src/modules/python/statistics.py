"""Averages and measures of spread. Sums are exact: of fractions, made a number of the data's type at the end."""

import math
from collections import Counter
from fractions import Fraction

__all__ = ['StatisticsError', 'pstdev', 'pvariance', 'stdev', 'variance', 'median', 'median_low', 'median_high',
           'median_grouped', 'mean', 'mode']


class StatisticsError(ValueError):
    """The data are not enough."""


def _ratio(x):
    if isinstance(x, (int, Fraction)):
        return Fraction(x)
    if isinstance(x, float) and not math.isfinite(x):
        return None
    try:
        return Fraction(x)
    except TypeError:
        raise TypeError("can't convert type '{}' to numerator/denominator".format(type(x).__name__)) from None


def _wider(a, b):
    """The type of a sum of both."""
    if a is b or b is int or b is bool:
        return a
    if a is int or a is bool:
        return b
    if issubclass(b, a):
        return b
    if issubclass(a, b):
        return a
    if issubclass(a, int):
        return b
    if issubclass(b, int):
        return a
    if issubclass(a, Fraction) and issubclass(b, float):
        return b
    if issubclass(a, float) and issubclass(b, Fraction):
        return a
    raise TypeError("don't know how to coerce %s and %s" % (a.__name__, b.__name__))


def _sum(data):
    kind, total, odd, count = int, Fraction(0), None, 0
    for x in data:
        kind = _wider(kind, type(x))
        part = _ratio(x)
        if part is None:
            odd = x if odd is None else odd + x
        else:
            total += part
        count += 1
    return kind, total if odd is None else odd, count


def _as(value, kind):
    if type(value) is kind or not isinstance(value, Fraction):
        return value
    if issubclass(kind, int) and value.denominator != 1:
        kind = float
    if issubclass(kind, (int, float)):
        return kind(int(value)) if issubclass(kind, int) else kind(value)
    return kind(value)


def _items(data):
    return list(data) if iter(data) is data else data


def mean(data):
    """The arithmetic mean."""
    data = _items(data)
    if len(data) < 1:
        raise StatisticsError('mean requires at least one data point')
    kind, total, n = _sum(data)
    return _as(total / n, kind)


def median(data):
    """The middle value, or the mean of the two middle ones."""
    data = sorted(data)
    n = len(data)
    if n == 0:
        raise StatisticsError('no median for empty data')
    if n % 2:
        return data[n // 2]
    return (data[n // 2 - 1] + data[n // 2]) / 2


def median_low(data):
    """The middle value, or the smaller of the two."""
    data = sorted(data)
    if not data:
        raise StatisticsError('no median for empty data')
    return data[(len(data) - 1) // 2]


def median_high(data):
    """The middle value, or the larger of the two."""
    data = sorted(data)
    if not data:
        raise StatisticsError('no median for empty data')
    return data[len(data) // 2]


def median_grouped(data, interval=1):
    """The median of data that stand for intervals of this width."""
    data = sorted(data)
    n = len(data)
    if n == 0:
        raise StatisticsError('no median for empty data')
    if n == 1:
        return data[0]
    x = data[n // 2]
    for part in (x, interval):
        if isinstance(part, (str, bytes)):
            raise TypeError('expected number but got %r' % part)
    below = sum(1 for y in data if y < x)
    equal = sum(1 for y in data if y == x)
    return x - interval / 2 + interval * (n / 2 - below) / equal


def mode(data):
    """The most frequent value, if one is."""
    table = Counter(iter(data)).most_common()
    if not table:
        raise StatisticsError('no mode for empty data')
    best = [x for x, n in table if n == table[0][1]]
    if len(best) > 1:
        raise StatisticsError('no unique mode; found %d equally common values' % len(best))
    return best[0]


def _squares(data, c):
    if c is None:
        c = mean(data)
    kind, total, n = _sum((x - c) ** 2 for x in data)
    _, rest, _ = _sum(x - c for x in data)
    return kind, total - rest ** 2 / len(data)


def variance(data, xbar=None):
    """The variance of a sample."""
    data = _items(data)
    if len(data) < 2:
        raise StatisticsError('variance requires at least two data points')
    kind, total = _squares(data, xbar)
    return _as(total / (len(data) - 1), kind)


def pvariance(data, mu=None):
    """The variance of a whole population."""
    data = _items(data)
    if len(data) < 1:
        raise StatisticsError('pvariance requires at least one data point')
    kind, total = _squares(data, mu)
    return _as(total / len(data), kind)


def stdev(data, xbar=None):
    """The standard deviation of a sample."""
    return math.sqrt(variance(data, xbar))


def pstdev(data, mu=None):
    """The standard deviation of a whole population."""
    return math.sqrt(pvariance(data, mu))

"""Functions of complex numbers."""

import math as _math

pi, e = _math.pi, _math.e


def _c(z):
    return complex(z)


def phase(z):
    z = _c(z)
    return _math.atan2(z.imag, z.real)


def polar(z):
    z = _c(z)
    return abs(z), phase(z)


def rect(r, phi):
    return complex(r * _math.cos(phi) if phi else r, r * _math.sin(phi) if phi else 0.0 * phi)


def isfinite(z):
    z = _c(z)
    return _math.isfinite(z.real) and _math.isfinite(z.imag)


def isinf(z):
    z = _c(z)
    return _math.isinf(z.real) or _math.isinf(z.imag)


def isnan(z):
    z = _c(z)
    return _math.isnan(z.real) or _math.isnan(z.imag)


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0 or abs_tol < 0:
        raise ValueError('tolerances must be non-negative')
    a, b = _c(a), _c(b)
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    difference = abs(a - b)
    return difference <= abs(rel_tol * b) or difference <= abs(rel_tol * a) or difference <= abs_tol


def sqrt(z):
    z = _c(z)
    x, y = z.real, z.imag
    if x == 0 and y == 0:
        return complex(0.0, y)
    ax = abs(x) / 8.0
    s = 2.0 * _math.sqrt(ax + _math.hypot(ax, abs(y) / 8.0))
    d = abs(y) / (2.0 * s)
    return complex(s, _math.copysign(d, y)) if x >= 0 else complex(d, _math.copysign(s, y))


def exp(z):
    z = _c(z)
    size = _math.exp(z.real)
    return complex(size * _math.cos(z.imag), size * _math.sin(z.imag))


def log(z, base=None):
    z = _c(z)
    if z == 0:
        raise ValueError('math domain error')
    size = _math.hypot(z.real, z.imag)
    if 0.71 <= size <= 1.73:
        big, small = max(abs(z.real), abs(z.imag)), min(abs(z.real), abs(z.imag))
        real = _math.log1p((big - 1) * (big + 1) + small * small) / 2.0
    else:
        real = _math.log(size)
    found = complex(real, _math.atan2(z.imag, z.real))
    return found if base is None else found / log(base)


def log10(z):
    found = log(z)
    return complex(found.real / _math.log(10.0), found.imag / _math.log(10.0))


def sinh(z):
    z = _c(z)
    return complex(_math.cos(z.imag) * _math.sinh(z.real), _math.sin(z.imag) * _math.cosh(z.real))


def cosh(z):
    z = _c(z)
    return complex(_math.cos(z.imag) * _math.cosh(z.real), _math.sin(z.imag) * _math.sinh(z.real))


def tanh(z):
    z = _c(z)
    if abs(z.real) > 300:
        return complex(_math.copysign(1.0, z.real), 4.0 * _math.sin(z.imag) * _math.cos(z.imag) * _math.exp(-2.0 * abs(z.real)))
    tx, ty = _math.tanh(z.real), _math.tan(z.imag)
    cx = 1.0 / _math.cosh(z.real)
    denominator = 1.0 + (tx * ty) ** 2
    return complex(tx * (1.0 + ty * ty) / denominator, (ty / denominator) * cx * cx)


def sin(z):
    s = sinh(complex(-_c(z).imag, _c(z).real))
    return complex(s.imag, -s.real)


def cos(z):
    return cosh(complex(-_c(z).imag, _c(z).real))


def tan(z):
    s = tanh(complex(-_c(z).imag, _c(z).real))
    return complex(s.imag, -s.real)


def acos(z):
    z = _c(z)
    a, b = sqrt(complex(1.0 - z.real, -z.imag)), sqrt(complex(1.0 + z.real, z.imag))
    return complex(2.0 * _math.atan2(a.real, b.real), _math.asinh(b.real * a.imag - b.imag * a.real))


def acosh(z):
    z = _c(z)
    a, b = sqrt(complex(z.real - 1.0, z.imag)), sqrt(complex(z.real + 1.0, z.imag))
    return complex(_math.asinh(a.real * b.real + a.imag * b.imag), 2.0 * _math.atan2(a.imag, b.real))


def asinh(z):
    z = _c(z)
    a, b = sqrt(complex(1.0 + z.imag, -z.real)), sqrt(complex(1.0 - z.imag, z.real))
    return complex(_math.asinh(a.real * b.imag - b.real * a.imag),
                   _math.atan2(z.imag, a.real * b.real - a.imag * b.imag))


def asin(z):
    s = asinh(complex(-_c(z).imag, _c(z).real))
    return complex(s.imag, -s.real)


def atanh(z):
    z = _c(z)
    x, y = z.real, z.imag
    if x < 0 or x == 0 and _math.copysign(1.0, x) < 0:
        found = atanh(-z)
        return complex(-found.real, -found.imag)
    if x == 1.0 and y == 0:
        raise ValueError('math domain error')
    real = _math.log1p(4.0 * x / ((1 - x) ** 2 + y * y)) / 4.0
    return complex(real, -_math.atan2(-2.0 * y, (1 - x) * (1 + x) - y * y) / 2.0)


def atan(z):
    s = atanh(complex(-_c(z).imag, _c(z).real))
    return complex(s.imag, -s.real)

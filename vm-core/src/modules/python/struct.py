"""Numbers and bytes packed into bytes."""

import math

__all__ = ['calcsize', 'pack', 'pack_into', 'unpack', 'unpack_from', 'iter_unpack', 'Struct', 'error']


class error(Exception):
    """What cannot be packed or unpacked."""

    __module__ = 'struct'


# Size, native alignment, whether signed (None: no integer).
_CODES = {
    'x': (1, 1, None), 'c': (1, 1, None), 's': (1, 1, None), 'p': (1, 1, None), '?': (1, 1, None),
    'b': (1, 1, True), 'B': (1, 1, False), 'h': (2, 2, True), 'H': (2, 2, False),
    'i': (4, 4, True), 'I': (4, 4, False), 'l': (4, 4, True), 'L': (4, 4, False),
    'q': (8, 8, True), 'Q': (8, 8, False), 'f': (4, 4, None), 'd': (8, 8, None),
}
_NATIVE = dict(_CODES, l=(8, 8, True), L=(8, 8, False), n=(8, 8, True), N=(8, 8, False),
               P=(8, 8, False))

_FLOATS = {4: (8, 23), 8: (11, 52)}


def _float_bits(x, size):
    """A float as the integer that has its bits."""
    exponent_bits, fraction_bits = _FLOATS[size]
    bias = (1 << exponent_bits - 1) - 1
    sign = 1 if math.copysign(1.0, x) < 0 else 0
    if math.isnan(x):
        exponent, fraction = (1 << exponent_bits) - 1, 1 << fraction_bits - 1
    elif math.isinf(x):
        exponent, fraction = (1 << exponent_bits) - 1, 0
    elif x == 0:
        exponent = fraction = 0
    else:
        mantissa, exponent = math.frexp(abs(x))
        exponent += bias - 1
        if exponent > 0:
            fraction = math.ldexp(mantissa, fraction_bits + 1)
        else:
            fraction = math.ldexp(mantissa, fraction_bits + exponent)
        # Half way cases go to the even number.
        fraction = round(fraction)
        if exponent > 0:
            fraction -= 1 << fraction_bits
        else:
            exponent = 0
        if fraction >> fraction_bits:
            exponent, fraction = exponent + 1, fraction - (1 << fraction_bits)
        if exponent >= (1 << exponent_bits) - 1:
            raise OverflowError('float too large to pack with %s format'
                                % ('f' if size == 4 else 'd'))
    return (sign << exponent_bits | exponent) << fraction_bits | fraction


def _float_of(bits, size):
    """The float with these bits."""
    exponent_bits, fraction_bits = _FLOATS[size]
    bias = (1 << exponent_bits - 1) - 1
    fraction = bits & (1 << fraction_bits) - 1
    exponent = bits >> fraction_bits & (1 << exponent_bits) - 1
    if exponent == (1 << exponent_bits) - 1:
        x = math.nan if fraction else math.inf
    elif exponent:
        x = math.ldexp(fraction | 1 << fraction_bits, exponent - bias - fraction_bits)
    else:
        x = math.ldexp(fraction, 1 - bias - fraction_bits)
    return -x if bits >> exponent_bits + fraction_bits else x


class Struct:
    """A format, read once."""

    def __init__(self, format):
        if isinstance(format, str):
            text = format
            format = format.encode('ascii')
        elif isinstance(format, bytes):
            text = format.decode('latin-1')
        else:
            raise TypeError('Struct() argument 1 must be a str or bytes object, not %s'
                            % type(format).__name__)
        self.format = format
        order, native, aligned = 'little', True, True
        start = 0
        if text[:1] in ('@', '=', '<', '>', '!') and text:
            start = 1
            aligned = native = text[0] == '@'
            if text[0] in '>!':
                order = 'big'
        self._order, self._native = order, native
        codes = _NATIVE if native else _CODES
        # Code, count or length, offset, size of one.
        self._fields = fields = []
        size = items = 0
        at = start
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            digits = at
            while at < len(text) and '0' <= text[at] <= '9':
                at += 1
            if at == len(text):
                raise error('repeat count given without format specifier')
            count = int(text[digits:at]) if at > digits else 1
            code = text[at]
            at += 1
            if code not in codes:
                raise error('bad char in struct format')
            width, alignment, _ = codes[code]
            if aligned:
                size = (size + alignment - 1) // alignment * alignment
            fields.append((code, count, size, width, codes[code][2]))
            size += width * count
            items += 0 if code == 'x' else 1 if code in 'sp' else count
        self.size = size
        self._items = items

    def pack(self, *values):
        if len(values) != self._items:
            raise error('pack expected %d items for packing (got %d)' % (self._items, len(values)))
        result = bytearray(self.size)
        values = iter(values)
        for code, count, offset, width, signed in self._fields:
            if code == 'x':
                continue
            if code in 'sp':
                value = next(values)
                if not isinstance(value, (bytes, bytearray)):
                    raise error("argument for '%s' must be a bytes object" % code)
                if code == 'p':
                    if count:
                        value = value[:min(count - 1, 255)]
                        result[offset:offset + 1 + len(value)] = bytes([len(value)]) + value
                else:
                    value = value[:count]
                    result[offset:offset + len(value)] = value
                continue
            for _ in range(count):
                result[offset:offset + width] = self._one(code, next(values), width, signed)
                offset += width
        return bytes(result)

    def _one(self, code, value, width, signed):
        if code == 'c':
            if not isinstance(value, bytes) or len(value) != 1:
                raise error('char format requires a bytes object of length 1')
            return value
        if code == '?':
            return b'\x01' if value else b'\0'
        if code in 'fd':
            if not hasattr(value, '__float__'):
                raise error('required argument is not a float')
            value = float(value)
            try:
                bits = _float_bits(value, width)
            except OverflowError:
                # The machine's own conversion gives an infinity.
                if not self._native:
                    raise
                bits = _float_bits(math.copysign(math.inf, value), width)
            return bits.to_bytes(width, self._order)
        if not isinstance(value, int):
            if not hasattr(value, '__index__'):
                raise error('required argument is not an integer')
            value = value.__index__()
        try:
            return value.to_bytes(width, self._order, signed=signed)
        except OverflowError:
            pass
        if code in 'bBhH':
            low, high = (-1 << 8 * width - 1, 1 << 8 * width - 1) if signed else (0, 1 << 8 * width)
            name = {'b': 'byte', 'B': 'ubyte', 'h': 'short', 'H': 'ushort'}[code]
            if code in 'bB':
                raise error('%s format requires %d <= number <= %d' % (name, low, high - 1))
            shown = ('(-0x7fff - 1) <= number <= 0x7fff' if signed
                     else '0 <= number <= (0x7fff * 2 + 1)')
            raise error('%s format requires %s' % (name, shown))
        if width == 8:
            raise error('int too large to convert')
        low, high = (-2147483648, 2147483647) if signed else (0, 4294967295)
        raise error("'%s' format requires %d <= number <= %d" % (code, low, high))

    def pack_into(self, buffer, offset, *values):
        packed = self.pack(*values)
        if offset < 0:
            offset += len(buffer)
        if offset < 0 or len(buffer) - offset < self.size:
            raise error('pack_into requires a buffer of at least %d bytes' % self.size)
        buffer[offset:offset + self.size] = packed

    def unpack(self, buffer):
        if len(buffer) != self.size:
            raise error('unpack requires a bytes object of length %d' % self.size)
        return self._read(buffer, 0)

    def unpack_from(self, buffer, offset=0):
        if offset < 0:
            offset += len(buffer)
        if offset < 0 or len(buffer) - offset < self.size:
            raise error('unpack_from requires a buffer of at least %d bytes' % self.size)
        return self._read(buffer, offset)

    def iter_unpack(self, buffer):
        if not self.size:
            raise error('cannot iteratively unpack with a struct of length 0')
        if len(buffer) % self.size:
            raise error('iterative unpacking requires a bytes length multiple of %d' % self.size)
        return (self._read(buffer, at) for at in range(0, len(buffer), self.size))

    def _read(self, buffer, start):
        order = self._order
        result = []
        for code, count, offset, width, signed in self._fields:
            if code == 'x':
                continue
            at = start + offset
            if code == 's':
                result.append(bytes(buffer[at:at + count]))
            elif code == 'p':
                length = min(buffer[at], count - 1) if count else 0
                result.append(bytes(buffer[at + 1:at + 1 + length]))
            else:
                for at in range(at, at + count * width, width):
                    raw = bytes(buffer[at:at + width])
                    if code == 'c':
                        result.append(raw)
                    elif code == '?':
                        result.append(raw != b'\0')
                    elif code in 'fd':
                        result.append(_float_of(int.from_bytes(raw, order), width))
                    else:
                        result.append(int.from_bytes(raw, order, signed=signed))
        return tuple(result)


_cache = {}


def _struct(format):
    found = _cache.get(format)
    if found is None:
        if len(_cache) >= 100:
            _cache.clear()
        found = _cache[format] = Struct(format)
    return found


def calcsize(fmt):
    return _struct(fmt).size


def pack(fmt, *values):
    return _struct(fmt).pack(*values)


def pack_into(fmt, buffer, offset, *values):
    _struct(fmt).pack_into(buffer, offset, *values)


def unpack(fmt, buffer):
    return _struct(fmt).unpack(buffer)


def unpack_from(fmt, buffer, offset=0):
    return _struct(fmt).unpack_from(buffer, offset)


def iter_unpack(fmt, buffer):
    return _struct(fmt).iter_unpack(buffer)

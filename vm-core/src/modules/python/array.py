"""Arrays of numbers of one kind."""

import sys

__all__ = ['array', 'ArrayType', 'typecodes']

typecodes = 'bBuhHiIlLqQfd'

# Size in bytes, least and greatest number (None: floats).
_INTS = {'b': 1, 'h': 2, 'i': 4, 'l': 8, 'q': 8}
_KINDS = {'f': (4, None, None), 'd': (8, None, None), 'u': (4, None, None)}
for _code, _size in _INTS.items():
    _KINDS[_code] = (_size, -1 << 8 * _size - 1, (1 << 8 * _size - 1) - 1)
    _KINDS[_code.upper()] = (_size, 0, (1 << 8 * _size) - 1)

_NAMES = {'b': 'signed char', 'B': 'unsigned byte integer', 'h': 'signed short integer',
          'H': 'unsigned short', 'i': 'signed integer'}


class array:
    """A sequence of numbers (or characters) of one kind."""

    __module__ = 'array'
    __slots__ = ('typecode', 'itemsize', '_items', '_low', '_high', '__weakref__')
    __hash__ = None

    def __new__(cls, typecode, initializer=()):
        if not isinstance(typecode, str) or len(typecode) != 1:
            raise TypeError('array() argument 1 must be a unicode character, not %s'
                            % type(typecode).__name__)
        if typecode not in _KINDS:
            raise ValueError('bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)')
        self = super().__new__(cls)
        self.typecode = typecode
        self.itemsize, self._low, self._high = _KINDS[typecode]
        self._items = []
        if isinstance(initializer, str):
            if typecode != 'u':
                raise TypeError("cannot use a str to initialize an array with typecode '%s'"
                                % typecode)
            self._items = list(initializer)
        elif isinstance(initializer, (bytes, bytearray)):
            self.frombytes(initializer)
        else:
            self.extend(initializer)
        return self

    def _one(self, value):
        code = self.typecode
        if self._low is not None:
            if not isinstance(value, int):
                if not hasattr(value, '__index__'):
                    if isinstance(value, float):
                        raise TypeError('integer argument expected, got float')
                    raise TypeError('an integer is required (got type %s)' % type(value).__name__)
                value = value.__index__()
            value = int(value)
            if self._low <= value <= self._high:
                return value
            if code in _NAMES:
                word = 'less than minimum' if value < self._low else 'greater than maximum'
                raise OverflowError('%s is %s' % (_NAMES[code], word))
            if value < 0 and not self._low:
                raise OverflowError("can't convert negative value to unsigned int")
            raise OverflowError('Python int too large to convert to C %s'
                                % ('long' if code in 'lq' else 'unsigned long'))
        if code == 'u':
            if not isinstance(value, str) or len(value) != 1:
                raise TypeError('array item must be unicode character')
            return value
        if not hasattr(value, '__float__'):
            raise TypeError('must be real number, not %s' % type(value).__name__)
        value = float(value)
        if code == 'f':
            import struct
            value = struct.unpack('f', struct.pack('f', value))[0]
        return value

    def _made(self, items):
        new = array(self.typecode)
        new._items = items
        return new

    def append(self, x):
        self._items.append(self._one(x))

    def extend(self, iterable):
        if isinstance(iterable, array):
            if iterable.typecode != self.typecode:
                raise TypeError('can only extend with array of same kind')
            self._items.extend(iterable._items)
            return
        one, append = self._one, self._items.append
        for x in iterable:
            append(one(x))

    def fromlist(self, list):
        self._items.extend([self._one(x) for x in list])

    def insert(self, i, x):
        self._items.insert(i, self._one(x))

    def pop(self, i=-1):
        if not self._items:
            raise IndexError('pop from empty array')
        if not -len(self._items) <= i < len(self._items):
            raise IndexError('pop index out of range')
        return self._items.pop(i)

    def remove(self, x):
        if x not in self._items:
            raise ValueError('array.remove(x): x not in list')
        self._items.remove(x)

    def index(self, x):
        if x not in self._items:
            raise ValueError('array.index(x): x not in list')
        return self._items.index(x)

    def count(self, x):
        return self._items.count(x)

    def reverse(self):
        self._items.reverse()

    def tolist(self):
        return list(self._items)

    def tounicode(self):
        if self.typecode != 'u':
            raise ValueError('tounicode() may only be called on unicode type arrays')
        return ''.join(self._items)

    def tobytes(self):
        if self._low is not None:
            size, signed = self.itemsize, self._low < 0
            return b''.join([x.to_bytes(size, sys.byteorder, signed=signed) for x in self._items])
        if self.typecode == 'u':
            return ''.join(self._items).encode('utf-32-' + sys.byteorder[0] + 'e')
        import struct
        return struct.pack('%d%s' % (len(self._items), self.typecode), *self._items)

    tostring = tobytes

    def frombytes(self, buffer):
        buffer = bytes(buffer)
        size = self.itemsize
        if len(buffer) % size:
            raise ValueError('bytes length not a multiple of item size')
        if self._low is not None:
            signed = self._low < 0
            self._items.extend([int.from_bytes(buffer[i:i + size], sys.byteorder, signed=signed)
                                for i in range(0, len(buffer), size)])
        elif self.typecode == 'u':
            self._items.extend(buffer.decode('utf-32-' + sys.byteorder[0] + 'e'))
        else:
            import struct
            self._items.extend(struct.unpack('%d%s' % (len(buffer) // size, self.typecode), buffer))

    fromstring = frombytes

    def byteswap(self):
        data = self.tobytes()
        size = self.itemsize
        self._items = []
        self.frombytes(b''.join([data[i:i + size][::-1] for i in range(0, len(data), size)]))

    def buffer_info(self):
        return id(self._items), len(self._items)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __contains__(self, x):
        return x in self._items

    def __getitem__(self, i):
        if isinstance(i, slice):
            return self._made(self._items[i])
        try:
            return self._items[i]
        except IndexError:
            raise IndexError('array index out of range') from None
        except TypeError:
            raise TypeError('array indices must be integers') from None

    def __setitem__(self, i, x):
        if isinstance(i, slice):
            if not isinstance(x, array):
                raise TypeError('can only assign array (not "%s") to array slice'
                                % type(x).__name__)
            if x.typecode != self.typecode:
                raise TypeError('bad argument type for built-in operation')
            self._items[i] = x._items
            return
        x = self._one(x)
        try:
            self._items[i] = x
        except IndexError:
            raise IndexError('array assignment index out of range') from None
        except TypeError:
            raise TypeError('array indices must be integers') from None

    def __delitem__(self, i):
        try:
            del self._items[i]
        except IndexError:
            raise IndexError('array assignment index out of range') from None

    def __add__(self, other):
        if not isinstance(other, array):
            raise TypeError('can only append array (not "%s") to array' % type(other).__name__)
        if other.typecode != self.typecode:
            raise TypeError('bad argument type for built-in operation')
        return self._made(self._items + other._items)

    def __iadd__(self, other):
        if not isinstance(other, array):
            raise TypeError('can only extend with array (not "%s")' % type(other).__name__)
        self.extend(other)
        return self

    def __mul__(self, n):
        if not hasattr(n, '__index__'):
            return NotImplemented
        return self._made(self._items * n)

    __rmul__ = __mul__

    def __imul__(self, n):
        self._items *= n
        return self

    def __eq__(self, other):
        return self._items == other._items if isinstance(other, array) else NotImplemented

    def __ne__(self, other):
        return self._items != other._items if isinstance(other, array) else NotImplemented

    def __lt__(self, other):
        return self._items < other._items if isinstance(other, array) else NotImplemented

    def __le__(self, other):
        return self._items <= other._items if isinstance(other, array) else NotImplemented

    def __gt__(self, other):
        return self._items > other._items if isinstance(other, array) else NotImplemented

    def __ge__(self, other):
        return self._items >= other._items if isinstance(other, array) else NotImplemented

    def __copy__(self):
        return self._made(list(self._items))

    def __deepcopy__(self, memo):
        return self._made(list(self._items))

    def __reduce__(self):
        return array, (self.typecode, list(self._items))

    def __repr__(self):
        if not self._items:
            return "array('%s')" % self.typecode
        shown = repr(''.join(self._items)) if self.typecode == 'u' else repr(self._items)
        return "array('%s', %s)" % (self.typecode, shown)


ArrayType = array

"""Digests: MD5, SHA-1 and SHA-2."""

import _digest

__all__ = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'new', 'algorithms_guaranteed',
           'algorithms_available', 'pbkdf2_hmac']

_sizes = {'md5': (16, 64), 'sha1': (20, 64), 'sha224': (28, 64), 'sha256': (32, 64), 'sha384': (48, 128),
          'sha512': (64, 128)}
algorithms_guaranteed = set(_sizes)
algorithms_available = set(_sizes)


class _Hash:
    """What the constructors give. It keeps what it was given."""

    def __init__(self, name, data):
        self.name = name
        self.digest_size, self.block_size = _sizes[name]
        self._data = bytearray()
        self.update(data)

    def update(self, data):
        if isinstance(data, str):
            raise TypeError('Unicode-objects must be encoded before hashing')
        try:
            data = memoryview(data)
        except TypeError:
            raise TypeError('object supporting the buffer API required') from None
        self._data += data

    def digest(self):
        return _digest.digest(self.name, self._data)

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        return _Hash(self.name, self._data)

    def __repr__(self):
        return '<%s HASH object @ %#x>' % (self.name, id(self))


def _constructor(name):
    def make(string=b''):
        return _Hash(name, string)
    make.__name__ = make.__qualname__ = 'openssl_' + name
    return make


for _name in _sizes:
    globals()[_name] = _constructor(_name)
del _name


def new(name, data=b''):
    """The hash of that name."""
    if not isinstance(name, str):
        raise TypeError('name must be a string')
    known = name.lower().replace('-', '')
    if known not in _sizes:
        raise ValueError('unsupported hash type ' + name)
    return _Hash(known, data)


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """PBKDF2 (RFC 8018)."""
    import hmac
    if iterations < 1:
        raise ValueError('iteration value must be greater than 0.')
    size = new(hash_name).digest_size
    dklen = size if dklen is None else dklen
    if dklen < 1:
        raise ValueError('key length must be greater than 0.')
    out, block = b'', 1
    while len(out) < dklen:
        u = hmac.new(password, bytes(salt) + block.to_bytes(4, 'big'), hash_name).digest()
        total = int.from_bytes(u, 'big')
        for _ in range(iterations - 1):
            u = hmac.new(password, u, hash_name).digest()
            total ^= int.from_bytes(u, 'big')
        out += total.to_bytes(size, 'big')
        block += 1
    return out[:dklen]

"""Keyed digests (RFC 2104)."""

import hashlib as _hashlib


class HMAC:
    """A digest of a key and a message."""

    blocksize = 64

    def __init__(self, key, msg=None, digestmod=None):
        if not isinstance(key, (bytes, bytearray)):
            raise TypeError('key: expected bytes or bytearray, but got %r' % type(key).__name__)
        if digestmod is None:
            digestmod = 'md5'
        if callable(digestmod):
            make = digestmod
        elif isinstance(digestmod, str):
            def make(data=b''):
                return _hashlib.new(digestmod, data)
        else:
            make = digestmod.new
        self.digest_cons = make
        size = make().block_size
        self.digest_size = make().digest_size
        self.block_size = size
        if len(key) > size:
            key = make(key).digest()
        key = key.ljust(size, b'\0')
        self.outer = make(bytes(b ^ 0x5c for b in key))
        self.inner = make(bytes(b ^ 0x36 for b in key))
        if msg is not None:
            self.update(msg)

    @property
    def name(self):
        return 'hmac-' + self.inner.name

    def update(self, msg):
        self.inner.update(msg)

    def copy(self):
        other = HMAC.__new__(HMAC)
        other.__dict__.update(self.__dict__, inner=self.inner.copy(), outer=self.outer.copy())
        return other

    def digest(self):
        outer = self.outer.copy()
        outer.update(self.inner.digest())
        return outer.digest()

    def hexdigest(self):
        return self.digest().hex()


def new(key, msg=None, digestmod=None):
    return HMAC(key, msg, digestmod)


def compare_digest(a, b):
    """Equality, in a time that does not tell where the difference is."""
    if isinstance(a, str) and isinstance(b, str):
        a, b = a.encode('ascii'), b.encode('ascii')
    difference = len(a) ^ len(b)
    for x, y in zip(a, b):
        difference |= x ^ y
    return difference == 0

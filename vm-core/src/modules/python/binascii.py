"""Bytes as text of several sorts, and checksums."""

import _digest
from _digest import crc32, hexlify

__all__ = ['Error', 'Incomplete', 'a2b_base64', 'a2b_hex', 'b2a_base64', 'b2a_hex', 'crc32', 'crc_hqx', 'hexlify',
           'unhexlify']


class Error(ValueError):
    """Text that is not of its sort."""


class Incomplete(Exception):
    """Text that ends too early."""


def _bytes(data):
    if isinstance(data, str):
        try:
            return data.encode('ascii')
        except UnicodeEncodeError:
            raise ValueError('string argument should contain only ASCII characters') from None
    try:
        return bytes(memoryview(data))
    except TypeError:
        raise TypeError('argument should be bytes, buffer or ASCII string, not %r' % type(data).__name__) from None


def unhexlify(hexstr):
    """Bytes from pairs of hexadecimal digits."""
    text = _bytes(hexstr)
    if len(text) % 2:
        raise Error('Odd-length string')
    found = _digest.unhexlify(text)
    if found is None:
        raise Error('Non-hexadecimal digit found')
    return found


b2a_hex, a2b_hex = hexlify, unhexlify


def b2a_base64(data):
    """A line of base64, with its newline."""
    return _digest.b2a_base64(data) + b'\n'


def a2b_base64(data):
    """Bytes from base64; what is no digit of it is passed over."""
    found = _digest.a2b_base64(_bytes(data))
    if found is None:
        raise Error('Incorrect padding')
    return found


def crc_hqx(data, value):
    """The CRC of CCITT."""
    for byte in memoryview(data):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xffff
    return value

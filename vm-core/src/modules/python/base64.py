"""Base16, Base32 and Base64 (RFC 3548)."""

import binascii
import re

__all__ = ['encode', 'decode', 'encodebytes', 'decodebytes', 'b64encode', 'b64decode', 'b32encode', 'b32decode',
           'b16encode', 'b16decode', 'standard_b64encode', 'standard_b64decode', 'urlsafe_b64encode',
           'urlsafe_b64decode']

MAXLINESIZE = 76
MAXBINSIZE = MAXLINESIZE // 4 * 3


def _ascii(s):
    if isinstance(s, str):
        try:
            return s.encode('ascii')
        except UnicodeEncodeError:
            raise ValueError('string argument should contain only ASCII characters') from None
    if isinstance(s, (bytes, bytearray)):
        return s
    try:
        return memoryview(s).tobytes()
    except TypeError:
        raise TypeError('argument should be a bytes-like object or ASCII string, not %r'
                        % s.__class__.__name__) from None


def b64encode(s, altchars=None):
    encoded = binascii.b2a_base64(s)[:-1]
    if altchars is not None:
        assert len(altchars) == 2, repr(altchars)
        return encoded.translate(bytes.maketrans(b'+/', altchars))
    return encoded


def b64decode(s, altchars=None, validate=False):
    s = _ascii(s)
    if altchars is not None:
        altchars = _ascii(altchars)
        assert len(altchars) == 2, repr(altchars)
        s = s.translate(bytes.maketrans(altchars, b'+/'))
    if validate and not re.match(b'^[A-Za-z0-9+/]*={0,2}$', s):
        raise binascii.Error('Non-base64 digit found')
    return binascii.a2b_base64(s)


def standard_b64encode(s):
    return b64encode(s)


def standard_b64decode(s):
    return b64decode(s)


def urlsafe_b64encode(s):
    return b64encode(s, b'-_')


def urlsafe_b64decode(s):
    return b64decode(s, b'-_')


_alphabet32 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'


def b32encode(s):
    s = bytes(_ascii(s) if not isinstance(s, str) else memoryview(s))
    out = bytearray()
    for at in range(0, len(s), 5):
        group = s[at:at + 5]
        value = int.from_bytes(group.ljust(5, b'\0'), 'big')
        digits = bytes(_alphabet32[value >> shift & 31] for shift in range(35, -1, -5))
        keep = (len(group) * 8 + 4) // 5
        out += digits[:keep].ljust(8, b'=')
    return bytes(out)


def b32decode(s, casefold=False, map01=None):
    s = bytes(_ascii(s))
    if len(s) % 8:
        raise binascii.Error('Incorrect padding')
    if map01 is not None:
        s = s.translate(bytes.maketrans(b'01', b'O' + _ascii(map01)))
    if casefold:
        s = s.upper()
    body = s.rstrip(b'=')
    padding = len(s) - len(body)
    if padding not in (0, 1, 3, 4, 6):
        raise binascii.Error('Incorrect padding')
    out = bytearray()
    body += b'A' * padding
    for at in range(0, len(body), 8):
        value = 0
        for c in body[at:at + 8]:
            digit = _alphabet32.find(c)
            if digit < 0:
                raise binascii.Error('Non-base32 digit found')
            value = value << 5 | digit
        out += value.to_bytes(5, 'big')
    drop = {0: 0, 1: 1, 3: 2, 4: 3, 6: 4}[padding]
    return bytes(out[:len(out) - drop])


def b16encode(s):
    return binascii.hexlify(s).upper()


def b16decode(s, casefold=False):
    s = _ascii(s)
    if casefold:
        s = s.upper()
    if re.search(b'[^0-9A-F]', s):
        raise binascii.Error('Non-base16 digit found')
    return binascii.unhexlify(s)


def encodebytes(s):
    """Lines of base64."""
    s = bytes(memoryview(s))
    return b''.join(binascii.b2a_base64(s[at:at + MAXBINSIZE]) for at in range(0, len(s), MAXBINSIZE))


def decodebytes(s):
    return binascii.a2b_base64(bytes(memoryview(s)))


encodestring, decodestring = encodebytes, decodebytes


def encode(input, output):
    output.write(encodebytes(input.read()))


def decode(input, output):
    output.write(decodebytes(input.read()))

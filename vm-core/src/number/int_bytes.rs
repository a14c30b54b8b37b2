//! `int.to_bytes` and `int.from_bytes`.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, Zero};

use crate::text::error::{OpError, OpResult};

/// The order of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

impl ByteOrder {
    /// The `byteorder` argument.
    pub fn parse(name: &str) -> OpResult<Self> {
        match name {
            "little" => Ok(ByteOrder::Little),
            "big" => Ok(ByteOrder::Big),
            _ => Err(OpError::value("byteorder must be either 'little' or 'big'")),
        }
    }
}

/// `a.to_bytes(length, order, signed=signed)`
pub fn to_bytes(a: &BigInt, length: i64, order: ByteOrder, signed: bool) -> OpResult<Vec<u8>> {
    let length = usize::try_from(length)
        .map_err(|_| OpError::value("length argument must be non-negative"))?;
    if a.is_negative() && !signed {
        return Err(OpError::overflow("can't convert negative int to unsigned"));
    }
    let mut bytes = if a.is_zero() {
        Vec::new()
    } else if signed {
        a.to_signed_bytes_le()
    } else {
        a.to_bytes_le().1
    };
    if bytes.len() > length {
        return Err(OpError::overflow("int too big to convert"));
    }
    if length > crate::text::replace::MAX_LEN {
        return Err(OpError::memory());
    }
    bytes.resize(length, if a.is_negative() { 0xFF } else { 0 });
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(bytes, order, signed=signed)`
pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> BigInt {
    match (order, signed) {
        (ByteOrder::Little, true) => BigInt::from_signed_bytes_le(bytes),
        (ByteOrder::Big, true) => BigInt::from_signed_bytes_be(bytes),
        (ByteOrder::Little, false) => BigInt::from_bytes_le(Sign::Plus, bytes),
        (ByteOrder::Big, false) => BigInt::from_bytes_be(Sign::Plus, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(a: i64, length: i64, order: ByteOrder, signed: bool) -> OpResult<Vec<u8>> {
        to_bytes(&BigInt::from(a), length, order, signed)
    }

    #[test]
    fn to() {
        assert_eq!(bytes(1024, 3, ByteOrder::Big, false), Ok(vec![0, 4, 0]));
        assert_eq!(bytes(-2, 2, ByteOrder::Little, true), Ok(vec![0xFE, 0xFF]));
        assert_eq!(bytes(0, 0, ByteOrder::Big, false), Ok(vec![]));
        assert_eq!(bytes(-128, 1, ByteOrder::Big, true), Ok(vec![0x80]));
        assert_eq!(
            bytes(128, 1, ByteOrder::Big, true).unwrap_err().to_string(),
            "OverflowError: int too big to convert"
        );
        assert_eq!(
            bytes(-1, 9, ByteOrder::Big, false).unwrap_err().message,
            "can't convert negative int to unsigned"
        );
        assert_eq!(
            bytes(1, -1, ByteOrder::Big, false).unwrap_err().to_string(),
            "ValueError: length argument must be non-negative"
        );
        assert!(ByteOrder::parse("middle").is_err());
    }

    #[test]
    fn from() {
        assert_eq!(
            from_bytes(b"\x04\x00", ByteOrder::Big, false),
            BigInt::from(1024)
        );
        assert_eq!(
            from_bytes(b"\xfe\xff", ByteOrder::Little, true),
            BigInt::from(-2)
        );
        assert_eq!(
            from_bytes(b"\xfe\xff", ByteOrder::Little, false),
            BigInt::from(0xFFFE)
        );
        assert_eq!(from_bytes(b"", ByteOrder::Big, true), BigInt::zero());
    }
}

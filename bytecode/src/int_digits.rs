//! Long integers from their digits.

use num_bigint::BigUint;
use num_traits::One;

/// Up to this many digits the quadratic conversion is the faster one.
const LEAF: usize = 1024;

/// The number with these digits, of a base of 2 to 36; zero unless all are valid. Costs about as much as
/// multiplying numbers of this length: long ones are converted by halves.
#[must_use]
pub fn parse_digits(text: &[u8], radix: u32) -> BigUint {
    if radix.is_power_of_two() || text.len() <= LEAF {
        return BigUint::parse_bytes(text, radix).unwrap_or_default();
    }
    // The powers radix ** (LEAF * 2**k), as far as they are needed.
    let mut powers = vec![num_traits::pow(BigUint::from(radix), LEAF)];
    let mut length = LEAF;
    while length * 2 < text.len() {
        let last = &powers[powers.len() - 1];
        powers.push(last * last);
        length *= 2;
    }
    convert(text, radix, &powers)
}

fn convert(text: &[u8], radix: u32, powers: &[BigUint]) -> BigUint {
    let Some((power, smaller)) = powers.split_last() else {
        return BigUint::parse_bytes(text, radix).unwrap_or_default();
    };
    let low = LEAF << smaller.len();
    if text.len() <= low {
        return convert(text, radix, smaller);
    }
    let (head, tail) = text.split_at(text.len() - low);
    let (head, tail) = (convert(head, radix, smaller), convert(tail, radix, smaller));
    if head.is_one() {
        power + tail
    } else {
        head * power + tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_the_whole() {
        for length in [1, 1024, 1025, 2048, 5000] {
            for first in [b'1', b'9', b'0'] {
                let mut text = vec![b'7'; length];
                text[0] = first;
                assert_eq!(
                    Some(parse_digits(&text, 10)),
                    BigUint::parse_bytes(&text, 10)
                );
            }
        }
        assert_eq!(parse_digits(b"ff", 16), BigUint::from(255u32));
    }
}

"""The CRC-32 of two pieces of a file -> that of both: what was summed while it was written is not read again.

A CRC-32 is the remainder of a polynomial over GF(2) whose coefficients are the bits of the data. Bytes that
follow multiply what came before by a power of x, and add their own remainder (as crc32_combine of zlib).
"""

from __future__ import annotations

# The polynomial of zlib's CRC-32; the highest bit of a number is the coefficient of 1.
POLYNOMIAL = 0xEDB8_8320
ONE, X_TO_THE_8 = 1 << 31, 1 << 23


def joined_crc(first: int, second: int, second_bytes: int) -> int:
    """The CRC-32 of data of which the beginning has `first`, and the rest, of so many bytes, `second`."""
    shift, power = ONE, X_TO_THE_8
    while second_bytes:
        if second_bytes & 1:
            shift = _product(shift, power)
        power = _product(power, power)
        second_bytes >>= 1
    return _product(first, shift) ^ second


def _product(one: int, other: int) -> int:
    """The product of two polynomials, modulo POLYNOMIAL."""
    product = 0
    while one:
        if one & ONE:
            product ^= other
        one = one << 1 & 0xFFFF_FFFF
        other = other >> 1 ^ (POLYNOMIAL if other & 1 else 0)
    return product

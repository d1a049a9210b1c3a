"""Packed bits -> how far ones are apart, which compresses better where few are set."""

from __future__ import annotations

import numpy as np


def gaps_of(content: bytes) -> bytes:
    """Return bits as the numbers of zeros before each one.

    The bytes are the length of `content` (uint32, little-endian), then per set bit, from
    the lowest bit of the first byte on, the zeros since the one before: 7 bits a byte, low
    ones first, the highest bit set where more follow.

    Examples
    --------
    >>> gaps_of(bytes([5, 128])).hex(" ")
    '02 00 00 00 00 01 0c'
    """
    bits = np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little")
    gaps = np.diff(np.flatnonzero(bits), prepend=-1) - 1
    parts = np.empty((gaps.size, 5), np.uint8)
    n_bytes = np.ones(gaps.size, np.int64)
    for i in range(5):
        shifted = gaps >> (7 * i)
        more = shifted >= 128
        parts[:, i] = (shifted & 127) | (more.astype(np.int64) << 7)
        n_bytes += more
    kept = np.arange(5) < n_bytes[:, None]
    return np.array([len(content)], "<u4").tobytes() + parts[kept].tobytes()

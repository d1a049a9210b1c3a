"""Images -> small WebP pictures, and blocks of them that a report carries."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from redescribe._lazy import require
from redescribe.errors import ViewError
from redescribe.report.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import AnyArray

LONGEST = 96
"""Pixels of the longest side of a picture at most."""

_QUALITY = 80
_SMALL = 64 * 64
_GREY, _COLOURED = 1, 3


def thumbnail(image: AnyArray, *, longest: int = LONGEST) -> bytes:
    """Return an image as a small WebP picture; the same image gives the same bytes.

    Parameters
    ----------
    image
        ndarray of uint8, of Booleans, or of floats from 0 to 1, shape (h, w), (h, w, 1) or
        (h, w, 3). Floats beyond 0 and 1 are taken for 0 and 1, NaN for 0.
    longest
        Pixels of the longest side; smaller images stay as they are.

    Raises
    ------
    ViewError
        If the array has another shape or type, or no pixels.
    MissingExtraError
        If Pillow is not installed.

    Examples
    --------
    >>> thumbnail(np.zeros((200, 400, 3), np.uint8))[8:12]
    b'WEBP'
    """
    pillow = require("PIL.Image", extra="images", purpose="Making pictures")
    picture = pillow.fromarray(_as_bytes(image))
    picture.thumbnail((longest, longest), pillow.Resampling.LANCZOS)
    candidates = [{"quality": _QUALITY, "method": 4}]
    # Few pixels, or few colours, are smaller without loss.
    if picture.width * picture.height <= _SMALL:
        candidates.append({"lossless": True, "quality": 100, "method": 4})
    return min((_encoded(picture, options) for options in candidates), key=len)


def pictures_block(name: str, pictures: Sequence[bytes]) -> Block:
    """Return pictures as a block: their number and sizes as uint32, then one by one.

    Examples
    --------
    >>> from base64 import b64decode
    >>> from gzip import decompress
    >>> block = pictures_block("pictures-0", [b"ab", b"c"])
    >>> content = decompress(b64decode(block.text))
    >>> np.frombuffer(content[:12], "<u4").tolist(), content[12:]
    ([2, 2, 1], b'abc')
    """
    header = np.array([len(pictures), *map(len, pictures)], "<u4").tobytes()
    return Block.of(name, header + b"".join(pictures))


def _as_bytes(image: AnyArray) -> AnyArray:
    """The image as uint8, shape (h, w) or (h, w, 3)."""
    channels = image.shape[2] if image.ndim == 3 else _GREY
    if image.ndim not in {2, 3} or channels not in {_GREY, _COLOURED} or not image.size:
        em = (
            f"A picture has the shape {image.shape}: give (h, w), (h, w, 1) or (h, w, 3), "
            "with pixels."
        )
        raise ViewError(em)
    if image.dtype.kind not in "bf" and image.dtype != np.uint8:
        em = (
            f"A picture is of type {image.dtype}: give uint8 (0 to 255), or floats from 0 "
            "to 1."
        )
        raise ViewError(em)
    if image.dtype != np.uint8:
        floats = np.nan_to_num(np.asarray(image, np.float64), nan=0.0)
        image = np.rint(np.clip(floats, 0, 1) * 255).astype(np.uint8)
    return np.ascontiguousarray(
        image[..., 0] if channels == _GREY and image.ndim == 3 else image
    )


def _encoded(picture: object, options: Mapping[str, object]) -> bytes:
    stream = BytesIO()
    picture.save(stream, "WEBP", **options)  # type: ignore[attr-defined]  # of Pillow
    return stream.getvalue()

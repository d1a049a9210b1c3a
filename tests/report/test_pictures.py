"""Small pictures are the images that were given."""

from __future__ import annotations

from base64 import b64decode
from gzip import decompress
from io import BytesIO

import numpy as np
import pytest

from redescribe.errors import ViewError
from redescribe.report.pictures import pictures_block, thumbnail

pillow = pytest.importorskip("PIL.Image", reason="Pillow is missing")


def decoded(content: bytes) -> np.ndarray:
    with pillow.open(BytesIO(content)) as image:
        assert image.format == "WEBP"
        return np.asarray(image.convert("RGB"), np.float64)


def test_small_drawings_are_kept_exactly() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[5:9, 10:20] = 255
    np.testing.assert_array_equal(decoded(thumbnail(image)), np.stack([image] * 3, axis=-1))


def test_large_ones_keep_their_form_and_colours() -> None:
    image = np.zeros((100, 300, 3), np.uint8)
    image[:, :150] = (200, 30, 40)
    small = decoded(thumbnail(image))
    assert small.shape == (32, 96, 3)
    np.testing.assert_allclose(small[:, :40].mean(axis=(0, 1)), (200, 30, 40), atol=6)
    np.testing.assert_allclose(small[:, 56:].mean(axis=(0, 1)), 0, atol=6)
    assert decoded(thumbnail(image, longest=30)).shape == (10, 30, 3)


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 1), (6, 5, 3), (1, 1)])
def test_all_types_give_the_same_picture(shape: tuple[int, ...]) -> None:
    mask = np.random.default_rng(1).random(shape) > 0.5
    pictures = {
        thumbnail(mask),
        thumbnail(mask.astype(np.float32)),
        thumbnail(mask.astype(np.uint8) * 255),
        thumbnail(np.where(mask, 7.0, np.nan)),
    }
    assert len(pictures) == 1


@pytest.mark.parametrize("shape", [(4,), (4, 4, 2), (0, 4), (4, 4, 3, 1)])
def test_what_is_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ViewError, match=r"A picture has the shape"):
        thumbnail(np.zeros(shape, np.uint8))


def test_other_types_are_refused() -> None:
    with pytest.raises(ViewError, match="type int64"):
        thumbnail(np.zeros((4, 4), np.int64))


def test_an_empty_block() -> None:
    assert decompress(b64decode(pictures_block("p", []).text)) == b"\0" * 4

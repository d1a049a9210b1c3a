"""Images -> a view of light, form, colour, patches and pooled pixels."""

from __future__ import annotations

from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.view import Attribute, View
from redescribe.errors import ParameterError, ViewError
from redescribe.readers.given_ids import given_entities
from redescribe.readers.image_files import ImageFolder, decoded
from redescribe.readers.image_statistics import block_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from redescribe._typing import AnyArray, Floats, Values
    from redescribe.core.entities import EntityIndex

_BLOCK_PIXELS = 2**18
_CHANNELS = (1, 3)


class Layout(StrEnum):
    """What the axes of an array of images are."""

    AUTO = "auto"
    """Told from the shape; an error where two layouts fit."""
    NHW = "nhw"
    """Image, row, column: grey."""
    NHWC = "nhwc"
    """Image, row, column, channel."""
    NCHW = "nchw"
    """Image, channel, row, column, as PyTorch has them."""


def image_attributes(
    images: AnyArray | str | Path | ImageFolder | Iterable[str | Path],
    *,
    ids: EntityIndex | Iterable[object] | None = None,
    name: str = "picture",
    layout: Layout | str = Layout.AUTO,
    grid: int = 3,
    pooled: int = 0,
) -> View:
    """Return readable attributes of images as a view.

    Parameters
    ----------
    images
        ndarray of uint8, of Booleans, or of floats from 0 to 1 (NaN: the image is missing),
        shape (n, h, w), (n, h, w, c) or (n, c, h, w) with c = 1, grey, or 3, red, green and
        blue. Or a folder, or paths, of image files, which Pillow reads (the extra `images`)
        and which may differ in size.
    ids
        One per image; without them, files are called by their path below the folder, or as
        they are given, and other images "0", "1", ….
    name
        Name of the view.
    layout
        "nhw", "nhwc" or "nchw" where the shape alone does not tell.
    grid
        Patches per side; 0 for none. `brightness_top_left` up to 3 × 3, else
        `brightness_r1_c4`.
    pooled
        Pooled pixels per side; 0 for none. `pixel_r3_c7` is the mean brightness of that
        cell.

    Returns
    -------
    View
        float32, all but `entropy` and differences from 0 to 1:

        - `brightness` (mean of 0.299 red + 0.587 green + 0.114 blue) and `contrast`, its
          standard deviation; the shares of dark (below 1/4) and bright (above 3/4) pixels;
          `entropy`, in bits, of the brightness over 32 levels.
        - `horizontal_edges` and `vertical_edges`: mean absolute difference between pixels
          one above, or beside, the other; the symmetries, 1 - the mean absolute difference
          from the mirrored image; `centre_minus_border`, the mean brightness without a
          quarter of each side, less that of the rest.
        - Of colour images, the means `red`, `green`, `blue` and `saturation`, and the
          shares of pixels nearest to a hue, or warm (magenta, red, yellow) or cold (green,
          cyan, blue), that are coloured: their channels differ by 0.1 or more.
        - By patch, brightness, contrast, and of colour images red, green and blue; pooled
          pixels.

        What a side of one pixel does not have (edges, border) is missing.

    Raises
    ------
    ViewError
        If the array has another shape, type or range, or two layouts fit.
    ParameterError
        If `grid` or `pooled` is negative, or above the number of pixels of a side.
    EntityMismatchError
        If the ids do not fit the images.
    ReadError, MissingExtraError
        If a file cannot be read, or Pillow is not installed.

    Examples
    --------
    >>> images = np.zeros((2, 4, 4), np.uint8)
    >>> images[1, :2] = 255
    >>> view = image_attributes(images, grid=2)
    >>> view.column("brightness"), view.column("brightness_top_left")
    (array([0. , 0.5], dtype=float32), array([0., 1.], dtype=float32))
    """
    for parameter, count in (("grid", grid), ("pooled", pooled)):
        if count < 0:
            em = f"The {parameter!r} parameter must be 0 or more. Got {count}."
            raise ParameterError(em)
    if isinstance(images, np.ndarray):
        ordered = channels_last(images, Layout(layout))
        entities = given_entities(ids, len(images), what="images")
        blocks = _array_blocks(ordered)
    else:
        folder = ImageFolder.of(images) if isinstance(images, (str, Path)) else images
        paths = folder.paths if isinstance(folder, ImageFolder) else tuple(folder)
        if ids is None:
            ids = folder.entities if isinstance(folder, ImageFolder) else map(str, paths)
        entities = given_entities(ids, len(paths), what="images")
        blocks = _file_blocks(paths)
    return _view(name, entities, blocks, grid=grid, pooled=pooled)


def _view(
    name: str, entities: EntityIndex, blocks: Iterable[Floats], *, grid: int, pooled: int
) -> View:
    names: list[str] = []
    values: Values = np.empty((0, len(entities)), np.float32)
    first = 0
    for block in blocks:
        _check_parts(block, grid, pooled)
        names, columns = block_statistics(block, grid=grid, pooled=pooled)
        if not first:
            values = np.empty((len(names), len(entities)), np.float32)
        values[:, first : first + len(block)] = columns
        first += len(block)
    return View(name, entities, tuple(map(Attribute, names)), values)


def _check_parts(block: Floats, grid: int, pooled: int) -> None:
    height, width = block.shape[1:3]
    for parameter, count in (("grid", grid), ("pooled", pooled)):
        if count > min(height, width):
            em = (
                f"The {parameter!r} parameter is {count}, more parts than the {height} × "
                f"{width} pixels of an image have rows or columns. Lower it."
            )
            raise ParameterError(em)


def channels_last(images: AnyArray, layout: Layout = Layout.AUTO) -> AnyArray:
    """Return the images as (n, h, w, c): a view of the same memory.

    Raises
    ------
    ViewError
        If the array has another shape or type, or two layouts fit.

    Examples
    --------
    >>> channels_last(np.zeros((2, 3, 8, 8), np.uint8)).shape
    (2, 8, 8, 3)
    """
    if images.dtype.kind not in "bf" and images.dtype != np.uint8:
        em = (
            f"The images are of type {images.dtype}: give uint8 (0 to 255), or floats from "
            "0 to 1."
        )
        raise ViewError(em)
    if 0 in images.shape:
        em = f"The images have the shape {images.shape}: there is nothing on them."
        raise ViewError(em)
    layout = _layout(images.shape) if layout is Layout.AUTO else layout
    if images.ndim != len(layout):
        em = f"The images have the shape {images.shape}, which is not {layout.value!r}."
        raise ViewError(em)
    if layout is Layout.NHW:
        return images[..., None]
    ordered = np.moveaxis(images, 1, -1) if layout is Layout.NCHW else images
    if ordered.shape[-1] not in _CHANNELS:
        em = (
            f"The images have {ordered.shape[-1]} channels (shape {images.shape}, "
            f"layout {layout.value!r}): they need 1, grey, or 3, red, green and blue."
        )
        raise ViewError(em)
    return ordered


def _layout(shape: tuple[int, ...]) -> Layout:
    fitting = {
        3: [Layout.NHW],
        4: [
            layout
            for layout, axis in ((Layout.NHWC, -1), (Layout.NCHW, 1))
            if shape[axis] in _CHANNELS
        ],
    }.get(len(shape), [])
    if not fitting:
        em = (
            f"The images have the shape {shape}: give (n, h, w), (n, h, w, c) or "
            "(n, c, h, w), with 1 or 3 channels."
        )
        raise ViewError(em)
    if len(fitting) > 1 or (len(shape) == 3 and shape[-1] in _CHANNELS):
        em = (
            f"The images have the shape {shape}, which may mean two things: say layout="
            "'nhwc' or 'nchw', 'nhw' for grey images 1 or 3 pixels wide, and give a single "
            "image as image[None]."
        )
        raise ViewError(em)
    return fitting[0]


def _array_blocks(images: AnyArray) -> Iterator[Floats]:
    size = max(1, _BLOCK_PIXELS // (images.shape[1] * images.shape[2]))
    for first in range(0, len(images), size):
        yield scaled(images[first : first + size])


def scaled(block: AnyArray) -> Floats:
    """Return images from 0 to 1.

    Raises
    ------
    ViewError
        If floats lie beyond 0 and 1.

    Examples
    --------
    >>> scaled(np.array([[0, 255]], np.uint8))
    array([[0., 1.]])
    """
    if block.dtype == np.uint8:
        return block / 255
    floats = np.asarray(block, np.float64)
    if ((floats < 0) | (floats > 1)).any():
        em = (
            f"The images have values from {np.nanmin(floats):g} to {np.nanmax(floats):g}: "
            "floats must be from 0 to 1. Divide by the largest possible value, and give "
            "images as they were before they were normalised."
        )
        raise ViewError(em)
    return floats


def _file_blocks(paths: Iterable[str | Path]) -> Iterator[Floats]:
    """Images of one size after the other form a block."""
    for shape, images in groupby(decoded(paths), key=np.shape):
        size = max(1, _BLOCK_PIXELS // (shape[0] * shape[1]))
        block: list[AnyArray] = []
        for image in images:
            block.append(image)
            if len(block) == size:
                yield scaled(np.stack(block))
                block = []
        if block:
            yield scaled(np.stack(block))

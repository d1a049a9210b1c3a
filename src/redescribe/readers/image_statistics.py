"""A block of images -> numbers that a person can read, one column each.

Images are given as ndarray of float64, shape (n, h, w, channels), 0 to 1, with one channel
(grey) or three (red, green, blue). Brightness is the luma 0.299 red + 0.587 green + 0.114
blue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import Floats, Ints, Mask

    Named = tuple[str, Floats]

_LUMA = (0.299, 0.587, 0.114)
_CHANNELS = ("red", "green", "blue")
_HUES = ("reds", "yellows", "greens", "cyans", "blues", "magentas")
_ROWS, _COLUMNS = ("top", "middle", "bottom"), ("left", "middle", "right")
_ENDS = ((0,), (0, 2), (0, 1, 2))
_N_LEVELS = 32
_DARK, _BRIGHT, _COLOURED = 0.25, 0.75, 0.1
_DIGITS = 6


def block_statistics(images: Floats, *, grid: int, pooled: int) -> tuple[list[str], Floats]:
    """Return the names, and the values of a block, shape (n_attributes, n_images).

    Parameters
    ----------
    images
        ndarray of float64, shape (n, h, w, 1 or 3), 0 to 1; NaN makes all attributes of an
        image missing.
    grid
        Patches per side; 0 for none. At most h and w.
    pooled
        Pooled pixels per side; 0 for none. At most h and w.

    Returns
    -------
    tuple of list of str and ndarray of float64
        Rounded to six digits after the point, so that no order of sums shows.

    Examples
    --------
    >>> names, values = block_statistics(np.ones((1, 4, 4, 1)), grid=0, pooled=0)
    >>> dict(zip(names, values[:, 0].tolist()))["brightness"]
    1.0
    """
    luma = _luma(images)
    columns = [*_light(luma), *_form(luma)]
    if images.shape[-1] == 3:
        columns += _colour(images)
    if grid:
        columns += _patches(images, luma, grid)
    if pooled:
        columns += _pooled(luma, pooled)
    values = np.empty((len(columns), len(images)))
    for row, (_, column) in zip(values, columns, strict=True):
        row[:] = np.round(column, _DIGITS) + 0.0  # no -0.0
    values[:, np.isnan(luma).any(axis=(1, 2))] = np.nan
    return [name for name, _ in columns], values


def _luma(images: Floats) -> Floats:
    if images.shape[-1] == 3:
        red, green, blue = (images[..., channel] for channel in range(3))
        luma = _LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue
    else:
        luma = images[..., 0]
    # Grey and colour copies of one image fall into the same levels of brightness.
    return np.asarray(np.round(luma, 9), np.float64)


def _mean(pixels: Floats | Mask) -> Floats:
    return np.asarray(pixels.mean(axis=(1, 2)), np.float64)


def _light(luma: Floats) -> Iterator[Named]:
    brightness = _mean(luma)
    yield "brightness", brightness
    yield "contrast", np.sqrt(_mean((luma - brightness[:, None, None]) ** 2))
    yield "share_of_dark_pixels", _mean(luma < _DARK)
    yield "share_of_bright_pixels", _mean(luma > _BRIGHT)
    yield "entropy", _entropy(luma)


def _entropy(luma: Floats) -> Floats:
    """Bits of the distribution of the brightness over 32 equal levels."""
    n = len(luma)
    # NaN, of images whose row becomes missing, may go to any level.
    levels = np.clip(np.nan_to_num(luma) * _N_LEVELS, 0, _N_LEVELS - 1).astype(np.int64)
    keys = (levels + np.arange(n)[:, None, None] * _N_LEVELS).ravel()
    counts = np.bincount(keys, minlength=n * _N_LEVELS).reshape(n, _N_LEVELS)
    shares = counts / counts.sum(axis=1, keepdims=True)
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(-(shares * logs).sum(axis=1), np.float64)


def _form(luma: Floats) -> Iterator[Named]:
    n, height, width = luma.shape
    missing = np.full(n, np.nan)
    # A single row or column has no neighbour, and no centre within a border.
    by_rows = _mean(np.abs(np.diff(luma, axis=1))) if height > 1 else missing
    by_columns = _mean(np.abs(np.diff(luma, axis=2))) if width > 1 else missing
    yield "horizontal_edges", by_rows
    yield "vertical_edges", by_columns
    yield "left_right_symmetry", 1 - _mean(np.abs(luma - luma[:, :, ::-1]))
    yield "top_bottom_symmetry", 1 - _mean(np.abs(luma - luma[:, ::-1]))
    top, left = height // 4, width // 4
    centre = luma[:, top : height - top, left : width - left]
    n_border = height * width - centre.shape[1] * centre.shape[2]
    difference = missing
    if n_border:
        border = (luma.sum(axis=(1, 2)) - centre.sum(axis=(1, 2))) / n_border
        difference = _mean(centre) - border
    yield "centre_minus_border", difference


def _colour(images: Floats) -> Iterator[Named]:
    for channel, name in enumerate(_CHANNELS):
        yield name, _mean(images[..., channel])
    high, low = images.max(axis=-1), images.min(axis=-1)
    chroma = high - low
    yield (
        "saturation",
        _mean(np.divide(chroma, high, out=np.zeros_like(high), where=high > 0)),
    )
    coloured = chroma >= _COLOURED
    hue = _hue(images, high, chroma)
    warm = (hue < 1.5) | (hue >= 4.5)
    yield "share_of_warm_colours", _mean(coloured & warm)
    yield "share_of_cold_colours", _mean(coloured & ~warm)
    nearest = np.floor(hue + 0.5) % 6
    for sector, name in enumerate(_HUES):
        yield f"share_of_{name}", _mean(coloured & (nearest == sector))


def _hue(images: Floats, high: Floats, chroma: Floats) -> Floats:
    """Sixths of the circle of colours, from red (0) by green (2) and blue (4)."""
    red, green, blue = (images[..., channel] for channel in range(3))
    spread = np.where(chroma > 0, chroma, 1)
    by_red = (green - blue) / spread % 6
    by_green, by_blue = (blue - red) / spread + 2, (red - green) / spread + 4
    return np.where(high == red, by_red, np.where(high == green, by_green, by_blue))


def _patches(images: Floats, luma: Floats, grid: int) -> Iterator[Named]:
    means = _cells(luma, grid)
    rows, columns = (_owners(size, grid) for size in luma.shape[1:])
    spread = luma - means[:, rows[:, None], columns]
    contrasts = np.sqrt(_cells(spread**2, grid))
    quantities = [("brightness", means), ("contrast", contrasts)]
    if images.shape[-1] == 3:
        quantities += [
            (name, _cells(images[..., channel], grid))
            for channel, name in enumerate(_CHANNELS)
        ]
    for name, cells in quantities:
        for row in range(grid):
            for column in range(grid):
                yield f"{name}_{_place(row, column, grid)}", cells[:, row, column]


def _pooled(luma: Floats, pooled: int) -> Iterator[Named]:
    cells = _cells(luma, pooled)
    for row in range(pooled):
        for column in range(pooled):
            yield f"pixel_r{row + 1}_c{column + 1}", cells[:, row, column]


def _place(row: int, column: int, grid: int) -> str:
    """`top_left` … `bottom_right` for 2 and 3 patches per side, else `r1_c1` ….

    >>> _place(0, 1, 3), _place(1, 1, 3), _place(1, 1, 2), _place(0, 3, 4)
    ('top', 'middle', 'bottom_right', 'r1_c4')
    """
    if not 1 < grid <= len(_ENDS):
        return f"r{row + 1}_c{column + 1}"
    vertical, horizontal = _ROWS[_ENDS[grid - 1][row]], _COLUMNS[_ENDS[grid - 1][column]]
    named = [part for part in (vertical, horizontal) if part != "middle"]
    return "_".join(named) or "middle"


def _starts(size: int, n_parts: int) -> Ints:
    """Where each part begins; the longer ones differ by one pixel at most."""
    return np.arange(n_parts) * size // n_parts


def _owners(size: int, n_parts: int) -> Ints:
    return np.searchsorted(_starts(size, n_parts), np.arange(size), side="right") - 1


def _cells(pixels: Floats, n_parts: int) -> Floats:
    """Means over n_parts × n_parts cells, shape (n, n_parts, n_parts)."""
    _, height, width = pixels.shape
    rows, columns = _starts(height, n_parts), _starts(width, n_parts)
    sums = np.add.reduceat(np.add.reduceat(pixels, rows, axis=1), columns, axis=2)
    sizes = np.outer(np.diff(rows, append=height), np.diff(columns, append=width))
    return np.asarray(sums / sizes, np.float64)

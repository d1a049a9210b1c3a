"""One image of several: entities above, and what they were changed into below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from redescribe._typing import AnyArray

_GAP = 1
_EDGES = ((0, 0), (0, 0), (0, _GAP), (0, _GAP))


def concept_strip(entities: AnyArray, changed: AnyArray) -> AnyArray:
    """Return one image: entities in the upper row, what they were changed into below.

    Parameters
    ----------
    entities, changed
        Values from 0 to 1, shape (k, channels, rows, columns).

    Returns
    -------
    strip
        ndarray of floats, shape (rows, columns, channels), with white lines between.

    Examples
    --------
    >>> concept_strip(np.zeros((3, 1, 8, 8)), np.zeros((3, 1, 8, 8))).shape
    (17, 26, 1)
    """
    framed = [np.pad(row, _EDGES, constant_values=1.0) for row in (entities, changed)]
    rows = [np.concatenate(list(row), axis=2) for row in framed]
    whole: AnyArray = np.moveaxis(np.concatenate(rows, axis=1), 0, -1)
    return whole[:-_GAP, :-_GAP]

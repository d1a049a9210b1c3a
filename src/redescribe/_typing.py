"""Array aliases; the shape stands in a comment where one is used."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""Packed bits, entity e is bit e % 64 of word e // 64; padding bits are zero."""
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Codes = NDArray[np.uint8] | NDArray[np.uint16]
"""Bin codes; the largest value of the dtype means missing."""
Floats = NDArray[np.float64]
Values = NDArray[np.float32] | NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
AnyArray = NDArray[Any]

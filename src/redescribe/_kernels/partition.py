"""Stable partition of an index range by a test; missing values go to neither child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe._kernels._jit import kernel

if TYPE_CHECKING:
    from redescribe._typing import AnyArray


@kernel
def partition(
    codes: AnyArray,
    order: AnyArray,
    start: int,
    end: int,
    tested: int,
    nominal: bool,
    missing: int,
    buffer: AnyArray,
) -> tuple[int, int]:
    """Reorder order[start:end] into yes, no, missing; return the ends of yes and of no.

    Numeric: yes is "code > tested"; nominal: "code == tested". `buffer` is work space of
    at least 2 (end - start) places.
    """
    size = end - start
    n_yes = 0
    n_no = 0
    n_missing = 0
    for i in range(start, end):
        entity = order[i]
        code = codes[entity]
        if code == missing:
            buffer[size + n_missing] = entity
            n_missing += 1
        elif (nominal and code == tested) or (not nominal and code > tested):
            order[start + n_yes] = entity
            n_yes += 1
        else:
            buffer[n_no] = entity
            n_no += 1
    for i in range(n_no):
        order[start + n_yes + i] = buffer[i]
    for i in range(n_missing):
        order[start + n_yes + n_no + i] = buffer[size + i]
    return start + n_yes, start + n_yes + n_no

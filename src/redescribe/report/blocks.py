"""Columns -> compressed blocks of text that a page can carry and a browser unpacks."""

from __future__ import annotations

import base64
import gzip
import json
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.report.gaps import gaps_of
from redescribe.report.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from redescribe._typing import AnyArray

_DTYPES = {"number": "<f8", "count": "<u4", "flag": "u1"}
_UNKNOWN_FLAG = 2
_LEVEL = 9
_ELEMENT = '<script type="application/gzip" id="block-"></script>'


class Block:
    """One named block of bytes: plain for a server, compressed text for a file.

    Parameters
    ----------
    name
        Unique in its report; letters, digits and `-`.
    make
        Returns the bytes; the same ones each time. It is called when they are needed.
    sparse
        Whether they are packed bits of which few are set: text then holds `gaps_of` them.

    Examples
    --------
    >>> block = Block.of("supports-0", b"0000")
    >>> gzip.decompress(base64.b64decode(block.text)), len(block) > len(block.text)
    (b'0000', True)
    >>> block.content()
    b'0000'
    """

    def __init__(
        self, name: str, make: Callable[[], bytes], *, sparse: bool = False
    ) -> None:
        self.name = name
        self.sparse = sparse
        self._make = make

    @classmethod
    def of(cls, name: str, content: bytes) -> Block:
        """Return the block of these bytes."""
        return cls(name, lambda: content)

    def content(self) -> bytes:
        """Return the bytes."""
        return self._make()

    @cached_property
    def text(self) -> str:
        """base64 of gzip of the bytes or gaps; the same bytes give the same text."""
        content = self.content()
        if self.sparse:
            content = gaps_of(content)
        packed = gzip.compress(content, _LEVEL, mtime=0)
        return base64.b64encode(packed).decode("ascii")

    def __len__(self) -> int:
        """Bytes in a page, with the element around the text."""
        packing = len(' data-packing="gaps"') if self.sparse else 0
        return len(self.text) + len(self.name) + len(_ELEMENT) + packing


def json_block(name: str, value: object) -> Block:
    """Return a value as a block of JSON; NaN is an error, and is written as null before."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Block.of(name, text.encode("utf-8", "replace"))


def array_block(name: str, values: AnyArray, *, sparse: bool = False) -> Block:
    """Return numbers as a block: little-endian, in C order."""
    return lazy_block(name, lambda: values, sparse=sparse)


def lazy_block(name: str, make: Callable[[], AnyArray], *, sparse: bool = False) -> Block:
    """Return numbers that are made when they are needed as a block.

    >>> len(lazy_block("column-0-0", lambda: np.ones(3, np.float32)).content())
    12
    """

    def content() -> bytes:
        values = make()
        little = values.dtype.newbyteorder("<")
        return np.ascontiguousarray(values, dtype=little).tobytes()

    return Block(name, content, sparse=sparse)


def table_block(name: str, rows: Sequence[Mapping[str, Any]]) -> Block:
    """Return rows as a block of the columns that `TABLES` names.

    The block is a length (uint32), a JSON header of that length, padded to 8 bytes, and the
    columns behind it, each padded to 8 bytes. The header has the number of rows and, for
    each column, its name, its kind and its bytes. `None` is NaN in a number, 2 in a flag.

    Raises
    ------
    KeyError
        If a row lacks a column.
    """
    columns = []
    contents = []
    for column in TABLES[name]:
        values = [row[column.name] for row in rows]
        content = _column(values, column.kind)
        columns.append([column.name, column.kind, len(content)])
        contents.append(_padded(content))
    header = json.dumps({"rows": len(rows), "columns": columns}).encode()
    length = np.array([len(header), 0], "<u4").tobytes()
    return Block.of(name, length + _padded(header) + b"".join(contents))


def plain_number(value: float | None) -> float | None:
    """Return a number that JSON can hold: None for NaN and infinite ones.

    >>> plain_number(1.5), plain_number(float("nan")), plain_number(None)
    (1.5, None, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)


def _column(values: Sequence[Any], kind: str) -> bytes:
    if kind == "number":
        values = [math.nan if value is None else value for value in values]
    elif kind == "flag":
        values = [_UNKNOWN_FLAG if value is None else int(value) for value in values]
    if kind in _DTYPES:
        return np.array(values, _DTYPES[kind]).tobytes()
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % 8)

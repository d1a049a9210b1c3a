"""Digests inside stored files: a changed byte is noticed, not believed."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from redescribe._typing import AnyArray

DIGEST = "digest"
_SEAL = re.compile(r',\n "digest": "([0-9a-f]{64})"\n\}\n?\Z')


def sealed(text: str) -> str:
    r"""Return the text of a JSON object with its digest as the last key.

    Parameters
    ----------
    text
        Ends in a line of its own for the closing brace.

    Examples
    --------
    >>> unsealed(sealed('{\n "a": 1\n}'))
    '{\n "a": 1\n}'
    """
    return f'{text[:-2]},\n "{DIGEST}": "{_sha256(text.encode())}"\n}}\n'


def unsealed(text: str) -> str:
    """Return what `sealed` was given; a text without a digest comes back as it is.

    Raises
    ------
    ValueError
        If the text is not the one of the digest.
    """
    seal = _SEAL.search(text)
    if seal is None:
        return text
    body = f"{text[: seal.start()]}\n}}"
    _compare(_sha256(body.encode()), seal[1])
    return body


def with_digest(table: pa.Table) -> pa.Table:
    """Return a table whose metadata name a digest of its other metadata and its shape.

    The values have checksums of their own in Parquet.
    """
    metadata = _metadata(table)
    metadata[DIGEST.encode()] = _digest_of(table, metadata).encode()
    return table.replace_schema_metadata(metadata)


def without_digest(table: pa.Table) -> pa.Table:
    """Return a table without the digest in its metadata; where it has none, as it is.

    Raises
    ------
    ValueError
        If the metadata or the shape are not those of the digest.
    """
    metadata = _metadata(table)
    written = metadata.pop(DIGEST.encode(), None)
    if written is None:
        return table
    _compare(_digest_of(table, metadata), written.decode("ascii", "replace"))
    return table.replace_schema_metadata(metadata or None)


def array_digest(array: AnyArray) -> str:
    """Return the SHA-256 of the bytes of an array in C order."""
    return _sha256(np.ascontiguousarray(array).data)


def _digest_of(table: pa.Table, metadata: Mapping[bytes, bytes]) -> str:
    # Names of types are no part of it: they may change with the version of pyarrow.
    content = (sorted(metadata.items()), table.column_names, table.num_rows)
    return _sha256(repr(content).encode())


def _metadata(table: pa.Table) -> dict[bytes, bytes]:
    return dict(table.schema.metadata or {})


def _sha256(content: bytes | memoryview) -> str:
    return hashlib.sha256(content).hexdigest()


def _compare(now: str, written: str) -> None:
    if now != written:
        em = f"its content has the digest {now[:12]}…, but {written[:12]}… was written"
        raise ValueError(em)

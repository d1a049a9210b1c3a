"""Files with inputs -> arrays, texts or batches, and the ids of their entities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.capture.objects import is_object_name, made_by
from redescribe.core.view import AttributeKind
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.entities import EntityIndex
    from redescribe.core.view import View


@dataclass(frozen=True, slots=True, eq=False)
class ReadInputs:
    """What was read.

    Attributes
    ----------
    data
        What `capture` takes.
    ids
        The entities where the file names them; None where they are to be numbered.
    """

    data: Any
    ids: EntityIndex | None


def read_inputs(
    source: str,
    *,
    text_column: str = "",
    id_column: str = "",
    columns: Sequence[str] = (),
) -> ReadInputs:
    """Return the inputs at a place.

    Parameters
    ----------
    source
        A .npy file with an array of any shape, entities first; a .npz file with one array,
        or with one for each named argument of the model; a table (.csv, .tsv, .parquet,
        .arff); or `package.module:function` or `file.py:function` that returns what
        `redescribe.capture` takes.
    text_column
        The column of a table that holds texts; empty for numbers.
    id_column, columns
        Of a table: which column names the entities, and which are the inputs, in the order
        of the table (empty: all others).

    Raises
    ------
    CaptureError
        If options do not fit the source, or a table has texts or missing values among the
        numbers.
    ReadError
        If the file cannot be read.
    """
    if is_object_name(source):
        return ReadInputs(made_by(source), None)
    ending = Path(source).suffix.lower()
    if ending in {".npy", ".npz"}:
        if text_column or id_column or columns:
            em = f"{source} has arrays; columns are for tables (.csv, .tsv, .parquet)."
            raise CaptureError(em)
        return ReadInputs(_arrays(Path(source)), None)
    from redescribe.readers.tables import read  # noqa: PLC0415 - pyarrow, only for tables

    wanted = (text_column,) if text_column else tuple(columns)
    view = read(source, id_column=id_column, columns=wanted)
    numbered = view.entities.ids == tuple(map(str, range(len(view.entities))))
    data: Any = _texts(view) if text_column else _numbers(view)
    return ReadInputs(data, None if numbered else view.entities)


def _arrays(path: Path) -> Any:  # noqa: ANN401 - one array, or several by name
    from redescribe.readers.arrays import read_arrays  # noqa: PLC0415 - pyarrow

    found = read_arrays(path)
    return next(iter(found.values())) if len(found) == 1 else found


def _numbers(view: View) -> np.ndarray[Any, Any]:
    texts = [a.name for a in view.attributes if a.kind is AttributeKind.NOMINAL]
    if texts:
        em = (
            f"Column {texts[0]!r} of the inputs holds texts. Name the columns with numbers "
            "(--columns), or the one with texts (--text-column)."
        )
        raise CaptureError(em)
    if view.has_missing:
        n_missing = int(np.isnan(view.values).sum())
        em = f"{n_missing} values of the inputs are missing. Networks need them all."
        raise CaptureError(em)
    return np.ascontiguousarray(view.values.T, np.float32)


def _texts(view: View) -> list[str]:
    (attribute,) = view.attributes
    if attribute.kind is not AttributeKind.NOMINAL:
        em = f"Column {attribute.name!r} of the inputs is {attribute.kind}, no texts."
        raise CaptureError(em)
    codes = view.values[0]
    if np.isnan(codes).any():
        em = f"{int(np.isnan(codes).sum())} texts of {attribute.name!r} are missing."
        raise CaptureError(em)
    return [attribute.categories[int(code)] for code in codes]

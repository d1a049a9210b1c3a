"""A view -> a table that is read as this view again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from redescribe.core.view import AttributeKind
from redescribe.errors import ParameterError, ViewError
from redescribe.store.files import write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe._typing import Values
    from redescribe.core.view import Attribute, View

ID_COLUMN = "id"
SUFFIX = ".parquet"


def check_table_path(path: Path) -> None:
    """Check that a table is to be written where its name says Parquet.

    Raises
    ------
    ParameterError
        If the name ends otherwise.
    """
    if path.suffix.lower() != SUFFIX:
        em = f"{str(path)!r} does not end in {SUFFIX}, the format of the table. Rename it."
        raise ParameterError(em)


def write_view(view: View, path: Path) -> None:
    """Write a view as Parquet, one row per entity, with its ids in the column `id`.

    Numbers keep their precision, truth values and categories their kind; what is missing
    is null. `redescribe.read` gives the same view again, but for the name and the order of
    categories, which are sorted.

    Parameters
    ----------
    view
        Any view.
    path
        A file that ends in `.parquet`; it is replaced when the new one is whole.

    Raises
    ------
    ParameterError
        If the file ends otherwise.
    ViewError
        If an attribute is called like the column of ids, in any case.
    StoreError
        If the file system refuses.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from redescribe.core.view import View
    >>> from redescribe.readers.tables import read
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "ages.parquet"
    ...     write_view(View.of("x", [[30.0], [np.nan]], names=["age"]), path)
    ...     read(path).values
    array([[30., nan]])
    """
    check_table_path(path)
    taken = next((name for name in view.names if name.lower() == ID_COLUMN), "")
    if taken:
        em = (
            f"View {view.name!r} has an attribute called {taken!r}, which the table needs "
            "for the ids of the entities. Rename it."
        )
        raise ViewError(em)
    columns = {ID_COLUMN: pa.array(view.entities.ids, pa.string())}
    for attribute, row in zip(view.attributes, view.values, strict=True):
        columns[attribute.name] = _column(attribute, row)
    write_parquet(path, pa.table(columns))


def _column(attribute: Attribute, row: Values) -> pa.Array:
    missing = np.isnan(row)
    if attribute.kind is AttributeKind.NUMERIC:
        return pa.array(row, mask=missing)
    codes = np.where(missing, 0, row).astype(np.int32)
    if attribute.kind is AttributeKind.BOOLEAN:
        return pa.array(codes == 1, mask=missing)
    indices = pa.array(codes, mask=missing)
    return pa.DictionaryArray.from_arrays(indices, list(attribute.categories)).cast(
        pa.string()
    )

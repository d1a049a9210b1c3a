"""Rows -> whichever data frame the caller has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe._lazy import first_installed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def frame_of(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> Any:  # noqa: ANN401 - whichever frame the caller has
    """Return rows as a frame: pandas, else Polars, else a pyarrow table.

    Parameters
    ----------
    rows
        One mapping per row; a key that a row lacks is null.
    columns
        Names and order of the columns, which an empty frame has as well.

    Examples
    --------
    >>> list(frame_of([{"id": "R1", "jaccard": 0.5}], ["id", "jaccard"]).columns)
    ['id', 'jaccard']
    """
    values = {name: [row.get(name) for row in rows] for name in columns}
    library = first_installed(("pandas", "polars", "pyarrow"))
    if library.__name__ == "pyarrow":
        return library.table(values)
    return library.DataFrame(values)

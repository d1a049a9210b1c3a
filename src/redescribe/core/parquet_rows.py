"""Whether the parts of a Parquet file agree about its rows, before memory is taken."""

from __future__ import annotations

from typing import Any


def check_row_counts(metadata: Any) -> None:  # noqa: ANN401 - pyarrow's, which has no types
    """Check that the row groups and columns of a Parquet file have the rows that it names.

    Arrow makes room for as many as a row group says, and says nothing if there are fewer:
    one changed byte may ask for any memory.

    Parameters
    ----------
    metadata
        A `pyarrow.parquet.FileMetaData`.

    Raises
    ------
    ValueError
        If they do not agree.

    Examples
    --------
    >>> import io
    >>> import pyarrow as pa
    >>> from pyarrow import parquet
    >>> file = io.BytesIO()
    >>> parquet.write_table(pa.table({"a": [1, 2]}), file)
    >>> check_row_counts(parquet.read_metadata(file))
    """
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    n_rows = sum(group.num_rows for group in groups)
    if n_rows != metadata.num_rows:
        em = f"its row groups have {n_rows} rows, of {metadata.num_rows}"
        raise ValueError(em)
    for group in groups:
        for number in range(metadata.num_columns):
            is_list = metadata.schema.column(number).max_repetition_level > 0
            n_values = group.column(number).num_values
            if not is_list and n_values != group.num_rows:
                em = f"a column has {n_values} values, of {group.num_rows}"
                raise ValueError(em)

"""What searches of changed entities and of null networks found: tables, made in parts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redescribe.core.network_null import NullKind, NullSeries
from redescribe.core.null_table import NullTable
from redescribe.core.redescription import Kind
from redescribe.errors import StoreError
from redescribe.store import schema
from redescribe.store.atomic import storing
from redescribe.store.files import metadata_of, read_parquet, reading, write_parquet
from redescribe.store.names import folder_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from redescribe._typing import Floats

NULLS, RECOVERY = "nulls.parquet", "recovery.parquet"
NULL_NETWORKS = "null_networks.parquet"

_logger = logging.getLogger("redescribe.store")


@dataclass(frozen=True, slots=True, eq=False)
class SearchTable:
    """A table of what repeated searches found, and the folder of its parts.

    Attributes
    ----------
    folder
        The run folder.
    name
        The encoding, and the name of the file and of the folder of the parts, where `_`
        stands for `-`.
    rows
        Columns: the number of the search, what was searched for, the values.
    items
        What was searched for: one text per column of it.
    key
        The stage key of the parts.
    prefix
        What the names of the parts begin with.
    """

    folder: Path
    name: str
    rows: pa.Schema
    items: tuple[tuple[str, ...], ...]
    key: str
    prefix: str = "part"

    @classmethod
    def of_nulls(
        cls, folder: Path, targets: Sequence[str], kinds: Sequence[Kind], key: str
    ) -> SearchTable:
        """Return the table of the searches of permuted entities."""
        items = tuple((target, kind.value) for target, kind in product(targets, kinds))
        return cls(folder, schema.NULLS, schema.NULL_ROWS, items, key)

    @classmethod
    def of_recovery(cls, folder: Path, keys: Sequence[str], key: str) -> SearchTable:
        """Return the table of the searches of resampled entities."""
        items = tuple((found,) for found in keys)
        return cls(folder, schema.RECOVERY, schema.RECOVERY_ROWS, items, key)

    @classmethod
    def of_null_networks(
        cls,
        folder: Path,
        replaced: tuple[NullKind, str],
        targets: Sequence[str],
        kinds: Sequence[Kind],
        *,
        key: str,
    ) -> SearchTable:
        """Return the table of the searches in which a view is replaced by null networks."""
        null, partner = replaced
        items = tuple(
            (null.value, partner, target, kind.value)
            for target, kind in product(targets, kinds)
        )
        rows, prefix = schema.NULL_NETWORK_ROWS, f"{null.value}-{folder_name(partner)}"
        return cls(folder, schema.NULL_NETWORKS, rows, items, key, prefix)

    def has_part(self, number: int, n_searches: int, *, remove: bool = True) -> bool:
        """Return whether a part is whole, of this key and of at least so many searches.

        A broken part is removed, with a warning on the logger `redescribe.store`; with
        `remove` false nothing is changed.
        """
        path = self._part(number)
        if not path.exists():
            return False
        try:
            table = read_parquet(path)
            with reading(path):
                metadata = metadata_of(table, path)
                schema.check_encoding(metadata, self.name, path)
                known = metadata["stage-key"] == self.key
                return known and int(metadata["n_searches"]) >= n_searches
        except StoreError as error:
            if remove:
                _logger.warning("A part is removed and will be made again: %s", error)
                with storing(path):
                    path.unlink(missing_ok=True)
            return False

    def write_part(self, number: int, first: int, values: Floats) -> None:
        """Write a part: `values` has the shape (n_searches, …), from search `first` on.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        write_parquet(self._part(number), self.of_values(first, values))

    def read_part(self, number: int, n_searches: int) -> Floats:
        """Return the values of the first searches of a part, (n_searches, n_items, …).

        Raises
        ------
        StoreError
            If the part is missing or broken.
        """
        return self._values(self._part(number))[:n_searches]

    def write(self, values: Floats) -> None:
        """Write the whole table.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        write_parquet(self.folder / f"{self._stem}.parquet", self.of_values(0, values))

    @property
    def _stem(self) -> str:
        return self.name.replace("-", "_")

    def _part(self, number: int) -> Path:
        return self.folder / self._stem / f"{self.prefix}-{number:05d}.parquet"

    def of_values(self, first: int, values: Floats) -> pa.Table:
        """Return values of the shape (n_searches, …), from search `first` on, as rows."""
        n_searches = len(values)
        counted, *names = self.rows.names
        flat = values.reshape(-1, len(_reals(self.rows)))
        texts = list(zip(*self.items, strict=True)) or [()] * (len(names) - flat.shape[1])
        columns = [
            pa.array(np.repeat(np.arange(first, first + n_searches), len(self.items))),
            *(pa.array(list(column) * n_searches, pa.string()) for column in texts),
            *(pa.array(column, pa.float64()) for column in flat.T),
        ]
        metadata = {
            **schema.header(self.name),
            "stage-key": self.key,
            "n_searches": str(n_searches),
        }
        table = pa.Table.from_arrays(columns, names=[counted, *names])
        return table.cast(self.rows).replace_schema_metadata(metadata)

    def _values(self, path: Path) -> Floats:
        table = read_parquet(path)
        with reading(path):
            n_searches = int(metadata_of(table, path)["n_searches"])
            shape = (n_searches, len(self.items), len(_reals(self.rows)))
            return _matrix(table, self.rows).reshape(shape)


def write_null_networks(
    folder: Path, searched: Iterable[tuple[SearchTable, Floats]]
) -> None:
    """Write the tables of all networks that were replaced, with their values, as one.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    tables = pa.concat_tables([table.of_values(0, values) for table, values in searched])
    metadata = schema.header(schema.NULL_NETWORKS)
    write_parquet(folder / NULL_NETWORKS, tables.replace_schema_metadata(metadata))


def read_null_networks(folder: Path) -> tuple[NullSeries, ...]:
    """Read what searches of null networks found in a run.

    Raises
    ------
    StoreError
        If there is none, or the file is broken.
    """
    path = folder / NULL_NETWORKS
    table = read_parquet(path)
    with reading(path):
        schema.check_encoding(metadata_of(table, path), schema.NULL_NETWORKS, path)
        replaced = zip(table["null"].to_pylist(), table["partner"].to_pylist(), strict=True)
        series = []
        for null, partner in dict.fromkeys(replaced):
            same = pc.and_(
                pc.equal(table["null"], null), pc.equal(table["partner"], partner)
            )
            rows = table.filter(same)
            n_searches = len(rows["search"].unique())
            nulls = _null_table(rows, n_searches, schema.NULL_NETWORK_ROWS)
            series.append(NullSeries(NullKind(null), partner, nulls))
        return tuple(series)


def remove_tables(folder: Path) -> None:
    """Remove the tables of a run that is made anew; their parts stay."""
    for name in (NULLS, RECOVERY, NULL_NETWORKS):
        with storing(folder / name):
            (folder / name).unlink(missing_ok=True)


def read_nulls(folder: Path) -> NullTable:
    """Read the null distribution of a run.

    Raises
    ------
    StoreError
        If there is none, or the file is broken.
    """
    path = folder / NULLS
    table = read_parquet(path)
    with reading(path):
        metadata = metadata_of(table, path)
        schema.check_encoding(metadata, schema.NULLS, path)
        return _null_table(table, int(metadata["n_searches"]), schema.NULL_ROWS)


def _null_table(table: pa.Table, n_searches: int, rows: pa.Schema) -> NullTable:
    targets = tuple(table["target"].unique().to_pylist())
    kinds = tuple(map(Kind, table["kind"].unique().to_pylist()))
    shape = (n_searches, len(targets), len(kinds), len(_reals(rows)))
    return NullTable(targets, kinds, _matrix(table, rows).reshape(shape))


def _matrix(table: pa.Table, rows: pa.Schema) -> Floats:
    """The real columns of a table, shape (n_rows, n_values)."""
    return np.stack([table[name].to_numpy() for name in _reals(rows)], axis=1)


def _reals(rows: pa.Schema) -> list[str]:
    return [field.name for field in rows if pa.types.is_floating(field.type)]

"""Which columns of a table are read, and which one names the entities."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from redescribe.errors import UnknownNameError, ViewError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """The column that names the entities (empty: they are numbered) and the attributes.

    >>> ChosenColumns("id", ("age", "stage")).names
    ('id', 'age', 'stage')
    """

    id_column: str
    attributes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns to read, the ids first."""
        return (self.id_column, *self.attributes) if self.id_column else self.attributes


@dataclass(frozen=True, slots=True)
class ColumnRequest:
    """What the caller asks of the columns of a table.

    Parameters
    ----------
    id_column
        Name of the column with the ids; empty: one called `id`, if there is one.
    columns
        Names or globs of the attributes; empty: all of them.

    Examples
    --------
    >>> request = ColumnRequest(columns=("n_*",))
    >>> request.among(["ID", "n_0", "age", "n_1"], where="'acts.csv'")
    ChosenColumns(id_column='ID', attributes=('n_0', 'n_1'))
    """

    id_column: str = ""
    columns: tuple[str, ...] = ()

    def among(
        self, names: Sequence[str], *, where: str, default_id: str = ""
    ) -> ChosenColumns:
        """Choose among the names of a table; attributes keep the order of the table.

        Parameters
        ----------
        names
            Names of the columns, in order.
        where
            What the table is called in a message.
        default_id
            The id column where none was asked for and none is called `id`.

        Raises
        ------
        ViewError
            If two columns have one name.
        UnknownNameError
            If the id column, a name or a glob is not among the names.
        """
        _check_distinct(names, where)
        id_column = self._id_among(names, where) or default_id
        wanted = set(names)
        if self.columns:
            found = [_matches(names, column, where) for column in self.columns]
            wanted = set().union(*found)
        attributes = (name for name in names if name in wanted and name != id_column)
        return ChosenColumns(id_column, tuple(attributes))

    def _id_among(self, names: Sequence[str], where: str) -> str:
        if self.id_column:
            if self.id_column not in names:
                what = f"{where} has no id column"
                raise UnknownNameError.among(what, self.id_column, names)
            return self.id_column
        candidates = [name for name in names if name.lower() == "id"]
        return "id" if "id" in candidates else next(iter(candidates), "")


def _matches(names: Sequence[str], column: str, where: str) -> set[str]:
    """The exact name first: `x[1]` is a name before it is a glob."""
    if column in names:
        return {column}
    found = {name for name in names if fnmatchcase(name, column)}
    if not found:
        what = f"{where} has no column"
        raise UnknownNameError.among(what, column, names)
    return found


def _check_distinct(names: Sequence[str], where: str) -> None:
    if len(set(names)) < len(names):
        name, times = Counter(names).most_common(1)[0]
        em = f"{where} has {times} columns called {name!r}. Rename all but one."
        raise ViewError(em)

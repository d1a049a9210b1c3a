"""Settings and `.rr` files of the reference implementation as a run."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from redescribe.core.dataset import Dataset, align
from redescribe.core.entities import SplitParams
from redescribe.core.redescription import Kind
from redescribe.errors import ReadError
from redescribe.mining.params import MineParams
from redescribe.readers.exitnerdom import read_rr
from redescribe.readers.foreign_names import ForeignNames
from redescribe.readers.tables import read
from redescribe.selection.params import SelectParams
from redescribe.significance.params import AssessParams
from redescribe.store.fingerprint import plain
from redescribe.study.imported import Described, keep_imported, params_of
from redescribe.writers.rr_files import RRStyle, RRTarget

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.redescription import Redescription
    from redescribe.core.view import View
    from redescribe.readers.exitnerdom_settings import ImportedSettings
    from redescribe.readers.stated import StatedRedescription

_SAME_P = 0.01
"""Difference in log10 up to which two p-values count as the same."""


@dataclass(frozen=True, slots=True)
class StatedFile:
    """One `.rr` file under our names.

    Attributes
    ----------
    path
        The file.
    kind
        Individual or interaction, by the name of the file.
    target
        View and attribute by the name of the file; empty where it names none.
    redescriptions
        What the file states.
    """

    path: Path
    kind: Kind
    target: tuple[str, str] | tuple[()]
    redescriptions: tuple[StatedRedescription, ...]

    def described(self, stated: StatedRedescription) -> Described:
        """Return a redescription with its target: that of the file, if a query has it."""
        if self.target:
            view, attribute = self.target
            if any(query.view == view for query in stated.queries):
                return Described(view, attribute, self.kind, stated.queries)
        return Described.of_first(stated.queries, self.kind)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What `.rr` files say, and what the views give.

    Attributes
    ----------
    assessed
        The findings.
    n_stated
        Redescriptions in the files.
    differences
        One sentence for each stated value that the views do not confirm, with its place.
    n_without_p
        Redescriptions whose p-value the files do not know.
    n_other_p
        Stated p-values that are not those of our test.
    """

    assessed: AssessedSet
    n_stated: int
    differences: tuple[str, ...]
    n_without_p: int
    n_other_p: int


def imported_views(settings: ImportedSettings, *, inner: bool = False) -> tuple[View, ...]:
    """Return the views that settings name, aligned by id.

    Raises
    ------
    ReadError
        If the settings name fewer than two, or a file cannot be read.
    EntityMismatchError
        If an entity is not in all views and `inner` is false.
    """
    if len(settings.views) < 2:
        em = (
            f"The settings name {len(settings.views)} views; mining needs two: "
            "Input1 = …, Input2 = …."
        )
        raise ReadError(em)
    named = zip(settings.views, settings.view_names, strict=True)
    views, _ = align([read(path, name=name) for path, name in named], inner=inner)
    return views


@dataclass(frozen=True, slots=True)
class ImportedParams:
    """Our parameters with what settings say; what they do not name is at its default.

    >>> from redescribe.readers.exitnerdom_settings import ImportedSettings
    >>> settings = ImportedSettings((), {"TreeParams": {"max_depth": 3}})
    >>> params = ImportedParams.of(settings).mine.search
    >>> params.trees.max_depth, params.alternation.interactions
    (3, True)
    """

    split: SplitParams
    mine: MineParams
    select: SelectParams
    assess: AssessParams

    @classmethod
    def of(cls, settings: ImportedSettings) -> ImportedParams:
        """Return the parameters of settings.

        Raises
        ------
        ParameterError
            If a value is out of our bounds.
        """
        owners = (SplitParams, MineParams, SelectParams, AssessParams)
        # The reference always describes neurons both alone and in interaction.
        both = {"interactions": True, **settings.parameters.get("Alternation", {})}
        parameters = {**settings.parameters, "Alternation": both}
        return cls(*(params_of(owner, parameters) for owner in owners))


def read_rr_folder(
    folder: str | PathLike[str], views: Sequence[View]
) -> tuple[StatedFile, ...]:
    """Read all `.rr` files of a folder, by name, and restore the names we wrote.

    Raises
    ------
    ReadError, QuerySyntaxError, UnknownNameError
        If there is no `.rr` file, or one cannot be read.
    """
    folder = Path(folder)
    paths = sorted(folder.glob("*.rr"))
    if not paths:
        em = f"There is no .rr file in {str(folder)!r}. Give the folder that holds them."
        raise ReadError(em)
    return tuple(_read(path, views) for path in paths)


def import_rr(
    settings: ImportedSettings,
    folder: str | PathLike[str],
    output: str | PathLike[str],
    *,
    inner: bool = False,
    force: bool = False,
) -> ImportReport:
    """Evaluate the `.rr` files of a folder on the views of the settings; keep the findings.

    The whole of the views is the mining part, as it was for the reference: the findings are
    in-sample.

    Raises
    ------
    RedescribeError
        As `imported_views`, `read_rr_folder` and `keep_imported`.
    """
    views = imported_views(settings, inner=inner)
    params = ImportedParams.of(settings)
    dataset = Dataset.of(views, SplitParams(hold_out=0))
    files = read_rr_folder(folder, views)
    assessed = keep_imported(
        [file.described(stated) for file in files for stated in file.redescriptions],
        dataset,
        output,
        {
            "import": {"format": "exitnerdom", "files": [f.path.name for f in files]},
            "mine": plain(params.mine),
        },
        assess_params=params.assess,
        min_jaccard=params.mine.search.thresholds.min_jaccard,
        force=force,
    )
    stated = [one for file in files for one in file.redescriptions]
    by_queries = {
        frozenset(finding.redescription.queries): finding.redescription
        for finding in assessed
    }
    return ImportReport(
        assessed,
        len(stated),
        tuple(
            f"{file.path.name}, line {one.line}: {text}"
            for file in files
            for one in file.redescriptions
            for text in one.differences(views)
        ),
        sum(one.stated_p_value is None for one in stated),
        sum(_has_other_p(one, by_queries[frozenset(one.queries)]) for one in stated),
    )


def _read(path: Path, views: Sequence[View]) -> StatedFile:
    named = RRTarget.of(path.name)
    names = ForeignNames()
    if named is not None:
        beside = path.parent / RRStyle(prefix=named.prefix).names_file
        names = ForeignNames.read(beside) if beside.is_file() else names
    written = [names.written_view(view) for view in views]
    file = read_rr(path, written)
    kind = Kind.INDIVIDUAL if file.individual else Kind.INTERACTION
    restored = tuple(
        replace(
            stated,
            queries=tuple(map(names.restored_query, stated.queries)),
            covered_ids=names.restored_ids(stated.covered_ids),
            union_ids=names.restored_ids(stated.union_ids),
        )
        for stated in file
    )
    target = next(
        (
            (view.name, attribute)
            for view in views
            for attribute in view.names
            if named is not None and named.is_called(names.written(view.name, attribute))
        ),
        (),
    )
    return StatedFile(path, kind, target, restored)


def _has_other_p(stated: StatedRedescription, found: Redescription) -> bool:
    p = stated.stated_p_value
    if p is None:
        return False
    return not (p > 0 and abs(math.log10(p) - found.log10_p_mined) <= _SAME_P)

"""Redescriptions as `.rr` files of the published reference implementation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from redescribe.core.assessed import AssessedSet
from redescribe.core.redescription import Agreement
from redescribe.errors import UnknownNameError
from redescribe.readers.exitnerdom_names import quoted_id, rr_names
from redescribe.significance.tails import log10_p
from redescribe.store.files import write_json, write_text
from redescribe.writers.numbers import java_double, p_as_double
from redescribe.writers.rr_files import RRStyle
from redescribe.writers.rr_query import rr_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    from redescribe._typing import Mask
    from redescribe.core.redescription import Redescription
    from redescribe.core.view import View
    from redescribe.readers.foreign_names import ForeignNames


def write_rr(
    found: AssessedSet | Iterable[Redescription],
    views: Sequence[View],
    path: str | PathLike[str],
    style: RRStyle | None = None,
) -> None:
    """Write redescriptions into one `.rr` file, and how names are written beside it.

    Every number is computed on the views that are given; give the mining part, on which
    the reference computes them, too. The names go to `<path without .rr>.names.json`.

    Parameters
    ----------
    found
        Redescriptions or findings; each covers at least two of the views.
    views
        W1, W2, … in this order, with the same entities.
    path
        The file.
    style
        Thresholds, test and quotes.

    Raises
    ------
    UnknownNameError, ViewError
        If a view or an attribute of a query is not there or of another kind.
    StoreError
        If the file system refuses.

    Notes
    -----
    A p-value that no double can hold is written as the smallest double: never as 0, which
    means "not computed" in this format. The result set score is the mean Jaccard.

    References
    ----------
    Specification of redescription mining, section 11.1.
    """
    path = Path(path)
    writer = _Writer(views, style or RRStyle())
    write_text(path, writer.text(list(_redescriptions(found)), _Origin.of(found)))
    write_json(path.with_suffix(".names.json"), writer.names.document)


def write_rr_folder(
    found: AssessedSet | Iterable[Redescription],
    views: Sequence[View],
    folder: str | PathLike[str],
    style: RRStyle | None = None,
) -> tuple[Path, ...]:
    """Write two `.rr` files per target, of its individual and interaction descriptions.

    A file is written where there is a redescription for it, named as the reference names
    it; `<prefix>names.json` says what the written names stand for.

    Returns
    -------
    tuple of Path
        The `.rr` files, in the order of the targets.

    Raises
    ------
    UnknownNameError, ViewError, StoreError
        As `write_rr`.
    """
    folder, style = Path(folder), style or RRStyle()
    writer = _Writer(views, style)
    by_file: dict[Path, list[Redescription]] = {}
    for redescription in _redescriptions(found):
        written = writer.names.written(redescription.view, redescription.attribute)
        path = folder / style.file_name(redescription.kind, written)
        by_file.setdefault(path, []).append(redescription)
    for path, redescriptions in by_file.items():
        target = redescriptions[0].target
        write_text(path, writer.text(redescriptions, _Origin.of(found, target)))
    write_json(folder / style.names_file, writer.names.document)
    return tuple(by_file)


@dataclass(frozen=True, slots=True)
class _Origin:
    """How the redescriptions of a file came about."""

    n_tests: int | None
    seconds: float
    warning: str

    @classmethod
    def of(cls, found: AssessedSet | Iterable[Redescription], target: str = "") -> _Origin:
        if not isinstance(found, AssessedSet):
            return cls(None, 0.0, "")
        n_tests = sum(
            report.n_candidates
            for report in found.targets
            if not target or report.target == target
        )
        return cls(n_tests, found.seconds, found.caveat)


class _Writer:
    """Writes redescriptions over some views under the names that the format can hold."""

    def __init__(self, views: Sequence[View], style: RRStyle) -> None:
        self.names: ForeignNames = rr_names(views)
        self._views = {view.name: self.names.written_view(view) for view in views}
        self._numbers = {view.name: k for k, view in enumerate(views, start=1)}
        self._style = style

    def text(self, redescriptions: Sequence[Redescription], origin: _Origin) -> str:
        blocks, covered, jaccards = [], set[str](), []
        for redescription in redescriptions:
            block, ids, jaccard = self._block(redescription)
            blocks.append(block)
            covered |= ids
            jaccards.append(jaccard)
        used = {
            (query.view, attribute)
            for redescription in redescriptions
            for query in redescription.queries
            for attribute in query.attributes
        }
        n_attributes = sum(len(view.attributes) for view in self._views.values())
        n_entities = max(len(view.entities) for view in self._views.values())
        n_tests = len(redescriptions) if origin.n_tests is None else origin.n_tests
        score = sum(jaccards) / len(jaccards) if jaccards else 0.0
        tail = [
            f"Number of tests: {n_tests}",
            f"Found: {len(blocks)} redescriptions with JS=1.0 and minsupport>"
            f"{self._style.min_support}\n",
            "Results value interval: [0,1]",
            f"Elements coverage: {java_double(len(covered) / n_entities)}",
            f"Attributes coverage: {java_double(len(used) / n_attributes)}",
            f"Result set score: {java_double(score)}\n",
            *([origin.warning] if origin.warning else []),
            _elapsed(origin.seconds),
        ]
        return "Redescriptions: \n\n" + "".join(blocks) + "\n".join(tail)

    def _block(self, redescription: Redescription) -> tuple[str, set[str], float]:
        queries = sorted(redescription.queries, key=lambda q: self._numbers.get(q.view, 0))
        written = [self.names.written_query(query) for query in queries]
        views = [self._view(query.view) for query in queries]
        supports = [query.on(view) for query, view in zip(written, views, strict=True)]
        agreement = Agreement.of(tuple(supports))
        log10 = log10_p(
            agreement.sizes, agreement.support, agreement.n_entities, self._style.test
        )
        shared, either = supports[0].mask, supports[0].mask
        for support in supports[1:]:
            shared, either = shared & support.mask, either | support.mask
        rules = "".join(
            f"W{self._numbers[query.view]}R: {rr_query(query, view)}\n"
            for query, view in zip(written, views, strict=True)
        )
        covered, ids = self._ids(shared, views[0])
        _, union = self._ids(either, views[0])
        block = (
            f"Rules: \n\n{rules}JS: {java_double(agreement.jaccard)}\n"
            f"p-value :{java_double(p_as_double(log10))}\n"
            f"Support intersection: {agreement.support}\n"
            f"Support union: {agreement.union}\n\n"
            f"Covered examples (intersection): \n{ids}\nUnion elements: \n{union}\n\n"
        )
        return block, covered, agreement.jaccard

    def _view(self, name: str) -> View:
        if name not in self._views:
            what = "There is no view"
            raise UnknownNameError.among(what, name, self._views)
        return self._views[name]

    def _ids(self, mask: Mask, view: View) -> tuple[set[str], str]:
        ids = sorted(view.entities.take(mask.nonzero()[0]).ids)
        always = self._style.quote_ids
        return set(ids), "".join(f"{quoted_id(one, always=always)} " for one in ids)


def _redescriptions(
    found: AssessedSet | Iterable[Redescription],
) -> Iterable[Redescription]:
    if isinstance(found, AssessedSet):
        return (finding.redescription for finding in found)
    return found


def _elapsed(seconds: float) -> str:
    minutes, seconds_left = divmod(int(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    return (
        f"Elapsed time: {days} days, {hours_left} hours,{minutes_left} minutes, "
        f"{seconds_left} seconds."
    )

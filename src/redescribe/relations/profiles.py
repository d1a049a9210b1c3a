"""Cohorts against the rest in many columns, with q-values over all tests of the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from redescribe.core.frame import frame_of
from redescribe.errors import EntityMismatchError
from redescribe.relations.comparisons import (
    ComparedColumn,
    compare_classes,
    compare_numbers,
)
from redescribe.relations.params import CohortParams
from redescribe.relations.profile_rows import ROW_COLUMNS, profile_rows
from redescribe.relations.rank_tests import Ranks
from redescribe.significance.correction import correct
from redescribe.significance.params import Correction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redescribe._typing import Mask
    from redescribe.core.assessed import Cell
    from redescribe.core.view import Attribute, View
    from redescribe.relations.cohorts import Cohort, Columns
    from redescribe.relations.comparisons import Comparison


@dataclass(frozen=True, slots=True)
class CohortProfile:
    """One cohort against the rest.

    Attributes
    ----------
    finding
        Id of the finding of which it is a part; empty for a cohort of its own.
    name
        Name of the cohort.
    n_cohort, n_rest, n_unknown
        Members, known not to be members, and neither.
    comparisons
        One per column, in the order of the views.
    """

    finding: str
    name: str
    n_cohort: int
    n_rest: int
    n_unknown: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class CohortProfiles:
    """Cohorts against the rest: the result of one call.

    Attributes
    ----------
    part
        `hold_out` or `mined` for parts of findings; `given` for cohorts of any entities.
    n_entities
        Entities of the part.
    n_tests
        Tests over which the q-values are corrected (Benjamini-Hochberg).
    grouped
        Whether the entities have groups, which the tests ignore.
    permutations
        Random divisions of a test by permutation.
    profiles
        One per cohort.
    """

    part: str
    n_entities: int
    n_tests: int
    grouped: bool
    permutations: int
    profiles: tuple[CohortProfile, ...]

    @property
    def caveat(self) -> str:
        """What the numbers are evidence of."""
        where = {
            "hold_out": f"Hold-out: {self.n_entities} entities that the search never saw.",
            "mined": f"Mining part: {self.n_entities} entities on which the rules were "
            "searched. In-sample; p and q ignore the search and are no evidence.",
        }.get(self.part, f"{self.n_entities} entities.")
        groups = " p and q take entities as independent; these have groups."
        return (
            f"{where} Exploratory: q-values (bh) over the {self.n_tests} tests of this "
            f"call.{groups if self.grouped else ''}"
        )

    def rows(self) -> list[dict[str, Cell]]:
        """Return one row for each cohort, column and class; numbers have no class."""
        return [row for profile in self.profiles for row in profile_rows(profile)]

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the rows as a frame: pandas, else Polars, else a pyarrow table."""
        return frame_of(self.rows(), ROW_COLUMNS)


@dataclass(frozen=True, slots=True)
class Subject:
    """A cohort, and the finding of which it is a part (empty: of none)."""

    finding: str
    cohort: Cohort


def profile_cohorts(
    cohorts: Sequence[Cohort],
    views: Sequence[View],
    params: CohortParams | None = None,
) -> CohortProfiles:
    """Compare cohorts with the rest in every column of the views.

    Parameters
    ----------
    cohorts
        All over the entities of the views (`Cohort.among`).
    views
        Tables over the same entities; `choose_columns` takes some columns only.
    params
        Permutations and their seed.

    Returns
    -------
    CohortProfiles
        For classes: counts, shares, entropy, purity, weighted relative accuracy, G-test,
        Fisher's test of each class. For numbers: means, effect sizes, Mann-Whitney's test.
        q-values over all tests together. Columns by which a cohort is defined are marked
        and not tested.

    Raises
    ------
    EntityMismatchError
        If a cohort and a view are over different entities.

    References
    ----------
    Specification of redescription mining, section 7.7.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.relations.cohorts import Cohort
    >>> view = View.of("x", [[float(i), float(i % 3)] for i in range(30)], names=["a", "b"])
    >>> found = profile_cohorts([Cohort.of_query("a > 19", view)], [view])
    >>> [c.by_construction for c in found.profiles[0].comparisons], found.n_tests
    ([True, False], 1)
    """
    subjects = [Subject("", cohort) for cohort in cohorts]
    return profile_subjects(subjects, views, params or CohortParams(), part="given")


def profile_subjects(
    subjects: Sequence[Subject],
    views: Sequence[View],
    params: CohortParams,
    *,
    part: str,
    made_of: Mapping[tuple[str, str], Columns] | None = None,
) -> CohortProfiles:
    """Compare cohorts with the rest; `profile_cohorts` says how.

    Parameters
    ----------
    subjects, views, params
        The cohorts, the columns, how to test.
    part
        What the entities are.
    made_of
        Columns that are made of others, by view and attribute, and of which.

    Raises
    ------
    EntityMismatchError
        If a cohort and a view are over different entities.
    """
    _check_entities(subjects, views)
    compared: list[list[Comparison]] = [[] for _ in subjects]
    for view in views:
        for attribute in view.attributes:
            sources = {(view.name, attribute.name)}
            sources |= (made_of or {}).get((view.name, attribute.name), frozenset())
            found = _compared(
                subjects, view, attribute, sources=frozenset(sources), params=params
            )
            for comparisons, comparison in zip(compared, found, strict=True):
                comparisons.append(comparison)
    every = [test for comparisons in compared for c in comparisons for test in c.tests]
    log10_p = np.array([test.log10_p for test in every], dtype=np.float64)
    log10_q = iter(correct(log10_p, Correction.BH).tolist())
    profiles = []
    for subject, comparisons in zip(subjects, compared, strict=True):
        members = subject.cohort.members
        n_unknown = members.n_unknown
        profiles.append(
            CohortProfile(
                finding=subject.finding,
                name=subject.cohort.name,
                n_cohort=len(members),
                n_rest=members.n_entities - n_unknown - len(members),
                n_unknown=n_unknown,
                comparisons=tuple(c.corrected(log10_q) for c in comparisons),
            )
        )
    entities = views[0].entities if views else subjects[0].cohort.entities
    return CohortProfiles(
        part=part,
        n_entities=len(entities),
        n_tests=log10_p.size,
        grouped=bool(entities.groups),
        permutations=params.permutations,
        profiles=tuple(profiles),
    )


def _compared(
    subjects: Sequence[Subject],
    view: View,
    attribute: Attribute,
    *,
    sources: Columns,
    params: CohortParams,
) -> Iterator[Comparison]:
    """Yield the comparison of one column for every cohort."""
    values = view.column(attribute.name).astype(np.float64, copy=False)
    is_known = ~np.isnan(values)
    ranks: tuple[Mask, Ranks] | None = None
    for subject in subjects:
        members = subject.cohort.members
        column = ComparedColumn(
            view=view.name,
            attribute=attribute.name,
            by_construction=not sources.isdisjoint(subject.cohort.defined_by),
            params=params,
            generator=_generator(params.seed, view.name, attribute.name, subject),
        )
        kept = ~members.unknown_mask
        if not attribute.is_numeric:
            inside = members.mask[kept]
            yield compare_classes(column, values[kept], attribute.categories, inside)
            continue
        kept &= is_known
        # Ranks cost more than all else, and most cohorts know the same entities.
        if ranks is None or not np.array_equal(ranks[0], kept):
            ranks = kept, Ranks.of(values[kept])
        yield compare_numbers(column, values[kept], ranks[1], members.mask[kept])


def _generator(
    seed: int, view: str, attribute: str, subject: Subject
) -> np.random.Generator:
    """A stream for the names, so that further columns or cohorts change nothing."""
    names = (view, attribute, subject.finding, subject.cohort.name)
    key = tuple(crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _check_entities(subjects: Sequence[Subject], views: Sequence[View]) -> None:
    indexes = [view.entities.ids for view in views]
    indexes += [subject.cohort.entities.ids for subject in subjects]
    for ids in indexes[1:]:
        if ids != indexes[0]:
            em = (
                f"Cohorts and views must be over the same entities in the same order. Got "
                f"{len(indexes[0])} and {len(ids)} entities. Use cohort.among(...) and "
                "view.take(...)."
            )
            raise EntityMismatchError(em)

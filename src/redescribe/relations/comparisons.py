"""One column in a cohort against the rest: classes, or numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from redescribe.core.homogeneity import Homogeneity, class_counts
from redescribe.relations.class_tests import g_statistic, g_test, reference_score
from redescribe.relations.tested import Method, Tested
from redescribe.significance.tails import log10_fisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.relations.params import CohortParams
    from redescribe.relations.rank_tests import Ranks


@dataclass(frozen=True, slots=True)
class ClassShare:
    """One class in a cohort and in the rest.

    Attributes
    ----------
    category
        Text of the class.
    n_cohort, n_rest
        Entities of the class in the cohort and in the rest.
    share_cohort, share_rest
        Of those whose class is known; None where there are none.
    wracc
        Weighted relative accuracy (|I| / N) (share_cohort - share of all); None where the
        class is known of nobody.
    test
        Fisher's exact test of the class against all others, two-sided; None where it can
        have one outcome only, and where the cohort differs by construction.
    """

    category: str
    n_cohort: int
    n_rest: int
    share_cohort: float | None
    share_rest: float | None
    wracc: float | None
    test: Tested | None


@dataclass(frozen=True, slots=True)
class ClassComparison:
    """A nominal or Boolean column in a cohort and in the rest.

    Attributes
    ----------
    view, attribute
        The column.
    by_construction
        Whether the column decides who is in the cohort: then nothing is tested.
    n_cohort, n_rest
        Entities whose class is known.
    cohort
        Counts, largest class, purity and entropy of the cohort.
    entropy_all
        Entropy of the cohort and the rest together, in bits; None where no class is known.
    g, n_degrees
        Statistic of the G-test of the cohort against the rest, and the number of classes
        that occur less one; None where one side is empty.
    reference_score
        The part of G that the cohort adds, which the reference implementation shows.
    test
        The G-test; None as in `ClassShare`.
    classes
        In the order of the attribute's categories.
    """

    view: str
    attribute: str
    by_construction: bool
    n_cohort: int
    n_rest: int
    cohort: Homogeneity
    entropy_all: float | None
    g: float | None
    n_degrees: int | None
    reference_score: float | None
    test: Tested | None
    classes: tuple[ClassShare, ...]

    @property
    def tests(self) -> tuple[Tested, ...]:
        """The results that a correction counts: of two classes, Fisher's test is one."""
        fisher = [share.test for share in self.classes if share.test is not None]
        if sum(share.n_cohort + share.n_rest > 0 for share in self.classes) == 2:
            fisher = fisher[:1]
        return tuple(test for test in (self.test, *fisher) if test is not None)

    def corrected(self, log10_q: Iterator[float]) -> ClassComparison:
        """Return the comparison with the next corrections, one for each of `tests`."""
        results = [test.corrected(next(log10_q)) for test in self.tests]
        if not results:
            return self
        test, *fisher = results
        n_tested = sum(share.test is not None for share in self.classes)
        left = iter(fisher * n_tested if len(fisher) == 1 else fisher)
        classes = tuple(
            share if share.test is None else replace(share, test=next(left))
            for share in self.classes
        )
        return replace(self, test=test, classes=classes)


@dataclass(frozen=True, slots=True)
class NumberComparison:
    """A numeric column in a cohort and in the rest.

    Attributes
    ----------
    view, attribute
        The column.
    by_construction
        Whether the column decides who is in the cohort: then nothing is tested.
    n_cohort, n_rest
        Entities whose value is known.
    mean_cohort, mean_rest
        Means; None where no value is known.
    difference
        Mean of the cohort less that of the rest.
    standardized_difference
        The difference in pooled standard deviations; None where they are 0 or unknown.
    auc
        P(cohort > rest) + P(equal) / 2; None where one side is empty.
    test
        Mann-Whitney's test, two-sided; None where it can have one outcome only, and where
        the cohort differs by construction.
    """

    view: str
    attribute: str
    by_construction: bool
    n_cohort: int
    n_rest: int
    mean_cohort: float | None
    mean_rest: float | None
    difference: float | None
    standardized_difference: float | None
    auc: float | None
    test: Tested | None

    @property
    def rank_biserial(self) -> float | None:
        """2 auc - 1: from -1, all of the cohort are smaller, to 1, all are larger."""
        return None if self.auc is None else 2 * self.auc - 1

    @property
    def tests(self) -> tuple[Tested, ...]:
        """The results that a correction counts."""
        return () if self.test is None else (self.test,)

    def corrected(self, log10_q: Iterator[float]) -> NumberComparison:
        """Return the comparison with the next correction, if it has a test."""
        if self.test is None:
            return self
        return replace(self, test=self.test.corrected(next(log10_q)))


Comparison = ClassComparison | NumberComparison


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """Which column is compared, how, and whether the cohort is made of it."""

    view: str
    attribute: str
    by_construction: bool
    params: CohortParams
    generator: np.random.Generator


def compare_classes(
    column: ComparedColumn, codes: Floats, categories: tuple[str, ...], members: Mask
) -> ClassComparison:
    """Return how classes are distributed in a cohort and in the rest.

    Parameters
    ----------
    column
        What is compared.
    codes
        ndarray of float64, shape (n_entities,): category codes; NaN means missing.
    categories
        What the codes stand for.
    members
        ndarray of bool, shape (n_entities,): the cohort; all others are the rest.
    """
    inside = class_counts(codes[members], len(categories))
    totals = class_counts(codes, len(categories))
    n_cohort, n_all = int(inside.sum()), int(totals.sum())
    tested = not column.by_construction
    test = None
    if tested:
        test = g_test(inside, totals, column.params.permutations, column.generator)
    occurring = totals > 0
    two_sides = 0 < n_cohort < n_all
    g = float(g_statistic(inside[occurring], totals[occurring])) if two_sides else None
    return ClassComparison(
        view=column.view,
        attribute=column.attribute,
        by_construction=column.by_construction,
        n_cohort=n_cohort,
        n_rest=n_all - n_cohort,
        cohort=Homogeneity.of(inside, categories),
        entropy_all=Homogeneity.of(totals, categories).entropy,
        g=g,
        n_degrees=int(occurring.sum()) - 1 if two_sides else None,
        reference_score=reference_score(inside[occurring], totals[occurring])
        if two_sides
        else None,
        test=test,
        classes=_class_shares(categories, inside, totals, tested=test is not None),
    )


def _class_shares(
    categories: tuple[str, ...], inside: Ints, totals: Ints, *, tested: bool
) -> tuple[ClassShare, ...]:
    """One per category; of two classes that occur, both show the one test there is."""
    n_cohort, n_all = int(inside.sum()), int(totals.sum())
    n_occurring = int((totals > 0).sum())
    shares, last = [], None
    for category, n_inside, total in zip(
        categories, inside.tolist(), totals.tolist(), strict=True
    ):
        test = last if n_occurring == 2 else None
        if test is None and tested and 0 < total < n_all:
            log10_p = log10_fisher(n_cohort, total, n_inside, n_all)
            test = last = Tested.alone(log10_p, Method.EXACT)
        wracc = None
        if n_all:
            wracc = n_inside / n_all - n_cohort / n_all * (total / n_all)
        shares.append(
            ClassShare(
                category=category,
                n_cohort=n_inside,
                n_rest=total - n_inside,
                share_cohort=_ratio(n_inside, n_cohort),
                share_rest=_ratio(total - n_inside, n_all - n_cohort),
                wracc=wracc,
                test=test if total else None,
            )
        )
    return tuple(shares)


def compare_numbers(
    column: ComparedColumn, values: Floats, ranks: Ranks, members: Mask
) -> NumberComparison:
    """Return how numbers differ between a cohort and the rest.

    Parameters
    ----------
    column
        What is compared.
    values
        ndarray of float64, shape (n_entities,), none missing.
    ranks
        Those of the values.
    members
        ndarray of bool, shape (n_entities,): the cohort; all others are the rest.
    """
    inside, outside = values[members], values[~members]
    mean_inside, mean_outside = _mean(inside), _mean(outside)
    difference = None
    if mean_inside is not None and mean_outside is not None:
        difference = mean_inside - mean_outside
    test = None
    if not column.by_construction:
        test = ranks.test(members, column.params.permutations, column.generator)
    return NumberComparison(
        view=column.view,
        attribute=column.attribute,
        by_construction=column.by_construction,
        n_cohort=inside.size,
        n_rest=outside.size,
        mean_cohort=mean_inside,
        mean_rest=mean_outside,
        difference=difference,
        standardized_difference=_standardized(difference, inside, outside),
        auc=ranks.auc(members),
        test=test,
    )


def _standardized(
    difference: float | None, inside: Floats, outside: Floats
) -> float | None:
    """Cohen's d, with the pooled variance of both sides."""
    n_degrees = inside.size + outside.size - 2
    if difference is None or n_degrees < 1:
        return None
    squares = sum(float(((side - side.mean()) ** 2).sum()) for side in (inside, outside))
    return difference / math.sqrt(squares / n_degrees) if squares > 0 else None


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None

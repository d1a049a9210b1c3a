"""Resamples of the hold-out -> intervals and shares; tables of re-searches -> recovery."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import units_of
from redescribe.core.measures import jaccard_sets
from redescribe.core.resampling import Recovery
from redescribe.core.support import unpack
from redescribe.errors import ParameterError
from redescribe.significance.hold_out import clopper_pearson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe._typing import Floats, Mask
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Redescription

RECOVERED = 0.8
"""Jaccard of two supports from which on one is found again (specification, 7.5)."""

_BOOTSTRAP_STAGE = 4
_BLOCK = 64
_LARGEST = 1 << 22
"""Weights in memory at a time."""
_N_FOR_INTERVALS = 2_000
_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True, eq=False)
class Bootstrap:
    """Resamples of the entities of a part: whole groups where there are any.

    As many groups as there are, or entities, are drawn with replacement. The resamples are
    a function of the seed and of the number of what is drawn.

    Attributes
    ----------
    part
        Usually the hold-out part.
    n_resamples, seed
        How many, and of what seed.
    """

    part: Dataset
    n_resamples: int
    seed: int

    def jaccards(self, family: Sequence[Redescription]) -> Iterator[Floats]:
        """Yield the Jaccards of the fixed queries in each resample, one array for each.

        NaN where a resample has nothing to divide by.
        """
        units = units_of(self.part.entities)
        members, sizes = np.concatenate(units), [unit.size for unit in units]
        starts = np.cumsum([0, *sizes[:-1]])
        for first in range(0, len(family), _BLOCK):
            sets = np.array(
                [_masks(found, self.part) for found in family[first : first + _BLOCK]]
            )
            counts = np.add.reduceat(sets[..., members], starts, axis=2, dtype=np.float64)
            blocks = [
                np.einsum("ru,fsu->sfr", drawn, counts, optimize=True)
                for drawn in self.weights(len(units))
            ]
            shared, reached = np.concatenate(blocks, axis=2)
            with np.errstate(invalid="ignore"):
                yield from shared / reached

    def weights(self, n_units: int) -> Iterator[Floats]:
        """Yield how often each unit was drawn, block by block of resamples."""
        generator = np.random.default_rng(
            np.random.SeedSequence(self.seed, spawn_key=(_BOOTSTRAP_STAGE,))
        )
        size = max(1, _LARGEST // n_units)
        shares = np.full(n_units, 1 / n_units)
        for first in range(0, self.n_resamples, size):
            n_drawn = min(size, self.n_resamples - first)
            yield generator.multinomial(n_units, shares, size=n_drawn).astype(np.float64)


def with_stability(
    assessed: AssessedSet, dataset: Dataset, n_resamples: int
) -> AssessedSet:
    """Return the findings with the share of resamples in which they keep the threshold.

    The fixed queries are evaluated on resamples of the hold-out, of whole groups where
    there are any. A finding that is not testable has no share.

    Parameters
    ----------
    assessed
        Tested on the hold-out of `dataset`.
    n_resamples
        Resamples, at least one; they follow from the seed of the split.

    Raises
    ------
    ParameterError
        If nothing is held out.

    References
    ----------
    Specification of redescription mining, section 7.5.
    """
    check_can_bootstrap(dataset, n_resamples)
    seed = dataset.split.params.seed
    bootstrap = Bootstrap(dataset.hold_out_part, n_resamples, seed)
    family = [finding.redescription for finding in assessed]
    threshold = assessed.evidence.min_jaccard
    findings = tuple(
        replace(finding, stability=float((jaccards >= threshold).mean()))
        if _is_testable(finding)
        else finding
        for finding, jaccards in zip(assessed, bootstrap.jaccards(family), strict=True)
    )
    resampling = replace(assessed.evidence.resampling, n_bootstrap=n_resamples)
    evidence = replace(assessed.evidence, resampling=resampling)
    return replace(assessed, findings=findings, evidence=evidence)


def check_can_bootstrap(dataset: Dataset, n_resamples: int) -> None:
    """Raise an error where resamples are asked for and there is no hold-out.

    Raises
    ------
    ParameterError
        If nothing is held out.
    """
    if n_resamples and not dataset.split.held_out.size:
        em = (
            "A bootstrap resamples the hold-out, but nothing is held out. Keep a hold-out "
            "(--hold-out 0.3), or leave --bootstrap out; --recovery resamples the mining "
            "part."
        )
        raise ParameterError(em)


def with_recovery(assessed: AssessedSet, best: Floats) -> AssessedSet:
    """Return the findings with what searches of resampled entities find again.

    Parameters
    ----------
    assessed
        The findings.
    best
        ndarray of float64, shape (n_resamples, n_findings), findings in the same order: the
        best Jaccard of what each search found (`redescribe.mining.recovery`).

    References
    ----------
    Specification of redescription mining, section 7.5.
    """
    findings = tuple(
        replace(
            finding, recovery=Recovery(float((of >= RECOVERED).mean()), float(of.mean()))
        )
        for finding, of in zip(assessed, best.T, strict=True)
    )
    resampling = replace(assessed.evidence.resampling, n_recovery=len(best))
    evidence = replace(assessed.evidence, resampling=resampling)
    return replace(assessed, findings=findings, evidence=evidence)


def group_intervals(
    family: Sequence[Redescription], part: Dataset, seed: int
) -> list[tuple[float, float] | None]:
    """Return 95 % intervals of Jaccards on a part whose entities have groups.

    Percentiles of a bootstrap of whole groups. Where all groups of the union agree, a
    bootstrap is blind; the interval is then the exact one of as many groups. None where the
    union is empty.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import EntityIndex, SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.redescription import Kind, Redescription
    >>> from redescribe.core.view import View
    >>> entities = EntityIndex(tuple("abcdef"), tuple("ppqqrr"))
    >>> values = [[1.0], [1.0], [1.0], [0.0], [1.0], [1.0]]
    >>> views = [View.of(name, values, names=["a"], entities=entities) for name in "xy"]
    >>> part = Dataset.of(views, SplitParams(hold_out=0))
    >>> queries = (parse_query("a > 0.5", "x"), parse_query("a > 0.5", "y"))
    >>> found = Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, (), 0.5, -1.0)
    >>> low, high = group_intervals([found], part, 0)[0]  # all of three groups agree
    >>> round(low, 4), high
    (0.2924, 1.0)
    """
    bootstrap = Bootstrap(part, _N_FOR_INTERVALS, seed)
    units = units_of(part.entities)
    intervals: list[tuple[float, float] | None] = []
    for found, jaccards in zip(family, bootstrap.jaccards(family), strict=True):
        shared, reached = _masks(found, part)
        if not reached.any():
            intervals.append(None)
            continue
        observed = float(shared.sum() / reached.sum())
        if 0 < observed < 1:
            low, high = np.quantile(jaccards[~np.isnan(jaccards)], _TAILS)
            intervals.append((float(low), float(high)))
        else:
            n_groups = sum(bool(reached[unit].any()) for unit in units)
            intervals.append(clopper_pearson(round(observed) * n_groups, n_groups))
    return intervals


def _masks(found: Redescription, part: Dataset) -> Mask:
    """What the Jaccard divides and by what, shape (2, n_entities)."""
    words = jaccard_sets(found.supports_on(part), found.missing)
    return unpack(np.stack(words), part.n_entities)


def _is_testable(finding: Finding) -> bool:
    return finding.assessment is not None and finding.assessment.hold_out.union > 0

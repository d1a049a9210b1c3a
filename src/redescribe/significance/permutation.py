"""Null distributions -> p-values that cover the whole search."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.null_table import maxima_of, statistics_of
from redescribe.core.resampling import SearchPValue, Statistic, TargetSearch
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from redescribe._typing import Floats
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.null_table import NullTable, Values
    from redescribe.core.redescription import Redescription, RedescriptionSet


def with_search_p(
    assessed: AssessedSet,
    mined: RedescriptionSet,
    nulls: NullTable,
    *,
    statistic: Statistic = Statistic.ADJUSTED_JACCARD,
    within: str = "",
) -> AssessedSet:
    """Return the findings and targets with their p-values under permutation.

    A target is judged by its best redescription before any was chosen, of all kinds; a
    finding by its own value, against the best of its kind.

    Parameters
    ----------
    assessed
        The findings.
    mined
        All that the search has found, before selection.
    nulls
        What `search_null` has found with the same parameters.
    statistic
        What is compared.
    within
        What entities were permuted within, for the record.

    Raises
    ------
    ParameterError
        If the null distribution is of other targets.

    References
    ----------
    Specification of redescription mining, section 7.4.
    """
    places = {name: place for place, name in enumerate(nulls.targets)}
    unknown = sorted({found.target for found in mined} - places.keys())
    if unknown:
        em = (
            f"The null distribution has no target {unknown[0]!r}, of which there are "
            "findings. Make it with the parameters of the search."
        )
        raise ParameterError(em)
    null, observed = nulls.of(statistic), _observed(mined, nulls, statistic)
    of_targets = _tests(
        observed.max(axis=1, initial=0.0),
        null.max(axis=2, initial=0.0),
        bounded=statistic is not Statistic.LOG_P,
    )
    findings = []
    for finding in assessed:
        found = finding.redescription
        kind = nulls.kinds.index(found.kind)
        value = statistics_of_found(found)[tuple(Statistic).index(statistic)]
        p_search = SearchPValue(
            _p_value(value, null[:, places[found.target], kind]),
            _p_value(value, null[:, :, kind].max(axis=1)),
        )
        findings.append(replace(finding, p_search=p_search))
    targets = tuple(
        replace(report, search=of_targets[places[report.target]])
        if report.target in places
        else report
        for report in assessed.targets
    )
    resampling = replace(
        assessed.evidence.resampling,
        n_permutations=len(nulls),
        statistic=statistic.value,
        within=within,
    )
    evidence = replace(assessed.evidence, resampling=resampling)
    return replace(assessed, findings=tuple(findings), targets=targets, evidence=evidence)


def search_p_values(observed: Floats, null: Floats) -> Floats:
    """Return (1 + permutations that reach the observed value) / (1 + permutations).

    Parameters
    ----------
    observed
        ndarray of float64, shape (n_tests,).
    null
        ndarray of float64, shape (n_permutations, n_tests), or (n_permutations, 1) for all.

    Examples
    --------
    >>> search_p_values(np.array([0.5, 0.0]), np.array([[0.1, 0.0], [0.6, 0.2], [0, 0]]))
    array([0.5, 1. ])
    """
    p_values: Floats = (1 + (null >= observed).sum(axis=0)) / (1 + len(null))
    return p_values


def _p_value(value: float, null: Floats) -> float:
    return float(search_p_values(np.array([value]), null[:, None])[0])


def _tests(observed: Floats, null: Floats, *, bounded: bool) -> list[TargetSearch]:
    """The test of each target: `observed` (n_targets,), `null` (n_permutations, …)."""
    own = search_p_values(observed, null)
    family = search_p_values(observed, null.max(axis=1, initial=0.0)[:, None])
    means = null.mean(axis=0)
    return [
        TargetSearch(
            best,
            mean,
            (best - mean) / (1 - mean) if bounded and mean < 1 else None,
            SearchPValue(p, p_family),
        )
        for best, mean, p, p_family in zip(
            observed.tolist(), means.tolist(), own.tolist(), family.tolist(), strict=True
        )
    ]


def _observed(mined: RedescriptionSet, nulls: NullTable, statistic: Statistic) -> Floats:
    """The largest value of each target and kind, shape (n_targets, n_kinds)."""
    of_target: dict[str, list[Redescription]] = {name: [] for name in nulls.targets}
    for found in mined:
        of_target[found.target].append(found)
    largest = [
        maxima_of([(found.kind, statistics_of_found(found)) for found in some], nulls.kinds)
        for some in of_target.values()
    ]
    shape = (len(of_target), len(nulls.kinds), len(Statistic))
    values: Floats = np.array(largest).reshape(shape)
    return values[..., tuple(Statistic).index(statistic)]


def statistics_of_found(found: Redescription) -> Values:
    """Return the value of each `Statistic` for a redescription on the mining part."""
    mined = found.mined
    return statistics_of(mined.jaccard, mined.sizes, mined.n_entities, found.log10_p_mined)

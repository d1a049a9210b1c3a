"""Null networks -> how far findings between networks are above them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.network_null import (
    NetworkNull,
    NullKind,
    NullSeries,
    RelatedNetwork,
)
from redescribe.core.null_table import NullTable, maxima_of
from redescribe.core.resampling import Statistic
from redescribe.significance.permutation import search_p_values, statistics_of_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from redescribe._typing import Floats
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.null_table import Values
    from redescribe.core.redescription import Kind, Redescription, RedescriptionSet

_Pair = tuple[str, str]
"""The name of a target and the view of another network."""


def with_null_networks(
    assessed: AssessedSet,
    mined: RedescriptionSet,
    series: Sequence[NullSeries],
    *,
    statistic: Statistic = Statistic.ADJUSTED_JACCARD,
    permuted: NullTable | None = None,
) -> AssessedSet:
    """Return the findings and targets beside what null networks reach.

    Only redescriptions over exactly two views count: that of the target and the one that
    is replaced. A target is judged by its best one before any was chosen, of all kinds; a
    finding by its own value, against the best of its kind.

    Parameters
    ----------
    assessed
        The findings.
    mined
        All that the search has found, before selection.
    series
        What `search_null_networks` has found with the same parameters.
    statistic
        What is compared.
    permuted
        What `search_null` has found. It is shown with the others where there are two views
        only: of more views, its searches compare all of them at once.

    References
    ----------
    Specification of redescription mining, section 7.6.
    """
    place = tuple(Statistic).index(statistic)
    pairs = {(target, one.partner) for one in series for target in one.searches.targets}
    if permuted is not None and len(assessed.views) == 2:
        series = [*_as_series(permuted, series), *series]
    found = _found(mined, pairs)
    networks: dict[str, dict[str, RelatedNetwork]] = defaultdict(dict)
    for one in series:
        for position, target in enumerate(one.searches.targets):
            best = maxima_of(_valued(found[target, one.partner]), one.searches.kinds)
            adjusted, jaccard, _ = best.max(axis=0, initial=0.0).tolist()
            null = one.searches.of(statistic)[:, position].max(axis=1, initial=0.0)
            beside = _beside(one, float(best[:, place].max(initial=0.0)), null)
            related = networks[target].get(
                one.partner, RelatedNetwork(one.partner, jaccard, adjusted, ())
            )
            networks[target][one.partner] = replace(related, nulls=(*related.nulls, beside))
    findings = tuple(
        replace(finding, nulls=_of_finding(finding, series, statistic))
        for finding in assessed
    )
    targets = tuple(
        replace(report, networks=tuple(networks[report.target].values()))
        if report.target in networks
        else report
        for report in assessed.targets
    )
    by_kind = {null: [one for one in series if one.null is null] for null in NullKind}
    rotations, untrained = by_kind[NullKind.ROTATED], by_kind[NullKind.UNTRAINED]
    resampling = replace(
        assessed.evidence.resampling,
        n_rotations=max((len(one.searches) for one in rotations), default=0),
        n_untrained=sum(len(one.searches) for one in untrained),
        statistic=statistic.value,
    )
    evidence = replace(assessed.evidence, resampling=resampling)
    return replace(assessed, findings=findings, targets=targets, evidence=evidence)


def _as_series(permuted: NullTable, series: Iterable[NullSeries]) -> list[NullSeries]:
    """The searches of permuted entities, for the targets of each network by themselves."""
    names = {one.partner: one.searches.targets for one in series}
    rows = {name: row for row, name in enumerate(permuted.targets)}
    return [
        NullSeries(
            NullKind.PERMUTED,
            partner,
            NullTable(
                targets,
                permuted.kinds,
                permuted.maxima[:, [rows[name] for name in targets]],
            ),
        )
        for partner, targets in names.items()
    ]


def _found(
    mined: RedescriptionSet, pairs: set[_Pair]
) -> Mapping[_Pair, list[Redescription]]:
    """The redescriptions of each target over its own view and one other."""
    found: dict[_Pair, list[Redescription]] = {pair: [] for pair in pairs}
    for one in mined:
        pair = _pair(one)
        if pair in found:
            found[pair].append(one)
    return found


def _pair(found: Redescription) -> _Pair | None:
    if len(found.queries) != 2:
        return None
    return found.target, next(q.view for q in found.queries if q.view != found.view)


def _valued(
    found: Iterable[Redescription],
) -> list[tuple[Kind, Values]]:
    return [(one.kind, statistics_of_found(one)) for one in found]


def _of_finding(
    finding: Finding, series: Iterable[NullSeries], statistic: Statistic
) -> tuple[NetworkNull, ...]:
    found = finding.redescription
    pair = _pair(found)
    value = statistics_of_found(found)[tuple(Statistic).index(statistic)]
    return tuple(
        _beside(
            one,
            value,
            one.searches.of(statistic)[
                :,
                one.searches.targets.index(found.target),
                one.searches.kinds.index(found.kind),
            ],
        )
        for one in series
        if pair is not None and pair[1] == one.partner and pair[0] in one.searches.targets
    )


def _beside(series: NullSeries, value: float, null: Floats) -> NetworkNull:
    """A value beside the statistics of all searches, shape (n_searches,)."""
    p_value = search_p_values(np.array([value]), null[:, None])[0]
    return NetworkNull(
        series.null,
        series.partner,
        value,
        len(null),
        float(null.mean()),
        float(null.max()),
        float(p_value),
    )

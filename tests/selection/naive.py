"""Slow obvious twins of the selection: sets, lists, the formulas as they are printed."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.measures import adjusted_jaccard, cautious_jaccard, expected_jaccard
from redescribe.core.measures import jaccard as jaccard_of_supports
from redescribe.core.missing import MissingPolicy
from redescribe.selection.params import Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.redescription import Redescription
    from redescribe.selection.params import SelectParams

Family = list["Redescription"]


def entities(found: Redescription) -> set[int]:
    """The entities of I."""
    masks = [set(np.flatnonzero(support.mask).tolist()) for support in found.supports]
    return set.intersection(*masks)


def union(found: Redescription) -> set[int]:
    return set[int]().union(*(np.flatnonzero(s.mask).tolist() for s in found.supports))


def attributes(found: Redescription) -> set[tuple[str, str]]:
    return {(query.view, name) for query in found.queries for name in query.attributes}


def jaccard(
    a: set[int] | set[tuple[str, str]], b: set[int] | set[tuple[str, str]]
) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def plain_jaccard(found: Redescription) -> float:
    return len(entities(found)) / len(union(found)) if union(found) else 0.0


def quality(found: Redescription, params: SelectParams) -> float:
    value = plain_jaccard(found)
    if params.score is Score.JACCARD:
        return value
    if params.score is Score.CAUTIOUS:
        return cautious(found)
    sizes = [len(support) for support in found.supports]
    return adjusted_jaccard(value, expected_jaccard(sizes, n_entities(found)))


def cautious(found: Redescription) -> float:
    return cautious_jaccard(plain_jaccard(found), len(union(found)), len(found))


def n_entities(found: Redescription) -> int:
    return found.supports[0].n_entities


def p_cost(found: Redescription) -> float:
    return min(1, max(0, 1 + found.log10_p_mined / 17))


def size(found: Redescription, params: SelectParams) -> float:
    return min(1, sum(map(len, found.queries)) / params.size_norm)


def doubt(found: Redescription) -> float:
    """J_rej - J_pess."""
    return jaccard_of_supports(
        found.supports, MissingPolicy.REJECTIVE
    ) - jaccard_of_supports(found.supports, MissingPolicy.PESSIMISTIC)


def in_order(redescriptions: Sequence[Redescription]) -> Family:
    """Higher cautious J, fewer literals, fewer NOTs, text; then whatever still differs."""
    return sorted(
        redescriptions,
        key=lambda r: (
            *(-cautious(r), len(r), sum(t.negated for q in r.queries for t in q.terms)),
            *(str(r), r.view, r.attribute, r.kind),
        ),
    )


def question(found: Redescription) -> object:
    views = frozenset(query.view for query in found.queries)
    return found.view, found.attribute, found.kind, views


# Duplicates


def without_duplicates(
    redescriptions: Sequence[Redescription], *, keep_equal_support: bool
) -> Family:
    kept: Family = []
    for one in in_order(redescriptions):
        if not any(
            question(one) == question(other)
            and entities(one) == entities(other)
            and (not keep_equal_support or attributes(one) == attributes(other))
            for other in kept
        ):
            kept.append(one)
    return kept


def target_literals(found: Redescription) -> set[tuple[str, bool]]:
    return {
        (str(literal), term.negated)
        for term in found.queries[0].terms
        for literal in term.literals
        if literal.attribute == found.attribute
    }


def links(
    redescriptions: Sequence[Redescription], threshold: float, *, same_attributes: bool
) -> list[tuple[Redescription, tuple[Redescription, ...]]]:
    ordered = in_order(redescriptions)
    groups: list[Family] = []
    for one in ordered:
        for group in groups:
            other = group[0]
            if (
                question(one) == question(other)
                and target_literals(one) == target_literals(other)
                and jaccard(entities(one), entities(other)) >= threshold
                and (not same_attributes or attributes(one) == attributes(other))
            ):
                group.append(one)
                break
        else:
            groups.append([one])
    for group in list(groups):
        better = ordered[: ordered.index(group[0])]
        for other in better:
            if are_complements(other, group[0]) and (
                not same_attributes or attributes(other) == attributes(group[0])
            ):
                groups.remove(group)
                next(g for g in groups if other in g).extend(group)
                break
    return [(group[0], tuple(in_order(group)[1:])) for group in groups]


def are_complements(one: Redescription, other: Redescription) -> bool:
    """Whether two pairs say the same of opposite entities, all of them known."""
    pairs = list(zip(one.supports, other.supports, strict=False))
    return (
        question(one) == question(other)
        and len(one.supports) == len(other.supports) == 2
        and not any(s.unknown_mask.any() for pair in pairs for s in pair)
        and all((a.mask != b.mask).all() for a, b in pairs)
    )


# Extraction


def extraction_score(
    found: Redescription,
    chosen: Family,
    everything: Family,
    params: SelectParams,
    limit: int,
) -> float:
    w = params.weights
    score = w.jaccard * (1 - quality(found, params)) + w.size * size(found, params)
    score += w.stability * doubt(found)
    if not chosen:
        f_att = Counter(a for r in everything for a in attributes(r))
        f_el = Counter(e for r in everything for e in entities(r))
        score += w.p * p_cost(found)
        score += w.attributes * sum(f_att[a] for a in attributes(found)) / f_att.total()
        return score + w.entities * sum(f_el[e] for e in entities(found)) / max(
            1, f_el.total()
        )
    c = len(chosen) / limit
    n = n_entities(found)
    covered = set[int]().union(*map(entities, chosen))
    score += w.p * (c * p_cost(found) + (1 - c) * len(entities(found)) / n)
    score += w.attributes * max(jaccard(attributes(found), attributes(r)) for r in chosen)
    score += w.entities * max(jaccard(entities(found), entities(r)) for r in chosen)
    new = len(entities(found) - covered)
    return score + w.coverage * (1 - new / max(1, n - len(covered)))


def extraction(
    redescriptions: Sequence[Redescription], params: SelectParams, limit: int
) -> Family:
    everything = in_order(redescriptions)
    chosen: Family = []
    while len(chosen) < limit:
        free = [
            r
            for r in everything
            if not any(
                r is other
                or (
                    jaccard(entities(r), entities(other)) == 1
                    and attributes(r) == attributes(other)
                )
                for other in chosen
            )
        ]
        if not free:
            break
        scores = [
            round(extraction_score(r, chosen, everything, params, limit), 12) for r in free
        ]
        chosen.append(free[scores.index(min(scores))])
    return chosen


# Exchange


def exchange_score(
    found: Redescription, current: Family, params: SelectParams, *, inside: bool
) -> float:
    w, own = params.weights, int(inside)
    entity_counts = Counter(e for r in current for e in entities(r))
    attribute_counts = Counter(a for r in current for a in attributes(r))
    e = sum(entity_counts[x] - own for x in entities(found))
    a = sum(attribute_counts[x] - own for x in attributes(found))
    alone = sum(entity_counts[x] == own for x in entities(found))
    p = min(1, -found.log10_p_mined / 17)
    return (
        w.entities * e / max(1, entity_counts.total())
        + w.attributes * a / max(1, attribute_counts.total())
        + w.jaccard * (1 - quality(found, params))
        + w.p * (1 - p)
        + w.coverage * (1 - alone / n_entities(found))
        + w.size * size(found, params)
    )


def redundancy(found: Redescription, others: Family) -> int:
    counts = Counter(a for r in others for a in attributes(r))
    return sum(counts[a] for a in attributes(found))


def exchange(
    redescriptions: Sequence[Redescription], params: SelectParams, limit: int
) -> Family:
    current: Family = []
    for one in in_order(redescriptions):
        twins = [r for r in current if entities(r) == entities(one)]
        if twins:
            others = [r for r in current if r is not twins[0]]
            falls = redundancy(one, others) < redundancy(twins[0], others)
            if falls and quality(one, params) >= quality(twins[0], params):
                current[current.index(twins[0])] = one
            continue
        if len(current) < limit:
            current.append(one)
            continue
        own = exchange_score(one, current, params, inside=False)
        gains = [exchange_score(r, current, params, inside=True) - own for r in current]
        if params.flexible and len(current) > 1 and min(gains) > max(1e-12, usual(gains)):
            current.append(one)
        elif max(gains) > 1e-12:
            current[gains.index(max(gains))] = one
    scores = [round(exchange_score(r, current, params, inside=True), 12) for r in current]
    return [current[i] for i in sorted(range(len(current)), key=scores.__getitem__)]


def usual(gains: list[float]) -> float:
    """Q3 + 1.5 IQR of the distances to the nearest other value."""
    nearest = [
        min(abs(gain - other) for j, other in enumerate(gains) if j != i)
        for i, gain in enumerate(gains)
    ]
    low, high = np.percentile(nearest, [25, 75])
    return float(high + 1.5 * (high - low))


# Cover


def cover_value(chosen: Sequence[Redescription], params: SelectParams) -> float:
    w = params.weights
    best: dict[tuple[str, str], float] = {}
    for r in chosen:
        target = (r.view, r.attribute)
        best[target] = max(best.get(target, 0.0), quality(r, params))
    covered = set[int]().union(*map(entities, chosen))
    value = w.jaccard * sum(best.values())
    if chosen:
        value += w.coverage * len(covered) / n_entities(chosen[0])
    return value - w.size * sum(len(r) for r in chosen) / params.size_norm


def cover(
    redescriptions: Sequence[Redescription], params: SelectParams, limit: int
) -> Family:
    waiting, chosen = in_order(redescriptions), list["Redescription"]()
    while len(chosen) < limit:
        counts = Counter((r.view, r.attribute, r.kind) for r in chosen)
        free = [
            r
            for r in waiting
            if counts[r.view, r.attribute, r.kind] < params.max_per_target
        ]
        before = cover_value(chosen, params)
        gains = [round(cover_value([*chosen, r], params) - before, 12) for r in free]
        if max(gains, default=0.0) <= 0:
            break
        best = free[gains.index(max(gains))]
        chosen.append(best)
        waiting = [r for r in waiting if r is not best]
    return chosen


def best_cover_value(
    redescriptions: Sequence[Redescription], params: SelectParams, limit: int
) -> float:
    return max(
        cover_value(chosen, params)
        for size in range(limit + 1)
        for chosen in combinations(redescriptions, size)
    )

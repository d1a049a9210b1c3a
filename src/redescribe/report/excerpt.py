"""Which findings are shown: the best of every pair of views in turn."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from redescribe.core.assessed import AssessedSet, Finding


def captured_neurons(assessed: AssessedSet) -> frozenset[str]:
    """Return the names of the targets that are captured neurons: they are called by their id."""
    return frozenset(t.attribute for t in assessed.targets if t.target == t.attribute)


def by_pair(assessed: AssessedSet) -> dict[tuple[str, ...], list[Finding]]:
    """Return the findings by the views they relate, each list in the order of the set.

    Views that explain neurons by something else come first, as that is what a reader looks
    for; then as the views are ordered. The direction does not matter.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in assessed:
        views = {query.view for query in finding.redescription.queries}
        groups.setdefault(tuple(sorted(views, key=assessed.views.index)), []).append(finding)
    networks = {t.view for t in assessed.targets if t.target == t.attribute}
    return {
        views: groups[views]
        for views in sorted(groups, key=lambda views: _pair_rank(views, assessed, networks))
    }


def best_in_turn(
    groups: Mapping[tuple[str, ...], Sequence[Finding]], limit: int
) -> dict[tuple[str, ...], list[Finding]]:
    """Return at most `limit` findings: the best of each group in turn, then the second best.

    Examples
    --------
    >>> best_in_turn({("a", "b"): [1, 2, 3], ("a", "c"): [4]}, limit=3)  # doctest: +SKIP
    {('a', 'b'): [1, 2], ('a', 'c'): [4]}
    """
    shown: dict[tuple[str, ...], list[Finding]] = {views: [] for views in groups}
    n_shown = 0
    for turn in zip_longest(*groups.values()):
        for views, finding in zip(groups, turn, strict=True):
            if finding is not None and n_shown < limit:
                shown[views].append(finding)
                n_shown += 1
    return shown


def read_first(
    groups: Mapping[tuple[str, ...], Iterable[Finding]], limit: int
) -> list[Finding]:
    """Return findings of as many different targets and pairs of views as possible.

    The best of each pair in turn. A target, and a rule of the partner, occur once before
    either is repeated: the best findings are often one statement many times over.
    """
    chosen: list[Finding] = []
    seen: set[str] = set()
    fresh = {views: _varied(findings) for views, findings in groups.items()}
    for turn in zip_longest(*fresh.values()):
        for finding in turn:
            if finding is None or len(chosen) == limit:
                continue
            if finding.redescription.target not in seen:
                seen.add(finding.redescription.target)
                chosen.append(finding)
    return chosen


def example(findings: Sequence[Finding], neurons: Collection[str]) -> Finding | None:
    """Return the finding that explains the idea: a neuron in terms of no other neuron."""
    for finding in findings:
        own, *partners = finding.redescription.queries
        sides = [set(own.attributes), {a for query in partners for a in query.attributes}]
        n_neural = sum(bool(side & set(neurons)) for side in sides)
        if n_neural == 1 and _is_tested_well(finding):
            return finding
    return findings[0] if findings else None


def _is_tested_well(finding: Finding) -> bool:
    return finding.assessment is None or finding.assessment.confirmed


def _varied(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per rule of the partner first, the others after them."""
    seen: set[tuple[str, ...]] = set()
    fresh, repeated = [], []
    for finding in findings:
        partners = tuple(str(query) for query in finding.redescription.queries[1:])
        (repeated if partners in seen else fresh).append(finding)
        seen.add(partners)
    return fresh + repeated


def _pair_rank(
    views: tuple[str, ...], assessed: AssessedSet, networks: Collection[str]
) -> tuple[int, tuple[int, ...]]:
    n_networks = sum(view in networks for view in views)
    order = {1: 0, 2: 1}.get(n_networks, 2)
    return order, tuple(assessed.views.index(view) for view in views)

"""Which findings are shown: the best of every set of views in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from redescribe.core.assessed import AssessedSet, Finding

_AT_A_GLANCE = 3
"""Literals of a finding."""

Views = tuple[str, ...]
Key = TypeVar("Key")
Item = TypeVar("Item")


def captured_neurons(assessed: AssessedSet) -> frozenset[str]:
    """Return the names of the captured neurons: targets that are called by their name."""
    return frozenset(t.attribute for t in assessed.targets if t.target == t.attribute)


def by_views(assessed: AssessedSet) -> dict[Views, list[Finding]]:
    """Return the findings by the views they relate, each list in the order of the set.

    Those that relate one network to something else come first, as they are what a reader
    looks for; then several networks, then the others; of each, fewer views first. The
    direction does not matter.
    """
    networks = {t.view for t in assessed.targets if t.target == t.attribute}
    groups: dict[Views, list[Finding]] = {}
    for finding in assessed:
        views = {query.view for query in finding.redescription.queries}
        ordered = tuple(name for name in assessed.views if name in views)
        groups.setdefault(ordered, []).append(finding)

    def rank(views: Views) -> tuple[int, int, tuple[int, ...]]:
        n_networks = sum(view in networks for view in views)
        positions = tuple(assessed.views.index(view) for view in views)
        return {1: 0, 0: 2}.get(n_networks, 1), len(views), positions

    return {views: groups[views] for views in sorted(groups, key=rank)}


def best_in_turn(groups: Mapping[Key, Sequence[Item]], limit: int) -> dict[Key, list[Item]]:
    """Return `limit` items at most: the best of each group, then the second best, ….

    >>> best_in_turn({"ab": [1, 2, 3], "ac": [4]}, limit=3)
    {'ab': [1, 2], 'ac': [4]}
    """
    shown: dict[Key, list[Item]] = {key: [] for key in groups}
    n_shown = 0
    for rank in range(max(map(len, groups.values()), default=0)):
        for key, items in groups.items():
            if rank < len(items) and n_shown < limit:
                shown[key].append(items[rank])
                n_shown += 1
    return shown


def read_first(groups: Mapping[Views, Iterable[Finding]], limit: int) -> list[Finding]:
    """Return the best findings of each group in turn: no target and no statement twice.

    Only confirmed ones, where some are. A rule of the partner is repeated only when there
    is no other: the best findings are often one statement many times over.
    """
    pools = [_varied(findings) for findings in groups.values()]
    confirmed = [[f for f in pool if _is_confirmed(f)] for pool in pools]
    waiting = [iter(pool) for pool in (confirmed if any(confirmed) else pools)]
    chosen: list[Finding] = []
    seen: set[object] = set()
    while waiting and len(chosen) < limit:
        pool = waiting.pop(0)
        for finding in pool:
            names = {finding.redescription.target, _statement(finding)}
            if seen.isdisjoint(names):
                seen |= names
                chosen.append(finding)
                waiting.append(pool)
                break
    return chosen


def example(findings: Sequence[Finding], neurons: Collection[str]) -> Finding | None:
    """Return the shortest finding with neurons in one query only, else the shortest."""

    def rank(finding: Finding) -> tuple[bool, int]:
        queries = finding.redescription.queries
        n_neural = sum(not set(neurons).isdisjoint(query.attributes) for query in queries)
        return n_neural != 1, len(finding.redescription)

    return min(findings, key=rank, default=None)


def _statement(finding: Finding) -> frozenset[tuple[str, str]]:
    """The queries in any order: A <=> B is found from both sides."""
    return frozenset((q.view, str(q)) for q in finding.redescription.queries)


def _is_confirmed(finding: Finding) -> bool:
    return finding.assessment is not None and finding.assessment.confirmed


def _varied(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per query of the partner first, the others after them; short before long.

    A reader takes in three literals at a glance: longer rules follow, however good.
    """
    seen: set[Views] = set()
    fresh: list[Finding] = []
    repeated: list[Finding] = []
    for finding in sorted(findings, key=lambda f: len(f.redescription) > _AT_A_GLANCE):
        partners = tuple(str(query) for query in finding.redescription.queries[1:])
        (repeated if partners in seen else fresh).append(finding)
        seen.add(partners)
    return fresh + repeated

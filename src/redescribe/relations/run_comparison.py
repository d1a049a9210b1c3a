"""Two runs -> which findings were kept, changed, added and lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.relations.comparability import Comparability, changed_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.relations.comparability import Setting
    from redescribe.store.run import RunFolder

Group = tuple[str, str, frozenset[str]]


class Change(StrEnum):
    """What became of a finding between two runs."""

    KEPT = "kept"
    """Both have the same queries."""
    CHANGED = "changed"
    """Both explain the same target by the same views, with other queries."""
    ADDED = "added"
    """Only the later run has one for this target and these views, or has one more."""
    LOST = "lost"
    """Only the earlier run has it."""


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding of either run, or a pair of them.

    Attributes
    ----------
    change
        What became of it.
    before, after
        The finding of each run; None where it has none.
    explained
        Whether both runs looked for findings of this target at all.
    """

    change: Change
    before: Finding | None
    after: Finding | None
    explained: bool

    @property
    def finding(self) -> Finding:
        """The later finding, or the earlier one where it is lost."""
        found = self.after or self.before
        if found is None:
            em = "A change is about at least one finding."
            raise ValueError(em)
        return found

    def row(self) -> dict[str, Cell]:
        """Return it as one row of the table of changes."""
        redescription = self.finding.redescription
        row: dict[str, Cell] = {
            "change": self.change.value,
            "target": redescription.target,
            "kind": redescription.kind.value,
            "explained_in_both": self.explained,
        }
        for name, finding in (("before", self.before), ("after", self.after)):
            row |= {f"{key}_{name}": cell for key, cell in _cells(finding).items()}
        return row


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs side by side.

    Attributes
    ----------
    before, after
        Names of the runs.
    changes
        In the order of the later run; those that are lost follow, in that of the earlier.
    comparability
        What the two have in common, and what must be known before their numbers are
        compared.
    settings
        Parameters and versions that differ; empty where none are known.
    """

    before: str
    after: str
    changes: tuple[FindingChange, ...]
    comparability: Comparability
    settings: tuple[Setting, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Kept, changed, added and lost findings."""
        found = Counter(change.change for change in self.changes)
        return {change.value: found[change] for change in Change}

    def rows(self) -> list[dict[str, Cell]]:
        """Return the table of changes; cells that are not defined are None."""
        return [change.row() for change in self.changes]


def compare_runs(
    before: tuple[AssessedSet, Dataset],
    after: tuple[AssessedSet, Dataset],
    *,
    names: tuple[str, str] = ("before", "after"),
    settings: Sequence[Setting] = (),
) -> RunComparison:
    """Return which findings of two runs are the same, and which differ.

    Findings with the same key, that is the same queries, are kept. What is left is paired
    within a target, a kind and a set of views: those that share most attributes first, then
    those that stand higher in their runs. What stays alone is added or lost.

    Parameters
    ----------
    before, after
        Findings and dataset of the earlier and of the later run.
    names
        How the runs are called.
    settings
        Parameters that differ.

    Notes
    -----
    Nothing is evaluated again: the numbers are those of each run, on its own entities.
    """
    first, second = before[0], after[0]
    of_key = {finding.redescription.key: finding for finding in first}
    partner = {
        finding.id: of_key[finding.redescription.key]
        for finding in second
        if finding.redescription.key in of_key
    }
    kept = {finding.id for finding in partner.values()}
    changed = dict(
        _pairs(
            [finding for finding in first if finding.id not in kept],
            [finding for finding in second if finding.id not in partner],
        )
    )
    explained = _targets(first) & _targets(second)

    def change(kind: Change, old: Finding | None, new: Finding | None) -> FindingChange:
        target = (new or old).redescription.target  # type: ignore[union-attr]
        return FindingChange(kind, old, new, target in explained)

    changes = []
    for finding in second:
        if finding.id in partner:
            changes.append(change(Change.KEPT, partner[finding.id], finding))
        elif finding.id in changed:
            changes.append(change(Change.CHANGED, changed[finding.id], finding))
        else:
            changes.append(change(Change.ADDED, None, finding))
    gone = kept | {finding.id for finding in changed.values()}
    changes += [change(Change.LOST, old, None) for old in first if old.id not in gone]
    comparability = Comparability.of(before[1], after[1])
    return RunComparison(*names, tuple(changes), comparability, tuple(settings))


def compare_folders(before: RunFolder, after: RunFolder) -> RunComparison:
    """Compare two finished runs on the disk; with their parameters.

    Raises
    ------
    StoreError
        If a run is not finished, or a file is broken.
    """
    return compare_runs(
        (before.read_assessed(), before.dataset()),
        (after.read_assessed(), after.dataset()),
        names=(before.path.name, after.path.name),
        settings=changed_settings(before.document, after.document),
    )


def _targets(assessed: AssessedSet) -> set[str]:
    return {report.target for report in assessed.targets}


def _pairs(
    before: Iterable[Finding], after: Iterable[Finding]
) -> Iterator[tuple[str, Finding]]:
    """Id of a later finding, and the earlier one that it stands for."""
    groups: dict[Group, tuple[list[Finding], list[Finding]]] = defaultdict(lambda: ([], []))
    for side, findings in enumerate((before, after)):
        for finding in findings:
            groups[_group(finding)][side].append(finding)
    for old, new in groups.values():
        candidates = sorted(
            (-_shared(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new)
        )
        taken: tuple[set[int], set[int]] = (set(), set())
        for _, i, j in candidates:
            if i not in taken[0] and j not in taken[1]:
                taken[0].add(i)
                taken[1].add(j)
                yield new[j].id, old[i]


def _group(finding: Finding) -> Group:
    redescription = finding.redescription
    views = frozenset(query.view for query in redescription.queries)
    return redescription.target, redescription.kind.value, views


def _shared(a: Finding, b: Finding) -> float:
    """Jaccard of the attributes that two findings name."""
    first, second = _attributes(a), _attributes(b)
    return len(first & second) / len(first | second)


def _attributes(finding: Finding) -> set[tuple[str, str]]:
    queries = finding.redescription.queries
    return {(query.view, name) for query in queries for name in query.attributes}


def _cells(finding: Finding | None) -> dict[str, Cell]:
    """Id, rules and numbers of one side; None where there is nothing."""
    if finding is None:
        return dict.fromkeys(_COLUMNS)
    redescription, tested = finding.redescription, finding.assessment
    defined = tested is not None and tested.hold_out.union > 0
    cells = (
        finding.id,
        str(redescription),
        redescription.mined.jaccard,
        tested.hold_out.jaccard if tested is not None and defined else None,
        tested.log10_q_value if tested is not None else None,
        tested.confirmed if tested is not None else None,
    )
    return dict(zip(_COLUMNS, cells, strict=True))


_COLUMNS = ("id", "rules", "jaccard_mined", "jaccard", "log10_q_value", "confirmed")

"""What the report shows: plain values, so that it can be stored, compared and tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.core.assessed import Evidence
    from redescribe.core.sample import TargetSample


@dataclass(frozen=True, slots=True)
class Parts:
    """How many entities satisfy both rules, one of them, or neither.

    Attributes
    ----------
    both, left_only, right_only, neither
        The first rule is the left one; all others together are the right one.
    unknown
        Entities for which a rule cannot be told because a value is missing.
    held_out
        Whether held-out entities were counted, or mined ones.

    Examples
    --------
    >>> parts = Parts(3, 1, 0, 6, unknown=2, held_out=True)
    >>> parts.n_entities
    12
    """

    both: int
    left_only: int
    right_only: int
    neither: int
    unknown: int
    held_out: bool

    @property
    def n_entities(self) -> int:
        """Number of entities counted."""
        return self.both + self.left_only + self.right_only + self.neither + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding; statistics of the hold-out are None where there is none.

    Attributes
    ----------
    id, target
        As in the tables of the run.
    views, queries, words
        View, exact text and plain words of each rule; the target's rule first.
    jaccard_mined, adjusted_jaccard_mined, support_mined, union_mined, log10_p_mined
        In-sample values, on the mining part.
    jaccard, jaccard_low, jaccard_high, expected_jaccard, support, union, log10_q
        On the hold-out; the Jaccards are None where no entity satisfies a rule.
    confirmed
        None without a hold-out.
    parts
        The four parts, on the hold-out where the dataset is there to count them.
    """

    id: str
    target: str
    views: tuple[str, ...]
    queries: tuple[str, ...]
    words: tuple[str, ...]
    jaccard_mined: float
    adjusted_jaccard_mined: float
    support_mined: int
    union_mined: int
    log10_p_mined: float
    jaccard: float | None
    jaccard_low: float | None
    jaccard_high: float | None
    expected_jaccard: float | None
    support: int | None
    union: int | None
    log10_q: float | None
    confirmed: bool | None
    parts: Parts


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings that relate some views: those shown, best first, out of all."""

    views: tuple[str, ...]
    rows: tuple[FindingRow, ...]
    n_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """What became of a target; Jaccards are None where nothing was found."""

    name: str
    view: str
    state: str
    reason: str
    best_jaccard_mined: float | None
    baseline_jaccard: float | None
    n_candidates: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many targets of some views are described, describable, explained, dead."""

    views: tuple[str, ...]
    described: int
    describable: int
    total: int
    dead: int


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One view: its name, what it holds ("32 neurons"), and how often it is explained."""

    name: str
    contents: str
    n_findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """All that the report shows.

    Attributes
    ----------
    title, entity_noun, entity_nouns
        Of the report; what an entity is called, one and several.
    example
        The best finding, preferably between a neuron and something else; None without any.
    read_first
        The best findings of different targets and pairs of views.
    groups
        The best findings by pair of views; a group may be shown in part.
    targets, n_targets
        The targets shown, out of all that were explained.
    sample
        What those were drawn of; None where no target was left out.
    neurons, others
        Coverage of captured neurons and of all other targets.
    views
        All views, in order.
    evidence
        How the family was tested.
    n_findings, n_confirmed
        All findings of the run; `n_confirmed` is None without a hold-out.
    grouped
        Whether entities belong to groups, which the p-values ignore.
    seconds
        Wall time of the search.
    versions
        Packages and their versions.
    """

    title: str
    entity_noun: str
    entity_nouns: str
    example: FindingRow | None
    read_first: tuple[FindingRow, ...]
    groups: tuple[FindingGroup, ...]
    targets: tuple[TargetRow, ...]
    n_targets: int
    sample: TargetSample | None
    neurons: Coverage
    others: Coverage
    views: tuple[ViewRow, ...]
    evidence: Evidence
    n_findings: int
    n_confirmed: int | None
    grouped: bool
    seconds: float
    versions: tuple[tuple[str, str], ...]

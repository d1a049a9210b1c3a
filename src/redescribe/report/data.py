"""What the report shows: plain values, so that it can be stored, compared and tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.core.assessed import Evidence
    from redescribe.core.sample import TargetSample


@dataclass(frozen=True, slots=True)
class Parts:
    """How many entities satisfy all rules, some of them, or none.

    Attributes
    ----------
    both
        All rules hold.
    left_only
        The first rule holds, but not all others.
    right_only
        The first rule does not hold, but another one does.
    neither
        No rule holds.
    unknown
        Entities for which a rule cannot be told because a value is missing.
    held_out
        Whether held-out entities were counted, or mined ones.
    n_rules
        Two or more.

    Examples
    --------
    >>> parts = Parts(3, 1, 0, 6, unknown=2, held_out=True, n_rules=2)
    >>> parts.n_entities
    12
    """

    both: int
    left_only: int
    right_only: int
    neither: int
    unknown: int
    held_out: bool
    n_rules: int

    @property
    def n_entities(self) -> int:
        """Number of entities counted."""
        return self.both + self.left_only + self.right_only + self.neither + self.unknown


@dataclass(frozen=True, slots=True)
class Pair:
    """The views of two rules of a finding, and their Jaccard; None where none holds."""

    first: str
    second: str
    jaccard: float | None


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
    nulls
        Between two networks: name and p of each null network; empty otherwise.
    parts
        The four parts, on the hold-out where the dataset is there to count them.
    pairs
        How well every two of three or more rules agree, on the entities of `parts`; empty
        for two rules.
    causal
        What causal checks say; empty where there was none.
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
    nulls: tuple[tuple[str, float], ...]
    parts: Parts
    pairs: tuple[Pair, ...]
    causal: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings that relate some views: those shown, best first, out of all."""

    views: tuple[str, ...]
    rows: tuple[FindingRow, ...]
    n_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """What became of a target; Jaccards are None where nothing was found.

    `proven` tells what is proven about the best pair; empty without a proof. `nulls` has
    the name of each null and what such networks reach; empty for other targets.
    """

    name: str
    view: str
    state: str
    reason: str
    best_jaccard_mined: float | None
    baseline_jaccard: float | None
    n_candidates: int
    proven: str
    nulls: tuple[tuple[str, str], ...]


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
class Demands:
    """What was asked of the findings beside thresholds.

    Attributes
    ----------
    max_views
        Views of a finding at most.
    required_views
        Views that every finding covers.
    constraints, languages
        Texts on attributes and on the form of rules, as the user wrote them.
    """

    max_views: int
    required_views: tuple[str, ...]
    constraints: tuple[str, ...]
    languages: tuple[str, ...]


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
        The best findings of different targets and sets of views.
    groups
        The best findings by the views they relate; a group may be shown in part.
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
    null_shares
        How many neurons another network explains better than null networks, as texts.
    n_findings, n_confirmed
        All findings of the run; `n_confirmed` is None without a hold-out.
    missing
        What a rule that is unknown means for J, in words; empty for the default.
    demands
        What was asked of the findings; None where nobody knows.
    grouped
        Whether entities belong to groups, which the p-values ignore.
    seconds
        Wall time of the search.
    versions
        Packages and their versions.
    causal
        How the network was changed in causal checks; empty where there was none.
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
    null_shares: tuple[str, ...]
    n_findings: int
    n_confirmed: int | None
    missing: str
    demands: Demands | None
    grouped: bool
    seconds: float
    versions: tuple[tuple[str, str], ...]
    causal: str

    @property
    def widest(self) -> int:
        """Rules of the finding that has most; 2 without any."""
        return max((len(group.views) for group in self.groups), default=2)

"""Assessed findings -> what the report shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from redescribe.core.breakdown import Breakdown
from redescribe.core.certificate import proven
from redescribe.core.missing import MissingPolicy
from redescribe.core.network_null import null_shares
from redescribe.core.printing import in_words, name_in_words
from redescribe.core.redescription import TargetState
from redescribe.errors import EntityMismatchError
from redescribe.report import excerpt
from redescribe.report.data import (
    Coverage,
    Demands,
    FindingGroup,
    FindingRow,
    Pair,
    Parts,
    ReportData,
    TargetRow,
    ViewRow,
)
from redescribe.report.wording import listed, plural
from redescribe.store.versions import versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.effect import Effects
    from redescribe.core.redescription import Redescription, TargetReport
    from redescribe.mining.params import MineParams

MAX_FINDINGS = 200
MAX_READ_FIRST = 10
MAX_TARGETS = 500


def summarize(
    assessed: AssessedSet,
    dataset: Dataset | None = None,
    title: str = "Redescriptions",
    *,
    entity_noun: str = "sample",
    demands: Demands | None = None,
    effects: Effects | None = None,
) -> ReportData:
    """Return what the report on these findings shows.

    Parameters
    ----------
    assessed
        The findings of a run; may be empty.
    dataset
        The whole dataset that they were assessed on; without it the four parts of a finding
        are those of the mining part.
    title
        Of the report.
    entity_noun
        What one entity is called: "patient", "image".
    demands
        What was asked of the findings; without it, the methods do not say.
    effects
        What causal checks of the findings found, where there were any.

    Raises
    ------
    EntityMismatchError
        If the dataset has another mining part or hold-out than the findings.

    Examples
    --------
    >>> from redescribe.core.assessed import AssessedSet, Evidence
    >>> evidence = Evidence(7, 3, 0, 12, "fixed_margin", "bh", 0.01, 0.5, 0)
    >>> data = summarize(
    ...     AssessedSet((), (), ("x", "y"), evidence, 0.0), entity_noun="study"
    ... )
    >>> data.entity_nouns, data.n_confirmed, data.example
    ('studies', 0, None)
    """
    neurons = excerpt.captured_neurons(assessed)
    rows = replace(_rows_of(assessed, dataset, neurons), effects=effects)
    groups = excerpt.by_views(assessed)
    first = excerpt.read_first(groups, MAX_READ_FIRST)
    example = excerpt.example(first, neurons)
    reports = assessed.targets
    return ReportData(
        title=title,
        entity_noun=entity_noun,
        entity_nouns=plural(entity_noun),
        example=rows.row(example) if example is not None else None,
        read_first=tuple(map(rows.row, first)),
        groups=tuple(
            FindingGroup(views, tuple(map(rows.row, shown)), len(groups[views]))
            for views, shown in excerpt.best_in_turn(groups, MAX_FINDINGS).items()
        ),
        targets=tuple(map(_target_row, reports[:MAX_TARGETS])),
        n_targets=len(reports),
        sample=assessed.sample,
        neurons=_coverage(t for t in reports if t.target == t.attribute),
        others=_coverage(t for t in reports if t.target != t.attribute),
        views=_view_rows(assessed, dataset),
        evidence=assessed.evidence,
        null_shares=tuple(map(str, null_shares(reports))),
        n_findings=len(assessed),
        n_confirmed=assessed.counts["replicated"],
        missing=next(map(_policy, assessed), ""),
        demands=demands,
        grouped=dataset is not None and bool(dataset.entities.groups),
        seconds=assessed.seconds,
        versions=tuple(
            (name, str(version)) for name, version in versions().items() if version
        ),
        causal=effects.caveat if effects is not None and len(effects) else "",
    )


def demands_of(params: MineParams) -> Demands:
    """Return what parameters ask of findings beside thresholds.

    >>> from redescribe.mining.params import MineParams
    >>> demands_of(MineParams(required_views=("labels",))).required_views
    ('labels',)
    """
    return Demands(
        max_views=params.max_views,
        required_views=params.required_views,
        constraints=params.constraints,
        languages=params.search.language.view_language,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes rows of findings, with the parts of the dataset where there is one."""

    neurons: frozenset[str]
    mining_part: Dataset | None
    hold_out_part: Dataset | None
    effects: Effects | None = None

    def row(self, finding: Finding) -> FindingRow:
        redescription, assessment = finding.redescription, finding.assessment
        mined = redescription.mined
        held_out = assessment.hold_out if assessment is not None else None
        testable = held_out is not None and held_out.union > 0
        queries = redescription.queries
        counted = self._breakdown(redescription)
        return FindingRow(
            id=finding.id,
            target=self._target(redescription),
            views=tuple(query.view for query in queries),
            queries=tuple(map(str, queries)),
            words=self._words(redescription),
            jaccard_mined=mined.jaccard,
            adjusted_jaccard_mined=mined.adjusted_jaccard,
            support_mined=mined.support,
            union_mined=mined.union,
            log10_p_mined=redescription.log10_p_mined,
            jaccard=held_out.jaccard if held_out and testable else None,
            jaccard_low=assessment.jaccard_low if assessment else None,
            jaccard_high=assessment.jaccard_high if assessment else None,
            expected_jaccard=held_out.expected_jaccard if held_out and testable else None,
            support=held_out.support if held_out else None,
            union=held_out.union if held_out else None,
            log10_q=assessment.log10_q_value if assessment else None,
            confirmed=assessment.confirmed if assessment else None,
            nulls=tuple((one.null.value, one.p_value) for one in finding.nulls),
            parts=parts_of(counted, held_out=self.hold_out_part is not None),
            pairs=_pairs(counted, redescription),
            causal=self.effects.verdicts(redescription) if self.effects else "",
        )

    def _target(self, redescription: Redescription) -> str:
        name = redescription.attribute
        return name_in_words(name, neuron=name in self.neurons)

    def _words(self, redescription: Redescription) -> tuple[str, ...]:
        part = self.mining_part
        return tuple(
            in_words(
                query,
                part.view(query.view) if part is not None else None,
                neurons=self.neurons,
                shares=True,
            )
            for query in redescription.queries
        )

    def _breakdown(self, redescription: Redescription) -> Breakdown:
        supports = redescription.supports
        if self.hold_out_part is not None:
            supports = redescription.supports_on(self.hold_out_part)
        return Breakdown.of(supports, redescription.missing)


def parts_of(found: Breakdown, *, held_out: bool) -> Parts:
    """Return the parts that two or more supports divide the entities into.

    >>> import numpy as np
    >>> from redescribe.core.support import Support
    >>> a = Support.from_mask(np.array([True, True, False]))
    >>> parts = parts_of(Breakdown.of((a, a, ~a)), held_out=True)
    >>> parts.both, parts.left_only, parts.right_only, parts.neither
    (0, 2, 1, 0)
    """
    sizes: Counter[str] = Counter()
    for holds, n_entities in found.combinations:
        if all(holds):
            part = "both"
        elif holds[0]:
            part = "left_only"
        else:
            part = "right_only" if any(holds) else "neither"
        sizes[part] += n_entities
    return Parts(
        sizes["both"],
        sizes["left_only"],
        sizes["right_only"],
        sizes["neither"],
        unknown=found.n_unknown,
        held_out=held_out,
        n_rules=len(found.agreement.sizes),
    )


def _pairs(found: Breakdown, redescription: Redescription) -> tuple[Pair, ...]:
    views = [query.view for query in redescription.queries]
    if len(views) == 2:
        return ()
    return tuple(Pair(views[p.first], views[p.second], p.jaccard) for p in found.pairs)


def _policy(finding: Finding) -> str:
    """What unknown rules mean; empty where it is the default."""
    policy = finding.redescription.missing
    return "" if policy is MissingPolicy.QUERY_NON_MISSING else policy.value


def _rows_of(
    assessed: AssessedSet, dataset: Dataset | None, neurons: frozenset[str]
) -> _Rows:
    if dataset is None:
        return _Rows(neurons, None, None)
    evidence, split = assessed.evidence, dataset.split
    if (split.mined.size, split.held_out.size) != (evidence.n_mined, evidence.n_hold_out):
        em = (
            f"The findings come from {evidence.n_mined} mined and {evidence.n_hold_out} "
            f"held-out entities; this dataset has {split.mined.size} and "
            f"{split.held_out.size}. Give the dataset they were assessed on."
        )
        raise EntityMismatchError(em)
    hold_out_part = dataset.hold_out_part if split.held_out.size else None
    return _Rows(neurons, dataset.mining_part, hold_out_part)


def _target_row(report: TargetReport) -> TargetRow:
    is_neuron = report.target == report.attribute
    return TargetRow(
        name=name_in_words(report.attribute, neuron=is_neuron),
        view=report.view,
        state=report.state.value,
        reason=report.reason,
        best_jaccard_mined=report.best_jaccard_mined,
        baseline_jaccard=report.baseline.jaccard if report.baseline else None,
        n_candidates=report.n_candidates,
        proven=proven(report.certificates),
        nulls=_null_texts(report),
    )


def _null_texts(report: TargetReport) -> tuple[tuple[str, str], ...]:
    """Each null and what it reaches; of several networks, in place of the best one."""
    networks = report.networks
    best = max(networks, key=lambda one: one.adjusted_jaccard, default=None)
    return tuple(
        (one.null.value, f"{one.mean:.2f} (≤ {one.maximum:.2f}), p {one.p_value:.2g}")
        for one in (best.nulls if best else ())
    )


def _coverage(reports: Iterable[TargetReport]) -> Coverage:
    reports = list(reports)
    states = Counter(report.state for report in reports)
    return Coverage(
        views=tuple(dict.fromkeys(report.view for report in reports)),
        described=states[TargetState.DESCRIBED],
        describable=len(reports) - states[TargetState.NOT_DESCRIBABLE],
        total=len(reports),
        dead=sum(report.reason in {"constant", "all_missing"} for report in reports),
    )


def _view_rows(assessed: AssessedSet, dataset: Dataset | None) -> tuple[ViewRow, ...]:
    n_findings = Counter(finding.redescription.view for finding in assessed)
    return tuple(
        ViewRow(name, _contents(name, dataset), n_findings[name]) for name in assessed.views
    )


def _contents(view: str, dataset: Dataset | None) -> str:
    """How many neurons, and how many attributes of each kind; empty without a dataset."""
    if dataset is None:
        return ""
    attributes = dataset.view(view).attributes
    kinds = Counter("neuron" if a.neuron else a.kind.value for a in attributes)
    return listed([_counted(kind, number) for kind, number in kinds.items()])


def _counted(kind: str, number: int) -> str:
    noun = kind if kind == "neuron" else f"{kind} attribute"
    return f"{number:,} {noun if number == 1 else plural(noun)}"

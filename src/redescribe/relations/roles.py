"""What each target stands for: classes, attributes, neurons, one meaning or several."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from redescribe.core.frame import frame_of
from redescribe.core.redescription import Kind, TargetState
from redescribe.relations.links import adjusted_on_hold_out, best_of
from redescribe.relations.meanings import MeaningRule, meanings
from redescribe.relations.places import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import TargetReport
    from redescribe.relations.places import Place


class RoleKind(StrEnum):
    """What the findings of a target name."""

    CLASS = "class"
    ATTRIBUTE = "attribute"
    CLASS_AND_ATTRIBUTE = "class and attribute"
    NEURON = "neuron"
    NONE = "none"
    NOT_DESCRIBABLE = "not describable"


@dataclass(frozen=True, slots=True)
class Role:
    """What a target stands for, by its confirmed findings.

    Attributes
    ----------
    target
        How the run calls it.
    place
        Its layer.
    kind
        Class where a nominal or Boolean attribute occurs, attribute where a numeric one
        does; neuron where only neurons do.
    classes, attributes, neurons
        Names that occur, as `view:attribute`, those of the best findings first.
    n_findings, n_confirmed
        Of all kinds; without a hold-out all count, and `n_confirmed` is None.
    best
        Id of the best finding, of those that name no neurons if there are any; empty
        without findings.
    jaccard, adjusted_jaccard
        Of that on the hold-out; None without one.
    meanings
        Alternatives that one end of the target stands for (`meanings`).
    """

    target: str
    place: Place
    kind: RoleKind
    classes: tuple[str, ...]
    attributes: tuple[str, ...]
    neurons: tuple[str, ...]
    n_findings: int
    n_confirmed: int | None
    best: str
    jaccard: float | None
    adjusted_jaccard: float | None
    meanings: tuple[str, ...]

    @property
    def polysemantic(self) -> bool:
        """Whether one end of it stands for several things that exclude each other."""
        return len(self.meanings) > 1

    def row(self) -> dict[str, Cell]:
        """Return the role as a row of a table; several names are joined by "; "."""
        return {
            "target": self.target,
            "view": self.place.view,
            "model": self.place.model,
            "layer": self.place.layer,
            "role": self.kind.value,
            "classes": "; ".join(self.classes),
            "attributes": "; ".join(self.attributes),
            "neurons": "; ".join(self.neurons),
            "n_findings": self.n_findings,
            "n_confirmed": self.n_confirmed,
            "best": self.best or None,
            "jaccard": self.jaccard,
            "adjusted_jaccard": self.adjusted_jaccard,
            "polysemantic": self.polysemantic,
            "meanings": "; ".join(self.meanings),
        }


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of the targets of a run, in their order.

    Attributes
    ----------
    roles
        One per target.
    rule
        When alternatives count as meanings.
    part
        "hold-out" or "mined": the entities that the meanings were compared on.
    n_entities
        Of that part.
    """

    roles: tuple[Role, ...]
    rule: MeaningRule
    part: str
    n_entities: int

    def counts(self) -> dict[str, int]:
        """Return how many targets have each role, and how many are polysemantic."""
        kinds = [role.kind for role in self.roles]
        found = {kind.value: kinds.count(kind) for kind in RoleKind}
        return found | {"polysemantic": sum(role.polysemantic for role in self.roles)}

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the roles as a frame: pandas, else Polars, else a pyarrow table."""
        rows = [role.row() for role in self.roles]
        return frame_of(rows, list(rows[0]) if rows else [])


def roles_of(
    assessed: AssessedSet,
    dataset: Dataset,
    rule: MeaningRule | None = None,
    *,
    networks: Sequence[str] = (),
) -> Roles:
    """Return what each target of a run stands for.

    Only confirmed findings count; without a hold-out all do, and none is evidence.

    Parameters
    ----------
    assessed
        The findings.
    dataset
        What they were mined on; it tells classes from numbers, and where meanings overlap:
        on the hold-out, else on what was mined.
    rule
        When alternatives count as meanings of their own.
    networks
        Views whose attributes are neurons too, though they were not captured here.

    Raises
    ------
    UnknownNameError
        If there is no such view.

    References
    ----------
    Specification of redescription mining, section 10, "Roles".
    """
    held_out = not assessed.evidence.in_sample_only
    rules = _Rules(
        rule or MeaningRule(),
        dataset.hold_out_part if held_out else dataset.mining_part,
        {dataset.view(name).name for name in networks},
        held_out,
    )
    by_target: dict[tuple[str, str], list[Finding]] = {}
    for finding in assessed:
        redescription = finding.redescription
        place = (redescription.view, redescription.attribute)
        by_target.setdefault(place, []).append(finding)
    roles = tuple(
        _role(
            report,
            by_target.get((report.view, report.attribute), []),
            dataset,
            rules,
        )
        for report in assessed.targets
    )
    return Roles(
        roles, rules.meaning, "hold-out" if held_out else "mined", rules.part.n_entities
    )


class _Rules(NamedTuple):
    """What counts as a meaning and as a neuron, and whether findings were tested."""

    meaning: MeaningRule
    part: Dataset
    networks: set[str]
    held_out: bool


def _role(
    report: TargetReport,
    findings: Sequence[Finding],
    dataset: Dataset,
    rules: _Rules,
) -> Role:
    confirmed = [f for f in findings if f.assessment is not None and f.assessment.confirmed]
    counted = confirmed if rules.held_out else list(findings)
    names: dict[str, list[str]] = {"class": [], "attribute": [], "neuron": []}
    readable = []
    for finding in counted:
        n_neurons = len(names["neuron"])
        for query in finding.redescription.queries[1:]:
            view = dataset.view(query.view)
            for name in query.attributes:
                attribute = view.attributes[view.position(name)]
                kind = "attribute" if attribute.is_numeric else "class"
                if attribute.neuron or query.view in rules.networks:
                    kind = "neuron"
                names[kind].append(view.target_name(name))
        if len(names["neuron"]) == n_neurons:
            readable.append(finding)
    classes, attributes, neurons = (tuple(dict.fromkeys(found)) for found in names.values())
    alone = [
        finding.redescription
        for finding in readable or counted
        if finding.redescription.kind is Kind.INDIVIDUAL
    ]
    best = best_of(readable or counted) if counted else None
    tested = best.assessment if best is not None else None
    return Role(
        report.target,
        place_of(dataset.view(report.view), report.attribute),
        _kind(report, classes, attributes, neurons),
        classes,
        attributes,
        neurons,
        len(findings),
        len(confirmed) if rules.held_out else None,
        best.id if best is not None else "",
        tested.hold_out.jaccard if tested is not None and tested.hold_out.union else None,
        adjusted_on_hold_out(best) if best is not None else None,
        meanings(alone, rules.part, rules.meaning),
    )


def _kind(
    report: TargetReport,
    classes: tuple[str, ...],
    attributes: tuple[str, ...],
    neurons: tuple[str, ...],
) -> RoleKind:
    if report.state is TargetState.NOT_DESCRIBABLE:
        return RoleKind.NOT_DESCRIBABLE
    if classes and attributes:
        return RoleKind.CLASS_AND_ATTRIBUTE
    if classes:
        return RoleKind.CLASS
    if attributes:
        return RoleKind.ATTRIBUTE
    return RoleKind.NEURON if neurons else RoleKind.NONE

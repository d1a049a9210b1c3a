"""Layer by layer and model by model: how much of one describes how much of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from redescribe.core.frame import frame_of
from redescribe.core.network_null import NullKind
from redescribe.core.redescription import TargetState
from redescribe.relations.links import adjusted_on_hold_out
from redescribe.relations.places import place_of

if TYPE_CHECKING:
    from typing import Any

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.network_null import NetworkNull
    from redescribe.core.redescription import TargetReport
    from redescribe.relations.places import Place


class LayerNull(NamedTuple):
    """How null networks explain the targets of a layer.

    Attributes
    ----------
    null
        What stood in the place of the partner.
    n_targets, n_above
        Targets that were searched again, and those for which the partner is better than
        every null.
    value, mean
        Mean over these targets of the statistic with the partner, and with a null.
    """

    null: NullKind
    n_targets: int
    n_above: int
    value: float
    mean: float

    def __str__(self) -> str:
        """Return it in one line.

        >>> str(LayerNull(NullKind.ROTATED, 48, 3, 0.9, 0.85))
        'rotated reach 0.85 in the mean (0.90 with the network); 3 of 48 are above all'
        """
        return (
            f"{self.null} reach {self.mean:.2f} in the mean ({self.value:.2f} with the "
            f"network); {self.n_above} of {self.n_targets} are above all"
        )


@dataclass(frozen=True, slots=True)
class LayerPair:
    """What the findings say about the targets of one layer in terms of another.

    Attributes
    ----------
    target, partner
        The layer that is explained, and the one that explains.
    n_targets, n_describable
        Targets of the first layer, and those that can be described at all.
    n_described
        Those with a confirmed finding that names the partner; any finding without hold-out.
    n_findings, n_confirmed
        Findings that name both; None without a hold-out.
    best, mean
        Largest and mean hold-out Jaccard over described targets, each by its best finding;
        in-sample without a hold-out, None without described targets.
    mean_adjusted
        Mean chance-corrected Jaccard of the same findings.
    nulls
        What null networks reach, in-sample; empty if not asked for.
    """

    target: Place
    partner: Place
    n_targets: int
    n_describable: int
    n_described: int
    n_findings: int
    n_confirmed: int | None
    best: float | None
    mean: float | None
    mean_adjusted: float | None
    nulls: tuple[LayerNull, ...] = ()

    def row(self) -> dict[str, Cell]:
        """Return the pair as a row of a table; places are `model@layer` or a view."""
        names = [name for name in LayerPair.__slots__ if name != "nulls"]
        found: dict[str, Cell] = {name: getattr(self, name) for name in names}
        found |= {"target": str(self.target), "partner": str(self.partner)}
        of_kinds = {null.null: null for null in self.nulls}
        for kind in NullKind:
            null = of_kinds.get(kind)
            found[f"{kind}_mean"] = null.mean if null else None
            found[f"{kind}_above"] = null.n_above if null else None
        return found


@dataclass(frozen=True, slots=True)
class LayerTable:
    """All pairs of layers that some target was described with, in order.

    >>> LayerTable((), "mined", 0).to_frame().shape[0]
    0
    """

    pairs: tuple[LayerPair, ...]
    part: str
    n_entities: int

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the pairs as a frame: pandas, else Polars, else a pyarrow table."""
        rows = [pair.row() for pair in self.pairs]
        return frame_of(rows, list(rows[0]) if rows else [])


def layer_table(assessed: AssessedSet, dataset: Dataset) -> LayerTable:
    """Return how well each layer is described by every other one.

    Parameters
    ----------
    assessed
        The findings; one that names several layers counts for each of them.
    dataset
        What they were mined on: it tells which attribute is of which layer.

    References
    ----------
    Specification of redescription mining, section 10.
    """
    held_out = not assessed.evidence.in_sample_only
    homes = {
        (view.name, name): place_of(view, name)
        for view in dataset.views
        for name in view.names
    }
    of_pairs: dict[tuple[Place, Place], list[Finding]] = {}
    for finding in assessed:
        redescription = finding.redescription
        home = homes[redescription.view, redescription.attribute]
        partners = dict.fromkeys(
            homes[query.view, name]
            for query in redescription.queries[1:]
            for name in query.attributes
        )
        for partner in partners:
            of_pairs.setdefault((home, partner), []).append(finding)
    order = {place: number for number, place in enumerate(dict.fromkeys(homes.values()))}
    targets: dict[Place, list[TargetReport]] = {}
    for report in assessed.targets:
        targets.setdefault(homes[report.view, report.attribute], []).append(report)
    pairs = tuple(
        _pair(places, of_pairs[places], targets[places[0]], held_out=held_out)
        for places in sorted(of_pairs, key=lambda pair: (order[pair[0]], order[pair[1]]))
    )
    part = dataset.hold_out_part if held_out else dataset.mining_part
    return LayerTable(pairs, "hold-out" if held_out else "mined", part.n_entities)


def _pair(
    places: tuple[Place, Place],
    findings: list[Finding],
    reports: list[TargetReport],
    *,
    held_out: bool,
) -> LayerPair:
    counted = [
        f
        for f in findings
        if not held_out or (f.assessment is not None and f.assessment.confirmed)
    ]
    best: dict[str, tuple[float, float]] = {}
    for finding in counted:
        target = finding.redescription.target
        best[target] = max(best.get(target, (-1.0, -1.0)), _values(finding))
    jaccards = [jaccard for jaccard, _ in best.values()]
    return LayerPair(
        *places,
        n_targets=len(reports),
        n_describable=sum(r.state is not TargetState.NOT_DESCRIBABLE for r in reports),
        n_described=len(best),
        n_findings=len(findings),
        n_confirmed=len(counted) if held_out else None,
        best=max(jaccards, default=None),
        mean=sum(jaccards) / len(jaccards) if jaccards else None,
        mean_adjusted=sum(value for _, value in best.values()) / len(best)
        if best
        else None,
        nulls=_nulls(reports, places[1].view),
    )


def _nulls(reports: list[TargetReport], partner: str) -> tuple[LayerNull, ...]:
    """What nulls in the place of a view reach, over targets that were searched again."""
    of_kinds: dict[NullKind, list[NetworkNull]] = {}
    for report in reports:
        for network in report.networks:
            if network.partner == partner:
                for null in network.nulls:
                    of_kinds.setdefault(null.null, []).append(null)
    return tuple(
        LayerNull(
            kind,
            len(found),
            sum(null.is_above for null in found),
            sum(null.value for null in found) / len(found),
            sum(null.mean for null in found) / len(found),
        )
        for kind, found in of_kinds.items()
    )


def _values(finding: Finding) -> tuple[float, float]:
    """Jaccard and chance-corrected Jaccard on the hold-out, else as mined."""
    adjusted, mined = adjusted_on_hold_out(finding), finding.redescription.mined
    if adjusted is None or finding.assessment is None:
        return mined.jaccard, mined.adjusted_jaccard
    return finding.assessment.hold_out.jaccard, adjusted

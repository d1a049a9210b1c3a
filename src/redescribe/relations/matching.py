"""Neurons of two layers or networks, matched one to one and many to many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.relations.links import adjusted_on_hold_out, best_of, strength
from redescribe.relations.places import place_of
from redescribe.relations.similarity import (
    above_rotations,
    correlations,
    linear_cka,
    one_to_one,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Kind
    from redescribe.relations.places import Place


@dataclass(frozen=True, slots=True)
class Match:
    """A neuron of one layer and its counterpart in another.

    Attributes
    ----------
    left, right
        How the run calls them.
    finding
        Id of their best finding of one neuron each.
    jaccard, adjusted_jaccard
        Of that on the hold-out; None without one.
    adjusted_jaccard_mined
        In-sample: by it, neurons are matched where nothing was held out.
    correlation
        Pearson's, on the hold-out; as mined without one.
    correlated
        The neuron on the right that correlation alone matches with the left one; empty
        where it matches none.
    """

    left: str
    right: str
    finding: str
    jaccard: float | None
    adjusted_jaccard: float | None
    adjusted_jaccard_mined: float
    correlation: float
    correlated: str

    @property
    def agrees(self) -> bool:
        """Whether correlation matches the same two neurons."""
        return self.correlated == self.right

    def row(self) -> dict[str, Cell]:
        """Return the match as a row of a table."""
        found: dict[str, Cell] = {name: getattr(self, name) for name in Match.__slots__}
        return found | {"agrees": self.agrees}


@dataclass(frozen=True, slots=True)
class Group:
    """Neurons of two layers that stand for the same entities together.

    Attributes
    ----------
    left, right
        How the run calls them; several on one side at least.
    finding
        Id of the best finding of its target and kind that needs several.
    adjusted_jaccard, adjusted_jaccard_mined
        As of a `Match`.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    finding: str
    adjusted_jaccard: float | None
    adjusted_jaccard_mined: float

    def row(self) -> dict[str, Cell]:
        """Return the group as a row of a table; members are joined by "; "."""
        found: dict[str, Cell] = {name: getattr(self, name) for name in Group.__slots__}
        return found | {"left": "; ".join(self.left), "right": "; ".join(self.right)}


@dataclass(frozen=True, slots=True)
class Similarity:
    """Two layers without rules, and what a matching by rules looks like beside that.

    Attributes
    ----------
    cka
        Linear centred kernel alignment on the entities of `part`; None where undefined.
    pearson, spearman
        Mean |r| on `part` of the one-to-one matching with the largest sum of |r|, which was
        found on what was mined.
    above_rotations
        In-sample: mean |Pearson| of such a matching less that with random rotations of the
        right layer; near 0, the layers are alike but not their neurons.
    matched
        Mean |Pearson| on `part` of the neurons that findings match; None without any.
    agreement
        Share of those that Pearson's matching pairs in the same way.
    """

    cka: float | None
    pearson: float
    spearman: float
    above_rotations: float | None
    matched: float | None
    agreement: float | None


@dataclass(frozen=True, slots=True)
class Matching:
    """The matched neurons of two layers.

    Attributes
    ----------
    left, right
        The layers.
    n_left, n_right
        Their neurons.
    matches
        One to one, the best first.
    groups
        One to many, and many to many (of interactions), the best first.
    similarity
        Correlation and CKA on the same entities.
    part, n_entities
        "hold-out" or "mined", and of how many entities the numbers are.
    """

    left: Place
    right: Place
    n_left: int
    n_right: int
    matches: tuple[Match, ...]
    groups: tuple[Group, ...]
    similarity: Similarity
    part: str
    n_entities: int

    @property
    def places(self) -> dict[str, Cell]:
        """The two layers, as the first cells of a row."""
        return {"left_layer": str(self.left), "right_layer": str(self.right)}

    def row(self) -> dict[str, Cell]:
        """Return the matching as a row of the table of matchings."""
        similarity: dict[str, Cell] = {
            name: getattr(self.similarity, name) for name in Similarity.__slots__
        }
        counts: dict[str, Cell] = {
            "n_left": self.n_left,
            "n_right": self.n_right,
            "n_matched": len(self.matches),
            "n_groups": len(self.groups),
        }
        return self.places | counts | similarity | {"n_entities": self.n_entities}


def match(
    assessed: AssessedSet,
    dataset: Dataset,
    left: tuple[Place, Sequence[str]],
    right: tuple[Place, Sequence[str]],
) -> Matching:
    """Return which neurons of two layers stand for the same entities.

    The pairs are chosen so that the sum of their chance-corrected Jaccards (on the hold-out
    where there is one, of confirmed findings only) is largest, each neuron once.

    Parameters
    ----------
    assessed
        Findings between the two layers, whichever of both was the target.
    dataset
        What they were mined on: for the correlations.
    left, right
        Each layer with the names of its attributes.

    Raises
    ------
    ViewError
        If an attribute is not numeric.

    References
    ----------
    Specification of redescription mining, section 10, "Matching".
    """
    held_out = not assessed.evidence.in_sample_only
    part = dataset.hold_out_part if held_out else dataset.mining_part
    found = _between(assessed, dataset, left[0], right[0])
    best = _best_of_pairs(found, left, right)
    values = np.zeros((len(left[1]), len(right[1])))
    for (row, column), finding in best.items():
        values[row, column] = max(0.0, _adjusted(finding))
    mined, shown = (
        [rows_of(data.view(place.view), names) for place, names in (left, right)]
        for data in (dataset.mining_part, part)
    )
    here = correlations(*shown)
    by_pearson = one_to_one(np.abs(correlations(*mined)))
    matches = []
    for row, column in zip(*one_to_one(values), strict=True):
        if (row, column) not in best:
            continue
        finding = best[row, column]
        partner = by_pearson[1][by_pearson[0] == row]
        tested = finding.assessment
        matches.append(
            Match(
                _called(dataset, left[0], left[1][row]),
                _called(dataset, right[0], right[1][column]),
                finding.id,
                tested.hold_out.jaccard if tested and tested.hold_out.union else None,
                adjusted_on_hold_out(finding),
                finding.redescription.mined.adjusted_jaccard,
                float(here[row, column]),
                _called(dataset, right[0], right[1][partner[0]]) if partner.size else "",
            )
        )
    matches.sort(key=lambda m: -strength(m.adjusted_jaccard, m.adjusted_jaccard_mined))
    by_spearman = one_to_one(np.abs(correlations(*mined, ranks=True)))
    similarity = Similarity(
        linear_cka(*shown),
        float(np.abs(here[by_pearson]).mean()),
        float(np.abs(correlations(*shown, ranks=True)[by_spearman]).mean()),
        above_rotations(*mined),
        float(np.mean([abs(m.correlation) for m in matches])) if matches else None,
        float(np.mean([m.agrees for m in matches])) if matches else None,
    )
    return Matching(
        left[0],
        right[0],
        len(left[1]),
        len(right[1]),
        tuple(matches),
        _groups(found, dataset, left[0]),
        similarity,
        "hold-out" if held_out else "mined",
        part.n_entities,
    )


def _between(
    assessed: AssessedSet, dataset: Dataset, left: Place, right: Place
) -> list[Finding]:
    """Findings that count, with one side over each of the two layers."""
    found = []
    for finding in assessed:
        tested, redescription = finding.assessment, finding.redescription
        if tested is not None and not tested.confirmed:
            continue
        if len(redescription.queries) != 2:
            continue
        sides = [
            {place_of(dataset.view(query.view), name) for name in query.attributes}
            for query in redescription.queries
        ]
        if sides in ([{left}, {right}], [{right}, {left}]):
            found.append(finding)
    return found


def _best_of_pairs(
    findings: Sequence[Finding],
    left: tuple[Place, Sequence[str]],
    right: tuple[Place, Sequence[str]],
) -> dict[tuple[int, int], Finding]:
    """The best finding of one neuron on each side, by their positions."""
    rows, columns = (
        {name: number for number, name in enumerate(names)} for _, names in (left, right)
    )
    of_pairs: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        queries = finding.redescription.queries
        if any(len(query.attributes) != 1 for query in queries):
            continue
        first, second = (query.attributes[0] for query in queries)
        target_is_left = queries[0].view == left[0].view and first in rows
        pair = (first, second) if target_is_left else (second, first)
        of_pairs.setdefault((rows[pair[0]], columns[pair[1]]), []).append(finding)
    return {pair: best_of(some) for pair, some in of_pairs.items()}


def _groups(
    findings: Sequence[Finding], dataset: Dataset, left: Place
) -> tuple[Group, ...]:
    """One to many and many to many: the best finding of each target and kind."""
    of_targets: dict[tuple[str, Kind], list[Finding]] = {}
    for finding in findings:
        redescription = finding.redescription
        if any(len(query.attributes) > 1 for query in redescription.queries):
            place = (redescription.target, redescription.kind)
            of_targets.setdefault(place, []).append(finding)
    groups = []
    for some in of_targets.values():
        best = best_of(some)
        first, second = (
            (
                place_of(dataset.view(query.view), query.attributes[0]),
                tuple(map(dataset.view(query.view).target_name, query.attributes)),
            )
            for query in best.redescription.queries
        )
        sides = (first[1], second[1]) if first[0] == left else (second[1], first[1])
        groups.append(
            Group(
                *sides,
                best.id,
                adjusted_on_hold_out(best),
                best.redescription.mined.adjusted_jaccard,
            )
        )
    groups.sort(key=lambda g: -strength(g.adjusted_jaccard, g.adjusted_jaccard_mined))
    return tuple(groups)


def _adjusted(finding: Finding) -> float:
    mined = finding.redescription.mined.adjusted_jaccard
    return strength(adjusted_on_hold_out(finding), mined)


def _called(dataset: Dataset, place: Place, name: str) -> str:
    return dataset.view(place.view).target_name(name)

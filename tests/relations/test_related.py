"""Roles, links, layers and matches of networks in which something is planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.relations.meanings import MeaningRule, alternatives, meanings
from redescribe.relations.related import Related, relate
from redescribe.relations.roles import RoleKind
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.resample_params import ResampleParams
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet

N = 600
ORDER = (2, 0, 3, 1)
"""Unit i of network b copies unit ORDER[i] of network a."""


def neurons(name: str, values: np.ndarray, layers: tuple[str, ...]) -> View:
    attributes = tuple(
        Attribute(f"{name}@{layer}:{unit}", neuron=True)
        for unit, layer in enumerate(layers)
    )
    return View(name, EntityIndex.numbered(N), attributes, values)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Unit 0 of a is high for p and, elsewhere, for q; unit 1 for "ill"; 2 for a number."""
    rng = np.random.default_rng(3)
    p, q, ill = rng.random((3, N)) < [[0.2], [0.2], [0.4]]
    q &= ~p
    number = rng.normal(size=N)
    noise = 0.1 * rng.normal(size=(4, N))
    a = np.stack([p | q, ill, number > 0.3, rng.random(N) < 0.5]) + noise
    b = a[list(ORDER)] + 0.05 * rng.normal(size=(4, N))
    truth = ("false", "true")
    flags = tuple(Attribute(n, AttributeKind.BOOLEAN, truth) for n in ("p", "q", "ill"))
    views = [
        neurons("a", a, ("fc1", "fc1", "fc2", "fc2")),
        neurons("b", b, ("fc",) * 4),
        View("labels", EntityIndex.numbered(N), flags, np.stack([p, q, ill]).astype(float)),
        View.of("numbers", number.reshape(-1, 1), names=["number"]),
    ]
    return Dataset.of(views, SplitParams(seed=1))


@pytest.fixture(scope="module")
def assessed(dataset: Dataset) -> AssessedSet:
    mined = mine(dataset, MineParams(targets=("a", "b")))
    return assess(select(mined), dataset)


@pytest.fixture(scope="module")
def related(assessed: AssessedSet, dataset: Dataset) -> Related:
    return relate(assessed, dataset)


def test_roles_name_what_was_planted(related: Related) -> None:
    roles = {role.target: role for role in related.roles.roles}
    assert roles["a@fc1:1"].kind is RoleKind.CLASS
    assert roles["a@fc1:1"].classes[0] == "labels:ill"
    assert roles["a@fc2:2"].attributes[0] == "numbers:number"
    assert roles["a@fc2:3"].kind is RoleKind.NEURON
    assert roles["a@fc1:0"].place == ("a", "a", "fc1")
    assert related.roles.part == "hold-out"
    for role in roles.values():
        assert role.n_confirmed is not None
        assert role.n_confirmed <= role.n_findings


def test_a_neuron_of_two_exclusive_concepts_has_two_meanings(related: Related) -> None:
    roles = {role.target: role for role in related.roles.roles}
    assert set(roles["a@fc1:0"].meanings) == {"labels: p", "labels: q"}
    assert roles["a@fc1:0"].polysemantic
    assert not roles["a@fc1:1"].polysemantic
    assert not roles["a@fc2:2"].polysemantic
    assert related.roles.counts()["polysemantic"] == 2


def test_the_rule_decides_what_a_meaning_is(
    assessed: AssessedSet, dataset: Dataset
) -> None:
    found = [
        f.redescription
        for f in assessed
        if f.redescription.target == "a@fc1:0"
        and [query.view for query in f.redescription.queries] == ["a", "labels"]
    ]
    assert len(meanings(found, dataset.hold_out_part)) == 2
    strict = MeaningRule(min_share=0.9)
    assert len(meanings(found, dataset.hold_out_part, strict)) < 2
    assert meanings([], dataset.hold_out_part) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("number > 0.3", "NOT (number <= 0.3 AND ill)", "number <= 0"),
        *("p AND ill", "p OR (NOT (ill AND q))", "-1 < number <= 1 AND q", "NOT (q)"),
    ],
)
def test_alternatives_together_are_the_query_or_its_complement(text: str) -> None:
    rng = np.random.default_rng(4)
    values = rng.random((4, 100)) < 0.5
    table = np.where(rng.random((4, 100)) < 0.1, np.nan, values.astype(float))
    table[0] = rng.normal(size=100)
    kinds = [Attribute("number")] + [
        Attribute(n, AttributeKind.BOOLEAN, ("false", "true")) for n in ("p", "q", "ill")
    ]
    view = View("x", EntityIndex.numbered(100), tuple(kinds), table)
    query = parse_query(text, "x")
    for complement in (False, True):
        want = ~query.on(view) if complement else query.on(view)
        found = alternatives(query, view, complement=complement)
        if not found:
            assert complement
            assert len(query.terms) > 1
            continue
        masks = [one.on(view).mask for one in found]
        np.testing.assert_array_equal(np.any(masks, axis=0), want.mask)


def test_links_tell_the_direction(related: Related) -> None:
    links = {(link.target, link.concept): link for link in related.links.links}
    link = links["a@fc1:1", "ill"]
    assert link.direction in {"high", "low"}
    assert link.concept_direction == ("true" if link.direction == "high" else "false")
    assert link.n_confirmed == link.n_findings >= 1
    assert link.adjusted_jaccard is not None
    assert link.adjusted_jaccard > 0.9


def test_copied_neurons_are_matched_one_to_one(related: Related) -> None:
    pairs = {
        (match.left, match.right)
        for matching in related.matchings
        for match in matching.matches
    }
    layers = ("fc1", "fc1", "fc2", "fc2")
    want = {(f"a@{layers[i]}:{i}", f"b@fc:{ORDER.index(i)}") for i in range(4)}
    assert pairs == want
    assert [str(matching.left) for matching in related.matchings] == ["a@fc1", "a@fc2"]
    for matching in related.matchings:
        assert matching.similarity.agreement == 1.0
        assert matching.similarity.matched is not None
        assert matching.similarity.matched > 0.95
        assert 0 < (matching.similarity.cka or 0) < 1
        assert (matching.similarity.above_rotations or 0) > 0.05
        assert (matching.part, matching.n_entities) == ("hold-out", 180)


def test_layers_are_compared_by_their_best_findings(related: Related) -> None:
    pairs = {(str(pair.target), str(pair.partner)): pair for pair in related.layers.pairs}
    pair = pairs["a@fc1", "b@fc"]
    assert (pair.n_targets, pair.n_describable, pair.n_described) == (2, 2, 2)
    assert pair.best is not None
    assert pair.mean is not None
    assert 0.9 < pair.mean <= pair.best <= 1
    assert ("b@fc", "labels") in pairs


def test_neurons_that_are_needed_together_are_groups() -> None:
    rng = np.random.default_rng(7)
    a = rng.normal(size=(2, N))
    b = np.stack([np.minimum(a[0], a[1] + 0.3), rng.normal(size=N)])
    data = Dataset.of(
        [neurons("a", a, ("fc",) * 2), neurons("b", b, ("fc",) * 2)], SplitParams(seed=1)
    )
    found = assess(select(mine(data, MineParams(targets=("b",)))), data)
    (matching,) = relate(found, data).matchings
    group = matching.groups[0]
    assert (group.left, group.right) == (("a@fc:0", "a@fc:1"), ("b@fc:0",))
    assert group.row()["left"] == "a@fc:0; a@fc:1"
    assert group.adjusted_jaccard is not None
    assert group.adjusted_jaccard > 0.8


def test_null_networks_stand_beside_the_layers(dataset: Dataset, tmp_path: Path) -> None:
    asked = ResampleParams(rotations=3)
    params = MineParams(targets=("a",), partners=("b", "labels"))
    found = run_stages(dataset, tmp_path, params, resample_params=asked)
    pairs = relate(found, dataset).layers.pairs
    by_partner = {(p.target.layer, p.partner.view): p for p in pairs}
    (rotated,) = by_partner["fc2", "b"].nulls
    assert (rotated.null, rotated.n_targets) == ("rotated", 2)
    assert 0 <= rotated.n_above <= 2
    assert rotated.mean < rotated.value
    assert by_partner["fc1", "labels"].nulls == ()
    row = by_partner["fc2", "b"].row()
    assert (row["rotated_above"], row["untrained_above"]) == (rotated.n_above, None)


def test_without_a_hold_out_everything_is_in_sample(dataset: Dataset) -> None:
    whole = Dataset.of(dataset.views, SplitParams(hold_out=0))
    mined = mine(whole, MineParams(targets=("a",)))
    related = relate(assess(select(mined), whole), whole)
    assert related.roles.part == related.layers.part == "mined"
    assert {role.n_confirmed for role in related.roles.roles} == {None}
    assert {match.jaccard for m in related.matchings for match in m.matches} == {None}
    assert all(pair.n_confirmed is None for pair in related.layers.pairs)


def test_all_tables_have_the_same_columns_in_every_row(related: Related) -> None:
    for rows in related.tables().values():
        assert len({tuple(row) for row in rows}) <= 1
    assert len(related.roles.to_frame()) == 8
    assert len(related.links.to_frame()) == len(related.links.links)
    assert next(iter(related.layers.to_frame()["target"])) == "a@fc1"


def test_views_of_numbers_may_be_networks_too(dataset: Dataset) -> None:
    plain = [
        View.of(view.name, view.values.T, names=[f"x{i}" for i in range(len(view.names))])
        for view in dataset.views[:2]
    ]
    data = Dataset.of(plain, SplitParams(seed=1))
    found = assess(select(mine(data)), data)
    assert relate(found, data).matchings == ()
    related = relate(found, data, networks=["a", "b"])
    assert {role.kind for role in related.roles.roles} == {RoleKind.NEURON}
    assert len(related.matchings[0].matches) == 4
    with pytest.raises(UnknownNameError, match=r"Did you mean 'a'"):
        relate(found, data, networks=["aa"])

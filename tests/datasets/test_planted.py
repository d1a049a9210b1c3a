"""Planted queries hold where they should, every literal works, and noise is as asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from redescribe.core.measures import jaccard
from redescribe.core.query import Conjunction, Query
from redescribe.core.redescription import Kind
from redescribe.core.support import Support
from redescribe.datasets.planted import Planted, PlantParams, Side, TargetValues, plant
from redescribe.errors import ParameterError, UnknownNameError

SIDES = [Side(length=length) for length in (1, 2, 3, 4)]
SIDES += [Side(length=length, disjunction=True) for length in (2, 3, 4)]
SIDES += [Side(length=length, negation=True) for length in (2, 3, 4)]
SIDES += [Side(length=length, disjunction=True, negation=True) for length in (3, 4)]


def held(planted: Planted, query: Query) -> Support:
    return query.on(planted.dataset.view(query.view))


def without_a_literal(query: Query) -> list[Query | None]:
    """The query without one literal, for each; None where nothing is left."""
    shorter: list[Query | None] = []
    for number, term in enumerate(query.terms):
        for literal in term.literals:
            left = tuple(other for other in term.literals if other is not literal)
            terms = list(query.terms)
            terms[number : number + 1] = [Conjunction(left, term.negated)] if left else []
            shorter.append(Query(query.view, tuple(terms)) if terms else None)
    return shorter


@pytest.mark.parametrize("side", SIDES, ids=str)
@pytest.mark.parametrize("seed", range(5))
def test_planted_queries_hold_on_the_planted_set_and_no_literal_is_idle(
    side: Side, seed: int
) -> None:
    planted = plant(PlantParams(own=side, partner=side, n_views=3, seed=seed))
    truth = Support.from_mask(planted.truth)
    assert len(truth) == 150
    assert planted.dataset.names == ("own", "partner", "partner2")
    for query in planted.queries:
        assert held(planted, query) == truth
        assert len(query) == len(query.attributes) == side.length
        assert [len(term) for term in query.terms] == list(side.term_lengths)
        assert [term.negated for term in query.terms][-1] == side.negation
        for shorter in without_a_literal(query):
            if shorter is not None:
                assert jaccard([held(planted, shorter), truth]) < 0.88


@pytest.mark.parametrize("length", [2, 3, 4])
def test_conjunctions_are_like_those_of_independent_literals(length: int) -> None:
    params = PlantParams(partner=Side(length=length), n_entities=2000)
    planted = plant(params)
    for shorter in without_a_literal(planted.queries[1]):
        assert shorter is not None
        reached = jaccard([held(planted, shorter), Support.from_mask(planted.truth)])
        assert reached == pytest.approx(params.share ** (1 / length), abs=0.01)


def test_other_attributes_are_noise_and_planted_ones_show_no_gap() -> None:
    planted = plant(PlantParams(partner=Side(length=4), n_entities=2000))
    own, partner = planted.queries
    for query in (own, partner):
        view = planted.dataset.view(query.view)
        for name in view.names:
            values, named = view.column(name), name in query.attributes
            related = abs(np.corrcoef(values, planted.truth)[0, 1])
            assert (related > 0.2) == named
            if query is partner:
                assert values.std() == pytest.approx(1, abs=0.1)
                assert np.diff(np.sort(values[np.abs(values) < 1])).max() < 0.05


def test_the_target_has_the_values_asked_for() -> None:
    separated, rectified, normal = (
        plant(PlantParams(target=target)) for target in TargetValues
    )
    columns = {}
    for planted in (separated, rectified, normal):
        view, attribute = planted.target.split(":")
        columns[planted.params.target] = planted.dataset.view(view).column(attribute)
        np.testing.assert_array_equal(columns[planted.params.target] > 0, planted.truth)
    assert columns[TargetValues.SEPARATED][separated.truth].min() > 1
    assert 0 < columns[TargetValues.RECTIFIED][rectified.truth].min() < 0.1
    for target in (TargetValues.SEPARATED, TargetValues.RECTIFIED):
        assert not columns[target][~separated.truth].any()
    assert columns[TargetValues.NORMAL].min() < -1


def test_noise_changes_the_asked_share_each_entity_in_one_view() -> None:
    planted = plant(PlantParams(n_views=3, noise=0.1, partner=Side(length=3)))
    changed = np.array(
        [held(planted, query).mask != planted.truth for query in planted.queries]
    )
    assert changed.sum(axis=0).max() == 1
    assert changed.sum() == 50
    assert changed.any(axis=1).all()


def test_missing_cells_are_the_asked_share_of_each_view() -> None:
    clean = plant(PlantParams(own=Side(length=2), partner=Side(length=4)))
    holey = plant(replace(clean.params, missing=0.05))
    assert clean.queries == holey.queries
    for full, view in zip(clean.dataset.views, holey.dataset.views, strict=True):
        missing = np.isnan(view.values)
        assert missing.sum() == round(0.05 * view.values.size)
        np.testing.assert_array_equal(view.values[~missing], full.values[~missing])
    for query in holey.queries:
        support = held(holey, query)
        assert support.n_unknown > 0
        assert not (support.mask & ~holey.truth).any()


def test_seeds_decide_everything_and_noise_leaves_the_planted_set() -> None:
    first, again, other = (plant(PlantParams(seed=seed)) for seed in (3, 3, 4))
    noisy = plant(PlantParams(seed=3, noise=0.1))
    for a, b in zip(first.dataset.views, again.dataset.views, strict=True):
        np.testing.assert_array_equal(a.values, b.values)
    np.testing.assert_array_equal(
        first.dataset.split.held_out, again.dataset.split.held_out
    )
    assert first.queries == again.queries
    assert not np.array_equal(first.truth, other.truth)
    np.testing.assert_array_equal(first.truth, noisy.truth)
    assert [q.attributes for q in first.queries] == [q.attributes for q in noisy.queries]


def test_kind_and_target() -> None:
    alone, together = plant(), plant(PlantParams(own=Side(length=2)))
    assert (alone.kind, together.kind) == (Kind.INDIVIDUAL, Kind.INTERACTION)
    assert together.target == f"own:{together.queries[0].attributes[0]}"


@pytest.mark.parametrize(
    ("form", "match"),
    [
        (
            {"length": 1, "disjunction": True},
            "with disjunction needs at least 2 literals. Got length=1",
        ),
        ({"length": 1, "negation": True}, "with negation needs at least 2"),
        (
            {"length": 2, "disjunction": True, "negation": True},
            "with disjunction and negation needs at least 3",
        ),
        ({"length": 0}, r"'length' parameter of Side must be in the range \[1, 8\]"),
    ],
)
def test_sides_that_cannot_be(form: dict[str, int], match: str) -> None:
    with pytest.raises(ParameterError, match=match):
        Side(**form)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("share", 1.0, r"'share' parameter of PlantParams must be in the range \(0, 1\)"),
        ("noise", 1.0, r"'noise' parameter .* \[0, 1\)\. Got 1\.0"),
        ("n_views", 1, "'n_views' parameter"),
        ("n_attributes", 1, "query of 2 literals needs as many .* Got n_attributes=1"),
    ],
)
def test_parameters_out_of_bounds(name: str, value: float, match: str) -> None:
    with pytest.raises(ParameterError, match=match):
        PlantParams(**{name: value})  # type: ignore[arg-type]


def test_an_unknown_kind_of_target_is_named() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'rectified'"):
        PlantParams(target="rectify")  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_too_few_entities_for_every_literal(share: float) -> None:
    params = PlantParams(n_entities=20, share=share)
    with pytest.raises(ParameterError, match=r"leaves a literal without work\. Raise"):
        plant(params)

"""Redescriptions taken apart into arrays, against sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.selection import naive
from tests.selection.examples import query, random_redescriptions, redescription

from redescribe.core.support import unpack
from redescribe.errors import EntityMismatchError
from redescribe.selection import candidates as module
from redescribe.selection.candidates import Candidates, Sets, question
from redescribe.selection.params import Score, SelectParams

if TYPE_CHECKING:
    from redescribe.core.redescription import Redescription


@pytest.fixture(params=range(8))
def found(request: pytest.FixtureRequest) -> list[Redescription]:
    return random_redescriptions(request.param, n_targets=3, partners=("y", "z"))


def test_measures(found: list[Redescription]) -> None:
    candidates = Candidates.of(found)
    params = SelectParams(score=Score.ADJUSTED)
    assert candidates.redescriptions == tuple(naive.in_order(found))
    for row, one in enumerate(candidates.redescriptions):
        assert candidates.jaccard[row] == naive.plain_jaccard(one) == one.mined.jaccard
        assert candidates.adjusted_jaccard[row] == naive.quality(one, params)
        assert candidates.n_literals[row] == len(one)
        assert candidates.p_costs()[row] == naive.p_cost(one)
        assert candidates.doubts()[row] == pytest.approx(naive.doubt(one), abs=1e-15)
        mask = unpack(candidates.supports.words[row], candidates.supports.n_elements)
        assert set(np.flatnonzero(mask).tolist()) == naive.entities(one)
    assert candidates.doubts().max() > 0


@pytest.mark.parametrize("block_bits", [1, 500, 1 << 23])
def test_popularity_does_not_depend_on_blocks(
    found: list[Redescription], block_bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK_BITS", block_bits)
    candidates = Candidates.of(found)
    for sets, elements in (
        (candidates.supports, naive.entities),
        (candidates.attribute_sets(), naive.attributes),
    ):
        held = [elements(one) for one in candidates.redescriptions]
        total = sum(map(len, held))
        counts = {x: sum(x in other for other in held) for one in held for x in one}
        expected = [sum(counts[x] for x in one) for one in held]
        total = sum(counts.values())
        assert (sets.popularity() * total).tolist() == pytest.approx(expected)


def test_jaccards(found: list[Redescription]) -> None:
    candidates = Candidates.of(found)
    everything = candidates.redescriptions
    for sets, elements in (
        (candidates.supports, naive.entities),
        (candidates.attribute_sets(), naive.attributes),
    ):
        for row, one in enumerate(everything):
            expected = [naive.jaccard(elements(one), elements(r)) for r in everything]
            assert sets.jaccards_with(row).tolist() == expected


def test_no_candidates() -> None:
    candidates = Candidates.of([])
    assert len(candidates) == 0
    assert candidates.attribute_sets().popularity().size == 0
    assert candidates.supports.popularity().size == 0


@pytest.mark.parametrize("n_entities", [1, 63, 64, 65])
def test_empty_and_full_supports(n_entities: int) -> None:
    empty, full = np.zeros((2, n_entities), np.bool_), np.ones((2, n_entities), np.bool_)
    pair = [
        redescription(query("x", ["a"], 0.0), query("y", ["b"], bound), masks)
        for bound, masks in ((1.0, empty), (2.0, full))
    ]
    candidates = Candidates.of(pair)
    assert candidates.jaccard.tolist() == [1, 0]
    assert candidates.adjusted_jaccard.tolist() == [0, 0]
    assert candidates.supports.jaccards_with(1).tolist() == [0, 0]
    assert candidates.supports.popularity().tolist() == [1, 0]


def test_more_than_64_attributes() -> None:
    mask = np.ones((2, 5), np.bool_)
    names = [f"b{i}" for i in range(130)]
    one, other = names[:70], names[60:]
    pair = [
        redescription(query("x", ["a"], 0.0), query("y", some, 0.0), mask)
        for some in (one, other)
    ]
    sets = Candidates.of(pair).attribute_sets()
    assert sets.n_elements == 131
    assert sets.sizes.tolist() == [71, 71]
    assert sets.jaccards_with(0).tolist() == [1.0, 11 / 131]


def test_different_entities_are_an_error() -> None:
    pair = [
        redescription(
            query("x", ["a"], 0.0), query("y", ["b"], 0.0), np.ones((2, n), np.bool_)
        )
        for n in (5, 6)
    ]
    with pytest.raises(EntityMismatchError, match="5 and 6 entities"):
        Candidates.of(pair)


def test_a_p_of_zero_costs_nothing() -> None:
    one = redescription(
        query("x", ["a"], 0.0),
        query("y", ["b"], 0.0),
        np.ones((2, 5), np.bool_),
        log10_p=-np.inf,
    )
    assert Candidates.of([one]).p_costs().tolist() == [0.0]


def test_sizes_of_sets() -> None:
    sets = Sets.of(np.array([[5], [0]], np.uint64), 3)
    assert sets.sizes.tolist() == [2, 0]


def test_questions_are_targets_kinds_and_views(found: list[Redescription]) -> None:
    for one in found:
        assert question(one) == ((one.view, one.attribute, one.kind), question(one)[1])
    assert len({question(one) for one in found}) == len({naive.question(r) for r in found})

"""Extraction, exchange and cover against their slow twins, and their properties."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.selection import naive
from tests.selection.examples import (
    query,
    random_params,
    random_redescriptions,
    redescription,
)

from redescribe.selection.cover import select_cover
from redescribe.selection.exchange import select_exchange
from redescribe.selection.params import TERMS, Score, SelectParams, Strategy
from redescribe.selection.reduced_set import select_extraction
from redescribe.selection.weights import Weights

if TYPE_CHECKING:
    from redescribe._typing import Mask
    from redescribe.core.redescription import Redescription

SEEDS = range(10)
STRATEGIES: dict[str, Any] = {
    "extraction": select_extraction,
    "exchange": select_exchange,
    "cover": select_cover,
}


def first_of(n: int, n_entities: int = 100) -> Mask:
    mask: Mask = np.arange(n_entities) < n
    return mask


def texts(found: tuple[Redescription, ...] | list[Redescription]) -> list[str]:
    return [f"{r.attribute} {r.kind}: {r} {r.supports!r}" for r in found]


@pytest.mark.parametrize("limit", [1, 4, 100])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", list(STRATEGIES))
def test_strategies_agree_with_their_twins(name: str, seed: int, limit: int) -> None:
    params = random_params(seed, score=list(Score)[seed % 2])
    found = random_redescriptions(seed, n_targets=1 + seed % 3, partners=("y", "z"))
    chosen = STRATEGIES[name](found, params, limit=limit)
    twin = getattr(naive, name)(found, params, limit)
    assert texts(chosen) == texts(twin)
    assert len(chosen) <= limit


@pytest.mark.parametrize("seed", SEEDS)
def test_a_flexible_exchange_agrees_with_its_twin(seed: int) -> None:
    params = random_params(seed, flexible=True)
    found = random_redescriptions(seed, n=40, n_targets=2)
    chosen = select_exchange(found, params, limit=4)
    assert texts(chosen) == texts(naive.exchange(found, params, 4))


def test_a_flexible_exchange_can_grow() -> None:
    grown = [
        len(
            select_exchange(
                random_redescriptions(seed, n=40),
                random_params(seed, flexible=True),
                limit=4,
            )
        )
        for seed in SEEDS
    ]
    assert min(grown) == 4 < max(grown)


@pytest.mark.parametrize("name", list(STRATEGIES))
@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_the_input_is_irrelevant(name: str, seed: int) -> None:
    params = random_params(seed)
    found = random_redescriptions(seed, n_targets=2)
    chosen = STRATEGIES[name](found, params, limit=5)
    shuffled = np.random.default_rng(seed).permutation(len(found))
    assert STRATEGIES[name]([found[i] for i in shuffled], params, limit=5) == chosen


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_nothing_and_one(name: str) -> None:
    assert STRATEGIES[name]([], SelectParams(), limit=3) == ()
    one = redescription(
        query("x", ["a"], 0.0), query("y", ["b"], 0.0), (first_of(30), first_of(31))
    )
    assert STRATEGIES[name]([one], SelectParams(), limit=3) == (one,)


@pytest.mark.parametrize("name", list(STRATEGIES))
@pytest.mark.parametrize("seed", range(10))
def test_a_zero_weight_is_a_term_without_influence(name: str, seed: int) -> None:
    """Other p-values, other missing values: the same choice."""
    params = random_params(seed, weight_p=0.0, weight_stability=0.0)
    found = random_redescriptions(seed, n=30)
    changed = [
        redescription(
            r.queries[0],
            r.queries[1],
            [support.mask for support in r.supports],
            log10_p=-1.7 * i,
            unknown=[~support.mask for support in r.supports] if i % 2 else (),
        )
        for i, r in enumerate(found)
    ]
    before, after = (STRATEGIES[name](some, params, limit=4) for some in (found, changed))
    assert [r.key for r in after] == [r.key for r in before]


@pytest.mark.parametrize("name", list(STRATEGIES))
@pytest.mark.parametrize("field", Weights._fields)
def test_a_weight_has_influence(name: str, field: str) -> None:
    differ = 0
    for seed in range(10):
        found = random_redescriptions(seed, n=30, n_targets=3)
        without, alone = (
            STRATEGIES[name](found, _weighing(**{field: weight}), limit=4)
            for weight in (0.0, 1.0)
        )
        differ += without != alone
    assert (differ > 0) == (field in TERMS[Strategy(name)])


def _weighing(**weights: float) -> SelectParams:
    names = {f"weight_{name}": weights.get(name, 0.05) for name in Weights._fields}
    return SelectParams(**names)  # type: ignore[arg-type]  # all are weights


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cover_is_within_the_bound_of_the_best(seed: int) -> None:
    params = random_params(seed, weight_size=0.0, max_per_target=99)
    found = random_redescriptions(seed, n=8, n_targets=3)
    for limit in (1, 2, 4):
        chosen = select_cover(found, params, limit=limit)
        best = naive.best_cover_value(found, params, limit)
        assert naive.cover_value(chosen, params) >= (1 - 1 / math.e) * best


def test_a_cover_weighs_literals() -> None:
    found = random_redescriptions(3, n=30, n_targets=3)
    short, long = (
        select_cover(
            found, SelectParams(weight_size=weight, max_per_target=99), limit=len(found)
        )
        for weight in (1, 0)
    )
    assert sum(map(len, short)) < sum(map(len, long))


def test_a_cover_starts_with_the_best() -> None:
    for seed in range(10):
        found = random_redescriptions(seed, n_targets=3)
        chosen = select_cover(found, SelectParams(weight_size=1), limit=99, with_best=True)
        for attribute in {r.attribute for r in found}:
            best = max(r.rank for r in found if r.attribute == attribute)
            assert best in [r.rank for r in chosen if r.attribute == attribute]


def test_extraction_avoids_what_it_has() -> None:
    """Two say nearly the same; the third, though worse, covers other entities."""
    own, others = query("x", ["a"], 0.0), ~first_of(60)
    found = [
        redescription(own, query("y", ["b"], 0.0), (first_of(40), first_of(40))),
        redescription(own, query("y", ["b"], 1.0), (first_of(41), first_of(42))),
        redescription(own, query("y", ["c"], 0.0), (others, ~first_of(57))),
    ]
    chosen = select_extraction(found, SelectParams(), limit=2)
    assert set(chosen) == {found[0], found[2]}
    for_jaccard = SelectParams(
        weight_p=0, weight_attributes=0, weight_entities=0, weight_coverage=0
    )
    assert set(select_extraction(found, for_jaccard, limit=2)) == set(found[:2])


def test_extraction_prefers_certainty_where_it_counts() -> None:
    own, mask = query("x", ["a"], 0.0), first_of(40)
    hidden = ~first_of(80)
    certain = redescription(own, query("y", ["b"], 0.0), (mask, first_of(42)))
    unsure = redescription(
        own, query("y", ["c"], 0.0), (mask, mask), unknown=(hidden, hidden)
    )
    found = [certain, unsure]
    assert select_extraction(found, SelectParams(), limit=1) == (unsure,)
    params = SelectParams(weight_stability=1)
    assert select_extraction(found, params, limit=1) == (certain,)


def test_extraction_leaves_out_what_equals_a_chosen_one() -> None:
    mask = first_of(40)
    pair = [
        redescription(
            query("x", ["a"], bound), query("y", ["b"], 0.0), (mask, first_of(40 + extra))
        )
        for bound, extra in ((0.0, 0), (1.0, 1))
    ]
    assert select_extraction(pair, SelectParams(), limit=2) == (pair[0],)


def test_exchange_replaces_a_twin_that_repeats_attributes() -> None:
    mask, others = first_of(40), ~first_of(60)
    own = query("x", ["a"], 0.0)
    wide = redescription(own, query("y", ["b"], 0.0), (others, others))
    repeats = redescription(own, query("y", ["b"], 1.0), (mask, mask))
    varied = redescription(own, query("y", ["c"], 1.0), (mask, mask))
    assert set(select_exchange([wide, repeats, varied], SelectParams(), limit=2)) == {
        wide,
        varied,
    }

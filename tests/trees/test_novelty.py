"""Rules that say something else than those before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mining import examples as datasets
from tests.trees import examples

from redescribe.core.support import n_words, unpack
from redescribe.errors import ParameterError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import Alternation, SearchParams, Thresholds
from redescribe.trees.rules import RuleList, rule_support, rules_of, with_novel

if TYPE_CHECKING:
    from redescribe._typing import Int32s
    from redescribe.core.binned import BinnedView

N = 12
seeds = st.integers(0, 10_000)
# Every Jaccard that supports of so few entities can have, and shares between.
shares = st.sampled_from([a / b for b in range(1, N + 1) for a in range(b + 1)])
shares |= st.floats(0, 1)


def random_rules(rng: np.random.Generator, view: BinnedView, n_rules: int) -> RuleList:
    """Conjunctions of intervals; few entities, so that many are alike."""
    rules: list[Int32s] = []
    for _ in range(n_rules):
        attributes = sorted(rng.choice(3, rng.integers(1, 4), replace=False).tolist())
        rows = []
        for attribute in attributes:
            ends = sorted(rng.integers(0, view.n_bins[attribute], 2).tolist())
            rows.append([attribute, *ends, 1])
        rules.append(np.array(rows, np.int32))
    satisfied = [rule_support(rule, view)[0] for rule in rules]
    words = np.array(satisfied, np.uint64).reshape(n_rules, n_words(view.n_entities))
    return rules_of(rules, words, view)


def naive(
    known: RuleList, new: RuleList, n_entities: int, *, min_attributes: int, overlap: float
) -> list[int]:
    """The positions, in both lists together, of the rules that stay."""

    def read(rules: RuleList) -> list[tuple[set[int], set[int]]]:
        masks = unpack(rules.satisfied, n_entities)
        return [
            (set(rule[:, 0].tolist()), set(np.flatnonzero(mask).tolist()))
            for rule, mask in zip(rules.literals, masks, strict=True)
        ]

    kept = list(enumerate(read(known)))
    for number, (attributes, entities) in enumerate(read(new), start=len(known)):
        is_like_another = False
        for _, (other_attributes, other_entities) in kept:
            union = entities | other_entities
            jaccard = len(entities & other_entities) / len(union) if union else 0.0
            n_new = len(attributes - other_attributes)
            if n_new < min_attributes and jaccard >= overlap:
                is_like_another = True
        if not is_like_another:
            kept.append((number, (attributes, entities)))
    return [number for number, _ in kept]


@given(
    seed=seeds,
    sizes=st.tuples(st.integers(0, 6), st.integers(0, 8)),
    min_attributes=st.integers(0, 3),
    overlap=shares,
    missing_share=st.sampled_from([0.0, 0.3]),
)
def test_the_filter_agrees_with_naive(
    seed: int,
    sizes: tuple[int, int],
    min_attributes: int,
    overlap: float,
    missing_share: float,
) -> None:
    view = examples.binned(seed % 50, N, missing_share=missing_share)
    rng = np.random.default_rng(seed)
    known, new = (random_rules(rng, view, size) for size in sizes)
    found = with_novel(known, new, min_attributes=min_attributes, overlap=overlap)
    want = naive(known, new, N, min_attributes=min_attributes, overlap=overlap)
    both = [*known.literals, *new.literals]
    assert [rule.tolist() for rule in found.literals] == [both[i].tolist() for i in want]
    assert len(found) == len(found.satisfied) == len(found.unknown) == found.sizes.size
    for rule, satisfied, unknown in zip(
        found.literals, found.satisfied, found.unknown, strict=True
    ):
        again = rule_support(rule, view)
        assert (satisfied == again[0]).all()
        assert (unknown == again[1]).all()


@given(seed=seeds)
def test_known_rules_stay_and_nothing_new_is_like_them(seed: int) -> None:
    view = examples.binned(1, N)
    known = random_rules(np.random.default_rng(seed), view, 5)
    same = with_novel(known, known, min_attributes=1, overlap=1.0)
    empty = int((known.sizes == 0).sum())
    # Two empty supports have a Jaccard of 0: they are not alike.
    assert len(same) == 5 + empty
    every = with_novel(known, known, min_attributes=0, overlap=0.0)
    assert len(every) == 10


def interactions(**alternation: float) -> tuple[set[str], int]:
    """The texts of interactions, and how many candidates were scored for them."""
    data = datasets.dataset(datasets.following(2, 150, seed=2))
    options = {"interactions": True, "iterations": 3, **alternation}
    search = SearchParams(
        thresholds=Thresholds(min_jaccard=0.3),
        alternation=Alternation(**options),  # type: ignore[arg-type]
    )
    params = MineParams(targets=("x:a",), search=search, discretizer="equal-frequency")  # type: ignore[arg-type]
    found = mine(data, params)
    return {str(r) for r in found}, found.n_candidates


def test_the_filter_changes_an_interaction_search() -> None:
    plain, n_plain = interactions()
    assert interactions(novelty_attributes=1, novelty_overlap=1.0) == (plain, n_plain)
    # Fewer rules stay, the more novelty is asked for.
    by_attributes, n_by_attributes = interactions(novelty_attributes=3)
    by_both, n_by_both = interactions(novelty_attributes=3, novelty_overlap=0.3)
    assert n_by_both < n_by_attributes <= n_plain
    assert by_both != plain
    assert by_attributes


@pytest.mark.parametrize("option", ["novelty_attributes", "novelty_overlap"])
@pytest.mark.parametrize("value", [-1, -0.1])
def test_bounds(option: str, value: float) -> None:
    with pytest.raises(ParameterError, match=f"'{option}' parameter of Alternation"):
        Alternation(**{option: value})  # type: ignore[arg-type]

"""What says the same again: equal supports, and nearly equal ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.selection import naive
from tests.selection.examples import query, random_redescriptions, redescription

from redescribe.core.query import Conjunction, Query
from redescribe.selection import duplicates as module
from redescribe.selection.duplicates import drop_duplicates, near_duplicates

if TYPE_CHECKING:
    from redescribe.core.redescription import Redescription

SEEDS = range(8)
MASK = np.arange(100) < 40


@pytest.mark.parametrize("keep_equal_support", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_equal_supports(seed: int, *, keep_equal_support: bool) -> None:
    found = random_redescriptions(seed, n_targets=2, partners=("y", "z"))
    kept = drop_duplicates(found, keep_equal_support=keep_equal_support)
    expected = naive.without_duplicates(found, keep_equal_support=keep_equal_support)
    assert list(kept) == expected
    assert drop_duplicates(kept, keep_equal_support=keep_equal_support) == kept


@pytest.mark.parametrize("keep_equal_support", [False, True])
def test_the_examples_have_duplicates(*, keep_equal_support: bool) -> None:
    dropped = 0
    for seed in SEEDS:
        found = random_redescriptions(seed)
        kept = drop_duplicates(found, keep_equal_support=keep_equal_support)
        dropped += len(found) - len(kept)
    assert dropped > len(SEEDS) / 2


@pytest.mark.parametrize("same_attributes", [False, True])
@pytest.mark.parametrize("threshold", [0.5, 0.95, 1.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_links(
    seed: int, threshold: float, monkeypatch: pytest.MonkeyPatch, *, same_attributes: bool
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 1 + seed % 5)
    found = random_redescriptions(seed, n=40, n_targets=2, partners=("y", "z"))
    found += [complement(one) for one in found[::3]]
    links = near_duplicates(found, threshold, same_attributes=same_attributes)
    expected = naive.links(found, threshold, same_attributes=same_attributes)
    assert [(one, linked) for one, linked in links] == expected
    again = near_duplicates([one for one, _ in links], threshold, same_attributes=True)
    assert [one for one, _ in again] == [one for one, _ in links]


def test_the_threshold_itself_is_near() -> None:
    """|I| = 19 of 20: the Jaccard is .95, to the last bit."""
    larger, smaller = np.arange(100) < 20, np.arange(100) < 19
    own = query("x", ["a"], 0.0)
    first = redescription(own, query("y", ["b"], 0.0), (larger, larger))
    second = redescription(own, query("y", ["b"], 1.0), (smaller, smaller))
    for threshold, n_kept in ((0.95, 1), (0.9500001, 2)):
        assert len(near_duplicates([first, second], threshold)) == n_kept
    (linked,) = near_duplicates([second, first], 0.95)
    assert linked.redescription is first
    assert linked.near_duplicates == (second,)


def test_other_targets_kinds_and_views_are_no_duplicates() -> None:
    partner = query("y", ["b"], 0.0)
    found = [
        redescription(query("x", ["a"], 0.0), partner, (MASK, MASK)),
        redescription(query("x", ["c"], 0.0), partner, (MASK, MASK)),
        redescription(query("x", ["a", "c"], 0.0), partner, (MASK, MASK)),
        redescription(query("x", ["a"], 0.0), query("z", ["b"], 0.0), (MASK, MASK)),
    ]
    assert set(drop_duplicates(found)) == set(found)
    assert len(near_duplicates(found, 0.95)) == 4


def test_other_literals_of_the_target_are_no_near_duplicates() -> None:
    partner = query("y", ["b"], 0.0)
    found = [
        redescription(own, partner, (MASK, MASK))
        for own in (
            query("x", ["a"], 0.0),
            query("x", ["a"], 1.0),
            query("x", ["a"], 0.0, negated=True),
        )
    ]
    assert len(near_duplicates(found, 0.95)) == 3
    assert len(drop_duplicates(found)) == 1


def complement(found: Redescription) -> Redescription:
    """NOT on both sides."""
    queries = tuple(
        Query(q.view, tuple(Conjunction(t.literals, not t.negated) for t in q.terms))
        for q in found.queries
    )
    supports = tuple(~support for support in found.supports)
    return replace(found, queries=queries, supports=supports)


def test_the_complement_of_a_better_pair_gives_way_with_its_near_duplicates() -> None:
    own = query("x", ["a"], 0.0)
    wider = np.arange(100) < 42
    # The complement has the larger union, of 60 entities, so it is the better one.
    worse = redescription(own, query("y", ["b"], 0.0), (MASK, wider))
    better = complement(worse)
    near = redescription(own, query("y", ["c"], 0.0), (MASK, np.arange(100) < 43))
    for found in ([worse, better, near], [near, better, worse]):
        (linked,) = near_duplicates(found, 0.95)
        assert linked.redescription is better
        assert linked.near_duplicates == (worse, near)
    both = near_duplicates([worse, near], 0.95)
    assert [one.redescription for one in both] == [worse]
    (other,) = near_duplicates([worse, better], 0.95, same_attributes=True)
    assert other.near_duplicates == (worse,)


def test_of_two_equally_good_complements_the_one_with_fewer_negations_stays() -> None:
    half = np.arange(100) < 50
    plain = redescription(query("x", ["a"], 0.0), query("y", ["b"], 0.0), (half, half))
    for found in ([plain, complement(plain)], [complement(plain), plain]):
        (linked,) = near_duplicates(found, 0.95)
        assert linked.redescription is plain


def test_complements_with_unknown_entities_or_on_one_side_only_stay() -> None:
    own, partner = query("x", ["a"], 0.0), query("y", ["b"], 0.0)
    hidden = np.arange(100) == 99
    unknown = redescription(own, partner, (MASK, MASK), unknown=(hidden, hidden))
    assert len(near_duplicates([unknown, complement(unknown)], 0.95)) == 2
    whole = redescription(own, partner, (MASK, MASK))
    wider = np.arange(100) < 43
    mixed = redescription(query("x", ["a"], 1.0), partner, (~MASK, ~wider))
    assert len(near_duplicates([whole, mixed], 0.95)) == 2
    elsewhere = redescription(own, query("z", ["b"], 0.0), (~MASK, ~MASK))
    assert len(near_duplicates([whole, elsewhere], 0.95)) == 2


def test_the_larger_jaccard_then_the_shorter_then_the_text_stays() -> None:
    own, wider = query("x", ["a"], 0.0), np.arange(100) < 50
    worse = redescription(own, query("y", ["b"], 0.0), (MASK, wider))
    longer = redescription(own, query("y", ["b", "c"], 0.0), (MASK, MASK))
    later = redescription(own, query("y", ["c"], 0.0), (MASK, MASK))
    best = redescription(own, query("y", ["b"], 0.0), (MASK, MASK))
    found = [worse, longer, later, best]
    for _ in range(4):
        found.append(found.pop(0))
        assert drop_duplicates(found) == (best,)
    assert drop_duplicates(found, keep_equal_support=True) == (best, later, longer)


def test_nothing() -> None:
    assert drop_duplicates([]) == ()
    assert near_duplicates([], 0.95) == ()

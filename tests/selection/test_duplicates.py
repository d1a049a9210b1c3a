"""What says the same again: equal supports, and nearly equal ones."""

from __future__ import annotations

import numpy as np
import pytest
from tests.selection import naive
from tests.selection.examples import query, random_redescriptions, redescription

from redescribe.selection import duplicates as module
from redescribe.selection.duplicates import drop_duplicates, near_duplicates

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

"""The best one-literal pairs against all pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln
from tests.kernels import naive
from tests.kernels.cases import Table, seeds

from redescribe._kernels.interval import best_literals

if TYPE_CHECKING:
    from tests.kernels.naive import Pair

    from redescribe._typing import Codes

MISSING = 255


@dataclass(frozen=True)
class Found:
    """What the kernel returns."""

    pair: list[int]
    jaccard: float
    adjusted: float
    log_p: float
    n_pairs: int


@dataclass(frozen=True)
class Search:
    """A target, its ranges and a partner view."""

    own: Codes
    ranges: list[tuple[int, int, int]]
    partner: Table
    limits: tuple[int, int]
    max_log_p: float = math.inf
    min_work: float = 0.01

    @property
    def own_sets(self) -> list[set[int]]:
        truths = [
            [naive.literal_truth(int(c), (0, *r), MISSING) for c in self.own]
            for r in self.ranges
        ]
        return [{e for e, truth in enumerate(column) if truth} for column in truths]

    def found(self) -> Found:
        n = self.own.size
        pair, values = np.empty(5, np.int32), np.empty(3)
        n_pairs = best_literals(
            self.own,
            MISSING,
            np.array(self.ranges, np.int32).reshape(-1, 3),
            np.array([len(s) for s in self.own_sets], np.int32),
            self.partner.codes,
            self.partner.missing,
            self.partner.nominal,
            self.partner.n_bins,
            np.array(self.limits, np.int32),
            np.array([self.max_log_p, self.min_work]),
            np.asarray(gammaln(np.arange(1.0, n + 2.0))),
            pair,
            values,
        )
        jaccard, adjusted, log_p = values.tolist()
        return Found(pair.tolist(), jaccard, adjusted, log_p, n_pairs)

    def pairs(self) -> list[Pair]:
        """Every pair that shares an entity, admissible or not."""
        rows, missing = self.partner.rows, self.partner.missing
        literals = naive.partner_literals(
            self.partner.n_bins.tolist(), self.partner.nominal.tolist()
        )
        members = {
            literal: naive.satisfied(rows, [([literal], False)], missing)
            for group in literals.values()
            for literal in group
        }
        return [
            naive.score(
                (number, own, bool(self.ranges[number][2])),
                (literal, partner),
                self.own.size,
                self.min_work,
            )
            for number, own in enumerate(self.own_sets)
            for literal, partner in members.items()
            if own & partner
        ]

    def is_admissible(self, pair: Pair) -> bool:
        # The kernel sums logarithms, the twin counts ways.
        return pair.is_admissible(self.limits, self.max_log_p + 1e-9)

    def is_cut(self, pair: Pair) -> bool:
        attribute, first, last, _ = pair.literal
        top = int(self.partner.n_bins[attribute]) - 1
        return bool(self.partner.nominal[attribute]) or first == 0 or last == top


@st.composite
def searches(draw: st.DrawFn) -> Search:
    """A partner that follows the target more or less, with ties, and values missing."""
    rng = np.random.default_rng(draw(seeds))
    n, n_codes = draw(st.sampled_from([12, 30, 64, 65])), draw(st.integers(2, 5))
    own = rng.integers(0, n_codes, n)
    n_bins = rng.integers(1, 6, 3)
    follows = rng.random((3, n)) < draw(st.sampled_from([0.2, 0.6, 0.9]))
    codes = np.where(follows, own + rng.integers(-1, 2, (3, 1)), rng.integers(0, 6, (3, n)))
    codes = np.clip(codes, 0, n_bins[:, None] - 1)
    if draw(st.booleans()):
        codes[rng.random((3, n)) < 0.2] = MISSING
        own[rng.random(n) < 0.1] = MISSING
    partner = Table(codes.astype(np.uint8), n_bins, rng.random(3) < 0.3)
    ends = [(a, b) for a in range(n_codes) for b in range(a, n_codes)]
    signs = draw(st.sampled_from([(0, 1), (1,), (0,)]))
    search = Search(
        own.astype(np.uint8),
        [(*x, sign) for x in ends if x != (0, n_codes - 1) for sign in signs],
        partner,
        draw(st.sampled_from([(1, n), (3, n), (3, n // 2)])),
        max_log_p=draw(st.sampled_from([math.inf, math.log(0.05)])),
        min_work=draw(st.sampled_from([0.0, 0.01, 0.2])),
    )
    sizes = map(len, search.own_sets)
    kept = [r for r, size in zip(search.ranges, sizes, strict=True) if size]
    return Search(own.astype(np.uint8), kept, partner, *_settings(search))


def _settings(search: Search) -> tuple[tuple[int, int], float, float]:
    return search.limits, search.max_log_p, search.min_work


@given(search=searches())
def test_the_pair_is_admissible_and_worth_what_it_says(search: Search) -> None:
    found, pairs = search.found(), search.pairs()
    admissible = [pair for pair in pairs if search.is_admissible(pair)]
    if found.pair[0] < 0:
        assert (found.pair, found.jaccard) == ([-1] * 5, -1.0)
        return
    literal = (found.pair[1], found.pair[2], found.pair[3], found.pair[4])
    chosen = next(p for p in admissible if (p.own, p.literal) == (found.pair[0], literal))
    assert chosen.jaccard == found.jaccard
    assert max(pair.jaccard for pair in admissible) >= found.jaccard
    best = max(pair.adjusted for pair in admissible)
    assert chosen.adjusted - 1e-9 <= found.adjusted <= best + 1e-9
    smallest = min(pair.log_p for pair in admissible)
    assert smallest - 1e-9 <= found.log_p <= chosen.log_p + 1e-9


@given(search=searches())
def test_no_admissible_cut_or_category_is_better(search: Search) -> None:
    # A gate on p may still stop the best cut of an attribute before a lesser one.
    search = Search(search.own, search.ranges, search.partner, search.limits)
    cuts = [
        p.jaccard for p in search.pairs() if search.is_admissible(p) and search.is_cut(p)
    ]
    assert search.found().jaccard >= max(cuts, default=-1.0)


@given(search=searches())
def test_the_best_of_all_intervals_is_found_where_it_is_admissible(search: Search) -> None:
    pairs = search.pairs()
    best = max((pair.jaccard for pair in pairs), default=-1.0)
    winners = [pair for pair in pairs if pair.jaccard == best]
    if winners and all(search.is_admissible(pair) for pair in winners):
        assert search.found().jaccard == best


@given(search=searches())
def test_the_number_of_pairs_counts_cuts_an_interval_and_categories(search: Search) -> None:
    partner = search.partner
    per_range = sum(
        2 * n if nominal else 2 * (n - 1) + 1
        for n, nominal in zip(
            partner.n_bins.tolist(), partner.nominal.tolist(), strict=True
        )
        if n > 1
    )
    assert search.found().n_pairs == per_range * len(search.ranges)


def test_a_known_value_is_no_literal() -> None:
    # The partner is known exactly where the target is high: only its whole range says so.
    own = np.repeat([0, 1], 20).astype(np.uint8)
    codes = np.where(own == 1, np.arange(40) % 4, MISSING).astype(np.uint8)[None, :]
    partner = Table(codes, np.array([4]), np.array([False]))
    found = Search(own, [(1, 1, 1)], partner, (5, 40)).found()
    assert found.pair[1:] != [0, 0, 3, 1]
    assert found.jaccard == pytest.approx(0.75)


def test_a_cut_that_does_no_work_hides_no_other() -> None:
    # Of 20 entities the target holds for 14; "code <= 2" has the largest Jaccard, but its
    # 19 entities leave the target nothing to do.
    own = np.array([0] * 6 + [1] * 14, np.uint8)
    codes = np.array([2] * 6 + [2] * 5 + [0] * 8 + [3], np.uint8)[None, :]
    search = Search(
        own, [(1, 1, 1)], Table(codes, np.array([4]), np.array([False])), (2, 20)
    )
    cuts = {p.literal: p for p in search.pairs() if search.is_cut(p)}
    assert not search.is_admissible(cuts[0, 0, 2, 1])
    assert cuts[0, 0, 2, 1].jaccard > cuts[0, 0, 0, 1].jaccard
    assert search.found().jaccard == cuts[0, 0, 0, 1].jaccard


def test_the_complement_of_a_category_nobody_shows_stays_within_its_table() -> None:
    own = np.array([0, 0, 0, 1, 1, 1, MISSING, MISSING], np.uint8)
    codes = np.array([0, 0, 0, 1, 1, 1, 2, 2], np.uint8)[None, :]
    partner = Table(codes, np.array([3]), np.array([False]))
    # Categories 2 … 9 occur nowhere; "not 9" holds for the six known entities.
    found = Search(own, [(9, 9, 0)], partner, (1, 8)).found()
    assert found.pair == [0, 0, 0, 1, 1]
    assert found.jaccard == 1.0

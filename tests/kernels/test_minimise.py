"""Tightening, minimising and pruning of coded queries against enumeration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kernels import naive
from tests.kernels.cases import (
    Table,
    coded,
    decoded,
    members,
    random_table,
    random_terms,
    seeds,
    words,
)

from redescribe._kernels.evaluate import evaluate
from redescribe._kernels.minimise import simplify
from redescribe.core.support import n_words

if TYPE_CHECKING:
    from tests.kernels.naive import Entities, Term

lengths = st.lists(st.integers(1, 4), min_size=1, max_size=3)
n_entities = st.sampled_from([5, 17, 30, 63, 64, 65])
missing_shares = st.sampled_from([0.0, 0.2])


@dataclass(frozen=True)
class Gates:
    """Smallest and largest support, smallest Jaccard."""

    low: int
    high: int
    min_jaccard: float

    def pass_on(self, query: Entities, other: Entities) -> bool:
        within = self.low <= len(query & other) <= self.high
        return within and naive.jaccard(query, other) >= self.min_jaccard


@dataclass(frozen=True)
class Problem:
    """A query over a table."""

    table: Table
    terms: list[Term]

    @property
    def satisfied(self) -> Entities:
        return naive.satisfied(self.table.rows, self.terms, self.table.missing)

    def simplified(self, other: Entities, *, epsilon: float = 0.0, gates: Gates) -> Problem:
        literals, numbers, negated = coded(self.terms)
        kept = np.zeros(len(literals), np.bool_)
        table = self.table
        simplify(
            table.codes,
            table.missing,
            table.n_bins,
            table.nominal,
            literals,
            numbers,
            negated,
            np.stack([words(other, table.n_entities)] * 2),
            epsilon,
            np.array([gates.low, gates.high, gates.min_jaccard], np.float64),
            np.zeros(len(literals), np.bool_),
            kept,
        )
        return Problem(table, decoded(literals, numbers, negated, kept))

    @property
    def n_literals(self) -> int:
        return sum(len(literals) for literals, _ in self.terms)


def problem(
    seed: int, n: int, sizes: list[int], missing_share: float, *, n_attributes: int = 5
) -> tuple[Problem, np.random.Generator]:
    rng = np.random.default_rng(seed)
    table = random_table(rng, n, n_attributes=n_attributes, missing_share=missing_share)
    return Problem(table, random_terms(rng, table, sizes)), rng


def exact(query: Problem) -> Gates:
    """Gates under which nothing may change: the other side is the query itself."""
    return Gates(1, query.table.n_entities, 1.0)


@given(seed=seeds, n=n_entities, sizes=lengths, missing_share=missing_shares)
def test_evaluate_agrees_with_naive(
    seed: int, n: int, sizes: list[int], missing_share: float
) -> None:
    query, rng = problem(seed, n, sizes, missing_share)
    literals, numbers, negated = coded(query.terms)
    kept = rng.random(len(literals)) < 0.7
    rows, missing = query.table.rows, query.table.missing
    truths = [
        [naive.literal_truth(row[x[0]], x, missing) for row in rows]
        for x in [tuple(row) for row in literals.tolist()]
    ]
    satisfied = np.array([words({e for e in range(n) if t[e]}, n) for t in truths])
    unknown = np.array([words({e for e in range(n) if t[e] is None}, n) for t in truths])
    out = np.full(n_words(n), 3, np.uint64)
    evaluate(satisfied, unknown, numbers, negated, kept, n, out)
    left = decoded(literals, numbers, negated, kept)
    assert members(out, n) == naive.satisfied(rows, left, missing)


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_simplifying_keeps_the_support_of_known_values(
    seed: int, n: int, sizes: list[int]
) -> None:
    query, _ = problem(seed, n, sizes, 0.0)
    before = query.satisfied
    assume(before)
    after = query.simplified(before, epsilon=1.0, gates=exact(query))
    assert after.satisfied == before
    assert after.n_literals <= query.n_literals


@given(seed=seeds, n=n_entities, size=st.integers(1, 4))
def test_simplifying_keeps_positive_terms_under_missing_values(
    seed: int, n: int, size: int
) -> None:
    query, _ = problem(seed, n, [size, size], 0.2)
    query = Problem(query.table, [(literals, False) for literals, _ in query.terms])
    before = query.satisfied
    assume(before)
    after = query.simplified(before, epsilon=1.0, gates=exact(query))
    assert after.satisfied == before


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_tightened_negations_only_gain_undecided_entities(
    seed: int, n: int, sizes: list[int]
) -> None:
    query, _ = problem(seed, n, sizes, 0.2)
    rows, missing = query.table.rows, query.table.missing
    shrunk: list[Term] = [
        (naive.tightened(rows, term, query.table.nominal.tolist(), missing), term[1])
        for term in query.terms
    ]
    was, now = (naive.query_truths(rows, terms, missing) for terms in (query.terms, shrunk))
    for old, new in zip(was, now, strict=True):
        assert new == old or old is None


@given(
    seed=seeds,
    n=n_entities,
    size=st.integers(1, 5),
    missing_share=missing_shares,
    negated=st.booleans(),
)
def test_a_term_keeps_a_smallest_set_of_literals(
    *, seed: int, n: int, size: int, missing_share: float, negated: bool
) -> None:
    query, _ = problem(seed, n, [size], missing_share)
    query = Problem(query.table, [(query.terms[0][0], negated)])
    table = query.table
    shrunk = naive.tightened(
        table.rows, query.terms[0], table.nominal.tolist(), table.missing
    )
    tight = naive.satisfied(table.rows, [(shrunk, negated)], table.missing)
    assume(tight)
    after = query.simplified(tight, gates=exact(query))
    want = naive.smallest_cover(table.rows, shrunk, negated=negated, missing=table.missing)
    assert after.n_literals == want
    assert after.satisfied == tight


@pytest.mark.parametrize("negated", [False, True])
@given(seed=seeds)
def test_more_than_twelve_literals_are_minimised_greedily(
    *, negated: bool, seed: int
) -> None:
    # Wide intervals on many attributes, so that their conjunction holds somewhere.
    rng = np.random.default_rng(seed)
    table = random_table(rng, 65, n_attributes=15, max_bins=9)
    table.nominal[:] = False
    literals = [(a, 0, max(0, int(n) - 2), 1) for a, n in enumerate(table.n_bins)]
    query = Problem(table, [(literals[:14], negated)])
    before = query.satisfied
    assume(before)
    after = query.simplified(before, gates=exact(query))
    assert after.satisfied == before
    kept = after.terms[0][0]
    for literal in kept if len(kept) > 1 else []:
        rest = [x for x in kept if x != literal]
        assert naive.satisfied(table.rows, [(rest, negated)], 255) != before


@given(
    seed=seeds,
    n=n_entities,
    sizes=lengths,
    missing_share=missing_shares,
    epsilon=st.sampled_from([0.0, 0.01, 0.2]),
)
def test_pruning_stops_where_a_literal_does_work(
    seed: int, n: int, sizes: list[int], missing_share: float, epsilon: float
) -> None:
    query, rng = problem(seed, n, sizes, missing_share)
    other = query.satisfied ^ set(np.flatnonzero(rng.random(n) < 0.2).tolist())
    # Two empty sets have no Jaccard that a literal could cost.
    assume(query.satisfied | other)
    gates = Gates(1, n, 0.2)
    after = query.simplified(other, epsilon=epsilon, gates=gates)
    assert 1 <= after.n_literals <= query.n_literals
    found = after.satisfied
    rows, missing = query.table.rows, query.table.missing
    if gates.pass_on(query.satisfied, other) and not missing_share:
        assert gates.pass_on(found, other)
    # What a single removal may still cost, one entity never being a reason.
    allowed = max(epsilon, 1 / max(1, len(found | other)))
    for i, (literals, negated) in enumerate(after.terms):
        for literal in literals:
            rest = [x for x in literals if x != literal]
            terms = [*after.terms[:i], (rest, negated), *after.terms[i + 1 :]]
            if not any(kept for kept, _ in terms):
                continue
            left = naive.satisfied(rows, terms, missing)
            lost = naive.jaccard(found, other) - naive.jaccard(left, other)
            stops = gates.pass_on(found, other) and not gates.pass_on(left, other)
            assert stops or lost > allowed - 1e-12


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_each_step_of_pruning_costs_little(seed: int, n: int, sizes: list[int]) -> None:
    query, rng = problem(seed, n, sizes, 0.0)
    other = query.satisfied ^ set(np.flatnonzero(rng.random(n) < 0.2).tolist())
    assume(query.satisfied | other)
    after = query.simplified(other, gates=Gates(0, n, 0.0))
    # With three entities in the union a step may cost a third, with sixty a sixtieth.
    smallest_union = min(
        len(other), len(query.satisfied | other), len(after.satisfied | other)
    )
    n_steps = query.n_literals - after.n_literals
    lost = naive.jaccard(query.satisfied, other) - naive.jaccard(after.satisfied, other)
    assert lost <= n_steps / max(1, smallest_union) + 1e-12


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_no_closed_end_could_be_open_and_no_literal_says_nothing(
    seed: int, n: int, sizes: list[int]
) -> None:
    query, _ = problem(seed, n, sizes, 0.0)
    table = query.table
    before = query.satisfied
    assume(before)
    after = query.simplified(before, gates=exact(query))
    for literals, _negated in after.terms:
        for attribute, first, last, inside in literals:
            whole = (0, int(table.n_bins[attribute]) - 1)
            numeric = inside and not table.nominal[attribute]
            if numeric and len(before) < n:
                assert (first, last) != whole


def test_one_entity_is_no_reason_for_a_literal() -> None:
    # b only keeps entity 9 out; a union of ten entities makes that worth a tenth.
    a = [1] * 9 + [1] + [0] * 10
    b = [1] * 9 + [0] + [1] * 10
    table = Table(np.array([a, b], np.uint8), np.array([2, 2]), np.zeros(2, np.bool_))
    query = Problem(table, [([(0, 1, 1, 1), (1, 1, 1, 1)], False)])
    other = set(range(9))
    assert query.simplified(other, gates=Gates(1, 20, 0.5)).terms == [
        ([(0, 1, 1, 1)], False)
    ]
    strict = query.simplified(other, gates=Gates(1, 20, 1.0))
    assert strict.n_literals == 2


def test_a_term_that_an_opened_end_swallows_is_dropped() -> None:
    # Two adjacent ranges of one attribute: the first opens downwards over the second.
    codes = np.repeat(np.arange(4, dtype=np.uint8), 5)[None, :]
    table = Table(codes, np.array([4]), np.zeros(1, np.bool_))
    query = Problem(table, [([(0, 1, 1, 1)], False), ([(0, 0, 0, 1)], False)])
    after = query.simplified(query.satisfied, gates=exact(query))
    assert after.terms == [([(0, 0, 1, 1)], False)]


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_nothing_left_can_go_for_free(seed: int, n: int, sizes: list[int]) -> None:
    query, _ = problem(seed, n, sizes, 0.0)
    before = query.satisfied
    assume(before)
    after = query.simplified(before, gates=exact(query))
    for i, (literals, negated) in enumerate(after.terms):
        for rest in ([], *([x for x in literals if x != gone] for gone in literals)):
            terms = [*after.terms[:i], (rest, negated), *after.terms[i + 1 :]]
            if any(kept for kept, _ in terms):
                assert naive.satisfied(query.table.rows, terms, 255) != before

"""Simplifying with literals that must stay, judged against several other queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels import naive
from tests.kernels.cases import (
    Table,
    coded,
    decoded,
    random_table,
    random_terms,
    seeds,
    words,
)

from redescribe._kernels.evaluate import set_words
from redescribe._kernels.minimise import _prune, simplify
from redescribe.core.support import n_words

if TYPE_CHECKING:
    from tests.kernels.naive import Entities, Term

lengths = st.lists(st.integers(1, 4), min_size=1, max_size=3)
n_entities = st.sampled_from([17, 63, 64, 65])
epsilons = st.sampled_from([0.0, 0.01, 0.2])


@dataclass(frozen=True)
class Case:
    """A query, the entities in all and in some of the other queries, and what must stay."""

    table: Table
    terms: list[Term]
    all_of: Entities
    any_of: Entities
    needed: list[bool]

    def satisfied(self, terms: list[Term]) -> Entities:
        return naive.satisfied(self.table.rows, terms, self.table.missing)

    def jaccard(self, terms: list[Term]) -> float:
        return naive.jaccard_with(self.satisfied(terms), self.all_of, self.any_of)

    def simplified(
        self, epsilon: float, gates: tuple[int, int, float]
    ) -> tuple[list[Term], list[bool]]:
        """The query made short, and which literals were kept."""
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
            np.stack([words(x, table.n_entities) for x in (self.all_of, self.any_of)]),
            epsilon,
            np.array(gates, np.float64),
            np.array(self.needed),
            kept,
        )
        return decoded(literals, numbers, negated, kept), kept.tolist()

    def passes(self, terms: list[Term], gates: tuple[int, int, float]) -> bool:
        support = len(self.satisfied(terms) & self.all_of)
        return gates[0] <= support <= gates[1] and self.jaccard(terms) >= gates[2]


def case(seed: int, n: int, sizes: list[int], missing_share: float = 0.0) -> Case:
    """Others that agree with the query, more or less; all_of is within any_of."""
    rng = np.random.default_rng(seed)
    table = random_table(rng, n, n_attributes=5, missing_share=missing_share)
    terms = random_terms(rng, table, sizes)
    query = naive.satisfied(table.rows, terms, table.missing)

    def noisy(share: float) -> Entities:
        return query ^ set(np.flatnonzero(rng.random(n) < share).tolist())

    one, two = noisy(0.15), noisy(0.3)
    n_literals = sum(len(literals) for literals, _ in terms)
    needed = (rng.random(n_literals) < 0.4).tolist()
    return Case(table, terms, one & two, one | two | {0}, needed)


@given(seed=seeds, n=n_entities, sizes=lengths, epsilon=epsilons)
@pytest.mark.parametrize("missing_share", [0.0, 0.2])
def test_needed_literals_stay(
    missing_share: float, seed: int, n: int, sizes: list[int], epsilon: float
) -> None:
    found = case(seed, n, sizes, missing_share)
    _, kept = found.simplified(epsilon, (0, n, 0.0))
    assert all(stays for stays, need in zip(kept, found.needed, strict=True) if need)
    assert any(kept)


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_nothing_changes_where_everything_is_needed(
    seed: int, n: int, sizes: list[int]
) -> None:
    found = case(seed, n, sizes)
    everything = Case(
        found.table, found.terms, found.all_of, found.any_of, [True] * len(found.needed)
    )
    after, kept = everything.simplified(1.0, (0, n, 0.0))
    assert all(kept)
    assert everything.satisfied(after) == everything.satisfied(found.terms)


@given(seed=seeds, n=n_entities, sizes=lengths, epsilon=epsilons)
@pytest.mark.parametrize("missing_share", [0.0, 0.2])
def test_pruning_agrees_with_naive(
    missing_share: float, seed: int, n: int, sizes: list[int], epsilon: float
) -> None:
    found = case(seed, n, sizes, missing_share)
    gates = (1, n, 0.2)
    literals, numbers, negated = coded(found.terms)
    satisfied = np.zeros((2, len(literals), n_words(n)), np.uint64)
    for row, literal in enumerate(literals):
        set_words(
            found.table.codes,
            found.table.missing,
            literal,
            satisfied[0, row],
            satisfied[1, row],
        )
    kept = np.ones(len(literals), np.bool_)
    _prune(
        satisfied[0],
        satisfied[1],
        numbers,
        negated,
        np.stack([words(x, n) for x in (found.all_of, found.any_of)]),
        epsilon,
        np.array(gates, np.float64),
        np.array(found.needed),
        kept,
        n,
    )
    want = naive.pruned(
        found.table.rows,
        found.terms,
        found.needed,
        (found.all_of, found.any_of),
        epsilon,
        gates,
        found.table.missing,
    )
    assert kept.tolist() == want


@given(seed=seeds, n=n_entities, sizes=lengths, epsilon=epsilons)
def test_gates_are_kept_against_all_and_some_of_the_others(
    seed: int, n: int, sizes: list[int], epsilon: float
) -> None:
    found = case(seed, n, sizes)
    gates = (1, n, 0.2)
    after, _ = found.simplified(epsilon, gates)
    if found.passes(found.terms, gates):
        assert found.passes(after, gates)


@given(seed=seeds, n=n_entities, sizes=lengths)
def test_without_a_loss_allowed_the_jaccard_never_falls_by_more_than_an_entity(
    seed: int, n: int, sizes: list[int]
) -> None:
    found = case(seed, n, sizes)
    after, kept = found.simplified(0.0, (0, n, 0.0))
    n_gone = kept.count(False)
    smallest = min(len(found.any_of), len(found.any_of | found.satisfied(after)))
    lost = found.jaccard(found.terms) - found.jaccard(after)
    assert lost <= n_gone / smallest + 1e-12


def test_a_needed_literal_costs_another_its_place() -> None:
    # Either literal alone gives the support; the needed one stays.
    codes = np.array([[1, 1, 0, 0], [1, 1, 0, 0]], np.uint8)
    table = Table(codes, np.array([2, 2]), np.zeros(2, np.bool_))
    terms: list[Term] = [([(0, 1, 1, 1), (1, 1, 1, 1)], False)]
    for needed, want in (([True, False], 0), ([False, True], 1), ([False, False], 0)):
        found = Case(table, terms, {0, 1}, {0, 1}, needed)
        after, _ = found.simplified(0.0, (1, 4, 0.5))
        assert after == [([(want, 1, 1, 1)], False)]


@given(seed=seeds, negated=st.booleans())
def test_more_than_twelve_literals_with_some_needed(*, seed: int, negated: bool) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 65, n_attributes=15, max_bins=9)
    table.nominal[:] = False
    literals = [(a, 0, max(0, int(n) - 2), 1) for a, n in enumerate(table.n_bins)]
    terms: list[Term] = [(literals[:14], negated)]
    query = naive.satisfied(table.rows, terms, table.missing)
    needed = (rng.random(14) < 0.3).tolist()
    found = Case(table, terms, query, query | {0}, needed)
    after, kept = found.simplified(0.0, (0, 65, 0.0))
    assert all(stays for stays, need in zip(kept, needed, strict=True) if need)
    assert found.jaccard(after) >= found.jaccard(terms) - 14 / len(query | {0})

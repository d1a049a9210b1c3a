"""Beam search, and cuts that move to their best places, against brute force."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from tests.kernels import cases, naive

from redescribe._kernels.beam import grow_beam
from redescribe._kernels.beam_scores import OR
from redescribe._kernels.objective import pair_value
from redescribe._kernels.sharpen import sharpen
from redescribe.significance.tails import log_factorials

OBJECTIVES = ("jaccard", "adjusted-jaccard", "log-p")
GATES = (2, 60, 0.01)
WIDTH = 64


class Inputs:
    """Literals of a target and of a partner as sets; some are opposites."""

    def __init__(self, seed: int, n_entities: int, *, missing: bool) -> None:
        rng = np.random.default_rng(seed)
        self.n = n_entities
        self.owns = [s for s in cases.random_sets(rng, 4, n_entities) if s] or [{0}]
        known = [
            {e for e in range(n_entities) if not missing or rng.random() < 0.8}
            for _ in range(3)
        ]
        self.known = cases.stacked(known if missing else [], n_entities)
        self.literals: list[set[int]] = []
        self.opposites: list[int] = []
        self.attributes: list[int] = []
        for row, (of, chosen) in enumerate(
            zip(known, cases.random_sets(rng, 3, n_entities), strict=True)
        ):
            start = len(self.literals)
            self.literals += [of & chosen, of - chosen]
            self.opposites += [start + 1, start]
            self.attributes += [row, row]
        self.literals.append(self.literals[0] & known[0])
        self.opposites.append(-1)
        self.attributes.append(2)

    def grow(
        self,
        objective: str,
        *,
        price: float = 0.01,
        allowed: tuple[bool, bool, bool] = (True, True, True),
        max_length: int = 2,
        width: int = WIDTH,
    ) -> list[list[tuple[int, list[list[int]]]]]:
        """Per length, the target's literal and the terms of each query."""
        owns = np.empty((max_length, width), np.int32)
        literals = np.zeros((max_length, width, max_length), np.int32)
        steps = np.zeros((max_length, width, max_length), np.int32)
        n_scored = grow_beam(
            cases.stacked(self.owns, self.n),
            np.array([len(s) for s in self.owns], np.int32),
            np.ones(len(self.owns), np.bool_),
            cases.stacked(self.literals, self.n),
            np.array([len(s) for s in self.literals], np.int32),
            np.array(self.opposites, np.int32),
            # A direction of its own for each: the best of every literal is kept.
            np.arange(len(self.literals), dtype=np.int32),
            np.array(self.attributes, np.int32),
            self.known,
            np.ones(len(self.literals), np.bool_),
            np.array(allowed),
            OBJECTIVES.index(objective),
            np.array(GATES),
            price,
            self.n,
            log_factorials(self.n),
            owns,
            literals,
            steps,
        )
        assert n_scored >= len(self.owns) * len(self.literals)
        return [
            [
                (int(owns[m, i]), _terms(literals[m, i, : m + 1], steps[m, i, : m + 1]))
                for i in range(width)
                if owns[m, i] >= 0
            ]
            for m in range(max_length)
        ]

    def entities(self, terms: list[list[int]]) -> set[int]:
        parts = [set.intersection(*(self.literals[i] for i in term)) for term in terms]
        return set().union(*parts)

    def value(self, objective: str, own: int, query: set[int]) -> float:
        return naive.admissible_value(
            objective, self.owns[own], query, self.n, GATES, own_inside=True
        )


def _terms(literals: np.ndarray, steps: np.ndarray) -> list[list[int]]:
    terms: list[list[int]] = []
    for literal, step in zip(literals.tolist(), steps.tolist(), strict=True):
        if not terms or step == OR:
            terms.append([literal])
        else:
            terms[-1].append(literal)
    return terms


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("objective", OBJECTIVES)
@given(seed=cases.seeds)
def test_the_best_pairs_are_those_of_brute_force(
    objective: str,
    missing: bool,  # noqa: FBT001 - a case of the test
    seed: int,
) -> None:
    inputs = Inputs(seed, 70, missing=missing)
    found = inputs.grow(objective)
    value = partial(inputs.value, objective)
    reached = [
        max((value(own, inputs.entities(terms)) for own, terms in level), default=-math.inf)
        for level in found
    ]
    expected = naive.grow_pairs(inputs.owns, inputs.literals, value, 0.01)
    assert reached == pytest.approx(expected)


@given(seed=cases.seeds)
def test_every_literal_pays_and_no_set_comes_twice(seed: int) -> None:
    inputs = Inputs(seed, 65, missing=False)
    levels = inputs.grow("jaccard", max_length=4, width=3, price=0.03)
    shorter: list[float] = []
    for length, level in enumerate(levels, start=1):
        sets = [frozenset(inputs.entities(terms)) for _, terms in level]
        assert len(set(sets)) == len(sets) <= 3
        assert all(sum(map(len, terms)) == length for _, terms in level)
        values = [inputs.value("jaccard", own, inputs.entities(t)) for own, t in level]
        if shorter and values:
            assert min(values) > min(shorter) + 0.03
        shorter = values


@pytest.mark.parametrize(
    ("allowed", "shapes"),
    [
        ((True, False, False), {(1,), (2,), (3,)}),
        ((False, True, False), {(1,), (1, 1)}),
        ((True, False, True), {(1,), (2,), (3,), (1, 1), (1, 1, 1)}),
        ((False, False, False), {(1,)}),
    ],
)
@given(seed=cases.seeds)
def test_only_what_the_language_can_say(
    allowed: tuple[bool, bool, bool], shapes: set[tuple[int, ...]], seed: int
) -> None:
    levels = Inputs(seed, 65, missing=False).grow(
        "jaccard", allowed=allowed, max_length=3, price=0.0
    )
    said = {tuple(map(len, terms)) for level in levels for _, terms in level}
    assert said <= shapes


@given(seed=cases.seeds)
def test_two_long_terms_at_most(seed: int) -> None:
    levels = Inputs(seed, 128, missing=False).grow(
        "jaccard", max_length=5, price=-1.0, width=8
    )
    for level in levels:
        for _, terms in level:
            n_long = sum(len(term) > 1 for term in terms)
            assert len(terms) <= 2 or n_long <= 1


@pytest.mark.parametrize("objective", OBJECTIVES)
@given(seed=cases.seeds)
def test_values_rise_with_what_is_shared_and_fall_with_the_rest(
    objective: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 90))
    own = int(rng.integers(1, n))
    support = int(rng.integers(0, own))
    others = int(rng.integers(0, n - own + 1))
    logs = log_factorials(n)

    def value(support: int, others: int) -> float:
        number = OBJECTIVES.index(objective)
        return pair_value(number, support, support + others, own, n, logs)

    # Below chance (J - J0) / (1 - J0) may do anything, but it stays below.
    here = max(0.0, value(support, others))
    sets = set(range(own)), set(range(support)) | set(range(own, own + others))
    if any(sets):
        assert here == pytest.approx(max(0.0, naive.pair_value(objective, *sets, n)))
    assert max(0.0, value(support + 1, others)) >= here - 1e-12
    if others:
        assert max(0.0, value(support, others - 1)) >= here - 1e-12


@pytest.mark.parametrize("missing_share", [0.0, 0.2])
@pytest.mark.parametrize("objective", OBJECTIVES)
@given(seed=cases.seeds)
def test_no_cut_has_a_better_place(objective: str, missing_share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 70
    table = cases.random_table(
        rng, n, n_attributes=3, max_bins=6, missing_share=missing_share
    )
    own_codes = rng.integers(0, 6, n).astype(np.uint8)
    own_codes[rng.random(n) < missing_share] = 255
    usable = [a for a in range(3) if table.n_bins[a] > 1]
    if not usable:
        return
    chosen = rng.choice(usable, 3)
    literals = np.array([_any_literal(rng, table, a) for a in chosen], np.int32)
    terms = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 1]][int(rng.integers(3))], np.int32)
    own = np.array([0, 0, 2, 1], np.int32)
    gates = (1, n, 0.0)

    def value(literals: np.ndarray, own: np.ndarray) -> float:
        parts = [([tuple(row)], term) for row, term in zip(literals.tolist(), terms)]  # noqa: B905
        groups: dict[int, list[naive.Literal]] = {}
        for rows, term in parts:
            groups.setdefault(int(term), []).extend(rows)
        query = naive.satisfied(
            table.rows, [(rows, False) for rows in groups.values()], table.missing
        )
        target = naive.satisfied(
            [[int(code)] for code in own_codes], [([tuple(own.tolist())], False)], 255
        )
        return naive.admissible_value(objective, target, query, n, gates, own_inside=True)

    before = value(literals, own)
    sharpen(
        table.codes,
        table.missing,
        table.n_bins,
        table.nominal,
        literals,
        terms,
        own_codes,
        255,
        6,
        True,  # noqa: FBT003 - kernels take no keywords
        own,
        np.array([1, n], np.int32),
        0.01,
        OBJECTIVES.index(objective),
        np.array(gates),
        log_factorials(n),
    )
    after = value(literals, own)
    assert after >= before - 1e-12
    for a in range(3):
        if table.nominal[literals[a, 0]]:
            continue
        for moved in _places(literals[a], int(table.n_bins[literals[a, 0]])):
            trial = literals.copy()
            trial[a] = moved
            assert value(trial, own) <= after + 1e-9
    for moved in _places(own, 6):
        assert value(literals, np.array(moved)) <= after + 1e-9


def _any_literal(rng: np.random.Generator, table: cases.Table, a: int) -> list[int]:
    last = int(table.n_bins[a]) - 1
    if table.nominal[a]:
        code = int(rng.integers(last + 1))
        return [a, code, code, int(rng.integers(2))]
    cut = int(rng.integers(last))
    return [a, 0, cut, 1] if rng.random() < 0.5 else [a, cut + 1, last, 1]


def _places(literal: np.ndarray, n_codes: int) -> list[list[int]]:
    """All cuts of the direction of a literal; an interval moves no more."""
    attribute, first, last, inside = literal.tolist()
    if first > 0 and last < n_codes - 1:
        return []
    if first > 0:
        return [[attribute, c, last, inside] for c in range(1, n_codes)]
    return [[attribute, 0, c, inside] for c in range(n_codes - 1)]

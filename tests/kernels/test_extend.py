"""Growing queries by AND and OR against Python sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels import naive
from tests.kernels.cases import random_sets, seeds, sizes, stacked, words

from redescribe._kernels.extend import best_extension, extend_all


@given(
    seed=seeds,
    n_entities=sizes,
    n_allowed=st.integers(0, 6),
    disjunction=st.booleans(),
    price=st.sampled_from([0.0, 0.005, 0.3]),
)
def test_best_extension_agrees_with_naive(
    *, seed: int, n_entities: int, n_allowed: int, disjunction: bool, price: float
) -> None:
    rng = np.random.default_rng(seed)
    all_of, more, query, *pool = random_sets(rng, 9, n_entities)
    any_of = all_of | more
    lengths = rng.integers(1, 5, 6).astype(np.int32)
    rule, value, support, outside = best_extension(
        words(all_of, n_entities),
        words(any_of, n_entities),
        words(query, n_entities),
        stacked(pool, n_entities),
        lengths,
        n_allowed,
        disjunction,
        price,
    )
    want = naive.best_extension(
        all_of,
        any_of,
        query,
        pool[:n_allowed],
        lengths.tolist(),
        disjunction=disjunction,
        price=price,
    )
    assert (rule, value) == want
    if rule >= 0:
        grown = query | pool[rule] if disjunction else query & pool[rule]
        assert (support, outside) == (len(grown & all_of), len(grown - any_of))


@given(
    seed=seeds,
    n_entities=sizes,
    limits=st.tuples(st.integers(0, 3), st.integers(0, 2)),
    n_positive=st.integers(0, 6),
    min_gains=st.sampled_from([(0.0, 0.0), (0.005, 0.01), (0.2, 0.1)]),
)
def test_extend_all_agrees_with_naive(
    seed: int,
    n_entities: int,
    limits: tuple[int, int],
    n_positive: int,
    min_gains: tuple[float, float],
) -> None:
    rng = np.random.default_rng(seed)
    everything = random_sets(rng, 12, n_entities)
    all_of, pool = everything[:3], everything[6:]
    any_of = [a | b | {0} for a, b in zip(all_of, everything[3:6], strict=True)]
    lengths = rng.integers(1, 5, 6).astype(np.int32)
    bases = rng.integers(-1, 6, (3, 2)).astype(np.int32)
    shape = (3, 2, 1 + sum(limits))
    steps, jaccards = np.zeros(shape, np.int32), np.zeros(shape)
    n_scored = extend_all(
        stacked(all_of, n_entities),
        stacked(any_of, n_entities),
        stacked(pool, n_entities),
        lengths,
        n_positive,
        bases,
        np.array(limits, np.int32),
        np.array(min_gains),
        steps,
        jaccards,
    )
    assert n_scored >= 0
    for f in range(3):
        for b, base in enumerate(bases[f].tolist()):
            if base < 0:
                assert (steps[f, b] == -1).all()
                continue
            want = naive.extend(
                all_of[f],
                any_of[f],
                base,
                pool,
                lengths.tolist(),
                n_positive,
                limits,
                min_gains,
            )
            assert steps[f, b].tolist() == [rule for rule, _ in want]
            taken = steps[f, b] >= 0
            assert jaccards[f, b, taken].tolist() == [j for rule, j in want if rule >= 0]


def test_a_negated_base_takes_no_conjunct() -> None:
    fixed, pool = [{0, 1}], [{0, 1, 2}, {0, 1, 3}]
    steps = np.zeros((1, 1, 2), np.int32)
    arguments = (
        stacked(fixed, 4),
        stacked(fixed, 4),
        stacked(pool, 4),
        np.ones(2, np.int32),
    )
    for n_positive, want in ((2, [0, 1]), (0, [0, -1])):
        extend_all(
            *arguments,
            n_positive,
            np.zeros((1, 1), np.int32),
            np.array([1, 0], np.int32),
            np.zeros(2),
            steps,
            np.zeros(steps.shape),
        )
        assert steps[0, 0].tolist() == want

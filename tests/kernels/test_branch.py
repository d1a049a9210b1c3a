"""Branch and bound, its bounds and its least supports against enumeration."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels import naive, naive_branch
from tests.kernels.cases import random_sets, stacked
from tests.kernels.naive_branch import Gates

from redescribe._kernels import bounds
from redescribe._kernels.branch import branch
from redescribe._kernels.wanted import admissible_from, better_from
from redescribe.significance.tails import log_factorials

if TYPE_CHECKING:
    from redescribe._typing import Int32s, Ints

OBJECTIVES = {"jaccard": 0, "adjusted-jaccard": 1, "log-p": 2}
seeds = st.integers(0, 2**32 - 1)
objectives = st.sampled_from(sorted(OBJECTIVES))


def random_gates(rng: np.random.Generator) -> Gates:
    # No p-value of few entities is one of these, so rounding decides nothing.
    return Gates(
        int(rng.integers(1, 5)),
        float(rng.choice([0.0, 0.3, 0.5])),
        float(rng.choice([0.0, 0.01, 0.1])),
        float(rng.choice([0.0, math.log(0.3001), math.log(0.0501)])),
    )


def nested_literals(
    rng: np.random.Generator, n_columns: int, n_entities: int
) -> tuple[list[set[int]], Int32s]:
    """One-sided cuts of columns with few values, some missing, and their runs."""
    literals, runs = [], []
    for column in range(n_columns):
        values = rng.integers(0, rng.integers(2, 5), n_entities)
        known = rng.random(n_entities) < rng.choice([1.0, 0.8])
        cuts = np.unique(values)[:-1]
        for side in range(2):
            for cut in cuts[::-1] if side == 0 else cuts:
                holds = known & ((values <= cut) if side == 0 else (values > cut))
                literals.append(set(np.flatnonzero(holds).tolist()))
                runs.append(2 * column + side)
    return literals, np.array(runs, np.int32)


def least_supports(
    objective: str, n1: int, n: int, gates: Gates, best: tuple[int, int], *, negated: bool
) -> tuple[Int32s, Int32s]:
    """The least shared supports that pass, and that are better than a pair."""
    table = log_factorials(n)
    admissible, least = np.empty((2, n + 1), np.int32)
    admissible_from(n1, n, negated, np.array(gates, np.float64), table, admissible)
    tp, fp = best
    own, query = sides(n1, tp, fp)
    value = max(0.0, naive.pair_value(objective, own, query, n)) if tp else 0.0
    better_from(OBJECTIVES[objective], n1, n, value, tp, n1 + fp, admissible, table, least)
    return admissible, least


def sides(n1: int, tp: int, fp: int) -> tuple[set[int], set[int]]:
    return set(range(n1)), set(range(tp)) | set(range(n1, n1 + fp))


@given(seed=seeds, objective=objectives, negated=st.booleans())
def test_least_supports_tell_what_passes_and_what_is_better(
    seed: int, objective: str, *, negated: bool
) -> None:
    """For every cell, so objectives and gates are monotone as well."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 22))
    n1 = int(rng.integers(1, n))
    gates = random_gates(rng)
    best = (int(rng.integers(0, n1 + 1)), int(rng.integers(0, n - n1 + 1)))
    admissible, least = least_supports(objective, n1, n, gates, best, negated=negated)
    to_beat = naive.pair_value(objective, *sides(n1, *best), n) if best[0] else 0.0
    for fp in range(n - n1 + 1):
        for tp in range(1, n1 + 1):
            own, query = sides(n1, tp, fp)
            passing = naive_branch.is_admissible(own, query, n, gates, negated=negated)
            assert (tp >= admissible[fp]) == passing
            value = naive.pair_value(objective, own, query, n)
            better = value > max(to_beat, 0.0) + 1e-9 * max(1.0, to_beat)
            if objective == "jaccard":
                better = tp * (n1 + best[1]) > best[0] * (n1 + fp)
            assert (tp >= least[fp]) == (passing and better)


class Node(NamedTuple):
    """Candidates of a node, as `bounds` has them, and the least supports."""

    literals: list[set[int]]
    runs: Int32s
    own: set[int]
    n_entities: int
    node: Ints
    table: Int32s
    tops: Int32s
    least: Int32s


def root(seed: int, objective: str) -> Node:
    rng = np.random.default_rng(seed)
    n, width = int(rng.integers(8, 70)), int(rng.integers(2, 4))
    literals, runs = nested_literals(rng, 3, n)
    own: set[int] = set(rng.permutation(n)[: rng.integers(1, n)].tolist())
    gates = Gates(1, float(rng.choice([0.0, 0.2])), 0.0, 0.0)
    tp, fp = len(own), n - len(own)
    best = (int(rng.integers(0, 1 + len(own) // 2)), 0)
    _, least = least_supports(objective, len(own), n, gates, best, negated=False)
    slack = max(0, tp - int(least[0]))
    usable = [i for i, held in enumerate(literals) if len(own - held) <= slack]
    literals, runs = [literals[i] for i in usable], runs[usable]
    node = np.array(
        [tp, fp, len(literals), 0, (slack + bounds.STEPS) // bounds.STEPS, 0], np.int64
    )
    table = np.zeros((6, len(literals)), np.int32)
    table[bounds.NUMBER] = np.arange(len(literals))
    table[bounds.LOSS] = [len(own - held) for held in literals]
    outside = set(range(n)) - own
    table[bounds.REMOVAL] = [len(outside - held) for held in literals]
    words = stacked([outside, *literals], n)
    node[bounds.KAPPA] = bounds.never_removed(words[0], words[1:], table, len(literals))
    assert node[bounds.KAPPA] == len(outside.intersection(*literals))
    tops = np.zeros((bounds.STEPS, 2, width), np.int32)
    if tp >= least[0]:
        bounds.find_tops(node, table, slack, width, runs, tops)
    return Node(literals, runs, own, n, node, table, tops, least)


@given(seed=seeds, objective=objectives)
def test_no_extension_of_a_child_is_beyond_its_bounds(seed: int, objective: str) -> None:
    literals, runs, own, n, node, table, tops, least = root(seed, objective)
    n_more = tops.shape[2] - 1
    scale = np.array([OBJECTIVES[objective], len(own), n])
    for child in range(len(literals)):
        others = [i for i in range(len(literals)) if runs[i] != runs[child]]
        most, largest = -1, -math.inf
        for size in range(n_more + 1):
            for chosen in combinations(others, size):
                query = literals[child].intersection(*(literals[i] for i in chosen))
                margin = len(query & own) - int(least[len(query - own)])
                if margin >= 0:
                    most = max(most, margin)
                    value = naive.pair_value(objective, own, query, n)
                    largest = max(largest, value)
        common = (node, table, child, runs[child], n_more, tops, least)
        assert bounds.margin_of(*common) >= most
        bound = bounds.value_bound_of(*common, scale, log_factorials(n))
        assert bound >= largest - 1e-9


def searched(
    objective: str,
    owns: list[tuple[set[int], bool]],
    literals: list[set[int]],
    runs: Int32s,
    n: int,
    gates: Gates,
    length: int,
    max_counted: int,
) -> tuple[Ints, float, float]:
    """What the kernel finds: the pair, its value, and the bound of what was left out."""
    best, values = np.full(3 + length, -1, np.int64), np.array([0.0, -np.inf])
    branch(
        stacked([own for own, _ in owns], n),
        np.array([len(own) for own, _ in owns], np.int32),
        np.array([negated for _, negated in owns], np.bool_),
        stacked(literals, n),
        np.array(list(map(len, literals)), np.int32),
        runs,
        np.array(gates, np.float64),
        log_factorials(n),
        np.array([OBJECTIVES[objective], n, length, max_counted]),
        best,
        values,
    )
    return best, float(values[0]), float(values[1])


@pytest.mark.parametrize("length", [1, 2, 3])
@given(seed=seeds, objective=objectives)
def test_the_best_pair_is_that_of_enumeration(
    length: int, seed: int, objective: str
) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.choice([2, 9, 30, 63, 64, 65]))
    literals, runs = nested_literals(rng, 3, n)
    owns = [
        (own, bool(rng.integers(2))) for own in random_sets(rng, 4, n) if 0 < len(own) < n
    ]
    gates = random_gates(rng)
    want = naive_branch.best_value(objective, owns, literals, length, n, gates)
    case = (objective, owns, literals, runs, n, gates, length)
    best, value, bound = searched(*case, 10**9)
    assert value == pytest.approx(want, abs=1e-8)
    assert bound == -math.inf
    if best[0] >= 0:
        chosen = [literals[i] for i in best[3:] if i >= 0]
        query = set(range(n)).intersection(*chosen)
        own = owns[best[0]][0]
        assert [len(own & query), len(query - own)] == best[1:3].tolist()
        assert value == pytest.approx(naive.pair_value(objective, own, query, n))
        # No literal is idle: a shorter conjunction would have been as good.
        assert all(
            query != set(range(n)).intersection(*chosen[:i], *chosen[i + 1 :])
            for i in range(len(chosen))
        )
    _, value, bound = searched(*case, int(rng.integers(0, 60)))
    assert max(value, bound) >= want - 1e-8
    assert value <= want + 1e-8

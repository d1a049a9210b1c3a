"""The integer program finds what trying everything finds."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.view import View
from redescribe.rules.columns import Columns
from redescribe.rules.exact import UnionBudget, best_union, generated

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe._typing import Mask

bits = st.lists(st.tuples(*[st.booleans()] * 4), min_size=2, max_size=24)


def fewest_errors(pool: Columns, target: Mask, max_literals: int) -> int:
    """By trying every set of conjunctions that is short enough."""
    best = int(target.sum())
    for size in range(1, len(pool) + 1):
        for rows in combinations(range(len(pool)), size):
            if pool.lengths[list(rows)].sum() <= max_literals:
                met = pool.holds[list(rows)].any(axis=0)
                best = min(best, int((met != target).sum()))
    return best


@settings(max_examples=25)
@given(values=bits, max_literals=st.integers(1, 4))
def test_no_set_of_the_pool_has_fewer_errors(
    values: list[tuple[bool, ...]], max_literals: int
) -> None:
    array = np.array(values, np.float64)
    view = View.of("x", array[:, :3], names=["a", "b", "c"])
    target = array[:, 3].astype(np.bool_)
    literals = Columns.cuts(view, max_cuts=1, both_sides=True)
    budget = UnionBudget(max_literals, 2, 1_000)
    pool = generated(literals, target, budget)
    pool = pool.at(np.arange(min(len(pool), 10)))
    found = best_union(literals, target, budget, pool)
    assert found.proven
    assert found.n_errors == fewest_errors(pool, target, max_literals)
    assert sum(map(len, found.terms)) <= max_literals
    met = Columns.of(found.terms, view).holds.any(axis=0) if found.terms else target & False
    assert int((met != target).sum()) == found.n_errors


FUNCTIONS: dict[str, tuple[Callable[[bool, bool, bool], bool], int]] = {
    "a and b or c": (lambda a, b, c: (a and b) or c, 2),
    "a and b and c": (lambda a, b, c: a and b and c, 3),
    "(a or b) and c": (lambda a, b, c: (a or b) and c, 2),
    "not a": (lambda a, _b, _c: not a, 1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_bits_is_found(name: str) -> None:
    function, length = FUNCTIONS[name]
    rows = list(product([False, True], repeat=3)) * 2
    view = View.of("x", np.array(rows, np.float64), names=["a", "b", "c"])
    target = np.array([function(*row) for row in rows], np.bool_)
    literals = Columns.cuts(view, max_cuts=1, both_sides=True)
    found = best_union(literals, target, UnionBudget(8, length, 100))
    assert (found.n_errors, found.proven) == (0, True)


def test_nothing_to_meet_gives_nothing() -> None:
    view = View.of("x", [[0.0], [1.0]])
    literals = Columns.cuts(view, max_cuts=1, both_sides=True)
    assert best_union(literals, np.zeros(2, np.bool_), UnionBudget(4, 2, 10)).terms == ()

"""Pairs that the beam has kept, finished at once and one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import examples, naive_finish

from redescribe.core.constraint import Constraints
from redescribe.core.missing import MissingPolicy
from redescribe.search.beam import Grown, finish_pairs
from redescribe.search.language import QueryLanguage
from redescribe.search.literal_pool import LiteralPool
from redescribe.search.params import SearchParams, Thresholds

if TYPE_CHECKING:
    from redescribe._typing import Int32s
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Candidate, Task

TERMS = [
    *([0], [0, 0], [0, 1], [0, 0, 0], [0, 0, 1], [0, 1, 1], [0, 1, 2]),
    *([0, 0, 0, 0], [0, 0, 1, 2], [0, 1, 2, 3], [0, 1, 1, 2]),
]
WITH_OR = [0, 0, 1, 1]


def kept(task: Task, seed: int, n_pairs: int = 12) -> Grown:
    """Pairs of any shape, over the literals that a beam works with."""
    rng = np.random.default_rng(seed)
    pool = LiteralPool.of(task.partner, 31)
    may_or = task.params.language.of(task.partner.name).disjunction
    known = [*TERMS, WITH_OR] if may_or else TERMS
    shapes = [known[i] for i in rng.integers(len(known), size=n_pairs)]
    literals = pool.literals[rng.integers(len(pool), size=(n_pairs, 4))]
    terms = np.zeros((n_pairs, 4), np.int32)
    for row, shape in zip(terms, shapes, strict=True):
        row[: len(shape)] = shape
    lengths = np.array([len(shape) for shape in shapes], np.int64)
    return Grown(own_literals(task.grid, rng, n_pairs), literals, terms, lengths)


def own_literals(grid: BinnedView, rng: np.random.Generator, n: int) -> Int32s:
    """Cuts, inner ranges and their complements; of a nominal target, categories."""
    last = len(grid.bins[0]) - 1
    rows = np.zeros((n, 4), np.int32)
    rows[:, 3] = rng.integers(2, size=n)
    if grid.is_nominal[0]:
        rows[:, 1] = rows[:, 2] = rng.integers(last + 1, size=n)
        return rows
    for row in rows:
        cut = int(rng.integers(last))
        first, end = np.sort(rng.integers(1, last, size=2))
        shapes = [(0, cut, 1), (cut + 1, last, 1), (first, end, row[3])]
        row[1:] = shapes[rng.integers(3)]
    return rows


def said(candidates: list[Candidate]) -> list[tuple[object, ...]]:
    return [
        (*(naive_finish.code(query) for query in c.queries), c.jaccard, c.log_p, c.work)
        for c in candidates
    ]


LANGUAGES = [
    QueryLanguage(),
    QueryLanguage(disjunction=False),
    QueryLanguage(max_literals=3),
]
CONSTRAINTS = [Constraints(), Constraints.parse(["all y: a | b"])]


@pytest.mark.parametrize("policy", list(MissingPolicy))
@pytest.mark.parametrize("constraints", CONSTRAINTS)
@pytest.mark.parametrize("language", LANGUAGES)
@given(
    seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.2]), nominal=st.booleans()
)
@settings(max_examples=12)
def test_pairs_are_finished_as_one_by_one(
    language: QueryLanguage,
    constraints: Constraints,
    policy: MissingPolicy,
    seed: int,
    missing: float,
    nominal: bool,  # noqa: FBT001 - drawn
) -> None:
    own = examples.mixed(seed, 80, missing_share=missing, name="x")
    if nominal:
        own = replace(own, attributes=own.attributes[::-1], values=own.values[::-1])
    partner = examples.mixed(seed + 1, 80, missing_share=missing)
    thresholds = Thresholds(min_jaccard=0.1, max_p_mined=1.0, min_work=0, missing=policy)
    params = SearchParams(search="beam", language=language, thresholds=thresholds)
    task = replace(examples.task(own, partner, params), constraints=constraints)
    grown = kept(task, seed)
    want, n_scored = naive_finish.finish(task, grown)
    got, n_got = finish_pairs(task, LiteralPool.of(task.partner), grown)
    assert n_got == n_scored
    assert said(got) == said(want)

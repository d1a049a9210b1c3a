"""Compositions that are left out of the finish would have given nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.search import examples

from redescribe.core.missing import MissingPolicy
from redescribe.discretize.modes import Discretization
from redescribe.search.coded import CodedQuery
from redescribe.search.individual import finish
from redescribe.search.language import QueryLanguage
from redescribe.search.literals import own_literals
from redescribe.search.params import SearchParams, Thresholds
from redescribe.search.promising import promising

if TYPE_CHECKING:
    from redescribe.core.view import View
    from redescribe.search.base import Task
    from redescribe.search.literals import OwnLiterals

N_QUERIES = 30
seeds = st.integers(0, 10_000)
LANGUAGES = (
    QueryLanguage(),
    QueryLanguage(negation=False),
    QueryLanguage(view_language=("x: disjunction=no",)),
)


def random_query(task: Task, rng: np.random.Generator) -> CodedQuery:
    """One or two terms of one to three literals over the partner view."""
    view = task.partner
    terms = []
    for _ in range(rng.integers(1, 3)):
        rows = rng.permutation(len(view.attributes))[: rng.integers(1, 4)]
        ends = [np.sort(rng.integers(0, view.n_bins[row], 2)) for row in rows]
        coded = [
            [row, first, last, 1] for row, (first, last) in zip(rows, ends, strict=True)
        ]
        terms.append([np.array(coded, np.int32)])
    return CodedQuery.of(view, terms, list(rng.random(len(terms)) < 0.3))


def problem(
    seed: int, mode: Discretization, params: SearchParams
) -> tuple[Task, OwnLiterals, list[int], list[CodedQuery]]:
    """A target that follows the partner somewhat, and random queries for its literals."""
    rng = np.random.default_rng(seed)
    n_entities = int(rng.integers(60, 130))
    partner = examples.mixed(seed, n_entities, missing_share=0.1 * (seed % 2))
    related = np.nan_to_num(partner.values[0]) + rng.normal(size=n_entities)
    related[rng.random(n_entities) < 0.1 * (seed % 3)] = np.nan
    task = examples.task(examples.view("x", {"t": related}), partner, params, mode)
    own = own_literals(task.own, task.params, task.support_bounds)
    assume(len(own))
    literals = rng.integers(0, len(own), N_QUERIES).tolist()
    return task, own, literals, [random_query(task, rng) for _ in literals]


@pytest.mark.parametrize("mode", [Discretization.KMEANS, Discretization.EQUAL_WIDTH])
@given(seed=seeds, language=st.sampled_from(LANGUAGES), max_p=st.sampled_from([0.3, 1.0]))
def test_nothing_is_lost_and_all_is_counted(
    mode: Discretization, seed: int, language: QueryLanguage, max_p: float
) -> None:
    thresholds = Thresholds(min_jaccard=0.3, min_support=5, max_p_mined=max_p)
    params = SearchParams(language=language, thresholds=thresholds)
    task, own, literals, partners = problem(seed, mode, params)
    marks, n_scored = promising(task, own, literals, partners)
    n_expected = 0
    for literal, partner, mark in zip(literals, partners, marks.tolist(), strict=True):
        found, n_more = finish(task, own, literal, partner)
        assert mark or not found
        n_expected += 0 if mark else n_more
    assert n_scored == n_expected


def unrelated(seed: int) -> tuple[View, View]:
    rng = np.random.default_rng(seed)
    high = np.where(rng.random(150) < 0.5, 5.0, 0.0)
    return examples.view("x", {"t": high}), examples.mixed(seed, 150)


@pytest.mark.parametrize("seed", range(3))
def test_most_of_what_is_unrelated_is_left_out(seed: int) -> None:
    task = examples.task(*unrelated(seed))
    own = own_literals(task.own, task.params, task.support_bounds)
    rng = np.random.default_rng(seed)
    literals = rng.integers(0, len(own), 100).tolist()
    partners = [random_query(task, rng) for _ in literals]
    marks, _ = promising(task, own, literals, partners)
    assert marks.sum() < 10


def test_other_policies_leave_nothing_out() -> None:
    params = SearchParams(thresholds=Thresholds(missing=MissingPolicy.OPTIMISTIC))
    task = examples.task(*unrelated(0), params)
    own = own_literals(task.own, params, task.support_bounds)
    query = random_query(task, np.random.default_rng(0))
    marks, n_scored = promising(task, own, [0], [query])
    assert marks.tolist() == [True]
    assert n_scored == 0

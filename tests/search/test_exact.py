"""'exact' against enumeration: what it finds, what it proves, what it refuses."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.kernels import naive
from tests.kernels.naive_branch import Gates, best_value
from tests.search import examples

from redescribe.core.constraint import Constraints
from redescribe.core.missing import MissingPolicy
from redescribe.errors import ParameterError
from redescribe.search import exact
from redescribe.search.exact import Exact
from redescribe.search.language import QueryLanguage
from redescribe.search.params import LiteralSearch, SearchParams, Thresholds
from redescribe.search.registry import strategy
from redescribe.trees.params import TreeParams

if TYPE_CHECKING:
    from redescribe.core.binned import BinnedView
    from redescribe.core.certificate import Certificate
    from redescribe.core.view import View
    from redescribe.search.base import Candidate, Task

LOOSE = Thresholds(min_support=3, min_jaccard=0.1, max_p_mined=0.5)
OBJECTIVES = ("jaccard", "adjusted-jaccard", "log-p")


def params(**changes: object) -> SearchParams:
    plain: dict[str, object] = {
        "search": "exact",
        "thresholds": LOOSE,
        "trees": TreeParams(max_bins=5),
    }
    return SearchParams(**{**plain, **changes})  # type: ignore[arg-type] # test inputs


def searched(task: Task) -> tuple[list[Candidate], Certificate]:
    described = strategy("exact").describe(task)
    assert described is not None
    assert described.certificate is not None
    assert described.n_scored == described.certificate.n_nodes
    return described.candidates, described.certificate


def literal_sets(view: BinnedView, *, negation: bool) -> list[tuple[set[int], bool]]:
    """Every one-sided cut, category, and all but one; those with NOT are marked."""
    found: list[tuple[set[int], bool]] = []
    for row, nominal in enumerate(view.is_nominal.tolist()):
        codes = view.codes[row].astype(np.int64)
        known = codes != view.missing_code
        n_codes = int(view.n_bins[row])
        if nominal:
            masks = [(codes == code, False) for code in range(n_codes)]
            if n_codes > 2 and negation:
                masks += [((codes != code) & known, True) for code in range(n_codes)]
        else:
            masks = [((codes <= code) & known, False) for code in range(n_codes - 1)]
            masks += [((codes > code) & known, False) for code in range(n_codes - 1)]
        found += [(set(np.flatnonzero(mask).tolist()), no) for mask, no in masks]
    everyone = view.n_entities
    return [(held, negated) for held, negated in found if 0 < len(held) < everyone]


def wanted(task: Task, length: int) -> float:
    """The best value by enumeration, as a certificate has it; 0 where there is none."""
    thresholds, language = task.params.thresholds, task.params.language
    low, high = task.support_bounds
    own_negation = language.of(task.view.name).negation
    owns = [
        (held, negated)
        for held, negated in literal_sets(task.grid, negation=own_negation)
        if low <= len(held) <= high
    ]
    negation = language.of(task.partner.name).negation
    literals = [held for held, _ in literal_sets(task.partner, negation=negation)]
    gates = Gates(
        low, thresholds.min_jaccard, thresholds.min_work, thresholds.log_max_p_mined
    )
    objective = task.params.literals.objective.value
    n = task.view.n_entities
    best = best_value(objective, owns, literals, length, n, gates)
    return best / math.log(10) if objective == "log-p" else best


def random_task(seed: int, missing_share: float, settings: SearchParams) -> Task:
    n_entities = (14, 30, 65)[seed % 3]
    own = examples.mixed(seed, n_entities, missing_share=missing_share, name="x")
    noise = examples.mixed(seed + 1_000, n_entities, missing_share=missing_share)
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(n_entities) < 0.7, own.values, noise.values)
    if seed % 4 == 0:
        own = nominal_first(own)
    return examples.task(own, replace(noise, values=values), settings)


def nominal_first(view: View) -> View:
    """The same view with its nominal attribute as the target."""
    order = [3, 0, 1, 2]
    attributes = tuple(view.attributes[i] for i in order)
    return replace(view, attributes=attributes, values=view.values[order])


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("missing_share", [0.0, 0.15])
@pytest.mark.parametrize("seed", range(4))
def test_each_length_is_certified_as_enumeration_has_it(
    seed: int, missing_share: float, objective: str
) -> None:
    literals = LiteralSearch(max_length=3, objective=objective)  # type: ignore[arg-type] # a name is enough
    task = random_task(seed, missing_share, params(literals=literals))
    candidates, certificate = searched(task)
    assert [found.length for found in certificate.by_length] == [1, 2, 3]
    assert certificate.complete
    for found in certificate.by_length:
        want = wanted(task, found.length)
        assert found.complete
        assert found.best == (pytest.approx(want, abs=1e-8) if want else None)
    if certificate.best is None:
        assert not candidates
        return
    # The pair that is named has this value, measured anew.
    best = candidates[-1]
    own, partner = (naive_members(query.satisfied()) for query in best.queries)
    value = naive.pair_value(objective, own, partner, task.view.n_entities)
    scale = math.log(10) if objective == "log-p" else 1.0
    assert value / scale == pytest.approx(certificate.best, abs=1e-8)
    assert (certificate.support, certificate.union) == (best.support, best.union)
    assert certificate.jaccard == best.jaccard
    assert certificate.left == best.queries[0].query()
    assert certificate.right == best.queries[1].query()


def naive_members(words: np.ndarray) -> set[int]:
    return set(
        np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little")).tolist()
    )


@pytest.mark.parametrize("max_nodes", [1, 300, 3_000, 100_000_000])
@pytest.mark.parametrize("seed", range(4))
def test_the_bound_holds_where_the_budget_runs_out(seed: int, max_nodes: int) -> None:
    settings = params(literals=LiteralSearch(max_length=3, max_nodes=max_nodes))
    task = random_task(seed, 0.1, settings)
    _, certificate = searched(task)
    n_roots = certificate.n_own * certificate.n_literals
    assert certificate.n_nodes <= 3 * n_roots + max_nodes + certificate.n_literals
    best = 0.0
    for found in certificate.by_length:
        want = wanted(task, found.length)
        assert (found.bound or 0.0) >= want - 1e-9
        assert best - 1e-9 <= (found.best or 0.0) <= want + 1e-9
        best = found.best or 0.0
    if max_nodes > 10**6:
        assert certificate.complete


def test_a_certificate_with_a_gap_says_so() -> None:
    task = random_task(1, 0.0, params(literals=LiteralSearch(max_nodes=1)))
    _, certificate = searched(task)
    assert not certificate.complete
    assert certificate.best is not None
    assert certificate.bound is not None
    assert certificate.best < certificate.bound
    assert certificate.sentence.endswith("before --max-nodes stopped the search.")


def test_a_budget_that_is_large_enough_changes_nothing() -> None:
    task = random_task(2, 0.0, params())
    _, certificate = searched(task)
    enough = LiteralSearch(max_nodes=certificate.n_nodes + certificate.n_literals)
    again = searched(replace(task, params=params(literals=enough)))[1]
    assert again == certificate


@pytest.mark.parametrize(
    ("language", "longest"),
    [
        (QueryLanguage(), 3),
        (QueryLanguage(max_literals=3), 2),
        (QueryLanguage(view_language=("y: max_literals=2",)), 2),
        (QueryLanguage(view_language=("y: conjunction=no",)), 1),
        (QueryLanguage(conjunction=False), 1),
        (QueryLanguage(negation=False), 3),
    ],
)
def test_the_language_is_respected(language: QueryLanguage, longest: int) -> None:
    task = random_task(4, 0.0, params(language=language))
    candidates, certificate = searched(task)
    assert certificate.max_length == longest
    assert certificate.best == pytest.approx(wanted(task, longest))
    for found in candidates:
        texts = [str(query.query()) for query in found.queries]
        assert language.negation or not any("NOT" in text for text in texts)
        assert sum(map(len, found.queries)) <= language.max_literals


def test_complements_of_categories_are_negations() -> None:
    """A target that is everything but one colour, on both sides."""
    colours = np.resize([0.0, 1.0, 2.0, 3.0], 60)
    view = examples.view("x", {"k": colours}, nominal=("k",))
    partner = examples.view("y", {"a": (colours == 2) + np.arange(60) / 1_000})
    fine = TreeParams(max_bins=255)
    free = searched(examples.task(view, partner, params(trees=fine)))[1]
    assert free.best == 1.0
    assert str(free.left) in {'k = "grey"', 'NOT (k = "grey")'}
    bound = searched(
        examples.task(
            view,
            partner,
            params(
                language=QueryLanguage(negation=False),
                thresholds=replace(LOOSE, min_support=20),
            ),
        )
    )[1]
    assert bound.n_own == 0
    assert bound.best is bound.bound is None
    assert bound.sentence.endswith("none passes the thresholds.")


def test_categories_that_nobody_has_are_no_literals() -> None:
    colours = np.resize([0.0, 1.0], 40)
    view = examples.view("y", {"k": colours}, nominal=("k",))
    pool = Exact().prepare(examples.task(view, view, params()).partner, params())
    assert ((pool.sizes > 0) & (pool.sizes < 40)).all()
    assert len(pool) == 4  # blue, green, and all but each


def test_the_candidates_are_the_best_pairs_of_each_length() -> None:
    rng = np.random.default_rng(5)
    a, b, c = rng.normal(size=(3, 120))
    holds = (a > -0.3) & (b <= 0.6) & (c > -0.8)
    own = examples.view("x", {"t": np.where(holds, 2.0, 0.0) + rng.random(120) / 9})
    task = examples.task(own, examples.view("y", {"a": a, "b": b, "c": c}))
    task = replace(task, params=params(), partner_literals=None)
    candidates, certificate = searched(task)
    jaccards = [found.jaccard for found in candidates]
    assert jaccards == [found.best for found in certificate.by_length]
    assert jaccards[0] < jaccards[1] < jaccards[2] == 1.0
    assert candidates[2].queries[1].attributes == {"a", "b", "c"}
    assert certificate.all_cuts


def test_cuts_are_said_to_lie_between_bins_where_they_do() -> None:
    _, certificate = searched(random_task(1, 0.0, params()))
    assert not certificate.all_cuts
    assert "(cuts at the ends of bins)" in certificate.sentence
    finer = params(trees=TreeParams(max_bins=255))
    assert searched(random_task(1, 0.0, finer))[1].all_cuts


def test_other_inputs_have_another_pool() -> None:
    first, same, other = (
        searched(random_task(seed, 0.0, params()))[1].pool for seed in (0, 0, 3)
    )
    assert first == same != other


def test_without_an_own_literal_nothing_is_admissible() -> None:
    settings = params(thresholds=replace(LOOSE, min_support=12, max_support=13))
    values = np.repeat([0.0, 1.0], 15)
    task = examples.task(examples.view("x", {"t": values}), examples.mixed(0, 30), settings)
    candidates, certificate = searched(task)
    assert not candidates
    assert certificate.n_own == certificate.n_nodes == 0
    assert certificate.summary == "none passes"


@pytest.mark.parametrize("policy", sorted(set(MissingPolicy) - {"query_non_missing"}))
def test_other_policies_for_missing_values_are_refused(policy: MissingPolicy) -> None:
    settings = params(thresholds=replace(LOOSE, missing=policy))
    with pytest.raises(ParameterError, match=rf"missing={policy}.*--search beam"):
        random_task(0, 0.1, settings)


def test_a_single_literal_is_no_redescription() -> None:
    with pytest.raises(ParameterError, match="Got max_literals=1"):
        random_task(0, 0.1, params(language=QueryLanguage(max_literals=1)))


@pytest.mark.parametrize("text", ["all y: a", "any y: a; b", "all x: a"])
def test_demands_are_refused(text: str) -> None:
    task = replace(random_task(1, 0.0, params()), constraints=Constraints.parse([text]))
    with pytest.raises(ParameterError, match=r"constraints 'all' and 'any'.*'a'"):
        Exact().describe(task)


def test_preferences_change_no_certificate() -> None:
    task = random_task(1, 0.0, params())
    prefer = Constraints.parse(["prefer=0.5 y: b"])
    assert searched(replace(task, constraints=prefer))[1] == searched(task)[1]


def test_views_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_LARGEST_POOL", 100)
    with pytest.raises(ParameterError, match=r"cuts of view 'y'.*--max-bins"):
        random_task(1, 0.0, params())


def test_no_conjunction_of_the_pool_is_better() -> None:
    """The same with the literals of the pool itself, at the default thresholds."""
    own = examples.mixed(11, 200, name="x")
    noise = np.random.default_rng(1).normal(scale=0.4, size=own.values.shape)
    noise[3] = 0
    partner = replace(own, name="y", values=own.values + noise)
    settings = SearchParams(search="exact", literals=LiteralSearch(max_length=2))
    task = examples.task(own, partner, settings)
    _, certificate = searched(task)
    pool = task.partner_literals
    assert pool is not None
    masks = np.unpackbits(pool.satisfied.view(np.uint8), axis=1, bitorder="little")
    values = own.values[0]
    best = 0.0
    queries = [
        *masks,
        *(masks[i] & masks[j] for i, j in combinations(range(0, len(masks), 9), 2)),
    ]
    held = np.array(queries, np.bool_)[:, :200]
    for cut in np.sort(values)[:-1]:
        for own_mask in (values <= cut, values > cut):
            if 10 <= own_mask.sum() <= 160:
                shared = (held & own_mask).sum(axis=1)
                best = max(best, (shared / (held | own_mask).sum(axis=1)).max())
    assert certificate.bound is not None
    assert best <= certificate.bound + 1e-12

"""The greedy cover and the published procedure, step by step on small examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.grammar import parse_query
from redescribe.core.query import Query
from redescribe.core.view import View
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.rules.columns import Columns
from redescribe.rules.covering import Candidates, Chosen, cover
from redescribe.rules.imitate import imitate
from redescribe.rules.outputs import Outputs
from redescribe.rules.paper import choose_as_published
from redescribe.rules.params import Combination, Method, RuleParams

VALUES = np.array([[i, j] for i in range(6) for j in range(4)], np.float64)
X = View.of("x", VALUES, names=["a", "b"])
# Class 1: a above 3, or b above 2 with a above 1.
CODES = ((VALUES[:, 0] > 3) | ((VALUES[:, 1] > 2) & (VALUES[:, 0] > 1))).astype(np.int64)
TEXTS = ("a > 3.5", "a > 1.5 AND b > 2.5", "a <= 3.5 AND b <= 2.5", "a <= 1.5", "b > 2.5")


def columns(texts: tuple[str, ...] = TEXTS) -> Columns:
    terms = [parse_query(text, "x").terms[0] for text in texts]
    return Columns.of(terms, X)


def test_a_candidate_speaks_for_its_majority() -> None:
    found = Candidates.of(columns(), CODES, 2)
    assert found.labels.tolist() == [1, 1, 0, 0, 1]
    assert found.precision.tolist() == [1, 1, 1, 1, pytest.approx(4 / 6)]
    usable = found.usable(RuleParams(method=Method.COVER, min_cover=5))
    assert [str(term) for term in usable.columns.terms] == [
        "a > 3.5",
        "a <= 3.5 AND b <= 2.5",
        "a <= 1.5",
    ]


@given(order=st.permutations(range(len(TEXTS))))
def test_the_cover_is_complete_and_independent_of_order(order: list[int]) -> None:
    found = Candidates.of(columns(tuple(TEXTS[i] for i in order)), CODES, 2)
    params = RuleParams(method=Method.COVER)
    chosen = cover(found.usable(params), CODES, params=params, agreement=lambda _: 1.0)
    # The agreement never falls, so all rules are dropped, whatever was chosen.
    assert chosen == Chosen((), ())
    kept = cover(
        found.usable(params), CODES, params=params, agreement=lambda one: len(one.terms)
    )
    assert {str(term) for term in kept.terms} == set(TEXTS) - {"b > 2.5"}


def test_the_budget_of_literals_is_kept() -> None:
    found = Candidates.of(columns(), CODES, 2).usable(RuleParams(method=Method.COVER))
    for budget in (1, 2, 3, 6):
        params = RuleParams(method=Method.COVER, max_literals=budget)
        chosen = cover(found, CODES, params=params, agreement=lambda one: len(one.terms))
        assert sum(map(len, chosen.terms)) <= budget


@pytest.mark.parametrize(
    "combination", [Combination.LIST, Combination.VOTE, Combination.FIRST_CLASS]
)
@pytest.mark.parametrize("method", [Method.COVER, Method.EXACT])
def test_sets_of_a_rule_are_learned(method: Method, combination: Combination) -> None:
    params = RuleParams(method=method, combination=combination, max_literals=8)
    rules = imitate(X, Outputs.of(CODES), params)
    assert rules.combination is combination
    assert (rules.codes(X) == CODES).all()
    assert rules.n_literals <= 8


@settings(max_examples=10)
@given(
    seed=st.integers(0, 100),
    method=st.sampled_from([Method.COVER, Method.EXACT, Method.PAPER]),
)
def test_the_order_of_entities_changes_nothing(seed: int, method: Method) -> None:
    order = np.random.default_rng(seed).permutation(len(CODES))
    outputs = Outputs.of(CODES)
    params = RuleParams(method=method, max_literals=8, max_loss=0)
    one = imitate(X, outputs, params)
    two = imitate(X.take(order), outputs.take(order), params)
    assert one.rules == two.rules
    assert one.default == two.default


def test_the_published_procedure_takes_the_largest_score() -> None:
    whole = parse_query("(a > 3.5) OR (a > 1.5 AND b > 2.5)", "x")
    wrong = parse_query("b > 0.5", "x")
    found = choose_as_published(
        X, CODES, 2, queries=[whole, wrong, parse_query("n > 1", "h")], terms=columns()
    )
    assert found == [
        (Query("x", (parse_query("a <= 3.5 AND b <= 2.5", "x").terms[0],)), 0),
        (Query("x", (parse_query("a <= 1.5", "x").terms[0],)), 0),
        (whole, 1),
    ]


def test_the_published_procedure_answers_by_first_class() -> None:
    rules = imitate(X, Outputs.of(CODES), RuleParams(method=Method.PAPER, default=False))
    assert rules.combination is Combination.FIRST_CLASS
    assert rules.default is None
    assert all(rule.mined.precision >= 0.9 for rule in rules if rule.mined.precision)
    nothing = choose_as_published(X, CODES, 2, queries=[], terms=columns(()))
    assert nothing == []


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"max_literals": 0}, ParameterError, "'max_literals' parameter of RuleParams"),
        ({"method": "exakt"}, UnknownNameError, r"no method 'exakt'\. Did you mean"),
        (
            {"method": "weighted", "combination": "vote"},
            ParameterError,
            "goes with the combinations auto, weighted. Got 'vote'",
        ),
        (
            {"method": "cover", "combination": "weighted"},
            ParameterError,
            "goes with the combinations auto, list, vote, first-class",
        ),
        ({"method": "paper", "augment": 1}, ParameterError, "asks the network nothing"),
    ],
)
def test_parameters_that_do_not_go_together(
    options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        RuleParams(**options)  # type: ignore[arg-type]

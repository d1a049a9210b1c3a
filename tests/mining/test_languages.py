"""What queries over single views may be made of: all findings obey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.mining import examples

from redescribe.core.redescription import Kind
from redescribe.core.view import AttributeKind
from redescribe.discretize.modes import Discretization
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.language import QueryLanguage, ViewLanguage
from redescribe.search.params import Alternation, SearchParams, Thresholds

THRESHOLDS = Thresholds(min_jaccard=0.3, min_support=8, max_support=90)


def params(
    language: QueryLanguage, *, interactions: bool = False, targets: tuple[str, ...] = ()
) -> MineParams:
    search = SearchParams(
        thresholds=THRESHOLDS,
        language=language,
        alternation=Alternation(interactions=interactions),
    )
    return MineParams(
        targets=targets or ("x:a",),
        discretizer=Discretization.EQUAL_FREQUENCY,
        search=search,
    )


LANGUAGES = [
    ("y: negation=no",),
    ("y: disjunction=no",),
    ("y: conjunction=no",),
    ("y: max_literals=1",),
    ("x: negation=no disjunction=no", "z: max_literals=2"),
    ("x: conjunction=no", "y: conjunction=no negation=no disjunction=no", "z: negation=no"),
    ("y: max_literals=2 negation=no", "z: conjunction=no max_literals=1"),
]


@pytest.mark.parametrize("missing_share", [0.0, 0.1])
@pytest.mark.parametrize("texts", LANGUAGES)
def test_all_findings_obey(texts: tuple[str, ...], missing_share: float) -> None:
    language = QueryLanguage(view_language=texts, max_literals=7)
    data = examples.dataset(examples.following(3, missing_share=missing_share))
    found = mine(data, params(language, interactions=True))
    assert {r.kind for r in found} == set(Kind)
    assert {len(r.queries) for r in found} == {2, 3}
    assert {query.view for r in found for query in r.queries} == set("xyz")
    for r in found:
        assert len(r) <= 7
        for query in r.queries:
            allowed = language.of(query.view)
            assert len(query) <= allowed.max_literals
            assert allowed.negation or not any(term.negated for term in query.terms)
            assert allowed.disjunction or len(query.terms) == 1
            assert allowed.conjunction or all(len(term) == 1 for term in query.terms)


def test_what_is_left_open_is_as_for_all_views() -> None:
    language = QueryLanguage(
        negation=False,
        max_literals=5,
        view_language=("x: negation=yes", "a:b: max_literals=2 conjunction=no"),
    )
    whole = ViewLanguage(conjunction=True, negation=False, disjunction=True, max_literals=5)
    assert language.of("y") == whole
    assert language.of("x").negation
    assert language.of("x").max_literals == 5
    assert language.of("a:b") == ViewLanguage(
        conjunction=False, negation=False, disjunction=True, max_literals=2
    )
    assert language.views == ("x", "a:b")


@pytest.mark.parametrize("texts", LANGUAGES)
def test_a_language_for_each_view_is_as_one_for_all(texts: tuple[str, ...]) -> None:
    data = examples.dataset(examples.following(2))
    everywhere = QueryLanguage(disjunction=False, negation=False)
    each = QueryLanguage(
        view_language=tuple(f"{view}: disjunction=no negation=no" for view in "xy")
    )
    found = [mine(data, params(language)) for language in (everywhere, each)]
    assert found[0].redescriptions == found[1].redescriptions


@pytest.mark.parametrize("switches", ["conjunction=no", "max_literals=1", "disjunction=no"])
def test_the_narrowest_language_still_finds_something(switches: str) -> None:
    data = examples.dataset(examples.following(3, missing_share=0.05))
    texts = tuple(
        f"{view}: conjunction=no disjunction=no negation=no max_literals=1 {switches}"
        for view in "xyz"
    )
    found = mine(data, params(QueryLanguage(view_language=texts)))
    assert {len(r.queries) for r in found} == {2, 3}
    assert all(len(query) == 1 for r in found for query in r.queries)
    assert max(r.mined.jaccard for r in found) > 0.6


def test_one_literal_per_query_loses_no_literal_pair() -> None:
    # OR with a second literal is never worth a candidate that may not have one.
    data = examples.dataset(examples.following(2))
    short = QueryLanguage(view_language=("x: max_literals=1", "y: max_literals=1"))
    plain = QueryLanguage(
        conjunction=False,
        disjunction=False,
        view_language=("x: max_literals=1", "y: max_literals=1"),
    )
    best = [max(r.mined.jaccard for r in mine(data, params(x))) for x in (short, plain)]
    assert len(mine(data, params(short))) >= 5
    assert best[0] >= best[1] - 0.05


@pytest.mark.parametrize("constraints", [(), ("none y: dead",)])
@pytest.mark.parametrize("n_values", [1, 2])
def test_without_and_no_literal_says_only_that_a_value_is_known(
    constraints: tuple[str, ...], n_values: int
) -> None:
    # y:dead is (nearly) constant, and known exactly where the target is high.
    rng = np.random.default_rng(1)
    a = rng.normal(size=100)
    dead = np.where(a > np.median(a), 1.0, np.nan)
    dead[np.argmax(a)] = n_values
    views = [
        examples.view("x", {"a": a}, {}),
        examples.view("y", {"dead": dead, "a": a + 0.5 * rng.normal(size=100)}, {}),
    ]
    language = QueryLanguage(view_language=("y: conjunction=no",))
    found = mine(
        examples.dataset(views),
        replace(params(language), constraints=constraints),
    )
    used = {name for r in found for name in r.queries[1].attributes}
    assert "a" in used
    assert "dead" not in used or (n_values == 2 and not constraints)


def test_nominal_attributes_of_a_narrow_language() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 3, 120).astype(np.float64)
    kinds = {"colour": AttributeKind.NOMINAL}
    views = [
        examples.view("x", {"a": (colour == 1) + 0.1 * rng.random(120)}, {}),
        examples.view("y", {"colour": colour}, kinds),
    ]
    language = QueryLanguage(conjunction=False, disjunction=False, negation=False)
    found = mine(examples.dataset(views), params(language))
    assert 'colour = "green"' in {str(r.queries[1]) for r in found}


@pytest.mark.parametrize(
    "text",
    [
        *("", "y", "y:", ": negation=no", "y negation=no", "y: negation", "y: negation="),
        *("y: negation=false", "y: negation=no max_literals=0", "y: max_literals=two"),
        *("y: max_joins=1", "y: negation=no,disjunction=no", "y: max_literals=-1"),
    ],
)
def test_other_texts_are_errors(text: str) -> None:
    with pytest.raises(ParameterError, match=r"is no view_language\. Write each view once"):
        QueryLanguage(view_language=(text,))


def test_a_view_has_one_language() -> None:
    with pytest.raises(ParameterError, match="is no view_language"):
        QueryLanguage(view_language=("y: negation=no", "y: disjunction=no"))


def test_an_unknown_view_is_an_error_that_names_the_nearest() -> None:
    data = examples.dataset(examples.following(2))
    language = QueryLanguage(view_language=("yy: negation=no",))
    with pytest.raises(UnknownNameError, match=r"no view 'yy'\. Did you mean 'y'\?"):
        mine(data, params(language))
